"""Hourly cleanup: delete expired rows and move unreferenced files to the trash.

Rows are deleted by age. A file is never deleted merely because its row is missing. A file that no
row names moves to the trash of that day. It comes back automatically when a row names it again. It
stays there for thirty days, and until `doctor` has found all files in order without it.
"""

import logging
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from publicmeeting.kit.clock import tehran_day
from publicmeeting.media.storage import SealedStorage, is_sha
from publicmeeting.store.filing.images import UNNAMED_STAYS
from publicmeeting.store.orders.papers import FROM_OUTSIDE, OF_OURS
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.usecases.lifecycle.effects.entries import forget_past
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
"""After this a closed request is found only by its tracking code."""
_MOST, _MOST_OF = 50, 100
"""Maximum files that may go at once without having been dropped: 50, or one in a hundred."""

SWEEP = "sweep"
_STOPPED = "sweep_stopped"
_FILES_FINE = "files_fine"
_WERE_FINE = "files_were_fine"
_LEASE = timedelta(minutes=5)
_REST = timedelta(minutes=1)
"""Pause after a failed try, or while another process sweeps."""
_log = logging.getLogger(__name__)


class Stop(StrEnum):
    """Why no file was moved or purged."""

    NO_REQUESTS = "no_requests"
    UNCHECKED = "unchecked"
    """`doctor` has not yet found the files in order."""
    NO_LONGER_FINE = "no_longer_fine"
    """`doctor` found them in order before but no longer does; until then nothing is deleted."""
    UNPAIRED = "unpaired"
    OLDER_DATABASE = "older_database"
    FILES_MISSING = "files_missing"
    TOO_MANY = "too_many"

    @property
    def is_alarming(self) -> bool:
        """Return whether somebody has to look; a young installation only waits."""
        return self not in {Stop.NO_REQUESTS, Stop.UNCHECKED}


_BY_DOCTOR = frozenset({Stop.UNCHECKED, Stop.NO_LONGER_FINE})
_ENDED_BY_DOCTOR = _BY_DOCTOR | {Stop.FILES_MISSING}


@dataclass(frozen=True, slots=True)
class Stopped:
    why: Stop
    files: int = 0
    """How many files are affected."""

    def __str__(self) -> str:
        return f"{self.why.value} {self.files}"


@dataclass(frozen=True, slots=True)
class CleanupReport:
    """Result of one sweep of the files; `stopped` says what was left undone."""

    discarded: int = 0
    brought_back: int = 0
    purged: int = 0
    stopped: Stopped | None = None


class Cleanup:
    """Sweeps rows and files; one per process, and only the holder of the lease works."""

    def __init__(self, application: Parts, holder: str) -> None:
        self._application = application
        self._holder = holder
        self._next: datetime | None = None

    def sweep(self) -> None:
        """Sweep if an hour has passed since the last sweep of any process; idempotent."""
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
        """Sweep the rows in one transaction; False if it is too early or another process sweeps."""
        with self._application.store.unit_of_work(now, reading=True) as uow:
            done = uow.clockwork.done_at(SWEEP)
        # A seeded city with its own clock may have swept in the future.
        if done is not None and done <= now < done + EVERY:
            self._next = done + EVERY
            return False
        with self._application.store.unit_of_work(now) as uow:
            if not uow.clockwork.lease(SWEEP, self._holder, _LEASE):
                return False
            forget(uow)
        return True


def forget(uow: UnitOfWork) -> None:
    """Delete expired rows of all kinds.

    Ended sign-ins; abandoned drafts with their pictures; unattached pictures; used or expired
    codes; sign-ons without an answer; spent challenges; remembered browsers; counts of tries; ended
    access to a request by its code; old security events; search marks of requests closed long ago;
    past attendance in a hall.
    """
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
    """Restore named files from the trash, discard unnamed ones, and purge old ones from the trash.

    `beyond`: an engineer has looked and allows more files than the limit to go.
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


@dataclass(frozen=True, slots=True)
class _Area:
    """Pictures or originals: the names in rows, and the files found after these were read."""

    storage: SealedStorage
    named: AbstractSet[str]
    stored: Mapping[str, datetime]
    """Name → when it was last put."""

    def restore(self) -> int:
        """Bring named files back from the trash; return their number."""
        trash = list(self.storage.discarded())
        return sum(self.storage.bring_back(file) for file in trash if file.name in self.named)

    def count_missing(self) -> int:
        absent = self.named - self.stored.keys()
        return sum(not (is_sha(str(name)) and self.storage.exists(name)) for name in absent)

    def unnamed(self, before: datetime) -> list[str]:
        """Return the files put before then that no row names."""
        others = (name for name, at in self.stored.items() if at < before)
        return sorted(name for name in others if name not in self.named and is_sha(name))


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
    # The names were read before, so every file they name exists by now.
    areas = [
        _Area(storage, names, storage.names())
        for storage, names in zip(files.all, named, strict=True)
    ]
    restored = sum(area.restore() for area in areas)
    missing = sum(area.count_missing() for area in areas)
    if missing:
        return CleanupReport(brought_back=restored, stopped=Stopped(Stop.FILES_MISSING, missing))
    if stop is not None:
        return CleanupReport(brought_back=restored, stopped=Stopped(stop))
    unnamed = [area.unnamed(before) for area in areas]
    undropped = sum(name not in dropped for names in unnamed for name in names)
    most = max(_MOST, sum(len(area.stored) for area in areas) // _MOST_OF)
    if undropped > most and not beyond:
        return CleanupReport(brought_back=restored, stopped=Stopped(Stop.TOO_MANY, undropped))
    today = now.astimezone(UTC).date()
    gone = [
        storage.discard(names, today, before)
        for storage, names in zip(files.all, unnamed, strict=True)
    ]
    with application.store.unit_of_work(now) as uow:
        waiting = set().union(*(area.stored for area in areas)) - set().union(*named, *gone)
        uow.images.forget_dropped(dropped - waiting)
    if remembered is not None:
        files.set_mark(remembered)
    return CleanupReport(sum(map(len, gone)), restored, _purge(application, now, named))


def _purge(application: Parts, now: datetime, named: tuple[AbstractSet[str], ...]) -> int:
    """Purge only files that were already discarded when `doctor` last found all files in order."""
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
    """Return all pictures and originals that a row names."""
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
    """Record whether `doctor` found every named file present, readable and unchanged.

    The consequence for the next sweep is visible immediately, not only after that sweep. If all
    files are in order, none is missing any more.
    """
    with store.unit_of_work(now) as uow:
        if fine or uow.facts.get(_FILES_FINE):
            uow.facts.put(_WERE_FINE, "yes")
        uow.facts.put(_FILES_FINE, now.isoformat() if fine else "")
        before = stopped(uow)
        if before is None or before.why in (_ENDED_BY_DOCTOR if fine else _BY_DOCTOR):
            stop = Stop.NO_LONGER_FINE if uow.facts.get(_WERE_FINE) else Stop.UNCHECKED
            uow.facts.put(_STOPPED, "" if fine else str(Stopped(stop)))


def files_fine_at(store: Store, now: datetime) -> datetime | None:
    """Return when `doctor` last found every named file in order; None if it has not."""
    with store.unit_of_work(now, reading=True) as uow:
        stored = uow.facts.get(_FILES_FINE)
    return datetime.fromisoformat(stored) if stored else None


def stopped(uow: UnitOfWork) -> Stopped | None:
    """Return what the last sweep of the files left undone, and why."""
    why, _, files = (uow.facts.get(_STOPPED) or "").partition(" ")
    return Stopped(Stop(why), int(files)) if why else None
