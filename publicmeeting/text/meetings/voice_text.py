"""What each clip of a hall's screen says, and how it is written for a voice that reads vowels."""

from publicmeeting.domain.meetings.voice import (
    AGAIN,
    CLIPS,
    LATE_STEPS,
    NUMBER,
    NUMBERS_MOST,
    READY,
    ROOM,
    SECOND,
)

_UNITS = (
    "",
    *("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده"),
    *("یازده", "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده"),
)
_TENS = {2: "بیست", 3: "سی", 4: "چهل"}
_WRITTEN_UNITS = tuple("نُه" if word == "نه" else word for word in _UNITS)
_WRITTEN_TENS = {2: "بیستُ", 3: "سیُ", 4: "چِهِل"}
_AND = " و "


def _counted(number: int, units: tuple[str, ...], tens: dict[int, str], between: str) -> str:
    if number < len(units):
        return units[number]
    ten, unit = divmod(number, 10)
    return between.join(filter(None, (tens[ten], units[unit])))


WORDS: dict[str, str] = {
    NUMBER: "شمارهٔ",
    **{
        f"n{number:02d}": _counted(number, _UNITS, _TENS, _AND)
        for number in range(1, NUMBERS_MOST + 1)
    },
    ROOM: "به اتاق شهردار",
    SECOND: "بار دوم",
    AGAIN: "بار دیگر",
    **{
        f"late{minutes}": (f"ملاقات‌ها حدود {words} دیرتر از برنامه است")
        for minutes, words in zip(LATE_STEPS, ("بیست دقیقه", "چهل دقیقه", "یک ساعت"), strict=True)
    },
    READY: "صدای نمایشگر روشن است",
}
"""Clip → what it says, as it is read on a page."""

WRITTEN: dict[str, str] = {
    NUMBER: "شماره‌یِ",
    **{
        f"n{number:02d}": _counted(number, _WRITTEN_UNITS, _WRITTEN_TENS, " ")
        for number in range(1, NUMBERS_MOST + 1)
    },
    "n20": "بیست",
    "n30": "سی",
    ROOM: "به اتاقِ شهردار",
    SECOND: "بارِ دوم",
    AGAIN: "بارِ دیگر",
    **{
        f"late{minutes}": (f"مُلاقاتها، حدودِ {words} دیرتر از برنامه است")
        for minutes, words in zip(LATE_STEPS, ("بیست دقیقه", "چِهِل دقیقه", "یِک ساعَت"), strict=True)
    },
    READY: "صِدایِ نِمایِشگَر روشن اَست",
}
"""The same with its vowels: without them the voice leaves the ezafe out."""

assert set(WORDS) == set(WRITTEN) == set(CLIPS)
