"""What is tested on must not be trained on: held-out texts found again in other corpora."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from core.text.tokenization import normalised


class HasText(Protocol):
    """Anything with a text."""

    text: str


Item = TypeVar("Item", bound=HasText)


class LeakFilter:
    """Knows the texts that are tested on, and finds them, also inside longer texts."""

    anchor_words = 3

    def __init__(self, held_out: Iterable[str]) -> None:
        self.whole = {normalised(text) for text in held_out}
        self.by_anchor = defaultdict(list)
        for text in self.whole:
            words = text.split()
            if len(words) > self.anchor_words:
                self.by_anchor[tuple(words[: self.anchor_words])].append(tuple(words))

    def leaks(self, text: str) -> bool:
        """Tell whether `text` is a held-out text, or holds one of more than three words."""
        bare = normalised(text)
        if bare in self.whole:
            return True
        words = tuple(bare.split())
        starts = range(len(words) - self.anchor_words)
        return any(
            words[start : start + len(other)] == other
            for start in starts
            for other in self.by_anchor.get(words[start : start + self.anchor_words], ())
        )

    def keep(self, items: Sequence[Item]) -> tuple[list[Item], int]:
        """Return the items whose text does not leak, and how many leaked."""
        kept = [item for item in items if not self.leaks(item.text)]
        return kept, len(items) - len(kept)
