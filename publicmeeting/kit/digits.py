"""Numbers as Persian readers write them, and back to the ASCII digits that programs compare."""

_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)
_THOUSANDS = "٬"

_COUNTS = (
    *("صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده"),
    *("یازده", "دوازده", "سیزده", "چهارده", "پانزده"),
    *("شانزده", "هفده", "هجده", "نوزده", "بیست"),
)


def persian(value: int | str) -> str:
    """The same text with every ASCII or Arabic-Indic digit shown as a Persian one."""
    return str(value).translate(_TO_PERSIAN)


def ascii_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as ASCII ones.

    Nothing else changes: a superscript or a circled digit stays what it is, so that a pattern of
    `[0-9]` refuses it instead of reading a number nobody typed.
    """
    return text.translate(_TO_ASCII)


def grouped(n: int) -> str:
    """A whole number in Persian digits with the Persian thousands mark."""
    return persian(f"{n:,}".replace(",", _THOUSANDS))


def count_words(n: int) -> str:
    """A small count in words, up to twenty; above that (and below zero) in digits."""
    return _COUNTS[n] if 0 <= n < len(_COUNTS) else persian(n)
