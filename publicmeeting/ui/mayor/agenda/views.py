"""View models of a Monday as the mayor sees it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from publicmeeting.domain.choices import AccessNeed, Original, SkipReason, is_fetched
from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.mondays import ON, MondayState
from publicmeeting.domain.stages import CALLED_BY_NAME, EXPECTED, IN_HALL, UNCONFIRMED, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, weekday_day, weekday_letter
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import in_order, shown
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.reasons_text import SKIP, closure
from publicmeeting.text.lifecycle.stages_text import STAGE, late_words
from publicmeeting.text.meetings import agenda_text, reception_text
from publicmeeting.text.meetings.estimate_text import delay_words
from publicmeeting.text.orders import orders_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.models import Badge, Choice, Row, Tile
from publicmeeting.ui.mayor.table import seat_kind
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.meetings.agenda import Agenda, DayBoard, Visitor
from publicmeeting.usecases.orders.lists import OrderLine

LATE_SHOWN = 3
SKIPS = [Choice(reason.value, SKIP[reason]) for reason in SkipReason]


@dataclass(frozen=True)
class Guest(ViewModel):
    """A visitor with a seat today; `may_call_in` may be true before it is her turn."""

    code: str = ""
    tile: Tile = field(default_factory=Tile)
    name: str = ""
    line: str = ""
    title: str = ""
    time: str = ""
    state: str = ""
    """What happened to her on this day, and since when."""
    badge: Badge = field(default_factory=Badge)
    href: str = ""
    is_next: bool = False
    is_here: bool = False
    """Whether she is in the hall but not yet in the room."""
    is_late: bool = False
    calls: int = 0
    may_call: bool = False
    may_call_in: bool = False
    may_go_on: bool = False
    """Whether this account may end her meeting, also with an order in hand."""
    may_send_back: bool = False
    may_ring: bool = False
    """Whether she is telephoned and her time has come."""


@dataclass(frozen=True)
class Day(ViewModel):
    title: str = ""
    on: str = ""
    """The day as an ISO date; "" if no Monday is ahead."""
    other_day: str = ""
    """A sentence if the day is not today."""
    others: str = ""
    """A sentence for a deputy who does not hold the day."""
    guests: tuple[Guest, ...] = ()
    in_room: Guest = Guest()
    next: Guest = Guest()
    progress: str = ""
    lateness: str = ""
    late: tuple[Row, ...] = ()
    late_more: str = ""
    late_count: str = ""
    """How many orders are late, on the day itself: their list is below the visitors then."""
    empty: str = ""
    empty_lead: str = ""
    closed: bool = False
    is_today: bool = False
    is_entry_open: bool = False
    """Whether a morning held on paper can be entered now."""
    until: tuple[Tile, ...] = ()
    """The days from today to the shown Monday, if that is another day."""
    until_label: str = ""


def day(seen: Agenda) -> Day:
    board = seen.board
    if board is None:
        return Day(
            late=_late_rows(seen),
            late_more=_late_more(seen),
            empty=reception_text.NO_MONDAY,
            empty_lead=reception_text.NO_MONDAY_LEAD,
        )
    today = tehran_day(board.now)
    on, name = board.monday.on, weekday_day(board.monday.on)
    guests = tuple(_guest(visitor, board) for visitor in board.visitors)
    closed = board.monday.state not in ON
    empty, lead = _empty(board, closed=closed)
    return Day(
        on=on.isoformat(),
        title=(agenda_text.TODAY if on == today else agenda_text.TITLE).format(day=name),
        other_day="" if on == today else agenda_text.NOT_TODAY_MORE.format(day=name),
        others="" if seen.holds else agenda_text.OTHERS_MORE,
        guests=guests,
        in_room=_inside(guests, board),
        next=_next(guests),
        progress=agenda_text.PROGRESS.format(met=persian(seen.done), all=persian(len(guests))),
        lateness=delay_words(board.entry) if board.entry else "",
        late=_late_rows(seen),
        late_more=_late_more(seen),
        late_count=_late_count(seen) if on == today else "",
        empty=empty,
        empty_lead=lead,
        closed=closed,
        is_today=on == today,
        is_entry_open=seen.holds and board.takes_paper,
        until=_until(today, on),
        until_label=agenda_text.UNTIL_DAYS.format(days=dates_text.days((on - today).days)),
    )


def people_of(board: DayBoard) -> Day:
    """Return who is there, in the room and to be called in next, for the meeting's page."""
    guests = tuple(_guest(visitor, board) for visitor in board.visitors)
    return Day(
        guests=guests,
        in_room=_inside(guests, board),
        next=next((g for g in guests if g.is_next and g.may_call_in), Guest()),
        is_today=board.monday.on == tehran_day(board.now),
    )


def _inside(guests: tuple[Guest, ...], board: DayBoard) -> Guest:
    return next((g for g in guests if board.in_room and g.code == board.in_room.code), Guest())


def _late_rows(seen: Agenda) -> tuple[Row, ...]:
    return tuple(late_row(line) for line in seen.late[:LATE_SHOWN])


def _late_more(seen: Agenda) -> str:
    more = len(seen.late) > LATE_SHOWN
    return agenda_text.LATE_ALL.format(count=persian(len(seen.late))) if more else ""


def _late_count(seen: Agenda) -> str:
    return agenda_text.LATE_COUNT.format(count=persian(len(seen.late))) if seen.late else ""


def _until(today: date, on: date) -> tuple[Tile, ...]:
    if on <= today:
        return ()
    days = [today + timedelta(days=n) for n in range((on - today).days + 1)]
    kinds = ["now", *["raw"] * (len(days) - 2), "end"]
    return tuple(Tile(kind, weekday_letter(day)) for kind, day in zip(kinds, days, strict=True))


def late_row(line: OrderLine) -> Row:
    """Return the row of a late order."""
    return Row(
        title=line.title,
        meta=f"{orders_text.RIGHT_ORDER if line.owes_right_order else line.unit}\u00a0· "
        f"{shown(line.number)}",
        href=f"/mayor/orders/{line.number}/",
        tile=Tile("late", persian(line.late_days)),
        end=late_words(line.late),
        late=True,
    )


def _guest(visitor: Visitor, board: DayBoard) -> Guest:
    open_ = {step.action for step in visitor.steps}
    needs = [needs_text.ACCESS_NEED[AccessNeed(need)] for need in visitor.needs]
    if is_fetched(visitor.needs) and visitor.stage in CALLED_BY_NAME:
        needs.append(agenda_text.IS_FETCHED)
    return Guest(
        code=visitor.code,
        tile=Tile(seat_kind(visitor), persian(visitor.number)),
        name=visitor.name or agenda_text.NAME_HIDDEN,
        line="، ".join([subject(visitor.subject).name, *needs]),
        title=visitor.title,
        time=dates_text.clock(visitor.time),
        state=_state(visitor),
        badge=_badge(visitor, is_off=board.monday.state is MondayState.CLOSED),
        href=f"/mayor/meeting/{visitor.code}/",
        is_next=board.next is not None and board.next.code == visitor.code,
        is_here=visitor.stage in IN_HALL,
        is_late=visitor.came_late,
        calls=visitor.rings if visitor.by_telephone else visitor.calls,
        may_call=Action.CALL in open_,
        may_call_in=Action.CALL_IN in open_,
        may_go_on=Action.FINISH_REFUSED in open_,
        may_send_back=Action.SEND_BACK in open_,
        may_ring=not {Action.RING, Action.REACH}.isdisjoint(open_),
    )


def _next(guests: tuple[Guest, ...]) -> Guest:
    """Return the visitor who goes in next; if nobody has come, the first who is expected."""
    expected = (g for g in guests if g.may_call or g.may_ring)
    return next((g for g in guests if g.is_next), None) or next(expected, Guest())


def _state(visitor: Visitor) -> str:
    """Return the arrival of a visitor in one line."""
    parts = []
    if visitor.is_changed:
        parts.append(road_text.CHANGED)
    if visitor.by_telephone:
        parts += _telephone(visitor)
    if visitor.in_room_since:
        parts.append(agenda_text.SINCE.format(time=clock_words(visitor.in_room_since)))
    elif visitor.came_at:
        parts.append(agenda_text.CAME.format(time=clock_words(visitor.came_at)))
    elif visitor.arrived_at and not visitor.met:
        parts.append(agenda_text.CAME_THEN.format(time=clock_words(visitor.arrived_at)))
    if visitor.came_late:
        parts.append(agenda_text.CAME_LATE)
    if visitor.original is Original.NOT_HERS:
        parts.append(agenda_text.NOT_HERS)
    if visitor.calls and not visitor.met and not visitor.in_room_since:
        parts.append(agenda_text.CALLED.format(times=dates_text.times(visitor.calls)))
    return "\u00a0· ".join(parts)


def _telephone(visitor: Visitor) -> list[str]:
    words = [reception_text.TELEPHONE]
    if visitor.mobile:
        mobile = in_order(persian(visitor.mobile))
        words = [reception_text.TELEPHONE_AT.format(mobile=mobile)]
    if visitor.rings:
        words.append(reception_text.RUNG.format(times=dates_text.times(visitor.rings)))
    return words


def _badge(visitor: Visitor, *, is_off: bool) -> Badge:
    if visitor.in_room_since:
        return Badge(reception_text.IN_ROOM, "saffron", "meet")
    if visitor.met:
        return Badge(reception_text.MET, "glaze", "check")
    if visitor.missed:
        return Badge(reception_text.ABSENT, "brick", "flag")
    if visitor.by_telephone and not visitor.came_at:
        return Badge(reception_text.TELEPHONE_BADGE, "neutral", "phone")
    if visitor.came_at:
        return Badge(reception_text.HERE, "glaze", "person")
    # If the Monday was cancelled, nobody was passed over.
    passed_over = STAGE[visitor.stage] if is_off else reception_text.SKIPPED
    is_expected = visitor.stage in EXPECTED | UNCONFIRMED
    return Badge(agenda_text.NOT_YET if is_expected else passed_over)


def _empty(board: DayBoard, *, closed: bool) -> tuple[str, str]:
    if closed:
        why = board.monday.why
        return agenda_text.CLOSED, closure(why) if why else agenda_text.CLOSED_LEAD
    if board.visitors:
        return "", ""
    if board.freed:
        return reception_text.ALL_FREED, reception_text.ALL_FREED_LEAD[bool(board.standby)]
    if board.monday.on == tehran_day(board.now):
        return agenda_text.EMPTY, reception_text.EMPTY
    return agenda_text.NOT_DRAWN, agenda_text.NOT_DRAWN_LEAD
