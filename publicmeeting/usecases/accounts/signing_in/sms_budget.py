"""Daily budget of one-time codes, and who still gets a code above it.

Somebody may request codes to cost the city money or to block its messages. `rate_limits` slows that
down, and the budget ends it.
"""

import logging

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.security import SecurityKind
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.rate_limits import DAY
from publicmeeting.usecases.security_notes import note

ALARM_AT = 0.8
"""Share of the budget from which operators are warned."""
_COUNTER = "sms-codes"
_log = logging.getLogger(__name__)


def codes_sent_today(uow: UnitOfWork) -> int:
    return uow.counters.value(_COUNTER, DAY)


def spend_code(uow: UnitOfWork, budget: int, *, is_known: bool) -> None:
    """Count a code that is about to be sent.

    Denied("sms_budget_spent") above the budget, unless this browser has signed in with the mobile
    before. Known browsers have their own limits, and a stranger cannot create one.
    """
    spent = uow.counters.add(_COUNTER, DAY)
    if not budget:
        return
    if spent > budget and not is_known:
        note(uow, SecurityKind.SMS_BUDGET, "", "refused")
        raise Denied("sms_budget_spent")
    if spent == int(ALARM_AT * budget):
        note(uow, SecurityKind.SMS_BUDGET, "", f"{spent} of {budget}")
        _log.warning("%s of %s one-time codes of today's budget are sent", spent, budget)
    if spent == budget:
        note(uow, SecurityKind.SMS_BUDGET, "", f"{budget} of {budget}")
        _log.error("today's budget of %s one-time codes is spent", budget)


def take_back_code(uow: UnitOfWork) -> None:
    """Take back a code that was counted and never sent."""
    uow.counters.add(_COUNTER, DAY, -1)
