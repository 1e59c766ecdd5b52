"""The mayor's orders on the page: paper, badge, promise clock, the question, what she may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from publicmeeting.domain.advance import road_ahead
from publicmeeting.domain.calendar import is_working_day
from publicmeeting.domain.records import Image
from publicmeeting.domain.stages import OrderAction
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words, parts, weekday_day
from publicmeeting.text import dates, order_sheet
from publicmeeting.text import my_case as words
from publicmeeting.text import road as said
from publicmeeting.text.stages import ORDER_STAGE, YOUR_ANSWER
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move, only, order_moves, without
from publicmeeting.ui.citizen.timeline.roads import photos
from publicmeeting.ui.design.models import Badge, OrderPaper, Photo, PromiseClock, PromiseDay
from publicmeeting.ui.shell.marks import HER_MOVE
from publicmeeting.usecases.order_lists import OrderLine
from publicmeeting.usecases.tracking import CitizenOrder, TimelinePage

_NO_BADGE = Badge()
_NO_PAPER = OrderPaper("typed", "", "", "", "")
_NO_CLOCK = PromiseClock("", "", "", "", (), "")
_DAY = timedelta(days=1)
_SATURDAY = 5
MOST_DAYS = 35
"""Of a long promise the clock shows five weeks around today."""


@dataclass(frozen=True)
class OrderView:
    number: str = ""
    anchor: str = ""
    unit: str = ""
    line: str = ""
    badge: Badge = _NO_BADGE
    image: str = ""
    image_says: str = ""
    paper: OrderPaper = _NO_PAPER
    """Where there is no picture: a referral is text alone."""
    text: str = ""
    clock: PromiseClock = _NO_CLOCK
    first_due: str = ""
    basis: str = ""
    """Over the question whether it was done: the unit's report, its words and pictures."""
    report: str = ""
    report_photos: tuple[Photo, ...] = ()
    done: Move = NO_MOVE
    contest: Move = NO_MOVE
    asked: str = ""
    asked_by: str = ""
    moves: tuple[Move, ...] = ()


def order_views(page: TimelinePage) -> list[OrderView]:
    return [_view(page, one) for one in page.orders]


def _view(page: TimelinePage, one: CitizenOrder) -> OrderView:
    line = one.line
    moves = order_moves(one.steps, line.number)
    marks = [mark for mark in page.marks if mark.order_number == line.number]
    done, contest = only(moves, OrderAction.CONFIRM_DONE), only(moves, OrderAction.CONTEST)
    asked = _newest(marks, OrderAction.ASK_CITIZEN)
    report = _newest(marks, OrderAction.REPORT) if done else None
    pictures = one.pictures.get(report.event_id, ()) if report else ()
    tells = only(moves, OrderAction.TELL_UNIT)
    rest = without(moves, OrderAction.CONFIRM_DONE, OrderAction.CONTEST, OrderAction.TELL_UNIT)
    return OrderView(
        number=line.number,
        anchor=f"order-{line.number}",
        unit=said.UNIT.format(unit=line.unit),
        line=words.ORDER_LINE.format(number=persian(line.number)),
        badge=_badge(line, marks),
        image=f"/images/{one.image.id}" if one.image else "",
        image_says=words.ORDER_IMAGE,
        paper=_paper(page, one),
        text=one.text,
        clock=_clock(page, line) if _is_running(line) else _NO_CLOCK,
        first_due=_first_due(line),
        basis=_basis(page, report, pictures) if report else "",
        report=(report.note or "") if report else "",
        report_photos=photos(pictures),
        done=done[0] if done else NO_MOVE,
        contest=contest[0] if contest else NO_MOVE,
        asked=(asked.note or "") if asked and tells else "",
        asked_by=f"{line.unit}، {dates.near_moment(asked.at, page.now)}"
        if asked and asked.at
        else "",
        moves=(*tells, *rest),
    )


def _is_running(line: OrderLine) -> bool:
    """The unit's report still lies ahead."""
    return any(step.action is OrderAction.REPORT for step in road_ahead(line.stage))


def _newest(marks: list[Mark], action: OrderAction) -> Mark | None:
    return next((mark for mark in reversed(marks) if mark.action is action), None)


def _badge(line: OrderLine, marks: list[Mark]) -> Badge:
    """Leaf only where she herself has said so; brick for what is late."""
    if line.late_days:
        return Badge(dates.late_words(line.late_days), "brick", "flag")
    if line.stage in HER_MOVE:
        return Badge(YOUR_ANSWER, "saffron", "bell")
    name = ORDER_STAGE[line.stage]
    if road_ahead(line.stage):
        return Badge(name, "glaze")
    ends = (OrderAction.CONFIRM_DONE, OrderAction.SETTLE, OrderAction.UPHOLD)
    ended = next((mark.action for mark in reversed(marks) if mark.action in ends), None)
    hers = ended is OrderAction.CONFIRM_DONE
    return Badge(name, "leaf", "check") if hers else Badge(name, "neutral", "check")


def _paper(page: TimelinePage, one: CitizenOrder) -> OrderPaper:
    district = page.request.district
    return OrderPaper(
        kind="typed",
        unit_name=order_sheet.head(district),
        title=order_sheet.TITLE,
        date=day_words(tehran_day(one.line.issued_at)),
        number=persian(one.line.number),
        district=district,
        text=one.text,
    )


def _first_due(line: OrderLine) -> str:
    if line.due_on == line.first_due_on:
        return ""
    if not line.extensions:
        return said.FIRST_DUE.format(day=weekday_day(line.first_due_on))
    times = dates.times(line.extensions)
    return words.NEWEST_DUE.format(day=weekday_day(line.first_due_on), times=times)


def _basis(page: TimelinePage, report: Mark, pictures: Sequence[Image]) -> str:
    told = words.REPORTED.format(moment=dates.near_moment(report.at, page.now) if report.at else "")
    if not pictures:
        return f"{told}."
    return words.WITH_PHOTOS.format(report=told, count=persian(len(pictures))) + "."


def _clock(page: TimelinePage, line: OrderLine) -> PromiseClock:
    today = tehran_day(page.now)
    late = line.days_left < 0
    says = words.DAYS_LATE if late else words.DAYS_LEFT if line.days_left else words.LAST_DAY
    return PromiseClock(
        lead=said.DUE_ON,
        due=day_words(line.due_on),
        number=persian(abs(line.days_left)),
        number_says=says,
        days=promise_days(tehran_day(line.issued_at), line.due_on, today),
        sentence=said.PROMISE_SAYS,
        unit=said.UNIT.format(unit=line.unit),
        late=late,
    )


def promise_days(issued: date, due: date, today: date) -> tuple[PromiseDay, ...]:
    """Working days from the order to its end, or to today where the end has passed."""
    last = max(due, today)
    first = issued
    if (last - first).days > MOST_DAYS:
        first = max(issued, min(_saturday(today) - 7 * _DAY, last - MOST_DAYS * _DAY))
        last = min(last, first + MOST_DAYS * _DAY)
    days = (first + at * _DAY for at in range((last - first).days + 1))
    return tuple(
        PromiseDay(_kind(day, issued, due, today), _column(day), persian(parts(day)[2]))
        for day in days
        if day == issued or is_working_day(day)
    )


def _kind(day: date, issued: date, due: date, today: date) -> str:
    if day == issued:
        return "pen"
    if day > due:
        return "late"
    if day == today:
        return "now"
    if day == due:
        return "end"
    return "glazed" if day < today else "raw"


def _saturday(day: date) -> date:
    return day - (_column(day) - 1) * _DAY


def _column(day: date) -> int:
    """1 for Saturday."""
    return (day.weekday() - _SATURDAY) % 7 + 1
