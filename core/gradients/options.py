"""What a visitor of the playground chooses: a setting that all networks share, and each network."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.errors import InputError

BATCH_SIZE = 20
"""Sequences per step; every step draws new ones."""
AS_DRAWN = OFF = ALL = 0
"""The spectral radius is left alone; nothing is clipped; the gradient goes back to the start."""

CHOICES: dict[str, tuple] = {
    "task": ("Remember the first symbol", "Adding", "Copying", "Text"),
    "seq_len": (10, 20, 30, 50, 75, 100, 150, 200),
    "seed": tuple(range(10)),
    "cell": ("tanh", "ReLU", "sigmoid", "GRU", "LSTM"),
    "hidden_size": (8, 16, 32),
    "initialisation": ("Gaussian", "Xavier", "orthogonal", "identity"),
    "spectral_radius": (AS_DRAWN, 0.3, 0.5, 0.7, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0, 3.0),
    "forget_bias": (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
    "optimiser": ("SGD", "Adam"),
    "learning_rate": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "clip_norm": (OFF, 0.1, 0.3, 1.0, 3.0, 10.0),
    "clip_value": (OFF, 0.001, 0.01, 0.1, 1.0),
    "bptt_steps": (ALL, 1, 5, 10, 20, 50),
}
"""Every control and what it can be set to; anything else is refused."""
LABELS = {
    "task": "Task",
    "seq_len": "Sequence length T",
    "seed": "Seed",
    "cell": "Cell",
    "hidden_size": "Hidden units",
    "initialisation": "Recurrent weights begin as",
    "spectral_radius": "Spectral radius at the start",
    "forget_bias": "Forget-gate bias (LSTM)",
    "optimiser": "Optimiser",
    "learning_rate": "Learning rate",
    "clip_norm": "Clip the norm at",
    "clip_value": "Clip each value at",
    "bptt_steps": "Backpropagate through … steps",
}


@dataclass(frozen=True)
class Setting:
    """What all networks of one experiment share, so that they can be compared."""

    task: str = "Remember the first symbol"
    seq_len: int = 50
    """Time steps of one sequence."""
    seed: int = 0
    """Decides the sequences and the first weights."""

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class Configuration:
    """One network and how it is trained."""

    cell: str = "tanh"
    hidden_size: int = 32
    initialisation: str = "Xavier"
    """How the recurrent weights are drawn."""
    spectral_radius: float = AS_DRAWN
    """Each recurrent matrix is scaled to it; AS_DRAWN leaves it alone."""
    forget_bias: float = 0.0
    """Added to an LSTM's forget gate before the sigmoid; other cells have none."""
    optimiser: str = "Adam"
    learning_rate: float = 0.003
    clip_norm: float = OFF
    """The longest that the whole gradient may be; OFF leaves it alone."""
    clip_value: float = OFF
    """The largest that any one derivative may be; OFF leaves it alone."""
    bptt_steps: int = ALL
    """Time steps after which the state is detached; ALL goes back to the start."""

    def __post_init__(self) -> None:
        _check(self)


def differing(configurations: list[Configuration]) -> list[str]:
    """Return the names of the fields in which the configurations are not all alike."""
    first, *others = map(asdict, configurations)
    return [name for name, value in first.items() if any(o[name] != value for o in others)]


def readable(name: str, value: object) -> str:
    """Return a control's value as a person reads it."""
    names = {"spectral_radius": "as drawn", "clip_norm": "off", "clip_value": "off"}
    if value == 0 and (word := {**names, "bptt_steps": "all"}.get(name)):
        return word
    return f"{value:g}" if isinstance(value, float) else str(value)


def _check(options: Setting | Configuration) -> None:
    for name, value in asdict(options).items():
        if value not in CHOICES[name]:
            listed = ", ".join(readable(name, choice) for choice in CHOICES[name])
            raise InputError(f"{name.replace('_', ' ')} can be {listed}; not {value}.")
