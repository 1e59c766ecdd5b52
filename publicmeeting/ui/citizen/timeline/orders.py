"""One unit's order on the page: badge, promise clock, its story, the question, what she may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.advance import road_ahead
from publicmeeting.domain.calendar import is_working_day
from publicmeeting.domain.stages import OrderAction
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words, parts, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.levels_text import LEVEL, late_says, late_words
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, YOUR_ANSWER
from publicmeeting.text.tracking import case_text
from publicmeeting.text.tracking import citizen_orders_text as mine
from publicmeeting.text.tracking import road_text as said
from publicmeeting.ui.citizen.timeline.asks import NO_QUESTION, QuestionView, done_view
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    Move,
    done_place,
    only,
    order_moves,
    said_place,
    without,
)
from publicmeeting.ui.citizen.timeline.roads import sorted_photos
from publicmeeting.ui.design.models import Badge, Photo, PromiseClock, PromiseDay
from publicmeeting.ui.design.promise import day_kind
from publicmeeting.ui.design.view_model import OmitEmpty
from publicmeeting.ui.shell.marks import HER_MOVE
from publicmeeting.usecases.orders.lists import OrderLine
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import TimelinePage

_NO_BADGE = Badge()
_URGENT = Badge(mine.URGENT, "neutral", "flag")
_NO_CLOCK = PromiseClock("", "", "", "", (), "")
_DAY = timedelta(days=1)
_WITH_A_CARD = (
    OrderAction.CONFIRM_DONE,
    OrderAction.CONTEST,
    OrderAction.TELL_UNIT,
    OrderAction.SAY_DONE,
)
"""Their buttons stand elsewhere than among the others."""
_SATURDAY = 5
MOST_DAYS = 35
"""Of a long promise the clock shows five weeks around today."""


@dataclass(frozen=True)
class OrderView(OmitEmpty):
    """One unit's order beneath its paper; `shared` where the paper has others beside it."""

    number: str
    unit: str = ""
    shared: bool = False
    promise: str = ""
    """Where the orders of one paper promise different things."""
    badge: Badge = _NO_BADGE
    urgent: Badge = _NO_BADGE
    due_line: str = ""
    clock: PromiseClock = _NO_CLOCK
    late: str = ""
    """By how much, and how far up that has climbed."""
    pause: str = ""
    pause_then: str = ""
    notes: tuple[str, ...] = ()
    """What has become of its due date, and until when she may ask or open it again."""
    basis: str = ""
    """Over the question whether it was done: the unit's report, its words and pictures."""
    report: str = ""
    before_photos: tuple[Photo, ...] = ()
    report_photos: tuple[Photo, ...] = ()
    answer_until: str = ""
    """When her silence is taken as a yes."""
    done: Move = NO_MOVE
    contest: Move = NO_MOVE
    said: QuestionView = NO_QUESTION
    """After the due date, while no report has come."""
    said_place: str = ""
    done_place: str = ""
    asked: str = ""
    asked_by: str = ""
    moves: tuple[Move, ...] = ()


def order_view(
    page: TimelinePage, one: CitizenOrder, *, is_shared: bool, promise: str
) -> OrderView:
    line, pause = one.line, one.pause
    moves = order_moves(one.steps, line.number)
    marks = [mark for mark in page.marks if mark.order_number == line.number]
    done, contest = only(moves, OrderAction.CONFIRM_DONE), only(moves, OrderAction.CONTEST)
    report = _newest(marks, OrderAction.REPORT) if done else None
    before, after = sorted_photos(one.pictures.get(report.event_id, ()) if report else ())
    asked = _newest(marks, OrderAction.ASK_CITIZEN)
    notifies = only(moves, OrderAction.TELL_UNIT)
    rest = without(moves, *_WITH_A_CARD)
    return OrderView(
        number=line.number,
        unit=said.UNIT.format(unit=line.unit),
        shared=is_shared,
        promise=promise,
        badge=_badge(line, marks),
        urgent=_URGENT if one.is_urgent else _NO_BADGE,
        due_line=_due_line(page, line),
        clock=_clock(page, line) if _is_running(line) else _NO_CLOCK,
        late=_late(line),
        pause=mine.PAUSED.format(day=weekday_day(pause.until)) if pause else "",
        pause_then=mine.PAUSED_THEN.format(day=weekday_day(pause.latest)) if pause else "",
        notes=tuple(order_notes(one, page.now)),
        basis=_basis(page, report, len(before) + len(after)) if report else "",
        report=(report.note or "") if report else "",
        before_photos=before,
        report_photos=after,
        answer_until=_answer_until(report) if report else "",
        done=done[0] if done else NO_MOVE,
        contest=contest[0] if contest else NO_MOVE,
        said=done_view(one, moves),
        said_place=said_place(line.number),
        done_place=done_place(line.number),
        asked=(asked.note or "") if asked and notifies else "",
        asked_by=_asked_by(page, one, asked) if asked else "",
        moves=(*notifies, *rest),
    )


def order_notes(one: CitizenOrder, now: datetime) -> Iterable[str]:
    """Sentences under the clock, the due date's own story first."""
    line, given = one.line, one.extension
    if line.due_on != line.first_due_on and not one.pause:
        yield mine.FIRST_DUE.format(day=weekday_day(line.first_due_on))
    if given:
        times = dates_text.times(line.extensions)
        yield mine.EXTENDED.format(day=weekday_day(given.until), times=times)
        if given.why:
            yield mine.WHY_EXTENDED.format(why=given.why)
        if given.note:
            yield mine.MAYOR_WROTE.format(note=given.note)
    if one.news_from:
        moment = dates_text.near_moment(one.news_from, now)
        asked = mine.NEWS_FROM.format(moment=moment)
        yield f"{asked} {mine.NEWS_WAITS}" if one.news_waits else asked
    if one.reopen_until:
        yield mine.REOPEN_UNTIL.format(day=weekday_day(one.reopen_until))


def _late(line: OrderLine) -> str:
    """In the words that everybody reads of it."""
    if not line.late_days:
        return ""
    late, level = late_words(line.late), LEVEL[line.level]
    return f"{late}؛ {level}." if level else f"{late}."


def _due_line(page: TimelinePage, line: OrderLine) -> str:
    if not _is_running(line):
        return ""
    if line.late_days:
        left = late_words(line.late)
    else:
        left = dates_text.working_left_words(line.due_on, tehran_day(page.now))
    return mine.DUE_LINE.format(day=weekday_day(line.due_on), left=left)


def _asked_by(page: TimelinePage, one: CitizenOrder, asked: Mark) -> str:
    by = signed(asked.role, asked.district, one.units.get(asked.event_id, ""))
    return f"{by}، {dates_text.near_moment(asked.at, page.now)}" if asked.at else by


def _is_running(line: OrderLine) -> bool:
    """The unit's report still lies ahead."""
    return any(step.action is OrderAction.REPORT for step in road_ahead(line.stage))


def _newest(marks: list[Mark], action: OrderAction) -> Mark | None:
    return next((mark for mark in reversed(marks) if mark.action is action), None)


def _badge(line: OrderLine, marks: list[Mark]) -> Badge:
    """Leaf only where she herself has said so; brick for what is late."""
    if line.late_days:
        return Badge(late_words(line.late), "brick", "flag")
    if line.stage in HER_MOVE:
        return Badge(YOUR_ANSWER, "saffron", "bell")
    name = ORDER_STAGE[line.stage]
    if road_ahead(line.stage):
        return Badge(name, "glaze")
    ends = (OrderAction.CONFIRM_DONE, OrderAction.SETTLE, OrderAction.UPHOLD)
    ended = next((mark.action for mark in reversed(marks) if mark.action in ends), None)
    hers = ended is OrderAction.CONFIRM_DONE
    return Badge(name, "leaf", "check") if hers else Badge(name, "neutral", "check")


def _answer_until(report: Mark) -> str:
    if report.due_at is None:
        return ""
    return mine.ANSWER_UNTIL.format(until=dates_text.until_words(report.due_at))


def _basis(page: TimelinePage, report: Mark, pictures: int) -> str:
    told = case_text.REPORTED.format(
        moment=dates_text.near_moment(report.at, page.now) if report.at else ""
    )
    if not pictures:
        return f"{told}."
    return case_text.WITH_PHOTOS.format(report=told, count=persian(pictures)) + "."


def _clock(page: TimelinePage, line: OrderLine) -> PromiseClock:
    today = tehran_day(page.now)
    late = line.late_days > 0
    says = case_text.DAYS_LEFT if line.days_left > 0 else case_text.LAST_DAY
    return PromiseClock(
        lead=said.DUE_ON,
        due=day_words(line.due_on),
        number=persian(line.late_days or line.days_left),
        number_says=late_says(line.late) if late else says,
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
        PromiseDay(day_kind(day, issued, due, today), _column(day), persian(parts(day)[2]))
        for day in days
        if day == issued or is_working_day(day)
    )


def _saturday(day: date) -> date:
    return day - (_column(day) - 1) * _DAY


def _column(day: date) -> int:
    """1 for Saturday."""
    return (day.weekday() - _SATURDAY) % 7 + 1
