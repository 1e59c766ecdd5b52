"""A citizen corrects her name and her mobile herself, within bounds.

A turn belongs to an identity number, which nothing here changes and which reception compares with
the card. A name beside a seat could still mislead somebody who does not look at numbers. A name is
therefore fixed from the invitation until she has been received, also while a seat that she left may
come back. A name proved by a card or a sign-on is corrected only there. Each correction is recorded
in the case, for the officials who read it.

Another mobile takes over everything she has. It must receive a code, she must know the end of her
number, the old mobile is notified immediately, and its sign-ins end.
"""

import json
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE, Level, parse_mobile, parse_name
from publicmeeting.domain.records import Person
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import PRESENT, SEATED, Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.codes import token
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.notices.sms_text import COME_IN_PERSON, MOBILE_CHANGED
from publicmeeting.usecases.accounts.credentials import open_of_visit, seal_for_visit
from publicmeeting.usecases.accounts.person.recycled import is_end_of_number
from publicmeeting.usecases.accounts.signing_in.sign_in import AskCode, ask_code, wrong_code
from publicmeeting.usecases.base import Command, Query, usecase
from publicmeeting.usecases.lifecycle.case_access import signed_in_person
from publicmeeting.usecases.lifecycle.refusals import refuse_displaced
from publicmeeting.usecases.lifecycle.steps import come_in_person
from publicmeeting.usecases.rate_limits import Limit, count_step, take
from publicmeeting.usecases.security_notes import mobile_mark, note

CHANGING = "changing"
"""The cookie in which the new mobile waits for its code, sealed."""
STAYS = timedelta(minutes=15)
_PLACE = "person.changing"
_REQUESTS_MOST = 1000
_TAKES_A_SEAT_BACK = frozenset({Stage.WAITING, Stage.WITHDRAWN, Stage.CLOSED})
"""Where a seat that she let go or missed may be hers again, with the name of now."""


class CorrectName(Command):
    name: str


@usecase(Role.CITIZEN)
def correct_name(uow: UnitOfWork, actor: Actor, command: CorrectName, now: datetime) -> None:
    """Set her name as she writes it, and record it in each of her open cases.

    The same name again changes nothing. Raises Invalid for a name; Denied `name_is_proved`,
    `name_seat_held`; `name_seat_back` while a seat that she left may come back; `name_too_often`,
    `person_displaced`.
    """
    person_id = signed_in_person(actor)
    uow.people.lock(person_id)  # a desk may be giving her the name on her card
    person = uow.people.get(person_id)
    name = parse_name(command.name)
    if name == person.name:
        return
    if person.level is Level.VERIFIED:
        raise Denied("name_is_proved")
    refuse_displaced(uow, person.id)
    lines = uow.lists.requests(Filter(person_id=person.id), limit=_REQUESTS_MOST)
    if any(line.stage in SEATED | PRESENT for line in lines):
        raise Denied("name_seat_held")
    left = [line.id for line in lines if line.stage in _TAKES_A_SEAT_BACK]
    if uow.seats.may_come_back(left, tehran_day(now)):
        raise Denied("name_seat_back")
    take(uow, Limit.NAME_CHANGES, person.id)
    at = STEP_FOR[Action.CORRECT_NAME].at
    for line in lines:
        if line.stage in at:
            count_step(uow, actor)
            request = uow.requests.by_id(line.id)
            uow.requests.record(request, advance(request, Action.CORRECT_NAME, actor, now))
    uow.people.rename(person.id, name)
    uow.publish(f"person:{person.id}")


class AskMobileChange(Command):
    """The new mobile as typed, and the end of her identity number; the rest as in `AskCode`."""

    mobile: str
    digits: str
    host: str = ""
    proof: str = ""
    budget: int = 0


@usecase(Role.CITIZEN)
def ask_mobile_change(
    uow: UnitOfWork, actor: Actor, command: AskMobileChange, now: datetime
) -> tuple[str, str]:
    """Send a code to the new mobile; return the `changing` cookie, or ("", refusal key).

    A refusal is returned because a wrong try is counted; its keys are those of `is_end_of_number`.
    Raises what `ask_code` raises; Denied("mobile_same").
    """
    person = uow.people.get(signed_in_person(actor))
    mobile = parse_mobile(command.mobile)
    if mobile == person.mobile:
        raise Denied("mobile_same")
    refusal = is_end_of_number(uow, [person], command.digits, person.mobile or person.id)[1]
    if refusal:
        return "", refusal
    fields = {**command.model_dump(exclude={"digits"}), "mobile": mobile}
    ask_code(uow, actor, AskCode.model_validate(fields), now)
    text = json.dumps([person.id, mobile, person.mobile])
    return seal_for_visit(uow, actor, _PLACE, text, STAYS), ""


class Changing(Query):
    """The cookie as the browser sent it."""

    sealed: str


class ConfirmMobileChange(Changing):
    code: str


@usecase(Role.CITIZEN)
def changing_mobile(uow: UnitOfWork, actor: Actor, query: Changing, _now: datetime) -> str | None:
    """Return the mobile (E.164) that was recently sent a code for this change; None without one."""
    person = uow.people.get(signed_in_person(actor))
    return _opened(uow, actor, person, query.sealed)


@usecase(Role.CITIZEN)
def confirm_mobile_change(
    uow: UnitOfWork, actor: Actor, command: ConfirmMobileChange, now: datetime
) -> str:
    """Make the new mobile hers by its code; return empty, or the refusal's key.

    A refusal is returned because a wrong try is counted. If her identity was only typed, nobody may
    ring the new mobile: a seat by telephone becomes one in the hall, and she is notified. Denied
    `mobile_full` if the mobile already serves three persons, `mobile_too_often`.
    """
    person = uow.people.get(signed_in_person(actor))
    mobile = _opened(uow, actor, person, command.sealed)
    if mobile is None:
        return "" if _is_changed(uow, actor, person, command.sealed) else "change_expired"
    refusal = wrong_code(uow, actor, mobile, command.code)
    if refusal:
        return refusal
    uow.people.lock(mobile)
    uow.people.lock(person.id)
    person = uow.people.get(person.id)
    if _opened(uow, actor, person, command.sealed) is None:
        return "change_expired"  # a desk has set another one while this waited for her lock
    if uow.people.count_served(mobile) >= PERSONS_OF_A_MOBILE:
        raise Denied("mobile_full", limit=PERSONS_OF_A_MOBILE)
    take(uow, Limit.MOBILE_CHANGES, person.id)
    uow.people.set_mobile(person.id, mobile)
    uow.sessions.settle(actor, person.id, mobile)
    if person.mobile:
        uow.sessions.end_of_mobile(person.mobile, person.id, but=actor.session_id)
        note(uow, SecurityKind.MOBILE_CHANGED, mobile_mark(uow, person.mobile))
        _text(uow, person.mobile, MOBILE_CHANGED)
    is_proved = uow.people.get(person.id).level is not Level.TYPED
    if not is_proved and come_in_person(uow, person.id, now):
        _text(uow, mobile, COME_IN_PERSON)
    uow.publish(f"person:{person.id}")
    return ""


def _opened(uow: UnitOfWork, actor: Actor, person: Person, sealed: str) -> str | None:
    """Return the new mobile of a valid cookie.

    None for an old cookie, one of another visit or person, or one of a change already made.
    """
    mobile, before = _change(uow, actor, person, sealed)
    return mobile if mobile and before == person.mobile else None


def _is_changed(uow: UnitOfWork, actor: Actor, person: Person, sealed: str) -> bool:
    """Return whether this change has been made: its code was sent twice."""
    mobile, before = _change(uow, actor, person, sealed)
    return bool(mobile) and mobile == person.mobile != before


def _change(
    uow: UnitOfWork, actor: Actor, person: Person, sealed: str
) -> tuple[str | None, str | None]:
    """Return the mobiles after and before the change; None for both if the cookie is not valid."""
    text = open_of_visit(uow, actor, _PLACE, sealed)
    person_id, mobile, before = json.loads(text) if text else ("", None, None)
    return (mobile, before) if person_id == person.id else (None, None)


def _text(uow: UnitOfWork, mobile: str, text: str) -> None:
    """Send a message without waiting for the answer."""
    digest = uow.vault.lookup("message", token())
    uow.messages.append(CodeMessage(mobile, text, digest))
