"""What an official has typed in a long form: stored while it is typed, and read by nobody else.

It is stored where unfinished orders are, so another tab shows it too, and the next browser after a
session has ended. It expires with the citizens' drafts.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.typed_forms import FIELDS_MOST, LETTERS_MOST, TypedForm
from publicmeeting.domain.roles import OFFICIALS, Actor
from publicmeeting.store.orders.papers import FORM
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, own_account, parsed, usecase


class OneForm(Command):
    """A form; `district` is 0 if it concerns none."""

    form: str
    district: int = 0


class KeepTyped(OneForm):
    """The value of one field; with `is_first`, it is again what the form begins with."""

    name: str
    value: str
    is_first: bool = False


@usecase(*OFFICIALS)
def typed_form(uow: UnitOfWork, actor: Actor, query: OneForm, _now: datetime) -> Mapping[str, str]:
    """Return the actor's stored fields by name; a field that was emptied has an empty value."""
    return _read(uow, own_account(actor), _subject(actor, query))


@usecase(*OFFICIALS)
def keep_typed(uow: UnitOfWork, actor: Actor, command: KeepTyped, _now: datetime) -> None:
    """Store the value of one field; the others stay, which another tab may have written.

    Of notes about cases, the newest are stored. Denied `form_broken` for more text than a form
    has, `not_found` for a district that is not the actor's: each one is a row of its own.
    """
    account, subject = own_account(actor), _subject(actor, command)
    uow.unfinished.lock(account, subject)
    typed = dict(_read(uow, account, subject))
    typed.pop(command.name, None)
    if not command.is_first:
        typed[command.name] = command.value
    text = json.dumps(typed, ensure_ascii=False)
    while len(typed) > 1 and command.form == TypedForm.NOTES and _is_too_much(typed, text):
        del typed[next(iter(typed))]
        text = json.dumps(typed, ensure_ascii=False)
    if _is_too_much(typed, text):
        raise Denied("form_broken")
    if typed:
        uow.unfinished.save(FORM, account, subject, {FORM: text})
    else:
        uow.unfinished.drop(FORM, account, subject)


@usecase(*OFFICIALS)
def forget_typed(uow: UnitOfWork, actor: Actor, command: OneForm, _now: datetime) -> None:
    """Delete the actor's stored fields, because they were sent or are not wanted."""
    account, subject = own_account(actor), _subject(actor, command)
    uow.unfinished.lock(account, subject)
    uow.unfinished.drop(FORM, account, subject)


def _is_too_much(typed: Mapping[str, str], text: str) -> bool:
    return len(typed) > FIELDS_MOST or len(text) > LETTERS_MOST


def _subject(actor: Actor, form: OneForm) -> str:
    if form.district and form.district not in actor.districts(*OFFICIALS):
        raise Denied("not_found")
    return parsed(TypedForm, form.form).of(form.district)


def _read(uow: UnitOfWork, account: str, subject: str) -> Mapping[str, str]:
    stored: dict[str, str] = json.loads(uow.unfinished.read(FORM, account, subject).get(FORM, "{}"))
    return stored
