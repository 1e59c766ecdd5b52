"""What one administrator alone can do to the accounts of other officials."""

from datetime import timedelta

from sqlalchemy import update

from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.people import AccountRow, GrantRow
from publicmeeting.usecases.accounts.staff_accounts import hash_password
from publicmeeting.usecases.officials.invitations import ChoosePassword, choose_password
from publicmeeting.usecases.officials.managing import (
    EndRole,
    GiveRole,
    OneOfficial,
    end_role,
    give_role,
    new_link,
)
from support.city import PASSWORD
from support.line import Line

DAY = timedelta(days=1)


def is_long_there(line: Line) -> None:
    """Date the accounts and their roles back by 60 days."""
    application = line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        long_ago = application.clock() - 60 * DAY
        uow.session.execute(update(AccountRow).values(created_at=long_ago))
        uow.session.execute(update(GrantRow).values(given_at=long_ago))


def has_the_mobile_of(line: Line, one: str, other: str) -> None:
    """Give two accounts, by their user names, one mobile."""
    application = line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        for username in (one, other):
            account = uow.accounts.by_username(username)
            assert account is not None
            uow.accounts.set_mobile(account.id, "+989120000999")


def comes_in_as(line: Line, account: str) -> None:
    """Let the administrator make an official's sign-in link and use it himself."""
    application, administrator = line.city.application, line.city.as_("administrator")
    key = application.execute_as(administrator, new_link, OneOfficial(account=account)).key
    password = ChoosePassword(code=key, password_hash=hash_password(PASSWORD))
    application.execute_now(choose_password, Keys(), password)


def role_ends(line: Line, account: str) -> None:
    with line.reading() as uow:
        (term,) = [one.key for one in uow.accounts.get(account).terms]
    command = EndRole(account=account, term=term)
    line.city.application.execute_as(line.city.as_("administrator"), end_role, command)


def role_is_back(line: Line, account: str) -> None:
    with line.reading() as uow:
        grant = uow.accounts.get(account).terms[0].grant
    unit = (grant.unit_id or "").rpartition("-")[2]
    command = GiveRole(account=account, role=grant.role.value, district="6", unit=unit)
    line.city.application.execute_as(line.city.as_("administrator"), give_role, command)
