"""View models of a meeting: the visitor, her request, and the choices for the sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words, month_name, parts
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import day_of_year, shown
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.actions_text import already_done
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import orders_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.models import OrderPaper, Photo, Row, Tile
from publicmeeting.ui.mayor.days import Due
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.usecases.meetings.room import EarlierOrder, MeetingScreen
from publicmeeting.usecases.orders.lists import OrderLine
from publicmeeting.usecases.orders.pages import UnitChoice

LATE_TILES = 10
"""Maximum number of minutes over the slot that are drawn as tiles."""


@dataclass(frozen=True)
class BriefView:
    """What a unit has written before the meeting."""

    by: str
    text: str


@dataclass(frozen=True)
class Earlier:
    """An earlier promise to her."""

    head: str
    line: str
    stage: str
    failed: bool
    href: str


@dataclass(frozen=True)
class UnitChip:
    value: str
    label: str
    suggested: bool


@dataclass(frozen=True)
class DueChip:
    """A due date that is offered; `whole` contains the date beside the count."""

    value: str
    label: str
    day: str
    whole: str = ""


@dataclass(frozen=True)
class Table(ViewModel):
    """Everything beside and around the order sheet."""

    code: str = ""
    tile: Tile = field(default_factory=Tile)
    name: str = ""
    line: str = ""
    title: str = ""
    text: str = ""
    about: str = ""
    photos: tuple[Photo, ...] = ()
    briefs: tuple[BriefView, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    orders: tuple[Row, ...] = ()
    minutes: tuple[Tile, ...] = ()
    minutes_sentence: str = ""
    over_time: bool = False
    paper: OrderPaper = field(default_factory=OrderPaper)
    units: tuple[UnitChip, ...] = ()
    dues: tuple[DueChip, ...] = ()
    ink: str = ""
    """Address to which the browser saves the strokes."""
    refer_hint: str = ""
    inside: bool = False
    may_order: bool = False
    may_finish: bool = False
    from_paper: bool = False
    """Whether the meeting was on another day and only its promise is entered."""
    may_call_in: bool = False
    may_send_back: bool = False
    met: bool = False
    changed: str = ""
    """Warning that the database owner has written or changed a step."""
    refused_with: str = ""
    begun_by: str = ""
    """Who else wrote something for her that is on no order; empty for nobody."""
    not_yours: str = ""
    """Who holds the day, for whoever may not decide."""
    ended_by: str = ""
    """Who has ended the meeting and when, if it was not this page."""


@dataclass(frozen=True)
class Ended(ViewModel):
    """The stored pictures of a meeting, and what was written for it and is not recorded.

    That happens if somebody else has ended the meeting, or if it was ended without that sheet.
    While no order can be given, it is what does not stand on the sheet in sight.
    """

    sheets: tuple[Photo, ...] = ()
    left_over: str = ""
    is_drawn: bool = False
    ink: str = ""
    """What was drawn, for whoever may not see the visitor any more."""


def table(seen: MeetingScreen) -> Table:
    request = seen.request
    open_ = {step.action for step in seen.steps}
    ended = request.last(Action.FINISH, Action.FINISH_REFUSED)
    since = None if ended else seen.in_room_since
    used, tiles, minutes_sentence = minutes(since, seen.slot, seen.now)
    dues = tuple(
        DueChip(
            day.isoformat(),
            meeting_text.DAYS.format(days=persian(n)),
            due,
            meeting_text.WORKING_DAYS.format(days=persian(n), day=due),
        )
        for n, day in seen.due_choices
        for due in (dates_text.day_of_year(day, tehran_day(seen.now)),)
    )
    return Table(
        code=request.code,
        tile=Tile(
            "now" if since else "glazed" if ended else "plain",
            persian(seen.number) if seen.number else "",
        ),
        name=seen.person.name if seen.person else "",
        line=_line(seen),
        title=request.title,
        text=whole_text(request),
        about=_about(seen),
        photos=photo_views(seen.photos),
        briefs=tuple(_brief(event, seen.now) for event in seen.briefs),
        earlier=tuple(_earlier(order) for order in seen.earlier),
        orders=tuple(order_row(line, tehran_day(seen.now)) for line in seen.orders),
        minutes=tiles,
        minutes_sentence=minutes_sentence,
        over_time=bool(seen.slot) and used > seen.slot,
        paper=OrderPaper(
            "typed",
            meeting_text.LETTERHEAD.format(district=persian(request.district)),
            meeting_text.LETTERHEAD_SUB,
            day_words(tehran_day(seen.now)),
            persian(seen.next_number),
            district=request.district,
            foot=meeting_text.FOOT,
            log=seen.log.printed,
        ),
        units=tuple(UnitChip(u.unit.id, unit_label(u), u.suggested) for u in seen.units),
        dues=dues,
        ink=f"/ink/{request.code}",
        refer_hint=meeting_text.REFER_HINT.format(day=dues[-1].day) if dues else "",
        inside=since is not None,
        may_order=seen.from_paper or Action.FINISH_REFUSED in open_,
        from_paper=seen.from_paper,
        may_finish=Action.FINISH in open_,
        may_call_in=Action.CALL_IN in open_,
        may_send_back=Action.SEND_BACK in open_,
        met=ended is not None,
        changed=road_text.CHANGED_OFFICE if seen.is_changed else "",
        begun_by=meeting_text.BEGUN_BY.format(who="، ".join(seen.begun_by))
        if seen.begun_by
        else "",
        refused_with=(ended.note or "") if ended and ended.action is Action.FINISH_REFUSED else "",
        not_yours=meeting_text.NOT_YOURS_BUT.format(who=seen.holder)
        if seen.holder
        else meeting_text.NOT_YOURS,
    )


def how_ended(seen: MeetingScreen) -> str:
    """Return who has ended the meeting and when; empty if nobody has, or the clock."""
    ended = seen.request.last(Action.FINISH, Action.FINISH_REFUSED)
    if ended is None or seen.ended_by is None or not seen.number:
        return ""
    facts = {"number": seen.number, "by": seen.ended_by, "at": ended.pressed_at}
    return already_done({"already": ended.action.value, **facts})


def unit_label(choice: UnitChoice) -> str:
    """Return the unit's name, with a word if it has no officer who could read an order."""
    name = choice.unit.name
    return name if choice.is_served else orders_text.UNSERVED.format(unit=name)


def _line(seen: MeetingScreen) -> str:
    """Return her time and how long she has waited for it."""
    request = seen.request
    seated = request.last(Action.SEAT, Action.OFFER, Action.TAKE_FREE, Action.STAND_IN)
    waited = _weeks_waited(request.filed_at, seated.at if seated else seen.now)
    time = (
        request.seat.time if request.seat else str(seated.payload.get("time", "")) if seated else ""
    )
    if not time:
        return meeting_text.NO_SEAT.format(weeks=dates_text.weeks(waited))
    pattern = meeting_text.SEAT if waited else meeting_text.SEAT_NEW
    return pattern.format(time=dates_text.clock(time), weeks=dates_text.weeks(waited))


def _weeks_waited(filed_at: datetime, until: datetime) -> int:
    return max((until - filed_at).days // 7, 0)


def _about(seen: MeetingScreen) -> str:
    asked = [needs_text.ACCESS_NEED[AccessNeed(need)] for need in seen.request.needs]
    return "\u00a0· ".join([subject(seen.request.subject).name, *asked])


def _brief(event: Event, now: datetime) -> BriefView:
    pattern = meeting_text.BRIEF_DESK if event.role is Role.DESK else meeting_text.BRIEF
    day = dates_text.near_day(tehran_day(event.at), tehran_day(now))
    return BriefView(pattern.format(day=day), event.note or "")


def _earlier(order: EarlierOrder) -> Earlier:
    year, number, _ = parts(tehran_day(order.issued_at))
    when = f"{month_name(number)} {persian(year)}"
    return Earlier(
        head=meeting_text.EARLIER if order.same_subject else meeting_text.EARLIER_OTHER,
        line=meeting_text.EARLIER_LINE.format(when=when, unit=order.unit),
        stage=meeting_text.EARLIER_FAILED if order.contested else ORDER_STAGE[order.stage],
        failed=order.contested,
        href=f"/mayor/orders/{order.number}/",
    )


def order_row(line: OrderLine, today: date) -> Row:
    """Return an order of this meeting: its promise, which distinguishes it, then unit and due
    date."""
    title, *unit = [line.promise, line.unit] if line.promise else [line.unit]
    due = meeting_text.DUE_ROW.format(day=day_of_year(line.due_on, today))
    return Row(
        title=title,
        meta="\u00a0· ".join([*unit, due, str(shown(line.number))]),
        href=f"/mayor/orders/{line.number}/",
        icon="doc",
    )


def minutes(
    since: datetime | None, slot: timedelta, now: datetime
) -> tuple[timedelta, tuple[Tile, ...], str]:
    """Return her time in the room, a tile for each minute (hatched over time), and a sentence."""
    whole = int(slot.total_seconds() // 60)
    used = max(now - since, timedelta()) if since else timedelta()
    gone = int(used.total_seconds() // 60)
    within, over = min(gone, whole), min(max(gone - whole, 0), LATE_TILES)
    kinds = ["glazed"] * within + ["raw"] * (whole - within) + ["late"] * over
    label = meeting_text.OF_MINUTES.format(used=persian(gone), all=persian(whole))
    return used, tuple(Tile(kind) for kind in kinds), label


@dataclass(frozen=True)
class UnitDay:
    """A due date offered to one unit. It names the unit, because it is in a list of its own."""

    unit: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class UnitDue:
    """A chosen unit and its own due date; `other` is the date in words if it is not in `days`."""

    unit: str
    name: str
    on: str
    day: str
    other: str
    days: tuple[UnitDay, ...]


@dataclass(frozen=True)
class Desk(ViewModel):
    """The mayor's choices for the sheet being written."""

    way: str = ""
    papers: tuple[Photo, ...] = ()
    is_straight: bool = False
    units: tuple[str, ...] = ()
    due: Due = field(default_factory=Due)
    dues: tuple[UnitDue, ...] = ()
    urgent: bool = False
    recap: str = ""
    """Units and due date in one line."""


def first_units(units: Sequence[UnitChip]) -> list[str]:
    """Return the first unit of this subject, chosen on the first sheet until the mayor changes it.

    A second sheet is for another unit and begins with none.
    """
    return [unit.value for unit in units if unit.suggested][:1]


def default_due(dues: Sequence[DueChip]) -> str:
    """Return the longest of the offered dates, which is the rule's own."""
    return dues[-1].value if dues else ""


def unit_dues(table: Table, own: Mapping[str, str], today: date) -> list[UnitDue]:
    """Return a due date for each of several units; empty for one unit."""
    names = {unit.value: unit.label for unit in table.units}
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
                    unit, due.value, due.whole if due.value == day else due.label, due.value == day
                )
                for due in table.dues
            ),
        )
        for unit, day in own.items()
    ]


def recap(table: Table, units: Sequence[str], due: Due, today: date) -> str:
    """Return units and due date as a sentence."""
    names = {unit.value: unit.label for unit in table.units}
    names_of_units = "، ".join(names[unit] for unit in units if unit in names)
    if not names_of_units:
        return meeting_text.NO_UNIT
    pattern = meeting_text.RECAP_APART if due.apart else meeting_text.RECAP
    return pattern.format(units=names_of_units, day=day_of(due.on, today))


_DUE_OF = "due_on/"
"""Prefix of the field in a refusal of one unit's due date."""


def with_unit_names(errors: Mapping[str, str], table: Table) -> dict[str, str]:
    """Move the error of one unit's due date below all dates, with the unit's name."""
    names = {chip.value: chip.label for chip in table.units}
    named = dict[str, str]()
    for name, error in errors.items():
        unit = name.removeprefix(_DUE_OF)
        if unit == name:
            named[name] = error
        else:
            named["due_on"] = f"{names.get(unit, unit)}: {error}"
    return named


def day_of(value: str, today: date) -> str:
    """Return an ISO date in words; "" if it is invalid."""
    try:
        return day_of_year(date.fromisoformat(value), today)
    except ValueError:
        return ""


def other_day(value: str, dues: Sequence[DueChip], today: date) -> str:
    """Return the chosen date in words if it is none of those offered."""
    if any(due.value == value for due in dues):
        return ""
    return day_of(value, today)
