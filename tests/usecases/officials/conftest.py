"""Two administrators: what one of them proposes, the other decides."""

import pytest
from support.city import PASSWORD, City

from publicmeeting.application import Application
from publicmeeting.domain.roles import COMMAND_LINE, Actor
from publicmeeting.usecases.accounts.staff_accounts import AddAccount, add_account, hash_password


@pytest.fixture
def admin(city: City) -> Actor:
    return city.as_("administrator")


@pytest.fixture
def second(application: Application, city: City) -> Actor:
    """Another administrator."""
    command = AddAccount(
        username="second",
        name="مدیر دوم",
        password_hash=hash_password(PASSWORD),
        roles=(("administrator", None, None),),
    )
    application.execute_as(COMMAND_LINE, add_account, command)
    return city.as_("second")
