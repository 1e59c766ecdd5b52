"""Rules for who may act on a case, and which parts of it each role may see."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from publicmeeting.domain.districts.city import SUBJECTS, subject
from publicmeeting.domain.lifecycle.climbing import MAYORS_CONTESTS
from publicmeeting.domain.line.lanes import open_contests, open_lane_ask
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import CITY_WIDE, Actor, Grant, Role
from publicmeeting.domain.stages import SCREENING, SEATING, Action, OrderAction, Stage
from publicmeeting.kit.clock import tehran_day

_TO_THE_CITY = (
    Action.REDIRECT,
    Action.OBJECT_REDIRECT,
    Action.OBJECT_REFUSAL,
    OrderAction.CLIMB_TO_MAYOR,
    OrderAction.CLIMB_TO_CITY,
    OrderAction.ASK_VOID,
)
_CONTESTS = (OrderAction.CONTEST, OrderAction.REOPEN)


def plays(actor: Actor, role: Role, case: Case) -> bool:
    """Whether this actor holds this role for this particular case."""
    if role is Role.CITIZEN:
        return actor.person_id is not None and actor.person_id == case.person_id
    if role is Role.UNIT:
        return _is_its_unit(actor, case)
    if role is Role.JUDGE:
        return is_judge(actor, case)
    if role is Role.DEPUTY:
        held = case.day_held_by is not None and case.day_held_by == actor.account_id
        return held and case.district in actor.districts(role)
    if role in CITY_WIDE:
        return actor.has(role)
    return case.district in actor.districts(role)


def is_judge(actor: Actor, case: Case) -> bool:
    """Whether the clock picked this officer as a judge of an open lane request or contest.

    He must still work in the citizen's district: a redirect takes the open request along to another
    district, where the former judge has no part in it.
    """
    if not isinstance(case, Request):
        return False
    ask = open_lane_ask(case)
    judges = {judge for asked in (ask, *open_contests(case)) if asked for judge in asked.judges}
    here = case.district in actor.districts(Role.DESK) or any(
        unit.startswith(_d(case.district)) for unit in actor.units()
    )
    return here and actor.account_id in judges


def _is_its_unit(actor: Actor, case: Case) -> bool:
    if isinstance(case, Order):
        return case.unit_id in actor.units()
    codes = subject(case.subject).unit_codes
    own = {unit.partition("-")[2] for unit in actor.units() if unit.startswith(_d(case.district))}
    return bool(own & set(codes))


def _d(district: int) -> str:
    return f"d{district:02d}-"


def can_see(actor: Actor, case: Case) -> bool:
    """Whether the case exists for this actor; missing and forbidden look the same."""
    if any(plays(actor, r, case) for r in (Role.CITIZEN, Role.DESK, Role.RECEPTION, Role.CLOCK)):
        return True
    if case.district in actor.districts(Role.MAYOR, Role.DEPUTY):
        return True
    if actor.has(Role.OVERSEER) and has_reached_city(case):
        return True
    if isinstance(case, Order):
        return plays(actor, Role.UNIT, case)
    unit_time = case.stage not in SCREENING | {Stage.WITHDRAWN} or case.stage is Stage.SUBMITTED
    return plays(actor, Role.UNIT, case) and unit_time


def has_reached_city(case: Case) -> bool:
    """Whether the overseer ever had to decide on the case, or its lateness left the unit.

    The overseer sees all other cases only as figures. A second redirect is the overseer's decision,
    so every case that was redirected once is visible. Of orders, those are visible which the mayor
    can no longer decide alone.
    """
    return case.count(*_TO_THE_CITY) > 0 or case.count(*_CONTESTS) > MAYORS_CONTESTS


def can_see_name(actor: Actor, case: Case, today: date | None = None) -> bool:
    """Whether the actor may see the citizen's name.

    The name is for the citizen herself and, once she has a seat, for those who receive her. A
    deputy sees it only for the Mondays that name him. A citizen who missed her seat waits like
    everybody else, and her name is hidden again. Only the list of the day passes `today`: on it she
    is still expected, because she may come late.
    """
    if plays(actor, Role.CITIZEN, case):
        return True
    if isinstance(case, Request) and not (_has_been_invited(case) or _missed_on(case, today)):
        return False
    if case.district in actor.districts(Role.RECEPTION, Role.MAYOR):
        return True
    return plays(actor, Role.DEPUTY, case)


def _has_been_invited(request: Request) -> bool:
    """Whether the request ever had a seat and is past screening and waiting.

    A case that was closed or withdrawn before it had a seat keeps its name hidden.
    """
    if request.stage in SCREENING or request.stage is Stage.WAITING:
        return False
    return request.count(*SEATING) > 0


def _missed_on(request: Request, day: date | None) -> bool:
    missed = request.last(Action.NO_SHOW) if request.stage is Stage.WAITING else None
    return missed is not None and tehran_day(missed.at) == day


def is_internal(event: Event) -> bool:
    """Whether it is a comment among officials, which the citizen never sees nor is notified of."""
    return event.payload.get("audience") == "internal"


# What each role sees of a citizen's case, computed by the access rules themselves, for the page
# that shows it to her.

_DISTRICT, _ANOTHER = 1, 2
_SOMEBODY = "somebody"
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a role may read of a case in its own district; `reads_elsewhere`: in another one."""

    reads_while_screened: bool
    reads_with_seat: bool
    reads_what_came_to_the_city: bool
    reads_elsewhere: bool
    name_while_screened: bool
    name_with_seat: bool


def sight_of(role: Role) -> Sight:
    """Return what a person with only this role sees; a deputy for a Monday that names him."""
    actor = _somebody(role)
    screened = _request(Stage.SUBMITTED)
    seated = _request(Stage.INVITED, Action.SEAT)
    to_the_city = _request(Stage.CLOSED, Action.OBJECT_REFUSAL)
    return Sight(
        reads_while_screened=can_see(actor, screened),
        reads_with_seat=can_see(actor, seated),
        reads_what_came_to_the_city=can_see(actor, to_the_city),
        reads_elsewhere=can_see(actor, replace(seated, district=_ANOTHER)),
        name_while_screened=can_see_name(actor, screened),
        name_with_seat=can_see_name(actor, seated),
    )


def _somebody(role: Role) -> Actor:
    unit = f"d{_DISTRICT:02d}-{SUBJECTS[0].unit_codes[0]}" if role is Role.UNIT else None
    district = None if role in CITY_WIDE or unit else _DISTRICT
    return Actor(account_id=_SOMEBODY, grants=(Grant(role, district, unit),))


def _request(stage: Stage, *actions: Action) -> Request:
    history = tuple(
        Event(action=action, role=Role.CLOCK, at=_AT, from_stage=stage, to_stage=stage)
        for action in actions
    )
    return Request(
        id="case",
        code="",
        district=_DISTRICT,
        stage=stage,
        version=0,
        person_id="she",
        filed_at=_AT,
        stage_at=_AT,
        ticket="",
        subject=SUBJECTS[0].code,
        day_held_by=_SOMEBODY,
        history=history,
    )
