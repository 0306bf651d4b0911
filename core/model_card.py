"""Model cards: Markdown files whose sections of numbers are written by the evaluation."""

from __future__ import annotations

from collections.abc import Sequence


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is text, the others are numbers."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


def replace_section(card: str, title: str, body: str) -> str:
    """Return the card with another text under one of its `## ` headings.

    Raises:
        ValueError: If the card has no such heading.
    """
    head, found, rest = card.partition(f"## {title}\n")
    if not found:
        raise ValueError(f"the model card has no section {title!r}")
    _, following, tail = rest.partition("\n## ")
    return f"{head}{found}\n{body.strip()}\n{following}{tail}"


def section(card: str, title: str) -> str:
    """Return the text under one `## ` heading.

    Raises:
        ValueError: If the card has no such heading.
    """
    _, found, rest = card.partition(f"## {title}\n")
    if not found:
        raise ValueError(f"the model card has no section {title!r}")
    return rest.partition("\n## ")[0].strip()
