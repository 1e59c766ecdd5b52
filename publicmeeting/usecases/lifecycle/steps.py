"""The use case of every row of the tables that needs no use case of its own.

A step is recorded together with its effects (`record_with_effects`). The clock takes its steps by
the same tables as people do.
"""

from collections.abc import Mapping
from datetime import date, datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import (
    advance,
    as_denied,
    met_on_paper,
    put_right,
    why_not,
)
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Step
from publicmeeting.domain.lifecycle.telephone import is_by_telephone
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.mondays import DrawState, MondayState
from publicmeeting.domain.orders.promises import are_ended
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Event, PictureKind, Request
from publicmeeting.domain.roles import CLOCK, STAFF, Actor, Role
from publicmeeting.domain.stages import CALLS, LIVE, SLIPS, Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.log import instant
from publicmeeting.turns.machine import tables
from publicmeeting.usecases.base import checked_note, note_limit, parsed, usecase
from publicmeeting.usecases.identity import lock_person, verify_at_the_door
from publicmeeting.usecases.lifecycle.effects.entries import EventHandler
from publicmeeting.usecases.lifecycle.effects.seat_effects import BECAUSE, SEAT_HANDLERS
from publicmeeting.usecases.lifecycle.effects.ticket_effects import TICKET_HANDLERS
from publicmeeting.usecases.lifecycle.payloads import (
    MATCHED,
    StepInput,
    TakeStep,
    payload_for,
)
from publicmeeting.usecases.lifecycle.refusals import (
    AT_THE_DOOR,
    refuse_called_again,
    refuse_displaced,
    refuse_late_in_log,
    refuse_second_live,
    refuse_unread,
    with_officer,
)
from publicmeeting.usecases.lifecycle.weeks import line_closed_at, week_of
from publicmeeting.usecases.rate_limits import count_step

_HANDLERS: dict[Action, tuple[EventHandler, ...]] = {**TICKET_HANDLERS, **SEAT_HANDLERS}
"""Effects of each step, in the order in which they run."""


def record_with_effects(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> int:
    """Record a step, run its effects and return the id of its event.

    `request` is the case as it was before the step. If the step is pressed again after a restore,
    the citizen is not informed again.
    """
    event_id = uow.requests.record(request, event)
    for handle in _HANDLERS.get(Action(event.action), ()):
        handle(uow, request, event, now)
    for entry in uow.log.adopted:
        if entry.body.get("ticket") == request.ticket:
            uow.outbox.mark_sent_already(event_id, instant(entry.at))
    return event_id


def clock_takes(
    uow: UnitOfWork,
    request: Request,
    action: Action,
    now: datetime,
    payload: Mapping[str, object] | None = None,
    *,
    ends_at: datetime | None = None,
) -> None:
    """Take one row of the tables as the clock, with everything that follows from it.

    Raises Denied("stage_moved") if the tables do not let the clock act.
    """
    event = advance(request, action, CLOCK, now, payload, ends_at=ends_at)
    record_with_effects(uow, request, event, now)


def clock_may(request: Request, action: Action, now: datetime) -> bool:
    """Return whether the tables let the clock take this step now."""
    return why_not(request, STEP_FOR[action], CLOCK, now) is None


def release_if_closed(uow: UnitOfWork, request: Request, now: datetime) -> None:
    """Owe a seat to a citizen who was sent back into the hall after the day was called off.

    She was in the room when the rest of the day was called off, so the closing did not reach her as
    it reached everybody else.
    """
    seat = request.seat
    day = uow.city.monday(request.district, seat.monday) if seat else None
    if day is None or day.state is not MondayState.CLOSED:
        return
    by_log, closed = uow.line_book.ended_by(draw_id(day.district, day.on))
    assert by_log is tables.MondayState.CLOSED, "closed, but not by the log"
    payload = {"monday": day.on.isoformat(), BECAUSE: closed, "why": day.why}
    clock_takes(uow, request, Action.CANCEL_MONDAY, now, payload)


def come_in_person(uow: UnitOfWork, person_id: str, now: datetime) -> bool:
    """Change a seat by telephone into one in the hall; return whether it was by telephone.

    A citizen who has lost her telephone, or whose telephone does not prove who she is, is not rung.
    """
    code = uow.requests.live_code(person_id)
    if code:
        uow.requests.lock(code)
    live = uow.requests.find(code) if code else None
    if live is None or not is_by_telephone(live) or not clock_may(live, Action.ASK_VISIT, now):
        return False
    clock_takes(uow, live, Action.ASK_VISIT, now)
    return True


# A visitor is called only while somebody may receive her; otherwise reception would call her to a
# closed door, or record her absence from a meeting that nobody holds.

_RUNG = (Action.RING, Action.REACH)
TO_THE_ROOM = frozenset({*CALLS, Action.RING, Action.REACH, Action.CALL_IN, Action.NO_SHOW})


def refuse_without_holder(uow: UnitOfWork, request: Request, action: Action) -> None:
    """Raise Denied("nobody_holds") for a step to the room while nobody can receive her.

    The district then has neither a mayor nor the deputy named for the day. A no-show counts as such
    a step.
    """
    if action not in TO_THE_ROOM or uow.accounts.with_role(Role.MAYOR, request.district):
        return
    deputies = {account.id for account in uow.accounts.with_role(Role.DEPUTY, request.district)}
    if request.day_held_by not in deputies:
        raise Denied("nobody_holds")


OWN_USE_CASE = frozenset(
    {
        Action.SUBMIT,
        Action.PRESENT,
        Action.CHANGE_PLACE,
        Action.NOTE_PAPER,
        Action.FINISH,
        Action.FINISH_REFUSED,
        Action.ASK_LANE,
        Action.JUDGE_LANE,
        Action.JUDGE_NO_SHOW,
        Action.WANT_FREE,
        Action.TAKE_FREE,
        Action.CORRECT_NAME,
        Action.ERASE,
        Action.UNDO,
        Action.UNDO_GIVE_UP,
        Action.DENY_GIVE_UP,
    }
)
"""Rows that `take_step` does not take, because each needs more than its row holds."""


@usecase(Role.CITIZEN, *STAFF)
def take_step(uow: UnitOfWork, actor: Actor, command: TakeStep, now: datetime) -> Request:
    """Take one step on a request; return the request as it is afterwards.

    Raises Denied with a key of the lifecycle (`stage_moved`, `not_your_role`, a guard's);
    `nobody_holds` if nobody receives on that day; `called_already` or `rung_already` if somebody
    else has just called or rung her; `one_live_request` if this would be her second;
    `person_displaced`, `telephone_unproved`, `telephone_without_mobile`, `ring_unproved`,
    `ring_without_mobile`, `redirect_frozen`, `redirect_line_closed`, `photos_too_many`;
    `seat_taken` if the seat has gone to another; `too_many_requests`; `not_found` for a case that
    the actor may not see. Raises Invalid for a field.
    """
    request = uow.requests.get_visible(command.code, actor)
    action = _action(command.action)
    step = STEP_FOR[action]
    if _lock(uow, request, action, now):
        request = uow.requests.get_visible(command.code, actor)
    # The check comes before the fields are read, so that a refused actor learns nothing from them.
    word = why_not(request, step, actor, now)
    if word:
        refused = as_denied(word, request, step, command.note.strip())
        raise with_officer(uow, actor, request, refused)
    refuse_unread(request, action, command.about)
    refuse_without_holder(uow, request, action)
    if action in (*CALLS, Action.RING):
        refuse_called_again(uow, actor, request, command, now)
    if len(command.photos) > PHOTOS_MOST:
        raise Denied("photos_too_many", limit=PHOTOS_MOST)
    _refuse_displaced(uow, actor, request)
    _refuse_back_to_life(uow, request, step)
    _refuse_without_mobile(uow, request, step)
    count_step(uow, actor)
    _refuse_frozen(uow, request, step, now)
    payload = payload_for(StepInput(uow, request, step, command, now))
    note = checked_note(command.note, limit=note_limit(step))
    event = advance(request, action, actor, now, payload=payload, note=note)
    if action in SLIPS:
        event = put_right(request, event)
    if action is Action.SAY_MET:
        ended = are_ended(uow.orders.stages_of(request.id))
        event = met_on_paper(event, is_owed=not ended)
    event_id = record_with_effects(uow, request, event, now)
    if command.photos and Need.PHOTOS in (*step.needs, *step.may):
        uow.images.attach(
            list(command.photos),
            actor,
            request_id=request.id,
            event_id=event_id,
            kind=PictureKind.LANE_DOCUMENT if action is Action.CONTEST_NO_SHOW else None,
        )
    if action is Action.SEND_BACK:
        release_if_closed(uow, uow.requests.by_id(request.id), now)
    refuse_late_in_log(uow, request, action, actor, now)
    if payload.get(Need.IDENTITY.value) == MATCHED:
        verify_at_the_door(uow, actor, request)
    return uow.requests.by_id(request.id)


def _lock(uow: UnitOfWork, request: Request, action: Action, now: datetime) -> bool:
    """Lock what another process may change now; return whether to read the request again."""
    if Need.IDENTITY in STEP_FOR[action].needs:
        lock_person(uow, request)
    if action is Action.CALL_IN:
        # Reception and the mayor may call in at once: read who is in the room under the lock.
        uow.advisory_lock(f"room/{request.district}")
        if request.seat:  # the clock may concurrently record that nobody was received
            uow.witnesses.lock(request.seat.monday)
    elif action in SLIPS or action is Action.COME_LATE:
        # Concurrently the clock may give the seat to another, an administrator may close the day,
        # or a second officer may act.
        uow.witnesses.lock(tehran_day(now))
        uow.requests.lock(request.code)
    elif action is Action.REDIRECT:
        for monday in _mondays_not_drawn(uow, request):  # its line may close, or its list be fixed
            uow.witnesses.lock(monday)
    elif action in AT_THE_DOOR:
        uow.requests.lock(request.code)  # two officers may press at once
    else:
        return False
    return True


def _action(name: str) -> Action:
    action = parsed(Action, name)
    if action in OWN_USE_CASE:
        raise Denied("form_broken")
    return action


def _refuse_back_to_life(uow: UnitOfWork, request: Request, step: Step) -> None:
    """Check a step that brings a request back to life: she may have filed another meanwhile."""
    if step.to in LIVE and request.stage not in LIVE:
        refuse_second_live(uow, request.person_id)


def _refuse_displaced(uow: UnitOfWork, actor: Actor, request: Request) -> None:
    """Refuse every step to a citizen whose identity is proved to be another's."""
    if actor.person_id == request.person_id:
        refuse_displaced(uow, request.person_id)


def _refuse_frozen(uow: UnitOfWork, request: Request, step: Step, now: datetime) -> None:
    """Refuse a redirect that would take her out of a frozen list or a closed line without a list.

    Only the citizen herself may leave those (docs/turns.md 2). Denied `redirect_frozen` or
    `redirect_line_closed`.
    """
    if step.action is not Action.REDIRECT:
        return
    if uow.draws.is_frozen_in(request.district, request.ticket):
        raise Denied("redirect_frozen")
    for monday, state in _mondays_not_drawn(uow, request).items():
        closes_at = week_of(uow, monday).filing_closes_at
        is_closed = now >= closes_at or line_closed_at(uow, monday) is not None
        if state is DrawState.OPEN and is_closed and request.filed_at < closes_at:
            raise Denied("redirect_line_closed")


def _mondays_not_drawn(uow: UnitOfWork, request: Request) -> dict[date, DrawState]:
    """Map each Monday of her district that is not drawn yet to its draw's state, in order."""
    some = (pending for pending in uow.draws.pending() if pending.district == request.district)
    return {
        pending.monday: pending.state
        for pending in sorted(some, key=lambda pending: pending.monday)
    }


def _refuse_without_mobile(uow: UnitOfWork, request: Request, step: Step) -> None:
    """Refuse a meeting by telephone without a mobile, or with an unproved identity.

    An officer must not ring a missing telephone twice for nothing. A citizen whose identity was
    only typed must show her card: one telephone serves three numbers, and a voice proves none of
    them. The level is checked again at the ring, because her mobile may have changed since she
    asked.
    """
    unproved = {Action.ASK_CALL: "telephone_unproved", **dict.fromkeys(_RUNG, "ring_unproved")}
    if step.action in unproved and is_to_prove(uow, request):
        raise Denied(unproved[Action(step.action)])
    word = {Action.ASK_CALL: "telephone_without_mobile", Action.RING: "ring_without_mobile"}.get(
        Action(step.action)
    )
    if word and not uow.people.get(request.person_id).mobile:
        raise Denied(word)


def is_to_prove(uow: UnitOfWork, request: Request) -> bool:
    """Return whether a seat by telephone requires her card first.

    It does when nobody has seen the card, and neither a sign-on nor the national match replaces it.
    """
    person = uow.people.get(request.person_id)
    return person.mobile is not None and person.level is Level.TYPED
