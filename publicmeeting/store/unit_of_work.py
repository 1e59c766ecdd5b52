"""The unit of work: a transaction with all repositories; and the store that opens it."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine, event, false, literal, text, union_all
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, SQLModel, func, select

from publicmeeting.domain.errors import Refusal, TooBusy
from publicmeeting.kit.clock import tehran_day, utc_now
from publicmeeting.kit.topics import messages
from publicmeeting.store.accounts.account_events import AccountEvents
from publicmeeting.store.accounts.accounts import Accounts
from publicmeeting.store.accounts.counters import CountedHere, Counters
from publicmeeting.store.accounts.decisions import Decisions
from publicmeeting.store.accounts.factors import Passkeys, SecondSteps
from publicmeeting.store.accounts.invitations import Invitations
from publicmeeting.store.accounts.people import People
from publicmeeting.store.accounts.security import Security
from publicmeeting.store.accounts.sessions import Sessions
from publicmeeting.store.accounts.sign_ins import Codes, SignOns
from publicmeeting.store.accounts.standings import Standings
from publicmeeting.store.accounts.tracks import Tracks
from publicmeeting.store.database.engine import (
    CONNECTIONS_MOST,
    HURRIED,
    UNHURRIED,
    Patience,
    begin,
    connect,
    connect_apart,
    end_reading,
    without_listeners,
)
from publicmeeting.store.database.postgres import NOTIFY, PostgresChannel
from publicmeeting.store.database.recent import Recent, RecentSince
from publicmeeting.store.database.transaction import Transaction, has_no_room, refusal_for
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.districts.city import City
from publicmeeting.store.districts.halls import Halls
from publicmeeting.store.districts.rules_proposals import RulesProposals
from publicmeeting.store.districts.texts import DistrictTextVersions
from publicmeeting.store.facts import Facts
from publicmeeting.store.filing.drafts import Drafts
from publicmeeting.store.filing.images import Images
from publicmeeting.store.filing.places import Places
from publicmeeting.store.lifecycle.erasing import Erasing
from publicmeeting.store.lifecycle.event_tags import EventTags
from publicmeeting.store.lifecycle.lists import Lists
from publicmeeting.store.lifecycle.noticed import Noticed
from publicmeeting.store.lifecycle.outbox import Outbox
from publicmeeting.store.lifecycle.preparing import Preparing
from publicmeeting.store.lifecycle.requests import Requests
from publicmeeting.store.lifecycle.sending import AskingNotices
from publicmeeting.store.line.drawn_lists import DrawnLists
from publicmeeting.store.line.draws import DrawFigures, Draws
from publicmeeting.store.line.lanes.questions import Lanes
from publicmeeting.store.line.line_book import LineBook
from publicmeeting.store.line.log_index import LogIndex
from publicmeeting.store.line.officer_marks import OfficerMarks
from publicmeeting.store.line.recount import Recount
from publicmeeting.store.line.seats import Seats
from publicmeeting.store.line.shared_book import SharedBook
from publicmeeting.store.line.witnesses import Witnesses
from publicmeeting.store.orders.orders import Orders
from publicmeeting.store.orders.papers import DocumentAudits, Signing, Unfinished
from publicmeeting.store.orders.promise_figures import PromiseFigures
from publicmeeting.store.oversight.audit import AuditTrail
from publicmeeting.store.oversight.inspection import Inspection
from publicmeeting.store.public_record.log import Log
from publicmeeting.store.public_record.newest_note import NewestNote
from publicmeeting.store.public_record.reports import Histories, LogReports
from publicmeeting.store.worker.clock_guard import ClockGuard
from publicmeeting.store.worker.clockwork import Clockwork


def _uncounted(_uow: "UnitOfWork") -> None:
    """Do nothing: no count has to be taken back."""


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """A one-time code or a notice of a change, to be sent after the commit and never stored."""

    mobile: str
    text: str
    digest: str
    """Identifies this message, in hex."""
    if_not_sent: Callable[["UnitOfWork"], None] = _uncounted
    """Called if the code was certainly not sent."""
    if_unanswered: Callable[["UnitOfWork"], None] = _uncounted
    """Called if the result is unknown."""


_log = logging.getLogger(__name__)
_FULL_SECONDS = 60.0
"""How long a full disk of the database is reported; who presses then renews it."""
_ONE_STATE = {"isolation_level": "REPEATABLE READ"}
"""Isolation of long readings on PostgreSQL.

Otherwise each statement would see newer commits, and changes between two statements would look like
faults. SQLite always reads one state.
"""

Made = TypeVar("Made")


class _Part(Generic[Made]):
    """A repository that is created at first use: most units of work need few of them.

    Not a `cached_property`: before Python 3.12 that holds one lock for all units of work.
    """

    def __init__(self, make: "Callable[[UnitOfWork], Made]") -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, uow: "UnitOfWork", owner: type) -> Made:
        made = self._make(uow)
        uow.__dict__[self._name] = made  # found in the instance from now on
        return made


class UnitOfWork(Transaction):
    """A use case's view of the store."""

    counted_here: CountedHere
    facts = _Part(Facts)
    account_events = _Part(AccountEvents)
    standings = _Part(lambda uow: Standings(uow, uow.account_events, uow.facts))
    people = _Part(lambda uow: People(uow, uow.standings))
    sessions = _Part(lambda uow: Sessions(uow, uow.people))
    accounts = _Part(lambda uow: Accounts(uow, uow.sessions.end_of_account))
    second_steps = _Part(SecondSteps)
    passkeys = _Part(Passkeys)
    audit = _Part(AuditTrail)
    invitations = _Part(Invitations)
    decisions = _Part(Decisions)
    codes = _Part(Codes)
    sign_ons = _Part(SignOns)
    counters = _Part(lambda uow: Counters(uow, uow.counted_here))
    security = _Part(lambda uow: Security(uow, uow.counters))
    tracks = _Part(Tracks)
    clockwork = _Part(lambda uow: Clockwork(uow, uow.facts))
    city = _Part(lambda uow: City(uow, uow.accounts, uow.line_book))
    rules_proposals = _Part(RulesProposals)
    district_texts = _Part(DistrictTextVersions)
    halls = _Part(Halls)
    places = _Part(lambda uow: Places(uow, uow.facts))
    seats = _Part(Seats)
    lists = _Part(lambda uow: Lists(uow, uow.seats))
    requests = _Part(lambda uow: Requests(uow, uow.city))
    clock_requests = _Part(lambda uow: Requests(uow, uow.city, forgiving=True))
    """Requests for the clock, which needs no texts: a damaged row must not stop a district."""
    erasing = _Part(Erasing)
    preparing = _Part(Preparing)
    outbox = _Part(lambda uow: Outbox(uow, uow.clockwork))
    asking = _Part(AskingNotices)
    orders = _Part(lambda uow: Orders(uow, uow.facts, uow.lists, uow.seats))
    promise_figures = _Part(PromiseFigures)
    document_audit = _Part(DocumentAudits)
    signing = _Part(Signing)
    unfinished = _Part(Unfinished)
    images = _Part(lambda uow: Images(uow, uow.requests, uow.orders))
    drafts = _Part(lambda uow: Drafts(uow, uow.images))
    draw_figures = _Part(DrawFigures)
    lanes = _Part(Lanes)
    witnesses = _Part(Witnesses)
    log_index = _Part(LogIndex)
    officer_marks = _Part(lambda uow: OfficerMarks(uow, uow.facts))
    inspection = _Part(Inspection)
    event_tags = _Part(EventTags)
    noticed = _Part(Noticed)
    histories = _Part(Histories)
    log_reports = _Part(LogReports)

    is_brief = False
    """Whether each of its statements is a transaction of its own on PostgreSQL."""
    is_repeated = False
    """Whether the press of its command was executed before."""

    def __init__(
        self,
        session: Session,
        vault: Vault,
        machine_now: datetime,
        drawn_lists: DrawnLists,
        recent: RecentSince,
        newest_note: NewestNote,
        shared_book: SharedBook,
        counted_here: CountedHere,
    ) -> None:
        super().__init__(session, vault, machine_now, recent)
        self.counted_here = counted_here
        self.messages: list[CodeMessage] = []
        """One-time codes, sent after the commit; never stored."""
        self.account_messages: list[CodeMessage] = []
        """Notices of changes to an account or file, sent in the background after the commit."""
        self.after_refusal: list[Callable[[UnitOfWork], object]] = []
        """Callbacks in a separate unit of work if this one is refused."""
        self.newest_note = newest_note
        self.log = Log(self, newest_note, lambda: shared_book.is_newer)
        self.line_book: LineBook = LineBook(self, self.log, shared_book)
        self.draws = Draws(self, drawn_lists, self.line_book)
        self.recount = Recount(self, self.draws, self.line_book)

    def keep_counts(self) -> None:
        """Commit rate limit counts although a refusal follows; call it last.

        Counting afterwards would be too late for others that wait for the lock of the count. Only
        for a use case that has changed nothing else yet.
        """
        assert not self.topics_to_publish, "a refused step would be kept with its count"
        self.counters.write_last()
        self.session.commit()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Roll back what was written inside if it raises; earlier changes stay."""
        if self.is_brief:  # it writes nothing, and its statements do not fail together
            yield
            return
        state = self.log.state()
        try:
            with self.session.begin_nested():
                self.session.connection()  # only now SQLAlchemy sets the savepoint
                yield
                self.send_gathered()
        except BaseException:
            self.drop_gathered()
            self.log.go_back(state)
            raise

    def city_time_in(self, minutes: int) -> datetime:
        """Return the city's time so many minutes from now."""
        offset = self.clockwork.cached_offset()
        return self.machine_now + offset + timedelta(minutes=minutes)

    def city_day(self) -> date:
        return tehran_day(self.machine_now + self.clockwork.cached_offset())


class _Session(Session):
    """A session that begins its transactions by the options of its engine."""


_ARCHIVER = text(
    "SELECT last_archived_time, last_failed_time FROM pg_stat_archiver "
    "WHERE current_setting('archive_mode') <> 'off'"
)


def failing_since(archived: datetime | None, failed: datetime | None) -> datetime | None:
    """Return since when nothing is archived, from the times of the newest success and failure."""
    if failed is None or (archived is not None and archived >= failed):
        return None
    return archived or failed


@event.listens_for(_Session, "after_begin")
def _begin(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        begin(connection)


class Store:
    """The database of one URL, opened with one master key.

    `checks_clock` is for processes in real time: if the database has its own clock, nothing is
    written while this machine's clock differs, and leases end by the database's clock.
    `newest_note` is where the log's newest note is stored outside the database.
    """

    def __init__(
        self,
        url: str,
        key: bytes | Vault,
        engine: Engine | None = None,
        *,
        checks_clock: bool = False,
        newest_note: NewestNote | None = None,
    ) -> None:
        self._newest_note = newest_note or NewestNote()
        self._url = url
        self._apart: list[Store] = []
        self._full_at = -_FULL_SECONDS
        """When the database last refused a change for lack of room, by the monotonic clock."""
        self.engine = engine or without_listeners(connect(url))
        self._engines: dict[tuple[bool, ...], Engine] = {}
        self.vault = key if isinstance(key, Vault) else Vault(key)
        self.has_clock = self.engine.dialect.name == "postgresql"
        """Whether the database has its own clock."""
        self._guard = ClockGuard(self.clock_drift) if checks_clock and self.has_clock else None
        self._sender = uuid.uuid4().hex
        """Identifies this process among those that share the database."""
        self._notifies = self.engine.dialect.name == "postgresql"
        self._drawn_lists = DrawnLists()
        self._shared_book = SharedBook()
        self._counted_here = CountedHere()
        self.recent = Recent()
        # SQLite allows one writer at a time, and others poll with growing pauses. In this queue the
        # next writer begins at once.
        self._queue = threading.RLock() if url.startswith("sqlite") else None

    @contextmanager
    def unit_of_work(
        self,
        machine_now: datetime,
        *,
        reading: bool = False,
        unhurried: bool = False,
        brief: bool = False,
    ) -> Iterator[UnitOfWork]:
        """Commit at the end of the block, roll back on any error.

        Errors by rules of the database become refusals. Raises `TooBusy` if a lock is not released
        within seconds (`Patience`); `unhurried` is for work that no page waits for. A `brief`
        reading has no transaction on PostgreSQL; it cannot stream. Raises `WrongClockError` for
        writing on a machine with a wrong clock.
        """
        if not reading:
            self.check_clock()
        assert reading or not brief, "writing needs a transaction"
        engine = self._engine_for(reading=reading, unhurried=unhurried, brief=brief)
        turn = nullcontext() if reading else self._turn(UNHURRIED if unhurried else HURRIED)
        note = ""
        with turn, _Session(engine, expire_on_commit=False) as session:
            try:
                uow = UnitOfWork(
                    session,
                    self.vault,
                    machine_now,
                    self._drawn_lists,
                    self.recent.since_now(),
                    self._newest_note,
                    self._shared_book,
                    self._counted_here,
                )
                uow.leases_by_database = self._guard is not None
                uow.is_reading, uow.is_brief = reading, brief
                if reading and unhurried:
                    uow.log.read_newest_note()
                    if self.has_clock:
                        session.connection(execution_options=_ONE_STATE)
                yield uow
                if reading and session.in_transaction():
                    end_reading(session.connection())
                elif not reading:
                    note = self._commit(session, uow)
            except NoConnection as error:
                raise TooBusy from error
            except (DBAPIError, StaleDataError, UnicodeEncodeError) as error:
                refusal = self._refusal_for(error)
                if refusal is None:
                    raise
                raise refusal from error
        if note:  # outside the lock, because replacing a file is slow
            self._newest_note.put(note, uow.log.written, by_new_key=uow.log.has_new_key)

    def _refusal_for(
        self, error: DBAPIError | StaleDataError | UnicodeEncodeError
    ) -> Refusal | None:
        if has_no_room(error):
            self._full_at = time.monotonic()
        return refusal_for(error)

    def warm_up(self, connections: int) -> None:
        """Open this many connections, each of which reads the definition of every table.

        The first citizens at a fresh server would wait for both. If the database cannot be reached,
        only a warning is logged.
        """
        tables = SQLModel.metadata.sorted_tables
        nothing = union_all(*(select(literal(1)).select_from(one).where(false()) for one in tables))
        engine = self._engine_for(reading=True, unhurried=False, brief=False)
        try:
            with ExitStack() as stack:
                for _ in range(connections):
                    stack.enter_context(engine.connect()).execute(nothing)
        except (DBAPIError, NoConnection) as fault:
            _log.warning("no connections were opened ahead (%s)", type(fault).__name__)

    def _engine_for(self, **chosen: bool) -> Engine:
        """Return the engine with these options; cached, since making it is slow."""
        options = tuple(chosen.values())
        found = self._engines.get(options)
        if found is None:
            found = self._engines[options] = self.engine.execution_options(**chosen)
        return found

    @property
    def has_wrong_entries(self) -> bool:
        """Whether this process has read entries of the log that are not those that were signed."""
        return self._shared_book.is_wrong

    @property
    def left_behind_at(self) -> int | None:
        """Size of the log that this process has read before a newer release continued it.

        None if it can read all; 0 if it was started on such a log.
        """
        return self._shared_book.read_to if self._shared_book.is_newer else None

    def channel(self) -> PostgresChannel | None:
        """Return the channel of topics to other processes; None on SQLite."""
        return PostgresChannel(self.engine, self._sender) if self._notifies else None

    def _commit(self, session: Session, uow: UnitOfWork) -> str:
        """Commit; return the signed note of the log, empty if nothing was appended."""
        uow.log.sign()
        uow.counters.write_last()
        session.flush()  # constraints are checked before anything is published
        if self._notifies:
            for message in messages(self._sender, uow.topics_to_publish):
                uow.send_gathered(NOTIFY, {"message": message})
        uow.send_gathered()
        session.commit()
        uow.counters.remember()
        self.recent.drop(uow.topics_to_publish)
        return uow.log.new_note

    @contextmanager
    def _turn(self, patience: Patience) -> Iterator[None]:
        """Take a writer's place in the queue, on SQLite only."""
        if self._queue is None:
            yield
            return
        if not self._queue.acquire(timeout=patience.lock):
            raise TooBusy
        try:
            yield
        finally:
            self._queue.release()

    def apart(self) -> "Store":
        """Return a store with a connection of its own and short timeouts, closed with this one.

        For reads that must be answered while the pool of this store is exhausted.
        """
        self._apart.append(self._of_its_own())
        return self._apart[-1]

    def _of_its_own(self) -> "Store":
        engine = connect_apart(self._url)
        return Store(self._url, self.vault, engine, newest_note=self._newest_note)

    def check_clock(self) -> None:
        """Raise `WrongClockError` if this machine's clock is wrong."""
        if self._guard is not None:
            self._guard.check()

    def clock_drift(self) -> timedelta:
        """Return how far this machine's clock is ahead of the database's; negative if behind.

        Zero on SQLite, whose only clock is this machine's. The error is half the time of the query.
        Database errors pass through.
        """
        if not self.has_clock:
            return timedelta(0)
        with self.engine.connect() as connection:
            begin(connection)
            asked_at = utc_now()
            database_now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            connection.commit()  # preserve the connection's prepared statements: see `end_reading`
            return asked_at + (utc_now() - asked_at) / 2 - database_now

    def takes_writing(self) -> bool:
        """Whether the database accepts writes; False for a PostgreSQL replica or read-only server.

        Database errors pass through.
        """
        if not self.has_clock:
            return True
        with self.engine.connect() as connection:
            begin(connection)
            read_only = connection.execute(select(func.current_setting("transaction_read_only")))
            answer = str(read_only.scalar_one())
            connection.commit()
            return answer == "off"

    def archive_failing_since(self) -> datetime | None:
        """Return when PostgreSQL last archived its log of changes, if it fails to do so now.

        If it has never succeeded, when it last failed. None if it succeeds or is not set to
        archive. Database errors pass through.
        """
        if not self.has_clock:
            return None
        with self.engine.connect() as connection:
            begin(connection)
            found = connection.execute(_ARCHIVER).one_or_none()
            connection.commit()
        return failing_since(*found) if found is not None else None

    def has_room(self) -> bool:
        """Return whether the database has refused no change of this process for lack of room.

        Only a refusal shows it: small changes still find room in the pages that are there.
        """
        return time.monotonic() >= self._full_at + _FULL_SECONDS

    def connections(self) -> tuple[int, int]:
        """Return the number of connections in use, and the maximum."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout(), CONNECTIONS_MOST

    def close(self) -> None:
        for store in self._apart:
            store.close()
        self.engine.dispose()
