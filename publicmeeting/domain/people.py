"""Parse identity numbers, mobiles and names as people type them; levels of proof; retention.

Digits may be Persian, Arabic or ASCII, with spaces, hyphens and invisible marks between them.
Patterns use `[0-9]`, because `str.isdigit` also accepts superscripts and digits of other scripts.

A case is erased when the citizen asks for it, never because of its age. She must be able to prove
for as long as she likes what the city owed her and whether it was delivered
(docs/decisions/policy/people.md). The privacy page reads the retention periods from here.
"""

import re
import unicodedata
from enum import StrEnum

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.digits import bare, persian
from publicmeeting.kit.letters import clean


class IdentityKind(StrEnum):
    NATIONAL = "national"
    FOREIGN = "foreign"
    PASSPORT = "passport"
    """Only if an official has seen the document."""


_NATIONAL_DIGITS = 10
_NATIONAL_LEAST_TYPED = 8
_FOREIGN = range(8, 14)
_LOCAL_DIGITS = 11
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,20}")
_DIGITS = re.compile(r"[0-9]+")
_CANONICAL_MOBILE = re.compile(r"\+989[0-9]{9}")
_MOBILE = re.compile(r"(?:(?:\+|00)?98)?0?(9[0-9]{9})")
_IRAN = re.compile(r"(?:\+|00)98|98(?=0?9[0-9]{8})")

PERSONS_OF_A_MOBILE = 3
"""Maximum number of persons who share one mobile."""
_NAME_LETTERS_LEAST = 2
_NAME_LONGEST = 80


def parse_identity(kind: IdentityKind, text: str) -> str:
    """Return the canonical number of a person's document; raises Invalid as its parser does."""
    readers = {
        IdentityKind.NATIONAL: parse_national_code,
        IdentityKind.FOREIGN: parse_foreign_id,
        IdentityKind.PASSPORT: parse_passport,
    }
    return readers[kind](text)


def parse_national_code(text: str) -> str:
    """Return ten ASCII digits with a valid check digit.

    Eight or nine digits are padded with leading zeros, which programs lose that store the code as a
    number. Three kinds pass the checksum but are never issued and are refused: ten equal digits,
    000 in front, and six zeros in the middle.
    """
    digits = _digits(text, "national_code")
    if len(digits) > _NATIONAL_DIGITS and _MOBILE.fullmatch(digits):
        raise Invalid("national_code_is_mobile", field="identity")
    if not _NATIONAL_LEAST_TYPED <= len(digits) <= _NATIONAL_DIGITS:
        raise Invalid("national_code_length", field="identity", digits=len(digits))
    code = digits.zfill(_NATIONAL_DIGITS)
    if _all_equal(code):
        raise Invalid("national_code_repeated", field="identity")
    if code.startswith("000") or code[3:9] == "000000":
        raise Invalid("national_code_unissued", field="identity")
    if not _national_checksum_fits(code):
        raise Invalid("national_code_check", field="identity")
    return code


def parse_foreign_id(text: str) -> str:
    """Return the number of a foreign resident: 8 to 13 ASCII digits, 12 since unification.

    It has no checksum of its own. A number with the checksum of a national code is refused, so that
    nobody is in the line twice under two kinds of one number.
    """
    digits = _digits(text, "foreign_id")
    if len(digits) not in _FOREIGN:
        raise Invalid("foreign_id_length", field="identity", digits=len(digits))
    if digits.startswith("0"):
        raise Invalid("foreign_id_zero", field="identity")
    if len(digits) <= _NATIONAL_DIGITS and _national_checksum_fits(digits.zfill(_NATIONAL_DIGITS)):
        raise Invalid("foreign_id_is_national_code", field="identity")
    return digits


def parse_passport(text: str) -> str:
    """Return 5 to 20 capital Latin letters and ASCII digits, with at least one digit.

    Ten to thirteen digits are the number of another card. Accepted as a passport it would make a
    second person of one human being, and reception would accept her other card for it.
    """
    number = bare(text).upper()
    if not number:
        raise Invalid("passport_missing", field="identity")
    if _PASSPORT.fullmatch(number) is None:
        raise Invalid("passport_form", field="identity")
    if number.isdecimal() and _NATIONAL_DIGITS <= len(number) < _FOREIGN.stop:
        raise Invalid("passport_is_other_card", field="identity")
    return number


def parse_mobile(text: str) -> str:
    """Return `+989…`, twelve digits.

    Operator prefixes mean nothing, since numbers can be ported.
    """
    number = bare(text)
    found = _MOBILE.fullmatch(number)
    if found is None:
        raise _mobile_fault(number)
    return "+98" + found[1]


def local_mobile(e164: str) -> str:
    """Return `09…`, as dialled in Iran; ValueError for a number not made by `parse_mobile`."""
    if _CANONICAL_MOBILE.fullmatch(e164) is None:
        raise ValueError("not a canonical mobile number")
    return "0" + e164.removeprefix("+98")


def parse_name(text: str) -> str:
    """Return a person's name on one line, in any script, as she writes it."""
    name = " ".join(clean(text).split())
    if not name:
        raise Invalid("name_missing", field="name")
    if len(name) > _NAME_LONGEST:
        raise Invalid("name_long", field="name", limit=_NAME_LONGEST)
    kinds = [unicodedata.category(character)[0] for character in name]
    if "N" in kinds:
        raise Invalid("name_digits", field="name")
    if any(not _may_stand_in_a_name(character) for character in name):
        raise Invalid("name_signs", field="name")
    if kinds.count("L") < _NAME_LETTERS_LEAST:
        raise Invalid("name_short", field="name")
    return name


def masked_identity(identity: str) -> str:
    """Mask an identity as «۰۴۹•••••۸۹۹», which its owner recognises.

    At most two thirds of a short number are shown.
    """
    shown = min(3, len(identity) // 3)
    return _masked(identity, shown, shown)


def masked_mobile(mobile: str) -> str:
    """Mask a mobile as «۰۹۱۲•••••۶۷».

    Two of the last four digits stay hidden, because those four are a key to a request.
    """
    return _masked(local_mobile(mobile), 4, 2)


def _mobile_fault(number: str) -> Invalid:
    """Return the refusal that says why a number is no Iranian mobile."""
    if not number:
        return Invalid("mobile_missing", field="mobile")
    if _DIGITS.fullmatch(number.removeprefix("+")) is None:
        return Invalid("mobile_letters", field="mobile")
    home = _IRAN.match(number)
    rest = number[home.end() :] if home else number
    if rest.startswith(("+", "00")):
        return Invalid("mobile_abroad", field="mobile")
    local = "0" + rest.removeprefix("0")
    if local.startswith("09"):
        return Invalid("mobile_length", field="mobile", digits=len(local))
    is_code = number.isdecimal() and len(number) == _NATIONAL_DIGITS
    if is_code and _national_checksum_fits(number):
        return Invalid("mobile_is_national_code", field="mobile")
    return Invalid(
        "mobile_landline" if len(local) == _LOCAL_DIGITS else "mobile_form", field="mobile"
    )


def _masked(text: str, head: int, tail: int) -> str:
    # Always five dots, so that the length stays unknown.
    return persian(f"{text[:head]}•••••{text[len(text) - tail :]}")


def _may_stand_in_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in " \u200c\u200d-'’.·"


def _digits(text: str, key: str) -> str:
    digits = bare(text)
    if not digits:
        raise Invalid(f"{key}_missing", field="identity")
    if _DIGITS.fullmatch(digits) is None:
        raise Invalid(f"{key}_letters", field="identity")
    return digits


def _all_equal(digits: str) -> bool:
    return len(set(digits)) == 1


def _national_checksum_fits(code: str) -> bool:
    """Check the official checksum.

    Let r be the sum of the first nine digits weighted 10 to 2, modulo 11. The last digit is r if r
    < 2, else 11 − r.
    """
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(code[:9])) % 11
    return int(code[9]) == (rest if rest < 2 else 11 - rest)  # noqa: PLR2004  (the formula's 2)


# How sure the city is of a person's identity, and by which door people come in.


class Level(StrEnum):
    """How well an identity is proved, ascending; the value is stored."""

    TYPED = "typed"
    """An identity and a confirmed mobile, which need not belong together."""
    MATCHED = "matched"
    """The national matching service confirms that the mobile belongs to the identity."""
    VERIFIED = "verified"
    """Proved by a single sign-on, or by a card that an official has held."""

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Door(StrEnum):
    """How a session was opened; the value is stored."""

    CODE = "code"
    SSO = "sso"
    PASSWORD = "password"  # noqa: S105  (the name of a door)
    """By a password alone: no second step is set up, or this browser is remembered."""
    TWO_STEPS = "two_steps"
    PASSKEY = "passkey"
    DEMO = "demo"


ERASABLE_DAYS = 30
"""Days after the end of a case before the citizen may have its texts and images erased.

She may reopen an order for as long, and the city must then know what it is about.
"""
BACKUPS_DAYS = 90
"""Maximum age, in days, of a backup of the database and the files (docs/operations.md).

Erased data may remain in a backup for as long.
"""
