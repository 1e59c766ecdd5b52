"""Every row of the tables that needs no use case of its own is taken here."""

from datetime import date, datetime, timedelta

from publicmeeting.domain.advance import advance, steps_open_to
from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.districts import district
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle import STEP_FOR, Step
from publicmeeting.domain.people import IdentityKind, parse_identity
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import STAFF, Actor, Role
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.letters import clean
from publicmeeting.store.unit import Work
from publicmeeting.turns.week import Week
from publicmeeting.usecases.effects import AFTER
from publicmeeting.usecases.wish import MAX_TEXT, Wish, usecase

MOVE_WITHIN = timedelta(weeks=4)

OWN_USE_CASE = frozenset({Action.SUBMIT, Action.STAND_IN, Action.FINISH, Action.ASK_LANE,
                          Action.JUDGE_LANE, Action.TAKE_FREE})  # fmt: skip
"""Rows that are not taken by `take_step`: each needs more than its row says."""


class TakeStep(Wish):
    """One action on one request; only what its row needs is read."""

    code: str
    action: str
    note: str = ""
    reason: str = ""
    district: str = ""
    monday: str = ""
    identity: str = ""
    verdict: str = ""
    skip: str = ""
    photos: tuple[str, ...] = ()


@usecase(Role.CITIZEN, *STAFF)
def take_step(work: Work, actor: Actor, wish: TakeStep, now: datetime) -> Request:
    """Take one step on a request and give it back as it stands afterwards.

    Raises Denied with the lifecycle's word (`stage_moved`, `not_your_role`, a guard's), Invalid for
    a field, `not_found` for a case that is not this actor's to see.
    """
    request = work.requests.see(wish.code, actor)
    try:
        action = Action(wish.action)
    except ValueError:
        raise Denied("form_broken") from None
    if action in OWN_USE_CASE:
        raise Denied("form_broken")
    step = STEP_FOR[action]
    given = _given(work, request, step, wish, now)
    event = advance(request, action, actor, now, given=given, note=_note(wish.note))
    event_id = work.requests.record(request, event)
    if wish.photos and Need.PHOTOS in (*step.needs, *step.may):
        work.images.attach(list(wish.photos), actor, request_id=request.id, event_id=event_id)
    for effect in AFTER.get(action, ()):
        effect(work, request, event, now)
    return work.requests.by_id(request.id)


def open_steps(request: Request, actor: Actor, now: datetime) -> tuple[Step, ...]:
    """The buttons of this person on this request."""
    return steps_open_to(actor, request, now)


def _note(text: str) -> str:
    note = clean(text)
    if len(note) > MAX_TEXT:
        raise Invalid("text_too_long", field="note", limit=MAX_TEXT, length=len(note))
    return note


def _given(
    work: Work, request: Request, step: Step, wish: TakeStep, now: datetime
) -> dict[str, object]:
    given: dict[str, object] = {}
    if step.action is Action.NO_SHOW:
        given["waited"] = request.waited  # restored if she comes late the same day
    for need in (*step.needs, *step.may):
        match need:
            case Need.REASON | Need.VERDICT | Need.SKIP:
                value = getattr(wish, need.value)
                if value:
                    given[need.value] = value
            case Need.DISTRICT if wish.district:
                given["district"] = _other_district(wish.district, request)
            case Need.MONDAY if wish.monday:
                given["monday"] = _monday(work, request, step, wish.monday, now).isoformat()
            case Need.IDENTITY if wish.identity:
                given["identity"] = match_identity(work, request, wish.identity)
            case Need.PHOTOS if wish.photos:
                given["photos"] = len(wish.photos)
            case _:
                pass
    return given


def _other_district(text: str, request: Request) -> int:
    number = district(int(text) if text.isdecimal() else 0).number
    if number == request.district:
        raise Invalid("same_district", field="district")
    return number


def _monday(work: Work, request: Request, step: Step, text: str, now: datetime) -> date:
    """A Monday she names: within four weeks for a move, before its freeze to take it out or in."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("monday_unknown", field="monday") from None
    if not is_meeting_monday(day):
        raise Invalid("monday_unknown", field="monday")
    if step.action is Action.MOVE_ONCE:
        held = request.seat.monday if request.seat else tehran_day(now)
        if not held < day <= held + MOVE_WITHIN:
            raise Invalid("monday_too_far", field="monday", weeks=MOVE_WITHIN.days // 7)
        return day
    rules = work.city.rules_on(day)
    if rules is None or now >= Week(day, rules.body).freeze_at:
        raise Invalid("monday_frozen", field="monday")
    return day


def match_identity(work: Work, request: Request, typed: str) -> str:
    """The card shown at the door must be hers; gives `matched`, never the number."""
    person = work.people.get(request.person_id)
    try:
        same = parse_identity(IdentityKind(person.kind), typed) == person.identity
    except Invalid as refusal:
        raise Invalid(refusal.key, field="identity", **refusal.facts) from refusal
    if not same:
        raise Invalid("identity_mismatch", field="identity")
    return "matched"
