"""A table of officials as CSV, parsed and checked row by row, independent of the city's data.

Command line and browser share it; each has its own words for the faults.
"""

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from publicmeeting.domain.districts.city import DISTRICTS, UNIT_KINDS, unit_id
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import CITY_WIDE, OFFICIALS, Role
from publicmeeting.kit.digits import ascii_digits, whole_number
from publicmeeting.kit.spreadsheet import comma_separated

COLUMNS = ("username", "name", "role", "district", "unit")
_DISTRICT_ROLES = (Role.DESK, Role.RECEPTION, Role.MAYOR, Role.DEPUTY)
_CITY_ROLES = (Role.OVERSEER, Role.PHONE)
_DELIMITERS = (";", "\t", ",")
"""Separators of columns, which depend on a spreadsheet's country."""
_SEPARATOR_LINE = "sep="
"""The line that names the separator to Excel; it is no row of the table."""


class RowFault(StrEnum):
    """What is wrong with a row by itself; the value is a key of each reader's words."""

    COLUMNS = "columns"
    USERNAME = "username"
    NAME = "name"
    ROLE = "role"
    NUMBER = "number"
    NEEDS_UNIT = "needs_unit"
    NO_UNIT = "no_unit"
    NO_DISTRICT = "no_district"
    NEEDS_DISTRICT = "needs_district"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table; `line` counts as an editor does."""

    line: int
    username: str
    name: str
    role: str
    district: str
    unit: str

    @property
    def number(self) -> int | None:
        """Return the district; None if it is missing or so malformed that the row is refused."""
        return whole_number(ascii_digits(self.district), 3)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, and lines with another number of columns."""

    rows: tuple[TableRow, ...]
    odd: tuple[tuple[int, int], ...]
    """Line, and its number of columns."""


def form(without: Collection[Role] = ()) -> str:
    """Return a table of a whole city's offices with user names; the people are to be filled in.

    `without` are city-wide roles that its reader does not create.
    """
    output = io.StringIO()
    table = csv.writer(output, lineterminator="\n")
    table.writerow(COLUMNS)
    for role in (role for role in _CITY_ROLES if role not in without):
        table.writerow([role.value, "", role.value, "", ""])
    for district in (district.number for district in DISTRICTS):
        for role in _DISTRICT_ROLES:
            table.writerow([f"{role.value}{district}", "", role.value, district, ""])
        for kind in UNIT_KINDS:
            unit = unit_id(district, kind.code)
            table.writerow([unit, "", Role.UNIT.value, "", unit])
    return output.getvalue()


def decoded(data: bytes) -> str:
    """Decode a file: UTF-8 with or without BOM, or UTF-16 with BOM.

    Denied("table_encoding") for any other.
    """
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Denied("table_encoding") from None


def read_table(text: str) -> Table:
    """Parse a table with any separator; blank lines are ignored.

    Denied `table_head` if its first line differs, `table_empty`, `table_broken`.
    """
    rows, odd = [], []
    for line, cells in lines_of(text, COLUMNS):
        if len(cells) == len(COLUMNS):
            rows.append(TableRow(line, *cells))
        else:
            odd.append((line, len(cells)))
    if not rows and not odd:
        raise Denied("table_empty")
    return Table(tuple(rows), tuple(odd))


def lines_of(text: str, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the stripped cells of each line below the head.

    The text is a table as a spreadsheet of any country saves it; blank lines are left out.
    Denied `table_head` if the first line does not name these columns, `table_broken`.
    """
    if "\0" in text:  # as in UTF-16 without its mark; no cell of a database takes it
        raise Denied("table_broken")
    body = text.lstrip("\ufeff")
    skipped = 0
    if body.lower().startswith(_SEPARATOR_LINE):
        body, skipped = body.partition("\n")[2], 1
    first = body.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    table = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    try:
        head = [cell.strip().lower() for cell in next(table, [])]
        if head != list(columns):
            raise Denied("table_head")
        for cells in table:
            if any(stripped := [cell.strip() for cell in cells]):
                yield table.line_num + skipped, stripped
    except csv.Error:
        raise Denied("table_broken") from None


def fault_of(row: TableRow) -> RowFault | None:
    """Return what is wrong with the row by itself; None if nothing."""
    is_unit, is_city = row.role == Role.UNIT, row.role in CITY_WIDE
    wrong = (
        (not row.username, RowFault.USERNAME),
        (not row.name, RowFault.NAME),
        (row.role not in OFFICIALS, RowFault.ROLE),
        (bool(row.district) and row.number is None, RowFault.NUMBER),
        (is_unit and not row.unit, RowFault.NEEDS_UNIT),
        (bool(row.unit) and not is_unit, RowFault.NO_UNIT),
        (bool(row.district) and is_city, RowFault.NO_DISTRICT),
        (not row.district and not is_city and not is_unit, RowFault.NEEDS_DISTRICT),
    )
    return next((fault for is_so, fault in wrong if is_so), None)


def written(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table for spreadsheets, safe from formulas, with the BOM that Windows needs."""
    return "\ufeff" + comma_separated([head, *rows])
