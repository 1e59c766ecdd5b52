"""Reset of an official's second step after the authenticator and papers are both lost.

The official then signs in by his password and enrols again. Anybody able to do this to a colleague
could sign in as him with a learned password, so no single administrator can.
"""

from datetime import datetime

from publicmeeting.domain.account_events import AccountEventKind
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_lock
from publicmeeting.usecases.accounts.signing_in.sign_in import normalized_username
from publicmeeting.usecases.base import Command, usecase


class OneOfficial(Command):
    username: str


@usecase(Role.ADMINISTRATOR)
def reset_at_the_server(
    uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime
) -> Account:
    """Reset the last administrator's second step, by a command at the server.

    It is a security event. Denied("not_found") for an unknown name, an ended account, and every
    actor who has an account.
    """
    account = uow.accounts.by_username(normalized_username(command.username))
    if actor.account_id is not None or account is None or not account.active:
        raise Denied("not_found")
    take_away(uow, account, actor)
    return account


def take_away(uow: UnitOfWork, account: Account, actor: Actor) -> None:
    """Remove authenticator, papers, passkeys and remembered browsers, and end all sessions."""
    uow.advisory_lock(account_lock(account.username))
    uow.second_steps.drop_codes(account.id)
    uow.passkeys.remove_all(account.id)
    uow.sessions.end_of_account(account.id)
    kind = AccountEventKind.SECOND_STEP_RESET
    uow.account_events.add(kind, account.id, actor.account_id, {})
