"""Requests brought to a stage in the real way: each step is taken by its role."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.turns.rules.week import first_monday
from publicmeeting.usecases.lifecycle.payloads import LAST_DIGITS, TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from support.citizens import Someone, citizen, comes_often, file, someone
from support.city import City
from support.clock import FixedClock
from support.line import Line
from support.once import once
from support.orders import issue_undrawn

_people = count(1000)


@dataclass(frozen=True, slots=True)
class WalkedCase:
    """One citizen with her request, and everybody who acts on it."""

    city: City
    who: Someone
    keys: Keys
    code: str

    @property
    def request(self) -> Request:
        """The request as it is now."""
        application = self.city.application
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            found = uow.requests.find(self.code)
        assert found is not None
        return found

    @property
    def line(self) -> Line:
        """The weekly line, whose clock the walk moves."""
        clock = self.city.application.clock
        assert isinstance(clock, FixedClock)
        return Line(self.city, clock)

    def citizen(self, action: str, **fields: object) -> Request:
        """Take a step as the citizen."""
        return self.city.application.execute_now(take_step, self.keys, self._step(action, fields))

    def official(self, username: str, action: str, **fields: object) -> Request:
        """Take a step as an account of the city."""
        return self.by(self.city.as_(username), action, **fields)

    def by(self, actor: Actor, action: str, **fields: object) -> Request:
        return self.city.application.execute_as(actor, take_step, self._step(action, fields))

    def _step(self, action: str, fields: dict[str, object]) -> TakeStep:
        return TakeStep.model_validate({"code": self.code, "action": action, **fields})


def begin(city: City, **form: object) -> WalkedCase:
    """Let a new citizen file a request in district 6."""
    who = someone(next(_people))
    keys = citizen(city.application, who.mobile)
    comes_often(city.application, keys)
    request = file(city.application, who, keys, **form)
    return WalkedCase(city, who, keys, request.code)


def _decline(walked: WalkedCase) -> None:
    walked.official("desk", Action.DECLINE, reason="other_body", note="این کار دادگاه است.")


def _accept(walked: WalkedCase) -> None:
    walked.official("desk", Action.ACCEPT)


def _be_drawn(walked: WalkedCase) -> None:
    """Move the clock to the evening of her first draw; everybody gets a seat in so small a line."""
    monday = first_monday(walked.request.filed_at, DEFAULT_RULES)
    walked.line.until(monday - timedelta(days=5), "20:00")


def _confirm(walked: WalkedCase) -> None:
    walked.citizen(Action.CONFIRM)


def _arrive(walked: WalkedCase) -> None:
    seat = walked.request.seat
    assert seat is not None
    walked.line.until(seat.monday, seat.time)
    # Reception accepts the last digits of her card, which proves nothing, so her level is restored.
    _level(walked, Level.MATCHED)
    walked.official("reception", Action.ARRIVE, identity=walked.who.identity[-LAST_DIGITS:])
    _level(walked, Level.TYPED)


def _level(walked: WalkedCase, level: Level) -> None:
    application = walked.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.prove(walked.request.person_id, level, "")


def _enter(walked: WalkedCase) -> None:
    walked.official("mayor", Action.CALL_IN)


def _meet(walked: WalkedCase) -> None:
    """Issue one order to the technical unit, and finish the meeting."""
    application, mayor = walked.city.application, walked.city.as_("mayor")
    order = IssueOrders(code=walked.code, units=("d06-technical",), note="تا آذر ترمیم شود.")
    issue_undrawn(application, mayor, order)
    application.execute_as(mayor, finish_meeting, FinishMeeting(code=walked.code))


def _see_it_done(walked: WalkedCase) -> None:
    application, unit = walked.city.application, walked.city.as_("technical")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        number = uow.orders.of_request(walked.request.id)[0].number
    application.execute_as(unit, take_order_step, TakeOrderStep(number=number, action="take_on"))
    report = TakeOrderStep(number=number, action="report", note="ترمیم شد.")
    application.execute_as(unit, take_order_step, report)
    done = TakeOrderStep(number=number, action="confirm_done")
    application.execute_now(take_order_step, walked.keys, done)


_TO_THE_ROOM = (_accept, _be_drawn, _confirm, _arrive, _enter)

ROADS: dict[Stage, tuple[Callable[[WalkedCase], object], ...]] = {
    Stage.SUBMITTED: (),
    Stage.NEEDS_INFO: (
        lambda walked: walked.official("desk", Action.ASK_INFO, note="نشانی دقیق کجاست؟"),
    ),
    Stage.DECLINED: (_decline,),
    Stage.ANSWERED: (
        lambda walked: walked.official("desk", Action.ANSWER, note="این هفته ترمیم می‌شود."),
    ),
    Stage.WITHDRAWN: (lambda walked: walked.citizen(Action.WITHDRAW),),
    Stage.WAITING: _TO_THE_ROOM[:1],
    Stage.INVITED: _TO_THE_ROOM[:2],
    Stage.CONFIRMED: _TO_THE_ROOM[:3],
    Stage.ARRIVED: _TO_THE_ROOM[:4],
    Stage.IN_ROOM: _TO_THE_ROOM,
    Stage.FOLLOW_UP: (*_TO_THE_ROOM, _meet),
    Stage.CLOSED: (*_TO_THE_ROOM, _meet, _see_it_done),
}
"""Stage → the steps that lead there from a new request; from `INVITED` on they move the clock."""


def a_request(city: City, at: Stage = Stage.SUBMITTED, **form: object) -> WalkedCase:
    """Return a request that was walked to a stage; `form` changes what is filed.

    The first one in a city is walked once a session and then copied.
    """
    key = ("a_request", at, repr(sorted(form.items())))
    walked = once(city.application, key, lambda: _walked(city, at, form))
    return replace(walked, city=city)


def _walked(city: City, at: Stage, form: dict[str, object]) -> WalkedCase:
    road = ROADS[at]
    if not road:
        return begin(city, **form)
    (before,) = [stage for stage, steps in ROADS.items() if steps == road[:-1]]
    walked = a_request(city, before, **form)
    road[-1](walked)
    assert walked.request.stage is at
    return walked
