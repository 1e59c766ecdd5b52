"""A mobile that may belong to somebody else by now: who it served is not shown before she answers.

Operators give numbers that lie idle to others. A code on the telephone then proves nothing of whose
files it opens: so a person whose identity is proved (matched or verified) is asked once on a new
browser for the last four digits of her number. Until then a session of the mobile speaks for nobody
of that level and names nobody; whoever has the number now can file for herself all the same.

A person who was only typed is not asked: nothing but this mobile connects her to the number, so
there is nothing she could be asked that whoever typed it does not know, and everybody with one
request would meet a question on every new telephone.

A row whose identity another has proved has no number any more, so no question about it has an
answer: it is named beside the person who has answered for the same number, and to nobody else.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Person
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.devices import device_cookie, known_device, person_owner
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over
from publicmeeting.usecases.security_notes import mobile_mark, note

SHOWN = 4
"""Digits of the number that are asked: her card says them, a telephone does not."""
_TYPED_MOST = 40


@dataclass(frozen=True, slots=True)
class Served:
    """The persons of a mobile: those this browser may name, and how many it may not yet."""

    persons: tuple[Person, ...] = ()
    asked: int = 0


def served_here(uow: UnitOfWork, actor: Actor, mobile: str | None) -> Served:
    """Whom the session's mobile serves, as far as this browser may know it."""
    persons = uow.people.served_by(uow.vault.lookup("mobile", mobile)) if mobile else []
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
        if person.level is not Level.TYPED
        and not _has_lost_number(person)
        and not _is_known_here(uow, actor, person)
    ]


def _is_known_here(uow: UnitOfWork, actor: Actor, person: Person) -> bool:
    return person.id == actor.person_id or bool(known_device(uow, person_owner(person.id)))


def _has_lost_number(person: Person) -> bool:
    """Whether she was sure before another proved her number: who was only typed is not asked."""
    return person.is_displaced and person.level is not Level.TYPED


def _is_named_with(uow: UnitOfWork, actor: Actor, lost: Person, known: Sequence[Person]) -> bool:
    """Whether a row without a number is that of somebody whom this browser may name: what it has
    filed is under her number."""
    return _has_lost_number(lost) and (
        _is_known_here(uow, actor, lost)
        or any(
            uow.requests.is_filed_under(lost.id, person.identity)
            for person in known
            if person.level
            is Level.VERIFIED  # else whoever knows the number types it in another kind
        )
    )


class LastDigits(Command):
    """The end of the number on her card, as typed."""

    digits: str


@usecase(*ANYONE)
def answer_who(
    uow: UnitOfWork, actor: Actor, command: LastDigits, _now: datetime
) -> tuple[str, str]:
    """The device cookie by which she is not asked again here, her session speaking for her from
    now on; or ("", key of the refusal), returned because a wrong try is counted.

    Keys: `last_digits_short` (costs no try), `last_digits_wrong`, `last_digits_over` after three
    of a mobile in a day. Denied: `session_ended`; `not_found` where nobody is asked.
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
    """Whose number ends in these digits, as typed; or None and the key of the refusal.

    `last_digits_short` costs no try; `last_digits_wrong` is counted by the mobile (or whatever
    names who tries), `last_digits_over` comes after three in a day.
    """
    typed = "".join(ascii_digits(digits[:_TYPED_MOST]).split()).upper()
    if len(typed) != SHOWN or not typed.isascii():
        return None, "last_digits_short"
    uow.advisory_lock(f"who/{counted_by}")  # guesses that come at once are counted one by one
    if is_over(uow, Limit.LAST_DIGITS, counted_by):
        return None, over(uow, Limit.LAST_DIGITS, counted_by).key
    # All are compared: the time does not reveal which it was.
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
    """Whether this session's mobile serves somebody who has not answered on this browser.

    Denied("session_ended") before a mobile has been confirmed.
    """
    mobile = uow.sessions.mobile(actor)
    if mobile is None:
        raise Denied("session_ended")
    return served_here(uow, actor, mobile).asked > 0


def _mark(uow: UnitOfWork, digits: str) -> str:
    return uow.vault.lookup("last digits", digits)
