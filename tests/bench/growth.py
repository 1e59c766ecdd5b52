"""`bench growth`: what a second, a page and a check cost in a small, a grown and a large city.

Each city is made anew, on SQLite and on a PostgreSQL of its own. What is asked every second and on
every page must not grow with the city. Each piece of work is measured in three ways: by the clock,
as a person waits; by this process's processor time, which other programs change little; and in
statements, which nothing else changes.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlmodel import Session, insert, text
from support.plans import asked
from support.services import postgresql

from bench.figures import Measured
from bench.large.fill import fill_large
from publicmeeting.application import Application, open_application
from publicmeeting.config import Settings, bare_environment
from publicmeeting.domain.matter import Matter
from publicmeeting.domain.records import Filing
from publicmeeting.domain.roles import COMMAND_LINE, Actor, Grant, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.database.rows.city import JobRow
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Input, Nothing, OneCase
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.districts.closing import city_calendar
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list
from publicmeeting.usecases.meetings.in_hall.standby import AtTheDoor, standbys
from publicmeeting.usecases.officials.listing import AskOfficials, officials
from publicmeeting.usecases.orders.lists import OrdersList, WeeklyReview, orders_list, weekly_review
from publicmeeting.usecases.oversight.audit import SearchAudit, search_audit
from publicmeeting.usecases.oversight.books import CHECKS, Checkup, examine
from publicmeeting.usecases.oversight.promises import CityPromises, city_promises, promise_figures
from publicmeeting.usecases.oversight.security_events import AskEvents, security_events
from publicmeeting.usecases.public_record.ceremony import MondaysBefore, draw_list
from publicmeeting.usecases.public_record.cosigning import witness_weeks
from publicmeeting.usecases.public_record.open_risks import district_risks, open_risks
from publicmeeting.usecases.screening.calls import calls
from publicmeeting.usecases.screening.inbox import ALL, TABS, Inbox, inbox
from publicmeeting.usecases.screening.lane_judging import lane_list
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn
from publicmeeting.web.routes.programs.public_log import Archive, Archives

SIZES = (1_000, 10_000, 50_000)
_DISTRICT = 6
_TIMES = 5
_TICKS = 20
_SECRET = "ab" * 32
_KILO, _MEGA = 1024, 1024 * 1024


_CALLED = (
    "UPDATE outbox SET state = 'to_call' WHERE person_id IS NOT NULL AND request_id IN"
    " (SELECT id FROM request ORDER BY filed_at DESC LIMIT 200)"
)
_WAITING = (
    "UPDATE outbox SET state = 'waiting', next_try_at = at"
    " WHERE person_id IS NOT NULL AND id % 100 = 0"
)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure to measure, with `limit` in `unit`; None is only for comparing."""

    what: str
    unit: str
    limit: float | None
    of: Callable[["_City"], float]


@dataclass(frozen=True, slots=True)
class _Look:
    """Milliseconds of one piece of work, by the clock and of the processor."""

    clock: float
    processor: float
    statements: int


class _City:
    """A filled city, and the people whose pages are opened in it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.looks: list[_Look] = []
        """Medians of each piece of work since the current figure began."""
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            waiting = Filter(districts=frozenset({_DISTRICT}), stages=(Stage.WAITING,))
            self.line = uow.lists.requests(waiting, limit=1)[0]
            done = Filter(districts=frozenset({_DISTRICT}), stages=(Stage.CLOSED,))
            met = {request.person_id: None for request in uow.lists.requests(done, limit=200)}
            self.free = [one for one in met if uow.requests.live_code(one) is None]
            units = frozenset(unit.id for unit in uow.city.units(_DISTRICT))
        self.citizen = Actor(person_id=self.line.person_id, grants=(Grant(Role.CITIZEN),))
        self.desk = _official(Role.DESK)
        self.mayor = _official(Role.MAYOR)
        self.archive: Archive | None = None
        self.overseer = Actor(account_id="bench", grants=(Grant(Role.OVERSEER),))
        self.administrator = Actor(account_id="bench", grants=(Grant(Role.ADMINISTRATOR),))
        self.phone = Actor(account_id="bench", grants=(Grant(Role.PHONE),))
        self.reception = _official(Role.RECEPTION)
        self.nobody = Actor()
        self.monday, self.door = ADay(district=_DISTRICT), AtTheDoor(district=_DISTRICT)
        self.one = OneCase(code=self.line.code)
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            self.requests = uow.lists.count(Filter())
        grants = tuple(Grant(Role.UNIT, _DISTRICT, unit) for unit in sorted(units))
        self.unit = Actor(account_id="bench", grants=grants)

    def milliseconds(self, do: Callable[[], object]) -> float:
        """Return the median of several runs, after one run that warms up."""
        do()
        clock, processor, statements = [], [], []
        with asked(self.application.store.engine) as sent:
            for _ in range(_TIMES):
                before, begun, computed = len(sent), time.perf_counter(), time.process_time()
                do()
                clock.append((time.perf_counter() - begun) * 1000)
                processor.append((time.process_time() - computed) * 1000)
                statements.append(len(sent) - before)
        half = _TIMES // 2
        median = _Look(sorted(clock)[half], sorted(processor)[half], sorted(statements)[half])
        self.looks.append(median)
        return median.clock

    def claim(self) -> object:
        with self.application.store.unit_of_work(self.application.clock(), reading=True) as uow:
            return uow.outbox.due(1)

    def asks(
        self, actor: Actor, usecase: Callable[..., object], query: Input | None = None
    ) -> float:
        ask = partial(self.application.query_as, actor, usecase, query or Nothing())
        return self.milliseconds(ask)

    def calls(self, actor: Actor) -> float:
        """Open the list of calls with every notice of the newest two hundred requests on it."""
        self.change(_CALLED)
        return self.asks(actor, calls)

    def queue(self) -> float:
        """Claim notices while a hundredth of all of them waits, as after a night without a gateway.

        Of each person the oldest notice is claimed.
        """
        self.change(_WAITING)
        return self.milliseconds(self.claim_all)

    def claim_all(self) -> None:
        with self.undone() as uow:
            assert uow.outbox.claim(timedelta(minutes=2))

    def attendance(self) -> float:
        """List who is in one hall, beside what two months of Mondays have left."""
        with self.undone() as uow:
            names = [
                {"name": f"present/2020-01-06/{number % 22 + 1:02d}/{number:06d}", "holder": ""}
                for number in range(self.requests // 10)
            ]
            uow.connection.execute(insert(JobRow), names)
            return self.milliseconds(lambda: uow.clockwork.marks("present/2020-01-06/06/"))

    @contextmanager
    def undone(self) -> Iterator[UnitOfWork]:
        """Run a transaction that is rolled back."""
        with self.application.store.unit_of_work(self.application.clock()) as uow:
            yield uow
            uow.session.rollback()

    def change(self, statement: str) -> None:
        """Change the outbox by a statement, for good."""
        with self.application.store.engine.begin() as connection:
            connection.execute(text(statement))
            connection.execute(text("ANALYZE"))

    def search(self, words: int) -> float:
        typed = " ".join(self.line.title.split()[-words:])
        query = Inbox(which=ALL, words=typed)
        return self.milliseconds(lambda: self.application.query_as(self.desk, inbox, query))

    def tabs(self) -> float:
        queries = [Inbox(which=which) for which in TABS]
        looks = [partial(self.application.query_as, self.desk, inbox, query) for query in queries]
        return max(map(self.milliseconds, looks))

    def filing(self) -> float:
        people = iter(self.free)
        matter = Matter(
            subject=self.line.subject,
            title="چراغ کوچه خاموش است",
            text="سه شب است که چراغ کوچه نمی‌سوزد.",
        )

        def file() -> None:
            now = self.application.clock()
            with self.application.store.unit_of_work(now) as uow:
                person = uow.people.get(next(people))
                acting = Actor(person_id=person.id)
                file_request(
                    uow,
                    acting,
                    Role.CITIZEN,
                    now + uow.clockwork.offset(),
                    Filing(person=person, district=_DISTRICT, matter=matter),
                )

        return self.milliseconds(file)

    def audit(self, person: str) -> float:
        """Open a page of the audit, which stores each time that somebody looked."""
        query = SearchAudit(person=person)
        return self.milliseconds(
            lambda: self.application.execute_as(self.overseer, search_audit, query)
        )

    def log(self) -> float:
        """Return the seconds until a new process knows the line as the log has it.

        Its clock's thread reads the log at the start; a citizen who asks for a list by then waits
        for it.
        """
        begun = time.perf_counter()
        self.application.worker.read_log()
        return time.perf_counter() - begun

    def everything(self) -> float:
        """Return the seconds to make the archive, for which the first reader waits."""
        self.archives = Archives()
        begun = time.perf_counter()
        self.archive = asyncio.run(self.archives.newest(self.application))
        return time.perf_counter() - begun

    def megabytes(self) -> float:
        return self.archive.path.stat().st_size / _MEGA if self.archive else 0

    def doctor(self) -> float:
        begun = time.perf_counter()
        for name in CHECKS:
            (examined,) = self.application.query_as(COMMAND_LINE, examine, Checkup(checks=(name,)))
            if examined.findings:
                print(
                    f"doctor: {examined.check}: {len(examined.findings)}, {examined.findings[0]}",
                    flush=True,
                )
        return time.perf_counter() - begun

    def marks(self) -> float:
        with self.application.store.unit_of_work(self.application.clock(), reading=True) as uow:
            return _size_of_marks(uow.session) / uow.lists.count(Filter())

    def idle(self) -> float:
        """Return the statements in one second of a process in which nothing happens."""
        for _ in range(2):
            self.application.worker.tick()
        with asked(self.application.store.engine) as sent:
            for _ in range(_TICKS):
                self.application.worker.tick()
            return len(sent.statements) / _TICKS


_FIGURES = (
    _Figure("log read by a new process", "s", 15, _City.log),
    _Figure("outbox claim, idle", "ms", 2, lambda c: c.milliseconds(c.claim)),
    _Figure("idle statements a second", "", 15, _City.idle),
    _Figure("search marks a request", "B", 4 * _KILO, _City.marks),
    _Figure(
        "home board",
        "ms",
        100,
        lambda c: c.milliseconds(lambda: c.application.query_as(c.citizen, city_board, Nothing())),
    ),
    _Figure(
        "my turn",
        "ms",
        10,
        lambda c: c.milliseconds(
            lambda: c.application.query_as(c.citizen, my_turn, OneCase(code=c.line.code))
        ),
    ),
    _Figure("filing", "ms", 30, _City.filing),
    _Figure("desk inbox, slowest tab", "ms", 50, _City.tabs),
    _Figure("desk search, one word", "ms", 50, lambda c: c.search(1)),
    _Figure("desk search, two words", "ms", 50, lambda c: c.search(2)),
    _Figure(
        "unit's orders",
        "ms",
        150,
        lambda c: c.milliseconds(lambda: c.application.query_as(c.unit, orders_list, OrdersList())),
    ),
    _Figure(
        "mayor's orders",
        "ms",
        150,
        lambda c: c.milliseconds(
            lambda: c.application.query_as(c.mayor, orders_list, OrdersList())
        ),
    ),
    _Figure(
        "mayor's review",
        "ms",
        150,
        lambda c: c.milliseconds(
            lambda: c.application.query_as(c.mayor, weekly_review, WeeklyReview())
        ),
    ),
    _Figure(
        "overseer's figures",
        "ms",
        200,
        lambda c: c.milliseconds(
            lambda: c.application.query_as(c.overseer, promise_figures, Nothing())
        ),
    ),
    _Figure(
        "overseer's list",
        "ms",
        200,
        lambda c: c.milliseconds(
            lambda: c.application.query_as(c.overseer, city_promises, CityPromises())
        ),
    ),
    _Figure("audit, newest page", "ms", 50, lambda c: c.audit("")),
    _Figure("audit of an officer", "ms", 50, lambda c: c.audit(f"desk{_DISTRICT}")),
    _Figure("her own page", "ms", 50, lambda c: c.asks(c.citizen, my_page)),
    _Figure("her timeline", "ms", 50, lambda c: c.asks(c.citizen, timeline_page, c.one)),
    _Figure("lanes to be judged", "ms", 50, lambda c: c.asks(c.desk, lane_list)),
    _Figure("reception's Monday", "ms", 100, lambda c: c.asks(c.reception, monday_list, c.monday)),
    _Figure("standbys", "ms", 100, lambda c: c.asks(c.reception, standbys, c.door)),
    _Figure("mayor's day", "ms", 150, lambda c: c.asks(c.mayor, agenda, c.monday)),
    _Figure("open risks", "ms", 200, lambda c: c.asks(c.nobody, open_risks)),
    _Figure("risks of districts", "ms", 200, lambda c: c.asks(c.nobody, district_risks)),
    _Figure("weeks of witnesses", "ms", 200, lambda c: c.asks(c.nobody, witness_weeks)),
    _Figure("list of draws", "ms", 100, lambda c: c.asks(c.nobody, draw_list, MondaysBefore())),
    _Figure("the city's calendar", "ms", 100, lambda c: c.asks(c.administrator, city_calendar)),
    _Figure(
        "the city's officials",
        "ms",
        100,
        lambda c: c.asks(c.administrator, officials, AskOfficials()),
    ),
    _Figure(
        "security events", "ms", 50, lambda c: c.asks(c.administrator, security_events, AskEvents())
    ),
    _Figure("who is in one hall", "ms", 2, _City.attendance),
    _Figure("everything.zip, made", "s", 15, _City.everything),
    _Figure("everything.zip", "MB", None, _City.megabytes),
    _Figure("doctor's books", "s", 60, _City.doctor),
    _Figure("calls of a desk", "ms", 100, lambda c: c.calls(c.desk)),
    _Figure("calls of the telephone line", "ms", 100, lambda c: c.calls(c.phone)),
    _Figure("claim, a hundredth waits", "ms", 50, _City.queue),
)


def measure(sizes: tuple[int, ...] = SIZES) -> list[Measured]:
    """Return every figure of each size on both engines.

    Raises `StopError` if PostgreSQL (of tests/requirements.txt) is not installed.
    """
    found: list[Measured] = []
    for size in sizes:
        # In /tmp, because a path to a socket may have at most about a hundred characters.
        with tempfile.TemporaryDirectory(prefix="pm-") as parent:
            folder = Path(parent)
            found += _measured("sqlite", size, _settings(folder / "sqlite", ""))
            with postgresql(folder) as url:
                found += _measured("postgresql", size, _settings(folder / "data", url))
    return found


def _measured(engine: str, size: int, settings: Settings) -> Iterator[Measured]:
    upgrade_url(settings.database_url)
    begun = time.perf_counter()
    fill_large(settings, size, lambda _: None)
    seconds = time.perf_counter() - begun
    print(f"{engine}: {size} requests in {seconds:.0f} s", flush=True)
    where = f"{engine:<10} {size:>6}  "
    yield Measured(f"{where}seed --large", seconds, "s", 180)
    application = open_application(settings)
    try:
        city = _City(application)
        for figure in _FIGURES:
            city.looks.clear()
            yield Measured(where + figure.what, figure.of(city), figure.unit, figure.limit)
            if city.looks:
                processor = max(look.processor for look in city.looks)
                statements = max(look.statements for look in city.looks)
                yield Measured(f"{where}{figure.what}, processor", processor, "ms", figure.limit)
                yield Measured(f"{where}{figure.what}, statements", statements, "")
    finally:
        application.store.close()


def _size_of_marks(session: Session) -> int:
    """Return the bytes of the search index in the database."""
    if session.get_bind().dialect.name == "postgresql":
        size = text("SELECT pg_total_relation_size('request_mark')")
    else:
        size = text("SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%request_mark%'")
    return int(session.execute(size).scalar_one())


def _official(role: Role) -> Actor:
    return Actor(account_id="bench", grants=(Grant(role, _DISTRICT),))


def _settings(folder: Path, url: str) -> Settings:
    folder.mkdir()
    own = {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_SECRET": _SECRET}
    return Settings.from_environment(bare_environment(own | ({"DATABASE_URL": url} if url else {})))
