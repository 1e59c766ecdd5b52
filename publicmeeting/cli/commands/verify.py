"""`verify`: checks published draw files, and with the public log their history, on this machine.

This is the product's own verifier (`turns`); `assets/verify_draw.py` is another that shares nothing
with it, and a third runs in the browser.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publicmeeting.turns import shape
from publicmeeting.turns.checkpoint import Checkpoint
from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import leaves, verify_chain
from publicmeeting.turns.machine.breaks import Found
from publicmeeting.turns.machine.files import LOG, against_log
from publicmeeting.turns.merkle import root_of
from publicmeeting.turns.note import NoteError, SignedNote
from publicmeeting.turns.verification import verify

WRONG, UNREADABLE = 1, 2


@dataclass(slots=True)
class _Read:
    """What the paths held: an array is a page of the log, all else a draw by its path."""

    files: dict[str, Any] = field(default_factory=dict)
    pages: list[list[Any]] = field(default_factory=list)

    @property
    def entries(self) -> list[Any]:
        return [entry for page in sorted(self.pages, key=_first_seq) for entry in page]


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("verify", help="check published draws and the public log")
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a draw file, a page of the log, or a folder of both",
    )
    parser.add_argument(
        "--log",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="the public log: one file, or one for each of its pages",
    )
    parser.add_argument(
        "--checkpoint",
        type=Path,
        metavar="FILE",
        help="a signed checkpoint: whether the log begins with what was signed",
    )
    parser.add_argument("--ticket", default="", help="say where this ticket stands")
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> int:
    try:
        read = _read([*arguments.paths, *arguments.log])
    except ValueError as unreadable:
        print(f"{unreadable}: this cannot be read as JSON; is it cut off?", file=sys.stderr)
        return UNREADABLE
    if not read.files and not read.entries:
        print("There is neither a draw nor a log here.", file=sys.stderr)
        return UNREADABLE
    try:
        signed = _checkpoint(arguments.checkpoint) if arguments.checkpoint else None
    except ValueError as unreadable:
        print(f"{unreadable}: this is no checkpoint; is it cut off?", file=sys.stderr)
        return UNREADABLE
    findings = list(_findings(read, signed))
    if arguments.ticket:
        places = list(_places(arguments.ticket, read))
        print("\n".join(places or [_nowhere(arguments.ticket, read)]))
        findings += [] if places else [arguments.ticket]
    verdict = "WRONG" if findings else "FINE"
    print(f"{verdict}: {len(read.files)} files, {len(read.entries)} log entries")
    return WRONG if findings else 0


def _read(paths: Iterable[Path]) -> _Read:
    """ValueError, with the path, for what is no JSON."""
    read = _Read()
    for path in _each(paths):
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise ValueError(str(path)) from None
        if isinstance(value, list):
            read.pages.append(value)
        else:
            read.files[str(path)] = value
    return read


def _each(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.json")) if path.is_dir() else [path]


def _first_seq(page: Sequence[object]) -> int:
    first = page[0] if page else None
    seq = first.get("seq") if isinstance(first, dict) else None
    return seq if isinstance(seq, int) and shape.is_count(seq) else 0


def _checkpoint(path: Path) -> Checkpoint:
    """ValueError, with the path, for what is none; whose signatures it has is not looked at."""
    try:
        return Checkpoint.read(SignedNote.read(path.read_bytes()).text)
    except (OSError, NoteError):
        raise ValueError(str(path)) from None


def root_faults(entries: Sequence[object], signed: Checkpoint | None) -> Iterator[Finding]:
    """Whether the log begins with what was signed."""
    if signed is not None:
        first = leaves(entries[: signed.size])
        if len(first) < signed.size or root_of(first) != signed.root:
            yield Finding(FindingCode.ROOT_DIFFERS, str(signed.size))


def _findings(read: _Read, signed: Checkpoint | None) -> Iterator[str]:
    """Prints each finding in one sentence and passes on where it was."""
    whole: dict[str, Mapping[str, Any]] = {}
    for path, file in read.files.items():
        faults = verify(file)
        yield from _lines(path, faults)
        if not faults:
            whole[path] = file
    broken = verify_chain(read.entries) or tuple(root_faults(read.entries, signed))
    yield from _lines(LOG, broken)
    if broken or not read.pages:
        return
    agreement = against_log(whole.values(), read.entries)
    for name, found in agreement.faults.items():
        for one in found:
            print(f"{name}: {_said(one)}")
            yield name


def _said(found: Found) -> str:
    """A break in words, with the entry and the ticket that it is about."""
    parts = [found.code.value.replace("_", " ")]
    parts += [f"entry {found.seq}"] if found.seq else []
    return ", ".join([*parts, *([f"ticket {found.ticket}"] if found.ticket else [])])


def _lines(name: str, faults: Iterable[Finding]) -> Iterator[str]:
    for fault in faults:
        # A place may hold a key of the file as it stands: no byte of it may steer the terminal.
        place = json.dumps(fault.place)[1:-1]
        print(f"{name}: {_SENTENCES[fault.code].format(place=place)}")
        yield name


def _places(ticket: str, read: _Read) -> Iterator[str]:
    for file in read.files.values():
        if verify(file) or not any(row["ticket"] == ticket for row in file.get("pool", ())):
            continue
        seat = next((one for one in file.get("seated", ()) if one["ticket"] == ticket), None)
        if seat:
            yield f"{file['draw']}: a seat at {seat['time']} ({seat['why']})"
        elif "standby" in file:
            place = file["standby"].index(ticket) + 1
            yield f"{file['draw']}: number {place} of the standby"
        else:
            yield f"{file['draw']}: in the list, not drawn yet"


def _nowhere(ticket: str, read: _Read) -> str:
    for entry in read.entries:
        if isinstance(entry, dict) and entry.get("kind") == Kind.FILED:
            body = entry.get("body")
            if isinstance(body, dict) and body.get("ticket") == ticket:
                return f"{ticket}: this ticket is of district {body.get('district')}, no list here."
    return f"{ticket}: this ticket is in no list here; is the receipt of another district?"


_SENTENCES: Mapping[FindingCode, str] = {
    FindingCode.NOT_A_FILE: "this is not a draw file.",
    FindingCode.KEY_MISSING: "the key {place} is missing.",
    FindingCode.KEY_TOO_MANY: "the key {place} does not belong here.",
    FindingCode.MALFORMED: "what stands at {place} is not in its right form.",
    FindingCode.DISTRICT_DIFFERS: "the draw's name is of another district.",
    FindingCode.RULES_HASH_DIFFERS: "the rules are not those of the rules' hash.",
    FindingCode.CITY_COMMITMENT_MISSING: "the city had committed to nothing.",
    FindingCode.POOL_NOT_SORTED: "the rows are not in their order.",
    FindingCode.TICKET_TWICE: "one ticket is in the list twice: {place}",
    FindingCode.POOL_ROOT_DIFFERS: "the list is not the one of its root.",
    FindingCode.REVEAL_UNCOMMITTED: "a value nobody had committed to: {place}",
    FindingCode.REVEAL_DIFFERS: "not the value that was committed to: {place}",
    FindingCode.SEED_DIFFERS: "the seed does not follow from list and values.",
    FindingCode.SEATED_DIFFERS: "the seats do not follow from the rule.",
    FindingCode.STANDBY_DIFFERS: "the standby does not follow from the rule.",
    FindingCode.SEQ_BROKEN: "the log has a gap or a repetition at entry {place}.",
    FindingCode.TIME_GOES_BACK: "entry {place} is dated before the one before it.",
    FindingCode.ROOT_DIFFERS: "the log is not the one that was signed.",
}
