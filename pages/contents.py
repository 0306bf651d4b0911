"""The table of contents: every page but Home, once, for the sidebar and for the map's cards."""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Entry:
    """One page, and what makes a newcomer want to open it."""

    file: str
    """Below pages/; its stem is the page's address."""
    title: str
    icon: str
    invitation: str
    """The words of the link on the map."""
    promise: str
    """What one will see there, in a sentence or two."""

    @property
    def path(self) -> str:
        """What follows the host in the page's address."""
        return PurePosixPath(self.file).stem


SECTIONS = {
    "Ideas": (
        Entry(
            "ideas/backpropagation.py",
            "Learning",
            ":material/school:",
            "Follow every number",
            "Three time steps, eight weights: forward, back, derivative by derivative, and the "
            "step that makes the error smaller.",
        ),
        Entry(
            "ideas/gradients.py",
            "Gradient playground",
            ":material/waves:",
            "Watch gradients vanish and explode",
            "Train up to three networks side by side, see how much of the gradient survives "
            "the way back through time, and try every remedy.",
        ),
    ),
    "Applications": (
        Entry(
            "applications/captioning.py",
            "Captioning",
            ":material/photo_camera:",
            "Give it a photo",
            "Watch it choose every word, see where in the photo it looked, and cover that place to "
            "check whether it mattered.",
        ),
    ),
}
