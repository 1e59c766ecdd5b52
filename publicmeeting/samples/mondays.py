"""Answers to invitations, and the Mondays: door, room, orders."""

from concurrent.futures import Executor
from datetime import date, datetime, timedelta
from functools import partial

from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.samples.filing import Case, Filing
from publicmeeting.samples.founding import SEATS, Staff
from publicmeeting.samples.matters import REFUSED
from publicmeeting.samples.promises import Promises
from publicmeeting.samples.story import Story
from publicmeeting.store.lists import Filter
from publicmeeting.usecases.cases import OneCase
from publicmeeting.usecases.meetings import FinishMeeting, finish_meeting, open_meeting
from publicmeeting.usecases.order_sheet import compose_sheet
from publicmeeting.usecases.orders import IssueOrders, KeptSheet, issue_orders, order_facts


class Mondays:
    """What happens between the draw and the end of the meeting."""

    def __init__(
        self, story: Story, staff: Staff, filing: Filing, promises: Promises, composers: Executor,
        public_url: str,
    ) -> None:  # fmt: skip
        self._story, self._staff, self._filing, self._promises = story, staff, filing, promises
        self._composers, self._public_url = composers, public_url
        self._answered: set[tuple[str, datetime]] = set()
        self.not_held: set[tuple[int, date]] = set()
        """Districts and Mondays on which nobody received anybody."""

    def answer_invitations(self) -> None:
        """Everybody newly invited decides when she will answer, if at all."""
        for request in self._in_stage(Stage.INVITED):
            assert request.seat is not None
            key = (request.code, request.stage_at)
            if key in self._answered:
                continue
            self._answered.add(key)
            case = self._filing.cases[request.id]
            hours = (request.seat.answer_by - self._story.clock.now) / timedelta(hours=1)
            roll = self._story.rng.random()
            at = self._story.soon(0.1, max(0.2, min(hours * 0.9, 70)))
            if roll < 0.86:
                self._story.plan(at, partial(self._filing.step, case.citizen, case, "confirm"))
            elif roll < 0.92:
                self._story.plan(at, partial(self._filing.step, case.citizen, case, "give_up_seat"))

    def hold(self, monday: date) -> None:
        """All districts at once, seat by seat; the sheets of one quarter are drawn together."""
        for slot in SEATS:
            start = at_tehran(monday, slot)
            self._story.plan(start - timedelta(minutes=12), partial(self._door, monday, slot))
            self._story.plan(start + timedelta(minutes=1), partial(self._meet, monday, slot))

    def _door(self, monday: date, slot: str) -> None:
        for request in self._holding(monday, slot, Stage.CONFIRMED):
            case = self._filing.cases[request.id]
            reception = self._staff.of(Role.RECEPTION, request.district)
            if self._story.chance(0.06):
                self._absent(case, reception, monday, slot)
                continue
            with self._story.office.store.work(self._story.clock.now, reading=True) as work:
                identity = work.people.get(request.person_id).identity
            self._filing.step(reception, case, "arrive", identity=identity)

    def _absent(self, case: Case, reception: Actor, monday: date, slot: str) -> None:
        start = at_tehran(monday, slot)
        for minute, action in ((2, "call"), (8, "call"), (12, "no_show")):
            at = start + timedelta(minutes=minute)
            self._story.plan(at, partial(self._filing.step, reception, case, action))

    def _meet(self, monday: date, slot: str) -> None:
        """The mayor receives; the sheets are composed side by side, then recorded one by one."""
        asked = []
        for request in self._holding(monday, slot, Stage.ARRIVED):
            if (request.district, monday) in self.not_held:
                continue
            case = self._filing.cases[request.id]
            mayor = self._staff.of(Role.MAYOR, request.district)
            self._filing.step(mayor, case, "call_in")
            self._story.office.perform_as(mayor, open_meeting, OneCase(code=case.code))
            if self._story.chance(0.1):
                wish = FinishMeeting(code=case.code, outcome="refused", note=REFUSED)
                self._story.office.perform_as(mayor, finish_meeting, wish)
                continue
            order = self._order(case)
            facts = self._story.office.look_as(mayor, order_facts, order)
            drawn = self._composers.submit(compose_sheet, facts, self._public_url)
            asked.append((case, mayor, order, facts.stem, drawn))
        self._story.clock.now += timedelta(minutes=9)
        for case, mayor, order, stem, drawn in asked:
            made, images = drawn.result(), self._story.office.images
            sheet = KeptSheet(
                stem, images.put(made.image), images.put(made.thumb), made.width, made.height
            )
            issued = order.model_copy(update={"sheet": sheet})
            orders = self._story.office.perform_as(mayor, issue_orders, issued)
            self._story.office.perform_as(mayor, finish_meeting, FinishMeeting(code=case.code))
            for one in orders:
                self._promises.begin(case, one.number)

    def _order(self, case: Case) -> IssueOrders:
        unit = f"d{case.district:02d}-{case.matter.unit}"
        more = (f"d{case.district:02d}-inspection",) if self._story.chance(0.06) else ()
        note = case.matter.order.format(place=case.place)
        return IssueOrders(code=case.code, units=(unit, *(m for m in more if m != unit)), note=note)

    def _holding(self, monday: date, slot: str, stage: Stage) -> list[Request]:
        found = self._in_stage(stage)
        return [r for r in found if r.seat and r.seat.monday == monday and r.seat.time == slot]

    def _in_stage(self, stage: Stage) -> list[Request]:
        with self._story.office.store.work(self._story.clock.now, reading=True) as work:
            lines = work.lists.requests(Filter(stages=(stage,)), limit=1000)
            known = [line for line in lines if line.id in self._filing.cases]
            return [work.requests.by_id(line.id) for line in known]


def mondays_between(first: date, last: date) -> list[date]:
    """Every Monday from `first` to `last`."""
    day = first + timedelta(days=(7 - first.weekday()) % 7)
    found = []
    while day <= last:
        found.append(day)
        day += timedelta(weeks=1)
    return found
