"""Which parts of the service are well, asked in a thread and over a connection of their own.

The office's threads may all be waiting and the database's pool may be used up: whoever asks for the
service's health is then to get just that answer, and at once.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from redis import Redis

from publicmeeting.config import Settings
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.clock import DRIFT_MOST
from publicmeeting.media.files import open_store
from publicmeeting.notify.circuit import CircuitState, GatewayStatus
from publicmeeting.store.database.migrate import has_newest_tables
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.accounts.signing_in.sms_budget import ALARM_AT
from publicmeeting.usecases.base import Nothing
from publicmeeting.web.browser import ApplicationOf
from publicmeeting.web.layers.proxy import ProxyTrust
from publicmeeting.worker.health import Health, health

WITHIN_SECONDS = 3.0
"""Whoever asks waits no longer; what has not answered by then is a fault."""

BEHIND = timedelta(minutes=5)
"""What has been due for so long, or a second of the worker's that has no end for so long, says that
the clock's work stands still."""

ROOM, LEAST_ROOM = 1 << 30, 128 << 20
"""Bytes free on the data folder's disk: less than the first is worth a look, less than the second
leaves no room for a morning's photos."""

_REDIS_SECONDS = 1.0


class Part(StrEnum):
    """What is checked. A value is a key of the answers of `/ready` and `/health`."""

    DATABASE = "database"
    WRITING = "writing"
    """Whether the database takes any; while it does not, pages are still read."""
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
    READING = "reading"


class Verdict(StrEnum):
    OK = "ok"
    LOW = "low"
    """Still well, and not for long."""
    FAULT = "fault"
    UNKNOWN = "unknown"
    """Not checked, for the database does not answer: whoever is woken mends that first."""
    UNUSED = "unused"
    """This installation has no such part."""


NEEDED = frozenset({Part.DATABASE, Part.TABLES, Part.REDIS, Part.CLOCK, Part.READING})
"""Without these this process can answer nobody, or write nothing: a proxy sends people elsewhere.
All the rest is missing everywhere at once or hinders a part of the work only, so it takes no server
out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`figures` are figures for those who run the service: never a name, a secret or an address."""

    verdict: Verdict
    figures: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        return self.verdict not in (Verdict.FAULT, Verdict.UNKNOWN)


MISSING, UNUSED, UNKNOWN = (
    Finding(Verdict.FAULT),
    Finding(Verdict.UNUSED),
    Finding(Verdict.UNKNOWN),
)
IN_DATABASE = frozenset(
    {Part.WRITING, Part.TABLES, Part.CLOCK, Part.WORKER, Part.SMS_BUDGET, Part.LOG, Part.AUDIT}
)
"""Asked of the database: where that is gone nothing is known of them, and nothing is to be done for
them. A public log that is called wrong then would be filled from copies for nothing."""
Findings = Mapping[Part, Finding]


@dataclass
class _Pass:
    """One pass over all parts; `found` fills up part by part."""

    began: float
    found: dict[Part, Finding] = field(default_factory=dict)
    done: Future[None] | None = None


class Checkup:
    """Checks every part. Whoever asks while a pass is under way is answered by that one."""

    _store: Store | None
    """A connection of its own, opened at the first pass."""

    def __init__(self, application: ApplicationOf, settings: Settings, proxies: ProxyTrust) -> None:
        self._application = application
        self._proxies = proxies
        self._settings = settings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkup")
        self._store = None
        self._has_newest_tables = False
        self._pass: _Pass | None = None
        self.latest: Findings = {}
        """What the last pass that came to its end has found."""

    async def findings(self) -> Findings:
        """Every part and its finding; a part that has not answered in time is a fault, or unknown
        where that is the database's."""
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
        found.update(self._each())  # one by one: who waits no longer sees what is there by then
        self.latest = dict(found)

    def _each(self) -> Iterator[tuple[Part, Finding]]:
        """What cannot make anybody wait comes first."""
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
        # What this process is needed for stands by now: no row of the city can take it out.
        health_ = self._health() if database.is_well else None
        yield Part.FILES, _safely(lambda: files(self._settings, health_))
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

    def _database(self) -> Finding:
        """That it answers, and nothing of what is in it."""
        if self._store is None:
            self._store = self._application().store.apart()
        with self._store.unit_of_work(self._application().clock(), reading=True) as uow:
            uow.clockwork.offset()
        return Finding(Verdict.OK)

    def _health(self) -> Health | None:
        """None where it cannot be found out, whatever the reason."""
        assert self._store is not None
        machine_now = self._application().clock()
        try:
            with self._store.unit_of_work(machine_now, reading=True) as uow:
                return health(uow, NOBODY, Nothing(), machine_now + uow.clockwork.offset())
        except Exception:  # noqa: BLE001  (any fault of any database is this one finding)
            return None

    def _tables(self) -> Finding:
        """Asked until they are new: tables do not change under a running server."""
        assert self._store is not None
        if not self._has_newest_tables:
            self._has_newest_tables = has_newest_tables(self._store.engine)
        return Finding(Verdict.OK if self._has_newest_tables else Verdict.FAULT)

    def _writing(self) -> Finding:
        assert self._store is not None
        return Finding(Verdict.OK if self._store.takes_writing() else Verdict.FAULT)

    def _clock(self) -> Finding:
        assert self._store is not None
        return clock(self._store.clock_drift()) if self._store.has_clock else UNUSED

    def _log(self) -> Finding:
        """A public log that has not what was signed last takes nothing down any more."""
        assert self._store is not None
        with self._store.unit_of_work(self._application().clock(), reading=True) as uow:
            # Before the log is read: an entry that is written now is in the note already.
            verdict = Verdict.FAULT if uow.log.is_behind() else Verdict.OK
            return Finding(verdict, {"entries": uow.log.head().seq})

    def _audit(self) -> Finding:
        """What the clock's newest audit of the public log found. Worth a look, and no fault of this
        service: a witness who did not sign is one of them."""
        assert self._store is not None
        with self._store.unit_of_work(self._application().clock(), reading=True) as uow:
            seq = uow.log.newest_of({Kind.AUDITED})
            if not seq:
                return UNUSED
            body = uow.log.entry(seq).body
            figures = {"findings": int(str(body["findings"])), "read": int(str(body["size"]))}
            return Finding(Verdict.LOW if figures["findings"] else Verdict.OK, figures)

    def _worker(self, found: Health) -> Finding:
        """The worker of this process comes to an end of its seconds, and nothing is left lying."""
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
        is_well = max(silent, found.behind) <= BEHIND and not found.unfound
        return Finding(Verdict.OK if is_well else Verdict.FAULT, figures)


def disk(folder: Path) -> Finding:
    """The room left where pictures, originals and an SQLite database lie; none where this process
    may not write."""
    free = shutil.disk_usage(folder).free if os.access(folder, os.W_OK) else 0
    verdict = Verdict.OK if free >= ROOM else Verdict.LOW if free >= LEAST_ROOM else Verdict.FAULT
    return Finding(verdict, {"free_mb": free >> 20})


def files(settings: Settings, found: Health | None) -> Finding:
    """Whether the store of pictures answers, and whether a sweep of it waits for somebody to look.

    Raises `StorageUnavailable` when it does not answer.
    """
    open_store(settings.data_dir, settings.s3, hurried=True).exists("installation.json")
    stop = found.sweep_stopped if found is not None else None
    if stop is not None:
        return Finding(Verdict.LOW, {"sweep": str(stop)})
    return Finding(Verdict.OK)


def reading(*, is_reading: bool) -> Finding:
    """Whether this process has read the public log once: whoever came first would wait for it."""
    return Finding(Verdict.FAULT if is_reading else Verdict.OK)


def sms_budget(found: Health, budget: int) -> Finding:
    """How many one-time codes have gone out today, of how many that may."""
    if not budget:
        return Finding(Verdict.UNUSED, {"codes_today": found.codes_today})
    spent = found.codes_today / budget
    verdict = Verdict.FAULT if spent >= 1 else Verdict.LOW if spent >= ALARM_AT else Verdict.OK
    return Finding(verdict, {"codes_today": found.codes_today, "budget": budget})


def proxy(trust: ProxyTrust, *, is_https: bool) -> Finding:
    """Whether a request came through a proxy that is not configured.

    Over https there is one for certain, for TLS ends there; without it the header may be anybody's
    invention, and no more than a figure is made of it.
    """
    verdict = Verdict.FAULT if trust.was_surprised and is_https else Verdict.OK
    figures = {"hops": trust.hops, "unexpected_forwarded": int(trust.was_surprised)}
    return Finding(verdict, figures)


def redis(url: str | None) -> Finding:
    """Whether Redis answers. Raises what its client raises when it does not."""
    if url is None:
        return UNUSED
    began = time.perf_counter()
    client = Redis.from_url(
        url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
    )
    with client:
        client.ping()
    return Finding(Verdict.OK, {"answer_ms": round((time.perf_counter() - began) * 1000, 1)})


def gateway(gateways: Sequence[GatewayStatus]) -> Finding:
    """What this process has seen of the SMS gateways; one that nothing passes to is a fault."""
    if not gateways:
        return UNUSED
    figures: dict[str, float | str] = {}
    for gateway_status in gateways:
        figures |= {
            f"{gateway_status.name}_circuit": gateway_status.circuit,
            f"{gateway_status.name}_taken": gateway_status.taken,
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
    is_open = any(one.circuit is not CircuitState.CLOSED for one in gateways)
    return Finding(Verdict.FAULT if is_open else Verdict.OK, figures)


def sign_on(providers: Sequence[GatewayStatus]) -> Finding:
    """What this process has seen of the providers of single sign-on. One that is down is worth a
    look and no fault of the city: the mobile's door stands beside it."""
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
    """This machine's clock beside the database's; one that is wrong does no work of the city's."""
    verdict = Verdict.OK if abs(drift) <= DRIFT_MOST else Verdict.FAULT
    return Finding(verdict, {"drift_seconds": round(drift.total_seconds(), 3)})


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception:  # noqa: BLE001  (a part that cannot be checked is this finding)
        return MISSING
