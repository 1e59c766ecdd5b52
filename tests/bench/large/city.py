"""A demo city of a real city's size: years of Mondays, tens of thousands of requests.

The small demo city is made by calling use case after use case; this one would take hours that way.
It is computed week by week with the same tables, deadlines, draws, seals and hashes, and written in
bulk. It is the one place in which rows are not written by the use cases. `doctor` finds nothing
wrong in it.
"""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from bench.large.books import Books, Case, DrawToCome, OrderToCome, Person
from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.choices import ClosureReason, DeclineReason
from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.mondays import DrawState, MondayState, SeatState
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.kit.codes import draw_value, tracking_code
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.kit.jalali import iso, parts
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.matters import MATTERS
from publicmeeting.seeder.people import Invented, citizens
from publicmeeting.seeder.plan import ENDS
from publicmeeting.turns.draw_file import drawn_file, frozen_file, open_file
from publicmeeting.turns.formulas import CITY, commitment, ticket
from publicmeeting.turns.kinds import NO_VALUE, Kind, MeetingOutcome, RecordedBy, TakenIn
from publicmeeting.turns.log import moment
from publicmeeting.turns.machine.state import MOST_MISSED
from publicmeeting.turns.pool import Row, Rules
from publicmeeting.turns.rules.week import Week
from publicmeeting.turns.simulation import start_times
from publicmeeting.usecases.lifecycle.weeks import line_mark
from publicmeeting.usecases.line.mondays import AFTER_HOURS
from publicmeeting.worker.demo import printed

SEATS = tuple(start_times(14))
"""Seats of each district and Monday."""
_PERSONS = 0.7
"""Share of the requests that are somebody's first."""
_A_WEEK = 24.7
"""Requests of a district in a week; a little more than half of them reach the line."""
_LEAST_WEEKS = 5
_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_REPORTED_WITHIN = 26

_FATES = {"met": 46, "declined": 18, "answered": 17, "withdrawn": 14, "completed": 5}
_OF_A_DESK = frozenset({"declined", "answered", "completed"})
_NOTE = "پس از بازدید کارشناس بررسی شد و نتیجه در پرونده آمده است."
_PREFERS = ("any", "any", "any", "early", "late")


class LargeCity(Books):
    """One city of about `requests` requests, until the end of the seeded weeks."""

    def __init__(self, staff: Staff, rules: Rules, rng: random.Random, requests: int) -> None:
        super().__init__(staff, rng)
        self._rules = rules
        self._requests = requests
        self.weeks = weeks_of(requests)
        self._people: Iterator[Invented] = iter(citizens(rng, requests))
        self._free: list[tuple[datetime, int, Person]] = []
        """Citizens whose request has ended, with the time from which they may file again."""
        self._codes: set[str] = set()
        self._sheets: Counter[tuple[int, date]] = Counter()
        self._line: defaultdict[int, list[Case]] = defaultdict(list)

    def live(self, show: Callable[[str], None]) -> None:
        """Compute all weeks."""
        show(f"{self.weeks} weeks")
        first = first_monday(self._requests)
        districts = self.staff.districts
        each = self._requests / (self.weeks * len(districts))
        for number in range(self.weeks + 4):
            monday = first + number * _WEEK
            week = Week(monday, self._rules.body)
            if week.opens_at > ENDS:
                break
            draws = self._open(week)
            if number < self.weeks:
                for place, district in enumerate(districts):
                    before = number * len(districts) + place
                    self._file(district, week, round(each * (before + 1)) - round(each * before))
            if week.draw_by <= ENDS:
                self._draw(week, draws)

    # -- one week -------------------------------------------------------------------------------

    def _open(self, week: Week) -> list[DrawToCome]:
        value = draw_value()
        committed = commitment(CITY, value)
        self.secrets.append((week.monday, value, committed))
        at = week.opens_at
        meets = is_meeting_monday(week.monday)
        why, seats = ("", SEATS) if meets else (ClosureReason.HOLIDAY.value, ())
        found = []
        held = MondayState.OPEN if seats else MondayState.CLOSED
        for district in self.staff.districts:
            file = open_file(district, week.monday, self._rules, seats, {CITY: committed})
            self.append_entry(
                at,
                Kind.MONDAY_OPENED,
                draw=file["draw"],
                rules_hash=self._rules.hash,
                seats=list(seats),
                why=why,
            )
            found.append(DrawToCome(district, week.monday, file, held=held, why=why))
        self.append_entry(
            at, Kind.COMMITMENT, monday=iso(week.monday), party=CITY, commitment=committed, sig=""
        )
        self.draws += found
        return found

    def _file(self, district: int, week: Week, many: int) -> None:
        closes = week.filing_closes_at
        minutes = min(
            7 * 24 * 60, int((min(closes, ENDS) - (closes - _WEEK)) / timedelta(minutes=1))
        )
        for fate in self._rng.choices(list(_FATES), list(_FATES.values()), k=many):
            at = closes - _WEEK + timedelta(minutes=self._rng.randrange(minutes))
            case = self._submit(district, at)
            screened_at = at + timedelta(minutes=self._rng.randrange(120, 1800))
            # Once the line of a request has closed, no desk takes the request out of it.
            is_late = screened_at >= closes and fate in _OF_A_DESK
            self._screen(case, "met" if is_late else fate, screened_at)

    def _submit(self, district: int, at: datetime) -> Case:
        person = self._somebody(at)
        salt = f"{self._rng.getrandbits(256):064x}"
        case = Case(
            id=self.new_id(),
            code=self._code(at, district),
            district=district,
            person=person,
            matter=self._rng.randrange(len(MATTERS)),
            filed_at=at,
            salt=salt,
            ticket=ticket(salt, person.invented.identity, district),
            prefers=self._rng.choice(_PREFERS),
        )
        self.cases.append(case)
        self.do(case, Action.SUBMIT, Role.CITIZEN, at, {"district": district})
        self.append_entry(
            at,
            Kind.FILED,
            ticket=case.ticket,
            district=district,
            by=Role.CITIZEN.value,
            level=Level.TYPED.value,
            prefers=case.prefers,
        )
        return case

    def _screen(self, case: Case, fate: str, at: datetime) -> None:
        if at > ENDS:
            self._line[case.district].append(case)  # not screened yet
            return
        match fate:
            case "declined":
                payload = {"reason": self._rng.choice(list(DeclineReason)).value}
                self.do(case, Action.DECLINE, Role.DESK, at, payload, note=_NOTE)
                self.out(case, at, Action.DECLINE)
                self._over(case, at + _WEEK * 3)
            case "answered":
                self.do(case, Action.ANSWER, Role.DESK, at, note=_NOTE)
                self.out(case, at, Action.ANSWER)
                self._settle(case, at)
            case "withdrawn":
                self.do(case, Action.WITHDRAW, Role.CITIZEN, at)
                self.out(case, at, Action.WITHDRAW)
                self._over(case, at)
            case "completed":
                self._complete(case, at)
            case _:
                self._accept(case, at)

    def _settle(self, case: Case, at: datetime) -> None:
        """Let half of the citizens accept the answer; the others say nothing."""
        if self._rng.random() < 0.5:
            then, action, role = at + _DAY, Action.ACCEPT_ANSWER, Role.CITIZEN
        else:
            assert case.due_at is not None
            then, action, role = case.due_at, Action.SETTLE_ANSWER, Role.CLOCK
        if then <= ENDS:
            self.do(case, action, role, then)
            self.out(case, then, action)
            self._over(case, then)

    def _complete(self, case: Case, at: datetime) -> None:
        self.do(case, Action.ASK_INFO, Role.DESK, at, note=_NOTE)
        out = self.out(case, at, Action.ASK_INFO)
        then = at + timedelta(minutes=90)
        if then <= ENDS:
            self.do(case, Action.GIVE_INFO, Role.CITIZEN, then, note=_NOTE)
            why = TakenIn.GIVEN.value
            self.append_entry(then, Kind.TAKEN_IN, ticket=case.ticket, why=why, because=[out])
            self._accept(case, min(then + timedelta(minutes=90), ENDS))

    def _accept(self, case: Case, at: datetime) -> None:
        self.do(case, Action.ACCEPT, Role.DESK, at)
        self._line[case.district].append(case)

    def _draw(self, week: Week, draws: list[DrawToCome]) -> None:
        frozen_at = week.freeze_at
        self.jobs[line_mark(week.monday)] = week.filing_closes_at
        value = next(value for monday, value, _ in self.secrets if monday == week.monday)
        pools = {}
        closed = self.append_entry(week.filing_closes_at, Kind.LINE_CLOSED, monday=iso(week.monday))
        for draw in draws:
            closes = week.filing_closes_at
            line = [one for one in self._line[draw.district] if one.missed < MOST_MISSED]
            pool = {c.ticket: c for c in line if c.filed_at < closes}
            rows = [Row(c.ticket, "general", c.waited, 0, c.prefers) for c in pool.values()]
            draw.file = frozen_file(draw.file, rows)
            draw.state, draw.frozen_at = DrawState.FROZEN, frozen_at
            self.append_entry(
                frozen_at,
                Kind.FREEZE,
                draw=draw.file["draw"],
                pool_root=draw.file["pool_root"],
                rows=len(rows),
                file=sha(canonical_json(draw.file)),
                because=[closed],
            )
            pools[draw.district] = pool
        monday, shown_at = iso(week.monday), week.reveals_from
        self.append_entry(shown_at, Kind.REVEAL, monday=monday, party=CITY, value=value)
        closed = self.append_entry(
            week.reveals_until, Kind.REVEALS_CLOSED, monday=monday, revealed=[CITY], silent=[]
        )
        index = printed(week.value_days[0], week.body)
        entered = self.append_entry(
            week.value_from(week.value_days[0]),
            Kind.VALUE,
            monday=monday,
            day=_day(week),
            party=CITY,
            value=index,
            sig="",
        )
        is_closed = not any(draw.file["seats"] for draw in draws)
        late = NO_VALUE if is_closed else index
        stands = self.append_entry(
            week.draw_by,
            Kind.VALUE_STANDS,
            monday=monday,
            day=_day(week),
            value=late,
            because=[closed if is_closed else entered],
        )
        self.jobs[f"reveal/{week.monday}"] = shown_at
        self.jobs[f"reveals-closed/{week.monday}"] = week.reveals_until
        self.jobs[f"value-stands/{week.monday}"] = week.draw_by
        for draw in draws:
            draw.file = drawn_file(draw.file, {CITY: value}, _day(week), late)
            self._give(week, draw, pools[draw.district], stands)

    def _give(self, week: Week, draw: DrawToCome, pool: dict[str, Case], because: int) -> None:
        at = week.draw_by
        draw.state, draw.drawn_at = DrawState.DRAWN, at
        self.append_entry(
            at,
            Kind.DRAW,
            draw=draw.file["draw"],
            seed=draw.file["seed"],
            seated=len(draw.file["seated"]),
            standby=len(draw.file["standby"]),
            file=sha(canonical_json(draw.file)),
            because=[because],
        )
        seated = {one["ticket"]: one for one in draw.file["seated"]}
        self._line[draw.district] = [c for c in self._line[draw.district] if c.ticket not in seated]
        for mark in pool.keys() - seated.keys():
            pool[mark].waited += 1
        for one in draw.file["seated"]:
            self._seat(week, draw, pool[one["ticket"]], one)
        self._end(week, draw)
        if week.monday <= tehran_day(ENDS) and draw.held is MondayState.HELD:
            self.append_entry(
                at_tehran(week.monday, "15:00"),
                Kind.AUDIENCE_OFF_SYSTEM,
                draw=draw.file["draw"],
                count=0,
                by="mayor",
                corrects=0,
            )
        self.jobs[f"asked/{week.monday}/{draw.district:02d}"] = at
        if week.standby_until <= ENDS:
            self.jobs[f"remind/{week.monday}"] = week.standby_until

    def _seat(self, week: Week, draw: DrawToCome, case: Case, one: Mapping[str, str]) -> None:
        payload = {"monday": week.monday.isoformat(), "time": one["time"], "why": one["why"]}
        self.do(case, Action.SEAT, Role.CLOCK, week.draw_by, payload, ends_at=week.answer_by)
        row = [
            draw.district,
            week.monday,
            one["time"],
            case.id,
            one["why"],
            week.answer_by,
            SeatState.HELD.value,
            week.draw_by,
            None,
        ]
        self.seats.append(row)
        place = {"draw": draw.file["draw"], "time": one["time"]}
        rng = self._rng.random()
        # No offers are computed, so a seat is given up only if nobody of a standby is to be asked.
        if rng < 0.06 and not draw.file["standby"]:
            if week.answer_by <= ENDS:
                self._lapse(week, case, row, place)
            return
        at = week.draw_by + timedelta(minutes=self._rng.randrange(30, 3000))
        if at > ENDS:
            return
        self.do(case, Action.CONFIRM, Role.CITIZEN, at)
        self.append_entry(at, Kind.SEAT_CONFIRMED, ticket=case.ticket, **place)
        comes = at_tehran(week.monday, one["time"])
        if comes > ENDS:
            return
        if rng > 0.97:
            self._miss(case, row, place, comes)
        else:
            self._meet(draw, case, row, place, comes)

    def _lapse(self, week: Week, case: Case, row: list[object], place: dict[str, str]) -> None:
        at = week.answer_by
        row[6], row[8] = SeatState.LAPSED.value, at
        self.do(case, Action.LAPSE_SEAT, Role.CLOCK, at)
        self.append_entry(at, Kind.SEAT_LAPSED, ticket=case.ticket, **place)
        if case.unanswered:
            _reset(case)
        else:
            case.unanswered += 1
        self._line[case.district].append(case)

    def _miss(self, case: Case, row: list[object], place: dict[str, str], comes: datetime) -> None:
        for minute in (5, 12):
            self.do(case, Action.CALL, Role.RECEPTION, comes + timedelta(minutes=minute))
        at = comes + timedelta(minutes=20)
        row[6], row[8] = SeatState.MISSED.value, at
        self.do(case, Action.NO_SHOW, Role.RECEPTION, at, {"waited": case.waited})
        officer = self._reception(case)
        self.append_entry(at, Kind.NO_SHOW, ticket=case.ticket, **place, officer=officer)
        case.missed += 1
        _reset(case)
        self._line[case.district].append(case)

    def _reception(self, case: Case) -> tuple[str, str | None]:
        """Return unit and account of her district's reception, as an entry names the officer."""
        account = self.account(Role.RECEPTION, case.district)
        return f"{Role.RECEPTION}-{case.district:02d}", account

    def _log_meeting(
        self,
        case: Case,
        place: dict[str, str],
        inside: datetime,
        ends: datetime,
        outcome: MeetingOutcome,
    ) -> None:
        met = self.append_entry(ends, Kind.MET, ticket=case.ticket, **place)
        self.append_entry(
            ends,
            Kind.MEETING_RECORDED,
            ticket=case.ticket,
            **place,
            began=moment(inside),
            ended=moment(ends),
            source=RecordedBy.LIVE.value,
            outcome=outcome.value,
            officer=self._mayor(case),
            because=[met],
        )

    def _mayor(self, case: Case) -> tuple[str, str | None]:
        """Return unit and account of the mayor of her district, as an entry names the officer."""
        return f"{Role.MAYOR}-{case.district:02d}", self.account(Role.MAYOR, case.district)

    def _end(self, week: Week, draw: DrawToCome) -> None:
        """End a day: everybody who held a seat has come, or has not.

        The day began with the first visitor who was called in. A closed day, such as a holiday, has
        no end.
        """
        if not draw.file["seats"]:
            return
        if draw.called_at is not None:
            self.append_entry(draw.called_at, Kind.MONDAY_HELD, draw=draw.file["draw"], by="mayor")
        at = week.closes_at(SEATS) + AFTER_HOURS
        if at <= ENDS:
            if draw.called_at is None:  # all winners have given their seats up
                draw.held = MondayState.NO_VISITORS
            draw.ended_at = at
            self.append_entry(at, Kind.MONDAY_ENDED, draw=draw.file["draw"])

    def _meet(
        self,
        draw: DrawToCome,
        case: Case,
        row: list[object],
        place: dict[str, str],
        comes: datetime,
    ) -> None:
        here, inside = comes - timedelta(minutes=12), comes + timedelta(minutes=2)
        ends = comes + timedelta(minutes=11)
        self.do(case, Action.ARRIVE, Role.RECEPTION, here)
        officer = self._reception(case)
        self.append_entry(here, Kind.ARRIVAL, ticket=case.ticket, **place, officer=officer)
        self.do(case, Action.CALL_IN, Role.MAYOR, inside)
        draw.held, draw.called_at = MondayState.HELD, min(inside, draw.called_at or inside)
        row[6], row[8] = SeatState.USED.value, ends
        if self._rng.random() < 0.06:
            self.do(case, Action.FINISH_REFUSED, Role.MAYOR, ends, note=_NOTE)
            self._log_meeting(case, place, inside, ends, MeetingOutcome.REFUSED)
            self._over(case, ends)
            return
        issued = ends - timedelta(minutes=1)
        number = self._number(case.district, tehran_day(issued))
        several = self._rng.random() < 0.3
        names = (f"{number}-1", f"{number}-2") if several else (number,)
        orders = [self._issue(case, issued, n, name) for n, name in enumerate(names)]
        self.do(case, Action.FINISH, Role.MAYOR, ends)
        self._log_meeting(case, place, inside, ends, MeetingOutcome.ORDERS)
        over = [self._carry_out(order) for order in orders]
        then = max(over)
        if self._rng.random() < 0.25 and (heard := ends + _DAY) < min(then, ENDS):
            verdict = "yes" if self._rng.random() < 0.8 else "no"
            self.do(case, Action.SAY_HEARD, Role.CITIZEN, heard, {"verdict": verdict})
        if then <= ENDS:
            self.do(case, Action.CONCLUDE, Role.CLOCK, then)
            self._over(case, then)

    # -- an order -------------------------------------------------------------------------------

    def _number(self, district: int, day: date) -> str:
        self._sheets[district, day] += 1
        return f"{iso(day).replace('-', '')}{district:02d}{self._sheets[district, day]:03d}"

    def _issue(self, case: Case, at: datetime, n: int, number: str) -> OrderToCome:
        codes = subject(MATTERS[case.matter].subject).unit_codes
        unit = f"d{case.district:02d}-{codes[n % len(codes)]}"
        days = self._rng.choice((14, 21, 30))
        order = OrderToCome(
            id=self.new_id(),
            number=number,
            case=case,
            unit=unit,
            due_on=tehran_day(at) + days * _DAY,
            issued_at=at,
        )
        self.orders.append(order)
        payload = {"due_on": order.due_on.isoformat(), "unit": unit}
        self.do_order(order, OrderAction.ISSUE, Role.MAYOR, at, payload)
        return order

    def _carry_out(self, order: OrderToCome) -> datetime:
        """Return when an order was done: after the seeded weeks if it is not done yet."""
        never = ENDS + _DAY
        taken = order.issued_at + timedelta(minutes=self._rng.randrange(1200, 2600))
        if taken > ENDS:
            return never
        due = end_of_day(order.due_on)
        self.do_order(order, OrderAction.TAKE_ON, Role.UNIT, taken, ends_at=due)
        at = taken + timedelta(days=self._rng.randrange(3, _REPORTED_WITHIN))
        if at > ENDS:
            return never
        self.do_order(order, OrderAction.REPORT, Role.UNIT, at, {"photos": 1}, note=_NOTE)
        assert order.due_at is not None
        if self._rng.random() < 0.75:
            done = at + timedelta(minutes=self._rng.randrange(600, 10_000))
            action, role = OrderAction.CONFIRM_DONE, Role.CITIZEN
        else:
            done, action, role = order.due_at, OrderAction.SETTLE, Role.CLOCK
        if done > ENDS:
            return never
        self.do_order(order, action, role, done)
        return done

    def _over(self, case: Case, at: datetime) -> None:
        """Let her file another request, a week later."""
        heapq.heappush(self._free, (at + _WEEK, self.place(), case.person))

    def _somebody(self, at: datetime) -> Person:
        if self._free and self._free[0][0] < at and self._rng.random() > _PERSONS:
            return heapq.heappop(self._free)[2]
        person = Person(self.new_id(), next(self._people), mobile=self._rng.random() < 0.92)
        self.persons.append(person)
        return person

    def _code(self, at: datetime, district: int) -> str:
        while True:
            code = tracking_code(parts(tehran_day(at))[0], district, self._rng.randrange)
            if code not in self._codes:
                self._codes.add(code)
                return code


def weeks_of(requests: int) -> int:
    """Return how many weeks of filing a city of this many requests has behind it."""
    return max(_LEAST_WEEKS, round(requests / (22 * _A_WEEK)))


def first_monday(requests: int) -> date:
    """Return its first Monday with a line; the line of the last week is filed for at the end."""
    last = tehran_day(ENDS) + 9 * _DAY
    return last - timedelta(days=last.weekday()) - (weeks_of(requests) - 1) * _WEEK


def _day(week: Week) -> str:
    """Return the day whose value decides a week's draws."""
    return iso(week.value_days[0])


def _reset(case: Case) -> None:
    """Let her weeks begin again, as readers of the log count after this step."""
    case.waited = case.unanswered = 0
