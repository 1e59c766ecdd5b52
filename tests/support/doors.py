"""Signing in as staff, and whether a cookie still opens anything."""

from publicmeeting.office import Office
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.sign_in import Nothing, SignIn, sign_in
from publicmeeting.usecases.accounts.viewer import whoami
from support.city import PASSWORD


def enter(office: Office, username: str = "desk", password: str = PASSWORD) -> tuple[str, str]:
    return office.perform_now(sign_in, Keys(), SignIn(username=username, password=password))


def knows(office: Office, key: str) -> bool:
    return office.look_now(whoami, Keys(key), Nothing()).roles != () or (
        office.look_now(whoami, Keys(key), Nothing()).has_mobile
    )
