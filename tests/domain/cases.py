"""Requests and orders walked step by step through the tables, and the people who walk them."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.lifecycle.advance import advance, begin
from publicmeeting.domain.records import Event, Order, Request, Seat
from publicmeeting.domain.roles import CLOCK, Actor, Grant, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, end_of_day

DISTRICT, OTHER_DISTRICT = 6, 7
SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 30)
"""9 Azar 1405, the Monday of the seat."""
ANSWER_BY = at_tehran(date(2026, 11, 28), "20:00")
HOURS_END = at_tehran(MONDAY, "12:00")
DRAWN = at_tehran(date(2026, 11, 25), "12:00")
MEETING = at_tehran(MONDAY, "09:45")
FILED = at_tehran(SATURDAY, "10:00")
DUE_ON = date(2026, 12, 21)
LATER = timedelta(minutes=30)

CITIZEN = Actor(person_id="maryam")
ANOTHER_CITIZEN = Actor(person_id="reza")


def official(role: Role, account: str = "", district: int | None = DISTRICT) -> Actor:
    unit = f"d{district:02d}-technical" if role is Role.UNIT else None
    return Actor(account_id=account or role.value, grants=(Grant(role, district, unit),))


DESK, OTHER_DESK = official(Role.DESK), official(Role.DESK, "desk-2")
RECEPTION, UNIT = official(Role.RECEPTION), official(Role.UNIT)
MAYOR, DEPUTY = official(Role.MAYOR), official(Role.DEPUTY)
OVERSEER, PHONE = official(Role.OVERSEER, district=None), official(Role.PHONE, district=None)
ADMINISTRATOR = official(Role.ADMINISTRATOR, district=None)
JUDGE, OTHER_JUDGE = (
    Actor(account_id=name, grants=(Grant(Role.UNIT, None, f"d{DISTRICT:02d}-{unit}"),))
    for name, unit in (("judge", "green_space"), ("judge-2", "finance"))
)
"""Officers picked for one ask; only that makes them judges."""

PEOPLE = {
    Role.CITIZEN: CITIZEN,
    Role.DESK: DESK,
    Role.RECEPTION: RECEPTION,
    Role.PHONE: PHONE,
    Role.UNIT: UNIT,
    Role.MAYOR: MAYOR,
    Role.DEPUTY: DEPUTY,
    Role.OVERSEER: OVERSEER,
    Role.ADMINISTRATOR: ADMINISTRATOR,
    Role.JUDGE: JUDGE,
    Role.CLOCK: CLOCK,
}
"""An actor for each role, all of the case's own district, unit and day."""


def at(day: date, clock: str) -> datetime:
    return at_tehran(day, clock)


def filed(now: datetime = FILED, **facts: object) -> Request:
    """Return a request just filed by its citizen."""
    event = begin(Action.SUBMIT, CITIZEN, Role.CITIZEN, now, {"district": DISTRICT})
    request = Request(
        id="r1",
        code="0506123457",
        district=DISTRICT,
        stage=Stage.SUBMITTED,
        version=1,
        person_id="maryam",
        subject="street",
        title="پیاده‌رو",
        text="شکسته است",
        filed_at=now,
        stage_at=now,
        ticket="t" * 64,
        due_at=event.due_at,
        day_held_by="deputy",
        outcome_recorded=True,
        history=(event,),
    )
    return replace(request, **facts)


def issued(now: datetime = MEETING, **facts: object) -> Order:
    """Return an order just issued by the mayor."""
    payload = {"unit": "d06-technical", "due_on": DUE_ON.isoformat()}
    event = begin(OrderAction.ISSUE, MAYOR, Role.MAYOR, now, payload)
    order = Order(
        id="o1",
        number="14050909067",
        request_id="r1",
        request_code="0506123457",
        district=DISTRICT,
        person_id="maryam",
        unit_id="d06-technical",
        stage=OrderStage.ISSUED,
        version=1,
        text="ترمیم شود",
        issued_at=now,
        stage_at=now,
        due_on=DUE_ON,
        first_due_on=DUE_ON,
        due_at=event.due_at,
        day_held_by="deputy",
        history=(event,),
    )
    return replace(order, **facts)


def take(case, action, actor, now=None, note="چنین است", ends_at=None, **payload):
    """Return the case after one more step, by default an hour after the last one."""
    now = now or case.history[-1].at + timedelta(hours=1)
    event = advance(case, action, actor, now, payload, note=note, ends_at=ends_at)
    return joined(case, event)


def joined(case, event: Event):
    return replace(
        case,
        stage=event.to_stage,
        stage_at=event.at,
        due_at=event.due_at,
        version=case.version + 1,
        history=(*case.history, event),
    )


def waiting() -> Request:
    return take(filed(), Action.ACCEPT, DESK)


def invited() -> Request:
    seat = Seat(MONDAY, "09:45", "line", ANSWER_BY)
    return replace(
        take(waiting(), Action.SEAT, CLOCK, DRAWN, ends_at=ANSWER_BY),
        seat=seat,
        moves_until=ANSWER_BY,
        hours_end_at=HOURS_END,
    )


def confirmed() -> Request:
    return take(invited(), Action.CONFIRM, CITIZEN)


def arrived() -> Request:
    early = MEETING - timedelta(minutes=20)
    return take(confirmed(), Action.ARRIVE, RECEPTION, early, identity="matched")


def in_room() -> Request:
    return take(arrived(), Action.CALL_IN, RECEPTION, MEETING)


def missed() -> Request:
    """Return a request with a no-show: called twice, from ten minutes after her time."""
    case = confirmed()
    for minutes in (10, 12):
        case = take(case, Action.CALL, RECEPTION, MEETING + timedelta(minutes=minutes))
    case = take(case, Action.NO_SHOW, RECEPTION, MEETING + timedelta(minutes=15))
    return replace(case, seat=None)


def contested_no_show() -> Request:
    return take(missed(), Action.CONTEST_NO_SHOW, CITIZEN)


def contest_picked(*judges: str) -> Request:
    """Return a contested request whose two judges are picked."""
    named = list(judges or ("judge", "judge-2"))
    return take(contested_no_show(), Action.PICK_CONTEST, CLOCK, contest=1, judges=named)


def contest_judged(case: Request, by: Actor = JUDGE, verdict: str = "yes") -> Request:
    """Return a contested request that one of the two judges has answered."""
    reason = {"yes": "was_there", "no": "not_shown"}[verdict]
    return take(case, Action.JUDGE_NO_SHOW, by, contest=1, verdict=verdict, reason=reason)


def follow_up() -> Request:
    return take(in_room(), Action.FINISH, MAYOR, MEETING + timedelta(minutes=15))


def refused() -> Request:
    return take(in_room(), Action.FINISH_REFUSED, MAYOR, MEETING + timedelta(minutes=15))


def declined(now: datetime | None = None) -> Request:
    return take(filed(), Action.DECLINE, DESK, now, reason="out_of_scope")


def lane_asked() -> Request:
    """Return a request that asked for a lane and has two judges."""
    case = take(filed(), Action.ASK_LANE, CITIZEN, lane="access", photos=1)
    return take(case, Action.PICK_JUDGES, CLOCK, judges=["judge", "judge-2"])


def judged(verdict: str = "yes", by: Actor = JUDGE) -> Request:
    """Return a request with a lane that one of the two judges has answered."""
    reason = {"yes": "certified", "no": "expired"}[verdict]
    return take(lane_asked(), Action.JUDGE_LANE, by, verdict=verdict, reason=reason)


def redirected() -> Request:
    """Return a request that the desk sent to the other district."""
    case = take(filed(), Action.REDIRECT, DESK, district=OTHER_DISTRICT)
    return replace(case, district=OTHER_DISTRICT)


def in_action() -> Order:
    return take(issued(), OrderAction.TAKE_ON, UNIT, ends_at=end_of_day(DUE_ON))


def reported() -> Order:
    return take(in_action(), OrderAction.REPORT, UNIT)


def contested() -> Order:
    return take(reported(), OrderAction.CONTEST, CITIZEN)


def contested_twice() -> Order:
    case = take(contested(), OrderAction.RETRY, MAYOR, due_on="2027-01-05", ends_at=DRAWN)
    return take(take(case, OrderAction.REPORT, UNIT), OrderAction.CONTEST, CITIZEN)


def done() -> Order:
    return take(reported(), OrderAction.CONFIRM_DONE, CITIZEN)


def void_asked() -> Order:
    return take(issued(), OrderAction.ASK_VOID, MAYOR)


def at_stage(stage):
    """Return a case in this stage, with the facts that guards about person and place need."""
    made = {
        Stage.SUBMITTED: filed,
        Stage.NEEDS_INFO: lambda: take(filed(), Action.ASK_INFO, DESK),
        Stage.ANSWERED: lambda: take(filed(), Action.ANSWER, DESK),
        Stage.WAITING: waiting,
        Stage.INVITED: invited,
        Stage.CONFIRMED: confirmed,
        Stage.ARRIVED: arrived,
        Stage.IN_ROOM: in_room,
        Stage.FOLLOW_UP: follow_up,
        Stage.CLOSED: refused,
        Stage.DECLINED: declined,
        Stage.WITHDRAWN: lambda: take(filed(), Action.WITHDRAW, CITIZEN),
        OrderStage.ISSUED: issued,
        OrderStage.IN_ACTION: in_action,
        OrderStage.RETURNED: lambda: take(issued(), OrderAction.RETURN, UNIT),
        OrderStage.REPORTED: reported,
        OrderStage.CONTESTED: contested,
        OrderStage.DONE: done,
        OrderStage.VOID: lambda: take(void_asked(), OrderAction.VOID, OVERSEER),
    }
    return made[stage]()


EVERY_STAGE = (*Stage, *OrderStage)
