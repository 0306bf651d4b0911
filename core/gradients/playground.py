"""Up to three networks in training side by side, a little at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import InputError
from core.gradients.history import History, Run
from core.gradients.lessons import Lesson
from core.gradients.options import Configuration, Setting

if TYPE_CHECKING:
    from core.gradients.experiment import Experiment

TICK_SECONDS = 0.05
"""Training time of one tick; drawing comes on top, and 0.15 s are the limit for both."""
JACOBIAN_EVERY = 5
"""Ticks from one look at the singular values to the next."""


@dataclass
class Playground:
    """What one visitor has set up; PyTorch is imported with the first step, not before."""

    setting: Setting
    configurations: tuple[tuple[str, Configuration], ...]
    """(name, network), one to three, all on the same sequences."""
    experiments: list[Experiment] = field(default_factory=list)
    num_ticks: int = 0

    def __post_init__(self) -> None:
        if not self.configurations:
            raise InputError("No network is switched on; open one of the three and switch it on.")

    @property
    def runs(self) -> list[Run]:
        """What happened to each network so far."""
        histories = [e.history for e in self.experiments] or [
            History() for _ in self.configurations
        ]
        pairs = zip(self.configurations, histories, strict=True)
        return [Run(name, configuration, history) for (name, configuration), history in pairs]

    @property
    def has_begun(self) -> bool:
        """Whether a step was done."""
        return bool(self.experiments)

    @property
    def is_over(self) -> bool:
        """Whether no network can do another step."""
        return self.has_begun and all(e.is_over for e in self.experiments)

    def is_like(self, other: Playground | None) -> bool:
        """Whether both began with the same choices."""
        if other is None:
            return False
        ours, theirs = (self.setting, self.configurations), (other.setting, other.configurations)
        return ours == theirs

    def is_recorded(self, lesson: Lesson) -> bool:
        """Whether nothing was changed or done yet, so that the lesson's run can be shown."""
        theirs = (lesson.setting, lesson.configurations)
        return not self.has_begun and (self.setting, self.configurations) == theirs

    def step(self) -> None:
        """Do one step of every network and look at their Jacobians."""
        for experiment in self._started():
            experiment.step()
            experiment.measure_jacobian()

    def tick(self, seconds: float = TICK_SECONDS) -> None:
        """Train for about `seconds`: always the network that has done the fewest steps.

        Every few ticks the singular values of one network are computed instead.
        """
        experiments, start, longest = self._started(), time.perf_counter(), 0.0
        self.num_ticks += 1
        turn, rest = divmod(self.num_ticks, JACOBIAN_EVERY)
        if rest == 0:
            experiments[turn % len(experiments)].measure_jacobian()
            return
        while time.perf_counter() - start + longest < seconds and not self.is_over:
            before = time.perf_counter()
            running = [e for e in experiments if not e.is_over]
            min(running, key=lambda e: e.history.num_steps).step()
            longest = max(longest, time.perf_counter() - before)

    def finish(self) -> None:
        """Look at every network's singular values, as after a pause."""
        for experiment in self.experiments:
            experiment.measure_jacobian()

    def _started(self) -> list[Experiment]:
        if not self.experiments:
            from core.gradients.experiment import Experiment

            self.experiments = [Experiment(self.setting, c) for _, c in self.configurations]
            for experiment in self.experiments:
                experiment.measure_jacobian()
        return self.experiments
