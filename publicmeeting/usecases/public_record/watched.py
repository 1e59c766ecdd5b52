"""Whether a page may say that nobody can move anybody in secret (docs/turns.md 5).

The sentence is true only of a log that others than the city sign, and of which no fault is known;
everywhere else a page says what is true of the log without them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from publicmeeting.domain.calendar import next_monday
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind

WITNESSES_LEAST = 2
"""With one, the city and its friend could show two books to two readers."""
FAULT_STANDS = timedelta(weeks=8)
"""So long after a fault the sentence does not come back."""
_AUDITED_WITHIN = timedelta(weeks=53)


def is_watched(uow: UnitOfWork, now: datetime) -> bool:
    """Two organisations or more sign under the rules of the coming Monday, and no fault is known:
    none was found by the newest audit, and no tables that differ from the log in eight weeks."""
    rules = uow.city.rules_on(next_monday(tehran_day(now)))
    if rules is None or len(organisations(rules.body)) < WITNESSES_LEAST:
        return False
    since = now - FAULT_STANDS
    if uow.log.of_kind(Kind.BOOKS_DIFFER, since):
        return False
    audits = uow.log.of_kind(Kind.AUDITED, now - _AUDITED_WITHIN)
    return not audits or not audits[-1].body["findings"]


def organisations(body: Mapping[str, Any]) -> frozenset[str]:
    """Who witnesses under these rules; several keys of one organisation are one witness."""
    return frozenset(str(one["org"]) for one in body.get("witnesses", ()))
