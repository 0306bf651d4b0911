"""Is it English? A guess from small words and letters, for a network that knows nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

ENGLISH = "English"
FEW_WORDS = 3
"""A shorter text is foreign only if all its words are known to be."""

_SMALL_WORDS = {
    ENGLISH: """
        the a an this that these those there here i you he she it we they me him her us them my
        your his its our their mine yours ours theirs myself yourself himself herself itself who
        whom whose what which when where why how am is are was were be been being do does did done
        doing have has had having can could will would shall should may might must not no yes and
        or but if then than so as at by for from in into of off on onto to with without about above
        after again against all almost alone along already also always another any anybody anyone
        anything around away back because become before behind below best better between both came
        come down during each either else enough even ever every everybody everyone everything few
        find first found gave get give go goes going gone good got great hard hardly hat he hello
        hi however just keep kept knew know last late least leave left less let like little long
        look made make man many maybe men more most much near need never new next nobody none nor
        nothing now often old once one only other others out over own please put quite rather
        really right said same saw say see seem seems seen several since some somebody someone
        something sometimes soon still such sure take tell thank thanks think though three through
        time today together told tomorrow too took toward towards try two under until up upon use
        used very want wants way well went while whether within woman women work yesterday yet
        young die war time people person day night house home world boy girl child children friend
        son pour main plus sale fin sin as son dog hot fans big bad old dont cant im ive thats café
        cafés naïve résumé fiancé fiancée cliché clichés façade""",
    "German": """
        der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner
        und oder aber denn weil dass daß ob wenn als wie wer wen wem was wo wohin woher warum wann
        welche welcher ich du er sie es wir ihr mich dich sich uns euch ihn ihm ihnen mir dir mein
        meine meinen meinem meiner dein deine deinen deinem deiner sein seine seinen seinem seiner
        unser unsere ihre ihren ihrem ihrer euer eure ist sind bin bist seid war waren warst wäre
        wären hat habe hast haben habt hatte hatten hätte wird werde wirst werden wurde wurden
        würde kann kannst können konnte könnte muss musst müssen musste soll sollte sollten will
        willst wollen wollte mag möchte darf dürfen nicht nichts nie niemand immer auch noch schon
        nur sehr so zu zum zur mit von vom vor nach aus auf an am bei für über unter durch gegen
        ohne um im ins in hier dort da dann jetzt heute gestern morgen wieder mehr viel viele alle
        alles etwas jemand man mal ja nein doch gut besser bitte danke hallo guten tag macht machen
        gehen geht kommt kommen sehen sieht sagen sagte gesagt gemacht weiß wissen zwei drei diese
        dieser dieses diesem diesen jeder jeden zurück zusammen ganz leute zeit mann frau kinder
        haus uhr dieselben steht sitzt trägt während einigen großen kleinen junge männer mädchen
        einander oft""",
    "French": """
        le la les l un une des du de d au aux et ou mais donc ni que qu qui quoi dont où quand
        comment pourquoi combien quel quelle quels quelles je j tu il elle on nous vous ils elles
        me m te t se s lui leur leurs y en moi toi eux mon ma mes ton ta tes son sa ses notre nos
        votre vos ce c cet cette ces ça cela ceci est suis es sommes êtes sont était étais étaient
        été être ai as a avons avez ont avait avais avoir eu fut sera serait fait faire fais faites
        dit dire va vais vas aller allez allons peut peux pouvez peuvent veux veut voulez dois doit
        faut sais sait pas ne n plus jamais rien personne toujours encore déjà très trop bien mal
        peu beaucoup tout tous toute toutes même aussi comme si dans sur sous avec sans pour par
        chez vers entre avant après depuis pendant contre ici là maintenant aujourd hui hier demain
        oui non bonjour merci bonsoir salut voici voilà quelque chose quelqu quelques homme femme
        hommes femmes enfant enfants deux trois jour temps maison plaît sont autre autres monde
        alors vraiment tellement souvent""",
    "Spanish": """
        el la los las lo un una unos unas de del al a y e o u pero porque que qué quien quién
        quiénes como cómo cuando cuándo donde dónde cuál cuánto cuántos yo tú él ella ello nosotros
        vosotros ellos ellas usted ustedes me te se nos os le les mi mis tu tus su sus nuestro
        nuestra mío este esta esto estos estas ese esa eso esos aquel aquella es soy eres somos son
        era eran fue fueron ser sido está estoy estás estamos están estaba estar he has ha hemos
        han había haber hay tengo tienes tiene tenemos tienen tenía tener hace hacer hecho hizo
        puedo puede puedes pueden podría quiero quiere quieres gusta gustaría voy va vas vamos ir
        debe debes debería sé sabe sabes creo no sí nunca nada nadie siempre también tampoco ya muy
        más menos mucho mucha muchos poco todo toda todos todas algo alguien cada otro otra mismo
        con sin por para en entre sobre desde hasta hacia antes después ahora aquí allí hoy ayer
        mañana bien mal tan si dos tres hola gracias adiós buenos buenas días casa hombre
        mujer niño niña gente tiempo años verdad necesito necesita veces""",
    "Italian": """
        il lo la gli le un uno una di del della dei delle dello degli al alla ai alle dal dalla nel
        nella nei nelle sul sulla con per tra fra che chi cosa come quando dove perché quale quanto
        io tu lui lei noi voi loro mi ti ci vi si ne mio mia miei tuo tua suo sua nostro questo
        questa questi queste quello quella è sono sei siamo siete era erano stato stata essere ho
        hai ha abbiamo avete hanno aveva avere fa fare fatto va vado andare può posso puoi devo
        deve voglio vuole so sa non mai niente nulla sempre ancora già molto molti più meno troppo
        poco tutto tutti anche ma e ed o se qui qua lì adesso ora oggi ieri domani bene grazie ciao
        buongiorno sì uomo donna casa tempo ogni altro dopo prima senza così""",
    "Dutch": """
        de het een en of maar want omdat dat dit deze die wie wat waar wanneer waarom hoe welke ik
        jij je hij zij ze wij we jullie u mij me hem haar ons hen hun mijn jouw zijn onze is ben
        bent was waren heeft heb hebt hebben had hadden wordt worden werd kan kunt kunnen kon moet
        moeten zal zullen zou wil willen niet niets nooit altijd ook nog al zeer erg veel meer alle
        alles iets iemand niemand geen met van voor naar uit op aan bij in te tot over onder door
        tegen zonder om er hier daar nu dan vandaag gisteren morgen goed dank hallo goede dag gaan
        gaat komt doet doen zien zegt zei weet twee drie mensen tijd huis kinderen man vrouw""",
    "Portuguese": """
        o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo pela para
        com sem e ou mas porque que quem como quando onde qual quanto eu tu você vocês ele ela nós
        eles elas me te se lhe meu minha meus minhas teu tua seu sua nosso nossa este esta isto
        esse essa isso aquele aquela é sou és somos são era foi foram ser está estou estão estava
        estar tenho tem têm tinha ter há fazer fez faz vou vai vamos ir pode posso quero quer deve
        sei sabe não nunca nada ninguém sempre também já muito mais menos pouco tudo todos algo
        alguém cada outro mesmo sobre até depois antes agora aqui ali hoje ontem amanhã bem sim olá
        obrigado obrigada bom dia dois três homem mulher casa tempo""",
}
"""Frequent words; one that is frequent in two languages speaks for both, and so for neither."""
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_WORD = frozenset("@/\\#_0123456789")
"""Signs of addresses, files and codes."""
_SHORTENED = frozenset(("s", "t", "d", "m", "ll", "re", "ve"))
_ELIDED = frozenset(
    ("l", "d", "j", "c", "n", "s", "m", "t", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "aujourd")
    + ("dell", "nell", "all", "un")
)
_ENGLISH_LETTERS = re.compile(r"th|wh|ght|ing(?:s|ly)?$|sh|ly$|ness$|ous$|oo|ea|ed$|ck(?:s|ed)?$")
_OTHER_LETTERS = re.compile(
    r"sch(?!oo|em|ed|ol)|(?:[a-z]{4}ung|heit|keit|isch|lich|schaft)(?:e[nrs]?|en)?$|^ge\w+t$"
    r"|eux$|eaux?$|oux$|aient$|aux$|oire$|ez$"
    r"|(?:ados?|adas?|ando|iendo|mente|dad|ción)$|zione$|ij|ção$"
)
_REMARK = (
    "This does not look like English; the network knows no other language and translates it all "
    "the same."
)
_COPIED = "This is written in other letters than English: the network cannot read it and copies it."


def looks_english(text: str) -> bool:
    """Tell whether a text seems to be English, rather than one of six neighbours or another script.

    It counts small words and telling letters. What nobody could tell (names, unknown words, two
    words) passes for English.
    """
    plain = unicodedata.normalize("NFC", text)
    if _in_another_script(plain):
        return False
    words = list(_words_in(plain))
    english, other = _evidence(words)
    other += sum(map(plain.count, "¿¡"))
    if len(words) < FEW_WORDS:
        return not words or english > 0 or other < len(words)
    return other < 2 or other <= english


def language_remark(text: str, is_unknown: Callable[[str], bool] = lambda word: False) -> str:
    """Return a sentence that warns of a text that is not English; empty if it is.

    Args:
        text: What was typed.
        is_unknown: Tells of a word whether it is one that no English training sentence held.
    """
    plain = unicodedata.normalize("NFC", text)
    if _in_another_script(plain):
        return _COPIED
    return "" if looks_english(plain) and not _mostly(is_unknown, plain) else _REMARK


def _mostly(is_unknown: Callable[[str], bool], text: str) -> bool:
    """Tell whether every second word is unknown and more than speak for English, names aside."""
    words = _WORD.findall(text)
    strange = [word for word in words if word.islower() and is_unknown(word)]
    english, _ = _evidence([word.lower() for word in words])
    return len(strange) > english and 2 * len(strange) >= len(words)


def _in_another_script(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    latin = sum(sign < "\u0250" or "\u1e00" <= sign < "\u1f00" for sign in letters)
    return 2 * latin < len(letters)


def _words_in(text: str) -> Iterator[str]:
    """Yield the words in lower case, but none of addresses, files and codes."""
    for chunk in text.lower().split():
        if _NO_WORD.isdisjoint(chunk):
            yield from _WORD.findall(chunk.replace("’", "'"))


def _evidence(words: list[str]) -> tuple[int, int]:
    """Return how many words speak for English, and how many for the likeliest other language."""
    english, foreign, known = 0, 0, Counter()
    for word in words:
        head, _, tail = word.partition("'")
        found = [language for language, listed in _WORDS.items() if head in listed]
        if tail in _SHORTENED:
            english += 1
        elif tail and head in _ELIDED:
            foreign += 1
        elif found:
            known.update(found)
        elif _OTHER_LETTERS.search(head) or not head.isascii():
            foreign += 1
        elif _ENGLISH_LETTERS.search(head):
            english += 1
    english += known.pop(ENGLISH, 0)
    return english, foreign + max(known.values(), default=0)
