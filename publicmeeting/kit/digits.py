"""Numbers as Persian readers write them, and back to the ASCII digits that programs compare."""

_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)
_THOUSANDS = "٬"
_ZWNJ = "\u200c"

_COUNTS = (
    *("صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده"),
    *("یازده", "دوازده", "سیزده", "چهارده", "پانزده"),
    *("شانزده", "هفده", "هجده", "نوزده", "بیست"),
)
_TENS = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_UNEVEN_ORDINALS = {1: "اول", 3: "سوم", 30: "سی" + _ZWNJ + "ام"}
_ORDINALS_IN_WORDS = 99


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


def ordinal(n: int) -> str:
    """First, second, third… in words up to the 99th, then digits with the ordinal ending.

    ValueError below 1: there is no zeroth.
    """
    if n < 1:
        raise ValueError(f"no ordinal for {n}")
    if n > _ORDINALS_IN_WORDS:
        return f"{persian(n)}{_ZWNJ}ام"
    if n in _UNEVEN_ORDINALS:
        return _UNEVEN_ORDINALS[n]
    if n < len(_COUNTS):
        return f"{_COUNTS[n]}م"
    tens, ones = divmod(n, 10)
    if not ones:
        return f"{_TENS[tens]}م"
    return f"{_TENS[tens]}{_ZWNJ}و{_COMPOUND_ENDINGS[ones]}"


_COMPOUND_ENDINGS = {
    ones: "یکم" if ones == 1 else _UNEVEN_ORDINALS.get(ones, f"{_COUNTS[ones]}م")
    for ones in range(1, 10)
}
