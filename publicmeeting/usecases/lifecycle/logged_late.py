"""Check a step's deadline again, by the time at which the public log dated the step."""

from datetime import datetime

from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.lifecycle.advance import as_denied, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Days
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork


def refuse_late_in_log(
    uow: UnitOfWork, request: Request, action: Action, actor: Actor, now: datetime
) -> None:
    """Refuse a step that was logged just now if the log dates it after its deadline.

    Otherwise every auditor would permanently report that the city took it late. Raises Denied as
    the step's guards do; `request` is the case as it was before the step. Raises TooBusy if a
    deadline in days that begins with this step would begin a day later by the log, and so end too
    early.
    """
    if not uow.log.appended:
        return
    logged_at = uow.log.dated(now)
    step = STEP_FOR[action]
    word = why_not(request, step, actor, logged_at) if logged_at > now else None
    if word:
        raise as_denied(word, request, step)
    if isinstance(step.within, Days) and tehran_day(logged_at) > tehran_day(now):
        raise TooBusy  # pressed again, event and entry have the same day
