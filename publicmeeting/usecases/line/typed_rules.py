"""Numbers and clock times of new rules, as people type them."""

import re
from collections.abc import Mapping
from typing import Any

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.usecases.base import FormValidator

LAST = "24:00"
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_COUNT_DIGITS = 3
_AT_LEAST_ONE = frozenset({"slot_minutes", "offer_hours"})


def typed_rules(form: Mapping[str, str]) -> dict[str, Any]:
    """The form's values; FormError tells each wrong field at once."""
    checked, found = FormValidator(), dict[str, Any]()
    for name, text in form.items():
        if name == "dice":
            continue
        is_time = name.endswith(("_at", "_from", "_until"))
        parse = _time if is_time else _from_one if name in _AT_LEAST_ONE else _number
        found[name] = checked.field(name, parse, text)
    checked.done()
    if form["dice"] not in {"yes", "no"}:
        raise Denied("form_broken")
    return {**found, "dice": form["dice"] == "yes"}


def _number(text: str) -> int:
    digits = ascii_digits(text.strip())
    if not digits.isdecimal() or len(digits) > _COUNT_DIGITS:
        raise Invalid("rules_number")
    return int(digits)


def _from_one(text: str) -> int:
    number = _number(text)
    if not number:
        raise Invalid("rules_from_one")
    return number


def _time(text: str) -> str:
    found = _CLOCK.fullmatch(ascii_digits(text.strip()))
    if found is None:
        raise Invalid("rules_time")
    time = f"{int(found[1]):02d}:{found[2]}"
    if time > LAST or found[2] > "59":
        raise Invalid("rules_clock")
    return time
