"""When reception may note that a citizen did not come to her seat."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from publicmeeting.domain.choices import is_fetched
from publicmeeting.domain.lifecycle.guards import LATE_AFTER
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.meetings import estimate
from publicmeeting.domain.records import SAME_HOUSE, STAND_IN, Case, Event, Request, Seat, standing
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import COMINGS, Action
from publicmeeting.kit.clock import at_tehran, tehran_day

CALLS_BEFORE_NO_SHOW = 2
MOVED_WITHIN = timedelta(hours=1)
"""How long she has for the way after her Monday was moved to another building."""
_SEEN = (*COMINGS, Action.SEND_BACK)


def present_not_noted(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A citizen who typed the hall's code is no no-show, unless the hall assigned the seat."""
    if not isinstance(case, Request) or case.seat is None or case.seat.why == STAND_IN:
        return None
    return "noted_present" if noted_present(case, case.seat.monday) else None


def noted_present(request: Request, day: date) -> bool:
    """Whether she herself typed the hall's code on this day."""
    return any(
        event.action is Action.PRESENT
        and event.role is Role.CITIZEN
        and tehran_day(event.at) == day
        for event in request.history
    )


def called_twice(case: Case, _actor: Actor, now: datetime) -> str | None:
    """A no-show needs ten minutes after her time and two calls since, or since she was seen.

    For a citizen who is fetched or telephoned, two such attempts are needed instead. A citizen who
    was seen today has ten minutes from the first of them. If the two were before she was seen, the
    refusal says so: another officer may have noted just now that she came.
    """
    if not isinstance(case, Request) or case.seat is None:
        return "no_seat"
    if now < _start(case.seat) + LATE_AFTER:
        return "not_late_yet"
    moved = _on_the_way_until(case)
    if moved is not None and now < moved:
        return "place_moved"
    until = estimate.coming_until(case)
    if until is not None and now < until:
        return "is_coming"
    word = _why_sought_again(case, case.seat)
    if word is None and now < absent_from(case, case.seat):
        return "just_called"
    return word


def _why_sought_again(request: Request, seat: Seat) -> str | None:
    if len(_sought_at(request, seat)) >= CALLS_BEFORE_NO_SHOW:
        return None
    if is_rung(request):
        return "ring_twice"
    if len(_attempts_at(request, seat, standing(request.history))) >= CALLS_BEFORE_NO_SHOW:
        return "seen_since"
    return "fetch_twice" if is_fetched(request.needs) else "call_twice"


def absent_from(request: Request, seat: Seat) -> datetime:
    """Return before when no absence from this seat is noted, as far as that is known by now.

    That is ten minutes after her time, and an hour after a move to another building. A citizen whom
    reception has seen today also has ten minutes from the first call since: the mayor may be late,
    and she in the next corridor.
    """
    from_ = _start(seat) + LATE_AFTER
    sought = _sought_at(request, seat)
    if sought and _seen(request):
        from_ = max(from_, sought[0] + LATE_AFTER)
    later = (estimate.coming_until(request), _on_the_way_until(request))
    return max((from_, *filter(None, later)))


def _on_the_way_until(request: Request) -> datetime | None:
    """Return until when she may be on her way to another building, unless she was seen since."""
    seen = _seen(request)
    moves = (e for e in request.history if e.action is Action.CHANGE_PLACE)
    elsewhere = [e.at for e in moves if not e.payload.get(SAME_HOUSE)]
    last = max(elsewhere, default=None)
    return None if last is None or (seen and seen.at >= last) else last + MOVED_WITHIN


def _start(seat: Seat) -> datetime:
    return at_tehran(seat.monday, seat.time)


def _attempt(request: Request) -> Action:
    """Return the step by which she learns that it is her turn."""
    if is_rung(request):
        return Action.RING
    return Action.FETCH if is_fetched(request.needs) else Action.CALL


def _sought_at(request: Request, seat: Seat) -> list[datetime]:
    """Return when she was sought at her time, since she was last seen today."""
    seen, known = _seen(request), standing(request.history)
    return _attempts_at(request, seat, known[known.index(seen) :] if seen else known)


def _attempts_at(request: Request, seat: Seat, events: Sequence[Event]) -> list[datetime]:
    """Return when she was sought at her time, among these events.

    A call that this program did not write is none: it would let an officer note her absent at once.
    """
    attempt = _attempt(request)
    calls = (e for e in events if e.action is attempt and e.is_genuine)
    return [e.at for e in calls if e.at >= _start(seat)]


def _seen(request: Request) -> Event | None:
    """Return the event by which she was last seen for her current seat, or None."""
    last = request.last(Action.CONFIRM, Action.TAKE_FREE, Action.STAND_IN, *_SEEN)
    return last if last and last.action in _SEEN else None
