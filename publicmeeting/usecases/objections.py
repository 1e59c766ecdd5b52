"""What the overseer decides: contested no-shows, objections to refusals and to redirects."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.advance import steps_open_to
from publicmeeting.domain.lifecycle import Step
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.store.lists import Filter
from publicmeeting.store.unit import Work
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.inbox import InboxLine, inbox_line
from publicmeeting.usecases.wish import usecase

MOST = 200
_RAISED = (Action.CONTEST_NO_SHOW, Action.OBJECT_REFUSAL, Action.OBJECT_REDIRECT)
_EVER = timedelta(days=3650)
"""Whatever still waits has a deadline; one that was decided has none."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A request that waits for the overseer, and what he may do with it."""

    line: InboxLine
    raised: Action
    raised_at: datetime
    steps: tuple[Step, ...]


@usecase(Role.OVERSEER)
def objections(work: Work, actor: Actor, wish: Nothing, now: datetime) -> tuple[Objection, ...]:
    """Of the whole city, the most pressing first; contested orders are in `orders_list`."""
    del wish
    what = Filter(actions=tuple(action.value for action in _RAISED), due_before=now + _EVER)
    found = []
    for line in work.lists.requests(what, limit=MOST):
        request = work.requests.by_id(line.id)
        raised, steps = request.last(*_RAISED), steps_open_to(actor, request, now)
        if raised and steps:
            assert isinstance(raised.action, Action)
            found.append(Objection(inbox_line(line, now), raised.action, raised.at, steps))
    return tuple(found)
