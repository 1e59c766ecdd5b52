"""What becomes of a Monday that is not held, and of those who were not met on it."""

from datetime import date, datetime

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.unit import Work
from publicmeeting.usecases.clock_steps import clock_takes

_CANCELLED = (Stage.INVITED, Stage.CONFIRMED, Stage.ARRIVED)


def cancel_monday(work: Work, district: int, monday: date, now: datetime) -> int:
    """Take back every seat of a Monday that will not be held; each holder is owed one.

    Gives how many they were. Somebody already in the room stays there.
    """
    holders = work.seats.held(district, monday).values()
    requests = [work.requests.by_id(request_id) for request_id in holders]
    cancelled = [one for one in requests if one.stage in _CANCELLED]
    for request in cancelled:
        given = {"monday": monday.isoformat()}
        clock_takes(work, request, Action.CANCEL_MONDAY, now, given)
    return len(cancelled)
