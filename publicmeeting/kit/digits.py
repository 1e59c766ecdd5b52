"""Convert numbers to Persian digits for readers, and back to ASCII digits for programs."""

import unicodedata

_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)
_THOUSANDS = "٬"
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode categories."""


def persian(value: int | str) -> str:
    """Return the text with every ASCII or Arabic-Indic digit as a Persian one."""
    return str(value).translate(_TO_PERSIAN)


def ascii_digits(text: str) -> str:
    """Return the text with Persian and Arabic-Indic digits as ASCII ones.

    Nothing else changes. A superscript or circled digit stays, so that a pattern of `[0-9]` refuses
    it instead of reading a number that nobody typed.
    """
    return text.translate(_TO_ASCII)


def without_marks(text: str) -> str:
    """Return the text with ASCII digits, without spaces and invisible marks.

    Messages of the city put direction marks around numbers, which are copied with them.
    """
    return _without(ascii_digits(text), _INVISIBLE)


def bare(text: str) -> str:
    """Return the same, also without dashes between groups of digits."""
    return _without(ascii_digits(text), _INVISIBLE | {"Pd"})


def _without(text: str, categories: frozenset[str]) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) not in categories)


def is_number(text: str, most: int) -> bool:
    """Whether the text is one to `most` ASCII digits.

    Python counts those of all scripts as digits, and does not convert a number of thousands.
    """
    return text.isascii() and text.isdecimal() and len(text) <= most


def is_code(text: str, length: int) -> bool:
    """Whether the text is so many ASCII digits."""
    return len(text) == length and is_number(text, length)


def typed_code(text: str, length: int) -> str:
    """Return a code of so many digits as somebody typed or copied it; empty if it cannot be one."""
    code = bare(text)
    return code if is_code(code, length) else ""


def whole_number(text: str, most: int) -> int | None:
    """Return the number of one to `most` ASCII digits; None for any other text."""
    return int(text) if is_number(text, most) else None


def grouped(n: int) -> str:
    """Return a whole number in Persian digits with the Persian thousands separator."""
    return persian(f"{n:,}".replace(",", _THOUSANDS))
