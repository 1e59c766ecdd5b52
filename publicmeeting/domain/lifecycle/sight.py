"""What each office sees of a citizen's case, asked of the very rules that decide it (`access`), for
the page that tells her."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from publicmeeting.domain.districts import SUBJECTS
from publicmeeting.domain.lifecycle.access import can_see, can_see_name
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.roles import CITY_WIDE, Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage

_DISTRICT, _ANOTHER = 1, 2
_SOMEBODY = "somebody"
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sight:
    """Of a case in the office's own district; `elsewhere` of one in another."""

    reads_while_screened: bool
    reads_with_seat: bool
    reads_what_came_to_the_city: bool
    reads_elsewhere: bool
    name_while_screened: bool
    name_with_seat: bool


def sight_of(role: Role) -> Sight:
    """What somebody sees who holds this role and no other; a deputy, of a Monday he is named
    for."""
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
        Event(action=one, role=Role.CLOCK, at=_AT, from_stage=stage, to_stage=stage)
        for one in actions
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
