"""One lesson per remedy: a network before, one after, and what to look for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.cells.lstm_cell import sigmoid
from core.gradients.options import Configuration, Setting
from core.gradients.tasks import task_info
from core.literature import cite

REMEMBER, ADDING, TEXT = "Remember the first symbol", "Adding", "Text"
VANISHING, EXPLODING, OPEN = "Vanishing", "Exploding", "Experiment"
PROBLEMS = (VANISHING, EXPLODING, OPEN)
MAX_NETWORKS = 3


@dataclass(frozen=True)
class Lesson:
    """What one click sets, and the few words beside it."""

    title: str
    problem: str
    remedy: str
    """What the remedy does."""
    question: str
    """To answer before pressing play."""
    source: str
    """Who published the remedy, as Markdown."""
    setting: Setting
    configurations: tuple[tuple[str, Configuration], ...]
    """(name, network), the one without the remedy first."""
    num_steps: int = 300
    """Training steps of the recorded run."""

    @property
    def slug(self) -> str:
        """The title as a file's or a parameter's name."""
        return self.title.lower().replace(" ", "_").replace("-", "_")


_WEAK = Configuration(initialisation="Gaussian", spectral_radius=0.5)
_EVEN = Configuration(initialisation="orthogonal")
_LSTM = Configuration(cell="LSTM", forget_bias=0.0)
_RELU = Configuration(cell="ReLU", initialisation="Gaussian", spectral_radius=2.0, clip_norm=1.0)
_WILD = Configuration(
    initialisation="Gaussian", spectral_radius=2.0, optimiser="SGD", learning_rate=0.3
)
_BURSTING = replace(_WILD, cell="ReLU", learning_rate=0.1)
_CUT = replace(_WILD, bptt_steps=10)
_SHORT, _TEXT = Setting(REMEMBER, 30), Setting(TEXT, 100)
_BIASES, _RADII = (0.0, 2.0, 5.0), (0.5, 0.7, 1.0)

LESSONS = (
    Lesson(
        "LSTM",
        VANISHING,
        "An LSTM carries its memory in a cell state that is **added to**, not multiplied through a "
        "squashing function at every step. With its forget gate open the gradient comes back along "
        "this path almost as strong as it left.",
        "After how many steps on its way back is nothing left of each gradient?",
        cite("Hochreiter & Schmidhuber 1997"),
        Setting(REMEMBER, 100),
        (
            ("tanh", Configuration(clip_norm=1.0)),
            ("LSTM", replace(_LSTM, forget_bias=5.0, clip_norm=1.0)),
        ),
    ),
    Lesson(
        "Forget-gate bias",
        VANISHING,
        "With bias 0 a new LSTM's forget gate stands at one half: every step halves the memory "
        "and its gradient. A positive bias begins with the gate open.",
        " ".join(f"Bias {bias:g} keeps {sigmoid(bias):.3g} a step." for bias in _BIASES)
        + " What is left of each at the first step?",
        f"{cite('Gers et al. 2000')}; {cite('Jozefowicz et al. 2015')}",
        Setting(REMEMBER, 100),
        tuple((f"bias {bias:g}", replace(_LSTM, forget_bias=bias)) for bias in _BIASES),
    ),
    Lesson(
        "Activation",
        VANISHING,
        "On its way back the gradient is multiplied by the activation's slope, once per step. That "
        "of the sigmoid is at most 0.25, that of tanh at most 1, that of ReLU 0 or 1.",
        f"A quarter, {_SHORT.seq_len} times over: how many zeros behind the point?",
        cite("Bengio et al. 1994"),
        _SHORT,
        (("sigmoid", replace(_EVEN, cell="sigmoid")), ("tanh", _EVEN)),
    ),
    Lesson(
        "Xavier initialisation",
        VANISHING,
        "Weights that begin too small shrink whatever passes. Xavier draws them just wide enough "
        "that a signal keeps its size, forwards and backwards.",
        "Which line is level before the first step of training?",
        cite("Glorot & Bengio 2010", "equation 16"),
        _SHORT,
        (
            ("too small", _WEAK),
            ("Xavier", replace(_WEAK, initialisation="Xavier", spectral_radius=0)),
        ),
    ),
    Lesson(
        "Orthogonal initialisation",
        VANISHING,
        "A random matrix stretches some directions and flattens the others. An orthogonal one "
        "turns the state and keeps every length: all its singular values are 1.",
        "Compare the singular values: how many directions does each network still feel?",
        cite("Saxe et al. 2014"),
        _SHORT,
        (
            ("too small", _WEAK),
            ("Gaussian", replace(_WEAK, spectral_radius=0)),
            ("orthogonal", _EVEN),
        ),
    ),
    Lesson(
        "Spectral radius",
        VANISHING,
        "The spectral radius is the largest absolute eigenvalue of the recurrent weights. T steps "
        "multiply by about its T-th power: below 1 that vanishes, far above 1 it explodes.",
        f"{_RADII[1]} to the power of {_SHORT.seq_len} is "
        f"{_RADII[1] ** _SHORT.seq_len:.5f}. Where does the lowest line end?",
        cite("Pascanu et al. 2013", "section 2.1"),
        _SHORT,
        tuple((f"radius {radius:g}", replace(_EVEN, spectral_radius=radius)) for radius in _RADII),
    ),
    Lesson(
        "Identity initialisation",
        EXPLODING,
        "A ReLU network whose recurrent weights begin as the identity copies its state from step "
        "to step until it learns otherwise: nothing grows, nothing shrinks.",
        "Two numbers are added that may lie a whole sequence apart: whose loss falls "
        "far below that of who knows no past?",
        cite("Le et al. 2015"),
        Setting(ADDING, 100, seed=1),
        (
            ("Gaussian", _RELU),
            ("identity", replace(_RELU, initialisation="identity", spectral_radius=0)),
        ),
        num_steps=800,
    ),
    Lesson(
        "Clipping by norm",
        EXPLODING,
        "If all derivatives together are longer than a limit, they are scaled back to it: **the "
        "direction stays**, the step is short.",
        "How far above the line is the gradient, and what does one such step do to the loss?",
        cite("Pascanu et al. 2013", "algorithm 1"),
        _TEXT,
        (("as it is", _WILD), ("clipped", replace(_WILD, clip_norm=1.0))),
    ),
    Lesson(
        "Clipping by value",
        EXPLODING,
        "Every derivative is cut off at a limit by itself. The step is short, and **its direction "
        "changes**.",
        "The first network is gone after a few steps. Does the second one learn?",
        cite("Graves 2013"),
        Setting(TEXT, 50),
        (
            ("as it is", _BURSTING),
            ("clipped", replace(_BURSTING, clip_value=0.1)),
        ),
    ),
    Lesson(
        "Truncated backpropagation",
        EXPLODING,
        "The state goes on, but its gradient is stopped every k steps. What cannot travel far "
        "cannot grow far; and nothing is learned about anything longer ago.",
        f"The river becomes {_TEXT.seq_len // _CUT.bptt_steps} ponds. Does guessing the next "
        "character need more?",
        cite("Williams & Peng 1990"),
        _TEXT,
        ((f"all {_TEXT.seq_len} steps", _WILD), (f"{_CUT.bptt_steps} steps", _CUT)),
    ),
    Lesson(
        "Three cells",
        OPEN,
        "Nothing is being shown off here: three cells copy a few symbols after a silence. Change "
        "whatever you like; all of them see the same sequences.",
        "Which of them would you bet on, and for how long a silence?",
        f"{cite('Arjovsky et al. 2016')} (the task)",
        Setting("Copying", 30),
        (
            ("tanh", replace(_EVEN, learning_rate=0.01)),
            ("GRU", replace(_EVEN, cell="GRU", learning_rate=0.01)),
            ("LSTM", replace(_EVEN, cell="LSTM", forget_bias=2.0, learning_rate=0.01)),
        ),
    ),
)


INTRODUCTION = (
    "To learn at the end of a sequence what mattered at its beginning, the gradient has to come "
    "back **through every step between**, and each of them multiplies it. The river shows what "
    r"is left: $\lVert\partial L/\partial h_t\rVert$, the size of the gradient at every time step "
    "$t$. The loss is measured at the right end; a line that falls to the left vanishes, one that "
    f"rises to the left explodes ({cite('Bengio et al. 1994')}; {cite('Pascanu et al. 2013')})."
)


def told(lesson: Lesson) -> str:
    """Return the few words beside a lesson."""
    question = f"**Before you press play:** {lesson.question}"
    task = task_info(lesson.setting.task).question
    return f"{lesson.remedy} ({lesson.source})\n\n{question}  \nTask: {task}"


@dataclass(frozen=True)
class Slot:
    """One of the three places for a network, and what stands there at first."""

    letter: str
    name: str
    configuration: Configuration
    used: bool


def slots(lesson: Lesson) -> list[Slot]:
    """Return three places: the lesson's networks, then a copy of the last that is switched off."""
    spare = ("another", lesson.configurations[-1][1])
    named = [*lesson.configurations, spare][:MAX_NETWORKS]
    used = len(lesson.configurations)
    return [
        Slot("abc"[place], name, configuration, place < used)
        for place, (name, configuration) in enumerate(named)
    ]


def name_of(slot: Slot, configuration: Configuration) -> str:
    """Return the network's name, which tells whether it is still the lesson's."""
    return slot.name if configuration == slot.configuration else f"{slot.name}, changed"


def lessons_about(problem: str) -> dict[str, Lesson]:
    """Return the lessons of one problem by their titles."""
    return {lesson.title: lesson for lesson in LESSONS if lesson.problem == problem}
