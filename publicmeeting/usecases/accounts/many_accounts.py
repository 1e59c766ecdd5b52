"""Accounts of a whole city at once: looked at first, made together or not at all."""

from datetime import datetime

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.sign_in import AddAccount, add_account, read_account
from publicmeeting.usecases.base import Command, usecase


class ManyAccounts(Command):
    accounts: tuple[AddAccount, ...]


@usecase(Role.ADMINISTRATOR)
def refused_accounts(
    uow: UnitOfWork, _actor: Actor, command: ManyAccounts, _now: datetime
) -> dict[int, Refusal]:
    """Which of them could not be made, by their place in the command; makes none."""
    refused: dict[int, Refusal] = {}
    taken = {account.username for account in uow.accounts.all()}
    for place, one in enumerate(command.accounts):
        try:
            name, _ = read_account(uow, one)
        except Refusal as refusal:
            refused[place] = refusal
            continue
        if name in taken:
            refused[place] = Denied("username_taken")
        taken.add(name)
    return refused


@usecase(Role.ADMINISTRATOR)
def add_accounts(
    uow: UnitOfWork, actor: Actor, command: ManyAccounts, now: datetime
) -> tuple[Account, ...]:
    """All of them in one transaction; raises what `add_account` raises for the first refused."""
    return tuple(add_account(uow, actor, one, now) for one in command.accounts)
