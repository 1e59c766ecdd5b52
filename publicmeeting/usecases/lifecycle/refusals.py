"""Refusals of a step that no row of the tables can express.

- What an answer was given to has been replaced meanwhile.
- Two officers act for one visitor at once: the second learns who did it, and when.
- A person has at most one live request, and a displaced person cannot begin one.
- The public log dates a step later than its deadline.
"""

from datetime import datetime

from publicmeeting.domain.errors import Denied, TooBusy
from publicmeeting.domain.lifecycle.advance import as_denied, why_not
from publicmeeting.domain.lifecycle.guards import answered_by
from publicmeeting.domain.lifecycle.tables import STEP_FOR, AnyAction, Days
from publicmeeting.domain.records import Case, Event, Request
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import CALLS, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import is_number
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.estimate import visitor_number
from publicmeeting.usecases.lifecycle.payloads import TakeStep

AT_THE_DOOR = frozenset(
    {
        Action.ARRIVE,
        Action.COME_LATE,
        Action.REACH,
        Action.RING,
        *CALLS,
        Action.NO_SHOW,
        Action.CALL_IN,
        Action.SEND_BACK,
    }
)
"""Steps that two officers may take for one visitor at once; each is taken under a lock."""
_DIGITS_MOST = 3


def refuse_unread(case: Case, action: AnyAction, about: str) -> None:
    """Refuse an answer from a page that is older than what it answers; Denied("stage_moved").

    There may be a newer question by now, another seat, or another report.
    """
    newest = answered_by(case, action)
    if about and newest is not None and about != str(newest.id):
        raise Denied("stage_moved", stage=case.stage.value)


def refuse_called_again(
    uow: UnitOfWork, actor: Actor, request: Request, command: TakeStep, now: datetime
) -> None:
    """Raise Denied("called_already") if somebody has called her since the page was loaded.

    `calls` is today's number of calls that the page showed; empty skips the check. One call pressed
    twice is one call. A ring of her telephone is counted separately and raises
    Denied("rung_already").
    """
    seen = command.calls
    same_actions = (Action.RING,) if command.action == Action.RING else CALLS
    if not seen:
        return
    if not is_number(seen, _DIGITS_MOST):
        raise Denied("form_broken")
    today = tehran_day(now)
    calls = [
        event
        for event in request.history
        if event.action in same_actions and tehran_day(event.at) == today
    ]
    if len(calls) > int(seen):
        key = "rung_already" if calls[-1].action is Action.RING else "called_already"
        refused = Denied(key, already=calls[-1].action.value)
        raise with_officer(uow, actor, request, refused)


def with_officer(uow: UnitOfWork, actor: Actor, request: Request, refused: Denied) -> Denied:
    """Add to a refusal who has just done what is asked, for officials who receive her.

    Adds the visitor's number, `at`, and `by`. `by` is empty if the same officer did it, perhaps in
    a second page.
    """
    done = str(refused.facts.get("already", ""))
    event = request.last(Action(done)) if done else None
    receives = request.district in actor.districts(Role.RECEPTION, *MEETING)
    if event is None or not receives or event.account_id is None:
        return refused
    is_own = event.account_id == actor.account_id
    by = "" if is_own else _name(uow, event)
    number = _number(uow, request)
    if not number or not (by or is_own):
        return refused
    return Denied(refused.key, **{**refused.facts, "number": number, "by": by, "at": event.at})


def _name(uow: UnitOfWork, event: Event) -> str:
    account = uow.accounts.get(event.account_id or "")
    return account.name if account else ""


def _number(uow: UnitOfWork, request: Request) -> int:
    seat = request.seat or uow.seats.last(request.id)
    day = uow.city.monday(request.district, seat.monday) if seat else None
    return visitor_number(day, seat.time) if day and seat else 0


def refuse_second_live(uow: UnitOfWork, person_id: str) -> None:
    """Check that a request may come back to life, under the lock of its person.

    She may have filed another meanwhile. Denied("person_displaced"), or as in `refuse_beside_live`.
    """
    refuse_displaced(uow, person_id)
    refuse_beside_live(uow, person_id)


def refuse_displaced(uow: UnitOfWork, person_id: str) -> None:
    """Raise Denied("person_displaced") if the person's identity is proved to be another's.

    This also holds while a request of his waits for a draw before it is removed. The lock prevents
    a displacement until the transaction ends.
    """
    uow.people.lock(person_id)
    if uow.people.is_displaced(person_id):
        raise Denied("person_displaced")


def refuse_beside_live(uow: UnitOfWork, person_id: str) -> None:
    """Raise Denied("one_live_request", code) for a person with a live request."""
    live = uow.requests.live_code(person_id)
    if live:
        raise Denied("one_live_request", code=live)


def refuse_late_in_log(
    uow: UnitOfWork, request: Request, action: Action, actor: Actor, now: datetime
) -> None:
    """Refuse a step that was logged just now if the log dates it after its deadline.

    Otherwise every auditor would permanently report that the city took it late. Raises Denied as
    the step's guards do; `request` is the case as it was before the step. Raises TooBusy if a
    deadline in days that begins with this step would begin a day later by the log, and so end too
    early.
    """
    if not uow.log.appended:
        return
    logged_at = uow.log.dated(now)
    step = STEP_FOR[action]
    word = why_not(request, step, actor, logged_at) if logged_at > now else None
    if word:
        raise as_denied(word, request, step)
    if isinstance(step.within, Days) and tehran_day(logged_at) > tehran_day(now):
        raise TooBusy  # pressed again, event and entry have the same day
