"""Whether what the city knows of a citizen was proved to it: rows are compared with the log."""

from collections.abc import Iterator
from datetime import datetime

from publicmeeting.domain.people import Level
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.ticket_effects import filed_seq, last_entry
from publicmeeting.usecases.oversight.findings import Finding


def proofs_logged(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Whoever is verified is so by the log: filed as that, or by a card or a sign-on since. One row
    by hand would open the door to four digits, and the telephone to whom nobody has seen.

    Whoever came back into the line may have proved herself while she was out of it, which is in no
    entry; what the national service has matched is in none either.
    """
    for code, ticket in uow.inspection.verified():
        try:
            filed = uow.log.entry(filed_seq(uow, ticket))
        except KeyError:  # `tables_follow` names it
            continue
        is_logged = filed.body["level"] == Level.VERIFIED or any(
            last_entry(uow, ticket, kind) for kind in (Kind.VERIFIED, Kind.TAKEN_IN)
        )
        if not is_logged:
            what = "its person is verified, the log knows of no card or sign-on"
            yield Finding(f"request {code}", what)
