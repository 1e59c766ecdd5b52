"""A weekly line to watch: citizens filed in one go, a clock that goes on by itself."""

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
from publicmeeting.turns.late_value import Awaited
from publicmeeting.turns.log import Entry
from publicmeeting.turns.machine.replay import read
from publicmeeting.turns.machine.state import Book
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
DRAWN = "20:00"
"""On Wednesday: the value stands where no witness is in the rules, and the draws run."""
INDEX = "2185979"
SOON = timedelta(minutes=1)

MATTER = Matter(subject="street", title="پیاده‌روی شکسته", text="سنگ‌فرش شکسته است و خطر دارد.")
_people = count(50_000)
_FEW = 2
"""So many have filed as soon as a copied city is there."""
_PASSES = 10
"""So often may the clock be asked for what is due while it stands still."""


@dataclass(frozen=True, slots=True)
class Line:
    """District 6 through the eyes of a test; the machine's clock is the city's here."""

    city: City
    clock: FixedClock
    prints: bool = True
    """The city enters the value of a day in time."""
    overlooked: set[str] = field(default_factory=set)
    """What a test has the city do wrong: words of the findings it then expects."""
    expected: set[str] = field(default_factory=set)
    """What the auditors must find in the end, since the test makes it so: codes, as `opened_late`
    of a clock that stood still, or whole sentences about the tables."""

    @property
    def worker(self) -> Scheduler:
        return self.city.application.worker

    def until(self, day: date, clock: str = "00:00") -> None:
        """The city lives until `HH:MM` of a day; every job at its own time, and sweeps then.

        AssertionError where the clock does not get done with what is due.
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
            idle = self.worker._idle  # it has just asked what is due next
            due = idle.due_at if idle else self.due()
        self.clock.set(target)
        self.worker.tick()

    def begins(self, day: date, clock: str = "00:00") -> None:
        """`until` as a test's first step: lived once a session, then copied."""
        self.begun(_lived, day, clock)

    def _print(self, now: datetime) -> None:
        """The city types what the newspaper printed, as it must on every trading day; just before
        its hours end, so that a test may do otherwise."""
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
        """The city's own word on the value of a day."""
        at = at or self.clock.now
        with self.city.application.store.unit_of_work(self.clock.now) as uow:
            return enter_word(uow, monday, day or WEDNESDAY, CITY, value, "", at)

    def close(self, monday: date = MONDAY, district: str = str(DISTRICT)) -> int:
        """The administrator closes a Monday; how many held a seat. `""`: in the whole city."""
        command = CloseMonday(monday=monday.isoformat(), district=district, reason="heat")
        actor = self.city.as_("administrator")
        return self.city.application.execute_as(actor, close_monday, command).holders

    def due(self) -> datetime | None:
        with self.reading() as uow:
            return due(uow, self.clock.now)

    def sleep_until(self, day: date, clock: str) -> None:
        """The machine is off until then; its clock goes on."""
        self.worker.note_running()
        self.clock.set(at_tehran(day, clock))
        self.worker.note_running()

    def reading(self) -> Any:
        return self.city.application.store.unit_of_work(self.clock.now, reading=True)

    def begun(self, walk: Callable[..., list["Citizen"]], *arguments: Hashable) -> list["Citizen"]:
        """Whom `walk` gives, called with the line and what is given: once a session, then copied.

        For a test's first steps; what was done before is not undone, but then it walks itself.
        """
        key = (walk.__module__, walk.__qualname__, self.prints, *arguments)
        citizens = once(self.city.application, key, lambda: walk(self, *arguments))
        return [replace(citizen, line=self) for citizen in citizens]

    def drawn(self, many: int) -> list["Citizen"]:
        """So many have filed, and the draw of the first Monday was held just now."""
        return self.begun(_drawn, many)

    def file(self, many: int, *, accepted: bool = True, **other: Any) -> list["Citizen"]:
        """Citizens file now; the desk accepts them at once unless told otherwise."""
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
        """Another request of somebody whose own is over."""
        with self.city.application.store.unit_of_work(self.clock.now) as uow:
            person = uow.people.get(citizen.request.person_id)
            return self._filed(uow, Filing(person=person, district=DISTRICT, matter=MATTER))

    def _filed(self, uow: UnitOfWork, filing: Filing) -> "Citizen":
        actor = Actor(person_id=filing.person.id, grants=(Grant(Role.CITIZEN),))
        request = file_request(uow, actor, Role.CITIZEN, self.clock.now, filing)
        return Citizen(self, actor, request.code, filing.person.identity)

    def meet(self, citizen: "Citizen") -> None:
        """She comes, is called in, and the mayor explains why it cannot be."""
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
        """Time → code of whoever holds it."""
        with self.reading() as uow:
            seats = uow.seats.held(DISTRICT, monday)
            return {time: uow.requests.by_id(key).code for time, key in seats.items()}

    def log(self) -> list[Entry]:
        with self.reading() as uow:
            return uow.log.after(0, 100_000)

    def everything(self) -> tuple[object, ...]:
        """What a step of the line or of its Monday may change: equal where nothing has."""
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
        """Numbers of the log entries of one kind, of all or of those about a draw or a Monday."""
        found = [entry for entry in self.log() if entry.kind == kind]
        return [entry.seq for entry in found if not about or about in entry.body.values()]

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """Bodies of the log entries of one kind."""
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

    def does(self, action: Action, **fields: str) -> Request:
        return self.line.city.application.execute_as(
            self.actor, take_step, TakeStep(code=self.code, action=action, **fields)
        )


def due(uow: UnitOfWork, now: datetime) -> datetime | None:
    """The next instant at which the clock must act; no test lives on past work it cannot find."""
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
    """One process of several over a database, with a clock of its own."""
    return Line(City(open_application(url, folder / "images", clock)), clock)


def recomputed_weeks(line: Line) -> Counter[str]:
    """`waited` of every ticket from nothing but the public log (docs/turns.md 1)."""
    book, _ = replay(entry.published for entry in line.log())
    return Counter({name: ticket.waited for name, ticket in book.tickets.items()})


def resets(line: Line) -> list[tuple[str, str]]:
    """Ticket and kind of each entry by which somebody's weeks begin anew, from the log alone.

    An act that only counts is none: after it one more seat is given up, or left unanswered.
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


__all__ = [
    "DISTRICT",
    "MONDAY",
    "Citizen",
    "Line",
    "UnitOfWork",
    "due",
    "line_over",
    "recomputed_weeks",
    "resets",
]
