"""The application: chooses the real parts, and executes every command and query."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar, copy_context
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from publicmeeting.config import Settings, master_key, settings
from publicmeeting.domain.errors import Denied, Refusal, TooBusy
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import Clock, utc_now
from publicmeeting.kit.process.context import press
from publicmeeting.kit.process.figures import REFUSALS, THREADS_AWAITED, THREADS_BUSY
from publicmeeting.kit.process.threads import Threads
from publicmeeting.live.pubsub import Channel, Listener, PubSub, RedisChannel
from publicmeeting.live.sockets import Sockets
from publicmeeting.media.files import Files, open_store
from publicmeeting.notify.circuit import GatewayStatus
from publicmeeting.notify.codes import CodeSender, Outcome
from publicmeeting.notify.gateway import HttpPhone, Matcher
from publicmeeting.notify.phone import DemoPhone, Phone
from publicmeeting.notify.witnesses import WitnessClient
from publicmeeting.sso.client import Providers, open_providers
from publicmeeting.store.accounts.sessions import Keys, visit_of
from publicmeeting.store.filing.drafts import draft_lock
from publicmeeting.store.public_record.newest_note import NOTE_FILE, NewestNote
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.store.worker.clockwork import OFFSET
from publicmeeting.usecases.accounts.credentials import Cookies
from publicmeeting.usecases.base import ROLES, WRITES_DRAFT, Input, UseCase, measured
from publicmeeting.usecases.security_notes import Repeats, note, write_notes
from publicmeeting.worker.scheduler import Scheduler

W = TypeVar("W", bound=Input)
R = TypeVar("R")
Sendings: TypeAlias = list[Future[Outcome]]
"""One-time codes that are being sent."""
WRITERS, READERS, REREADERS = 8, 9, 3
"""Sizes of three separate thread pools.

A query never waits behind commands that wait for a lock, and a page being opened never waits behind
pages that read again. The last pool has few threads: one interpreter runs them in turn, and if many
began together, the first would be answered when the last is.
"""

AT_ONCE, REREADING_AT_ONCE = 4, 2
"""Threads that work in each pool as long as not all of them are held up; see `Threads`.

Each further one uses another connection, which has to prepare every statement for itself.
"""

SENT_AGAIN = timedelta(minutes=2)
"""Longer than the time in which a browser repeats a press."""

_is_rereading: ContextVar[bool] = ContextVar("_is_rereading", default=False)

LONGEST_QUEUE = 4.0
"""Seconds after which a call that waits for a thread is refused."""


class Pool(StrEnum):
    """The kinds of threads."""

    WRITE = "write"
    READ = "read"
    REREAD = "reread"


_AWAITED = {pool: THREADS_AWAITED.labels(pool) for pool in Pool}
_BUSY = {pool: THREADS_BUSY.labels(pool) for pool in Pool}
# Looked up once, because finding a label takes a lock.


@contextmanager
def rereading() -> Iterator[None]:
    """Run queries in the block as those of open pages that read again automatically.

    They run in the order in which pages were woken. The page of the citizen who is called is
    therefore ready before those of everybody who waits in her hall.
    """
    before = _is_rereading.set(True)
    try:
        yield
    finally:
        _is_rereading.reset(before)


class Application:
    """Executes commands and queries, each in one thread, one transaction and at one instant.

    The actor is looked up from the cookies each time, so a dismissed official loses his rights
    immediately. Topics are published after the commit; a page that read before it would show the
    old stage.
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
        matcher: Matcher | None = None,
        sso: Providers | None = None,
        states_in_redis: bool = False,
    ) -> None:
        self.store = store
        self.phone = phone
        self.files = files
        self.images = files.images
        self.originals = files.originals
        self.pubsub = pubsub
        pubsub.call_before_subscribers(store.recent.drop)
        self.listener = Listener(channel, pubsub) if channel else None
        """Receives what other processes publish; None without a channel between them."""
        self.sockets = Sockets(states_in_redis=states_in_redis)
        self.clock = clock
        self.sso = sso or Providers()
        """Providers where citizens may sign in, beside this service."""
        self.cookies = Cookies(store.vault, is_https=is_https)
        self.host = host
        """Host of the site, for texts to telephones."""
        self.matcher = matcher
        """The national service that knows whose a mobile is; None if none is configured."""
        self.witness_client = WitnessClient()
        """Asks witnesses with an address to sign the log."""
        self.codes = CodeSender(self)
        self.worker = Scheduler(self, demo=demo)
        self._repeats = Repeats()
        self._writers = Threads(AT_ONCE, WRITERS, "write")
        self._readers = Threads(AT_ONCE, READERS, "read")
        self._rereaders = Threads(REREADING_AT_ONCE, REREADERS, "reread")

    def warm_up(self) -> None:
        """Open the connections that a rush uses."""
        self.store.warm_up(2 * AT_ONCE + REREADING_AT_ONCE)

    async def execute(self, usecase: UseCase[W, R], keys: Keys, command: W) -> R:
        """Execute a command as the holder of these cookies.

        Raises Denied("code_not_sent") if the command asked for a code that could not be sent.
        """
        result, outcome = await self.execute_sending(usecase, keys, command)
        _refuse_unsent(outcome)
        return result

    async def execute_sending(
        self, usecase: UseCase[W, R], keys: Keys, command: W
    ) -> tuple[R, Outcome]:
        """Execute a command; also return the outcome of the codes for which it asked.

        No thread waits for a gateway here, and nobody waits long: see `CodeSender`.
        """
        result, sendings = await _in_thread(
            self._writers, Pool.WRITE, lambda: self._pressed(usecase, keys, command)
        )
        # A client that disconnects must not cancel a code that is still to be sent.
        waits = [asyncio.shield(asyncio.wrap_future(sending)) for sending in sendings]
        return result, _worst([await future for future in waits])

    async def query(
        self, usecase: UseCase[W, R], keys: Keys, query: W, *, is_part: bool = False
    ) -> R:
        """Execute a query in a reading transaction; it writes no event.

        `is_part`: the page reads a part that not every reader of the page may see. A refusal
        for the role is then no security event: the reader did not ask for it.
        """
        threads, pool = self._readers, Pool.READ
        if _is_rereading.get():
            threads, pool = self._rereaders, Pool.REREAD
        return await _in_thread(
            threads, pool, lambda: self.query_now(usecase, keys, query, is_part=is_part)
        )

    def execute_now(self, usecase: UseCase[W, R], keys: Keys, command: W) -> R:
        result, sendings = self._pressed(usecase, keys, command)
        _refuse_unsent(_worst([sending.result() for sending in sendings]))
        return result

    def query_now(
        self, usecase: UseCase[W, R], keys: Keys, query: W, *, is_part: bool = False
    ) -> R:
        return self._run(
            usecase, lambda uow: uow.sessions.actor(keys), query, reading=True, is_part=is_part
        )[0]

    def execute_as(self, actor: Actor, usecase: UseCase[W, R], command: W) -> R:
        """Execute a command of the clock, the command line or the seeder, which have no cookie."""
        return self._run(usecase, lambda _: actor, command, reading=False, unhurried=True)[0]

    def query_as(self, actor: Actor, usecase: UseCase[W, R], query: W) -> R:
        return self._run(usecase, lambda _: actor, query, reading=True, unhurried=True)[0]

    def gateways(self) -> tuple[GatewayStatus, ...]:
        """Return the state of SMS gateways and matching service in this process, for operators.

        Empty in the demo.
        """
        phones = self.phone.status() if isinstance(self.phone, HttpPhone) else ()
        return (*phones, *((self.matcher.status(),) if self.matcher else ()))

    def city_now(self) -> datetime:
        """Return city time: machine time plus the demo's offset."""
        with self.store.unit_of_work(self.clock(), reading=True) as uow:
            return self.clock() + uow.clockwork.offset()

    def cached_city_now(self) -> datetime | None:
        """Return city time from memory if the offset was read within the last second, else None."""
        machine_now = self.clock()
        offset = self.store.recent.get(OFFSET, machine_now)
        return machine_now + offset if isinstance(offset, timedelta) else None

    def _pressed(self, usecase: UseCase[W, R], keys: Keys, command: W) -> tuple[R, Sendings]:
        return self._run(usecase, _who_commands(usecase, keys), command, reading=False)

    def _run(
        self,
        usecase: UseCase[W, R],
        who: Callable[[UnitOfWork], Actor],
        command: W,
        *,
        reading: bool,
        unhurried: bool = False,
        is_part: bool = False,
    ) -> tuple[R, Sendings]:
        return measured(
            usecase,
            lambda: self._execute(
                usecase, who, command, reading=reading, unhurried=unhurried, is_part=is_part
            ),
        )

    def _execute(
        self,
        usecase: UseCase[W, R],
        who: Callable[[UnitOfWork], Actor],
        command: W,
        *,
        reading: bool,
        unhurried: bool,
        is_part: bool,
    ) -> tuple[R, Sendings]:
        machine_now = self.clock()
        brief = reading and not unhurried
        begun: tuple[UnitOfWork, Actor] | None = None
        try:
            with self.store.unit_of_work(
                machine_now, reading=reading, unhurried=unhurried, brief=brief
            ) as uow:
                actor = who(uow)
                begun = uow, actor
                _check_role(uow, actor, usecase, is_part=is_part)
                if uow.is_repeated:
                    raise Denied("done_before")
                now = machine_now + uow.clockwork.cached_offset()
                result = usecase(uow, actor, command, now)
                if uow.notes and not reading:
                    # A wrong password is answered, not refused, so its notes are written here. An
                    # object that a use case looked up and the actor may not see is no security
                    # event then.
                    notes = [n for n in uow.notes if n.kind is not SecurityKind.OBJECT_REFUSED]
                    write_notes(uow, notes, actor)
        except Refusal:
            if begun is not None:
                self._write_after_refusal(*begun)
            raise
        if uow.sessions.to_extend is not None:
            with self.store.unit_of_work(machine_now) as later:
                later.sessions.extend(*uow.sessions.to_extend)
        sendings = [self.codes.send(message) for message in uow.messages]
        for message in uow.account_messages:
            self.codes.send(message)
        self.pubsub.publish(uow.topics_to_publish)
        return result, sendings

    def _write_after_refusal(self, refused_uow: UnitOfWork, actor: Actor) -> None:
        """Write what a refused transaction must leave behind: counted tries and security events."""
        now = self.clock()
        address = refused_uow.origin.address
        keys = [
            (noted.kind, noted.who, noted.what, address, actor.visit) for noted in refused_uow.notes
        ]
        due = [
            (noted, times)
            for noted, key in zip(refused_uow.notes, keys, strict=True)
            if (times := self._repeats.due(key, now))
        ]
        if not refused_uow.after_refusal and not due:
            return
        with self.store.unit_of_work(now) as uow:
            uow.origin = refused_uow.origin
            for write in refused_uow.after_refusal:
                write(uow)
            for noted, times in due:
                write_notes(uow, [noted], actor, times)


def _check_role(uow: UnitOfWork, actor: Actor, usecase: UseCase[W, R], *, is_part: bool) -> None:
    by = ROLES[usecase]
    if not by or actor.has(*by):
        return
    if actor.grants and not is_part:
        note(uow, SecurityKind.ROLE_REFUSED, "", getattr(usecase, "__name__", ""))
    if actor.grants:
        raise Denied("not_your_role")
    # An account whose last role has ended is still signed in. A citizen's page has nothing for it.
    is_roleless = actor.account_id is not None and Role.CITIZEN not in by
    raise Denied("session_ended", kind="roleless" if is_roleless else "")


def _who_commands(usecase: UseCase[W, R], keys: Keys) -> Callable[[UnitOfWork], Actor]:
    """Return what finds a command's actor, and notes whether her press was executed before.

    The command's name is stored in the transaction of its changes.
    """

    def begin(uow: UnitOfWork) -> Actor:
        pressed = press()
        once = uow.counters.first_row(pressed.name_of_command(), SENT_AGAIN) if pressed else None
        visit = visit_of(keys) if usecase in WRITES_DRAFT else ""
        actor, is_new = uow.sessions.begin_command(keys, once, draft_lock(visit) if visit else "")
        uow.is_repeated = not is_new
        return actor

    return begin


def _worst(outcomes: list[Outcome]) -> Outcome:
    return next((outcome for outcome in outcomes if outcome is not Outcome.SENT), Outcome.SENT)


def _refuse_unsent(outcome: Outcome) -> None:
    if outcome is Outcome.NOT_SENT:
        raise Denied(outcome.value)


async def _in_thread(threads: Threads, pool: Pool, call: Callable[[], R]) -> R:
    """Call a function in a thread of this pool.

    Raises TooBusy if no thread has begun it in time. Otherwise calls for which nobody waits any
    more would pile up behind a lock.
    """
    called_at = time.monotonic()
    counted = [_AWAITED[pool]]
    """Emptied once: when a thread begins, or when the caller gives up before."""

    def waits_no_more() -> None:
        with suppress(IndexError):
            counted.pop().dec()

    def begin() -> R:
        waits_no_more()
        if time.monotonic() - called_at > LONGEST_QUEUE:
            refused = TooBusy()
            REFUSALS.labels(refused.key).inc()  # other refusals are counted with their use case
            raise refused
        with busy.track_inprogress():
            return call()

    busy = _BUSY[pool]
    _AWAITED[pool].inc()

    # The context carries the request's id into the log lines of the thread.
    context = copy_context()
    try:
        return await threads.run(lambda: context.run(begin))
    finally:
        waits_no_more()


def open_application(chosen: Settings, clock: Clock = utc_now) -> Application:
    """Return the application with its real parts, by these settings."""
    store = Store(
        chosen.database_url,
        master_key(chosen),
        checks_clock=clock is utc_now,
        newest_note=newest_note(chosen),
    )
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
        matcher=Matcher(chosen.match, chosen.matches_a_day) if chosen.match else None,
        sso=open_providers(chosen.sso, is_demo=chosen.is_demo),
        states_in_redis=bool(chosen.redis_url),
    )


def newest_note(chosen: Settings) -> NewestNote:
    """Return the file of the log's newest note, outside the database."""
    return NewestNote(chosen.data_dir / NOTE_FILE)


def _channel(store: Store, chosen: Settings) -> Channel | None:
    """Return the database's own notifications, sent with the commit, else Redis if configured."""
    return store.channel() or (RedisChannel(chosen.redis_url) if chosen.redis_url else None)


def _phone(chosen: Settings) -> Phone:
    """Return the configured SMS gateway; without one, as in the demo, texts go to its screen."""
    if chosen.sms_text is not None:
        return HttpPhone(chosen.sms_text, chosen.sms_code)
    return DemoPhone()


_in_use: list[Application] = []


def application() -> Application:
    """Return the application of this process, opened at first use.

    Building pages needs no database.
    """
    if not _in_use:
        _in_use.append(open_application(settings()))
    return _in_use[0]


def worker() -> Scheduler:
    """Return the worker that runs this process's clock."""
    return application().worker


def use(chosen: Application) -> None:
    """Use another application in this process; tests and the seeder bring their own."""
    _in_use[:] = [chosen]
