"""The form of a role: which, where, from when until when."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from publicmeeting.domain.districts import unit_id
from publicmeeting.domain.errors import Denied, Invalid, Refusal
from publicmeeting.domain.roles import CITY_WIDE, Grant, Role
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.jalali import from_parts
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.staff_accounts import grant_of
from publicmeeting.usecases.base import Command, FormValidator

_DAY = re.compile(r"([0-9]{4})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})")
_FARTHEST = timedelta(days=3660)
"""Ten years; a day beyond was mistyped."""


class RoleForm(Command):
    """A role as typed; its days are Jalali such as ۱۴۰۵/۰۹/۱۶, empty for no limit.

    `district` is a number in any digits, `unit` the kind of a unit, such as `technical`.
    """

    role: str = ""
    district: str = ""
    unit: str = ""
    from_on: str = ""
    until_on: str = ""


@dataclass(frozen=True, slots=True)
class RoleAsked:
    grant: Grant
    from_on: date | None
    until_on: date | None


def read_role(uow: UnitOfWork, form: RoleForm, validator: FormValidator) -> RoleAsked | None:
    """Return the role of this form, or None with the refusals of its fields in the validator."""
    grant = _read_grant(uow, form, validator)
    from_on, until_on = _read_days(uow, form.from_on, form.until_on, validator)
    return None if grant is None or validator.errors else RoleAsked(grant, from_on, until_on)


def _read_days(
    uow: UnitOfWork, from_on: str, until_on: str, validator: FormValidator
) -> tuple[date | None, date | None]:
    """Return first and last day; a last day that is past or before the first is refused."""
    first = validator.field("from_on", lambda typed: parse_day(typed, uow.city_day()), from_on)
    last = validator.field("until_on", lambda typed: parse_day(typed, uow.city_day()), until_on)
    if last is not None and last < max(first or last, uow.city_day()):
        validator.refuse("until_on", "until_before_from" if first else "until_over")
    return first, last


def parse_day(typed: str, today: date) -> date | None:
    """Return a Jalali day typed in any digits; None if empty.

    Invalid if it is no day within ten years of today.
    """
    text = ascii_digits(typed).strip()
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        day = from_parts(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid("day_unreadable")
    if abs(day - today) > _FARTHEST:
        raise Invalid("day_too_far")
    return day


def _read_grant(uow: UnitOfWork, form: RoleForm, validator: FormValidator) -> Grant | None:
    digits = ascii_digits(form.district).strip()
    number = (
        int(digits) if digits.isascii() and digits.isdigit() and len(digits) < len("100") else 0
    )
    if form.role not in set(Role):
        validator.refuse("role", "role_missing")
        return None
    is_in_unit, is_city_wide = form.role == Role.UNIT, form.role in CITY_WIDE
    unit = unit_id(number, form.unit) if is_in_unit else None
    try:
        return grant_of(uow, form.role, None if is_city_wide else number, unit)
    except Denied:
        validator.refuse("role", "role_missing")
    except Refusal as refusal:
        validator.refuse(getattr(refusal, "field", "role"), refusal.key, **refusal.facts)
    return None
