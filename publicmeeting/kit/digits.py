"""Numbers as Persian readers write them, and back to the ASCII digits that programs compare."""

import unicodedata

_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)
_THOUSANDS = "٬"
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Categories of Unicode."""


def persian(value: int | str) -> str:
    """The same text with every ASCII or Arabic-Indic digit shown as a Persian one."""
    return str(value).translate(_TO_PERSIAN)


def ascii_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as ASCII ones.

    Nothing else changes: a superscript or a circled digit stays what it is, so that a pattern of
    `[0-9]` refuses it instead of reading a number nobody typed.
    """
    return text.translate(_TO_ASCII)


def without_marks(text: str) -> str:
    """ASCII digits and whatever else was typed or pasted, without spaces and invisible marks: a
    number of ours stands in a message between marks that hold its direction."""
    return _without(ascii_digits(text), _INVISIBLE)


def bare(text: str) -> str:
    """The same without dashes between groups of digits."""
    return _without(ascii_digits(text), _INVISIBLE | {"Pd"})


def _without(text: str, categories: frozenset[str]) -> str:
    return "".join(one for one in text if unicodedata.category(one) not in categories)


def grouped(n: int) -> str:
    """A whole number in Persian digits with the Persian thousands mark."""
    return persian(f"{n:,}".replace(",", _THOUSANDS))
