"""Whether a database and a store of files belong together, and who says so when they are new.

A typo in `DATABASE_URL`, a server moved by halves and a restore drill all look alike: a database
that names none of the files beside it. So each of the two carries the installation's id, and the
files also the newest entry of the public log they were seen with: a database without that entry
has been restored from before.
"""

from datetime import datetime
from enum import StrEnum

from publicmeeting.kit.codes import token
from publicmeeting.media.files import Files, Mark
from publicmeeting.store.unit import Store, Work

_INSTALLATION = "installation"


class Pairing(StrEnum):
    """What a database and its files say of each other."""

    FITS = "fits"
    OLDER_DATABASE = "older_database"
    """They belong together, but the files have been seen with a later state of the database."""
    DIFFERENT = "different"
    UNKNOWN_FILES = "unknown_files"
    """The database belongs to an installation; these files do not say of which they are."""
    UNKNOWN_DATABASE = "unknown_database"
    """The files belong to an installation; this database is of none."""
    STRANGERS = "strangers"
    """Neither says anything, and one of the two is empty beside the other's content."""

    @property
    def may_serve(self) -> bool:
        return self in {Pairing.FITS, Pairing.OLDER_DATABASE}


def pairing(store: Store, files: Files, now: datetime) -> Pairing:
    """Reads both, changes neither."""
    with store.work(now, reading=True) as work:
        return _pairing(work, files, files.mark())


def pair(store: Store, files: Files, now: datetime, *, adopt: bool = False) -> Pairing:
    """Write the installation's id wherever it is missing, if nothing speaks against it.

    `adopt`: whatever they say, from now on these files are this database's. Where the answer may
    not serve, nothing was written.
    """
    with store.work(now) as work:
        mark = files.mark()
        found = _pairing(work, files, mark)
        if found is Pairing.FITS or adopt:
            known = work.clockwork.get(_INSTALLATION)
            mine = known or (mark.installation if mark else token())
            if mine != known:
                work.clockwork.put(_INSTALLATION, mine)
            if mark is None or mark.installation != mine or adopt:
                files.set_mark(Mark(mine, *work.log.head()))
            return Pairing.FITS
        return found


def follow(work: Work, files: Files) -> None:
    """Let the files remember this state of the database; only for a pair that fits."""
    known = work.clockwork.get(_INSTALLATION)
    if known is not None:
        files.set_mark(Mark(known, *work.log.head()))


def pairing_of(work: Work, files: Files) -> Pairing:
    """`pairing` inside a work that reads."""
    return _pairing(work, files, files.mark())


def _pairing(work: Work, files: Files, mark: Mark | None) -> Pairing:
    known = work.clockwork.get(_INSTALLATION)
    if known is not None and mark is not None:
        if known != mark.installation:
            return Pairing.DIFFERENT
        seen = not mark.seq or work.log.hash_of(mark.seq) == mark.hash
        return Pairing.FITS if seen else Pairing.OLDER_DATABASE
    names, empty = work.inspection.names_files(), files.is_empty()
    if known is None and mark is None:
        # From a program before there were ids: both have something, or neither has.
        return Pairing.FITS if names is not empty else Pairing.STRANGERS
    if empty and not names:
        return Pairing.FITS
    return Pairing.UNKNOWN_DATABASE if known is None else Pairing.UNKNOWN_FILES
