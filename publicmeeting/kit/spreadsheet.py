"""CSV export that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def comma_separated(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV (RFC 4180), with an apostrophe before text that could be a formula.

    Spreadsheets execute a cell that begins like a formula.
    """
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: object) -> object:
    is_formula = isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA)
    return f"'{cell}" if is_formula else cell
