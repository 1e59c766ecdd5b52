"""Signing in through the forms, as a person does."""

from browsers import Browser
from support.citizens import Someone, a_form, code_on, someone
from support.city import PASSWORD

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.records import Request
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.filing.submitting import submit


def sign_in(browser: Browser, application: Application, who: Someone | None = None) -> Someone:
    """Sign in by mobile and code, which gives the browser a session."""
    who = who or someone(1)
    browser.post("/auth/code", {"mobile": who.mobile})
    code = code_on(application, parse_mobile(who.mobile))
    answer = browser.post("/auth/confirm", {"code": code})
    assert answer.status_code == 303
    assert browser.cookie("session")
    return who


def sign_in_staff(browser: Browser, username: str) -> None:
    browser.post("/auth/staff", {"username": username, "password": PASSWORD})
    assert browser.cookie("session")


def keys(browser: Browser) -> Keys:
    return Keys(browser.cookie("session"), browser.cookie("visit"))


def file(browser: Browser, application: Application, who: Someone, **other: object) -> Request:
    """File a request with the photos of her draft."""
    return application.execute_now(submit, keys(browser), a_form(who, **other))
