"""Signing in as staff, with a second step or without; whether a session cookie is still valid."""

from passlib.totp import TOTP

from publicmeeting.application import Application
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.factors.second_step import new_recovery_codes
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from support.city import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def enter(
    application: Application, username: str = "desk", password: str = PASSWORD
) -> tuple[str, str]:
    return application.execute_now(sign_in, Keys(), SignIn(username=username, password=password))


def knows(application: Application, key: str) -> bool:
    return application.query_now(viewer, Keys(key), Nothing()).roles != () or (
        application.query_now(viewer, Keys(key), Nothing()).has_mobile
    )


def code_at(application: Application, secret: str = SECRET, *, steps: int = 0) -> str:
    """Return the code of the authenticator now, or some steps of thirty seconds away."""
    at = int(application.clock().timestamp()) + 30 * steps
    return str(TOTP(key=secret).generate(at).token)


def has_app(application: Application, username: str) -> tuple[str, ...]:
    """Set up an authenticator with `SECRET` for an official; returns the recovery codes."""
    with application.store.unit_of_work(application.clock()) as uow:
        account_id = id_of(uow, username)
        uow.second_steps.put_totp(account_id, SECRET, -1)
        return new_recovery_codes(uow, account_id)


def id_of(uow: UnitOfWork, username: str) -> str:
    account = uow.accounts.by_username(username)
    assert account is not None
    return account.id
