"""What an upheld contest gives back: the weeks that one no-show took, as the public log has them.

The log decides, because everybody counts with it: what has been given back, or taken by something
else since, comes back no second time.
"""

from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import LIVE, Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import Kind


def contested_no_show(request: Request) -> Event | None:
    """The no-show of the oldest contest that has not been judged."""
    contests = [e for e in request.history if e.action is Action.CONTEST_NO_SHOW]
    waits = contests[request.count(Action.JUDGE_NO_SHOW) :]
    if not waits:
        return None
    before = request.history[: request.history.index(waits[0])]
    return next((e for e in reversed(before) if e.action is Action.NO_SHOW), None)


def weeks_taken(event: Event) -> int:
    """The weeks that a no-show set to nothing; its event keeps them."""
    return int(str(event.payload.get("waited", 0)))


def weeks_to_give_back(uow: UnitOfWork, request: Request) -> int | None:
    """None where nothing comes back: she is out of the line, came late on that very day, or her
    weeks would have begun anew since then in any case."""
    absent = contested_no_show(request)
    if absent is None or request.stage not in LIVE:
        return None
    came_late = any(e.action is Action.COME_LATE and e.at >= absent.at for e in request.history)
    resets = [
        entry
        for entry in uow.log.of_kind(Kind.WAITED_RESET, absent.at)
        if entry.body["ticket"] == request.ticket
    ]
    return weeks_taken(absent) if len(resets) == 1 and not came_late else None
