"""A served city on a Monday with ten seats, drawn and confirmed, half an hour before it begins.

Eleven citizens have filed in district 6. Ten hold a seat, one is the standby of the day. The last
one without special needs is met by telephone. The clock of the demo is the machine's with an
offset, so a test moves the day on by minutes.
"""

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from publicmeeting.application import Application
from publicmeeting.application import open_application as open_real
from publicmeeting.cli.commands.build import build_pages
from publicmeeting.cli.machine.processes import wait_until_healthy
from publicmeeting.config import Settings
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.database.recent import OLDEST
from publicmeeting.usecases.meetings.in_hall.displays import STAYS
from publicmeeting.usecases.oversight.books import audit_holds, tables_follow
from support.citizens import shows_card
from support.city import KEY, City, found, open_application
from support.clock import SATURDAY, FixedClock
from support.line import DISTRICT, MONDAY, Line
from support.ports import free_port
from support.served_city import Served, _environment, settings_for
from support.standing_by import server

SEATS = tuple(f"{9 + at // 4:02d}:{at % 4 * 15:02d}" for at in range(10))
STANDBYS = 1
THURSDAY = date(2026, 11, 26)
BEGINS = "08:30"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A citizen of the day: her number from 1, or 0 for a standby, and the card she shows."""

    number: int
    code: str
    identity: str
    mobile: str


@dataclass(slots=True)
class WholeMonday:
    """The served day: its processes, its clock, and its people."""

    settings: list[Settings]
    more: Mapping[str, str]
    application: Application
    visitors: tuple[Visitor, ...]
    standbys: tuple[Visitor, ...]
    log: Path
    _stack: ExitStack
    _servers: list[int] = field(default_factory=list)

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(setting.public_url for setting in self.settings)

    @property
    def served(self) -> Served:
        """The same as a `Served`, which journeys use."""
        first = self.settings[0]
        return Served(first.public_url, first, self.log, self.origins, tuple(self._servers))

    def start(self) -> None:
        """Start every process."""
        output = self._stack.enter_context(self.log.open("a", encoding="utf-8"))
        servers = [
            self._stack.enter_context(server(_environment(one, self.more), output))
            for one in self.settings
        ]
        for setting, begun in zip(self.settings, servers, strict=True):
            wait_until_healthy(setting, begun)
        self._servers = [begun.pid for begun in servers]

    def kill(self) -> None:
        """Kill every process, like a machine that loses its power."""
        for pid in self._servers:
            os.kill(pid, signal.SIGKILL)
        self._servers = []

    def is_at(self, clock: str) -> None:
        """Move the city's clock to `HH:MM` of the Monday; it runs on from there."""
        with self.application.store.unit_of_work(self.application.clock()) as uow:
            uow.clockwork.set_offset(at_tehran(MONDAY, clock) - self.application.clock())
        threading.Event().wait(OLDEST.total_seconds())  # so long a server caches the old offset

    def now(self) -> datetime:
        return self.application.city_now()

    def found_in_the_log(self) -> list[str]:
        """Return what the city's audit of its log finds, and rows that do not follow from it."""
        now = self.now()
        with self.application.store.unit_of_work(now, reading=True) as uow:
            return [
                str(finding)
                for check in (audit_holds, tables_follow)
                for finding in check(uow, now)
            ]

    def request(self, visitor: Visitor) -> Request:
        with self.application.store.unit_of_work(self.now(), reading=True) as uow:
            found_ = uow.requests.find(visitor.code)
        assert found_ is not None
        return found_

    def session_of(self, visitor: Visitor) -> str:
        """Return the session cookie of a citizen signed in with her mobile."""
        with self.application.store.unit_of_work(self.application.clock()) as uow:
            request = uow.requests.find(visitor.code)
            assert request is not None
            session: str = uow.sessions.open_for_mobile(visitor.mobile, Door.DEMO)
            uow.sessions.act_for(Actor(session_id=sha("session", session)), request.person_id)
        return session

    def display_key(self) -> str:
        """Return the key of a new screen for the hall."""
        with self.application.store.unit_of_work(self.application.clock()) as uow:
            account = uow.accounts.by_username("reception")
            assert account is not None
            return uow.halls.make_display(DISTRICT, account.id, STAYS)

    def session_of_official(self, username: str) -> str:
        with self.application.store.unit_of_work(self.application.clock()) as uow:
            account = uow.accounts.by_username(username)
            assert account is not None
            session: str = uow.sessions.open_for_account(account, Door.PASSWORD)
        return session


@contextmanager
def whole_monday(
    folder: Path,
    needs: Mapping[int, tuple[str, ...]],
    more: Mapping[str, str],
    processes: int,
) -> Iterator[WholeMonday]:
    """Serve the day; `needs` are special needs by the order of filing (0 is the first).

    `more` names the database and Redis.
    """
    folder.mkdir(exist_ok=True)
    own = {"PUBLICMEETING_SECRET": KEY.hex(), **more}
    settings = [settings_for(folder, free_port(), own) for _ in range(processes)]
    url = settings[0].database_url
    upgrade_url(url)
    people = _drawn_and_confirmed(url, folder, needs)
    build_pages(settings[0].env)
    with ExitStack() as stack:
        application = open_real(settings[0])
        stack.callback(application.store.close)
        seated = tuple(person for person in people if person.number)
        rest = tuple(person for person in people if not person.number)
        log = folder / "server.log"
        day = WholeMonday(settings, own, application, seated, rest, log, stack)
        day.is_at(BEGINS)
        day.start()
        yield day


def _drawn_and_confirmed(
    url: str, folder: Path, needs: Mapping[int, tuple[str, ...]]
) -> list[Visitor]:
    found(url, folder / "images", seats=SEATS)
    clock = FixedClock(SATURDAY)
    application = open_application(url, folder / "images", clock)
    application.worker.tick()
    line = Line(City(application), clock)
    citizens = [line.file(1, needs=needs.get(at, ()))[0] for at in range(len(SEATS) + STANDBYS)]
    line.until(THURSDAY)
    for citizen in citizens:
        if citizen.request.seat:
            citizen.does(Action.CONFIRM)
    seated = [one for one in citizens if one.request.seat and not one.request.needs]
    last = max(seated, key=lambda one: one.request.seat.time)
    shows_card(line.city.application, last.request)
    last.does(Action.ASK_CALL)
    line.until(MONDAY, BEGINS)
    with line.reading() as uow:
        places = dict(enumerate(line.draw().file["standby"]))
        mobiles = {one.code: uow.people.get(one.request.person_id).mobile for one in citizens}
    found_ = []
    for citizen in citizens:
        seat = citizen.request.seat
        number = SEATS.index(seat.time) + 1 if seat else 0
        mobile = mobiles[citizen.code]
        assert mobile is not None
        found_.append(Visitor(number, citizen.code, citizen.identity, mobile))
    order = {ticket: place for place, ticket in places.items()}
    tickets = {one.code: one.request.ticket for one in citizens}
    found_.sort(
        key=lambda visitor: (
            not visitor.number,
            visitor.number,
            order.get(tickets[visitor.code], 0),
        )
    )
    application.store.close()
    return found_
