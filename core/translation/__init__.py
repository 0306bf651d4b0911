"""Translation: an English sentence becomes German, French and Spanish (many to many).

Reading order: results.py (what comes back), inference.py (run the shipped networks), inspection.py
(what a page asks beyond the translation), weaknesses.py (what goes wrong), model.py (the network),
prepare.py (corpora into sentences and subwords), train.py (all languages at once), export.py (ONNX
and int8), evaluate.py (the shipped files against people's translations).
`python -m core.translation --to fr TEXT...` answers on the command line.
"""

from core.translation.inference import (
    LANGUAGES,
    MAX_CHARS,
    NOTHING,
    SOURCE,
    TranslationModel,
    best_of,
    encode_sentence,
    load_model,
    pieces_of,
    read_hypothesis,
    search,
    translate,
    translate_for_all,
    translate_piece,
    translate_text,
)
from core.translation.inspection import (
    Sample,
    WordCheck,
    alternatives,
    forceable,
    hide_words,
    load_model_card,
    load_samples,
    remarks,
    sentences_of,
    to_json,
)
from core.translation.results import (
    Alternative,
    EncodedSentence,
    TranslationOptions,
    TranslationResult,
    TranslationSearch,
)
from core.translation.weaknesses import LengthScores, by_length, limits

__all__ = [
    "Alternative",
    "EncodedSentence",
    "LANGUAGES",
    "LengthScores",
    "MAX_CHARS",
    "NOTHING",
    "SOURCE",
    "Sample",
    "TranslationModel",
    "TranslationOptions",
    "TranslationResult",
    "TranslationSearch",
    "WordCheck",
    "alternatives",
    "best_of",
    "by_length",
    "encode_sentence",
    "forceable",
    "hide_words",
    "limits",
    "load_model",
    "load_model_card",
    "load_samples",
    "pieces_of",
    "read_hypothesis",
    "remarks",
    "search",
    "sentences_of",
    "to_json",
    "translate",
    "translate_for_all",
    "translate_piece",
    "translate_text",
]
