"""Whether the deadlines of the mayors' orders are what their events say."""

from collections.abc import Iterator
from datetime import datetime

from publicmeeting.domain.lifecycle.climbing import standing
from publicmeeting.kit.findings import Finding
from publicmeeting.store.unit_of_work import UnitOfWork


def promises_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Due date, first due date and the next climb of lateness follow from the events."""
    kept = uow.inspection.promises()
    for key, events in uow.inspection.histories(orders_only=True):
        row = kept.get(key)
        if row is None:
            continue
        try:
            found = standing(events)
        except ValueError:
            continue  # that its events do not join is found by `replays`
        climb = found.next_climb()
        told = {
            "due date": (row.due_on, found.due_on),
            "first due date": (row.first_due_on, found.first_due_on),
            "next climb": (row.climbs_at, climb.at if climb else None),
            "report in time": (row.on_time, found.on_time),
            "end": (row.ended_by, found.ended_by),
        }
        for what, (says, wanted) in told.items():
            if says != wanted:
                yield Finding(f"order {row.name}", f"its {what} is {says}, its events say {wanted}")
