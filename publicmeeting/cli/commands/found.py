"""`found FILE`: sets up a real city once, from a table of its districts.

With `--places` it replaces the city's table of streets, squares and stations, at any time.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.machine.lock import tables_lock
from publicmeeting.cli.opening import opened
from publicmeeting.cli.stop import StopError, in_words, reading_table
from publicmeeting.config import settings
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.districts.places import (
    KINDS,
    LONGEST,
    BadLineError,
    NamedPlace,
    Wrong,
    called,
    named_place,
)
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.kit.digits import ascii_digits, is_number
from publicmeeting.usecases.officials.table import decoded, lines_of

if TYPE_CHECKING:
    from publicmeeting.application import Application

# `found --places`: the city's table of streets, squares and stations.

PLACE_COLUMNS = ("name", "kind", "districts", "source")
_SHOWN = 5
"""Maximum number of lines in a preview."""
_MOST = 100_000
_PLACE_WORDS = {
    Wrong.NAMELESS: "a name is needed",
    Wrong.KIND: f"the kind is {', '.join(KINDS[:-1])} or {KINDS[-1]}, not «{{what}}»",
    Wrong.DISTRICTS: "the districts are numbers like 11;12, not «{what}»",
    Wrong.UNKNOWN_DISTRICT: "there is no district {what}: they are 1 to 22",
    Wrong.SOURCELESS: "a source is needed: who says so",
    Wrong.LONG: f"name and source have {LONGEST} letters at most",
}


def give_places(application: "Application", file: Path, *, write: bool) -> str:
    """Compare the table with the present one, and report the changes; with `write`, replace it.

    Raises StopError with every bad line; then nothing was changed.
    """
    from publicmeeting.usecases.districts import places as usecases

    table = usecases.PlaceTable(places=tuple(read(file)))
    change = application.query_as(COMMAND_LINE, usecases.compare_places, table)
    lines = [
        f"{len(table.places)} places: {_kinds(table.places)}; {_districts(table.places)}.",
        f"{len(change.new)} are new or changed, {len(change.gone)} of the present table go.",
        *(f"  + {_line(place)}" for place in change.new[:_SHOWN]),
        *(f"  - {_line(place)}" for place in change.gone[:_SHOWN]),
    ]
    if not write:
        return "\n".join([*lines, "Nothing was changed: say so with --write."])
    application.execute_as(COMMAND_LINE, usecases.replace_places, table)
    return "\n".join([*lines, "The table is given: the next search knows it."])


def read(file: Path) -> list[NamedPlace]:
    """Return the rows of a table without blank lines; raises StopError for any other file."""
    found: dict[NamedPlace, int] = {}
    bad: list[str] = []
    for line, cells in _lines(file, PLACE_COLUMNS):
        _take(cells, line, found, bad)
    if bad:
        raise StopError("\n".join([*bad, "Nothing was changed."]))
    if not found:
        raise StopError(f"{file} names no place.")
    if len(found) > _MOST:
        raise StopError(f"{file} names {len(found)} places: {_MOST} at most.")
    return list(found)


def _lines(file: Path, columns: Sequence[str]) -> list[tuple[int, list[str]]]:
    with reading_table(file, columns):
        return list(lines_of(decoded(file.read_bytes()), columns))


def _take(cells: Sequence[str], line: int, found: dict[NamedPlace, int], bad: list[str]) -> None:
    if len(cells) != len(PLACE_COLUMNS):
        bad.append(f"Line {line}: {len(cells)} columns instead of {len(PLACE_COLUMNS)}.")
        return
    try:
        place = named_place(*cells)
    except BadLineError as wrong:
        bad.append(f"Line {line}: {_PLACE_WORDS[wrong.why].format(what=wrong.what)}.")
        return
    if place in found:
        bad.append(f"Line {line}: the same stands on line {found[place]}.")
    found.setdefault(place, line)


def _kinds(places: Sequence[NamedPlace]) -> str:
    counts = Counter(place.kind for place in places)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])


def _districts(places: Sequence[NamedPlace]) -> str:
    counts = Counter(number for place in places for number in place.districts)
    return "by district " + " ".join(f"{number}:{counts[number]}" for number in sorted(counts))


def _line(place: NamedPlace) -> str:
    numbers = ", ".join(map(str, place.districts))
    return f"{called(place.name, place.kind)} · {numbers} · {place.source}"


COLUMNS = ("district", "address", "hall", "mayor", "seats")
_SEATS = "09:00 09:15 09:30 09:45 10:00 10:15 10:30 10:45 11:00 11:15 11:30 11:45"

_WORDS = {
    "founded_before": "This city has its districts already: nothing was changed.",
    "district_unknown": "There is no district {number}: they are 1 to 22.",
    "district_twice": "District {number} stands there twice.",
    "place_missing": "District {number} needs an address, a hall and its mayor's name.",
    "log_key_malformed": (
        "--reserve must be the public key that log make-reserve prints for HOST/log, with host and "
        "port of PUBLICMEETING_URL."
    ),
    "seats_malformed": (
        "The seats of district {number} must be start times like 09:00 09:15, each after the "
        "one before."
    ),
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("found", help="set up a real city from a table of its districts")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help=f"CSV with the columns {', '.join(COLUMNS)}",
    )
    which.add_argument("--form", action="store_true", help="print an empty table to fill in")
    which.add_argument(
        "--places",
        type=Path,
        metavar="FILE",
        help=f"look at a table of streets, squares and stations: CSV with the "
        f"columns {', '.join(PLACE_COLUMNS)}",
    )
    parser.add_argument(
        "--write", action="store_true", help="with --places: the table is the city's from now on"
    )
    parser.add_argument(
        "--reserve",
        default="",
        metavar="KEY",
        help="with FILE: the public log's reserve key, as `log make-reserve` printed it",
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    if arguments.form:
        print(form(), end="")
        return
    if arguments.write and not arguments.places:
        raise StopError("--write goes with --places FILE.")
    with opened(settings()) as application, tables_lock(settings()):
        if arguments.places:
            print(give_places(application, arguments.places, write=arguments.write))
            return
        count = found(application, arguments.file, arguments.reserve)
    print(f"{count} districts have their units; their first Monday opens by itself.")
    print("Next: admin create for an administrator, and admin import for everybody else.")


def form() -> str:
    """Return a table of all districts with the seats of a usual morning; the rest is blank."""
    rows = [f"{district.number},,,,{_SEATS}" for district in DISTRICTS]
    return "\n".join([",".join(COLUMNS), *rows, ""])


def found(application: "Application", file: Path, reserve: str = "") -> int:
    """Set the city up, and return how many districts it has.

    Raises StopError with every bad line and district; then nothing was changed.
    """
    from publicmeeting.turns.tree.checkpoint import log_origin
    from publicmeeting.usecases.districts.founding import Found, faults, found_city

    origin = log_origin(application.host)
    command = Found(districts=tuple(_rows(file)), origin=origin, reserve=reserve)
    if wrong := [_WORDS[fault.key].format(**fault.facts) for fault in faults(command)]:
        raise StopError("\n".join([*wrong, "Nothing was changed."]))
    with in_words(_WORDS):
        return application.execute_as(COMMAND_LINE, found_city, command)


def _rows(file: Path) -> list[tuple[int, str, str, str, tuple[str, ...]]]:
    rows, odd = [], []
    for at, cells in _lines(file, COLUMNS):
        if len(cells) != len(COLUMNS) or not is_number(ascii_digits(cells[0]), 3):
            odd.append(f"Line {at} of {file} must have {len(COLUMNS)} fields, a number first.")
            continue
        number, address, hall, mayor, seats = cells
        starts = tuple(ascii_digits(start) for start in seats.split())
        rows.append((int(number), address, hall, mayor, starts))
    if odd:
        raise StopError("\n".join([*odd, "Nothing was changed."]))
    if not rows:
        raise StopError(f"{file} names no district.")
    return rows
