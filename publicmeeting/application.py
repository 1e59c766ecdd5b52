"""The one place that picks real parts, and the one place through which every command is
performed."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from publicmeeting.config import Settings, master_key, settings
from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.clock import DRIFT_MOST, Clock, utc_now
from publicmeeting.kit.figures import REFUSALS, THREADS_AWAITED, THREADS_BUSY
from publicmeeting.live.channel import Channel, Listener
from publicmeeting.live.pubsub import PubSub
from publicmeeting.live.redis_channel import RedisChannel
from publicmeeting.live.sockets import Sockets
from publicmeeting.media.files import Files, open_store
from publicmeeting.notify.circuit import GatewayStatus
from publicmeeting.notify.codes import CodeSender, Outcome
from publicmeeting.notify.gateway import HttpPhone
from publicmeeting.notify.phone import DemoPhone, Phone
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.store.worker import OFFSET
from publicmeeting.usecases.accounts.credentials import Cookies
from publicmeeting.usecases.base import ROLES, Input, UseCase
from publicmeeting.usecases.measured import measured
from publicmeeting.usecases.oversight.security_events import Repeats, note, write_notes
from publicmeeting.worker.scheduler import Scheduler

W = TypeVar("W", bound=Input)
R = TypeVar("R")
Sendings: TypeAlias = list["Future[Outcome]"]
"""Codes on their way."""
WRITERS, READERS = 8, 12
"""Threads of their own: whoever only reads never waits for those who wait to write."""

LONGEST_QUEUE = 4.0
"""Seconds after which what waits for a thread is refused instead of begun."""


class Pool(StrEnum):
    """The two kinds of threads."""

    WRITE = "write"
    READ = "read"


class Application:
    """Performs commands: one worker thread, one transaction, one reading of the clocks each.

    The actor is looked up afresh from the cookies every time, so a dismissed official loses power
    at once. The bell rings after commit: a page that re-read earlier would show the old stage.
    """

    def __init__(
        self,
        store: Store,
        phone: Phone,
        files: Files,
        pubsub: PubSub,
        clock: Clock = utc_now,
        *,
        demo: bool = False,
        host: str = "",
        is_https: bool = False,
        channel: Channel | None = None,
    ) -> None:
        self.store = store
        self.phone = phone
        self.files = files
        self.images = files.images
        self.originals = files.originals
        self.pubsub = pubsub
        pubsub.publish_first_to(store.recent.drop)
        self.listener = Listener(channel, pubsub) if channel else None
        """Hears the other processes of this city; None where nothing carries their messages."""
        self.sockets = Sockets()
        self.clock = clock
        self.cookies = Cookies(store.vault, is_https=is_https)
        self.host = host
        """Where the site is found, for texts to telephones."""
        self.codes = CodeSender(self)
        self.worker = Scheduler(self, demo=demo)
        self._repeats = Repeats()
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")

    async def execute(self, usecase: UseCase[W, R], keys: Keys, command: W) -> R:
        """Perform a command of whoever holds these cookies.

        `Denied("code_not_sent")` where it asked for a code that could not be sent.
        """
        result, outcome = await self.execute_sending(usecase, keys, command)
        _refuse_unsent(outcome)
        return result

    async def execute_sending(
        self, usecase: UseCase[W, R], keys: Keys, command: W
    ) -> tuple[R, Outcome]:
        """The same, with what became of the codes that the command asked for.

        No thread waits for a gateway here, and nobody for long: see `CodeSender`.
        """

        def run() -> tuple[R, Sendings]:
            return self._run(usecase, lambda uow: uow.sessions.using(keys), command, reading=False)

        result, sendings = await _aside(self._writers, Pool.WRITE, run)
        # Who goes away before the answer takes no code along that is still to be sent.
        waits = [asyncio.shield(asyncio.wrap_future(one)) for one in sendings]
        return result, _worst([await one for one in waits])

    async def query(self, usecase: UseCase[W, R], keys: Keys, query: W) -> R:
        """The reading door: a deferred transaction, no event."""
        return await _aside(self._readers, Pool.READ, lambda: self.query_now(usecase, keys, query))

    def execute_now(self, usecase: UseCase[W, R], keys: Keys, command: W) -> R:
        result, sendings = self._run(
            usecase, lambda uow: uow.sessions.using(keys), command, reading=False
        )
        _refuse_unsent(_worst([one.result() for one in sendings]))
        return result

    def query_now(self, usecase: UseCase[W, R], keys: Keys, query: W) -> R:
        return self._run(usecase, lambda uow: uow.sessions.actor(keys), query, reading=True)[0]

    def execute_as(self, actor: Actor, usecase: UseCase[W, R], command: W) -> R:
        """For the clock, the command line and the demo city, which bring no cookie."""
        return self._run(usecase, lambda _: actor, command, reading=False, unhurried=True)[0]

    def query_as(self, actor: Actor, usecase: UseCase[W, R], query: W) -> R:
        return self._run(usecase, lambda _: actor, query, reading=True, unhurried=True)[0]

    def gateways(self) -> tuple[GatewayStatus, ...]:
        """The SMS gateways as this process has seen them; none in the demo. For operators."""
        return self.phone.status() if isinstance(self.phone, HttpPhone) else ()

    def clock_drift(self) -> timedelta:
        """How far this machine's clock is ahead of the database's; see `Store.clock_drift`.

        Blocks: ask in a thread.
        """
        return self.store.clock_drift()

    def is_clock_right(self) -> bool:
        """Whether it may be believed; blocks like `clock_drift`."""
        return abs(self.clock_drift()) <= DRIFT_MOST

    def city_now(self) -> datetime:
        """City time = machine time + the demo's offset."""
        with self.store.unit_of_work(self.clock(), reading=True) as uow:
            return self.clock() + uow.clockwork.offset()

    def city_now_lately(self) -> datetime | None:
        """The same without asking the database, where it was asked within the last second."""
        machine_now = self.clock()
        offset = self.store.recent.known(OFFSET, machine_now)
        return machine_now + offset if isinstance(offset, timedelta) else None

    def _run(
        self,
        usecase: UseCase[W, R],
        who: Callable[[UnitOfWork], Actor],
        command: W,
        *,
        reading: bool,
        unhurried: bool = False,
    ) -> tuple[R, Sendings]:
        return measured(
            usecase,
            lambda: self._performed(usecase, who, command, reading=reading, unhurried=unhurried),
        )

    def _performed(
        self,
        usecase: UseCase[W, R],
        who: Callable[[UnitOfWork], Actor],
        command: W,
        *,
        reading: bool,
        unhurried: bool,
    ) -> tuple[R, Sendings]:
        machine_now = self.clock()
        ended: tuple[UnitOfWork, Actor] | None = None
        try:
            with self.store.unit_of_work(machine_now, reading=reading, unhurried=unhurried) as uow:
                actor = who(uow)
                ended = uow, actor
                by = ROLES[usecase]
                if by and not actor.has(*by):
                    raise Denied(self._why_refused(uow, actor, usecase))
                now = machine_now + uow.clockwork.offset_lately()
                result = usecase(uow, actor, command, now)
                if uow.notes and not reading:
                    # A wrong password is answered, not refused; what is not to be seen and was
                    # asked for on the way to something else is no event.
                    kept = [n for n in uow.notes if n.kind is not SecurityKind.OBJECT_REFUSED]
                    write_notes(uow, kept, actor)
        except Refusal:
            if ended is not None:
                self._write_afterwards(*ended)
            raise
        sendings = [self.codes.send(message) for message in uow.messages]
        self.pubsub.publish(uow.topics_to_publish)
        return result, sendings

    @staticmethod
    def _why_refused(uow: UnitOfWork, actor: Actor, usecase: UseCase[W, R]) -> str:
        if not actor.grants:
            return "session_ended"
        note(uow, SecurityKind.ROLE_REFUSED, "", getattr(usecase, "__name__", ""))
        return "not_your_role"

    def _write_afterwards(self, refused: UnitOfWork, actor: Actor) -> None:
        """What has to stay of a refused work, of which nothing has been written."""
        now = self.clock()
        address = refused.origin.address
        keys = [(one.kind, one.who, one.what, address, actor.visit) for one in refused.notes]
        due = [
            (one, times)
            for one, key in zip(refused.notes, keys, strict=True)
            if (times := self._repeats.due(key, now))
        ]
        if not refused.after_refusal and not due:
            return
        with self.store.unit_of_work(now) as uow:
            uow.origin = refused.origin
            for write in refused.after_refusal:
                write(uow)
            for one, times in due:
                write_notes(uow, [one], actor, times)


def _worst(outcomes: list[Outcome]) -> Outcome:
    return next((one for one in outcomes if one is not Outcome.SENT), Outcome.SENT)


def _refuse_unsent(outcome: Outcome) -> None:
    if outcome is Outcome.NOT_SENT:
        raise Denied(outcome.value)


async def _aside(threads: ThreadPoolExecutor, pool: Pool, call: Callable[[], R]) -> R:
    """In one of these threads. `Denied("too_busy")` for what no thread has begun in time: behind a
    lock that somebody holds a queue would otherwise grow that nobody waits for any more."""
    asked_at = time.monotonic()

    def begin() -> R:
        awaited.dec()
        if time.monotonic() - asked_at > LONGEST_QUEUE:
            refused = Denied("too_busy")
            REFUSALS.labels(refused.key).inc()  # all others are counted with their use case
            raise refused
        with THREADS_BUSY.labels(pool).track_inprogress():
            return call()

    awaited = THREADS_AWAITED.labels(pool)
    awaited.inc()

    # What is logged in the thread carries the id of the request, too.
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(threads, context.run, begin)


def open_application(chosen: Settings, clock: Clock = utc_now) -> Application:
    """The office with its real parts, as these settings say."""
    store = Store(chosen.database_url, master_key(chosen), checks_clock=clock is utc_now)
    channel = _channel(store, chosen)
    return Application(
        store=store,
        phone=_phone(chosen),
        files=Files(open_store(chosen.data_dir, chosen.s3), store.vault),
        pubsub=PubSub(channel.publish) if channel else PubSub(),
        clock=clock,
        demo=chosen.is_demo,
        host=urlsplit(chosen.public_url).netloc,
        is_https=chosen.is_https,
        channel=channel,
    )


def _channel(store: Store, chosen: Settings) -> Channel | None:
    """The database's own messages, which go out with the commit; else Redis, where there is one."""
    return store.channel() or (RedisChannel(chosen.redis_url) if chosen.redis_url else None)


def _phone(chosen: Settings) -> Phone:
    """Without a gateway the demo's own screen; the settings of production have one."""
    if chosen.sms_text is not None:
        return HttpPhone(chosen.sms_text, chosen.sms_code)
    return DemoPhone()


_in_use: list[Application] = []


def application() -> Application:
    """The office of this process, opened at the first command: building pages needs no database."""
    if not _in_use:
        _in_use.append(open_application(settings()))
    return _in_use[0]


def worker() -> Scheduler:
    """The worker that keeps this process's clock."""
    return application().worker


def use(one: Application) -> None:
    """Put another office in its place: tests and the demo city bring their own."""
    _in_use[:] = [one]
