"""The numbers of a run as the sentences and the table that a page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from core.gradients.history import COLUMNS, WINDOW, Run, consequences
from core.gradients.options import ALL, OFF, Configuration, Setting, readable
from core.gradients.tasks import task_info

NOW = "now"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
VIEWS = {
    "Learning": f"Loss and accuracy are means of the last {WINDOW} steps; every step brings new "
    "sequences.",
    "All of training": "Each column is a river: blue where there is gradient, blank where it has "
    "vanished, red where it grows. Left is the first training step.",
    "Singular values": r"How strongly the last state still depends on the first, $\partial h_T / "
    r"\partial h_0$, along each direction: on the dashed line nothing is lost, far below it "
    "nothing is left. Hollow before training, filled now.",
}
"""What can be looked at more closely, and how to read it."""


def what_arrives(runs: Sequence[Run], rivers: Mapping[str, np.ndarray], setting: Setting) -> str:
    """Tell in a line per network how much of the last step's gradient is left at the first one.

    Args:
        runs: All networks.
        rivers: (T + 1,) norms of each, empty where there is none.
        setting: Tells whether every time step adds an error of its own.
    """
    each_step = task_info(setting.task).answers_each_step
    return "  \n".join(_what_arrives(run, rivers[run.name], each_step) for run in runs)


def _what_arrives(run: Run, river: np.ndarray, each_step: bool) -> str:
    k = run.configuration.bptt_steps
    if not len(river) and run.history.exploded_at:
        return f"**{run.name}** was over: it **exploded** at step {run.history.exploded_at}."
    if not len(river):
        return f"**{run.name}** has not begun."
    if not np.isfinite(river).all():
        return f"**{run.name}**: the gradient is **no finite number** any more."
    if k != ALL and river[0] == 0:
        return f"**{run.name}**: cut every {k} steps, **nothing** crosses a cut."
    share = float(river[1]) / max(float(river[-1]), np.finfo(np.float32).tiny)
    if share > 100:
        verdict = "it **explodes**"
    elif each_step:
        verdict = "every time step adds an error of its own"
    elif share < 0.01:
        verdict = "it **vanishes**"
    else:
        verdict = "it **survives**"
    return (
        f"**{run.name}**: the first step's gradient is {times(share)} the last step's; {verdict}."
    )


def times(share: float) -> str:
    """Return a factor in words: percents near one, powers of ten far from it."""
    if share == 0:
        return "too small for a computer beside"
    if 0.001 <= share < 1:
        return f"{share:.1%} of"
    if 1 <= share < 1000:
        return f"{share:.1f} times"
    exponent = round(float(np.log10(share)))
    return f"about 10{str(exponent).translate(_SUPERSCRIPTS)} times"


def consequence_rows(runs: Sequence[Run], setting: Setting) -> list[dict[str, str]]:
    """Return one row per network: loss, accuracy, and training time to the task's threshold."""
    task = task_info(setting.task)
    rows = []
    for run in runs:
        found = consequences(run.history, setting.task)
        steps, seconds = found.steps_to_threshold, found.seconds_to_threshold
        if run.history.exploded_at:
            state = f"exploded at step {run.history.exploded_at}"
        else:
            state = f"{run.history.num_steps} steps"
        rows.append(
            {
                "Network": run.name,
                "Trained": state,
                "Loss": _number(found.loss),
                "Accuracy": "–" if np.isnan(found.accuracy) else f"{found.accuracy:.0%}",
                f"Steps to {task.threshold:.0%}": "not reached" if steps is None else f"{steps}",
                "Seconds": "–" if seconds is None else f"{seconds:.1f}",
            }
        )
    chance = f"{task.baseline_accuracy:.0%}"
    name = "knows no past"
    values = (name, "–", _number(task.baseline_loss), chance, "–", "–")
    return [*rows, dict(zip(rows[0], values, strict=True))] if rows else []


def outline(configuration: Configuration) -> str:
    """Return the choices that matter for this cell, in a line."""
    chosen = asdict(configuration)
    words = [configuration.cell, f"{configuration.hidden_size} units", configuration.initialisation]
    extras = {
        "spectral_radius": "radius {}",
        "forget_bias": "forget bias {}",
        "clip_norm": "norm clipped at {}",
        "clip_value": "values clipped at {}",
        "bptt_steps": "cut every {} steps",
    }
    words += [
        text.format(readable(name, chosen[name])) for name, text in extras.items() if chosen[name]
    ]
    return ", ".join([*words, f"{configuration.optimiser} {configuration.learning_rate:g}"])


def moments(runs: Sequence[Run]) -> list[int | str]:
    """Return the training steps whose rivers every network kept, and NOW."""
    kept = [set(run.history.kept_steps) for run in runs if not run.history.exploded_at]
    return [*sorted(set.intersection(*kept) if kept else set()), NOW]


def rivers(
    runs: Sequence[Run], moment: int | str = NOW
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the river of every network at a moment; now also that of an LSTM's cell state."""
    if moment == NOW:
        hidden = {run.name: run.history.river for run in runs}
        return hidden, {run.name: run.history.cell_river for run in runs}
    histories = {run.name: run.history for run in runs}
    return {
        name: history.river_after(moment) if moment in history.kept_steps else np.empty(0)
        for name, history in histories.items()
    }, {}


def snapshots(runs: Sequence[Run]) -> dict[str, tuple[int, list[np.ndarray]]]:
    """Return the steps between two kept rivers, and these rivers, of every network."""
    return {run.name: (run.history.stride, run.history.snapshots) for run in runs}


def singular_values(runs: Sequence[Run]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return those of dh_T/dh_0 for every network, now and before training."""
    now = {run.name: run.history.singular_values for run in runs}
    return now, {run.name: run.history.first_values for run in runs}


@dataclass(frozen=True)
class Panel:
    """One number per training step for every network, and what it is read against."""

    key: str
    title: str
    series: dict[str, np.ndarray]
    log: bool = True
    top: float | None = None
    lines: tuple[tuple[str, float], ...] = ()
    explosions: tuple[tuple[str, int], ...] = ()


def panels(runs: Sequence[Run], setting: Setting) -> tuple[Panel, ...]:
    """Return the curves of training; loss and accuracy as means of up to WINDOW steps."""
    task, column = task_info(setting.task), {n: _columns(runs, n) for n in COLUMNS}
    smooth = {n: {k: trailing_mean(v) for k, v in column[n].items()} for n in ("loss", "accuracy")}
    limits = sorted({run.configuration.clip_norm for run in runs} - {OFF})
    clipped = tuple((f"clipped at {limit:g}", limit) for limit in limits)
    knows_no_past = (("knows no past", task.baseline_loss),)
    goal = ((f"goal {task.threshold:.0%}", task.threshold),)
    listed = (
        Panel("loss", f"loss ({task.loss_name})", smooth["loss"], lines=knows_no_past),
        Panel("accuracy", "accuracy", smooth["accuracy"], log=False, top=1.05, lines=goal),
        Panel("norm", "norm of the gradient", column["gradient_norm"], lines=clipped),
        Panel("radius", "spectral radius", column["spectral_radius"], lines=(("level at 1", 1.0),)),
    )
    ends = tuple((r.name, r.history.exploded_at) for r in runs if r.history.exploded_at)
    return tuple(replace(panel, explosions=ends) for panel in listed)


def state(runs: Sequence[Run], *, recorded: bool) -> str:
    """Tell what is shown: a recorded run, or this visitor's own and how far it is."""
    steps = max(run.history.num_steps for run in runs)
    if recorded:
        return f"Recorded earlier with these settings, {steps} training steps. Play runs it anew."
    return f"Your run: {steps} training steps." if steps else "Nothing has been trained yet."


def _columns(runs: Sequence[Run], name: str) -> dict[str, np.ndarray]:
    return {run.name: run.history.column(name) for run in runs}


def trailing_mean(values: np.ndarray) -> np.ndarray:
    """Return the mean of each value and up to WINDOW - 1 before it, (N,) float64."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - WINDOW, 0)
    with np.errstate(invalid="ignore"):
        return (sums[ends] - sums[starts]) / (ends - starts)


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3g}"
