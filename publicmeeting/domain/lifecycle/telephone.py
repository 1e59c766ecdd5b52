"""Seats by telephone: reception rings the citizen at her time; she does not come to the hall."""

from collections.abc import Sequence
from datetime import date, datetime

from publicmeeting.domain.choices import UNHEARD
from publicmeeting.domain.records import STAND_IN, Case, Event, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import CALLS, COMINGS, Action
from publicmeeting.kit.clock import at_tehran, tehran_day

_CHOICES = (Action.ASK_CALL, Action.ASK_VISIT)


def is_by_telephone(case: Case) -> bool:
    """Whether the meeting is by telephone, by her newest choice; in person without one.

    A seat assigned in the hall is always in person: it goes to somebody present, whose card is
    checked there.
    """
    if isinstance(case, Request) and case.seat is not None and case.seat.why == STAND_IN:
        return False
    chosen = case.last(*_CHOICES) if isinstance(case, Request) else None
    return chosen is not None and chosen.action is Action.ASK_CALL


def is_rung(case: Case) -> bool:
    """Whether she waits at home for the telephone: she asked for it and has not come after all."""
    if not is_by_telephone(case) or not isinstance(case, Request):
        return False
    came, seat = case.last(*COMINGS), case.seat
    is_today = came is not None and seat is not None and tehran_day(came.at) == seat.monday
    return not is_today or (came is not None and came.action is Action.REACH)


_MET_HERE = (*CALLS, Action.ARRIVE, Action.COME_LATE, Action.STAND_IN)


def was_rung(history: Sequence[Event], on: date) -> bool:
    """Whether at the end of this history she was telephoned on that day, or was to be.

    That is so if she asked for it, and was neither received, called nor assigned a seat in the
    hall.
    """
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
    """A citizen who cannot hear comes, and is fetched: two unheard rings would make her absent."""
    return "ring_unheard" if _is_deaf(case) else None


def is_not_rung_in_vain(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A ring does not count for a deaf citizen who chose the telephone before that was refused.

    Reception notes that she was reached; otherwise the day counts as one on which nobody rang her.
    """
    return "ring_in_vain" if _is_deaf(case) else None


def _is_deaf(case: Case) -> bool:
    return isinstance(case, Request) and not UNHEARD.isdisjoint(case.needs)


def asked_for_telephone(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She has asked to be telephoned."""
    return None if is_by_telephone(case) else "not_by_telephone"


def sits_at_home(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She asked to be telephoned and has not come after all."""
    return None if is_rung(case) else "not_by_telephone"


def before_her_day(case: Case, actor: Actor, now: datetime) -> str | None:
    """She may choose until the evening before, since others rely on it on the day itself.

    The clock may choose for a citizen without a telephone at any time.
    """
    if actor.has(Role.CLOCK):
        return None
    seat = case.seat if isinstance(case, Request) else None
    late = seat is not None and tehran_day(now) >= seat.monday
    return "telephone_late" if late else None


def is_not_rung(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """The number of a citizen who waits at home is not called in the hall."""
    return "ring_instead" if is_rung(case) else None


def her_time_has_come(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Nobody is telephoned before the time announced to her."""
    if not isinstance(case, Request) or case.seat is None:
        return "no_seat"
    return "not_her_time" if now < at_tehran(case.seat.monday, case.seat.time) else None
