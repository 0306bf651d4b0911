"""Train a forecaster on every series at once; the loss is the score that it is judged by.

    python -m core.forecasting.train --data DIR [--resume] [--dry-run]
    python -m core.forecasting.train --data DIR --kind weather --horizon-power 2 --num-curves 4

`--data` is what prepare.py describes. Several members are trained from different seeds; the export
averages their answers. The loss is the CRPS of every horizon, divided by a slow scale of the
series, plus a little negative log-likelihood for the tails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.forecasting.model import (
    Forecaster,
    ForecasterConfig,
    crps,
    negative_log_likelihood,
    to_parts,
)
from core.forecasting.prepare import (
    NUM_HORIZONS,
    Examples,
    make_examples,
    read_stocks,
    read_weather,
)
from core.series.windows import INPUT_NAMES, LINEAR_INPUTS
from core.training.loop import fit, schedule_of, train_one_batch
from core.training.options import from_command_line, write_run


@dataclass(frozen=True)
class TrainOptions:
    """The run that produced the graph of the stocks; change a copy, not these."""

    data: str = ""
    """Folder with stocks/ and weather/."""
    work: str = ".data/forecasting"
    """Checkpoints; not part of the repository."""
    kind: str = "stocks"
    """stocks or weather."""
    window_length: int = 60
    hidden_size: int = 16
    num_layers: int = 1
    dropout: float = 0.4
    num_curves: int = 3
    """Smooth curves over the horizons that answers are made of; 0: free weights for each."""
    num_members: int = 5
    batch_size: int = 256
    batches_per_epoch: int = 100
    num_epochs: int = 40
    learning_rate: float = 7e-4
    weight_decay: float = 0.05
    likelihood_weight: float = 0.05
    """How much negative log-likelihood is added to the CRPS."""
    start_linear: bool = True
    """Weather: begin as the least-squares forecaster of the last day's inputs."""
    horizon_power: float = 1.0
    """Horizon h weighs h ** -power in the loss: far outcomes overlap, so they are fewer."""
    input_noise: float = 0.0
    ema_decay: float = 0.998
    patience: int = 8
    seed: int = 0
    run_name: str = "run"
    """Folder below `work`/`kind` for this run's checkpoints."""
    resume: bool = False
    dry_run: bool = False
    """Train one batch; nothing is kept."""


class Batch(NamedTuple):
    """Windows and what came after. B = windows, Z = horizons."""

    inputs: Tensor
    """(B, T, F) float32."""
    outcomes: Tensor
    """(B, Z) float32, in units of location and scale."""
    weights: Tensor
    """(B, Z) float32."""


class ForecastTask:
    """CRPS of every horizon, on windows of all series."""

    def __init__(self, options: TrainOptions, examples: dict[str, Examples]) -> None:
        self.options, self.examples = options, examples
        self.steps_per_epoch = options.batches_per_epoch
        weights = np.arange(1, NUM_HORIZONS[options.kind] + 1) ** -options.horizon_power
        self.horizon_weights = torch.from_numpy(weights / weights.mean()).float()

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the epoch's batches: windows drawn evenly from all series and days."""
        rng = np.random.default_rng([self.options.seed, epoch])
        for _ in range(self.steps_per_epoch):
            chosen = rng.integers(len(self.examples["train"].rows), size=self.options.batch_size)
            batch = self._batch("train", chosen)
            if self.options.input_noise:
                noise = torch.from_numpy(rng.normal(size=batch.inputs.shape).astype(np.float32))
                batch = batch._replace(inputs=batch.inputs + self.options.input_noise * noise)
            yield batch

    def _batch(self, split: str, chosen: np.ndarray) -> Batch:
        examples = self.examples[split]
        inputs = examples.window(chosen, self.options.window_length)
        arrays = (inputs, examples.outcomes[chosen], examples.weights[chosen])
        return Batch(*(torch.from_numpy(array) for array in arrays))

    def loss(self, network: Forecaster, batch: Batch) -> Tensor:
        """Return the mean weighted CRPS plus a share of the negative log-likelihood."""
        parts = to_parts(network(batch.inputs)[0])
        score = crps(parts, batch.outcomes) * batch.weights
        likelihood = negative_log_likelihood(parts, batch.outcomes)
        score = score + self.options.likelihood_weight * likelihood  # (B, Z)
        return (score * self.horizon_weights).mean()

    def score(self, network: Forecaster) -> dict[str, float]:
        """Return minus the mean logarithm of the dev CRPS over horizons, and both ends' CRPS.

        Logarithms: one percent at a near horizon counts like one percent at a far one.
        """
        found = []
        with torch.inference_mode():
            for start in range(0, len(self.examples["dev"].rows), 4096):
                stop = min(start + 4096, len(self.examples["dev"].rows))
                batch = self._batch("dev", np.arange(start, stop))
                parts = to_parts(network(batch.inputs)[0])
                found.append(crps(parts, batch.outcomes) * batch.weights)
        crps_of = torch.cat(found).mean(dim=0)  # (Z,)
        first, last = float(crps_of[0]), float(crps_of[-1])
        score = -100 * float(crps_of.log().mean())
        return {"score": score, "crps_first": first, "crps_last": last}


def make_network(options: TrainOptions) -> Forecaster:
    """Return a new network of the options' sizes."""
    torch.manual_seed(options.seed)
    return Forecaster(
        ForecasterConfig(
            len(INPUT_NAMES[options.kind]),
            NUM_HORIZONS[options.kind],
            options.window_length,
            options.hidden_size,
            options.num_layers,
            dropout=options.dropout,
            num_curves=options.num_curves,
        )
    )


def start_linear(network: Forecaster, examples: Examples) -> None:
    """Set the network to the least-squares forecaster of the training split."""
    inputs = examples.inputs[examples.rows].astype(float)
    weights = np.zeros((inputs.shape[1], examples.outcomes.shape[1]))
    used = slice(LINEAR_INPUTS["weather"])
    weights[used] = np.linalg.lstsq(inputs[:, used], examples.outcomes.astype(float))[0]
    errors = (examples.outcomes - inputs @ weights).std(axis=0)
    network.start_from(torch.from_numpy(weights).float(), torch.from_numpy(errors).float())


def read_examples(options: TrainOptions) -> dict[str, Examples]:
    """Return the windows of the training and dev splits."""
    read = {"stocks": read_stocks, "weather": read_weather}[options.kind]
    all_series = read(options.data)
    return {split: make_examples(options.kind, all_series, split) for split in ("train", "dev")}


def train(options: TrainOptions) -> list[float]:
    """Train every member; return their dev scores, or the loss of one batch of a dry run."""
    examples, scores = read_examples(options), []
    for member in range(options.num_members):
        seeded = TrainOptions(**{**asdict(options), "seed": options.seed + member})
        network, task = make_network(seeded), ForecastTask(seeded, examples)
        if options.kind == "weather" and options.start_linear:
            start_linear(network, examples["train"])
        schedule = schedule_of(seeded, bf16=False)
        if options.dry_run:
            return [train_one_batch(network, task, schedule)]
        folder = Path(options.work) / options.kind / options.run_name / f"member_{member}"
        write_run(folder, options, network=network.config)
        scores.append(fit(network, task, schedule, folder, resume=options.resume))
    return scores


def main() -> None:
    """Train as the command line asks."""
    torch.set_num_threads(1)
    options = from_command_line(TrainOptions)
    found = train(options)
    print(f"loss {found[0]:.3f}" if options.dry_run else f"dev scores {found}")


if __name__ == "__main__":
    main()
