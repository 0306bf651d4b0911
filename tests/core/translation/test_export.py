"""A small network on its way from torch to ONNX: the same numbers, the same translations."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from core.decoding import beam_search_without_loops, longest_run
from core.onnx_model import MODELS, open_session
from core.search_tree import SearchOptions
from core.translation import inference
from core.translation.export import (
    STEP_INPUTS,
    UNSPOKEN,
    ExportOptions,
    graphs_of,
    names_of,
    write_folder,
)
from core.translation.model import LANGUAGES, ModelConfig, Source, State, Translator, first_state
from core.translation.prepare import PrepareOptions, prepare, read_everyday
from core.translation.warm_start import copy_subwords, load_shipped
from core.vocabulary import Vocabulary

pytestmark = pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
    "ignore:Constant folding",
    "ignore:Exporting a model to ONNX with a batch_size other than 1",
    "ignore::torch.jit.TracerWarning",
)


@pytest.fixture(scope="module")
def trained(parallel, tmp_path_factory):
    """A run as train.py leaves it, weights drawn so large that every sentence differs."""
    work = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.parallel.split_by_source.__defaults__", (6,))
        prepare(PrepareOptions(str(parallel), str(work), vocab_size=38))
    config = ModelConfig(vocab_size=38, embedding_dim=12, hidden_size=16)
    torch.manual_seed(0)
    network = Translator(config).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.35)
    folder = work / "run"
    folder.mkdir()
    state = {f"module.{name}": value for name, value in network.state_dict().items()}
    torch.save(state, folder / "best.pt")
    sizes = {"vocab_size": 38, "embedding_dim": 12, "hidden_size": 16}
    run = {"options": {"data": "", "seed": 0}, "network": sizes}
    (folder / "run.json").write_text(json.dumps(run))
    return network, work


@pytest.fixture(scope="module")
def exported(trained, tmp_path_factory):
    _, work = trained
    models = tmp_path_factory.mktemp("models")
    write_folder(ExportOptions(work=str(work)), models, int8=False)
    return inference.load_model(models=models)


def translate_in_torch(network, encoded, language, copy_id):
    """The same search over the network itself."""
    token_ids = torch.from_numpy(encoded.token_ids)[None]
    with torch.inference_mode():
        source = network.read(token_ids, torch.tensor([token_ids.shape[1]]))
    weight, bias = network.output_of(language)

    def step(tokens, states):
        state = State(*(torch.from_numpy(states[name]) for name in State._fields))
        with torch.inference_mode():
            gates = network.embed(language, torch.from_numpy(tokens))
            after, _ = network.step(gates, state, source, mask=None)
            logits = network.project(after.attended) @ weight.T + bias
            logits[:, list(UNSPOKEN)] = -torch.inf
            allowed = logits.log_softmax(dim=-1).numpy().copy()
        if not encoded.copied:
            allowed[:, copy_id] = -np.inf
        return allowed, {name: part.numpy() for name, part in after._asdict().items()}, {}

    states = dict(zip(State._fields, (p.numpy() for p in first_state(source)), strict=True))
    limit = 2 * len(encoded.token_ids) + 8
    options = SearchOptions(inference.TranslationOptions.beam_size, limit)
    ids, most = Vocabulary, max(inference.MOST_COPIES, longest_run(encoded.token_ids))
    tree = beam_search_without_loops(
        step, states, bos_id=ids.bos_id, eos_id=ids.eos_id, options=options, most=most
    )
    return tree.ranked(inference.TranslationOptions.length_penalty)[0].token_ids


def best(found):
    """Return the tokens of a search's best hypothesis, whatever they say."""
    return found.tree.ranked(inference.TranslationOptions.length_penalty)[0].token_ids


@pytest.fixture(scope="module")
def shipped_twin(tmp_path_factory):
    """The shipped weights in torch, and exported from there in fp32."""
    work, models = (tmp_path_factory.mktemp(name) for name in ("shipped", "twin"))
    sizes = json.loads((MODELS / "translation" / "config.json").read_text("utf-8"))["network"]
    network = Translator(ModelConfig(**sizes)).eval()
    load_shipped(network)
    copy_subwords(work)
    (work / "run").mkdir()
    state = {f"module.{name}": value for name, value in network.state_dict().items()}
    torch.save(state, work / "run" / "best.pt")
    run = {"options": {}, "network": sizes}
    (work / "run" / "run.json").write_text(json.dumps(run))
    write_folder(ExportOptions(work=str(work)), models, int8=False)
    return network, inference.load_model(models=models)


def test_torch_and_onnx_give_the_same_200_translations(shipped_twin):
    """Of sentences of our own, by the shipped network; in 8 bits nearly all are the same."""
    network, twin = shipped_twin
    texts = [example.source for example in read_everyday()]
    texts, shipped = random.Random(0).sample(texts, 200), inference.load_model()
    distinct, same = set(), 0
    for number, text in enumerate(texts):
        language = list(LANGUAGES)[number % 3]
        copy_id, source = twin.subwords[language].copy_id, inference.encode_sentence(twin, text)
        expected = translate_in_torch(network, source, language, copy_id)
        assert best(inference.search(twin, source, language)) == expected, text
        distinct.add(expected)
        in_8_bits = inference.encode_sentence(shipped, text)
        same += best(inference.search(shipped, in_8_bits, language)) == expected
    assert len(distinct) > 150 and 160 <= same < 200


@pytest.mark.parametrize("length", [1, 9, 30, 200])
def test_the_encoder_equals_torch_at_every_length(trained, exported, length):
    network, _ = trained
    token_ids = torch.randint(4, 38, (1, length), generator=torch.Generator().manual_seed(length))
    with torch.inference_mode():
        expected = network.read(token_ids, torch.tensor([length]))
    found = exported.onnx.run("encoder", token_ids=token_ids.numpy())
    for name in Source._fields:
        np.testing.assert_allclose(found[name], getattr(expected, name), atol=1e-4)
    assert found["word_vectors"].shape == (1, length, 12)
    assert found["first_states"].shape == (1, length, 16)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_step_takes_any_number_of_hypotheses(trained, exported, rows):
    network, _ = trained
    graph, (_, *inputs) = graphs_of(network)["decoder_fr"]
    states = [part[:1].expand(rows, -1).contiguous() for part in inputs[:3]] + inputs[3:]
    token = torch.arange(5, 5 + rows)
    with torch.no_grad():
        expected = graph(token, *states)
    named = zip(STEP_INPUTS, (token, *states), strict=True)
    found = exported.onnx.sessions["decoder_fr"].run(None, {n: t.numpy() for n, t in named})
    for mine, torchs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, torchs.numpy(), atol=1e-5)


def test_the_step_graph_is_the_networks_own_step(trained):
    network, _ = trained
    graph, (token, *states) = graphs_of(network)["decoder_es"]
    state, source = State(*states[:3]), Source(*states[3:], *states[:2])
    with torch.no_grad():
        found = graph(token, *states)
        after, attention_weights = network.step(
            network.embed("es", token), state, source, mask=None
        )
    for mine, own in zip(found[1:], (*after, attention_weights), strict=True):
        torch.testing.assert_close(mine, own)


def test_the_encoder_is_two_torch_lstms(trained):
    """Against nn.LSTM(bidirectional=True) with the same weights."""
    network, _ = trained
    size, half = network.config.hidden_size, network.config.hidden_size // 2
    token_ids = torch.randint(4, 38, (1, 7), generator=torch.Generator().manual_seed(0))
    states = network.encoder.embedding(token_ids)
    for layer, (ahead, back) in enumerate(
        zip(network.encoder.forwards, network.encoder.backwards, strict=True)
    ):
        both = torch.nn.LSTM(ahead.input_size, half, batch_first=True, bidirectional=True)
        own = {f"{name}": value for name, value in ahead.state_dict().items()}
        own |= {f"{name}_reverse": value for name, value in back.state_dict().items()}
        both.load_state_dict(own)
        states, _ = both(states)
        found = network.encoder(token_ids, torch.tensor([7]))[layer + 1]
        torch.testing.assert_close(found, states)
    assert states.shape == (1, 7, size)


def test_int8_files_stay_near_and_get_smaller(trained, exported, tmp_path):
    _, work = trained
    write_folder(ExportOptions(work=str(work)), tmp_path, int8=True)
    small = inference.load_model(models=tmp_path)
    text = "The dog sleeps here."
    near, exact = (inference.encode_sentence(m, text).layers for m in (small, exported))
    for name, layer in exact.items():
        cosine = (near[name] * layer).sum() / np.linalg.norm(near[name]) / np.linalg.norm(layer)
        assert cosine > 0.98, name
    assert not np.array_equal(near["encoder_outputs"], exact["encoder_outputs"])


def test_a_run_can_begin_with_the_shipped_weights(trained, tmp_path):
    """Multiplied out, an 8-bit weight lies within one step of what it was made from."""
    network, work = trained
    write_folder(ExportOptions(work=str(work)), tmp_path, int8=True)
    begun = Translator(network.config).eval()
    load_shipped(begun, tmp_path)
    for name, own in network.state_dict().items():
        found = begun.state_dict()[name]
        if "bias" in name:
            wanted = own.clone()
            if "output" in name:
                wanted[list(UNSPOKEN)] = 0.0
            torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)
        else:
            assert (found - own).abs().max() <= own.abs().max() / 127, name
            assert not torch.equal(found, own)
    copy_subwords(tmp_path / "new", tmp_path)
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == [
        f"{name}.model" for name in ("de", "en", "es", "fr")
    ]


def test_the_shipped_graphs_name_their_inputs_and_outputs_and_are_small():
    config = json.loads((MODELS / "translation" / "config.json").read_text("utf-8"))
    assert config["export"]["parity_fp32"] <= 1e-4
    for name, entry in config["graphs"].items():
        session = open_session((MODELS / "translation" / entry["file"]).read_bytes())
        found = ([n.name for n in session.get_inputs()], [n.name for n in session.get_outputs()])
        assert found == tuple(map(list, names_of(name)))
    assert sum(p.stat().st_size for p in Path(MODELS / "translation").iterdir()) < 35_000_000
