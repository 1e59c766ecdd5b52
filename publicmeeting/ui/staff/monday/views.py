"""View models of the reception's page, from the board of a Monday."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from publicmeeting.domain.choices import is_fetched
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.mondays import ON, MondayState
from publicmeeting.domain.records import STAND_IN
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import EXPECTED, IN_HALL, SEATED, SLIPS, UNCONFIRMED, Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.lifecycle.reasons_text import closure
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.meetings import day_place_text, paper_text, reception_text
from publicmeeting.text.meetings.estimate_text import delay_words
from publicmeeting.text.officials import staff_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.models import Badge, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.steps.views import StepButton, needs_form, step_buttons
from publicmeeting.ui.staff.monday.preparing import PrepareRow, need_badges, prepare_rows, progress
from publicmeeting.usecases.lifecycle.steps import OWN_USE_CASE
from publicmeeting.usecases.meetings.agenda import DayBoard, FromPaper, Visitor
from publicmeeting.usecases.meetings.coming.preparing import Preparation
from publicmeeting.usecases.meetings.deputies import Holder
from publicmeeting.usecases.meetings.in_hall.standby import StandbyPerson, shown_first

_RUNG_FIRST: Mapping[str, int] = {Action.REACH: 0, Action.RING: 1}
JUST_NOW = timedelta(minutes=2)
"""How long after an arrival a second scan counts as the same arrival."""


class Group(Enum):
    """Where a visitor is on the day, in the order of the page."""

    ROOM = auto()
    HALL = auto()
    AWAY = auto()
    SKIPPED = auto()
    DONE = auto()


GROUPS = {
    Group.ROOM: reception_text.GROUP_ROOM,
    Group.HALL: reception_text.GROUP_HALL,
    Group.AWAY: reception_text.GROUP_AWAY,
    Group.SKIPPED: reception_text.GROUP_SKIPPED,
    Group.DONE: reception_text.GROUP_DONE,
}


@dataclass(frozen=True)
class VisitorRow:
    """One seat of the day. `at_once` are the actions that need no form."""

    code: str
    number: str
    time: str
    name: str
    title: str
    status: str
    badge: Badge
    needs: tuple[Badge, ...]
    tile: Tile
    buttons: tuple[StepButton, ...]
    at_once: tuple[str, ...]
    whole_card: bool = False
    """Whether four digits of her card are not enough."""
    calls: int = 0
    """How often she was called today; a press says how many its page showed."""
    is_next: bool = False
    came: str = ""
    """The answer to a pass of a visitor who has come already, or comes too late; else empty."""
    head: str = ""
    """Heading of the group, on its first line."""


@dataclass(frozen=True)
class StandbyRow:
    """One person of the drawn line; `place` is in words, `badge` is set when she is present."""

    code: str
    digits: str
    place: str
    badge: Badge
    whole_card: bool = False
    """Whether four digits of her card are not enough."""


@dataclass(frozen=True)
class Day(ViewModel):
    """The day: what is above the list, its seats, its visitors and the drawn line."""

    day: str = ""
    on: str = ""
    """The day as an ISO date."""
    district: int = 0
    where: str = ""
    """The district in words."""
    holder: str = ""
    is_unheld: bool = False
    """Whether nobody can receive on this day: nobody is called in then."""
    apart: str = ""
    """Where it is held, if not in the district's hall, and who sits beside the mayor."""
    late: str = ""
    is_late: bool = False
    summary: str = ""
    notice: str = ""
    notice_lead: str = ""
    free: str = ""
    freed_lead: str = ""
    """What becomes of the seats, if every seat of the day was released."""
    standby_none: str = ""
    unseen: bool = False
    """Whether a name has become visible that this account has not opened."""
    seats: tuple[Tile, ...] = ()
    visitors: tuple[VisitorRow, ...] = ()
    standby: tuple[StandbyRow, ...] = ()
    standby_more: str = ""
    """How many more are in the drawn line, and how to find one of them."""
    prepare: tuple[PrepareRow, ...] = ()
    is_ahead: bool = False
    """Whether the day is still ahead: the checklist is open until then."""
    is_entry_open: bool = False
    """Whether a morning held on paper can be entered now."""
    prepared: str = ""
    """How many needs are prepared; "" if there is nothing to show."""


def _visitors(board: DayBoard) -> tuple[VisitorRow, ...]:
    following = board.next.code if board.next else ""
    today = board.monday.on == tehran_day(board.now)
    if not today:
        return tuple(_visitor(visitor, board.now, today=False) for visitor in board.visitors)
    rows = []
    for group, title in GROUPS.items():
        some = [visitor for visitor in board.visitors if _group(visitor) is group]
        some.sort(key=lambda visitor: group is Group.HALL and visitor.came_late)
        for visitor in some:
            head = "" if visitor is not some[0] else title.format(count=persian(len(some)))
            rows.append(_visitor(visitor, board.now, is_next=visitor.code == following, head=head))
    return tuple(rows)


def _group(visitor: Visitor) -> Group:
    if visitor.in_room_since:
        return Group.ROOM
    if visitor.came_at:
        return Group.HALL
    if visitor.met:
        return Group.DONE
    return Group.SKIPPED if _is_passed_over(visitor) else Group.AWAY


def _is_passed_over(visitor: Visitor) -> bool:
    """Return whether the day ended before she was received, although she may have been there."""
    is_here = visitor.came_at is not None or visitor.in_room_since is not None
    is_open = is_here or visitor.stage in EXPECTED | UNCONFIRMED
    return not (is_open or visitor.met or visitor.missed)


def _visitor(
    visitor: Visitor, now: datetime, *, is_next: bool = False, today: bool = True, head: str = ""
) -> VisitorRow:
    # The undo button offers to undo a mistake for some seconds. Steps that the account has as a
    # desk are not offered here, between two visitors.
    steps = [
        step
        for step in visitor.steps
        if step.action not in {*OWN_USE_CASE, *SLIPS} and Role.RECEPTION in step.by
    ]
    return VisitorRow(
        code=visitor.code,
        number=persian(visitor.number),
        time=dates_text.clock(visitor.time),
        name=visitor.name or "",
        title=visitor.title,
        status=_status(visitor, now),
        badge=_badge(visitor, is_next=is_next) if today else Badge(STAGE[visitor.stage]),
        needs=tuple(need_badges(visitor.needs)),
        tile=Tile(_kind(visitor), persian(visitor.number)),
        buttons=_buttons(steps, is_next=is_next, is_rung=visitor.by_telephone),
        at_once=tuple(str(s.action) for s in steps if _is_at_once(s, is_next=is_next)),
        whole_card=visitor.is_unproved,
        calls=visitor.rings if visitor.by_telephone else visitor.calls,
        is_next=is_next,
        came=_came(visitor, now),
        head=head,
    )


def _buttons(
    steps: Sequence[Step], *, is_next: bool, is_rung: bool = False
) -> tuple[StepButton, ...]:
    """Return a line's buttons.

    Going in is the main button only for the visitor who is next. For a citizen who is telephoned,
    the main button records that she has answered.
    """
    quiet = {Action.ARRIVE} if is_rung else set()
    quiet |= set() if is_next else {Action.CALL_IN}
    made = tuple(
        replace(button, kind="secondary")
        if button.action in quiet
        else replace(button, kind="primary")
        if button.action == Action.REACH
        else button
        for button in step_buttons(steps)
    )
    return tuple(sorted(made, key=lambda button: _RUNG_FIRST.get(button.action, 2)))


def _came(visitor: Visitor, now: datetime) -> str:
    """Return what to tell a visitor whose pass is read and who cannot be received now.

    That is when she was recorded, for a pass that is shown again or a photograph of it; or that her
    seat has gone to another.
    """
    if visitor.is_given_on:
        return reception_text.GIVEN_ON_TODAY.format(number=persian(visitor.number))
    if visitor.met:
        return reception_text.MET_TODAY.format(number=persian(visitor.number))
    if visitor.in_room_since:
        time = clock_words(visitor.in_room_since)
        return reception_text.IN_ROOM_NOW.format(number=persian(visitor.number), time=time)
    if visitor.came_at is None:
        return ""
    is_new = now - visitor.came_at < JUST_NOW
    words = reception_text.JUST_CAME if is_new else reception_text.CAME_BEFORE
    return words.format(number=persian(visitor.number), time=clock_words(visitor.came_at))


def _is_at_once(step: Step, *, is_next: bool) -> bool:
    """Return whether the step needs no form. Calling in a visitor who is not next needs a
    reason."""
    return not needs_form(step) and (is_next or Need.SKIP not in step.may)


def _badge(visitor: Visitor, *, is_next: bool) -> Badge:
    if visitor.in_room_since:
        return Badge(reception_text.IN_ROOM, "saffron", "meet")
    if visitor.met:
        return Badge(reception_text.MET, "glaze", "check")
    if visitor.missed:
        return Badge(reception_text.ABSENT, "brick", "close")
    if visitor.came_at:
        return Badge(reception_text.NEXT if is_next else reception_text.HERE, "glaze", "person")
    if visitor.by_telephone and visitor.stage in EXPECTED:
        return Badge(reception_text.TELEPHONE_BADGE, "neutral", "phone")
    return Badge(_expected(visitor))


def _expected(visitor: Visitor) -> str:
    """Return her badge: her stage if she has not confirmed, or that her turn was passed over.

    The heading says of those who are expected that they have not come.
    """
    if visitor.stage in EXPECTED:
        return ""
    return STAGE[visitor.stage] if visitor.stage in UNCONFIRMED else reception_text.SKIPPED


def _kind(visitor: Visitor) -> str:
    if visitor.in_room_since:
        return "now"
    if visitor.met:
        return "glazed"
    if visitor.missed:
        return "late"
    if visitor.came_at:
        return "candidate"
    return "raw"


def _status(visitor: Visitor, now: datetime) -> str:
    parts = [road_text.CHANGED] if visitor.is_changed else []
    if visitor.why == STAND_IN:
        parts.append(reception_text.STOOD_IN)
    if visitor.present_at and visitor.stage in EXPECTED | UNCONFIRMED:
        present = reception_text.NOTED_PRESENT.format(time=clock_words(visitor.present_at))
        parts.append(present)
    if visitor.in_room_since:
        parts.append(reception_text.INSIDE_SINCE.format(time=clock_words(visitor.in_room_since)))
    elif visitor.came_at:
        came = reception_text.CAME_LATE if visitor.came_late else reception_text.CAME
        parts.append(came.format(time=clock_words(visitor.came_at)))
    if visitor.by_telephone:
        parts.insert(0, _telephone(visitor))
    if visitor.from_paper:
        parts.append(_paper(visitor.from_paper, now))
    parts.append(_original(visitor))
    parts.append(_card(visitor))
    if (
        is_fetched(visitor.needs)
        and not visitor.met
        and not visitor.missed
        and not visitor.in_room_since
    ):
        parts.append(reception_text.IS_FETCHED)
    if visitor.calls and not visitor.met and not visitor.in_room_since:
        called = reception_text.FETCHED if is_fetched(visitor.needs) else reception_text.CALLED
        parts.append(called.format(times=dates_text.times(visitor.calls)))
        parts.append(_after_calls(visitor, now))
    return "\u00a0· ".join(filter(None, parts))


def _after_calls(visitor: Visitor, now: datetime) -> str:
    """Return what is expected of a visitor who was called and is not in the room."""
    if visitor.is_given_on:
        return reception_text.GIVEN_ON
    if visitor.coming_at:
        return reception_text.COMING.format(time=clock_words(visitor.coming_at))
    if visitor.stage in EXPECTED | IN_HALL:
        return _when_absent(visitor, now)
    return ""


def _card(visitor: Visitor) -> str:
    """Return a hint if her whole card number must be typed."""
    is_shown = visitor.stage in EXPECTED | UNCONFIRMED and not visitor.by_telephone
    return reception_text.NEEDS_WHOLE_CARD if visitor.is_unproved and is_shown else ""


def _original(visitor: Visitor) -> str:
    """Return what to check on the paper that gave her the seat, or what was found."""
    if visitor.original:
        return reception_text.ORIGINAL[visitor.original]
    papers = reception_text.OR.join(reception_text.PAPER[why] for why in visitor.papers)
    return reception_text.ORIGINAL_OPEN.format(papers=papers) if papers else ""


def _when_absent(visitor: Visitor, now: datetime) -> str:
    """Return what is missing before her absence may be recorded; "" if its button is there."""
    if any(step.action is Action.NO_SHOW for step in visitor.steps):
        return ""
    if visitor.absent_from is not None and now < visitor.absent_from:
        return reception_text.ABSENT_FROM.format(time=clock_words(visitor.absent_from))
    is_sought = is_fetched(visitor.needs)
    return reception_text.ABSENT_FETCHES if is_sought else reception_text.ABSENT_CALLS


def _paper(entered: FromPaper, now: datetime) -> str:
    return paper_text.FROM_PAPER_BY.format(
        who=entered.by or ROLE[entered.role], moment=dates_text.near_moment(entered.at, now)
    )


def _telephone(visitor: Visitor) -> str:
    words = reception_text.TELEPHONE
    if visitor.mobile:
        words = reception_text.TELEPHONE_AT.format(mobile=in_order(persian(visitor.mobile)))
    if visitor.rings and visitor.stage in EXPECTED:
        return f"{words}\u00a0· {reception_text.RUNG.format(times=dates_text.times(visitor.rings))}"
    return words


def _seats(board: DayBoard) -> tuple[Tile, ...]:
    """Return every seat of the day by time; unassigned seats are plain."""
    held = {visitor.time: _kind(visitor) for visitor in board.visitors}
    return tuple(
        Tile(held.get(time, "plain"), persian(at))
        for at, time in enumerate(board.monday.seats, start=1)
    )


def _more(left: int) -> str:
    return reception_text.STANDBY_MORE.format(count=grouped(left)) if left else ""


def standby_row(person: StandbyPerson) -> StandbyRow:
    present = Badge()
    if person.present_at:
        time = clock_words(person.present_at)
        present = Badge(reception_text.PRESENT.format(time=time), "glaze", "person")
    digits = persian(person.code)
    place = reception_text.STANDBY_PLACE.format(place=persian(person.place))
    return StandbyRow(person.code, digits, place, present, whole_card=person.is_unproved)


def why_not_noted(line: Sequence[StandbyPerson], day: Day, code: str) -> str:
    """Return why the presence of a standby can no longer be noted; "" if it can."""
    person = next((person for person in line if person.code == code), None)
    if person is None or day.standby_none:
        return staff_text.NO_LONGER
    row = standby_row(person)
    return present_already(row) if row.badge.word else ""


def present_already(row: StandbyRow) -> str:
    return reception_text.PRESENT_ALREADY.format(place=row.place, status=row.badge.word)


def day_view(board: DayBoard, holder: Holder | None, needs: Sequence[Preparation] = ()) -> Day:
    day = weekday_day(board.monday.on)
    today = board.monday.on == tehran_day(board.now)
    first, lead = _notice(board, day, today=today)
    # After the last meeting, and on a closed day, nobody is seated (`require_standby`).
    is_over = today and (board.monday.state not in ON or board.monday.has_ended)
    line = () if is_over else board.standby
    listed = shown_first(line)
    none = reception_text.STANDBY_EMPTY if today else reception_text.STANDBY_OTHER_DAY
    if is_over:
        none = reception_text.STANDBY_OVER
    return Day(
        day=day,
        on=board.monday.on.isoformat(),
        district=board.monday.district,
        where=staff_text.DISTRICT.format(district=persian(board.monday.district)),
        apart="\u00a0· ".join(day_place_text.facts(board.monday.place, board.monday.guest)),
        holder=reception_text.HOLDS.format(role=ROLE[holder.role], name=holder.name)
        if holder
        else "",
        is_unheld=holder is None and board.monday.state in ON and not board.monday.has_ended,
        late=delay_words(board.entry) if board.entry else "",
        is_late=bool(board.entry and board.entry.is_late),
        summary=summary_words(board.visitors) if today else "",
        notice=first,
        notice_lead=lead,
        free=_free(board.free) if today and not is_over else "",
        freed_lead=_freed(board) if today else "",
        standby_none="" if line else none,
        unseen=today and any(visitor.name is None and visitor.steps for visitor in board.visitors),
        seats=_seats(board),
        visitors=_visitors(board),
        standby=tuple(standby_row(person) for person in listed),
        standby_more=_more(len(line) - len(listed)),
        prepare=prepare_rows(needs),
        is_ahead=not today,
        is_entry_open=board.takes_paper,
        prepared=progress(needs, today=today),
    )


def _notice(board: DayBoard, day: str, *, today: bool) -> tuple[str, str]:
    if board.monday.state is MondayState.CLOSED:
        return reception_text.CLOSED, closure(board.monday.why)
    return (
        ("", "")
        if today
        else (reception_text.NOT_TODAY, reception_text.NOT_TODAY_LEAD.format(day=day))
    )


def _freed(board: DayBoard) -> str:
    if not board.freed or board.monday.state is MondayState.CLOSED:
        return ""
    return reception_text.ALL_FREED_LEAD[bool(board.standby)]


def summary_words(visitors: Collection[Visitor]) -> str:
    """Return how many were met, are here, did not come, are still expected or were passed over.

    Counts of nobody are left out: in the morning they would stand before the only one that matters.
    """
    inside = sum(v.in_room_since is not None for v in visitors)
    counts = (
        (reception_text.SUM_MET, sum(v.met for v in visitors)),
        (reception_text.SUM_INSIDE, inside),
        (reception_text.SUM_HERE, sum(bool(v.came_at) for v in visitors) - inside),
        (reception_text.SUM_ABSENT, sum(v.missed for v in visitors)),
        (reception_text.SUM_LEFT, sum(v.stage in SEATED for v in visitors)),
        (reception_text.SUM_SKIPPED, sum(_is_passed_over(v) for v in visitors)),
    )
    return "، ".join(
        words.format(count=dates_text.people(count)) for words, count in counts if count
    )


def _free(times: tuple[str, ...]) -> str:
    if not times:
        return reception_text.NO_SEAT_FREE
    return reception_text.SEAT_FREE.format(
        times="، ".join(dates_text.clock(time) for time in times)
    )
