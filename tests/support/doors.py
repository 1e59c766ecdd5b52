"""Signing in as staff, and whether a session cookie is still valid."""

from publicmeeting.application import Application
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from support.city import PASSWORD


def enter(
    application: Application, username: str = "desk", password: str = PASSWORD
) -> tuple[str, str]:
    return application.execute_now(sign_in, Keys(), SignIn(username=username, password=password))


def knows(application: Application, key: str) -> bool:
    return application.query_now(viewer, Keys(key), Nothing()).roles != () or (
        application.query_now(viewer, Keys(key), Nothing()).has_mobile
    )
