"""Officials of the demo city as their administrator meets them: one invited, one with a role to
come, and what waits for a second administrator."""

from datetime import datetime, timedelta

from publicmeeting.application import Application
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import utc_now
from publicmeeting.kit.jalali import iso
from publicmeeting.seeder.founding import FOUNDER, PASSWORD
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.staff_accounts import AddAccount, add_account, hash_password
from publicmeeting.usecases.officials.managing import GiveRole, Invite, give_role, invite

SECOND = "admin2"
"""The other administrator, who agrees to what the first one proposes."""
_DISTRICT = 6
_ELSEWHERE = "reception19"
_SOON, _A_TERM = timedelta(days=7), timedelta(days=90)


def add_invited(application: Application) -> None:
    """After the story, so that nothing of it is dealt otherwise."""
    hashed = hash_password(PASSWORD)
    with application.store.unit_of_work(utc_now()) as uow:
        now = uow.machine_now + uow.clockwork.offset()
        role = (Role.ADMINISTRATOR.value, None, None)
        account = AddAccount(
            username=SECOND, name="مدیر دوم سامانه", password_hash=hashed, roles=(role,)
        )
        add_account(uow, FOUNDER, account, now)
        _invite(uow, now)


def _invite(uow: UnitOfWork, now: datetime) -> None:
    today = uow.city_day()
    until = iso(today + _A_TERM)
    deputy = Invite(
        username="karimi",
        name="مریم کریمی",
        role=Role.DEPUTY,
        district=str(_DISTRICT),
        until_on=until,
    )
    made = invite(uow, FOUNDER, deputy, now)
    first, elsewhere = uow.accounts.by_username("admin"), uow.accounts.by_username(_ELSEWHERE)
    if elsewhere is not None:
        role = GiveRole(
            account=elsewhere.id,
            role=Role.DESK,
            district="19",
            from_on=iso(today + _SOON),
            until_on=until,
        )
        give_role(uow, FOUNDER, role, now)
    if first is not None:
        administrator = Actor(account_id=first.id, name=first.name, grants=first.grants)
        asked = GiveRole(account=made.account_id, role=Role.OVERSEER)
        give_role(uow, administrator, asked, now)
