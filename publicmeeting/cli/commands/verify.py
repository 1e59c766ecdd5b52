"""`verify`: audits a copy of the public log, or single draw files, on this machine.

It uses the product's own auditor (`turns`). `assets/verify_draw.py` is an independent second one,
and a third runs in the browser.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from publicmeeting.turns.finding import Finding
    from publicmeeting.turns.machine.breaks import Found
    from publicmeeting.turns.machine.copies import Audited

WRONG, UNREADABLE, UNWITNESSED = 1, 2, 3

_UNREADABLE = {
    "one_copy": "Name one copy of the log, or draw files only; {place} is too many.",
    "no_folder": "{place}: there is neither a copy of the log nor a draw file here.",
    "no_checkpoint": "There is no readable checkpoint of a log here.",
    "tile_missing": "{place} is missing here. Download the log again.",
    "cut_off": "{place}: this cannot be read; is it cut off?",
    "no_receipt": "{place}: this is no signed receipt or checkpoint of this log.",
}
_VERDICTS = {
    "en": {0: "FINE", WRONG: "WRONG", UNWITNESSED: "NO WITNESS"},
    "fa": {0: "درست", WRONG: "نادرست", UNWITNESSED: "بی‌شاهد"},
}
_NOTES = {"en": "note", "fa": "یادآوری"}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("verify", help="audit a copy of the public log, or draw files")
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="everything.zip, a folder that a witness or mirror has, or draw files",
    )
    parser.add_argument(
        "--receipt",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a signed receipt, or a checkpoint kept from before",
    )
    parser.add_argument("--ticket", default="", help="say where this ticket stands")
    parser.add_argument("--lang", choices=["en", "fa"], default="en")
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> int:
    from publicmeeting.cli.log_copy import CopyError
    from publicmeeting.kit.digits import persian
    from publicmeeting.text.public_record import verify_text

    try:
        files, size, lines, code = _checked(arguments)
    except CopyError as unreadable:
        sentence = _UNREADABLE[unreadable.word].format(place=_plain(unreadable.place))
        print(sentence, file=sys.stderr)
        return UNREADABLE
    for line in lines:
        print(line)
    if arguments.ticket:
        places = list(_places(arguments.ticket, files))
        print("\n".join(places or [f"{arguments.ticket}: this ticket is in no list here."]))
        code = code if places else WRONG
    verdict = _VERDICTS[arguments.lang][code]
    if arguments.lang == "fa":
        counts = verify_text.COPY_TOTAL.format(files=persian(len(files)), size=persian(size))
        print(f"{verdict}: {counts}")
    else:
        print(f"{verdict}: {len(files)} draws, {size} log entries")
    return code


def _checked(arguments: argparse.Namespace) -> tuple[Mapping[str, Any], int, list[str], int]:
    """Return draw files by name, the number of entries, the lines of the report, the exit code."""
    from publicmeeting.cli.log_copy import CopyError, read_draw, read_log_copy
    from publicmeeting.turns.machine.breaks import Break
    from publicmeeting.turns.machine.copies import audit_copy
    from publicmeeting.turns.tree.note import NoteError
    from publicmeeting.turns.verification import verify

    paths: Sequence[Path] = arguments.paths
    if all(path.suffix == ".json" for path in paths):
        files = {str(path): read_draw(_bytes(path), str(path)) for path in paths}
        lines = [
            line
            for name, file in files.items()
            for line in _of_file(name, verify(file), arguments.lang)
        ]
        return files, 0, lines, WRONG if lines else 0
    if len(paths) > 1:
        raise CopyError("one_copy", str(paths[1]))
    copy = read_log_copy(paths[0])
    receipts = [_bytes(path) for path in arguments.receipt]
    try:
        audited = audit_copy(copy, receipts)
    except NoteError:
        raise CopyError("no_receipt", str(arguments.receipt[0])) from None
    lines = list(_lines(audited, arguments.lang))
    faults = [found for found in audited.found if not found.code.is_note]
    if faults or audited.of_files:
        code = WRONG
    else:  # the log is fine; whether it has a witness outside the city is a separate question
        is_alone = any(found.code is Break.UNWITNESSED for found in audited.found)
        code = UNWITNESSED if is_alone else 0
    return copy.files, len(copy.entries), lines, code


def _bytes(path: Path) -> bytes:
    from publicmeeting.cli.log_copy import CopyError, read_some

    try:
        return read_some(path)
    except (OSError, ValueError):
        raise CopyError("cut_off", str(path)) from None


def _plain(name: str) -> str:
    """Return a file name or a name from a file with terminal control characters escaped."""
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in name)


def _lines(audited: "Audited", language: str) -> Iterator[str]:
    """Yield the report: faults in the order of the log, then notes."""
    for name, wrong in audited.of_files.items():
        yield from _of_file(name, wrong, language)
    for found in sorted(audited.found, key=lambda one: (one.code.is_note, one.seq, one.draw)):
        note = f"{_NOTES[language]}: " if found.code.is_note else ""
        yield f"{note}{_sentence(found, language)} [{found.code.value}]"


def _sentence(found: "Found", language: str) -> str:
    """Return a sentence for a break, with its entry, draw and ticket."""
    from publicmeeting.kit.digits import persian
    from publicmeeting.text.public_record.verify_text import BREAK

    ticket = f"{found.ticket[:12]}…" if found.ticket else ""
    if language == "fa":
        broken = BREAK[found.code].format(seq=persian(found.seq), draw=found.draw)
        return " · ".join(filter(None, [broken, ticket]))
    entry = f"entry {found.seq}" if found.seq else ""
    place = " · ".join(filter(None, [entry, found.draw, ticket])) or "log"
    return f"{place}: {found.code.value.replace('_', ' ')}"


def _of_file(name: str, faults: Sequence["Finding"], language: str) -> Iterator[str]:
    from publicmeeting.text.public_record.verify_text import FINDING

    for fault in faults:
        # A place may contain a key of the file, unescaped.
        place = json.dumps(fault.place)[1:-1]
        sentence = f"{fault.code.value.replace('_', ' ')}: {place}"
        if language == "fa":
            sentence = FINDING[fault.code].format(place=place)
        yield f"{_plain(name)}: {sentence} [{fault.code.value}]"


def _places(ticket: str, files: Mapping[str, Any]) -> Iterator[str]:
    from publicmeeting.turns.verification import verify

    for file in files.values():
        if verify(file) or not any(row["ticket"] == ticket for row in file.get("pool", ())):
            continue
        seat = next((drawn for drawn in file.get("seated", ()) if drawn["ticket"] == ticket), None)
        if seat:
            yield f"{file['draw']}: a seat at {seat['time']} ({seat['why']})"
        elif "standby" in file:
            place = file["standby"].index(ticket) + 1
            yield f"{file['draw']}: number {place} of the standby"
        else:
            yield f"{file['draw']}: in the list, not drawn yet"
