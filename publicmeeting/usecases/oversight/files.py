"""Check that every file named in the database exists, opens and is unchanged."""

import hashlib
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.media.storage import Storage
from publicmeeting.store.filing.images import UNNAMED_STAYS
from publicmeeting.store.orders.document_audit import FROM_OUTSIDE, OF_OURS
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Nothing, usecase
from publicmeeting.usecases.oversight.findings import Finding

NOT_SWEPT = 2 * UNNAMED_STAYS
"""Minimum age to report an unnamed file; a younger one may be new, or wait for the sweep."""

UNNAMED = "nothing names it"

Names = tuple[tuple[str, str], ...]
"""Pairs of the object that names a file, and the file."""


@dataclass(frozen=True, slots=True)
class Named:
    images: Names
    originals: Names


@usecase(Role.ADMINISTRATOR)
def named_files(uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> Named:
    """Return all files named by pictures, order custody and hall recordings.

    These are the files that a sweep must leave (`worker.cleanup.named_by`); `file_findings` checks
    them.
    """
    return Named(
        (*_pictures(uow.inspection.images()), *_custody(uow, OF_OURS)),
        (
            *_pictures(uow.inspection.originals()),
            *_custody(uow, FROM_OUTSIDE),
            *(
                (f"recording {clip} of district {district}", name)
                for district, clip, name in uow.halls.recordings()
            ),
        ),
    )


def file_findings(
    named: Names, files: Storage, now: datetime, *, is_swept: bool = True
) -> Iterator[Finding]:
    """Report files that are missing, unreadable, changed or unnamed.

    Unnamed ones are reported only if a sweep should have moved them by now.
    """
    stored_names = files.names()
    yield from broken(named, files, stored_names)
    known = {name for _, name in named}
    for name, put_at in stored_names.items():
        if is_swept and name not in known and now - put_at > NOT_SWEPT:
            yield Finding(f"file {name}", UNNAMED)


def broken(named: Names, files: Storage, stored_names: Container[str]) -> Iterator[Finding]:
    """Report named files that are missing, unreadable or changed."""
    known: dict[str, str] = {}
    for who, name in named:
        if name not in known:
            known[name] = _fault(files, name) if name in stored_names else "is missing"
        if known[name]:
            yield Finding(who, f"its file {name} {known[name]}")


def _fault(files: Storage, name: str) -> str:
    try:
        data = files.get(name)
    except (KeyError, OSError):
        return "cannot be opened"
    return "" if hashlib.sha256(data).hexdigest() == name else "is not what it was"


def _pictures(rows: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((f"picture {key}", name) for key, name in rows)


def _custody(uow: UnitOfWork, parts: frozenset[SheetPart]) -> Iterator[tuple[str, str]]:
    for sheet, part, name in uow.document_audit.files():
        if part in parts:
            yield f"{part} of order {sheet}", name
