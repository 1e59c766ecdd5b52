"""Mondays of the demo city: door, room, and orders that are typed, handwritten or photographed."""

import random
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.choices import NoShowReason, Original, Priority, Verdict, is_fetched
from publicmeeting.domain.line.lanes import open_contests
from publicmeeting.domain.records import STAND_IN, RequestLine
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder import matters
from publicmeeting.seeder.filing import Case, Filing
from publicmeeting.seeder.founding import SEATS, Staff
from publicmeeting.seeder.pictures import Pictures, handwriting, signature
from publicmeeting.seeder.plan import LAST_MONDAY, REFUSALS, Course, Deck
from publicmeeting.seeder.promises import Promises
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.usecases.base import Nothing, OneCase, R, UseCase, W
from publicmeeting.usecases.filing.pictures import keep_photo
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, open_monday
from publicmeeting.usecases.meetings.audiences import StateAudiences, my_mondays, state_audiences
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in, hall_code
from publicmeeting.usecases.meetings.in_hall.standby import Standby, drawn_places, note_present
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting, open_meeting
from publicmeeting.usecases.orders.issuing import issue_orders, order_facts
from publicmeeting.usecases.orders.order_checks import IssueOrders, StoredSheet
from publicmeeting.usecases.orders.paper.sheet import draw_sheet, store_pictures
from publicmeeting.usecases.orders.paper.signing import KeepTemplate, Sign, keep_template, sign
from publicmeeting.usecases.screening.lane_judging import JudgeLane, judge_lane

_SEED = 14
_RECENT_WEEKS = 2
"""Number of last Mondays on which orders are handwritten or photographed and have a PDF.

Orders before were typed, because seeding must not take longer than a minute.
"""
_SOONER = 10
"""Working days until the due date of a second unit on the same sheet; it is the earlier one."""
_UNSIGNED = frozenset({7})
"""Districts whose mayor has no signature yet: only the printed name is shown."""


class _Way(StrEnum):
    TYPED = "typed"
    INK = "ink"
    BOTH = "both"
    PHOTO = "photo"


class Sheets:
    """Sheets of orders.

    They have a random source of their own, so that the rest of the city is unchanged.
    """

    def __init__(
        self, simulation: Simulation, pictures: Pictures, composers: Executor, public_url: str
    ) -> None:
        self._simulation, self._pictures = simulation, pictures
        self._composers, self._public_url = composers, public_url
        own = random.Random(_SEED)
        shares = {_Way.TYPED: 4, _Way.INK: 2, _Way.BOTH: 1, _Way.PHOTO: 1}
        self._ways: Deck[_Way] = Deck(own, shares)
        self._hands = handwriting() if pictures.are_sent else ()
        self._next = 0

    def sign(self, staff: Staff) -> None:
        """Every mayor but one draws a signature, and stores some text templates."""
        for (role, district), actor in staff.by.items():
            if role is not Role.MAYOR:
                continue
            if district not in _UNSIGNED:
                command = Sign(ink=signature(district))
                self._simulation.application.execute_as(actor, sign, command)
            for title, text in matters.STOCK:
                template = KeepTemplate(title=title, text=text)
                self._simulation.application.execute_as(actor, keep_template, template)

    def lay(
        self, order: IssueOrders, host: Actor, monday: date
    ) -> tuple[IssueOrders, Callable[[], StoredSheet]]:
        """Return the order as written, and a function that stores its sheet.

        Another process draws the sheet meanwhile. Only this process has the key of the files, so it
        stores it.
        """
        is_recent = (LAST_MONDAY - monday).days // 7 < _RECENT_WEEKS
        if is_recent:
            order = self._written(order, host)
        application = self._simulation.application
        facts = application.query_as(host, order_facts, order)
        if facts.ink:
            application.originals.put(facts.ink.encode())
        paper = application.images.get(facts.paper) if facts.paper else None
        drawn = self._composers.submit(draw_sheet, facts, self._public_url, paper, prints=is_recent)
        return order, lambda: store_pictures(facts, drawn.result(), application.images)

    def _written(self, order: IssueOrders, host: Actor) -> IssueOrders:
        changes: dict[str, object] = {}
        if len(order.units) > 1:
            day = add_working_days(tehran_day(self._simulation.clock.now), _SOONER)
            changes["dues"] = {order.units[-1]: day.isoformat()}
        way = self._ways.deal()
        if way in (_Way.INK, _Way.BOTH) and self._hands:
            changes["ink"] = self._hands[self._next % len(self._hands)]
            self._next += 1
        paper = self._pictures.paper() if way is _Way.PHOTO else None
        if paper is not None:
            changes["paper"] = self._simulation.application.execute_as(host, keep_photo, paper).id
        if way is not _Way.BOTH and ("ink" in changes or "paper" in changes):
            changes["note"] = ""
        return order.model_copy(update=changes)


_STAYS = timedelta(minutes=9)
_SEATED_BEFORE, _FREED_LATER = 10, 15
"""Minutes relative to a seat's time at which standbys are seated.

Before it the clock gives a free seat to a standby, after it the seat of an absent holder.
"""
_STANDBYS, _CHECKS_IN_EACH, _LEFT_ROUNDS = 2, 3, 3
_LEAVES_IT_IN_EACH = 9
"""In every ninth district visitors have left the original of a lane's document at home."""
_AUDIENCES = (0, 0, 2, 0, 0, 1, 0, 0, 0, 4, 0, None, 0)
"""Numbers of audiences outside the line that an office states; None if it states none."""


@dataclass(frozen=True, slots=True)
class _Written:
    """An order whose sheet is being drawn beside the simulation."""

    case: Case
    host: Actor
    course: Course
    order: IssueOrders
    sheet: Callable[[], StoredSheet]


class Mondays:
    """Events between the draw and the end of the meeting."""

    def __init__(
        self,
        simulation: Simulation,
        staff: Staff,
        filing: Filing,
        promises: Promises,
        sheets: Sheets,
    ) -> None:
        self._simulation = simulation
        self._staff = staff
        self._filing = filing
        self._promises = promises
        self._sheets = sheets
        self._absent = Deck(simulation.rng, {True: 1, False: 17})
        self.not_held: set[tuple[int, date]] = set()
        """Districts and Mondays without a meeting."""
        self.by_deputy: set[tuple[int, date]] = set()
        """Districts and Mondays that the mayor leaves to her deputy."""

    def hold(self, monday: date) -> None:
        """Hold a Monday in all districts simultaneously, seat by seat."""
        for district, day in sorted(self.by_deputy):
            if day == monday:
                eve = at_tehran(monday - timedelta(days=1), "11:30")
                self._simulation.plan(eve, partial(self._name_deputy, district, monday))
        statement = partial(self._state_audiences, monday)
        self._simulation.plan(at_tehran(monday, "13:30"), statement)
        self._simulation.plan(at_tehran(monday, "08:35"), partial(self._check_list, monday))
        self._simulation.plan(at_tehran(monday, "08:40"), partial(self._come_as_standby, monday))
        for slot in SEATS:
            start = at_tehran(monday, slot)
            for minutes in (-_SEATED_BEFORE, _FREED_LATER):
                self._simulation.act_at(start + timedelta(minutes=minutes))
            self._simulation.plan(
                start - timedelta(minutes=14), partial(self._check_in, monday, slot)
            )
            self._simulation.plan(
                start - timedelta(minutes=7), partial(self._door_of_standby, monday)
            )
            self._simulation.plan(start - timedelta(minutes=12), partial(self._door, monday, slot))
            self._simulation.plan(start + timedelta(minutes=1), partial(self._meet, monday))

        last = at_tehran(monday, SEATS[-1])
        for round_ in range(_LEFT_ROUNDS):
            at = last + timedelta(minutes=12 + 10 * round_)
            self._simulation.plan(at, partial(self._meet_left, monday))

    def _come_as_standby(self, monday: date) -> None:
        """The first of each standby line checks in with the hall's code; the second shows her card.

        The second has no telephone.
        """
        for district in self._staff.districts:
            with self._simulation.reading() as uow:
                line = [
                    uow.requests.by_id(key).code for key, _ in drawn_places(uow, district, monday)
                ]
                code = hall_code(uow, district, self._simulation.clock.now)
            for place, request_code in enumerate(line[:_STANDBYS]):
                case = self._filing.cases[request_code]
                if place == 0:
                    self._do(case.citizen, check_in, CheckIn(code=case.code, hall=code))
                else:
                    card = Standby(code=case.code, identity=case.person.identity)
                    self._do(self._staff.of(Role.RECEPTION, district), note_present, card)

    def _check_in(self, monday: date, slot: str) -> None:
        """In every third district expected visitors check in with the hall's code."""
        for line in self._filing.lines(Stage.CONFIRMED, monday, slot):
            if line.district % _CHECKS_IN_EACH == 0:
                with self._simulation.reading() as uow:
                    code = hall_code(uow, line.district, self._simulation.clock.now)
                case = self._filing.cases[line.code]
                self._do(case.citizen, check_in, CheckIn(code=case.code, hall=code))

    def _door_of_standby(self, monday: date) -> None:
        """Standbys whom the clock has seated show their cards."""
        for line in self._filing.lines(Stage.CONFIRMED, monday):
            if line.seat and line.seat.why == STAND_IN:
                case = self._filing.cases[line.code]
                reception = self._staff.of(Role.RECEPTION, line.district)
                self._filing.step(reception, case, "arrive", identity=case.person.identity)

    def _meet_left(self, monday: date) -> None:
        """Visitors who were seated late go in after the last seat, one after the other."""
        self._door_of_standby(monday)
        self._meet(monday)

    def _do(self, actor: Actor, usecase: UseCase[W, R], command: W) -> R:
        return self._simulation.application.execute_as(actor, usecase, command)

    def _state_audiences(self, monday: date) -> None:
        """Offices state their audiences outside the line; some forget it."""
        for number, district in enumerate(self._staff.districts):
            reception = self._staff.of(Role.RECEPTION, district)
            held = self._simulation.application.query_as(reception, my_mondays, Nothing()).mondays
            count = _AUDIENCES[(number * 5 + monday.toordinal() // 7 * 3) % len(_AUDIENCES)]
            if count is not None and monday in {statement.on for statement in held}:
                command = StateAudiences(
                    district=str(district), monday=monday.isoformat(), count=str(count)
                )
                self._do(reception, state_audiences, command)

    def _name_deputy(self, district: int, monday: date) -> None:
        mayor, deputy = (self._staff.of(role, district) for role in (Role.MAYOR, Role.DEPUTY))
        assert deputy.account_id is not None
        command = NameHolder(monday=monday.isoformat(), account=deputy.account_id)
        self._do(mayor, name_holder, command)

    def _check_list(self, monday: date) -> None:
        """Reception opens the day's list with names, if visitors are expected."""
        expected = self._filing.lines(Stage.CONFIRMED, monday)
        for district in sorted({line.district for line in expected}):
            reception = self._staff.of(Role.RECEPTION, district)
            day = ADay(district=district, monday=monday.isoformat())
            self._do(reception, open_monday, day)

    def _door(self, monday: date, slot: str) -> None:
        for line in self._filing.lines(Stage.CONFIRMED, monday, slot):
            case = self._filing.cases[line.code]
            reception = self._staff.of(Role.RECEPTION, line.district)
            # A visitor who has checked in with the hall's code is never absent.
            if self._absent.deal() and line.district % _CHECKS_IN_EACH:
                self._miss(line, monday, slot)
            else:
                self._filing.step(reception, case, "arrive", identity=case.person.identity)
                if line.seat and line.seat.lane:
                    has_left_it = line.district % _LEAVES_IT_IN_EACH == 0
                    original = Original.NOT_SHOWN if has_left_it else Original.SEEN
                    self._filing.step(reception, case, "check_original", original=original)

    def _miss(self, line: RequestLine, monday: date, slot: str) -> None:
        case, start = self._filing.cases[line.code], at_tehran(monday, slot)
        reception = self._staff.of(Role.RECEPTION, line.district)
        seek = "fetch" if is_fetched(line.needs) else "call"
        for minute, action in ((2, seek), (8, seek), (12, "no_show")):
            at = start + timedelta(minutes=minute)
            self._simulation.plan(at, partial(self._filing.step, reception, case, action))
        if monday >= CONTESTED_SINCE:
            contests = partial(contest, self._simulation, case)
            self._simulation.plan(start + timedelta(hours=8), contests)

    def _meet(self, monday: date) -> None:
        """In each district the visitor with the earliest time among those who have come goes in."""
        first: dict[int, RequestLine] = {}
        for line in self._filing.lines(Stage.ARRIVED, monday):
            now_first = first.setdefault(line.district, line)
            if _starts(line) < _starts(now_first):
                first[line.district] = line
        for district, line in sorted(first.items()):
            if (district, monday) not in self.not_held:
                # Planned separately, so that a refusal in one district does not stop the others.
                self._simulation.plan(
                    self._simulation.clock.now, partial(self._receive, monday, line)
                )

    def _receive(self, monday: date, line: RequestLine) -> None:
        """Receive one visitor; the sheet is drawn while the mayor listens."""
        case, host = self._filing.cases[line.code], self._host(line.district, monday)
        self._filing.step(host, case, "call_in")
        self._do(host, open_meeting, OneCase(code=case.code))
        course = self._promises.course(line.district, monday)
        ends = self._simulation.clock.now + _STAYS
        if course in REFUSALS:
            self._simulation.plan(ends, partial(self._refuse, case, host, course))
        else:
            written = self._write(case, host, course)
            self._simulation.plan(ends, partial(self._hand_out, written))

    def _host(self, district: int, monday: date) -> Actor:
        role = Role.DEPUTY if (district, monday) in self.by_deputy else Role.MAYOR
        return self._staff.of(role, district)

    def _refuse(self, case: Case, host: Actor, course: Course) -> None:
        note = self._simulation.rng.choice(matters.REFUSED)
        command = FinishMeeting(code=case.code, outcome="refused", note=note)
        self._do(host, finish_meeting, command)
        self._promises.plan_heard_answer(case)
        if course is Course.OBJECTED:
            objects = partial(self._filing.step, case.citizen, case, "object_refusal")
            at = self._simulation.soon(20, 70)
            self._simulation.plan(at, partial(objects, note=matters.OBJECT_REFUSAL))

    def _write(self, case: Case, host: Actor, course: Course) -> _Written:
        unit = f"d{case.district:02d}-{case.matter.unit}"
        more = (f"d{case.district:02d}-inspection",) if self._simulation.happens(0.06) else ()
        units = tuple(dict.fromkeys((unit, *more)))
        note = case.matter.order.format(place=case.place)
        # A letter's first line has the addressee, its second the order.
        promise = note.split("\n")[1]
        priority = Priority.URGENT if matters.PRESSING in note else Priority.NORMAL
        order = IssueOrders(
            code=case.code, units=units, note=note, promise=promise, priority=priority.value
        )
        order, sheet = self._sheets.lay(order, host, tehran_day(self._simulation.clock.now))
        return _Written(case, host, course, order, sheet)

    def _hand_out(self, written: _Written) -> None:
        command = written.order.model_copy(update={"sheet": written.sheet()})
        orders = self._do(written.host, issue_orders, command)
        done = FinishMeeting(code=written.case.code)
        self._do(written.host, finish_meeting, done)
        self._promises.plan_heard_answer(written.case)
        for order in orders:
            self._promises.begin(written.case, order.number, order.unit_id, written.course)


def _starts(line: RequestLine) -> str:
    assert line.seat is not None, "whoever has come has a seat"
    return line.seat.time


def mondays_between(first: date, last: date) -> list[date]:
    """Return every Monday from `first` to `last`."""
    day = first + timedelta(days=(7 - first.weekday()) % 7)
    found = []
    while day <= last:
        found.append(day)
        day += timedelta(weeks=1)
    return found


_YES = (Verdict.YES, NoShowReason.NOT_CALLED)
_NO = (Verdict.NO, NoShowReason.CALLED_AND_ABSENT)
_ANSWERS = ((_YES, _NO), (_YES, _YES))
"""By the district's number: the answers of the two judges on the next working days."""
CONTESTED_SINCE = LAST_MONDAY - timedelta(weeks=3)


def contest(simulation: Simulation, case: Case) -> None:
    """The citizen contests her no-show; two officers picked by the clock judge it blind."""
    command = TakeStep(code=case.code, action="contest_no_show", note=matters.CONTEST_NO_SHOW)
    request = simulation.application.execute_as(case.citizen, take_step, command)
    (asked,) = open_contests(request)
    with simulation.reading() as uow:
        ask_id, _ = uow.lanes.of_contests(request)[asked.number]
        accounts = [uow.accounts.get(judge) for judge in asked.judges]
    today = tehran_day(simulation.clock.now)
    answers = _ANSWERS[case.district % len(_ANSWERS)] if today < LAST_MONDAY else ()
    for days, (account, (verdict, reason)) in enumerate(zip(accounts, answers, strict=False), 1):
        assert account is not None
        officer = Actor(account_id=account.id, name=account.name, grants=account.grants)
        answer = JudgeLane(id=ask_id, verdict=verdict.value, reason=reason.value)
        day = add_working_days(today, days)
        at = at_tehran(day, "10:00") + timedelta(minutes=case.district)
        do = partial(simulation.application.execute_as, officer, judge_lane, answer)
        simulation.plan(at, do)
