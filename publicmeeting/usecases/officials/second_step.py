"""An official has lost authenticator and papers: one administrator proposes, a second one agrees.

Not before a day is over, of which she is notified at once: whoever has learned her password, and
an administrator's help, does not come in as her by the evening. Her own sign-in stops it.
"""

from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.notices.account_sms_text import SECOND_STEP_ASKED
from publicmeeting.usecases.accounts.account_changes import send_sms, take_turn, working
from publicmeeting.usecases.accounts.factors.pending_second import has_second
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.officials.managing import OneOfficial
from publicmeeting.usecases.officials.proposals import Changed, propose_second_step


@usecase(Role.ADMINISTRATOR)
def new_second_step(uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime) -> Changed:
    """Ask another administrator to agree, a day from now. Denied: `second_none` for whoever has no
    second step, `one_administrator`, `already_proposed`, `not_found`."""
    take_turn(uow, actor)
    account = working(uow, command.account)
    if actor.account_id is None:
        raise Denied("not_found")
    if not has_second(uow, account.id):
        raise Denied("second_none")
    made = propose_second_step(uow, actor, account)
    send_sms(uow, account.id, SECOND_STEP_ASKED)
    return made
