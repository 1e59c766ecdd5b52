"""`log`: signing keys of the public log, and recovery of entries from a copy."""

import argparse
import getpass
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.opening import opened
from publicmeeting.cli.stop import StopError, in_words, line_from_stdin
from publicmeeting.config import settings
from publicmeeting.store.public_record.newest_note import NOTE_FILE, NewestNote

if TYPE_CHECKING:
    from publicmeeting.application import Application

_WORDS = {
    "not_found": "The log has no key yet: set the city up with the found command.",
    "log_key_malformed": "This is no reserve key of this log, as log make-reserve prints it: "
    "nothing was changed.",
    "copy_foreign": "The keys of this log have not signed that copy: nothing was changed.",
    "copy_gap": "Entries between this log and that copy are missing: name a whole copy, or put "
    "the files of newest entries of all machines together.",
    "copy_broken": "The copy's entries are not those that were signed: nothing was changed.",
    "copy_shorter": "The copy has no more than this log, or less than was signed last. If this log "
    "has a damaged row, key or note, restore the database and fill it then.",
    "log_differs": "This log is not the beginning of that copy: one of the two was changed.",
    "log_behind": "This log has less than was signed last, or an end, a key or a row that is not "
    "as signed: nothing was changed. Run doctor, and restore the database or fill the log.",
}

_NO_NOTE = (
    "The key is as an older program sealed it or damaged, and {note} does not show what was signed "
    "last: put that file of another machine there, or a witness's newest checkpoint under this "
    "name, readable for the servers' user. Nothing was changed."
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("log", help="show, make and name the public log's keys")
    which = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    keys = which.add_parser("keys", help="print the keys, for posters and witnesses")
    keys.set_defaults(perform=_with_application, what=show_keys)
    made = which.add_parser(
        "make-reserve", help="make a reserve key, best where no network is; stores nothing"
    )
    made.add_argument(
        "origin", type=_origin, metavar="ORIGIN", help="the log's name: HOST/log or HOST:PORT/log"
    )
    made.set_defaults(perform=lambda arguments: print(make_reserve(arguments.origin)))
    named = which.add_parser("set-reserve", help="name the reserve key by its public half")
    named.add_argument("key", metavar="KEY", help="name+id+base64")
    named.set_defaults(perform=_with_application, what=set_reserve)
    used = which.add_parser(
        "use-reserve",
        help="the daily key is lost or stolen: asks for the reserve's private half, or reads it",
    )
    used.set_defaults(perform=_with_application, what=use_reserve)
    filled = which.add_parser(
        "fill", help="give a log that was restored from before what it has lost since"
    )
    filled.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help="a witness's copy (checkpoint, and entries or tile/entries), or everything.zip; "
        "without one, the newest entries in this machine's data folder",
    )
    filled.set_defaults(perform=_with_application, what=fill)


def _origin(text: str) -> str:
    """Return the log's name; an error of use if no city can have it.

    Otherwise the key would be on paper at a witness before `found` refuses it.
    """
    from publicmeeting.turns.tree.checkpoint import log_origin

    host = text.removesuffix("/log")
    if not host or "/" in host or text != log_origin(host):
        raise argparse.ArgumentTypeError(
            f"{text} is no log's name: write the host of PUBLICMEETING_URL in small letters, "
            "and /log, as in meeting.example/log"
        )
    return text


def _with_application(arguments: argparse.Namespace) -> None:
    with opened(settings()) as application, in_words(_WORDS):
        print(arguments.what(application, arguments))


def make_reserve(origin: str) -> str:
    """Return a new key as text; it is not stored."""
    from publicmeeting.turns.tree.checkpoint import city_key
    from publicmeeting.turns.tree.note import SEED

    seed = secrets.token_bytes(SEED)
    return (
        f"private, on paper, sealed at a witness:  {seed.hex()}\n"
        f"public, for set-reserve and posters:     {city_key(origin, seed).vkey}"
    )


def show_keys(application: "Application", _arguments: argparse.Namespace) -> str:
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.base import Nothing
    from publicmeeting.usecases.public_record.tree import city_keys

    keys = application.query_as(COMMAND_LINE, city_keys, Nothing())
    return f"origin:  {keys.origin}\ndaily:   {keys.daily}\nreserve: {keys.reserve or 'none yet'}"


def set_reserve(application: "Application", arguments: argparse.Namespace) -> str:
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.public_record.tree import ReserveKey, set_reserve_key

    note = settings().data_dir / NOTE_FILE
    is_there = NewestNote(note).read() is not None
    with in_words(_WORDS if is_there else _WORDS | {"log_behind": _NO_NOTE.format(note=note)}):
        application.execute_as(COMMAND_LINE, set_reserve_key, ReserveKey(key=arguments.key))
    return "The reserve key is named; rules announced from now on have it."


def use_reserve(application: "Application", _arguments: argparse.Namespace) -> str:
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.public_record.tree import PrivateKey, use_reserve_key

    asks = sys.stdin.isatty()
    seed = getpass.getpass("Private half, from its paper: ") if asks else line_from_stdin()
    application.execute_as(COMMAND_LINE, use_reserve_key, PrivateKey(seed=seed))
    return "The reserve key signs now. Make another reserve, and announce rules with both."


def fill(application: "Application", arguments: argparse.Namespace) -> str:
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.public_record.filling import LogCopy, lost_entries
    from publicmeeting.worker.recovery import recover

    if arguments.folder is None:
        note, entries, first = _own_copy(settings().data_dir / NOTE_FILE)
        command = LogCopy(note=note, entries=tuple(entries), first=first)
    else:
        note, copied = read_copy(arguments.folder)
        command = LogCopy(note=note, entries=tuple(copied))
    lost = application.query_as(COMMAND_LINE, lost_entries, command)
    if not lost:
        return "Nothing was filled: this log has all that was signed last here. Run doctor."
    # If the folder was lost with the database, only this file makes a city refuse to start while
    # the recovery is incomplete. Otherwise its log would fork.
    NewestNote(settings().data_dir / NOTE_FILE).put(command.note)
    print(f"  {len(lost)} entries are missing", flush=True)
    found = recover(
        application.store, lost, lambda done: print(f"  {done} of {len(lost)}", flush=True)
    )
    made = found.size - found.before - len(found.in_log_alone)
    return (
        f"The log had {found.before} entries and has {found.size} now. What {made} of them tell "
        f"was done again; {len(found.in_log_alone)} stand in the log alone. Run doctor."
    )


def _own_copy(path: Path) -> tuple[str, list[bytes], int]:
    """Return this machine's newest note, its newest consecutive entries, the first one's number."""
    try:
        note, entries = NewestNote(path).lines()
    except OSError as problem:
        raise StopError(f"{path} cannot be read: {problem.strerror}.") from None
    if not entries:
        raise StopError(f"No entries lie beside {path}: name a copy.")
    first = last = max(entries)
    while first - 1 in entries:
        first -= 1
    return note, [entries[number] for number in range(first, last + 1)], first


def read_copy(place: Path) -> tuple[str, list[bytes]]:
    """Return the checkpoint and the entries of a copy of the log.

    Raises StopError if a part cannot be read or the copy is shorter than its checkpoint.
    """
    from publicmeeting.cli.log_copy import CopyError, read_entries

    try:
        return read_entries(place)
    except CopyError as problem:
        raise StopError(
            f"{place} is no whole copy of the log: {problem.place} is not there or cannot be read."
        ) from None
