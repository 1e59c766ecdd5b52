"""What nobody needs any more is forgotten, once an hour by the machine's clock.

Rows go by their age. Files never go because something is absent: whatever no row names is moved
into the trash of its day, from where it comes back by itself as soon as a row names it, and stays
there for thirty days and until `doctor` has found all files in order without it.
"""

import logging
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from publicmeeting.kit.clock import tehran_day
from publicmeeting.media.storage import is_sha
from publicmeeting.store.filing.images import UNNAMED_STAYS
from publicmeeting.store.orders.document_audit import FROM_OUTSIDE, OF_OURS
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.usecases.lifecycle.effects.attendance import forget_past
from publicmeeting.usecases.oversight.installation import (
    FilesState,
    Pairing,
    database_mark,
    inspect_files,
    pairing_of,
)
from publicmeeting.worker.parts import Parts

EVERY = timedelta(hours=1)
TRASH_STAYS = timedelta(days=30)
MARKS_STAY = timedelta(days=365)
"""After that an ended request is found by its tracking code alone."""
_MOST, _MOST_OF = 50, 100
"""How many files that nobody has dropped may go at once: so many, or one in a hundred."""

SWEEP = "sweep"
_STOPPED = "sweep_stopped"
_FILES_FINE = "files_fine"
_WERE_FINE = "files_were_fine"
_LEASE = timedelta(minutes=5)
_REST = timedelta(minutes=1)
"""After a try that failed, or that another process was making."""
_log = logging.getLogger(__name__)


class Stop(StrEnum):
    """Why no file was moved or purged."""

    NO_REQUESTS = "no_requests"
    UNCHECKED = "unchecked"
    """`doctor` has not yet found the files in order."""
    NO_LONGER_FINE = "no_longer_fine"
    """It has, and does not any more: until somebody has looked, nothing erased is deleted."""
    UNPAIRED = "unpaired"
    OLDER_DATABASE = "older_database"
    FILES_MISSING = "files_missing"
    TOO_MANY = "too_many"

    @property
    def is_alarming(self) -> bool:
        """Whether somebody has to look; a young installation only waits."""
        return self not in {Stop.NO_REQUESTS, Stop.UNCHECKED}


_BY_DOCTOR = frozenset({Stop.UNCHECKED, Stop.NO_LONGER_FINE})
_ENDED_BY_DOCTOR = _BY_DOCTOR | {Stop.FILES_MISSING}


@dataclass(frozen=True, slots=True)
class Stopped:
    why: Stop
    files: int = 0
    """How many it is about."""

    def __str__(self) -> str:
        return f"{self.why.value} {self.files}"


@dataclass(frozen=True, slots=True)
class CleanupReport:
    """What one sweep of the files did; `stopped` says what it left undone."""

    discarded: int = 0
    brought_back: int = 0
    purged: int = 0
    stopped: Stopped | None = None


class Cleanup:
    """One per process; of several, the holder of the lease sweeps."""

    def __init__(self, application: Parts, holder: str) -> None:
        self._application = application
        self._holder = holder
        self._next: datetime | None = None

    def sweep(self) -> None:
        """Sweep if an hour has passed since anybody did; a second run finds nothing to do."""
        now = self._application.clock()
        if self._next is not None and now < self._next:
            return
        self._next = now + _REST
        if self._rows(now):
            sweep_files(self._application, now)
            with self._application.store.unit_of_work(now) as uow:
                uow.clockwork.mark_done(SWEEP, now)
                uow.clockwork.lease(SWEEP, self._holder, timedelta(0))

    def _rows(self, now: datetime) -> bool:
        """One transaction; False when it is not time yet, or another process is at it."""
        with self._application.store.unit_of_work(now, reading=True) as uow:
            done = uow.clockwork.done_at(SWEEP)
        # A seeded city, with a clock of its own, may have swept in the future.
        if done is not None and done <= now < done + EVERY:
            self._next = done + EVERY
            return False
        with self._application.store.unit_of_work(now) as uow:
            if not uow.clockwork.lease(SWEEP, self._holder, _LEASE):
                return False
            forget(uow)
        return True


def forget(uow: UnitOfWork) -> None:
    """Sign-ins that ended, drafts nobody goes on with and their pictures, pictures attached to
    nothing, codes that are used or too old, sign-ons and challenges whose answer never came,
    browsers that were remembered long enough, counts of tries, looks by code that are over, old
    security events, search marks of what has long been over, who was in a hall long ago."""
    uow.sessions.sweep()
    uow.drafts.sweep()
    uow.images.sweep()
    uow.codes.sweep()
    uow.sign_ons.sweep()
    uow.passkeys.sweep()
    uow.second_steps.sweep()
    uow.counters.sweep()
    uow.outbox.sweep()
    uow.tracks.sweep()
    uow.security.sweep()
    city_now = uow.machine_now + uow.clockwork.offset()
    uow.lists.forget_marks(city_now - MARKS_STAY)
    forget_past(uow, tehran_day(city_now))


def sweep_files(application: Parts, now: datetime, *, beyond: bool = False) -> CleanupReport:
    """Bring back what is named, discard what is not, purge what has long been discarded.

    `beyond`: an engineer has looked, and says that so many may go.
    """
    swept = _sweep_files(application, now, beyond=beyond)
    if swept.stopped is not None and swept.stopped.why.is_alarming:
        _log.warning("no file was swept: %s", swept.stopped)
    elif swept.discarded or swept.brought_back or swept.purged:
        _log.info("%s", swept)
    with application.store.unit_of_work(now, reading=True) as uow:
        stored = uow.facts.get(_STOPPED) or ""
    if stored != (report := str(swept.stopped or "")):
        with application.store.unit_of_work(now) as uow:
            uow.facts.put(_STOPPED, report)
    return swept


def _sweep_files(application: Parts, now: datetime, *, beyond: bool) -> CleanupReport:
    files, before = application.files, now - UNNAMED_STAYS
    files_state = inspect_files(files)
    with application.store.unit_of_work(now, reading=True) as uow:
        named = named_by(uow)
        dropped = uow.images.dropped()
        stop = _why_not(uow, files_state)
        remembered = database_mark(uow)
    if stop is Stop.UNPAIRED:
        return CleanupReport(stopped=Stopped(stop))
    # The names are older than this: whatever they name is there by now.
    there = [storage.names() for storage in files.all]
    trash = [list(storage.discarded()) for storage in files.all]
    back = sum(
        storage.bring_back(discarded)
        for storage, names, lying in zip(files.all, named, trash, strict=True)
        for discarded in lying
        if discarded.name in names
    )
    missing = sum(
        not storage.exists(name)
        for storage, names, found in zip(files.all, named, there, strict=True)
        for name in names - found.keys()
    )
    if missing:
        return CleanupReport(brought_back=back, stopped=Stopped(Stop.FILES_MISSING, missing))
    if stop is not None:
        return CleanupReport(brought_back=back, stopped=Stopped(stop))
    unnamed = [
        sorted(n for n, at in found.items() if at < before and n not in names and is_sha(n))
        for names, found in zip(named, there, strict=True)
    ]
    undropped = sum(name not in dropped for names in unnamed for name in names)
    most = max(_MOST, sum(map(len, there)) // _MOST_OF)
    if undropped > most and not beyond:
        return CleanupReport(brought_back=back, stopped=Stopped(Stop.TOO_MANY, undropped))
    today = now.astimezone(UTC).date()
    gone = [
        storage.discard(names, today, before)
        for storage, names in zip(files.all, unnamed, strict=True)
    ]
    with application.store.unit_of_work(now) as uow:
        waiting = set().union(*there) - set().union(*named, *gone)
        uow.images.forget_dropped(dropped - waiting)
    if remembered is not None:
        files.set_mark(remembered)
    return CleanupReport(sum(map(len, gone)), back, _purge(application, now, named))


def _purge(application: Parts, now: datetime, named: tuple[AbstractSet[str], ...]) -> int:
    """Only what was gone already when `doctor` last found everything in order."""
    fine = files_fine_at(application.store, now)
    if fine is None:
        return 0
    until = min(now - TRASH_STAYS, fine - UNNAMED_STAYS).astimezone(UTC).date()
    purged = 0
    for storage, names in zip(application.files.all, named, strict=True):
        for discarded in storage.discarded():
            if discarded.on < until and (
                discarded.name not in names or storage.exists(discarded.name)
            ):
                storage.purge(discarded)
                purged += 1
    return purged


def named_by(uow: UnitOfWork) -> tuple[set[str], set[str]]:
    """Every picture and every original that a row names."""
    return (
        uow.images.blobs() | uow.document_audit.names(OF_OURS),
        uow.images.originals()
        | uow.document_audit.names(FROM_OUTSIDE)
        | {name for *_, name in uow.halls.recordings()},
    )


def _why_not(uow: UnitOfWork, files_state: FilesState) -> Stop | None:
    found = pairing_of(uow, files_state)
    if found is not Pairing.FITS:
        return Stop.OLDER_DATABASE if found is Pairing.OLDER_DATABASE else Stop.UNPAIRED
    if not uow.inspection.has_requests():
        return Stop.NO_REQUESTS
    if not uow.facts.get(_FILES_FINE):
        return Stop.NO_LONGER_FINE if uow.facts.get(_WERE_FINE) else Stop.UNCHECKED
    return None


def note_files(store: Store, now: datetime, *, fine: bool) -> None:
    """What `doctor` has found: every named file is there, opens and is unchanged, or not. What
    follows of it for the next sweep is known at once, and not after that; where all are there, none
    is missing any more."""
    with store.unit_of_work(now) as uow:
        if fine or uow.facts.get(_FILES_FINE):
            uow.facts.put(_WERE_FINE, "yes")
        uow.facts.put(_FILES_FINE, now.isoformat() if fine else "")
        before = stopped(uow)
        if before is None or before.why in (_ENDED_BY_DOCTOR if fine else _BY_DOCTOR):
            stop = Stop.NO_LONGER_FINE if uow.facts.get(_WERE_FINE) else Stop.UNCHECKED
            uow.facts.put(_STOPPED, "" if fine else str(Stopped(stop)))


def files_fine_at(store: Store, now: datetime) -> datetime | None:
    """When `doctor` last found every named file in order; None where it has not."""
    with store.unit_of_work(now, reading=True) as uow:
        stored = uow.facts.get(_FILES_FINE)
    return datetime.fromisoformat(stored) if stored else None


def stopped(uow: UnitOfWork) -> Stopped | None:
    """What the last sweep of the files left undone, and why."""
    why, _, files = (uow.facts.get(_STOPPED) or "").partition(" ")
    return Stopped(Stop(why), int(files)) if why else None


__all__ = ["EVERY", "UNNAMED_STAYS", "Cleanup", "forget", "sweep_files"]
