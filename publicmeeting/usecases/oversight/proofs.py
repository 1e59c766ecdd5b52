"""Check that verified citizens were proved by entries of the log."""

from collections.abc import Iterator
from datetime import datetime

from publicmeeting.domain.people import Level
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.ticket_effects import filed_seq, last_entry
from publicmeeting.usecases.oversight.findings import Finding


def proofs_logged(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Report requests of verified persons without a proof in the log.

    The request must be filed as verified, or have a card or a sign-on since. One changed row would
    otherwise open the door to four digits, and a meeting by telephone to somebody whom nobody has
    seen. A citizen who came back into the line may have proved herself outside it, which has no
    entry. Matches by the national service have none either.
    """
    for code, ticket in uow.inspection.verified():
        try:
            filed = uow.log.entry(filed_seq(uow, ticket))
        except KeyError:  # `tables_follow` reports it
            continue
        is_logged = filed.body["level"] == Level.VERIFIED or any(
            last_entry(uow, ticket, kind) for kind in (Kind.VERIFIED, Kind.TAKEN_IN)
        )
        if not is_logged:
            what = "its person is verified, the log knows of no card or sign-on"
            yield Finding(f"request {code}", what)
