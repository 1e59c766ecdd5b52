"""A step at the edge of its deadline: its place in the log decides, not one process's clock."""

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
    """Denied as by the guards of a step that was logged just now, where the log dates it after its
    deadline: every auditor would say for ever that the city took it. `request` is as it was before.
    TooBusy where days that begin with it would begin a day later by the log, and so end too early.
    """
    if not uow.log.appended:
        return
    logged_at = uow.log.dated(now)
    step = STEP_FOR[action]
    word = why_not(request, step, actor, logged_at) if logged_at > now else None
    if word:
        raise as_denied(word, request, step)
    if isinstance(step.within, Days) and tehran_day(logged_at) > tehran_day(now):
        raise TooBusy  # pressed again it is of that day, by the log and by the tables
