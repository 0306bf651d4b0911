"""What a training run leaves behind, in a few small arrays, and what followed from it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from io import StringIO

import numpy as np

from core.gradients.options import Configuration, Setting
from core.gradients.tasks import task_info

MAX_STEPS = 2000
"""A run ends here; its numbers then take about 0.1 MB."""
MAX_SNAPSHOTS = 40
"""Rivers kept; when they are full every second one goes, so that they span the whole run."""
WINDOW = 20
"""Steps over which loss and accuracy are averaged."""
COLUMNS = ("loss", "accuracy", "gradient_norm", "clipped_norm", "spectral_radius", "seconds")


@dataclass
class History:
    """The numbers of one run. N = training steps done, T = time steps."""

    num_steps: int = 0
    table: np.ndarray = field(default_factory=lambda: np.empty((0, len(COLUMNS)), np.float32))
    """(N or more, COLUMNS) float32; seconds are those of one step."""
    river: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    """(T + 1,) norm of dL/dh_t after the last step, over the whole batch."""
    cell_river: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    """(T + 1,) the same for an LSTM's cell state; empty for other cells."""
    snapshots: list[np.ndarray] = field(default_factory=list)
    """Earlier rivers as log10, float16; one every `stride` steps."""
    stride: int = 1
    singular_values: np.ndarray = field(default_factory=lambda: np.empty(0))
    """(H,) float64, of dh_T/dh_0 after the last step at which they were computed."""
    first_values: np.ndarray = field(default_factory=lambda: np.empty(0))
    """(H,) the same before the first step."""
    exploded_at: int | None = None
    """The step, counted from 1, whose loss or gradient was no finite number."""

    def add(self, row: Mapping[str, float], river: np.ndarray, cell_river: np.ndarray) -> None:
        """Append one step."""
        if self.num_steps == len(self.table):
            more = np.full((max(64, len(self.table)), len(COLUMNS)), np.nan, np.float32)
            self.table = np.concatenate([self.table, more])[:MAX_STEPS]
        with np.errstate(over="ignore"):  # what float32 cannot hold is inf here, as in the network
            self.table[self.num_steps] = [row[name] for name in COLUMNS]
        if self.num_steps % self.stride == 0:
            if len(self.snapshots) == MAX_SNAPSHOTS:
                self.snapshots, self.stride = self.snapshots[::2], 2 * self.stride
            with np.errstate(divide="ignore"):
                self.snapshots.append(np.log10(river).astype(np.float16))
        self.river, self.cell_river = river, cell_river
        self.num_steps += 1

    def river_after(self, step: int) -> np.ndarray:
        """Return (T + 1,) the kept river of `step`, one of `kept_steps`, as norms."""
        with np.errstate(over="ignore"):
            return 10.0 ** self.snapshots[(step - 1) // self.stride].astype(np.float64)

    @property
    def kept_steps(self) -> list[int]:
        """Return the training steps, counted from 1, whose rivers are kept."""
        return [1 + place * self.stride for place in range(len(self.snapshots))]

    def column(self, name: str) -> np.ndarray:
        """Return (N,) float32, one number per step."""
        return self.table[: self.num_steps, COLUMNS.index(name)]


@dataclass(frozen=True)
class Run:
    """One network of an experiment and what happened to it."""

    name: str
    configuration: Configuration
    history: History


@dataclass(frozen=True)
class Consequences:
    """What the primer measures a remedy by."""

    loss: float
    """Mean over the last WINDOW steps; every step brings new sequences."""
    accuracy: float
    """In [0, 1], likewise."""
    steps_to_threshold: int | None
    """Training steps until the mean accuracy of WINDOW steps reached the task's threshold."""
    seconds_to_threshold: float | None
    """Time spent on these steps."""


def consequences(history: History, task: str) -> Consequences:
    """Return what a run came to; NaN before the first step."""
    if history.num_steps == 0:
        return Consequences(float("nan"), float("nan"), None, None)
    accuracy = history.column("accuracy").astype(np.float64)
    reached = None
    if len(accuracy) >= WINDOW:
        means = np.convolve(accuracy, np.full(WINDOW, 1 / WINDOW), mode="valid")
        above = np.flatnonzero(means >= task_info(task).threshold - 1e-9)
        reached = int(above[0]) + WINDOW if len(above) else None
    seconds = None if reached is None else float(history.column("seconds")[:reached].sum())
    loss = history.column("loss")[-WINDOW:].astype(np.float64)
    return Consequences(float(loss.mean()), float(accuracy[-WINDOW:].mean()), reached, seconds)


def to_csv(setting: Setting, runs: list[Run]) -> str:
    """Return one line per network and training step, with everything that was chosen."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    chosen = [asdict(setting) | asdict(run.configuration) for run in runs]
    writer.writerow(["network", "step", *COLUMNS, "exploded", *(chosen[0] if chosen else [])])
    for run, values in zip(runs, chosen, strict=True):
        for step in range(run.history.num_steps):
            numbers = [f"{number:.6g}" for number in run.history.table[step]]
            exploded = run.history.exploded_at == step + 1
            writer.writerow([run.name, step + 1, *numbers, exploded, *values.values()])
    return file.getvalue()
