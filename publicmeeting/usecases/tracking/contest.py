"""Where a citizen's contest of a no-show stands while two officers judge it."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.line.contests import open_contests
from publicmeeting.domain.records import Request
from publicmeeting.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MyContest:
    """`answered` of the two, without what they said; `late_days` are working days."""

    answered: int
    has_judges: bool
    due_at: datetime
    late_days: int


def my_contest(uow: UnitOfWork, request: Request, now: datetime) -> MyContest | None:
    """Her oldest contest that is not decided; None while there is none."""
    contests = open_contests(request)
    if not contests:
        return None
    oldest = contests[0]
    _, due_at = uow.lanes.of_contests(request)[oldest.number]
    late = late_days(due_at, now)
    return MyContest(len(oldest.answers), bool(oldest.judges), due_at, late)
