"""`found --places`: the city's table of streets, squares and stations, looked at first."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.domain.places import (
    KINDS,
    LONGEST,
    BadLineError,
    NamedPlace,
    Wrong,
    called,
    named_place,
)
from publicmeeting.domain.roles import COMMAND_LINE

if TYPE_CHECKING:
    from publicmeeting.application import Application

COLUMNS = ("name", "kind", "districts", "source")
_SHOWN = 5
"""Lines of a preview."""
_MOST = 100_000
_WORDS = {
    Wrong.NAMELESS: "a name is needed",
    Wrong.KIND: f"the kind is {', '.join(KINDS[:-1])} or {KINDS[-1]}, not «{{what}}»",
    Wrong.DISTRICTS: "the districts are numbers like 11;12, not «{what}»",
    Wrong.UNKNOWN_DISTRICT: "there is no district {what}: they are 1 to 22",
    Wrong.SOURCELESS: "a source is needed: who says so",
    Wrong.LONG: f"name and source have {LONGEST} letters at most",
}


def give_places(application: "Application", file: Path, *, write: bool) -> str:
    """Look at the table and say what it would change; with `write` it is the city's from then on.

    Raises `StopError` naming every bad line at once; then nothing was changed.
    """
    from publicmeeting.usecases.districts import places as usecases

    table = usecases.PlaceTable(places=tuple(read(file)))
    change = application.query_as(COMMAND_LINE, usecases.compare_places, table)
    lines = [
        f"{len(table.places)} places: {_kinds(table.places)}; {_districts(table.places)}.",
        f"{len(change.new)} are new or changed, {len(change.gone)} of the present table go.",
        *(f"  + {_line(one)}" for one in change.new[:_SHOWN]),
        *(f"  - {_line(one)}" for one in change.gone[:_SHOWN]),
    ]
    if not write:
        return "\n".join([*lines, "Nothing was changed: say so with --write."])
    application.execute_as(COMMAND_LINE, usecases.replace_places, table)
    return "\n".join([*lines, "The table is given: the next search knows it."])


def read(file: Path) -> list[NamedPlace]:
    """The lines of a table; blank ones are none. `StopError` where it is no such table."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StopError(f"{file} is not UTF-8: save the table as CSV UTF-8.") from None
    except OSError as problem:
        raise StopError(f"{file} cannot be read: {problem.strerror}.") from None
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[NamedPlace, int] = {}
    bad: list[str] = []
    try:
        head = [cell.strip().lower() for cell in next(table, [])]
        if head != list(COLUMNS):
            raise StopError(f"The first line of {file} must be: {','.join(COLUMNS)}")
        for cells in filter(any, table):
            _take(cells, table.line_num, found, bad)
    except csv.Error as problem:
        raise StopError(f"Line {table.line_num} of {file}: {problem}.") from None
    if bad:
        raise StopError("\n".join([*bad, "Nothing was changed."]))
    if not found:
        raise StopError(f"{file} names no place.")
    if len(found) > _MOST:
        raise StopError(f"{file} names {len(found)} places: {_MOST} at most.")
    return list(found)


def _take(cells: Sequence[str], line: int, found: dict[NamedPlace, int], bad: list[str]) -> None:
    if len(cells) != len(COLUMNS):
        bad.append(f"Line {line}: {len(cells)} columns instead of {len(COLUMNS)}.")
        return
    try:
        place = named_place(*cells)
    except BadLineError as wrong:
        bad.append(f"Line {line}: {_WORDS[wrong.why].format(what=wrong.what)}.")
        return
    if place in found:
        bad.append(f"Line {line}: the same stands on line {found[place]}.")
    found.setdefault(place, line)


def _kinds(places: Sequence[NamedPlace]) -> str:
    counts = Counter(one.kind for one in places)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])


def _districts(places: Sequence[NamedPlace]) -> str:
    counts = Counter(number for one in places for number in one.districts)
    return "by district " + " ".join(f"{number}:{counts[number]}" for number in sorted(counts))


def _line(place: NamedPlace) -> str:
    numbers = ", ".join(map(str, place.districts))
    return f"{called(place.name, place.kind)} · {numbers} · {place.source}"
