"""View models of a citizen's orders: each paper once with its promise and custody, then each unit's
order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from publicmeeting.domain.calendar import is_working_day
from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.stages import OrderAction
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.roles_text import signed, who
from publicmeeting.text.lifecycle.stages_text import (
    LEVEL,
    OWN_ORDER_STAGE,
    YOUR_ANSWER,
    late_caption,
    late_words,
)
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.shared import sorted_photos
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    NO_QUESTION,
    Move,
    QuestionView,
    move_of,
    only,
    question_place,
    question_view,
    report_place,
    without,
)
from publicmeeting.ui.design.models import Badge, OrderPaper, Photo, PromiseClock, PromiseDay
from publicmeeting.ui.design.paper import promise_day
from publicmeeting.ui.reflex.view_model import OmitEmpty, ViewModel
from publicmeeting.ui.shell.road import HER_MOVE
from publicmeeting.usecases.orders.lists import OrderLine
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper, CheckedPart, FileState
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
"""Actions whose buttons are on cards of their own."""
_SATURDAY = 5
MOST_DAYS = 35
"""Maximum days that the clock of a long promise shows: five weeks around today."""


@dataclass(frozen=True)
class OrderView(OmitEmpty):
    """One unit's order below its paper; `shared` if the paper has other orders too."""

    number: str
    unit: str = ""
    shared: bool = False
    promise: str = ""
    """Its own promise, if the orders of one paper promise different things."""
    badge: Badge = _NO_BADGE
    urgent: Badge = _NO_BADGE
    due_line: str = ""
    clock: PromiseClock = _NO_CLOCK
    late: str = ""
    """How late it is, and which level above the unit has been notified."""
    pause: str = ""
    pause_then: str = ""
    notes: tuple[str, ...] = ()
    """How its due date has changed, and until when she may ask for news or reopen it."""
    basis: str = ""
    """Line above the question whether the report is true: when the unit reported."""
    report: str = ""
    before_photos: tuple[Photo, ...] = ()
    report_photos: tuple[Photo, ...] = ()
    answer_until: str = ""
    """The end of her time to answer; after it her silence counts as a yes."""
    done: Move = NO_MOVE
    contest: Move = NO_MOVE
    done_question: QuestionView = NO_QUESTION
    """Whether the work was done: asked after the due date if no report has come."""
    done_question_place: str = ""
    report_place: str = ""
    question: str = ""
    """What the unit has asked her."""
    question_by: str = ""
    moves: tuple[Move, ...] = ()


MARK = 8
"""Number of characters of a hash that people compare."""
_NO_PAPER = OrderPaper("typed", "", "", "", "")

CheckedPapers = Mapping[str, CheckedPaper]
"""Number of a sheet → the result of checking its files."""


@dataclass(frozen=True)
class CustodyLine(OmitEmpty):
    """One file: what it is, when and by whom it was made, and the first characters of its hash."""

    word: str
    when: str
    mark: str
    wrong: str = ""


@dataclass(frozen=True)
class CustodyView(ViewModel, OmitEmpty):
    """Either `sound` or `broken` is set; neither for a paper from before custody was recorded."""

    sound: str = ""
    broken: str = ""
    mark: str = ""
    mark_label: str = ""
    lines: tuple[CustodyLine, ...] = ()


NO_CUSTODY = CustodyView()


@dataclass(frozen=True)
class SheetView(OmitEmpty):
    """One paper; `number` is the paper's own, which several orders may share."""

    number: str
    promise: str = ""
    shared: str = ""
    image: str = ""
    image_alt: str = ""
    paper: OrderPaper = _NO_PAPER
    """The paper as text, if there is no picture: a referral has only a text."""
    hidden: str = ""
    """Why neither picture nor text is here: the paper was issued on the wrong visitor's sheet."""
    text: str = ""
    rest: str = ""
    """A sentence if the sheet contains more than this text."""
    pdf: str = ""
    custody: CustodyView = NO_CUSTODY
    orders: tuple[OrderView, ...] = ()


def sheet_views(
    page: TimelinePage, moves: Mapping[str, tuple[Move, ...]], papers: CheckedPapers
) -> list[SheetView]:
    """Return each paper once, with its orders. `moves` are keyed by the number of their order."""
    sheets: dict[str, list[CitizenOrder]] = {}
    for order in page.orders:
        sheets.setdefault(order.sheet, []).append(order)
    return [_sheet_view(orders, papers.get(sheet), page, moves) for sheet, orders in sheets.items()]


def _sheet_view(
    orders: list[CitizenOrder],
    paper: CheckedPaper | None,
    page: TimelinePage,
    moves: Mapping[str, tuple[Move, ...]],
) -> SheetView:
    first, district = orders[0], page.request.district
    sentences = [promise_sentence(order) for order in orders]
    is_one_promise, is_shared = len(set(sentences)) == 1, len(orders) > 1
    hidden = hidden_sentence(first, page.dates, page.right_order_until)
    return SheetView(
        number=first.sheet,
        promise=sentences[0] if is_one_promise and not hidden else "",
        shared=citizen_orders_text.SHARED.format(count=persian(len(orders))) if is_shared else "",
        image=f"/images/{first.image.id}" if first.image else "",
        image_alt=case_text.ORDER_IMAGE if first.text else case_text.ORDER_IMAGE_BY_HAND,
        paper=_NO_PAPER if first.image or hidden else _order_paper(first, district),
        hidden=hidden,
        text=first.text,
        rest=citizen_orders_text.REST_BY_HAND if first.by_hand else "",
        pdf=f"/orders/{first.line.number}.pdf" if first.has_print else "",
        orders=tuple(
            _order_view(
                order,
                [mark for mark in page.marks if mark.order_number == order.line.number],
                moves[order.line.number],
                page.dates,
                is_shared=is_shared,
                promise="" if is_one_promise or hidden else sentence,
            )
            for order, sentence in zip(orders, sentences, strict=True)
        ),
        custody=custody_view(paper, district, page.dates) if paper else NO_CUSTODY,
    )


def hidden_sentence(order: CitizenOrder, dates: DateWords, right_order_until: str) -> str:
    """Return why she does not see a paper, and what of it is valid; "" if she sees it."""
    return citizen_orders_text.why_hidden(
        dates.until(order.hidden_until) if order.hidden_until else "",
        right_order_until,
        is_void=order.line.is_void,
    )


def promise_sentence(order: CitizenOrder) -> str:
    """Return the promise. If only the picture states it, return the order's unit and due date."""
    if order.promise:
        return order.promise
    day = weekday_day(order.line.first_due_on)
    return citizen_orders_text.PROMISED_TO_UNIT.format(unit=order.line.unit, day=day)


def _order_paper(order: CitizenOrder, district: int) -> OrderPaper:
    return OrderPaper(
        kind="typed",
        unit_name=sheet_text.head(district),
        title=sheet_text.TITLE,
        date=day_words(order.line.issued_on),
        number=persian(order.line.number),
        district=district,
        text=order.text,
    )


def custody_view(paper: CheckedPaper, district: int, dates: DateWords) -> CustodyView:
    """Return what the files of a paper show today, part by part."""
    composed = next((part for part in paper.parts if part.part is SheetPart.COMPOSED), None)
    if composed is None:
        return NO_CUSTODY
    mark = composed.sha256[:MARK]
    changed = "، ".join(
        sheet_text.PART[part.part] for part in paper.parts if part.found is not FileState.SAME
    )
    since = {"day": dates.day(composed.at), "time": clock_words(composed.at)}
    return CustodyView(
        sound=sheet_text.SOUND.format(**since) if paper.is_sound else "",
        broken=sheet_text.BROKEN_LEAD.format(parts=changed) if changed else "",
        mark=mark,
        mark_label=sheet_text.FINGER.format(mark=mark),
        lines=tuple(_custody_line(part, district, dates) for part in paper.parts),
    )


def _custody_line(part: CheckedPart, district: int, dates: DateWords) -> CustodyLine:
    return CustodyLine(
        word=sheet_text.PART[part.part],
        when=sheet_text.WHEN.format(moment=dates.near(part.at), who=who(part.role, district)),
        mark=part.sha256[:MARK],
        wrong="" if part.found is FileState.SAME else sheet_text.CHANGED,
    )


def _order_view(
    order: CitizenOrder,
    marks: Sequence[Mark],
    moves: Sequence[Move],
    dates: DateWords,
    *,
    is_shared: bool,
    promise: str,
) -> OrderView:
    """Return the view of one order; `marks` are those of this order, oldest first."""
    line, pause = order.line, order.pause
    done = move_of(moves, OrderAction.CONFIRM_DONE)
    contest = move_of(moves, OrderAction.CONTEST)
    due = citizen_orders_text.DONE_BASIS.format(day=weekday_day(line.due_on))
    done_question = question_view(move_of(moves, OrderAction.SAY_DONE), due)
    reply, others = only(moves, OrderAction.TELL_UNIT), without(moves, *_WITH_A_CARD)
    report = _newest(marks, OrderAction.REPORT) if done.key else None
    question = _newest(marks, OrderAction.ASK_CITIZEN)
    before, after = sorted_photos(order.pictures.get(report.event_id, ()) if report else ())
    return OrderView(
        number=line.number,
        unit=road_text.UNIT.format(unit=line.unit),
        shared=is_shared,
        promise=promise,
        badge=_badge(line, marks),
        urgent=_URGENT if order.is_urgent else _NO_BADGE,
        due_line=_due_line(line, dates) if line.owes_report else "",
        late=_late(line),
        pause=citizen_orders_text.PAUSED.format(day=weekday_day(pause.until)) if pause else "",
        pause_then=citizen_orders_text.PAUSED_THEN.format(day=weekday_day(pause.latest))
        if pause
        else "",
        notes=tuple(order_notes(order, dates)),
        basis=_basis(report, len(before) + len(after), dates) if report else "",
        report=(report.note or "") if report else "",
        before_photos=before,
        report_photos=after,
        answer_until=_answer_until(report, dates) if report else "",
        done=done,
        contest=contest,
        done_question=done_question,
        done_question_place=question_place(line.number),
        report_place=report_place(line.number),
        question=(question.note or "") if question and reply else "",
        question_by=_signature(question, order.units, dates) if question else "",
        moves=(*reply, *others),
        clock=_clock(line, dates.today) if line.owes_report else _NO_CLOCK,
    )


def order_notes(order: CitizenOrder, dates: DateWords) -> Iterable[str]:
    """Yield sentences for below the clock, first those about the due date."""
    line, extension = order.line, order.extension
    if line.due_on != line.first_due_on and not order.pause:
        yield citizen_orders_text.FIRST_DUE.format(day=weekday_day(line.first_due_on))
    if extension:
        times = dates_text.times(line.extensions)
        yield citizen_orders_text.EXTENDED.format(day=weekday_day(extension.until), times=times)
        if extension.why:
            yield citizen_orders_text.WHY_EXTENDED.format(why=extension.why)
        if extension.note:
            yield citizen_orders_text.MAYOR_WROTE.format(note=extension.note)
    if order.news_from:
        sentence = citizen_orders_text.NEWS_FROM.format(moment=dates.near(order.news_from))
        yield f"{sentence} {citizen_orders_text.NEWS_WAITS}" if order.news_waits else sentence
    if order.reopen_until:
        yield citizen_orders_text.REOPEN_UNTIL.format(day=weekday_day(order.reopen_until))


def _late(line: OrderLine) -> str:
    """Return how late the order is, in the words of every other page.

    Empty for a void order: the right order replaces it, and the road shows its lateness.
    """
    if not line.late_days or line.is_void:
        return ""
    late, level = late_words(line.late), LEVEL[line.level]
    return f"{late}؛ {level}." if level else f"{late}."


def _due_line(line: OrderLine, dates: DateWords) -> str:
    left = late_words(line.late) if line.late_days else dates.working_left(line.due_on)
    return citizen_orders_text.DUE_LINE.format(day=weekday_day(line.due_on), left=left)


def _signature(question: Mark, units: Mapping[int, str], dates: DateWords) -> str:
    """Return who asked her, and when; `units` names the unit responsible at each event."""
    by = signed(question.role, question.district, units.get(question.event_id, ""))
    return dates.signed(by, question.at)


def _newest(marks: Sequence[Mark], action: OrderAction) -> Mark | None:
    return next((mark for mark in reversed(marks) if mark.action is action), None)


def _badge(line: OrderLine, marks: Sequence[Mark]) -> Badge:
    """Return the badge of an order: green only if the citizen has confirmed it, brick if it is
    late."""
    if line.late_days:
        return Badge(late_words(line.late), "brick", "flag")
    if line.stage in HER_MOVE:
        return Badge(YOUR_ANSWER, "saffron", "bell")
    name = OWN_ORDER_STAGE[line.stage]
    if not line.is_finished:
        return Badge(name, "glaze")
    ends = (OrderAction.CONFIRM_DONE, OrderAction.SETTLE, OrderAction.UPHOLD)
    end = next((mark.action for mark in reversed(marks) if mark.action in ends), None)
    is_confirmed = end is OrderAction.CONFIRM_DONE
    if line.is_void:
        return Badge(name, "neutral", "close")
    return Badge(name, "leaf", "check") if is_confirmed else Badge(name, "neutral", "check")


def _answer_until(report: Mark, dates: DateWords) -> str:
    if report.due_at is None:
        return ""
    return citizen_orders_text.ANSWER_UNTIL.format(until=dates.until(report.due_at))


def _basis(report: Mark, pictures: int, dates: DateWords) -> str:
    """Return when the unit reported, and with how many pictures."""
    moment = dates.near(report.at) if report.at else ""
    sentence = case_text.REPORTED.format(moment=moment)
    if not pictures:
        return f"{sentence}."
    return case_text.WITH_PHOTOS.format(report=sentence, count=persian(pictures)) + "."


def _clock(line: OrderLine, today: date) -> PromiseClock:
    is_late = line.late_days > 0
    days_left = case_text.DAYS_LEFT if line.days_left > 0 else case_text.LAST_DAY
    return PromiseClock(
        lead=road_text.DUE_ON,
        due=day_words(line.due_on),
        number=persian(line.late_days or line.days_left),
        number_caption=late_caption(line.late) if is_late else days_left,
        days=promise_days(line.issued_on, line.due_on, today),
        sentence=road_text.PROMISE_LEGEND,
        unit=road_text.UNIT.format(unit=line.unit),
        late=is_late,
    )


def promise_days(issued: date, due: date, today: date) -> tuple[PromiseDay, ...]:
    """Return the working days from the order to its due date, or to today if that is later."""
    last = max(due, today)
    first = issued
    if (last - first).days > MOST_DAYS:
        first = max(issued, min(_saturday(today) - 7 * _DAY, last - MOST_DAYS * _DAY))
        last = min(last, first + MOST_DAYS * _DAY)
    days = (first + at * _DAY for at in range((last - first).days + 1))
    return tuple(
        promise_day(day, issued, due, today) for day in days if day == issued or is_working_day(day)
    )


def _saturday(day: date) -> date:
    return day - (day.weekday() - _SATURDAY) % 7 * _DAY
