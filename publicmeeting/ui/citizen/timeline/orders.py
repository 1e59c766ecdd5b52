"""The mayor's orders: each paper once with its promise, then each unit's order with its steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import reflex as rx

from publicmeeting.domain.calendar import is_working_day
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.lifecycle.timeline import Mark
from publicmeeting.domain.stages import HER_MOVE, OrderAction
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import (
    LEVEL,
    OWN_ORDER_STAGE,
    YOUR_ANSWER,
    late_caption,
    late_words,
)
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.timeline.forms import (
    Steps,
    answer_line,
    move_buttons,
    open_form,
    question_card,
)
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
from publicmeeting.ui.citizen.timeline.paper import CheckedPapers, PaperView, paper_part, paper_view
from publicmeeting.ui.design.flow import Handler, any_of, direction_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Photo, PromiseClock, PromiseDay
from publicmeeting.ui.design.paper import promise_clock, promise_day
from publicmeeting.ui.design.sheets import (
    badge,
    folded,
    notice,
    photo_pairs,
    photo_thumbs,
    quote,
    sheet,
)
from publicmeeting.ui.reflex.view_model import OmitEmpty
from publicmeeting.ui.shell.photos import sorted_photos
from publicmeeting.usecases.orders.lists import OrderLine
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper
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
    """Which level above the unit knows that it is late."""
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


@dataclass(frozen=True)
class SheetView(PaperView):
    """One paper with its promise, and the order to each unit below it."""

    promise: str = ""
    shared: str = ""
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
    first = orders[0]
    sentences = [promise_sentence(order, page.dates) for order in orders]
    is_one_promise, is_shared = len(set(sentences)) == 1, len(orders) > 1
    seen = paper_view(first, paper, page)
    return SheetView(
        **vars(seen),
        promise=sentences[0] if is_one_promise and not seen.hidden else "",
        shared=citizen_orders_text.SHARED.format(count=persian(len(orders))) if is_shared else "",
        orders=tuple(
            _order_view(
                order,
                [mark for mark in page.marks if mark.order_number == order.line.number],
                moves[order.line.number],
                page.dates,
                is_shared=is_shared,
                promise="" if is_one_promise or seen.hidden else sentence,
            )
            for order, sentence in zip(orders, sentences, strict=True)
        ),
    )


def promise_sentence(order: CitizenOrder, dates: DateWords) -> str:
    """Return the promise. If only the picture states it, return the order's unit and due date."""
    if order.promise:
        return order.promise
    day = dates.on(order.line.first_due_on)
    return citizen_orders_text.PROMISED_TO_UNIT.format(unit=order.line.unit, day=day)


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
    due = citizen_orders_text.DONE_BASIS.format(day=dates.on(line.due_on))
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
        pause=citizen_orders_text.PAUSED.format(day=dates.on(pause.until)) if pause else "",
        pause_then=citizen_orders_text.PAUSED_THEN.format(day=dates.on(pause.latest))
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
        yield citizen_orders_text.FIRST_DUE.format(day=dates.on(line.first_due_on))
    if extension:
        times = dates_text.times(line.extensions)
        yield citizen_orders_text.EXTENDED.format(day=dates.on(extension.until), times=times)
        if extension.why:
            yield citizen_orders_text.WHY_EXTENDED.format(why=extension.why)
        if extension.note:
            yield citizen_orders_text.MAYOR_WROTE.format(note=extension.note)
    if order.news_from:
        sentence = citizen_orders_text.NEWS_FROM.format(moment=dates.near(order.news_from))
        yield f"{sentence} {citizen_orders_text.NEWS_WAITS}" if order.news_waits else sentence
    if order.reopen_until:
        yield citizen_orders_text.REOPEN_UNTIL.format(day=dates.on(order.reopen_until))


def _late(line: OrderLine) -> str:
    """Return to whom the lateness of the order has climbed; its badge says how late it is.

    Empty for a void order: the right order replaces it, and the road shows its lateness.
    """
    if not line.late_days or line.is_void or line.level < Level.MAYOR:
        return ""
    return citizen_orders_text.CLIMBED.format(to=LEVEL[line.level])


def _due_line(line: OrderLine, dates: DateWords) -> str:
    left = late_words(line.late) if line.late_days else dates.working_left(line.due_on)
    return citizen_orders_text.DUE_LINE.format(day=dates.on(line.due_on), left=left)


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


def orders(state: type[Steps], sheets: Sequence[SheetView]) -> rx.Component:
    """Each paper with its promise, and below it the order to each unit."""
    return each(sheets, lambda paper: _sheet(state, paper))


def _sheet(state: type[Steps], paper: SheetView) -> rx.Component:
    """One paper. If it has several orders, the paper appears once, with each unit below it."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(road_text.ORDER, class_name="text-h2"),
            each(paper.orders, _badges_of_one),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.cond(paper.promise, _promise(paper.promise)),
        # Only a report that waits for her answer is above its paper.
        each(paper.orders, lambda order: _report(state, order)),
        paper_part(paper),
        rx.cond(paper.shared, rx.el.p(paper.shared, class_name="text-ink2")),
        each(paper.orders, lambda order: _order(state, order)),
        class_name="mt-6 grid gap-4",
    )


def _badges_of_one(order: OrderView) -> rx.Component:
    """The badges of a paper with one unit, beside the heading."""
    return rx.cond(order.shared, rx.fragment(), _badges(order))


def _badges(order: OrderView) -> rx.Component:
    return rx.el.div(badge(order.urgent), badge(order.badge), class_name="flex flex-wrap gap-2")


def _report(state: type[Steps], order: OrderView) -> rx.Component:
    return rx.el.div(
        rx.cond(order.done.key, _report_question(state, order)),
        answer_line(state, order.report_place),
        # Not lower, because the paper below fills a whole screen.
        open_form(state, order.report_place),
        class_name="grid gap-4 empty:hidden",
    )


def _order(state: type[Steps], order: OrderView) -> rx.Component:
    head = rx.el.div(
        rx.el.h3(order.unit, class_name="text-h3"),
        _badges(order),
        class_name="flex flex-wrap items-center justify-between gap-2",
    )
    alone = rx.cond(any_of(order.clock.days), promise_clock(order.clock), _unit(order))
    beside = rx.fragment(
        rx.cond(order.due_line, rx.el.p(order.due_line)),
        rx.cond(
            any_of(order.clock.days),
            folded(
                citizen_orders_text.DUE_DAYS,
                rx.el.div(promise_clock(order.clock), class_name="mt-2"),
            ),
        ),
    )
    pause = notice(order.pause, tone="saffron", action=rx.el.p(order.pause_then))
    return rx.el.section(
        rx.cond(order.shared, head),
        rx.cond(order.promise, _promise(order.promise)),
        rx.cond(order.late, notice(order.late, tone="brick")),
        rx.cond(order.pause, pause),
        rx.cond(order.shared, beside, alone),
        rx.cond(
            any_of(order.notes),
            rx.el.ul(each(order.notes, _note), class_name="grid gap-1 text-ink2"),
        ),
        rx.el.div(
            question_card(state, order.done_question),
            answer_line(state, order.done_question_place),
            class_name="grid gap-4 empty:hidden",
        ),
        rx.cond(order.question, quote(order.question_by, order.question)),
        answer_line(state, order.number),
        move_buttons(state, order.moves),
        open_form(state, order.number),
        class_name=rx.cond(order.shared, "grid gap-3 border-t-2 border-line pt-4", "grid gap-4"),
    )


def _unit(order: OrderView) -> rx.Component:
    return rx.el.p(icon("unit"), rx.el.span(order.unit), class_name="with-icon")


def _note(text: str) -> rx.Component:
    return rx.el.li(text, class_name="wrap-anywhere")


def _report_question(state: type[Steps], order: OrderView) -> rx.Component:
    """Whether the report is true: two equal answers. «No» opens a form with a note and pictures."""
    pictures = rx.cond(
        any_of(order.before_photos),
        photo_pairs(
            order.before_photos,
            order.report_photos,
            (citizen_orders_text.BEFORE, citizen_orders_text.AFTER),
        ),
        rx.cond(any_of(order.report_photos), photo_thumbs(order.report_photos)),
    )
    return sheet(
        rx.el.div(
            rx.el.h3(road_text.DONE_Q, class_name="text-h3"),
            rx.cond(order.shared, rx.el.p(order.unit)),
            rx.cond(order.basis, rx.el.p(order.basis, class_name="text-ink2")),
            rx.cond(
                order.report,
                rx.el.blockquote(
                    order.report,
                    dir=direction_of(order.report),
                    class_name="mt-2 whitespace-pre-line wrap-anywhere border-s-4 border-edge ps-3",
                ),
            ),
            rx.el.div(pictures, class_name="mt-3 empty:hidden"),
            rx.el.div(
                _answer(state, order.done, "check", "btn btn-good btn-sm", state.tap),
                _answer(
                    state, order.contest, "close", "btn btn-danger btn-sm", state.choose, opens=True
                ),
                class_name="pair mt-3",
            ),
            rx.cond(order.answer_until, rx.el.p(order.answer_until, class_name="mt-2")),
            rx.el.p(road_text.REOPENS, class_name="mt-2 text-ink2"),
        )
    )


def _answer(
    state: type[Steps],
    move: Move,
    sign: str,
    classes: str,
    event: Handler,
    *,
    opens: bool = False,
) -> rx.Component:
    is_open = {
        "aria_expanded": rx.cond(state.move.key == move.key, "true", "false"),
        "data_opens": move.key,
    }
    return rx.cond(
        move.key,
        rx.el.button(
            icon(sign),
            rx.el.span(move.label),
            type="button",
            on_click=event(move.key),
            class_name=classes,
            **(is_open if opens else {}),
        ),
    )


def _promise(sentence: str) -> rx.Component:
    """What the mayor has promised, in one sentence."""
    return rx.el.div(
        rx.el.p(citizen_orders_text.PROMISED, class_name="text-meta text-ink2"),
        rx.el.p(sentence, class_name="wrap-anywhere text-h3 font-semibold"),
        class_name="border-s-4 border-glaze ps-3",
    )
