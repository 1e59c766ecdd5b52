"""The scheduler: it runs the city's clock, and in the demo moves it forward."""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.kit.process.interpreter import settle_more
from publicmeeting.kit.topics import EVERYTHING
from publicmeeting.live.pubsub import published
from publicmeeting.notify.outbox import deliver
from publicmeeting.store.public_record.log import WAITED_MOST
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.store.worker.clock_guard import WrongClockError
from publicmeeting.store.worker.clockwork import LONGEST_LEASE
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.usecases.lifecycle.outages import note_running
from publicmeeting.worker.asking import Witnessing, match
from publicmeeting.worker.cleanup import Cleanup
from publicmeeting.worker.demo import WitnessJobs, answers, prints
from publicmeeting.worker.jobs import Job, find_jobs, first_of, next_instant
from publicmeeting.worker.listener import NewEvents
from publicmeeting.worker.parts import Parts

NUDGE = "clock"
"""The topic whose publication wakes the worker before its second is over."""

FARTHEST = timedelta(days=40)
"""How far the demo's clock may be moved at once."""

_LEASE = timedelta(seconds=30)
_BACKOFF = timedelta(minutes=1)
_NOTED_EVERY = timedelta(minutes=1)
_POLLS_EVERY = timedelta(seconds=10)
"""Interval for changes without an event or log entry.

Examples: a judge was dismissed, or an event with a lower number was committed later.
"""
_EVERY_SECONDS = 1.0
NET_SECONDS = 30.0
"""How often the newest events are read even if messages of other processes arrive."""
_TRIES, _TRY_EVERY_SECONDS = 160, 0.2
"""Longer than another process's lease."""
_CLOCK = "clock"
_REASON = {
    "log_behind": "a row or the end of the public log is not what this city has signed; run doctor",
    "log_newer": "the public log has entries of a newer release, which this one does not continue",
}
"""What an operator reads instead of the key of a refusal."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Idle:
    """The clock had nothing to do.

    Valid as long as `news` is unchanged, until `due_at` (city time), and at most until
    `polls_again_at` (machine time).
    """

    news: object
    due_at: datetime | None
    polls_again_at: datetime


@dataclass(frozen=True, slots=True)
class _Reached:
    """Nothing is left to do at the instant the clock has reached; `due_at` is the next job's."""

    come_to: datetime
    due_at: datetime | None


class Scheduler:
    """Runs the clock; one per process. The holder of the lease works, the others only publish.

    In production a late job is done at the real time. In the demo, whose clock jumps, every job is
    done at the time at which it was due, even after the machine was off.
    """

    def __init__(self, application: Parts, *, demo: bool = False) -> None:
        self._application = application
        self._demo = demo
        self._holder = secrets.token_hex(8)
        self._cleanup = Cleanup(application, self._holder)
        self._witnessing = Witnessing(application, self._holder)
        self._witness_jobs = WitnessJobs()
        self._turn = threading.RLock()
        self._backing_off: dict[str, datetime] = {}
        self._unfound: dict[str, datetime] = {}
        """What could not be searched for, and until when no more is logged about it."""
        self._idle: _Idle | None = None
        self.run_due_at: datetime | None = None
        """Machine time at which a second's work last ended."""
        self._new_events = NewEvents(application)
        self._quiet_until = 0.0
        self._noted_until = datetime.min.replace(tzinfo=UTC)
        self._noted_at: datetime | None = None
        """City time at which this process has last recorded that it runs."""
        self._polled_at = 0.0
        self._has_read_log = False
        self._unreadable_until = 0.0
        self.is_reading_log = False
        """Whether `run` is still reading the log for the first time; also false if that failed."""

    async def run(self) -> None:
        """Run until the process ends: every second, or when nudged, do what is due.

        Sending and sweeping run separately, so that neither a slow gateway nor a full disk holds up
        a draw.
        """
        self.is_reading_log = not self._has_read_log
        async with asyncio.TaskGroup() as group:
            if self._application.listener is not None:
                group.create_task(self._application.listener.run())
            group.create_task(self._every_second(self._note_and_run_due))
            group.create_task(self._every_second(self.send))
            group.create_task(self._every_second(self.match))
            group.create_task(self._every_second(self.ask_witnesses))
            group.create_task(self._every_second(self.read_log))
            group.create_task(self._every_second(self._cleanup.sweep))

    async def _every_second(self, do: Callable[[], object]) -> None:
        with self._application.pubsub.subscription(NUDGE) as nudge:
            while True:
                nudge.clear()
                try:
                    await asyncio.to_thread(do)
                except WrongClockError as wrong:
                    self._log_wrong_clock(wrong)
                except Unavailable as refused:
                    _log.error("the clock missed a second: %s", _REASON.get(refused.key, refused))
                except Exception:  # noqa: BLE001  (a clock that stops would stop the city)
                    _log.exception("the clock missed a second")
                await published(nudge, _EVERY_SECONDS)

    def _log_wrong_clock(self, wrong: WrongClockError) -> None:
        """Log once a minute: the clock stays wrong until somebody corrects it."""
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + _BACKOFF.total_seconds()
            off, way = abs(wrong.drift), "ahead" if wrong.drift > timedelta(0) else "behind"
            words = timedelta(seconds=round(off.total_seconds())), way
            _log.error("nothing is done: this machine's clock is wrong: %s %s", *words)

    def tick(self) -> None:
        """Do one second of everything that `run` does."""
        self.run_due()
        self.send()
        self.match()
        self.ask_witnesses()
        self._cleanup.sweep()

    def _note_and_run_due(self) -> None:
        """Record an outage before anything is done that was due in it.

        A record that cannot be read or written holds up nothing that is due.
        """
        try:
            self.note_running()
        except WrongClockError:
            raise
        except Exception as fault:
            if is_part_missing(fault):
                raise
            _log.exception("the clock could not record that the city runs")
        self.run_due()

    def note_running(self) -> None:
        """Record once a minute that the city runs, for citizens whose deadline ends in an outage.

        The demo does everything at the time at which it was due, so it has no outages.
        """
        self._application.store.check_clock()
        machine_now = self._application.clock()
        is_noted = timedelta(0) < self._noted_until - machine_now <= _NOTED_EVERY
        if self._demo or is_noted:  # after a clock was set back nothing is recorded yet
            return
        now = self._city_now()
        with self._application.store.unit_of_work(machine_now, unhurried=True) as uow:
            note_running(uow, now, self._noted_at)
        self._noted_at = now
        self._noted_until = machine_now + _NOTED_EVERY

    def run_due(self) -> None:
        """Do everything that is due, and publish what other processes wrote.

        Raises `WrongClockError` if this machine's clock is wrong: what seems due by it is not.
        """
        self._application.store.check_clock()
        with self._turn:
            now, news = self._time_and_changes()
            if not self._is_idle(now, news):
                self._idle = None
                reached = self._do_all(self._resumes_at(now), now)
                self._remember_next_due(now, news, reached)
            self._poll()
            self.run_due_at = self._application.clock()

    def send(self) -> None:
        """Send what waits in the outbox."""
        deliver(self._application, self._city_now())

    def match(self) -> None:
        """Ask the national service about mobiles that wait for it."""
        match(self._application)

    def ask_witnesses(self) -> None:
        """Ask witnesses with an address to sign what they have not signed yet."""
        self._witnessing.ask()

    def read_log(self) -> None:
        """Read new log entries into this process's line book, so that no page waits for them.

        The result of the first reading stays in memory, so it is excluded from garbage collection,
        whose full passes would stop all pages. Until the first reading has ended, a proxy sends
        people to other servers (`/ready`). A log that cannot be read is no reason to continue that.
        It is tried again after a minute, so that its fault is logged once a minute.
        """
        if time.monotonic() < self._unreadable_until:
            return
        clock = self._application.clock
        try:
            with self._application.store.unit_of_work(clock(), reading=True) as uow:
                uow.line_book.catch_up()
        except Exception as fault:
            self.is_reading_log = self.is_reading_log and is_part_missing(fault)
            if not is_part_missing(fault):
                self._unreadable_until = time.monotonic() + _BACKOFF.total_seconds()
            raise
        self.is_reading_log = False
        if not self._has_read_log:
            self._has_read_log = True
            settle_more()

    async def move_clock(self, target: datetime) -> datetime:
        """Call `move_clock_now` without blocking the event loop."""
        return await asyncio.to_thread(self.move_clock_now, target)

    def move_clock_now(self, target: datetime) -> datetime:
        """Move the demo's clock forward; afterwards the city has lived until `target`.

        Everything due on the way happens in order, at its own time, and is sent at its own time.
        Returns city time. Denied `not_found` outside the demo, `form_broken` for a target in the
        past or too far away, `version_conflict` if another process does not release the clock.
        """
        if not self._demo:
            raise Denied("not_found")
        with self._turn:
            now = self._city_now()
            if not now < target <= now + FARTHEST:
                raise Denied("form_broken")
            self._await_lease()
            self._do_all(self._resumes_at(now), now)
            self._do_all(now, target, moving=True)
            self._set_city(target)
            deliver(self._application, target)
            self._new_events.listen()
            self._publish_everything()
            return self._city_now()

    def _poll(self) -> None:
        """Read new events every second, or seldom while a listener is connected."""
        listener, now = self._application.listener, time.monotonic()
        is_connected = listener is not None and listener.is_connected
        if not is_connected or now - self._polled_at >= NET_SECONDS:
            self._new_events.listen()
            self._polled_at = now

    def _publish_everything(self) -> None:
        """Make every page of every process read again."""
        with self._application.store.unit_of_work(self._application.clock()) as uow:
            uow.publish(EVERYTHING)
        self._application.pubsub.publish(uow.topics_to_publish)

    def _do_all(
        self, come_to: datetime, until: datetime, *, moving: bool = False
    ) -> _Reached | None:
        """Do every job due at `until` or before, instant by instant, beginning at `come_to`.

        Returns what is left; None if another process holds the clock.
        """
        done: set[tuple[str, datetime]] = set()
        while True:
            jobs, due_at = self._next(come_to, until, done)
            if not jobs:
                break
            come_to = max(jobs[0].at, come_to)
            if moving:
                self._set_city(come_to)
            for job in jobs:
                done.add((job.name, job.at))
                if not self._do(job, come_to):
                    return None
            if moving:
                deliver(self._application, come_to)
        if done:
            self._release_lease()
        return _Reached(come_to, due_at)

    def _next(
        self, come_to: datetime, until: datetime, done: set[tuple[str, datetime]]
    ) -> tuple[list[Job], datetime | None]:
        """Return the jobs of the next instant, or when the next one is due.

        A job that is due again after it was done has a fault. It rests for a while like a failed
        one, so that no other job waits for it.
        """
        while True:
            now = self._application.clock()
            self._backing_off = {name: end for name, end in self._backing_off.items() if now < end}
            with self._application.store.unit_of_work(now, reading=True) as uow:
                waiting = self._waiting(uow, come_to, until)
                jobs = first_of(waiting, until, self._backing_off)
                due_at = None if jobs else next_instant(uow, waiting)
            again = [job.name for job in jobs if (job.name, job.at) in done]
            if not again:
                return jobs, due_at
            for name in again:
                _log.error("the clock could not finish %s", name)
                self._back_off(name)

    def _waiting(self, uow: UnitOfWork, now: datetime, until: datetime) -> list[Job]:
        """Return the jobs of `find_jobs` in the order in which they are done.

        What cannot be searched is logged once a minute and tried again at every search.
        """
        found, faults = find_jobs(uow, now, until)
        machine_now = self._application.clock()
        self._unfound = {what: end for what, end in self._unfound.items() if machine_now < end}
        for what, fault in faults.items():
            if what not in self._unfound:
                self._unfound[what] = machine_now + _BACKOFF
                FAULTS.labels("clock").inc()
                if isinstance(fault, Unavailable):
                    reason = _REASON.get(fault.key, fault)
                    _log.error("the clock could not look for %s: %s", what, reason)
                else:
                    _log.error("the clock could not look for %s", what, exc_info=fault)
        return sorted([*found, *self._demo_jobs(uow, now)])

    def _demo_jobs(self, uow: UnitOfWork, now: datetime) -> list[Job]:
        """Return the jobs of invented people in the demo."""
        return [*answers(uow), *prints(uow, now), *self._witness_jobs.of(uow)] if self._demo else []

    def _is_idle(self, now: datetime, news: object) -> bool:
        """Return whether nothing has happened or become due since the clock had nothing to do."""
        idle = self._idle
        if idle is None or idle.news != news or self._application.clock() >= idle.polls_again_at:
            return False
        return idle.due_at is None or now < idle.due_at

    def _remember_next_due(self, now: datetime, news: object, reached: _Reached | None) -> None:
        """Remember when the next job is due, instead of searching for everything every second."""
        machine_now = self._application.clock()
        if reached is None or any(machine_now < end for end in self._backing_off.values()):
            return
        due_at = reached.due_at
        if now - reached.come_to > _POLLS_EVERY:  # in the demo; what lies nearer was just seen
            with self._application.store.unit_of_work(machine_now, reading=True) as uow:
                due_at = next_instant(uow, self._waiting(uow, now, now))
        if due_at is None or due_at > now:
            self._idle = _Idle(news, due_at, machine_now + _POLLS_EVERY)

    def _do(self, job: Job, at: datetime) -> bool:
        """Do a job in one transaction; False if another process holds the clock."""
        store = self._application.store
        try:
            do = job.do
            if job.read_ahead is not None:
                if not self._take_lease(LONGEST_LEASE):
                    return False
                with store.unit_of_work(self._application.clock(), reading=True) as uow:
                    do = job.read_ahead(uow)
            with store.unit_of_work(self._application.clock(), unhurried=True) as uow:
                if not uow.clockwork.lease(_CLOCK, self._holder, _LEASE, done_at=at):
                    return False
                do(uow, at)
        except Unavailable as refused:
            _log.error("the clock could not do %s: %s", job.name, _REASON.get(refused.key, refused))
            self._back_off(job.name)
            return True
        except Exception:  # noqa: BLE001  (nothing of it was written; the other jobs go on)
            _log.exception("the clock could not do %s", job.name)
            self._back_off(job.name)
            return True
        for message in uow.account_messages:
            self._application.codes.send(message)
        self._application.pubsub.publish(uow.topics_to_publish)
        return True

    def _back_off(self, name: str) -> None:
        self._backing_off[name] = self._application.clock() + _BACKOFF

    def _resumes_at(self, now: datetime) -> datetime:
        """Return where the clock's work stands.

        In production it is always now. In the demo it is where its last job was done, or where
        somebody has written since, because the log never goes back.
        """
        if not self._demo:
            return now
        with self._application.store.unit_of_work(self._application.clock(), reading=True) as uow:
            done_at, logged_at = uow.clockwork.done_at(_CLOCK) or now, uow.log.newest_at()
            return min(now, max(done_at, logged_at or done_at))

    def _city_now(self) -> datetime:
        """Return the city time of `_time_and_changes`."""
        return self._time_and_changes()[0]

    def _time_and_changes(self) -> tuple[datetime, object]:
        """Return city time, and a value that changes with everything that happens in the city.

        Raises `WrongClockError` if the log is ahead of city time: this machine's clock, the only
        one that SQLite has, was set back. The demo's clock, which can be moved, goes on from the
        log's time.
        """
        machine_now = self._application.clock()
        with self._application.store.unit_of_work(machine_now, reading=True) as uow:
            pulse = uow.clockwork.pulse()
        now, logged_at, news = machine_now + pulse.offset, pulse.logged_at, pulse.news
        if logged_at is None or logged_at - now <= WAITED_MOST:
            return now, news
        if not self._demo:
            raise WrongClockError(now - logged_at)
        self._set_city(logged_at)
        return logged_at, news

    def _set_city(self, at: datetime) -> None:
        """Set city time, forward only: while the jobs of one instant run, it goes on by itself."""
        now = self._application.clock()
        with self._application.store.unit_of_work(now) as uow:
            uow.clockwork.set_offset(max(at - now, uow.clockwork.offset()))

    def _take_lease(self, stays: timedelta) -> bool:
        """Return whether this process holds the clock's lease from now on."""
        with self._application.store.unit_of_work(self._application.clock()) as uow:
            return uow.clockwork.lease(_CLOCK, self._holder, stays)

    def _await_lease(self) -> None:
        for _ in range(_TRIES):
            if self._take_lease(_LEASE):
                return
            time.sleep(_TRY_EVERY_SECONDS)
        raise Denied("version_conflict")

    def _release_lease(self) -> None:
        self._take_lease(timedelta(0))
