"""Invented people who sign in and file through the real use cases, for benches."""

import random
from dataclasses import dataclass

from publicmeeting.application import Application
from publicmeeting.domain.records import Request
from publicmeeting.seeder.people import Invented, citizens
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.notices.sms_text import code_in
from publicmeeting.usecases.accounts.credentials import SESSION, VISIT
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.filing.submitting import Submit, submit

_SEED = 22
_TITLE = "پیاده‌روی شکسته"
_TEXT = "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد."


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in citizen with a browser of her own."""

    who: Invented
    keys: Keys

    def command(self, district: int) -> Submit:
        """Return a valid form of her request."""
        return Submit(
            district=str(district),
            subject="street",
            title=_TITLE,
            text=_TEXT,
            identity=self.who.identity,
            name=self.who.name,
        )


def visitors(application: Application, many: int) -> list[Visitor]:
    """Return this many citizens who are new to the city, each signed in with a code."""
    return [_sign_in(application, citizen) for citizen in citizens(random.Random(_SEED), many)]


def file_now(application: Application, visitor: Visitor, district: int) -> Request:
    return application.execute_now(submit, visitor.keys, visitor.command(district))


def cookies(keys: Keys) -> str:
    """Return the Cookie header that a browser with these keys sends."""
    return f"{SESSION}={keys.session}; {VISIT}={keys.visit}"


def _sign_in(application: Application, who: Invented) -> Visitor:
    texts: list[str] = []
    keys = Keys(visit=application.cookies.new_visit())
    application.phone = _Heard(texts)
    mobile = application.execute_now(ask_code, keys, AskCode(mobile=who.mobile))
    command = ConfirmCode(mobile=mobile, code=code_in(texts[-1]))
    session, refused = application.execute_now(confirm_code, keys, command)
    if refused:
        raise RuntimeError(f"an invented citizen could not sign in: {refused}")
    return Visitor(who, Keys(session, keys.visit))


class _Heard:
    """A phone that collects the texts."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def send(self, mobile: str, text: str, message_id: str) -> None:
        del mobile, message_id
        self._texts.append(text)
