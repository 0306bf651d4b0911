"""One lesson per remedy: a network before, one after, and what to look for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.gradients.options import Configuration, Setting
from core.gradients.tasks import task_info

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

LESSONS = (
    Lesson(
        "LSTM",
        VANISHING,
        "An LSTM carries its memory in a cell state that is **added to**, not multiplied through a "
        "squashing function at every step. With its forget gate open the gradient comes back along "
        "this path almost as strong as it left.",
        "After how many of the 100 steps back is nothing left of each gradient?",
        "Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735",
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
        "Bias 0 keeps 0.5 a step, bias 5 keeps 0.993. What is left of each after 100 steps?",
        "Gers et al. (2000), doi:10.1162/089976600300015015; Jozefowicz et al. (2015)",
        Setting(REMEMBER, 100),
        (
            ("bias 0", _LSTM),
            ("bias 2", replace(_LSTM, forget_bias=2.0)),
            ("bias 5", replace(_LSTM, forget_bias=5.0)),
        ),
    ),
    Lesson(
        "Activation",
        VANISHING,
        "On its way back the gradient is multiplied by the activation's slope, once per step. That "
        "of the sigmoid is at most 0.25, that of tanh at most 1, that of ReLU 0 or 1.",
        "A quarter, 30 times over: how many zeros behind the point?",
        "Hochreiter (1991); Bengio et al. (1994), doi:10.1109/72.279181",
        Setting(REMEMBER, 30),
        (("sigmoid", replace(_EVEN, cell="sigmoid")), ("tanh", _EVEN)),
    ),
    Lesson(
        "Xavier initialisation",
        VANISHING,
        "Weights that begin too small shrink whatever passes. Xavier draws them just wide enough "
        "that a signal keeps its size, forwards and backwards.",
        "Which line is level before the first step of training?",
        "Glorot & Bengio (2010), equation 16",
        Setting(REMEMBER, 30),
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
        "Saxe et al. (2014), arXiv:1312.6120",
        Setting(REMEMBER, 30),
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
        "0.7 to the power of 30 is 0.00002. Where does the lowest line end?",
        "Pascanu et al. (2013), arXiv:1211.5063, section 2.1",
        Setting(REMEMBER, 30),
        tuple(
            (f"radius {radius:g}", replace(_EVEN, spectral_radius=radius))
            for radius in (0.5, 0.7, 1.0)
        ),
    ),
    Lesson(
        "Identity initialisation",
        EXPLODING,
        "A ReLU network whose recurrent weights begin as the identity copies its state from step "
        "to step until it learns otherwise: nothing grows, nothing shrinks.",
        "Adding two numbers up to 100 steps apart: whose loss gets below the baseline?",
        "Le et al. (2015), arXiv:1504.00941",
        Setting(ADDING, 100),
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
        "Pascanu et al. (2013), arXiv:1211.5063, algorithm 1",
        Setting(TEXT, 100),
        (("as it is", _WILD), ("clipped", replace(_WILD, clip_norm=1.0))),
    ),
    Lesson(
        "Clipping by value",
        EXPLODING,
        "Every derivative is cut off at a limit by itself. The step is short, and **its direction "
        "changes**.",
        "The first network is gone after a few steps. Does the second one learn?",
        "Graves (2013), arXiv:1308.0850",
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
        "The river becomes ten ponds. Does guessing the next character need more?",
        "Williams & Peng (1990), doi:10.1162/neco.1990.2.4.490",
        Setting(TEXT, 100),
        (("all 100 steps", _WILD), ("10 steps", replace(_WILD, bptt_steps=10))),
    ),
    Lesson(
        "Three cells",
        OPEN,
        "Nothing is being shown off here: three cells copy a few symbols after a silence. Change "
        "whatever you like; all of them see the same sequences.",
        "Which of them would you bet on, and for how long a silence?",
        "the task: Hochreiter & Schmidhuber (1997); Arjovsky et al. (2016), arXiv:1511.06464",
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
    "rises to the left explodes."
)


def told(lesson: Lesson) -> str:
    """Return the few words beside a lesson."""
    question = f"**Before you press play:** {lesson.question}"
    return f"{lesson.remedy}\n\n{question}  \nTask: {task_info(lesson.setting.task).question}"


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
