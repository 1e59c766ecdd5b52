"""The weekly line under a moving clock: citizens filed at once, and days that simply pass."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from publicmeeting.domain.matter import Matter
from publicmeeting.domain.records import Filing, Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import GivenUp, Kind
from publicmeeting.turns.log import Entry
from publicmeeting.turns.machine.replay import read
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.rules.late_value import Awaited
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.ceremony.late_value import enter_word, found_now
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.worker.jobs import find_jobs, next_instant
from publicmeeting.worker.scheduler import Scheduler
from support.audited import replay
from support.citizens import someone
from support.city import City, open_application
from support.clock import FixedClock
from support.once import once

DISTRICT = 6
MONDAY = date(2026, 11, 30)
"""The first Monday whose line is open when the tests' clock begins (Saturday 21 November)."""

WEDNESDAY = MONDAY - timedelta(days=5)
"""Wednesday before `MONDAY`, the day of the late value and the draw."""
DRAWN = "20:00"
"""Time on Wednesday at which the draws run, when the late value stands without a quorum."""
INDEX = "2185979"
SOON = timedelta(minutes=1)

MATTER = Matter(subject="street", title="پیاده‌روی شکسته", text="سنگ‌فرش شکسته است و خطر دارد.")
_people = count(50_000)
_FEW = 2
"""Up to this many citizens are filed directly, without copying a city."""
_PASSES = 10
"""How often the clock may be asked for due work while it stands still."""


@dataclass(frozen=True, slots=True)
class Line:
    """District 6 and its clock; the fixture `line` gives one."""

    city: City
    clock: FixedClock
    prints: bool = True
    """The city enters the late value of each day in time."""
    overlooked: set[str] = field(default_factory=set)
    """Faults that the test has the city do: words of findings that are expected."""
    expected: set[str] = field(default_factory=set)
    """Findings that the auditors must report in the end because the test causes them.

    Codes, such as `opened_late` of a clock that stood still, or whole sentences about the tables.
    """

    @property
    def worker(self) -> Scheduler:
        return self.city.application.worker

    def until(self, day: date, clock: str = "00:00") -> None:
        """Let the city live until `HH:MM` of a day: every job runs at its time, then one tick.

        AssertionError if the clock does not finish what is due.
        """
        target = at_tehran(day, clock)
        assert target >= self.clock.now
        due, passes = self.due(), 0
        while due is not None and due <= target:
            passes = passes + 1 if due <= self.clock.now else 1
            assert passes <= _PASSES, f"{due} stays due"
            self.clock.set(max(due, self.clock.now))
            self._print(self.clock.now)
            self.worker.run_due()
            self.worker.send()
            idle = self.worker._idle  # the scheduler has just asked what is due next
            due = idle.due_at if idle else self.due()
        self.clock.set(target)
        self.worker.tick()

    def begins(self, day: date, clock: str = "00:00") -> None:
        """`until` as a test's first step: simulated once a session, then copied."""
        self.begun(_lived, day, clock)

    def _print(self, now: datetime) -> None:
        """Enter the late value that is due, as the city must on every trading day.

        It does so one minute before the end of the hours for it, so that a test may enter another
        before.
        """
        if not self.prints:
            return
        with self.reading() as uow:
            pending = sorted({one.monday for one in uow.draws.pending() if one.state == "frozen"})
            found = [(one, found_now(uow, one, now - SOON)) for one in pending]
        for monday, awaited in found:
            if isinstance(awaited, Awaited) and awaited.until <= now:
                self.enter(INDEX, monday, awaited.day, at=now - SOON)

    def enter(
        self,
        value: str = "2185979",
        monday: date = MONDAY,
        day: date | None = None,
        *,
        at: datetime | None = None,
    ) -> int:
        """Enter the city's own late value of a day; return the entry's number."""
        at = at or self.clock.now
        with self.city.application.store.unit_of_work(self.clock.now) as uow:
            return enter_word(uow, monday, day or WEDNESDAY, CITY, value, "", at)

    def close(self, monday: date = MONDAY, district: str = str(DISTRICT)) -> int:
        """Close a Monday as the administrator, in one district or ("") the whole city.

        Return how many citizens held a seat.
        """
        command = CloseMonday(monday=monday.isoformat(), district=district, reason="heat")
        actor = self.city.as_("administrator")
        return self.city.application.execute_as(actor, close_monday, command).holders

    def due(self) -> datetime | None:
        with self.reading() as uow:
            return due(uow, self.clock.now)

    def sleep_until(self, day: date, clock: str) -> None:
        """Move the clock while the machine is off: nothing is done until then."""
        self.worker.note_running()
        self.clock.set(at_tehran(day, clock))
        self.worker.note_running()

    def reading(self) -> Any:
        return self.city.application.store.unit_of_work(self.clock.now, reading=True)

    def begun(self, walk: Callable[..., list["Citizen"]], *arguments: Hashable) -> list["Citizen"]:
        """Return the citizens of a walk, which is simulated once a session and then copied.

        `walk` is called with the line and the arguments. Use it for a test's first steps. If
        something was written before, the walk is done again instead of copied.
        """
        key = (walk.__module__, walk.__qualname__, self.prints, *arguments)
        citizens = once(self.city.application, key, lambda: walk(self, *arguments))
        return [replace(citizen, line=self) for citizen in citizens]

    def drawn(self, many: int) -> list["Citizen"]:
        """File this many citizens and hold the draw of the first Monday just now."""
        return self.begun(_drawn, many)

    def file(self, many: int, *, accepted: bool = True, **other: Any) -> list["Citizen"]:
        """File this many citizens now; the desk accepts them at once if `accepted`."""
        how = (accepted, *other.items())
        return self.begun(_filed, many, *how) if many > _FEW else _filed(self, many, *how)

    def _file(
        self, district: int = DISTRICT, prefers: str = "any", needs: tuple[str, ...] = ()
    ) -> "Citizen":
        who = someone(next(_people))
        with self.city.application.store.unit_of_work(self.clock.now) as uow:
            person = uow.people.add(
                "national", who.identity, who.name, f"+98{who.mobile[1:]}", match_soon=True
            )
            filing = Filing(
                person=person, district=district, matter=MATTER, prefers=prefers, needs=needs
            )
            return self._filed(uow, filing)

    def file_again(self, citizen: "Citizen") -> "Citizen":
        """File another request of a citizen whose request has ended."""
        with self.city.application.store.unit_of_work(self.clock.now) as uow:
            person = uow.people.get(citizen.request.person_id)
            return self._filed(uow, Filing(person=person, district=DISTRICT, matter=MATTER))

    def _filed(self, uow: UnitOfWork, filing: Filing) -> "Citizen":
        actor = Actor(person_id=filing.person.id, grants=(Grant(Role.CITIZEN),))
        request = file_request(uow, actor, Role.CITIZEN, self.clock.now, filing)
        return Citizen(self, actor, request.code, filing.person.identity)

    def meet(self, citizen: "Citizen") -> None:
        """Let her arrive and be called in; the mayor refuses with a reason."""
        self.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
        self.official("reception", citizen, Action.CALL_IN)
        refusal = FinishMeeting(
            code=citizen.code, outcome="refused", note="این کار با طرح تفصیلی نمی‌خواند."
        )
        self.city.application.execute_as(self.city.as_("mayor"), finish_meeting, refusal)

    def official(self, username: str, citizen: "Citizen", action: Action, **fields: str) -> Request:
        return self.city.application.execute_as(
            self.city.as_(username), take_step, TakeStep(code=citizen.code, action=action, **fields)
        )

    def draw(self, monday: date = MONDAY, district: int = DISTRICT) -> Draw:
        with self.reading() as uow:
            found = uow.draws.get(district, monday)
        assert found is not None
        return found

    def held(self, monday: date = MONDAY) -> dict[str, str]:
        """Return time → code of the request that holds the seat."""
        with self.reading() as uow:
            seats = uow.seats.held(DISTRICT, monday)
            return {time: uow.requests.by_id(key).code for time, key in seats.items()}

    def log(self) -> list[Entry]:
        with self.reading() as uow:
            return uow.log.after(0, 100_000)

    def everything(self) -> tuple[object, ...]:
        """Return whatever a step of the line or of its Monday may change; equal if nothing did."""
        with self.reading() as uow:
            return (
                uow.draws.get(DISTRICT, MONDAY),
                uow.city.monday(DISTRICT, MONDAY),
                uow.seats.assigned(DISTRICT, MONDAY),
                uow.log.head(),
                uow.outbox.newest_event(),
                uow.outbox.due(1000),
                sorted(uow.draws.waiting(DISTRICT, MONDAY)),
            )

    def seqs(self, kind: str, about: str = "") -> list[int]:
        """Return the numbers of entries of one kind, of all or about a draw or a Monday."""
        found = [entry for entry in self.log() if entry.kind == kind]
        return [entry.seq for entry in found if not about or about in entry.body.values()]

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """Return the bodies of the log entries of one kind."""
        return [dict(entry.body) for entry in self.log() if entry.kind == kind]


@dataclass(frozen=True, slots=True)
class Citizen:
    line: Line
    actor: Actor
    code: str
    identity: str = ""

    @property
    def request(self) -> Request:
        with self.line.reading() as uow:
            found = uow.requests.find(self.code)
        assert found is not None
        return found

    @property
    def stage(self) -> str:
        return self.request.stage.value

    @property
    def waited(self) -> int:
        return self.request.waited

    def newest(self, kind: str) -> int:
        """Return the number of the newest log entry of a kind about her."""
        ticket = self.request.ticket
        log = self.line.log()
        return [e.seq for e in log if e.kind == kind and e.body.get("ticket") == ticket][-1]

    def does(self, action: Action, **fields: Any) -> Request:
        return self.line.city.application.execute_as(
            self.actor, take_step, TakeStep(code=self.code, action=action, **fields)
        )


def due(uow: UnitOfWork, now: datetime) -> datetime | None:
    """Return the next instant at which the clock must act; raise the error of a job that failed."""
    found, faults = find_jobs(uow, now, now)
    for fault in faults.values():
        raise fault
    return next_instant(uow, found)


def _filed(line: Line, many: int, *how: Any) -> list[Citizen]:
    accepted, *other = how
    filed = [line._file(**dict(other)) for _ in range(many)]
    if accepted:
        for citizen in filed:
            line.city.application.execute_as(
                line.city.as_("desk"), take_step, TakeStep(code=citizen.code, action="accept")
            )
    return filed


def _drawn(line: Line, many: int) -> list[Citizen]:
    citizens = line.file(many)
    line.until(WEDNESDAY, DRAWN)
    return citizens


def _lived(line: Line, day: date, clock: str) -> list[Citizen]:
    line.until(day, clock)
    return []


def line_over(url: str, folder: Path, clock: FixedClock) -> Line:
    """Return a line with its own application over a database, as one process of several."""
    return Line(City(open_application(url, folder / "images", clock)), clock)


def recomputed_weeks(line: Line) -> Counter[str]:
    """Return `waited` of every ticket, computed from the public log alone (docs/turns.md 1)."""
    book, _ = replay(entry.published for entry in line.log())
    return Counter({name: ticket.waited for name, ticket in book.tickets.items()})


def resets(line: Line) -> list[tuple[str, str]]:
    """Return ticket and kind of each entry by which weeks begin anew, from the log alone.

    An entry that only counts is no reset: a seat given up or left unanswered that may happen once
    more.
    """
    book, found = Book(), []
    for entry in line.log():
        list(read(book, entry.published))
        ticket = book.tickets.get(str(entry.body.get("ticket")))
        match entry.kind:
            case Kind.SEAT_GIVEN_UP:
                before = book.undo[entry.seq].seat
                counts = entry.body["why"] == GivenUp.CITIZEN and before and not before.stood_in
                is_reset = counts and ticket and ticket.given_up == 0
            case Kind.SEAT_LAPSED:
                is_reset = ticket and ticket.unanswered == 0
            case Kind.NO_SHOW:
                is_reset = entry.seq in book.taken
            case _:
                continue
        if is_reset:
            found.append((str(entry.body["ticket"]), entry.kind.value))
    return found
