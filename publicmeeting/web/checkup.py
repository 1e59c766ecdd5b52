"""Health checks of all parts of the service, in a thread with its own database connection.

All worker threads may be busy and the connection pool may be exhausted. Health checks must be
answered quickly then too, so they use neither.
"""

import asyncio
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from redis import Redis

from publicmeeting.config import Settings
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.clock import DRIFT_MOST
from publicmeeting.media.files import open_store
from publicmeeting.notify.circuit import CircuitState, GatewayStatus
from publicmeeting.store.database.migrate import has_newest_tables
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.rate_limits import ALARM_AT
from publicmeeting.web.browser import ApplicationOf
from publicmeeting.web.layers.origin import ProxyTrust
from publicmeeting.worker.health import (
    Examination,
    Health,
    health,
    newest_backup,
    newest_examination,
)

_log = logging.getLogger(__name__)

WITHIN_SECONDS = 3.0
"""Timeout of a health request, in seconds; a part that has not answered by then is a fault."""

BEHIND = timedelta(minutes=5)
"""Maximum delay of due clock work, and maximum silence of this process's worker loop.

Beyond either the worker counts as stopped.
"""

ROOM, LEAST_ROOM = 1 << 30, 128 << 20
"""Free space on the data folder's disk, in bytes.

Below `ROOM` the verdict is LOW. Below `LEAST_ROOM` the photos of one morning would not fit, and the
verdict is FAULT.
"""

_DOCTOR_EVERY = timedelta(days=2)
"""A doctor that has not come to its end for so long has missed a night."""

_BACKUP_EVERY = timedelta(hours=36)
"""A backup that has not come to its end for so long has missed a night."""

_REDIS_SECONDS = 1.0
_REDIS_KEY, _REDIS_KEY_SECONDS = "publicmeeting_checkup", 60


class Part(StrEnum):
    """Parts that are checked; a value is a key in the answers of `/ready` and `/health`."""

    DATABASE = "database"
    WRITING = "writing"
    """Whether the database accepts writes and has room; while not, pages can still be read."""
    TABLES = "tables"
    WORKER = "worker"
    CLOCK = "clock"
    REDIS = "redis"
    DISK = "disk"
    GATEWAY = "gateway"
    SIGN_ON = "sign_on"
    FILES = "files"
    PROXY = "proxy"
    SMS_BUDGET = "sms_budget"
    LOG = "log"
    AUDIT = "audit"
    DOCTOR = "doctor"
    BACKUP = "backup"
    READING = "reading"
    APPENDING = "appending"
    """Whether this process keeps up with others that append to the public log."""


class Verdict(StrEnum):
    OK = "ok"
    LOW = "low"
    """Works now, but needs attention soon."""
    FAULT = "fault"
    UNKNOWN = "unknown"
    """Not checked because the database does not answer: repair the database first."""
    UNUSED = "unused"
    """This installation has no such part."""


NEEDED = frozenset(
    {Part.DATABASE, Part.TABLES, Part.REDIS, Part.CLOCK, Part.READING, Part.APPENDING}
)
"""Parts without which this process cannot answer, or cannot write: `/ready` fails without them.

A proxy then sends people to another process. Every other part is missing for all processes at once
or affects only some work, so its fault takes no process out.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a check; `figures` are for operators and contain no name, secret or address."""

    verdict: Verdict
    figures: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        return self.verdict not in (Verdict.FAULT, Verdict.UNKNOWN)


MISSING = Finding(Verdict.FAULT)
UNUSED = Finding(Verdict.UNUSED)
UNKNOWN = Finding(Verdict.UNKNOWN)
IN_DATABASE = frozenset(
    {
        *(Part.WRITING, Part.TABLES, Part.CLOCK, Part.WORKER, Part.SMS_BUDGET, Part.LOG),
        *(Part.AUDIT, Part.DOCTOR, Part.BACKUP, Part.APPENDING),
    }
)
"""Parts checked by a query; unknown while the database does not answer.

They must not be reported as faults then: an operator would, for example, repair a public log that
is intact.
"""
Findings = Mapping[Part, Finding]


@dataclass
class _Pass:
    """One pass over all parts; `found` is filled part by part."""

    began: float
    found: dict[Part, Finding] = field(default_factory=dict)
    done: Future[None] | None = None


class Checkup:
    """Runs the checks. Requests during a pass share its result."""

    _store: Store | None
    """Database connection of its own, opened in the first pass."""

    def __init__(self, application: ApplicationOf, settings: Settings, proxies: ProxyTrust) -> None:
        self._application = application
        self._proxies = proxies
        self._settings = settings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkup")
        self._store = None
        self._has_newest_tables = False
        self._stopped_at: int | None = None
        """Size of the log when this process was first found unable to append to it, else None."""
        self._pass: _Pass | None = None
        self.latest: Findings = {}
        """Result of the last complete pass."""

    async def findings(self) -> Findings:
        """Return a finding for every part.

        A part that does not answer in time is a fault; parts in the database are unknown while the
        database does not answer.
        """
        running = self._begin()
        assert running.done is not None
        left = WITHIN_SECONDS - (time.monotonic() - running.began)
        await asyncio.wait([asyncio.wrap_future(running.done)], timeout=max(left, 0))
        found = dict(running.found)
        if not found.get(Part.DATABASE, MISSING).is_well:
            found = dict.fromkeys(IN_DATABASE, UNKNOWN) | found
        return {part: found.get(part, MISSING) for part in Part}

    def _begin(self) -> _Pass:
        if self._pass is None or self._pass.done is None or self._pass.done.done():
            begun = _Pass(time.monotonic())
            begun.done = self._thread.submit(self._check_all, begun.found)
            self._pass = begun
        return self._pass

    def _check_all(self, found: dict[Part, Finding]) -> None:
        found.update(self._each())  # one by one, so that a timeout returns those done so far
        self.latest = dict(found)

    def _each(self) -> Iterator[tuple[Part, Finding]]:
        """Yield the finding of each part; checks that cannot block come first."""
        yield Part.DISK, _safely(lambda: disk(self._settings.data_dir))
        yield Part.PROXY, proxy(self._proxies, is_https=self._settings.is_https)
        yield Part.READING, reading(is_reading=self._application().worker.is_reading_log)
        yield Part.REDIS, _safely(lambda: redis(self._settings.redis_url))
        yield Part.GATEWAY, gateway(self._application().gateways())
        yield Part.SIGN_ON, sign_on([client.status() for client in self._application().sso.clients])
        database = _safely(self._database)
        yield Part.DATABASE, database
        if database.is_well:
            yield Part.WRITING, _safely(self._writing)
            yield Part.TABLES, _safely(self._tables)
            yield Part.CLOCK, _safely(self._clock)
            yield Part.APPENDING, _safely(self._appending)
        # All parts in NEEDED are checked by now, so a row that cannot be read fails no `/ready`.
        health_ = self._health() if database.is_well else None
        yield Part.FILES, _safely(lambda: self._files(health_))
        if not database.is_well:
            return
        if health_ is None:
            yield Part.SMS_BUDGET, UNKNOWN
            yield Part.WORKER, MISSING
        else:
            yield Part.SMS_BUDGET, sms_budget(health_, self._settings.sms_codes_a_day)
            yield Part.WORKER, _safely(lambda: self._worker(health_))
        yield Part.LOG, _safely(self._log)
        yield Part.AUDIT, _safely(self._audit)
        yield Part.DOCTOR, _safely(self._doctor)
        yield Part.BACKUP, _safely(self._backup)

    def _database(self) -> Finding:
        """Check that the database answers; its content does not matter."""
        if self._store is None:
            self._store = self._application().store.apart()
        with self._store.unit_of_work(self._application().clock(), reading=True) as uow:
            uow.clockwork.offset()
        return Finding(Verdict.OK)

    def _health(self) -> Health | None:
        """Return the city's health figures; None if they cannot be computed, for any reason."""
        assert self._store is not None
        machine_now = self._application().clock()
        try:
            with self._store.unit_of_work(machine_now, reading=True) as uow:
                return health(uow, NOBODY, Nothing(), machine_now + uow.clockwork.offset())
        except Exception:  # noqa: BLE001  (any fault of any database is this one finding)
            return None

    def _tables(self) -> Finding:
        """Checked until it succeeds once: the schema does not change under a running server."""
        assert self._store is not None
        if not self._has_newest_tables:
            self._has_newest_tables = has_newest_tables(self._store.engine)
        return Finding(Verdict.OK if self._has_newest_tables else Verdict.FAULT)

    def _writing(self) -> Finding:
        assert self._store is not None
        is_well = self._application().store.has_room() and self._store.takes_writing()
        return Finding(Verdict.OK if is_well else Verdict.FAULT)

    def _clock(self) -> Finding:
        assert self._store is not None
        return clock(self._store.clock_drift()) if self._store.has_clock else UNUSED

    def _log(self) -> Finding:
        """Check that the log is not behind the last signed note; if it is, it takes no entries.

        It is a fault as well if this process has read entries that are not the signed ones: no list
        is made of them.
        """
        assert self._store is not None
        with self._store.unit_of_work(self._application().clock(), reading=True) as uow:
            # Before the head is read: an entry that is written now is in the note already.
            is_wrong = uow.log.is_behind() or self._application().store.has_wrong_entries
            verdict = Verdict.FAULT if is_wrong else Verdict.OK
            try:
                return Finding(verdict, {"entries": uow.log.head().seq})
            except Unavailable:  # its row is gone, or is the end of no log
                return Finding(Verdict.FAULT)

    def _appending(self) -> Finding:
        """Check that the log does not grow while this process cannot append to it.

        Others can then, as beside an older release, whose people would file in vain. If nobody can,
        as after a restore or on the way back to an older release, pages are still served.
        """
        assert self._store is not None
        left_at = self._application().store.left_behind_at
        with self._store.unit_of_work(self._application().clock(), reading=True) as uow:
            if left_at is None and not uow.log.is_behind():
                self._stopped_at = None
                return Finding(Verdict.OK)
            try:
                size = uow.log.head().seq
            except Unavailable:  # nobody appends to it
                return Finding(Verdict.OK)
        if self._stopped_at is None:
            self._stopped_at = left_at or size
        if size <= self._stopped_at:
            return Finding(Verdict.OK)
        reason = (
            "its release is older than theirs, or its newest note is not theirs"
            if left_at is None
            else "theirs is a newer release, whose entries this one cannot read"
        )
        _log.error(
            "not ready: others append to the public log, and this process cannot; %s", reason
        )
        return MISSING

    def _audit(self) -> Finding:
        """Return what the newest audit of the public log found.

        Findings are LOW, not FAULT: a witness who did not sign is one of them, and that is no fault
        of this service.
        """
        assert self._store is not None
        with self._store.unit_of_work(self._application().clock(), reading=True) as uow:
            seq = uow.log.newest_of({Kind.AUDITED})
            if not seq:
                return UNUSED
            body = uow.log.entry(seq).body
            figures = {"findings": int(str(body["findings"])), "read": int(str(body["size"]))}
            return Finding(Verdict.LOW if figures["findings"] else Verdict.OK, figures)

    def _doctor(self) -> Finding:
        """Return what `doctor` found last, which runs every night in production."""
        assert self._store is not None
        now = self._application().clock()
        with self._store.unit_of_work(now, reading=True) as uow:
            return doctor(newest_examination(uow), now, is_nightly=not self._settings.is_demo)

    def _backup(self) -> Finding:
        """Return how old the newest reported backup is, which is made every night in production."""
        assert self._store is not None
        now = self._application().clock()
        with self._store.unit_of_work(now, reading=True) as uow:
            return backup(newest_backup(uow), now, is_nightly=not self._settings.is_demo)

    def _files(self, found: Health | None) -> Finding:
        """Check that the picture store answers, and that no sweep of it waits for an operator.

        A full store answers too: once it has refused a file here, one as large is tried each time.
        Raises OSError if it does not answer or takes nothing.
        """
        store = open_store(self._settings.data_dir, self._settings.s3, hurried=True)
        store.exists("installation.json")
        ours = self._application().files.objects
        if ours.refused:
            store.refuse_unusable(ours.refused)
            ours.refused = 0
        stop = found.sweep_stopped if found is not None else None
        if stop is not None:
            return Finding(Verdict.LOW, {"sweep": str(stop)})
        return Finding(Verdict.OK)

    def _worker(self, found: Health) -> Finding:
        """Check that this process's worker loop runs and that no work is overdue."""
        application = self._application()
        run_at = application.worker.run_due_at
        figures = {"behind_seconds": round(found.behind.total_seconds())}
        figures["notices_waiting"] = found.notices_waiting
        figures["notices_failing"] = found.notices_failing
        figures["unfound"] = found.unfound
        if found.swept_at is not None:
            figures["swept_seconds_ago"] = round(
                (application.clock() - found.swept_at).total_seconds()
            )
        if run_at is None:
            return Finding(Verdict.FAULT, figures)
        silent = application.clock() - run_at
        figures["silent_seconds"] = round(silent.total_seconds())
        # A negative silence is that of a clock that was set back: nothing is done meanwhile.
        is_well = max(abs(silent), found.behind) <= BEHIND and not found.unfound
        return Finding(Verdict.OK if is_well else Verdict.FAULT, figures)


def disk(folder: Path) -> Finding:
    """Check the free space of the disk with pictures, originals and an SQLite database.

    It counts as 0 if this process may not write there.
    """
    free = shutil.disk_usage(folder).free if os.access(folder, os.W_OK) else 0
    verdict = Verdict.OK if free >= ROOM else Verdict.LOW if free >= LEAST_ROOM else Verdict.FAULT
    return Finding(verdict, {"free_mb": free >> 20})


def doctor(newest: Examination | None, now: datetime, *, is_nightly: bool) -> Finding:
    """Check that `doctor` found nothing, and that it still runs."""
    if newest is None:
        return Finding(Verdict.LOW) if is_nightly else UNUSED
    age = now - newest.at
    figures = {"findings": newest.findings, "seconds_ago": round(age.total_seconds())}
    is_old = is_nightly and age > _DOCTOR_EVERY
    return Finding(Verdict.LOW if newest.findings or is_old else Verdict.OK, figures)


def backup(newest: datetime | None, now: datetime, *, is_nightly: bool) -> Finding:
    """Check that a backup was reported since the last night but one."""
    if newest is None:
        return Finding(Verdict.LOW) if is_nightly else UNUSED
    age = now - newest
    is_old = is_nightly and age > _BACKUP_EVERY
    figures = {"seconds_ago": round(age.total_seconds())}
    return Finding(Verdict.LOW if is_old else Verdict.OK, figures)


def reading(*, is_reading: bool) -> Finding:
    """Check that this process has read the public log once; until then requests wait for it."""
    return Finding(Verdict.FAULT if is_reading else Verdict.OK)


def sms_budget(found: Health, budget: int) -> Finding:
    """Compare the one-time codes sent today with the daily budget."""
    if not budget:
        return Finding(Verdict.UNUSED, {"codes_today": found.codes_today})
    spent = found.codes_today / budget
    verdict = Verdict.FAULT if spent >= 1 else Verdict.LOW if spent >= ALARM_AT else Verdict.OK
    return Finding(verdict, {"codes_today": found.codes_today, "budget": budget})


def proxy(trust: ProxyTrust, *, is_https: bool) -> Finding:
    """Check whether a request came through a proxy that is not configured.

    With https there is certainly a proxy, because TLS ends there. With plain http a client may have
    invented the header, so it is only reported as a figure.
    """
    verdict = Verdict.FAULT if trust.was_surprised and is_https else Verdict.OK
    figures = {"hops": trust.hops, "unexpected_forwarded": int(trust.was_surprised)}
    return Finding(verdict, figures)


def redis(url: str | None) -> Finding:
    """Check that Redis takes a key, as every press needs it; raises what its client raises.

    A Redis that is full, a replica, or one that could not write its own file answers and takes
    nothing.
    """
    if url is None:
        return UNUSED
    began = time.perf_counter()
    client = Redis.from_url(
        url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
    )
    with client:
        client.set(_REDIS_KEY, 1, ex=_REDIS_KEY_SECONDS)
    return Finding(Verdict.OK, {"answer_ms": round((time.perf_counter() - began) * 1000, 1)})


def gateway(gateways: Sequence[GatewayStatus]) -> Finding:
    """Report how the SMS gateways answered this process.

    A gateway that lets nothing through, or rejects every message, is a fault.
    """
    if not gateways:
        return UNUSED
    figures: dict[str, float | str] = {}
    for gateway_status in gateways:
        figures |= {
            f"{gateway_status.name}_circuit": gateway_status.circuit,
            f"{gateway_status.name}_taken": gateway_status.taken,
            f"{gateway_status.name}_refused_in_a_row": gateway_status.refused_in_a_row,
        }
        figures |= {
            f"{gateway_status.name}_failed": gateway_status.refused
            + gateway_status.unreachable
            + gateway_status.unanswered
        }
        for name, at in (
            ("succeeded_at", gateway_status.succeeded_at),
            ("failed_at", gateway_status.failed_at),
        ):
            if at is not None:
                figures[f"{gateway_status.name}_{name}"] = at.isoformat(timespec="seconds")
    is_well = all(one.accepts_messages for one in gateways)
    return Finding(Verdict.OK if is_well else Verdict.FAULT, figures)


def sign_on(providers: Sequence[GatewayStatus]) -> Finding:
    """Report how the single sign-on providers answered this process.

    A provider that is down is LOW, not FAULT: citizens can sign in by mobile.
    """
    if not providers:
        return UNUSED
    figures: dict[str, float | str] = {}
    for provider in providers:
        figures |= {
            f"{provider.name}_circuit": provider.circuit,
            f"{provider.name}_answered": provider.taken,
        }
        figures |= {f"{provider.name}_failed": provider.unreachable + provider.unanswered}
    is_open = any(gateway_status.circuit is not CircuitState.CLOSED for gateway_status in providers)
    return Finding(Verdict.LOW if is_open else Verdict.OK, figures)


def clock(drift: timedelta) -> Finding:
    """Compare this machine's clock with the database's; with a wrong clock the worker stops."""
    verdict = Verdict.OK if abs(drift) <= DRIFT_MOST else Verdict.FAULT
    return Finding(verdict, {"drift_seconds": round(drift.total_seconds(), 3)})


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception:  # noqa: BLE001  (a part that cannot be checked is this finding)
        return MISSING
