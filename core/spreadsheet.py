"""Tables to download as CSV: whatever stands in a cell, no spreadsheet runs it as a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_OBEYED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that a spreadsheet takes for a formula, or strips before it looks for one."""


def safe_cell(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; plain numbers stay as they are.

    Source: OWASP, "CSV Injection": a leading apostrophe before = + - @ tab and line breaks.
    """
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if cell.lstrip(" ").startswith(_OBEYED) else cell


def to_csv(rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows with the same keys as CSV, the keys as its header.

    Raises:
        ValueError: If a row has other keys than the first.
    """
    rows = list(rows)
    out = StringIO()
    header: Sequence[str] = list(rows[0]) if rows else []
    writer = csv.writer(out)
    writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        if list(row) != header:
            raise ValueError(f"a row with {list(row)} among rows with {header}")
        writer.writerow([safe_cell(cell) for cell in row.values()])
    return out.getvalue()
