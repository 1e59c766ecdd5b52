"""Pairing of a database and a file store, and the checks that they belong together.

A typo in `DATABASE_URL`, an incomplete move of a server and a restore drill look the same: a
database that names none of the files beside it. Both therefore carry the installation's id. The
files also carry the newest log entry seen with them, so that a database without that entry is known
to be restored from an older backup. Every file named in the database must exist, open and be
unchanged.
"""

import hashlib
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.codes import token
from publicmeeting.media.files import Files, Mark
from publicmeeting.media.storage import SealedStorage
from publicmeeting.store.filing.images import UNNAMED_STAYS
from publicmeeting.store.orders.papers import FROM_OUTSIDE, OF_OURS
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.usecases.base import Nothing, usecase
from publicmeeting.usecases.oversight.findings import Finding

_INSTALLATION = "installation"
_BEGUN = "begun "


class Pairing(StrEnum):
    """How the installation ids of a database and its files compare."""

    FITS = "fits"
    OLDER_DATABASE = "older_database"
    """They belong together, but the files were seen with a later state of the database."""
    DIFFERENT = "different"
    UNKNOWN_FILES = "unknown_files"
    """The database belongs to an installation; the files do not name theirs."""
    UNKNOWN_DATABASE = "unknown_database"
    """The files belong to an installation; the database does not name one."""
    STRANGERS = "strangers"
    """Neither names one, and only one of the two has content."""

    @property
    def may_serve(self) -> bool:
        return self in {Pairing.FITS, Pairing.OLDER_DATABASE}


def pairing(store: Store, files: Files, now: datetime) -> Pairing:
    """Compare the two without changing either."""
    seen = inspect_files(files)
    with store.unit_of_work(now, reading=True) as uow:
        return pairing_of(uow, seen)


def pair(store: Store, files: Files, now: datetime, *, adopt: bool = False) -> Pairing:
    """Write the installation's id where it is missing, if nothing contradicts it.

    With `adopt` these files become this database's, whatever their ids are. If the result may not
    serve, nothing was written.
    """
    seen = inspect_files(files)
    with store.unit_of_work(now) as uow:
        found = pairing_of(uow, seen)
        if found is not Pairing.FITS and not adopt:
            return found
        known = _id(uow)
        # A database without an id that adopts marked files takes a new id, not theirs. The database
        # with the old id is then refused, so that two never sweep the same files.
        own = known or token()
        is_recorded = seen.mark is not None and seen.mark.installation == own and not adopt
        if not is_recorded or own != known:
            # A crash between the two writes must not leave them unpaired.
            uow.facts.put(_INSTALLATION, f"{_BEGUN}{own}")
        head = uow.log.head()
    if not is_recorded:
        files.set_mark(Mark(own, head.seq, head.root))
    with store.unit_of_work(now) as uow:
        uow.facts.put(_INSTALLATION, own)
    return Pairing.FITS


@dataclass(frozen=True, slots=True)
class FilesState:
    """State of the files, read before a transaction, which must not wait for a file store."""

    mark: Mark | None
    is_empty: bool


def inspect_files(files: Files) -> FilesState:
    """Read the state of the files; `OSError` if the store is unreachable."""
    mark = files.mark()
    return FilesState(mark, files.is_empty())


def database_mark(uow: UnitOfWork) -> Mark | None:
    """Return the mark of this database state for the files; None before an id exists."""
    known = _id(uow)
    if known is None:
        return None
    head = uow.log.head()
    return Mark(known, head.seq, head.root)


def pairing_of(uow: UnitOfWork, seen: FilesState) -> Pairing:
    """Return the pairing inside a transaction, for files inspected before it."""
    known, mark = _id(uow), seen.mark
    if mark is None and (uow.facts.get(_INSTALLATION) or "").startswith(_BEGUN):
        return Pairing.FITS
    if known is not None and mark is not None:
        if known != mark.installation:
            return Pairing.DIFFERENT
        is_known = not mark.seq or uow.log.was(mark.seq, mark.hash)
        return Pairing.FITS if is_known else Pairing.OLDER_DATABASE
    if known is None and mark is not None:
        # Even if the store is empty: it may be the folder or bucket of another new database.
        return Pairing.UNKNOWN_DATABASE
    if known is not None:
        # Even if nothing lies there: a second machine may name a place of its own.
        return Pairing.UNKNOWN_FILES
    # Data older than these ids: both have content, or neither has.
    names = uow.inspection.names_files()
    return Pairing.FITS if names is not seen.is_empty else Pairing.STRANGERS


def _id(uow: UnitOfWork) -> str | None:
    recorded = uow.facts.get(_INSTALLATION)
    return recorded.removeprefix(_BEGUN) if recorded is not None else None


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
    named: Names, files: SealedStorage, now: datetime, *, is_swept: bool = True
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


def broken(named: Names, files: SealedStorage, stored_names: Container[str]) -> Iterator[Finding]:
    """Report named files that are missing, unreadable or changed."""
    known: dict[str, str] = {}
    for who, name in named:
        if name not in known:
            known[name] = _fault(files, name) if name in stored_names else "is missing"
        if known[name]:
            yield Finding(who, f"its file {name} {known[name]}")


def _fault(files: SealedStorage, name: str) -> str:
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
