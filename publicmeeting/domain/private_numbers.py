"""Find numbers of persons in a text that others read."""

import re

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.people import parse_national_code
from publicmeeting.kit.digits import ascii_digits

# What people write between the groups of one number. Lines are numbers of their own.
_GAP = r"(?:[^\S\n]?[-–.\u200c\u200f\u200e][^\S\n]?|[^\S\n]{1,2})?"
# A number may stand directly beside another one, so each is sought in its own grouping. Groups of
# other numbers («پلاک ۹۳ - ۸۸…») make no mobile: its first three digits are never divided.
_MOBILE = re.compile(
    rf"(?<![0-9])(?:(?:\+|00)?98{_GAP})?(?:0{_GAP})?9[0-9]{{2}}(?:{_GAP}[0-9]){{7}}(?![0-9])"
)
_NATIONAL = re.compile(rf"(?<![0-9])([0-9]{{3}}){_GAP}([0-9]{{6}}){_GAP}([0-9])(?![0-9])")


def has_private_number(text: str) -> bool:
    """Return whether the text seems to contain a mobile number or a national code.

    Digits of any keyboard count. Of other numbers with ten digits, one in eleven passes the check
    digit of a national code, so this may warn and must not refuse.
    """
    digits = ascii_digits(text)
    codes = ("".join(groups) for groups in _NATIONAL.findall(digits))
    return _MOBILE.search(digits) is not None or any(map(_is_national, codes))


def _is_national(code: str) -> bool:
    try:
        parse_national_code(code)
    except Invalid:
        return False
    return True
