"""Citizens with valid mobile and identity numbers, who sign in with a code sent by SMS."""

import re
from dataclasses import dataclass

from publicmeeting.application import Application
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Person, Request
from publicmeeting.kit.hashing import sha
from publicmeeting.notify.codes import THREADS, WAITING_MOST
from publicmeeting.store.accounts.sessions import CITIZEN_STAYS, Keys
from publicmeeting.store.database.rows.people import SessionRow
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.filing.submitting import Submit, submit

_CODE = re.compile(r"^[^\n]+: ([0-9]{6})\n")
"""A code in a message to a citizen, or in one that she reads out to an officer."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A citizen before she has signed in: what she would type."""

    mobile: str
    identity: str
    name: str


def someone(number: int) -> Someone:
    """Return the n-th citizen of the tests, counted from 1, with a valid identity number."""
    stem = f"{100_000_000 + number * 7919:09d}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(stem)) % 11
    check = rest if rest < 2 else 11 - rest
    return Someone(f"0912{number:07d}", f"{stem}{check}", "مریم احمدی")


def citizen(
    application: Application,
    mobile: str = "",
    identity: str = "",
    name: str = "",
    *,
    visit: str = "",
) -> Keys:
    """Sign a citizen in with the code sent to her mobile, and return her cookies.

    `identity` and `name` have no effect here; they become known with her first request. The
    parameters exist so that a test can pass a whole `Someone`.
    """
    del identity, name
    mobile = mobile or someone(1).mobile
    visitor = Keys(visit=visit or own_visit(application, f"visit of {mobile}"))
    reached = application.execute_now(ask_code, visitor, AskCode(mobile=mobile, host="localhost"))
    code = code_on(application, reached)
    session, refused = application.execute_now(
        confirm_code, visitor, ConfirmCode(mobile=mobile, code=code)
    )
    assert not refused
    return Keys(session, visitor.visit)


def comes_often(application: Application, keys: Keys) -> None:
    """Extend her session to its full length, so that moving the clock does not sign her out."""
    with application.store.unit_of_work(application.clock()) as uow:
        row = uow.session.get(SessionRow, sha("session", keys.session))
        assert row is not None
        row.expires_at = row.created_at + CITIZEN_STAYS
        uow.session.add(row)


def own_visit(application: Application, name: str) -> str:
    """Return a valid cookie of a visit, the same for the same name."""
    return f"{name}.{application.cookies._tag(name)}"


def code_on(application: Application, mobile: str) -> str:
    """Return the newest code sent to this mobile (E.164), which a use case has waited for.

    Nobody waits for a message about a changed person or account: it may come before or after.
    """
    texts = application.phone.texts(mobile)
    codes = [found[1] for text in texts if (found := _CODE.search(text))]
    assert codes, texts
    return codes[-1]


def texts_on(application: Application, mobile: str) -> list[str]:
    """Return the messages sent to this mobile (E.164), once every message begun so far is sent."""
    places = THREADS + WAITING_MOST
    for _ in range(places):
        application.codes._room.acquire()
    application.codes._room.release(places)
    return application.phone.texts(mobile)


def a_form(who: Someone, **other: object) -> Submit:
    """Return a valid form of a request; `other` replaces single fields."""
    fields: dict[str, object] = {
        "district": "6",
        "subject": "street",
        "title": "پیاده‌روی شکسته",
        "text": "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد.",
        "identity": who.identity,
        "name": who.name,
    }
    return Submit.model_validate({**fields, **other})


def file(
    application: Application, who: Someone, keys: Keys | None = None, **other: object
) -> Request:
    """File a request, after signing in if no cookies are given."""
    return application.execute_now(
        submit, keys or citizen(application, who.mobile), a_form(who, **other)
    )


def shows_card(application: Application, request: Request) -> None:
    """Mark her identity as verified by another desk, which has seen her card."""
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.prove(request.person_id, Level.VERIFIED, "desk:another")


def person_of(application: Application, who: Someone) -> Person | None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.people.by_identity("national", who.identity)
