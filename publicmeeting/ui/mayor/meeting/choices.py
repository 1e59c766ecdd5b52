"""What is chosen for the sheet: its way, its units and their days, and how they are refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from publicmeeting.text.common.dates_text import day_of_year
from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.mayor.days import Due
from publicmeeting.ui.mayor.meeting.views import DueChip, Table, UnitChip
from publicmeeting.ui.reflex.view_model import ViewModel


@dataclass(frozen=True)
class UnitDay:
    """A day that is offered to one unit; it says for whom, as it stands in a list of its own."""

    unit: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class UnitDue:
    """A chosen unit and its own last day; `other` is that day in words if it is none of those
    offered in `days`."""

    unit: str
    name: str
    on: str
    day: str
    other: str
    days: tuple[UnitDay, ...]


@dataclass(frozen=True)
class Desk(ViewModel):
    """What the mayor has chosen for the sheet that is being written."""

    way: str = ""
    papers: tuple[Photo, ...] = ()
    is_straight: bool = False
    units: tuple[str, ...] = ()
    due: Due = field(default_factory=Due)
    dues: tuple[UnitDue, ...] = ()
    urgent: bool = False
    recap: str = ""
    """To whom and until when, in one line."""


def first_units(units: Sequence[UnitChip]) -> list[str]:
    """The unit that is asked first in this subject: on the first sheet chosen until the mayor
    chooses others. A second sheet is for somebody else, and begins with nobody."""
    return [one.value for one in units if one.suggested][:1]


def default_due(dues: Sequence[DueChip]) -> str:
    """The longest of the offered ones, which is the rule's own."""
    return dues[-1].value if dues else ""


def unit_dues(table: Table, own: Mapping[str, str], today: date) -> list[UnitDue]:
    """A day for each of several units; of one unit there is nothing to tell apart."""
    names = {one.value: one.label for one in table.units}
    if len(own) < 2:  # noqa: PLR2004 (several)
        return []
    return [
        UnitDue(
            unit,
            names.get(unit, ""),
            day,
            day_of(day, today),
            other_day(day, table.dues, today),
            tuple(
                UnitDay(
                    unit, one.value, one.whole if one.value == day else one.label, one.value == day
                )
                for one in table.dues
            ),
        )
        for unit, day in own.items()
    ]


def recap(table: Table, units: Sequence[str], due: Due, today: date) -> str:
    """Whom the sheet goes to and until when, as one says it."""
    names = {one.value: one.label for one in table.units}
    said = "، ".join(names[one] for one in units if one in names)
    if not said:
        return meeting_text.NO_UNIT
    pattern = meeting_text.RECAP_APART if due.apart else meeting_text.RECAP
    return pattern.format(units=said, day=day_of(due.on, today))


_DUE_OF = "due_on/"
"""How the refusal of one unit's day names its field."""


def with_unit_names(errors: Mapping[str, str], table: Table) -> dict[str, str]:
    """What is wrong with one unit's day is said under all days, with the unit's name."""
    names = {one.value: one.label for one in table.units}
    told = dict[str, str]()
    for name, said in errors.items():
        unit = name.removeprefix(_DUE_OF)
        if unit == name:
            told[name] = said
        else:
            told["due_on"] = f"{names.get(unit, unit)}: {said}"
    return told


def day_of(value: str, today: date) -> str:
    """An ISO day in words; nothing for what is none."""
    try:
        return day_of_year(date.fromisoformat(value), today)
    except ValueError:
        return ""


def other_day(value: str, dues: Sequence[DueChip], today: date) -> str:
    """The chosen day in words where it is none of those offered."""
    if any(one.value == value for one in dues):
        return ""
    return day_of(value, today)
