"""Work on orders: units write briefs, take orders on, report, are late; citizens answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.orders.promises import owes_report
from publicmeeting.domain.records import Order, RequestLine
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder import matters
from publicmeeting.seeder.filing import Case, Filing
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.pictures import Pictures
from publicmeeting.seeder.plan import LAST, LAST_MONDAY, MOVES, SHARES, Course, Deck, Move
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.pictures import keep_photo
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.orders.briefs import open_brief
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step

_CITIZENS = frozenset({"confirm_done", "contest", "ask_news"})
_MAYORS = frozenset({"retry", "reassign", "extend"})
_NEW_DATE = {"ask_extension": 22, "retry": 8}
"""Working days until the date that is requested or ordered."""


_ANSWERS, _HEARD_SHARE = 0.6, 0.85
"""Share of citizens who answer a question, and share of those who were heard."""


@dataclass(frozen=True, slots=True)
class _Promise:
    case: Case
    number: str
    unit: str


class Promises:
    """Follows each order from the room to the citizen's answer."""

    def __init__(self, simulation: Simulation, staff: Staff, pictures: Pictures) -> None:
        self._simulation, self._staff, self._pictures = simulation, staff, pictures
        self._deck = Deck(simulation.rng, SHARES)
        self._met: dict[tuple[int, date], int] = {}

    def course(self, district: int, monday: date) -> Course:
        """Return the course of this visitor's matter; call it once, when she is called in."""
        weeks = (LAST_MONDAY - monday).days // 7
        if district not in self._staff.second_desk or weeks not in LAST:
            return self._deck.deal()
        before = self._met.get((district, monday), 0)
        self._met[district, monday] = before + 1
        listed = LAST[weeks]
        return listed[before] if before < len(listed) else self._deck.deal()

    def plan_heard_answer(self, case: Case) -> None:
        """Plan her answer whether she was heard: 60% answer, in the days after the meeting."""
        if not self._simulation.happens(_ANSWERS):
            return
        verdict = self._simulation.happens(_HEARD_SHARE)
        note = "" if verdict else matters.NOT_HEARD
        command = TakeStep(
            code=case.code, action="say_heard", verdict="yes" if verdict else "no", note=note
        )
        answer = partial(self._simulation.application.execute_as, case.citizen, take_step, command)
        self._simulation.plan(self._evening(self._simulation.rng.randint(0, 3)), answer)

    def begin(self, case: Case, number: str, unit: str, course: Course) -> None:
        """Start the course of a new order, and plan her answer after its due date."""
        promise = _Promise(case, number, unit)
        self._go_on(promise, MOVES[course])
        due_on = self._order(promise).due_on
        evening = at_tehran(due_on, "16:00") + timedelta(days=1)
        if self._simulation.happens(_ANSWERS):
            self._simulation.plan(evening, partial(self._answer_whether_done, promise, due_on))

    def _answer_whether_done(self, promise: _Promise, due_on: date) -> None:
        """After the due date she says whether it is done, unless it has been reported."""
        verdict = "yes" if self._simulation.happens(0.2) else "no"
        command = TakeOrderStep(number=promise.number, action="say_done", verdict=verdict)
        order = self._order(promise)
        if order.due_on == due_on and owes_report(order):
            self._simulation.application.execute_as(promise.case.citizen, take_order_step, command)

    def _order(self, promise: _Promise) -> Order:
        with self._simulation.reading() as uow:
            return uow.orders.get_visible(promise.number, promise.case.citizen)

    def _go_on(self, promise: _Promise, moves: tuple[Move, ...]) -> None:
        if not moves:
            return
        move = moves[0]
        days = self._simulation.rng.randint(move.least, move.most)
        at = self._evening(days) if move.action in _CITIZENS else self._simulation.office_hour(days)
        self._simulation.plan(at, partial(self._make, promise, moves))

    def _make(self, promise: _Promise, moves: tuple[Move, ...]) -> None:
        action = moves[0].action
        self._step(self._who(promise, action), promise, action)
        if action == "take_on" and self._simulation.happens(0.5):
            unit, rng = self._who(promise, "comment"), self._simulation.rng
            note = rng.choice(matters.TAKEN_ON)
            self._step(unit, promise, "comment", note=note, audience="citizen")
            if self._simulation.happens(0.2):
                note = matters.INTERNAL
                self._step(unit, promise, "comment", note=note, audience="internal")
        if action in matters.MAYORS_WORD:
            self._comment(promise, matters.MAYORS_WORD[action])
        self._go_on(promise, moves[1:])

    def _comment(self, promise: _Promise, note: str) -> None:
        """The mayor writes to the citizen."""
        mayor = self._staff.of(Role.MAYOR, promise.case.district)
        self._step(mayor, promise, "comment", note=note, audience="citizen")

    def _who(self, promise: _Promise, action: str) -> Actor:
        if action in _CITIZENS:
            return promise.case.citizen
        role = Role.MAYOR if action in _MAYORS else Role.UNIT
        return self._staff.of(role, promise.case.district)

    def _evening(self, days: int) -> datetime:
        """Return an evening time when she has seen the place; on the same day, some hours later."""
        if days == 0:
            return self._simulation.soon(2, 7)
        day = tehran_day(self._simulation.clock.now) + timedelta(days=days)
        return at_tehran(day, "16:00") + timedelta(minutes=self._simulation.rng.randrange(6 * 60))

    def _step(self, actor: Actor, promise: _Promise, action: str, **words: str) -> None:
        photos: tuple[str, ...] = ()
        if action == "report" and promise.case.matter.picture:
            photos = tuple(
                self._simulation.application.execute_as(actor, keep_photo, file).id
                for file in self._pictures.work(promise.case.matter.picture)
            )
        fields = {**self._text_of(promise, action), **words}
        command = TakeOrderStep(number=promise.number, action=action, photos=photos, **fields)
        self._simulation.application.execute_as(actor, take_order_step, command)

    def _text_of(self, promise: _Promise, action: str) -> dict[str, str]:
        """Return the fields of an action besides actor and time."""
        fields: dict[str, str] = {}
        matter = promise.case.matter
        notes = {"report": (matter.report,), "contest": (matter.contest,), **matters.ON_ORDERS}
        if action in notes:
            fields["note"] = self._simulation.rng.choice(notes[action])
        if action in _NEW_DATE:
            today = tehran_day(self._simulation.clock.now)
            fields["due_on"] = add_working_days(today, _NEW_DATE[action]).isoformat()
        if action == "reassign":
            fields["unit"] = promise.unit
        return fields


_DRAWN = frozenset({"line", "debt"})
"""Reasons of seats that were drawn: only then is there time to visit the place."""
_THIRD = 3
"""Every third brief is not written."""
_DRAW_DAY = 2
"""Wednesday."""
_AFTER_DRAW = timedelta(hours=2)
_EACH = timedelta(minutes=25)


class Briefs:
    """Writes briefs whenever the city's clock has acted.

    It uses no random numbers, so that the rest of the city is unchanged.
    """

    def __init__(
        self, simulation: Simulation, staff: Staff, filing: Filing, busy: tuple[int, ...]
    ) -> None:
        self._simulation, self._staff, self._filing, self._busy = simulation, staff, filing, busy
        self._seen: set[tuple[str, object]] = set()
        self._turn = {district: count() for district in busy}

    def consider(self) -> None:
        """Write about the first two of three newly drawn requests in a district.

        Only on the day of the draw, because reading all invitations is expensive.
        """
        if tehran_day(self._simulation.clock.now).weekday() != _DRAW_DAY:
            return
        for line in self._filing.lines(Stage.INVITED):
            seat = line.seat
            assert seat is not None
            if line.district not in self._busy or (line.code, seat.monday) in self._seen:
                continue
            self._seen.add((line.code, seat.monday))
            if seat.why in _DRAWN:
                self._plan(line, next(self._turn[line.district]))

    def _plan(self, line: RequestLine, turn: int) -> None:
        if turn % _THIRD == _THIRD - 1:
            return
        at = self._simulation.clock.now + _AFTER_DRAW + turn % _THIRD * _EACH
        self._simulation.plan(at, partial(self._write, line))

    def _write(self, line: RequestLine) -> None:
        """Open the matter without its name, then write; she may have given the seat up already."""
        unit, case = self._staff.of(Role.UNIT, line.district), self._filing.cases[line.code]
        with self._simulation.reading() as uow:
            request = uow.requests.find(line.code)
        if request is None or request.seat is None:
            return
        self._simulation.application.execute_as(unit, open_brief, OneCase(code=line.code))
        self._filing.step(unit, case, "offer_answer", note=case.matter.brief)
