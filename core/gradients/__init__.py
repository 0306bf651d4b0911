"""Gradients on their way back through time, live: small networks that train in front of a visitor.

Reading order: options.py (what can be chosen), tasks.py (what is to be learned), weights.py,
network.py (the cells), experiment.py (one training step), history.py (what it leaves behind),
lessons.py, playground.py. The names below need no PyTorch; Playground imports it with the first
step.
"""

from core.gradients.explained import (
    NOW,
    VIEWS,
    consequence_rows,
    moments,
    outline,
    panels,
    rivers,
    singular_values,
    snapshots,
    state,
    what_arrives,
)
from core.gradients.history import to_csv
from core.gradients.lessons import (
    INTRODUCTION,
    LESSONS,
    PROBLEMS,
    lessons_about,
    name_of,
    slots,
    told,
)
from core.gradients.options import CHOICES, LABELS, Configuration, Setting, readable
from core.gradients.playground import Playground
from core.gradients.recorded import load_recorded
from core.gradients.tasks import task_info

__all__ = [
    "CHOICES",
    "Configuration",
    "INTRODUCTION",
    "LABELS",
    "LESSONS",
    "NOW",
    "PROBLEMS",
    "Playground",
    "Setting",
    "VIEWS",
    "consequence_rows",
    "lessons_about",
    "load_recorded",
    "moments",
    "name_of",
    "outline",
    "panels",
    "readable",
    "rivers",
    "singular_values",
    "slots",
    "snapshots",
    "state",
    "task_info",
    "to_csv",
    "told",
    "what_arrives",
]
