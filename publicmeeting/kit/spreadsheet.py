"""Tables for spreadsheets, which carry out what a cell begins with unless it is written as text."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def comma_separated(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV (RFC 4180) without anything in it that a spreadsheet would carry out: a text
    that could be a formula gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: object) -> object:
    is_formula = isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA)
    return f"'{cell}" if is_formula else cell
