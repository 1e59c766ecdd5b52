"""What has happened, the day of her seat, and the alarm when she is called: the top of her page.

On that day it shows her number, who is in the room, how many are before her, and the range of time
when she goes in.
"""

from dataclasses import dataclass, replace

import reflex as rx
from reflex_base.vars.number import BooleanVar

from publicmeeting.domain.choices import DeclineReason
from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN
from publicmeeting.domain.lifecycle.order_guards import DONE_BY
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.timeline import DrawSeen
from publicmeeting.domain.stages import (
    HER_MOVE,
    INFO_ASKED,
    OVER,
    PART_OF_WAY,
    UNCONFIRMED,
    UNDECIDED,
    UNSEATED,
    Action,
    OrderAction,
    OrderStage,
)
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import iso, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.actions_text import DONE, MEANING
from publicmeeting.text.lifecycle.reasons_text import DECLINE
from publicmeeting.text.lifecycle.stages_text import (
    OTHERWISE,
    OWN_ORDER_STAGE,
    STAGE,
    STAGE_MEANING,
    late_meaning,
    late_words,
)
from publicmeeting.text.lifecycle.telephone_text import done, stage_meaning
from publicmeeting.text.tracking import case_text, day_text, road_text
from publicmeeting.text.tracking.day_words import DayWords
from publicmeeting.text.tracking.road_words import draw_words
from publicmeeting.ui.citizen.timeline.forms import Steps, answer_line
from publicmeeting.ui.citizen.timeline.moves import DAY, NO_MOVE, Move
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.figures import digit_cells
from publicmeeting.ui.design.flow import Handler, any_of, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Tile
from publicmeeting.ui.design.paper import line as icon_line
from publicmeeting.ui.design.road import way
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.connection.trouble import is_offline
from publicmeeting.usecases.tracking.timeline import TimelinePage
from publicmeeting.usecases.tracking.turn import NextDraw


@dataclass(frozen=True)
class StatusView(ViewModel):
    head: str = ""
    means: str = ""
    is_called: bool = False
    """Whether her number has just been called; the page shows that above everything, as an
    alert."""
    again: str = ""
    """Words of the link to a new request, if this one is over and she may file another."""
    draw: str = ""
    """Address of the draw that gave her no seat: its page shows how the order was computed."""
    next: str = ""
    """What comes next and by when, if something does."""


@dataclass(frozen=True)
class WayView(ViewModel):
    """The parts of the whole way with their names, and the same in `words`.

    Empty for a request that has left it.
    """

    parts: tuple[Tile, ...] = ()
    words: str = ""


NO_WAY = WayView()


@dataclass(frozen=True)
class DayView(ViewModel):
    """The day's information. Nothing is drawn without `number`."""

    number: str = ""
    inside: str = ""
    before: str = ""
    entry: str = ""
    right: str = ""
    passed: str = ""
    as_of: str = ""
    stale: str = ""
    """Sentence shown instead of `as_of` while the connection is lost."""
    call: str = ""
    """Identity of the newest call while it is open; "" without one."""
    coming: Move = NO_MOVE
    answer: str = ""
    answer_why: str = ""
    """What the button `answer` does."""


NO_DAY = DayView()


def status_view(
    page: TimelinePage, day: DayWords | None, next_draw: NextDraw | None = None
) -> StatusView:
    """Return the status. On the day of her seat, what happens there comes before everything
    else."""
    if day is not None:
        return StatusView(day.head, day.means, is_called=day.is_called)
    status = (
        _decided(page)
        or _outside(page)
        or _displaced(page)
        or _left(page)
        or _redirected(page)
        or _absent(page)
        or _lost_draw(page, next_draw)
        or _offered(page)
        or _waits_for_her(page)
        or _contested(page)
        or _returned(page)
        or _refused(page)
        or _standing(page, next_draw)
    )
    return replace(status, again=case_text.FILE_AGAIN) if page.may_file else status


def way_view(page: TimelinePage) -> WayView:
    """Return which part of the way goes on.

    Nothing is drawn for a request that ended without a meeting, without an order, or against her
    word.
    """
    names, now = road_text.WAY, PART_OF_WAY.get(page.request.stage, 0)
    if page.is_displaced or page.is_outside or page.refusal is not None:
        return NO_WAY
    if page.request.stage in OVER and _is_work_done(page):
        return WayView(tuple(Tile("glazed", name) for name in names), road_text.WAY_DONE)
    if not now:
        return NO_WAY
    kind = "late" if _late(page) else "now"
    tiles = tuple(
        Tile("glazed" if at < now else kind if at == now else "raw", name)
        for at, name in enumerate(names, 1)
    )
    words = road_text.WAY_AT.format(at=persian(now), count=persian(len(names)), name=names[now - 1])
    return WayView(tiles, words)


def _is_work_done(page: TimelinePage) -> bool:
    """Return whether her orders ended as done, and none against her word."""
    ends = {
        mark.order_number: mark.action
        for mark in page.marks
        if mark.action in DONE_BY and mark.is_genuine
    }
    return bool(ends) and OrderAction.UPHOLD not in ends.values()


def words_above(page: TimelinePage, status: StatusView) -> tuple[str, ...]:
    """Return how her present step may begin that the status says already, in the step's order."""
    draw = _lost_to_others(page) if status.draw else None
    means = " ".join(filter(None, (status.means, status.next)))
    return (means, draw_words(draw, page.dates)) if draw else (means,)


def _decided(page: TimelinePage) -> StatusView | None:
    """Return that a desk has asked her or declined the request, or that it was displaced.

    Displaced comes first, because then the desk's question is not hers to answer now.
    """
    stage = page.request.stage
    if page.is_displaced:
        return StatusView(case_text.STATUS_DISPLACED, case_text.STATUS_DISPLACED_MEANS)
    if stage in INFO_ASKED:
        return StatusView(case_text.STATUS_NEEDS_INFO, _info_until(page))
    if stage is STEP_FOR[Action.DECLINE].to and (declined := page.newest.get(Action.DECLINE)):
        reason = declined.payload.get("reason")
        reason_text = DECLINE[DeclineReason(str(reason))] if reason else STAGE_MEANING[stage]
        return StatusView(case_text.STATUS_DECLINED, reason_text)
    return None


def _standing(page: TimelinePage, next_draw: NextDraw | None) -> StatusView:
    """Return the stage of the request; a citizen who is telephoned is not told to go anywhere.

    The greatest lateness of the city replaces what the stage promises. Who waits reads when the
    result of her next draw comes.
    """
    now = next(iter(page.going_on), None)
    stage, by_telephone = page.request.stage, now is not None and now.by_telephone
    meaning = _owed(page) if page.is_order_owed else _late(page)
    meaning = meaning or stage_meaning(stage, by_telephone=by_telephone)
    due = ""
    if now and now.due_at and page.now < now.due_at and stage in UNDECIDED:
        due = f"{road_text.DUE.format(until=page.dates.until(now.due_at))}."
    draw = next_draw_words(next_draw, page.dates) if next_draw else ""
    return StatusView(STAGE[stage], meaning, next=" ".join(filter(None, (due, draw))))


def next_draw_words(draw: NextDraw, dates: DateWords) -> str:
    """Return by when the result of her next draw comes, and for which Monday."""
    return road_text.NEXT_DRAW.format(when=dates.near(draw.at), monday=weekday_day(draw.monday))


def _late(page: TimelinePage) -> str:
    """Return the greatest lateness that is not hers, and what she can do; empty without one."""
    lates = [mark.late for mark in page.going_on if mark.late.days and mark.stage not in HER_MOVE]
    if not lates:
        return ""
    meaning = late_meaning(max(lates, key=lambda late: late.days))
    if page.request.stage in UNDECIDED:
        return f"{meaning} {case_text.STATUS_LATE_SCREENING}"
    may_ask = any(step.action is OrderAction.ASK_NEWS for o in page.orders for step in o.steps)
    return f"{meaning} {case_text.STATUS_MAY_ASK}" if may_ask else meaning


def _owed(page: TimelinePage) -> str:
    """Return who owes her the right order and by when, if all her orders have become void."""
    owed = page.right_order
    if owed is not None and owed.late.days:
        return f"{OTHERWISE[page.request.stage]} {late_words(owed.late)}."
    due = road_text.DUE.format(until=page.right_order_until) if owed else ""
    return f"{OTHERWISE[page.request.stage]} {due}." if due else OTHERWISE[page.request.stage]


def _outside(page: TimelinePage) -> StatusView | None:
    """Return that she missed two meetings: what keeps her out of the lists, and how to get back."""
    if not page.is_outside:
        return None
    return StatusView(case_text.STATUS_OUTSIDE, case_text.STATUS_OUTSIDE_MEANS)


def _absent(page: TimelinePage) -> StatusView | None:
    """Return that she can contest, for three days, a no-show, or giving up that took weeks.

    It comes before the other statuses until the time is over or she has a turn again.
    """
    may_contest = any(step.action is Action.CONTEST_NO_SHOW for step in page.steps)
    mark = next((mark for mark in page.newest.values() if mark.event_id == page.lost), None)
    if mark is None or mark.at is None or not may_contest or page.request.stage not in UNSEATED:
        return None
    until = page.dates.until(mark.at + CONTEST_WITHIN)
    if mark.action is Action.NO_SHOW:
        head = done(Action.NO_SHOW, by_telephone=mark.by_telephone) or case_text.STATUS_ABSENT
        return StatusView(head, case_text.STATUS_ABSENT_MEANS.format(until=until))
    means = case_text.STATUS_GAVE_UP_MEANS.format(until=until)
    return StatusView(case_text.STATUS_GAVE_UP, means)


def _displaced(page: TimelinePage) -> StatusView | None:
    if Action.DISPLACE not in page.newest:
        return None
    return StatusView(DONE[Action.DISPLACE], MEANING[Action.DISPLACE])


def _left(page: TimelinePage) -> StatusView | None:
    """Return how it ended without a meeting: she withdrew it, or nothing came in time.

    The stage is the same after both.
    """
    ends = (Action.WITHDRAW, Action.LAPSE_INFO)
    newest = next((action for action in page.newest if action in ends), None)
    if newest is None or page.request.stage is not STEP_FOR[newest].to:
        return None
    if newest is Action.WITHDRAW:
        return StatusView(case_text.OWN[newest], STAGE_MEANING[page.request.stage])
    return StatusView(DONE[newest], MEANING[newest])


def _info_until(page: TimelinePage) -> str:
    if page.list_until:
        return case_text.STATUS_NEEDS_INFO_LINE.format(until=page.dates.until(page.list_until))
    due = page.request.due_at
    return case_text.STATUS_NEEDS_INFO_DUE.format(until=page.dates.until(due)) if due else ""


def _redirected(page: TimelinePage) -> StatusView | None:
    """Return that it was sent to another district, while nobody there has judged it yet."""
    now = next(iter(page.going_on), None)
    if now is None or now.action is not Action.REDIRECT:
        return None
    to = persian(page.request.district)
    due = page.request.due_at
    head = case_text.STATUS_REDIRECTED.format(from_district=persian(now.district), to_district=to)
    means = _late(page)
    if due and page.now < due:
        means = case_text.STATUS_REDIRECTED_DUE.format(district=to, until=page.dates.until(due))
    answered = (Action.OBJECT_REDIRECT, Action.REDIRECT, Action.KEEP_DISTRICT)
    newest = next((action for action in page.newest if action in answered), None)
    if newest is Action.OBJECT_REDIRECT:
        means = f"{MEANING[Action.OBJECT_REDIRECT]} {means}".rstrip()
    return StatusView(head, means)


def _waits_for_her(page: TimelinePage) -> StatusView | None:
    """Return that a unit has reported or asked a question, and the order waits for her answer."""
    reports = [mark for mark in page.going_on if mark.action is OrderAction.REPORT]
    if ends := [mark.due_at for mark in reports if mark.due_at]:
        until = page.dates.until(min(ends))
        return StatusView(
            case_text.STATUS_REPORTED, case_text.STATUS_REPORTED_MEANS.format(until=until)
        )
    open_ = {step.action for order in page.orders for step in order.steps}
    if OrderAction.TELL_UNIT in open_:
        return StatusView(case_text.STATUS_UNIT_ASKS, case_text.STATUS_UNIT_ASKS_MEANS)
    return None


def _contested(page: TimelinePage) -> StatusView | None:
    """Return that she contested a report: the unit has nothing to do before somebody decides."""
    stage = OrderStage.CONTESTED
    marks = [mark for mark in page.going_on if mark.stage is stage]
    if not marks:
        return None
    # If the time has passed, no answer is promised by it any more.
    late = max((mark.late for mark in marks), key=lambda late: late.days)
    if late.days:
        return StatusView(OWN_ORDER_STAGE[stage], late_meaning(late))
    due = max((mark.due_at for mark in marks if mark.due_at), default=None)
    until = f"{road_text.DUE.format(until=page.dates.until(due))}." if due else ""
    return StatusView(OWN_ORDER_STAGE[stage], STAGE_MEANING[stage], next=until)


def _returned(page: TimelinePage) -> StatusView | None:
    """Return that every unit refused the work: none owes a report before the mayor decides."""
    stage = OrderStage.RETURNED
    if not page.going_on or any(mark.stage is not stage for mark in page.going_on):
        return None
    return StatusView(OWN_ORDER_STAGE[stage], _late(page) or STAGE_MEANING[stage])


def _refused(page: TimelinePage) -> StatusView | None:
    """Return that the mayor refused in the meeting: the case is closed, but nothing was done."""
    if page.refusal is None:
        return None
    means = case_text.STATUS_NOT_HELPED_WHY.format(why=page.refusal)
    return StatusView(case_text.STATUS_NOT_HELPED, means)


def _lost_draw(page: TimelinePage, next_draw: NextDraw | None) -> StatusView | None:
    draw = _lost_to_others(page)
    if draw is None:
        return None
    return StatusView(
        _not_drawn(draw),
        _standby(draw),
        draw=f"/ceremony/?monday={iso(draw.monday)}",
        next=next_draw_words(next_draw, page.dates) if next_draw else "",
    )


def _offered(page: TimelinePage) -> StatusView | None:
    """Return that she is offered a seat, which she lost in the draw and may let pass."""
    newest = next((one for one in page.newest if one in (Action.SEAT, Action.OFFER)), None)
    if newest is not Action.OFFER or page.request.stage not in UNCONFIRMED or page.needs_no_answer:
        return None
    return StatusView(case_text.STATUS_OFFERED, case_text.STATUS_OFFERED_MEANS)


def _lost_to_others(page: TimelinePage) -> DrawSeen | None:
    """Return the newest draw if it gave her no seat, its Monday is ahead, and she still waits.

    None if nobody is received on that Monday.
    """
    if page.request.stage not in UNSEATED:
        return None
    now = next(iter(page.going_on), None)
    draw = now.waits[-1] if now is not None and now.waits else None
    if draw is None or draw.seated or not draw.is_held or draw.monday < page.dates.today:
        return None
    return draw


def _not_drawn(draw: DrawSeen) -> str:
    return case_text.STATUS_NOT_DRAWN.format(day=weekday_day(draw.monday))


def _standby(draw: DrawSeen) -> str:
    if draw.place == 1:
        return case_text.STATUS_FIRST_STANDBY
    if draw.place:
        return case_text.STATUS_STANDBY.format(
            place=persian(draw.place), standbys=dates_text.people(draw.standbys)
        )
    return case_text.STATUS_NO_STANDBY


def day_view(day: DayWords | None, coming: Move, now_words: str) -> DayView:
    """Return the view of her day; `now_words` is the time of this information."""
    if day is None or not day.is_followed:
        return NO_DAY
    return DayView(
        number=day.number,
        inside=day.inside,
        before=day.before,
        entry=day.entry,
        right=day.right,
        passed=day.passed,
        as_of=day_text.AS_OF.format(time=now_words),
        stale=day_text.STALE.format(time=now_words),
        call=day.call,
        coming=coming,
        answer=day.answer if coming.key else "",
        answer_why=day.answer_why if coming.key else "",
    )


def place_news(before: DayView, now: DayView) -> str:
    """Return how many go in before her, and that somebody has passed her, where that is new.

    Her page shows both in silence. Empty for a page that has just come to her day.
    """
    if not before.number:
        return ""
    read = ((before.before, now.before), (before.passed, now.passed))
    return " ".join(new for old, new in read if new != old and new)


class CallAlarm(rx.Component):
    """Component of call_alarm.js. It draws nothing, and reads the call from the page."""

    library = link_script(__name__, "call_alarm.js")
    tag = "CallAlarm"

    title: rx.Var[str]


def call_alarm() -> rx.Component:
    return CallAlarm.create(title=day_text.CALLED_TITLE)


def status_part(status: StatusView, parts: WayView, call: str) -> rx.Component:
    """The heading about what happened. A call into the room is an alert, which is announced at
    once.

    `call` is the identity of the call.
    """
    head = rx.el.h2(status.head, class_name="text-h2")
    meaning = shown(status.means, rx.el.p(status.means))
    called = rx.el.div(
        rx.el.div(icon("bell"), head, class_name="call-head"),
        rx.el.div(meaning, class_name="call-body"),
        role="alert",
        custom_attrs={"data-call": call},
        class_name="call",
    )
    return rx.el.div(
        shown(any_of(parts.parts), way(parts.parts, parts.words)),
        pick(status.is_called, called, rx.fragment(head, meaning)),
        shown(status.next, icon_line("clock", status.next)),
        shown(
            status.draw,
            anchor(case_text.SEE_DRAW, href=status.draw, class_name="link nav-link no-print w-fit"),
        ),
        shown(
            status.again,
            anchor(status.again, href="/request/", class_name="link nav-link no-print w-fit"),
        ),
        class_name="mb-4 grid gap-2",
    )


def day_card(state: type[Steps], day: DayView) -> rx.Component:
    """The day's card, above the rest of her turn; the result of her answer is beside its button."""
    return rx.fragment(
        answer_line(state, DAY),
        rx.cond(
            day.coming.key,
            coming_button(day.answer, day.answer_why, state.tap(day.coming.key), busy=state.busy),
        ),
        shown(day.number, day_sheet(day, is_stale=is_offline)),
    )


def coming_button(
    answer: str, why: str, on_click: Handler = None, *, busy: bool = False
) -> rx.Component:
    """Her answer to a call, while it is open."""
    return rx.el.div(
        button(
            answer,
            size="lg",
            on_click=on_click,
            busy=busy,
            busy_label=case_text.SENDING,
        ),
        rx.el.p(why, class_name="text-ink2"),
        class_name="mb-4 grid gap-2",
    )


def day_sheet(day: DayView, *, is_stale: BooleanVar | bool = False) -> rx.Component:
    """Her number, then who is in, then when she goes in, and the time of this information."""
    number = rx.el.div(
        rx.el.span(day_text.NUMBER, class_name="text-meta"),
        rx.el.span(digit_cells(day.number), class_name="text-num-xl"),
        class_name="tile t-now day-number shrink-0",
    )
    going_on = rx.el.div(
        shown(day.before, rx.el.p(day.before, class_name="text-h3")),
        rx.el.p(day.inside),
        class_name="grid flex-1 basis-32 content-center gap-1",
    )
    as_of = rx.el.p(day_text.NOW, "\u00a0· ", day.as_of, class_name="text-meta text-ink2")
    return rx.el.section(
        rx.el.div(number, going_on, class_name="flex flex-wrap items-center gap-4"),
        shown(
            day.entry,
            rx.el.div(
                rx.el.p(day.entry, class_name="font-semibold"),
                shown(day.right, rx.el.p(day.right, class_name="text-meta text-ink2")),
            ),
        ),
        shown(day.passed, rx.el.p(day.passed)),
        rx.cond(is_stale, notice(day.stale, tone="brick"), as_of),
        aria_label=day_text.NUMBER,
        class_name="sheet",
    )
