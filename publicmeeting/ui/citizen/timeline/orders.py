"""Her orders: each paper once with its promise and chain of custody, below it each unit's order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_working_day
from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.lifecycle.advance import road_ahead
from publicmeeting.domain.stages import OrderAction
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words, parts, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.roles_text import signed, who
from publicmeeting.text.lifecycle.stages_text import (
    LEVEL,
    ORDER_STAGE,
    YOUR_ANSWER,
    late_says,
    late_words,
)
from publicmeeting.text.orders import document_audit_text, sheet_text
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.shared import sorted_photos
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    NO_QUESTION,
    Move,
    QuestionView,
    done_place,
    only,
    order_moves,
    question_view,
    said_place,
    without,
)
from publicmeeting.ui.design.models import Badge, OrderPaper, Photo, PromiseClock, PromiseDay
from publicmeeting.ui.design.promise import day_kind
from publicmeeting.ui.reflex.view_model import OmitEmpty, ViewModel
from publicmeeting.ui.shell.marks import HER_MOVE
from publicmeeting.usecases.orders.lists import OrderLine
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper, CheckedPart
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import TimelinePage

_NO_BADGE = Badge()
_URGENT = Badge(citizen_orders_text.URGENT, "neutral", "flag")
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


MARK = 8
"""Characters of a hash that people compare."""
_NO_PAPER = OrderPaper("typed", "", "", "", "")

FormValidator = Mapping[str, CheckedPaper]


@dataclass(frozen=True)
class CustodyLine(OmitEmpty):
    """One file: what was done, when and by whom, and how its hash begins."""

    word: str
    when: str
    mark: str
    wrong: str = ""


@dataclass(frozen=True)
class CustodyView(ViewModel, OmitEmpty):
    """`sound` or `broken`; neither for a paper from before custody."""

    sound: str = ""
    broken: str = ""
    mark: str = ""
    mark_says: str = ""
    lines: tuple[CustodyLine, ...] = ()


NO_CUSTODY = CustodyView()


@dataclass(frozen=True)
class SheetView(OmitEmpty):
    """One paper; `number` is its own, which several orders may share."""

    number: str
    promise: str = ""
    shared: str = ""
    image: str = ""
    image_says: str = ""
    paper: OrderPaper = _NO_PAPER
    """Where there is no picture: a referral is text alone."""
    text: str = ""
    rest: str = ""
    """Where the text is not all that was written."""
    pdf: str = ""
    custody: CustodyView = NO_CUSTODY
    orders: tuple[OrderView, ...] = ()


def sheet_views(page: TimelinePage, papers: FormValidator) -> list[SheetView]:
    sheets: dict[str, list[CitizenOrder]] = {}
    for order in page.orders:
        sheets.setdefault(order.sheet, []).append(order)
    return [_view(page, orders, papers.get(sheet)) for sheet, orders in sheets.items()]


def _view(page: TimelinePage, orders: list[CitizenOrder], paper: CheckedPaper | None) -> SheetView:
    first, promises = orders[0], {promised(one) for one in orders}
    is_one_promise, is_shared = len(promises) == 1, len(orders) > 1
    return SheetView(
        number=first.sheet,
        promise=promised(first) if is_one_promise else "",
        shared=citizen_orders_text.SHARED.format(count=persian(len(orders))) if is_shared else "",
        image=f"/images/{first.image.id}" if first.image else "",
        image_says=case_text.ORDER_IMAGE,
        paper=_NO_PAPER if first.image else _paper(page, first),
        text=first.text,
        rest=citizen_orders_text.REST_BY_HAND if first.by_hand else "",
        pdf=f"/orders/{first.line.number}.pdf" if first.has_print else "",
        custody=custody_view(paper, page.request.district, page.now) if paper else NO_CUSTODY,
        orders=tuple(
            order_view(
                page, one, is_shared=is_shared, promise="" if is_one_promise else promised(one)
            )
            for one in orders
        ),
    )


def promised(one: CitizenOrder) -> str:
    """The sentence she reads first; where only the picture says it, to whom and until when."""
    if one.promise:
        return one.promise
    day = weekday_day(one.line.first_due_on)
    return citizen_orders_text.PROMISED_TO_UNIT.format(unit=one.line.unit, day=day)


def custody_view(paper: CheckedPaper, district: int, now: datetime) -> CustodyView:
    """What the files say today, part by part."""
    made = next((one for one in paper.parts if one.part is SheetPart.COMPOSED), None)
    if made is None:
        return NO_CUSTODY
    mark = made.sha256[:MARK]
    wrong = "، ".join(
        document_audit_text.PART[one.part] for one in paper.parts if one.found != "same"
    )
    since = {"day": weekday_day(tehran_day(made.at)), "time": clock_words(made.at)}
    return CustodyView(
        sound=document_audit_text.SOUND.format(**since) if paper.is_sound else "",
        broken=document_audit_text.BROKEN_LEAD.format(parts=wrong) if wrong else "",
        mark=mark,
        mark_says=document_audit_text.FINGER.format(mark=mark),
        lines=tuple(_line(one, district, now) for one in paper.parts),
    )


def _line(one: CheckedPart, district: int, now: datetime) -> CustodyLine:
    moment = dates_text.near_moment(one.at, now)
    return CustodyLine(
        word=document_audit_text.PART[one.part],
        when=document_audit_text.WHEN.format(moment=moment, who=who(one.role, district)),
        mark=one.sha256[:MARK],
        wrong="" if one.found == "same" else document_audit_text.CHANGED,
    )


def _paper(page: TimelinePage, one: CitizenOrder) -> OrderPaper:
    district = page.request.district
    return OrderPaper(
        kind="typed",
        unit_name=sheet_text.head(district),
        title=sheet_text.TITLE,
        date=day_words(tehran_day(one.line.issued_at)),
        number=persian(one.line.number),
        district=district,
        text=one.text,
    )


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
        unit=road_text.UNIT.format(unit=line.unit),
        shared=is_shared,
        promise=promise,
        badge=_badge(line, marks),
        urgent=_URGENT if one.is_urgent else _NO_BADGE,
        due_line=_due_line(page, line),
        clock=_clock(page, line) if _is_running(line) else _NO_CLOCK,
        late=_late(line),
        pause=citizen_orders_text.PAUSED.format(day=weekday_day(pause.until)) if pause else "",
        pause_then=citizen_orders_text.PAUSED_THEN.format(day=weekday_day(pause.latest))
        if pause
        else "",
        notes=tuple(order_notes(one, page.now)),
        basis=_basis(page, report, len(before) + len(after)) if report else "",
        report=(report.note or "") if report else "",
        before_photos=before,
        report_photos=after,
        answer_until=_answer_until(report) if report else "",
        done=done[0] if done else NO_MOVE,
        contest=contest[0] if contest else NO_MOVE,
        said=_done_question(one, moves),
        said_place=said_place(line.number),
        done_place=done_place(line.number),
        asked=(asked.note or "") if asked and notifies else "",
        asked_by=_asked_by(page, one, asked) if asked else "",
        moves=(*notifies, *rest),
    )


def _done_question(one: CitizenOrder, moves: Sequence[Move]) -> QuestionView:
    (move,) = only(moves, OrderAction.SAY_DONE) or (NO_MOVE,)
    if not move.key:
        return NO_QUESTION
    return question_view(
        move, citizen_orders_text.DONE_BASIS.format(day=weekday_day(one.line.due_on))
    )


def order_notes(one: CitizenOrder, now: datetime) -> Iterable[str]:
    """Sentences under the clock, the due date's own story first."""
    line, given = one.line, one.extension
    if line.due_on != line.first_due_on and not one.pause:
        yield citizen_orders_text.FIRST_DUE.format(day=weekday_day(line.first_due_on))
    if given:
        times = dates_text.times(line.extensions)
        yield citizen_orders_text.EXTENDED.format(day=weekday_day(given.until), times=times)
        if given.why:
            yield citizen_orders_text.WHY_EXTENDED.format(why=given.why)
        if given.note:
            yield citizen_orders_text.MAYOR_WROTE.format(note=given.note)
    if one.news_from:
        moment = dates_text.near_moment(one.news_from, now)
        asked = citizen_orders_text.NEWS_FROM.format(moment=moment)
        yield f"{asked} {citizen_orders_text.NEWS_WAITS}" if one.news_waits else asked
    if one.reopen_until:
        yield citizen_orders_text.REOPEN_UNTIL.format(day=weekday_day(one.reopen_until))


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
    return citizen_orders_text.DUE_LINE.format(day=weekday_day(line.due_on), left=left)


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
    return citizen_orders_text.ANSWER_UNTIL.format(until=dates_text.until_words(report.due_at))


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
        lead=road_text.DUE_ON,
        due=day_words(line.due_on),
        number=persian(line.late_days or line.days_left),
        number_says=late_says(line.late) if late else says,
        days=promise_days(tehran_day(line.issued_at), line.due_on, today),
        sentence=road_text.PROMISE_SAYS,
        unit=road_text.UNIT.format(unit=line.unit),
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
