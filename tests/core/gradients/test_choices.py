"""What needs no PyTorch: choices, tasks, first weights, lessons, recorded runs, sentences."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from core import gradients
from core.errors import InputError
from core.gradients import record
from core.gradients.explained import times, trailing_mean
from core.gradients.history import History, Run, consequences
from core.gradients.recorded import file_name, from_record, to_record
from core.gradients.tasks import ALPHABET, TEXT, make_batch
from core.gradients.weights import first_weights, recurrent_matrix, spectral_radius
from core.onnx_model import MODELS

ROOT = Path(__file__).resolve().parents[3]


def test_the_package_and_its_recorded_runs_need_no_pytorch():
    code = (
        "import sys; from core import gradients as g;"
        "[g.load_recorded(lesson) for lesson in g.LESSONS];"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.mark.parametrize(
    ("kind", "choice"),
    [
        (gradients.Setting, {"task": "Fly"}),
        (gradients.Setting, {"seq_len": 100_000}),
        (gradients.Configuration, {"learning_rate": -1.0}),
        (gradients.Configuration, {"cell": "transformer"}),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_what_can(kind, choice):
    (name,) = choice
    with pytest.raises(InputError, match=gradients.readable(name, gradients.CHOICES[name][0])):
        kind(**choice)


def test_no_network_at_all_is_refused():
    with pytest.raises(InputError, match="switch it on"):
        gradients.Playground(gradients.Setting(), ())


@pytest.mark.parametrize("task", ["Remember the first symbol", "Adding", "Copying"])
@pytest.mark.parametrize("seq_len", [10, 200])
def test_a_batch_can_be_solved_from_its_inputs_alone(task, seq_len):
    batch = make_batch(gradients.Setting(task, seq_len, seed=1), 3)
    assert batch.inputs.shape == (20, seq_len, gradients.task_info(task).input_size)
    assert solve(task, batch.inputs, batch.targets.shape[1]) == pytest.approx(batch.targets)


def solve(task: str, inputs: np.ndarray, num_answers: int) -> np.ndarray:
    """Answer as a person would who was told the rule."""
    if task == "Adding":
        return (inputs[..., 0] * inputs[..., 1]).sum(axis=1, keepdims=True)
    return inputs.argmax(axis=2)[:, :num_answers]


@pytest.mark.parametrize("seq_len", [10, 200])
def test_the_text_task_asks_for_the_next_character_of_the_text(seq_len):
    batch = make_batch(gradients.Setting("Text", seq_len, seed=1), 3)
    tokens = batch.inputs.argmax(axis=2)
    np.testing.assert_array_equal(tokens[:, 1:], batch.targets[:, :-1])
    for row, following in zip(tokens, batch.targets, strict=True):
        assert "".join(ALPHABET[i] for i in [*row, following[-1]]) in TEXT


@pytest.mark.parametrize("task", gradients.CHOICES["task"])
def test_the_baseline_is_what_ignorance_scores(task):
    info = gradients.task_info(task)
    batches = [make_batch(gradients.Setting(task, 100), step) for step in range(200)]
    targets = np.concatenate([batch.targets.ravel() for batch in batches])
    if task == "Adding":
        assert np.mean((targets - 1) ** 2) == pytest.approx(info.baseline_loss, rel=0.05)
        assert np.mean(np.abs(targets - 1) < 0.16) == pytest.approx(
            info.baseline_accuracy, abs=0.02
        )
    else:
        shares = np.bincount(targets) / len(targets)
        entropy = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
        assert entropy == pytest.approx(info.baseline_loss, rel=0.02)
        assert shares.max() == pytest.approx(info.baseline_accuracy, abs=0.02)


@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("kind", gradients.CHOICES["initialisation"])
def test_recurrent_weights_have_the_chosen_spectral_radius(kind, radius):
    chosen = gradients.Configuration(initialisation=kind, spectral_radius=radius)
    matrix = recurrent_matrix(chosen, np.random.default_rng(0))
    powers = np.linalg.matrix_power(matrix / radius, 400)
    assert np.linalg.norm(powers) ** (1 / 400) == pytest.approx(1, abs=0.03)
    assert spectral_radius(matrix) == pytest.approx(radius)


def test_initialisations_are_what_they_are_called():
    rng = np.random.default_rng(0)
    named = {
        kind: recurrent_matrix(gradients.Configuration(initialisation=kind), rng)
        for kind in gradients.CHOICES["initialisation"]
    }
    np.testing.assert_allclose(named["orthogonal"] @ named["orthogonal"].T, np.eye(32), atol=1e-12)
    np.testing.assert_array_equal(named["identity"], np.eye(32))
    assert named["Xavier"].var() == pytest.approx(1 / 32, rel=0.1)
    assert np.abs(named["Xavier"]).max() <= (6 / 64) ** 0.5
    assert np.isnan(spectral_radius(np.array([[np.inf]])))


def test_the_forget_bias_reaches_the_forget_gate_alone():
    biased, plain = (
        first_weights(gradients.Configuration("LSTM", forget_bias=bias), 3, 2, seed=0)
        for bias in (3.0, 0.0)
    )
    difference = (biased["bias"] - plain["bias"]).reshape(4, 32)  # i, f, g, o
    assert difference.tolist() == [[0.0] * 32, [3.0] * 32, [0.0] * 32, [0.0] * 32]


def history_of(accuracy: list[float]) -> History:
    history = History()
    for share in accuracy:
        row = dict.fromkeys(("loss", "gradient_norm", "clipped_norm", "spectral_radius"), 1.0)
        river = np.ones(3, np.float32)
        history.add({**row, "accuracy": share, "seconds": 0.5}, river, np.empty(0, np.float32))
    return history


def test_time_to_the_threshold_is_counted_in_steps_and_seconds():
    found = consequences(history_of([0.0] * 30 + [1.0] * 40), "Remember the first symbol")
    assert found.steps_to_threshold == 49  # 19 of 20 right for the first time
    assert found.seconds_to_threshold == pytest.approx(24.5)
    assert found.accuracy == 1
    never = consequences(history_of([1.0] * 19), "Remember the first symbol")
    assert never.steps_to_threshold is None and never.seconds_to_threshold is None


def test_a_trailing_mean_is_the_mean_of_what_came_before():
    values = np.random.default_rng(0).random(50)
    slow = [values[max(0, i - 19) : i + 1].mean() for i in range(50)]
    np.testing.assert_allclose(trailing_mean(values), slow)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.5, "50.0% of"),
        (2e-9, "about 10⁻⁹ times"),
        (37.0, "37.0 times"),
        (2e12, "about 10¹² times"),
    ],
)
def test_factors_are_read_as_percents_or_powers(share, words):
    assert times(share) == words


@pytest.mark.parametrize(
    ("river", "word"),
    [
        ([1e-9, 1e-8, 1.0], "vanishes"),
        ([1e5, 1e4, 1.0], "explodes"),
        ([1.0, 0.9, 1.0], "survives"),
        ([np.nan, np.inf, 1.0], "no finite number"),
        ([], "not begun"),
    ],
)
def test_a_river_is_told_in_words(river, word):
    run = Run("net", gradients.Configuration(), History())
    told = gradients.what_arrives([run], {"net": np.array(river)}, gradients.Setting())
    assert word in told


def test_lessons_differ_in_little_and_begin_with_the_network_without_the_remedy():
    for lesson in gradients.LESSONS:
        first, *others = (asdict(configuration) for _, configuration in lesson.configurations)
        assert 1 <= len(others) <= 2
        for other in others:
            changed = {name for name in first if first[name] != other[name]}
            assert 1 <= len(changed) <= 2, (lesson.title, changed)
    titles = [lesson.title for lesson in gradients.LESSONS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("lesson", gradients.LESSONS, ids=lambda lesson: lesson.slug)
def test_a_recorded_lesson_shows_what_it_teaches(lesson):
    runs = gradients.load_recorded(lesson)
    assert [run.name for run in runs] == [name for name, _ in lesson.configurations]
    if lesson.problem == "Experiment":
        return
    before, *_, after = (consequences(run.history, lesson.setting.task) for run in runs)
    assert after.accuracy > before.accuracy + 0.1
    assert after.steps_to_threshold is not None
    assert before.steps_to_threshold is None
    if lesson.problem == "Vanishing":
        first = [run.history.river_after(1) for run in (runs[0], runs[-1])]
        shares = [river[1] / river[-1] for river in first]
        assert shares[0] < 0.001 and shares[1] > 5 * shares[0]
    else:
        assert not runs[0].history.column("gradient_norm").max() < 1e12  # it exploded, or is NaN


def test_only_the_identity_learns_to_add():
    (lesson,) = (lesson for lesson in gradients.LESSONS if lesson.title.startswith("Identity"))
    baseline = gradients.task_info(lesson.setting.task).baseline_loss
    wild, identity = (
        consequences(run.history, lesson.setting.task).loss
        for run in gradients.load_recorded(lesson)
    )
    assert identity < baseline / 5 and wild > 0.9 * baseline


def test_recording_again_gives_what_is_shipped(tmp_path, capsys):
    lesson = next(lesson for lesson in gradients.LESSONS if lesson.title == "Activation")
    record.record(lesson, tmp_path)
    shipped, again = (
        json.loads((folder / file_name(lesson)).read_text()) for folder in (MODELS, tmp_path)
    )
    for old, new in zip(shipped, again, strict=True):
        assert new["first_values"] == pytest.approx(old["first_values"], rel=0.02, abs=1e-16)
        for name in ("loss", "gradient_norm"):
            early = [float(v) for v in new["table"][name][:30]]
            assert early == pytest.approx([float(v) for v in old["table"][name][:30]], rel=0.02)
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["network"] for line in printed] == [name for name, _ in lesson.configurations]


def test_a_history_survives_being_written_down():
    history = history_of([0.1, 0.2, float("nan")])
    history.singular_values, history.exploded_at = np.array([np.inf, 0.5]), 3
    history.first_values = np.array([1.0, 0.25])
    again = from_record(json.loads(json.dumps(to_record(history), allow_nan=False)))
    np.testing.assert_allclose(again.table, history.table[:3], rtol=0.01)
    assert again.singular_values.tolist() == [np.inf, 0.5] and again.exploded_at == 3
    assert again.first_values.tolist() == [1.0, 0.25]
    assert again.kept_steps == history.kept_steps
