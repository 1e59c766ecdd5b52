"""Find numbers of persons in a text that others read."""

import re

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.people import parse_mobile, parse_national_code
from publicmeeting.kit.digits import ascii_digits

# Digits that a person writes as one number, perhaps in groups. Lines are numbers of their own.
_NUMBER = re.compile(r"(?:\+[^\S\n]?)?[0-9](?:[^\S\n]?[-–.\u200c\u200f\u200e]?[^\S\n]?[0-9])+")
_WITHOUT = re.compile(r"[^0-9+]")
_NATIONAL = 10
"""Digits of a national code; with fewer, any price or date could be one."""


def has_private_number(text: str) -> bool:
    """Return whether the text seems to contain a mobile number or a national code.

    Digits of any keyboard count. Of other numbers with ten digits, one in eleven passes the check
    digit of a national code, so this may warn and must not refuse.
    """
    found = (_WITHOUT.sub("", one) for one in _NUMBER.findall(ascii_digits(text)))
    return any(_is_private(number) for number in found)


def _is_private(number: str) -> bool:
    if len(number) < _NATIONAL:
        return False
    try:
        parse_mobile(number)
    except Invalid:
        pass
    else:
        return True
    if len(number) != _NATIONAL:
        return False
    try:
        parse_national_code(number)
    except Invalid:
        return False
    return True
