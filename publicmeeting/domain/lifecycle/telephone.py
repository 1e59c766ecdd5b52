"""A seat by telephone: she is called at her time instead of coming, in the same line."""

from collections.abc import Sequence
from datetime import date, datetime

from publicmeeting.domain.choices import UNHEARD
from publicmeeting.domain.records import STAND_IN, Case, Event, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import CALLS, COMINGS, Action
from publicmeeting.kit.clock import at_tehran, tehran_day

_CHOICES = (Action.ASK_CALL, Action.ASK_VISIT)


def is_by_telephone(case: Case) -> bool:
    """Her newest choice; who has made none comes in person, and so does who was given a free seat
    of the day: it goes to whoever is in the hall, and a card is looked at there."""
    if isinstance(case, Request) and case.seat is not None and case.seat.why == STAND_IN:
        return False
    chosen = case.last(*_CHOICES) if isinstance(case, Request) else None
    return chosen is not None and chosen.action is Action.ASK_CALL


def is_rung(case: Case) -> bool:
    """She sits beside her telephone: she has asked for it, and has not come all the same."""
    if not is_by_telephone(case) or not isinstance(case, Request):
        return False
    came, seat = case.last(*COMINGS), case.seat
    is_today = came is not None and seat is not None and tehran_day(came.at) == seat.monday
    return not is_today or (came is not None and came.action is Action.REACH)


_MET_HERE = (*CALLS, Action.ARRIVE, Action.COME_LATE, Action.STAND_IN)


def was_rung(history: Sequence[Event], on: date) -> bool:
    """Whether at the end of this history she was rung on that day, or would have been: she had
    asked for it, and was neither received nor called in the hall, nor given a seat there."""
    for event in reversed(history):
        is_today = tehran_day(event.at) == on
        if is_today and event.action in (Action.RING, Action.REACH):
            return True
        if is_today and event.action in _MET_HERE:
            return False
        if event.action in _CHOICES:
            return event.action is Action.ASK_CALL
    return False


def comes_in_person(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She has not asked to be telephoned."""
    return "telephone_already" if is_by_telephone(case) else None


def hears_a_ring(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Whoever cannot hear comes, and is fetched in the hall: two rings that she cannot hear would
    make her absent."""
    return "ring_unheard" if _is_deaf(case) else None


def is_not_rung_in_vain(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Nor does a ring count for whoever chose the telephone all the same, before it was refused:
    reception notes that she was reached, or the day counts as one on which nobody rang her."""
    return "ring_in_vain" if _is_deaf(case) else None


def _is_deaf(case: Case) -> bool:
    return isinstance(case, Request) and not UNHEARD.isdisjoint(case.needs)


def asked_for_telephone(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She has asked to be telephoned."""
    return None if is_by_telephone(case) else "not_by_telephone"


def sits_at_home(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She has asked for it and has not come all the same."""
    return None if is_rung(case) else "not_by_telephone"


def before_her_day(case: Case, actor: Actor, now: datetime) -> str | None:
    """Until the evening before: on the day itself others have arranged themselves. Whoever has no
    telephone any more is rung on no day: for her the clock decides."""
    if actor.has(Role.CLOCK):
        return None
    seat = case.seat if isinstance(case, Request) else None
    late = seat is not None and tehran_day(now) >= seat.monday
    return "telephone_late" if late else None


def is_not_rung(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Nobody calls the number, in the hall, of somebody who sits at home."""
    return "ring_instead" if is_rung(case) else None


def her_time_has_come(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Nobody is rung before the time that was announced to her."""
    if not isinstance(case, Request) or case.seat is None:
        return "no_seat"
    return "not_her_time" if now < at_tehran(case.seat.monday, case.seat.time) else None
