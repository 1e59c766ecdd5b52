"""Checks that this program wrote every step of every case, and what administrators read of it."""

from collections.abc import Iterator
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, usecase
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
