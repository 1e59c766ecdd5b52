"""Checks that this program wrote every step of every case, every mark and every fact.

`report_steps` writes for administrators what the check of steps has found.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.outages import days_back
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OrderAction
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.store.worker.marks import outages
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.lifecycle.outages import STORED_FOR
from publicmeeting.usecases.oversight.findings import Finding


def events_tagged(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that this program has written every event of every case, and that none is missing.

    It must have written every picture too.
    """
    forged = uow.event_tags.forged()
    for found in forged:
        more = f" and {found.events - 1} more" if found.events > 1 else ""
        what = f"its event {found.first}{more} was written or changed, or one before it removed"
        yield Finding(found.name, f"{what}, past this program")
    named = {found.name for found in forged}
    for name in uow.event_tags.miscounted():
        if name not in named:
            yield Finding(name, "its version is not the number of its steps")
    for name in uow.images.untagged():
        yield Finding(f"picture {name}", "was written past this program")


REPORTED_MOST = 50
"""Maximum number of cases that one run of `doctor` reports by name.

Each report holds an advisory lock until
the transaction ends, and PostgreSQL has room for some ten thousand.
"""


class ReportSteps(Command):
    """What `events_tagged` has found, one line for each case."""

    found: tuple[str, ...]


@usecase(Role.ADMINISTRATOR)
def report_steps(uow: UnitOfWork, actor: Actor, command: ReportSteps, _now: datetime) -> None:
    """Let administrators read of these steps, each once. At the server only: `not_found`."""
    if actor.account_id is not None:
        raise Denied("not_found")
    for finding in command.found[:REPORTED_MOST]:
        uow.security.report_forged(finding)
    if len(command.found) > REPORTED_MOST:
        uow.security.report_forged(f"{len(command.found)} cases in all: doctor names each")


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
