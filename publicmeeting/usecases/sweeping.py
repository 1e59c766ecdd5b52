"""What nobody needs any more is forgotten, once an hour by the machine's clock."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from publicmeeting.kit.clock import Clock
from publicmeeting.media.storage import Storage
from publicmeeting.store.custody import FROM_OUTSIDE, OF_OURS
from publicmeeting.store.unit import Store, Work

EVERY = timedelta(hours=1)
UNNAMED_STAYS = timedelta(days=1)
"""A picture's file is written before its row: a younger one may still be named."""

_SWEEP = "sweep"
_LEASE = timedelta(minutes=5)
_REST = timedelta(minutes=1)
"""After a try that failed, or that another process was making."""
_log = logging.getLogger(__name__)


class Parts(Protocol):
    """What of the office a sweep needs."""

    store: Store
    images: Storage
    originals: Storage
    clock: Clock


class Sweeper:
    """One per process; of several, the holder of the lease sweeps."""

    def __init__(self, office: Parts, holder: str) -> None:
        self._office = office
        self._holder = holder
        self._next: datetime | None = None

    def sweep(self) -> None:
        """Sweep if an hour has passed since anybody did; a second run finds nothing to do."""
        now = self._office.clock()
        if self._next is not None and now < self._next:
            return
        self._next = now + _REST
        if self._rows(now):
            with self._office.store.work(now, reading=True) as work:
                ours = work.images.blobs() | work.custody.names(OF_OURS)
                others = work.images.originals() | work.custody.names(FROM_OUTSIDE)
            gone = self._office.images.sweep(ours, now - UNNAMED_STAYS)
            gone += self._office.originals.sweep(others, now - UNNAMED_STAYS)
            if gone:
                _log.info("%s files of pictures without a row are gone", len(gone))
            with self._office.store.work(now) as work:
                work.clockwork.mark_done(_SWEEP, now)
                work.clockwork.lease(_SWEEP, self._holder, timedelta(0))

    def _rows(self, now: datetime) -> bool:
        """One transaction; False when it is not time yet, or another process is at it."""
        with self._office.store.work(now, reading=True) as work:
            done = work.clockwork.done_at(_SWEEP)
        # A story told with a clock of its own may have swept in the future.
        if done is not None and done <= now < done + EVERY:
            self._next = done + EVERY
            return False
        with self._office.store.work(now) as work:
            if not work.clockwork.lease(_SWEEP, self._holder, _LEASE):
                return False
            forget(work)
        return True


def forget(work: Work) -> None:
    """Sign-ins that ended, drafts nobody goes on with and their pictures, pictures attached to
    nothing, codes that are used or too old, counts of tries, looks by code that are over."""
    work.sessions.sweep()
    work.drafts.sweep()
    work.images.sweep()
    work.codes.sweep()
    work.counters.sweep()
    work.tracks.sweep()


__all__ = ["EVERY", "UNNAMED_STAYS", "Sweeper", "forget"]
