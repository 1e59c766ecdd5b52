"""Mobiles that may belong to somebody else by now: whom they served is shown only after an answer.

Operators give idle numbers to others. A code on the telephone then does not prove whose files it
opens. A person whose identity is proved (matched or verified) is therefore asked once on a new
browser for the last four digits of her number. Until then a session of the mobile acts for no such
person and names none. The new owner of the number can still file for herself.

A person whose identity was only typed is not asked. Only this mobile connects her to the number, so
the person who typed it knows every possible answer, and everybody with one request would be asked
on every new telephone.

A row whose identity another person has proved has no number any more, so no question about it can
be answered. It is named only beside the person who has answered for the same number.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Person
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.devices import device_cookie, known_device, person_owner
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over
from publicmeeting.usecases.security_notes import mobile_mark, note

SHOWN = 4
"""Digits of the number that are asked; her card shows them, a telephone does not."""
_TYPED_MOST = 40


@dataclass(frozen=True, slots=True)
class Served:
    """The persons of a mobile: those whom this browser may name, and how many it may not yet."""

    persons: tuple[Person, ...] = ()
    asked: int = 0


def served_here(uow: UnitOfWork, actor: Actor, mobile: str | None) -> Served:
    """Return whom the session's mobile serves, as far as this browser may know."""
    mark = uow.vault.lookup("mobile", mobile) if mobile else ""
    is_new = not mark or uow.sessions.serves_nobody(mark)
    persons = [] if is_new else uow.people.served_by(mark)
    asked = _asked(uow, actor, persons)
    known = [person for person in persons if person not in asked and not _has_lost_number(person)]
    shown = [
        person for person in persons if person in known or _is_named_with(uow, actor, person, known)
    ]
    return Served(tuple(shown), len(asked))


def _asked(uow: UnitOfWork, actor: Actor, persons: Sequence[Person]) -> list[Person]:
    return [
        person
        for person in persons
        if person.is_called_proved
        and not _has_lost_number(person)
        and not _is_known_here(uow, actor, person)
    ]


def _is_known_here(uow: UnitOfWork, actor: Actor, person: Person) -> bool:
    return person.id == actor.person_id or bool(known_device(uow, person_owner(person.id)))


def _has_lost_number(person: Person) -> bool:
    """Return whether she was proved before another proved her number; others are not asked."""
    return person.is_displaced and person.is_called_proved


def _is_named_with(uow: UnitOfWork, actor: Actor, lost: Person, known: Sequence[Person]) -> bool:
    """Return whether a row without a number belongs to somebody whom this browser may name.

    It does if its requests were filed under her number.
    """
    return _has_lost_number(lost) and (
        _is_known_here(uow, actor, lost)
        or any(
            uow.requests.is_filed_under(lost.id, person.identity)
            for person in known
            if person.level is Level.VERIFIED  # otherwise the number could be typed as another kind
        )
    )


class LastDigits(Command):
    """The end of the number on her card, as typed."""

    digits: str


@usecase(*ANYONE)
def answer_who(
    uow: UnitOfWork, actor: Actor, command: LastDigits, _now: datetime
) -> tuple[str, str]:
    """Let the session act for the asked person; return the device cookie, or ("", refusal key).

    With the cookie she is not asked again in this browser. A refusal is returned because a wrong
    try is counted. Its keys: `last_digits_short` (costs no try), `last_digits_wrong`,
    `last_digits_over` after three tries of a mobile in a day. Denied `session_ended`; `not_found`
    if nobody is asked.
    """
    mobile = uow.sessions.mobile(actor)
    if mobile is None:
        raise Denied("session_ended")
    persons = uow.people.served_by(uow.vault.lookup("mobile", mobile))
    asked = _asked(uow, actor, persons)
    if not asked:
        raise Denied("not_found")
    person, refusal = is_end_of_number(uow, asked, command.digits, mobile)
    if person is None:
        return "", refusal
    uow.sessions.act_for(actor, person.id)
    uow.drafts.claim(actor.visit, person.id)
    return device_cookie(uow, person_owner(person.id)), ""


def is_end_of_number(
    uow: UnitOfWork, persons: Sequence[Person], digits: str, counted_by: str
) -> tuple[Person | None, str]:
    """Return the person whose number ends in these digits, or None and the refusal's key.

    `last_digits_short` costs no try. `last_digits_wrong` is counted under `counted_by`, the mobile
    or another name of who tries. `last_digits_over` comes after three in a day.
    """
    typed = "".join(ascii_digits(digits[:_TYPED_MOST]).split()).upper()
    if len(typed) != SHOWN or not typed.isascii():
        return None, "last_digits_short"
    uow.advisory_lock(f"who/{counted_by}")  # simultaneous guesses are counted one after another
    if is_over(uow, Limit.LAST_DIGITS, counted_by):
        return None, over(uow, Limit.LAST_DIGITS, counted_by).key
    # Compare all of them, so that the time does not reveal which one matched.
    fitting = [
        person
        for person in persons
        if hmac.compare_digest(_mark(uow, person.identity[-SHOWN:]), _mark(uow, typed))
    ]
    if not fitting:
        count(uow, Limit.LAST_DIGITS, counted_by)
        note(uow, SecurityKind.IDENTITY_REFUSED, mobile_mark(uow, counted_by))
        return None, "last_digits_wrong"
    return fitting[0], ""


@usecase(*ANYONE)
def is_asked_who(uow: UnitOfWork, actor: Actor, _query: Nothing, _now: datetime) -> bool:
    """Return whether this session's mobile serves somebody who has not answered in this browser.

    Denied("session_ended") before a mobile has been confirmed.
    """
    mobile = uow.sessions.mobile(actor)
    if mobile is None:
        raise Denied("session_ended")
    return served_here(uow, actor, mobile).asked > 0


def _mark(uow: UnitOfWork, digits: str) -> str:
    return uow.vault.lookup("last digits", digits)
