"""`found FILE`: a real city is set up from a table of its districts, once; with `--places` it gives
its streets, squares and stations, as often as they change."""

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.commands import places_file
from publicmeeting.cli.machine.lock import tables_lock
from publicmeeting.cli.stop import StopError
from publicmeeting.config import settings
from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.domain.errors import Refusal

if TYPE_CHECKING:
    from publicmeeting.application import Application

COLUMNS = ("district", "address", "hall", "mayor", "seats")
_SEATS = "09:00 09:15 09:30 09:45 10:00 10:15 10:30 10:45 11:00 11:15 11:30 11:45"

_WORDS = {
    "founded_before": "This city has its districts already: nothing was changed.",
    "district_unknown": "There is no district {number}: they are 1 to 22.",
    "district_twice": "District {number} stands there twice.",
    "place_missing": "District {number} needs an address, a hall and its mayor's name.",
    "log_key_malformed": (
        "--reserve must be a key of this site's log, name+id+base64: see log make-reserve."
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
        f"columns {', '.join(places_file.COLUMNS)}",
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
    from publicmeeting.application import open_application
    from publicmeeting.store.database.migrate import needs_upgrade

    if needs_upgrade(settings()):
        raise StopError("The database is not ready: run the migrate command first.")
    application = open_application(settings())
    try:
        with tables_lock(settings()):
            if arguments.places:
                print(places_file.give_places(application, arguments.places, write=arguments.write))
                return
            count = found(application, arguments.file, arguments.reserve)
    finally:
        application.store.close()
    print(f"{count} districts have their units; their first Monday opens by itself.")
    print("Next: admin create, for the desk, reception, units and mayor of each.")


def form() -> str:
    """A table with all districts, the seats of a usual morning, and the rest to be filled in."""
    rows = [f"{one.number},,,,{_SEATS}" for one in DISTRICTS]
    return "\n".join([",".join(COLUMNS), *rows, ""])


def found(application: "Application", file: Path, reserve: str = "") -> int:
    """Set the city up. `StopError` with what is wrong and in which line or district."""
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.turns.checkpoint import log_origin
    from publicmeeting.usecases.districts.founding import Found, found_city

    origin = log_origin(application.host)
    command = Found(districts=tuple(_rows(file)), origin=origin, reserve=reserve)
    try:
        return application.execute_as(COMMAND_LINE, found_city, command)
    except Refusal as refusal:
        raise StopError(_WORDS[refusal.key].format(**refusal.facts)) from None


def _rows(file: Path) -> list[tuple[int, str, str, str, tuple[str, ...]]]:
    try:
        # What spreadsheets save begins with a mark of its encoding.
        table = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as problem:
        raise StopError(f"{file} cannot be read as UTF-8 text: {problem}.") from None
    if tuple(table.fieldnames or ()) != COLUMNS:
        raise StopError(f"The first line of {file} must be: {','.join(COLUMNS)}")
    rows = []
    for at, row in enumerate(table, 2):
        texts = [row[name] for name in COLUMNS]
        if None in texts or None in row or not str(row["district"]).strip().isdecimal():
            raise StopError(f"Line {at} of {file} must have {len(COLUMNS)} fields, a number first.")
        number, address, hall, mayor, seats = (str(text).strip() for text in texts)
        rows.append((int(number), address, hall, mayor, tuple(seats.split())))
    if not rows:
        raise StopError(f"{file} names no district.")
    return rows
