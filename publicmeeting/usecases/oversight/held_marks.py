"""Checks of marks and facts, and of the days that outages add; part of `books.py`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from publicmeeting.domain.lifecycle.outages import days_back
from publicmeeting.domain.stages import OrderAction
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.store.worker.marks import outages
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment
from publicmeeting.usecases.lifecycle.outages import STORED_FOR
from publicmeeting.usecases.oversight.findings import Finding

_ASKED_FOR = STORED_FOR - timedelta(days=7)
"""How long after it the outage behind a later deadline is certainly stored."""


def marks_tagged(uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    """Report marks and facts that this program did not write, and what outages do not explain.

    Such a mark or fact counts as absent. A mark of an outage may be gone as well. An older record
    that the city ran, put back for a moment, can still have added days to an order; no outage is
    stored then.
    """
    for name in uow.clockwork.forged_marks():
        yield Finding(f"mark {name}", "was written past this program, and counts nowhere")
    for name in uow.facts.forged():
        yield Finding(f"fact {name}", "was written past this program, and counts nowhere")
    for name in uow.log.forged_cosignatures():
        yield Finding(f"cosignature {name}", "was written past this program, and counts nowhere")
    known, orders = outages(uow), uow.inspection.promises()
    for entry in uow.log.of_kind(Kind.OUTAGE, now - _ASKED_FOR):
        since, until = str(entry.body["from"]), str(entry.body["until"])
        if not any(moment(began) < until and moment(back) > since for began, back in known):
            yield Finding(f"public log {entry.seq}", "the clock's mark of this outage is gone")
    for key, _, events in uow.inspection.histories_of_orders():
        for at, event in enumerate(events or ()):
            if event.action != OrderAction.GIVE_DAYS_BACK or now - event.at > _ASKED_FOR:
                continue
            if events and days_back(events[:at], known, event.at) is None and key in orders:
                what = f"event {event.id} gave days back, and no outage had taken them"
                yield Finding(f"order {orders[key].name}", what)
