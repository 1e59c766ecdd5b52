"""The Mondays ahead as the administrator reads them, and what closing one would do."""

from collections import defaultdict
from dataclasses import dataclass

from publicmeeting.domain.choices import CLOSURES, ClosureReason
from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.districts import calendar_text
from publicmeeting.text.lifecycle.reasons_text import CLOSURE, CLOSURE_WORD
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.districts.closing import Calendar, CityMonday, Closed, CloseMonday

REASONS = tuple(Choice(reason.value, CLOSURE_WORD[reason]) for reason in CLOSURES)
PLACES = (
    Choice("", calendar_text.CHOOSE_WHERE),
    *(Choice(str(one.number), one.name) for one in DISTRICTS),
)


@dataclass(frozen=True)
class MondayLine:
    """One Monday: how far it is open, what is given, and where it is closed and why."""

    day: str
    open: str
    given: str
    closed: tuple[str, ...]


@dataclass(frozen=True)
class Result(ViewModel):
    """What closing would do; empty before it was looked at."""

    what: str = ""
    then: str = ""


def lines(seen: Calendar) -> list[MondayLine]:
    return [_line(one) for one in seen.mondays]


def choices(seen: Calendar) -> tuple[Choice, ...]:
    """Mondays that are still open somewhere."""
    return tuple(
        Choice(one.on.isoformat(), day_words(one.on)) for one in seen.mondays if _count(one, "open")
    )


def result(made: Closed, command: CloseMonday) -> Result:
    given = (
        calendar_text.OWED.format(count=grouped(made.holders))
        if made.holders
        else calendar_text.COUNTS
    )
    what = calendar_text.WOULD.format(day=day_words(made.on), where=where(made, command.district))
    return Result(what, given)


def done(made: Closed, district: str) -> str:
    said = calendar_text.DONE.format(day=day_words(made.on), where=where(made, district))
    owed = calendar_text.DONE_OWED.format(count=grouped(made.holders)) if made.holders else ""
    return f"{said} {owed}".strip()


def where(made: Closed, district: str) -> str:
    """The district's name, the whole city, or as much of it as is still open."""
    if district:
        return staff_text.DISTRICT.format(district=persian(district))
    if made.districts == len(DISTRICTS):
        return calendar_text.WHOLE_CITY
    return calendar_text.IN_DISTRICTS.format(count=persian(made.districts))


def _line(one: CityMonday) -> MondayLine:
    open_, held = _count(one, "open"), _count(one, "held")
    parts = [calendar_text.OPEN_IN.format(count=persian(open_)) if open_ else ""]
    parts += [calendar_text.HELD_IN.format(count=persian(held)) if held else ""]
    given = (
        calendar_text.HOLDERS.format(count=grouped(one.holders))
        if one.holders
        else calendar_text.NOT_DRAWN
    )
    return MondayLine(
        day=day_words(one.on),
        open="، ".join(filter(None, parts)) or calendar_text.OPEN_NOWHERE,
        given=given if open_ else "",
        closed=_closed(one),
    )


def _closed(one: CityMonday) -> tuple[str, ...]:
    by_reason: defaultdict[str, list[int]] = defaultdict(list)
    for day in one.days:
        if day.state == "closed":
            by_reason[day.why].append(day.district)
    return tuple(
        calendar_text.CLOSED_IN.format(districts=_named(numbers, of=len(one.days)), why=_why(why))
        for why, numbers in by_reason.items()
    )


def _named(numbers: list[int], *, of: int) -> str:
    if len(numbers) == of:
        return calendar_text.WHOLE_CITY
    return "، ".join(staff_text.DISTRICT.format(district=persian(number)) for number in numbers)


def _why(code: str) -> str:
    return CLOSURE[ClosureReason(code)]


def _count(one: CityMonday, state: str) -> int:
    return sum(day.state == state for day in one.days)
