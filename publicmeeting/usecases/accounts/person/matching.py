"""Questions to the national service: does this mobile belong to the typed identity?

The worker asks after a request has been filed, so that nobody waits and nothing is refused. A yes
makes her matched. A no, or no answer, leaves her as she is and accuses nobody.
"""

import logging
from datetime import timedelta

from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.records import Person
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.security import SecurityKind
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.identity import Proof, prove_identity
from publicmeeting.usecases.rate_limits import DAY
from publicmeeting.usecases.security_notes import note, write_notes

CLAIM = timedelta(minutes=2)
"""How long a process owns a question; if it dies, the next process asks again."""
AGAIN = timedelta(minutes=30)
"""Delay before asking again when the service has not answered."""
AT_ONCE = 10
_COUNTER = "matches"
_log = logging.getLogger(__name__)


def claim_matches(uow: UnitOfWork, budget: int) -> list[Person]:
    """Return persons to ask about now, counted against the day's budget; none above it."""
    spent = uow.counters.value(_COUNTER, DAY)
    room = min(AT_ONCE, budget - spent) if budget else AT_ONCE
    if room <= 0:
        return []
    asked = uow.people.claim_matches(CLAIM, room)
    if asked:
        uow.counters.add(_COUNTER, DAY, len(asked))
    if budget and asked and spent + len(asked) >= budget:
        _log.error("today's budget of %s questions to the matching service is spent", budget)
        note(uow, SecurityKind.MATCH_BUDGET, "", f"{budget} of {budget}")
        write_notes(uow, uow.notes, NOBODY)
    return asked


def write_answer(uow: UnitOfWork, asked: Person, *, is_owner: bool | None) -> None:
    """Apply the service's answer; None means no answer.

    A yes holds as long as she has this mobile. After a no, filing again asks again.
    """
    if is_owner is None:
        uow.people.match_again(asked.id, uow.machine_now + AGAIN)
        return
    uow.people.match_again(asked.id, None)
    uow.people.lock(asked.identity)
    known = uow.people.by_identity(asked.kind, asked.identity)
    if not is_owner or known is None or known.mobile != asked.mobile:
        return
    kind = IdentityKind(asked.kind)
    proof = Proof(kind, asked.identity, Level.MATCHED, "matching", mobile=asked.mobile)
    prove_identity(uow, proof)
