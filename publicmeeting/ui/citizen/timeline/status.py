"""The first of her page: what has happened to her request and, on the day of her seat, her number,
who is in, how many before her, and between when and when."""

from dataclasses import dataclass

from publicmeeting.domain.choices import DeclineReason
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import (
    INFO_ASKED,
    UNSEATED,
    Action,
    OrderAction,
)
from publicmeeting.domain.timeline import DrawSeen, Mark
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.actions_text import DONE, MEANING
from publicmeeting.text.lifecycle.reasons_text import DECLINE
from publicmeeting.text.lifecycle.stages_text import STAGE, STAGE_MEANING
from publicmeeting.text.lifecycle.telephone_text import stage_meaning
from publicmeeting.text.tracking import case_text, day_text
from publicmeeting.text.tracking.day_words import DayWords
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.tracking.timeline import TimelinePage


@dataclass(frozen=True)
class StatusView(ViewModel):
    head: str = ""
    means: str = ""
    is_called: bool = False
    """Her number has just been called; the page shows that before all else, as an alert."""


@dataclass(frozen=True)
class DayView(ViewModel):
    """Nothing is drawn without a number."""

    number: str = ""
    inside: str = ""
    before: str = ""
    entry: str = ""
    right: str = ""
    passed: str = ""
    as_of: str = ""
    stale: str = ""
    """Instead of `as_of` while the connection is lost."""
    call: str = ""
    """Identity of the newest call while it stands; empty without one."""
    coming: Move = NO_MOVE
    answer: str = ""
    answer_why: str = ""
    """What that button says, and does."""


NO_DAY = DayView()


def status_view(page: TimelinePage, day: DayWords | None) -> StatusView:
    """On the day of her seat what happens there comes before everything else."""
    if day is not None:
        return StatusView(day.head, day.means, is_called=day.is_called)
    if decided := _decided(page):
        return decided
    if moved := _outside(page) or _displaced(page) or _redirected(page):
        return moved
    if lost := _lost_draw(page):
        return StatusView(
            case_text.STATUS_NOT_DRAWN.format(day=weekday_day(lost.monday)), _standby(lost)
        )
    return _waits_for_her(page) or _refused(page) or _standing(page)


def _decided(page: TimelinePage) -> StatusView | None:
    """What a desk has asked her, or declined; before that, that it is not hers to answer now."""
    stage = page.request.stage
    if page.is_displaced:
        return StatusView(case_text.STATUS_DISPLACED, case_text.STATUS_DISPLACED_MEANS)
    if stage in INFO_ASKED:
        return StatusView(case_text.STATUS_NEEDS_INFO, _info_until(page))
    if stage is STEP_FOR[Action.DECLINE].to and (declined := _newest(page, Action.DECLINE)):
        reason = declined.payload.get("reason")
        reason_text = DECLINE[DeclineReason(str(reason))] if reason else STAGE_MEANING[stage]
        return StatusView(case_text.STATUS_DECLINED, reason_text)
    return None


def _standing(page: TimelinePage) -> StatusView:
    """Where the request stands; whoever is telephoned is sent nowhere."""
    now = next((mark for mark in page.marks if mark.state == "now"), None)
    stage, by_telephone = page.request.stage, now is not None and now.by_telephone
    return StatusView(STAGE[stage], stage_meaning(stage, by_telephone=by_telephone))


def _outside(page: TimelinePage) -> StatusView | None:
    """Two meetings missed: what keeps her out of the lists, and the way in."""
    if not page.is_outside:
        return None
    return StatusView(case_text.STATUS_OUTSIDE, case_text.STATUS_OUTSIDE_MEANS)


def _displaced(page: TimelinePage) -> StatusView | None:
    if _newest(page, Action.DISPLACE) is None:
        return None
    return StatusView(DONE[Action.DISPLACE], MEANING[Action.DISPLACE])


def _newest(page: TimelinePage, *actions: Action) -> Mark | None:
    return next(iter(_done(page, *actions)), None)


def _done(page: TimelinePage, *actions: Action) -> list[Mark]:
    """Marks of these actions that lie in the past, the newest first."""
    marks = [
        (mark.at, mark.event_id, mark)
        for mark in page.marks
        if mark.action in actions and mark.at is not None and mark.state != "ahead"
    ]
    return [mark for _, _, mark in sorted(marks, key=lambda entry: entry[:2], reverse=True)]


def _info_until(page: TimelinePage) -> str:
    line = next(iter(page.request.open_lines), None)
    if line is not None and page.now < line.freeze_at:
        return case_text.STATUS_NEEDS_INFO_LINE.format(until=page.dates.until(line.freeze_at))
    due = page.request.due_at
    return case_text.STATUS_NEEDS_INFO_DUE.format(until=page.dates.until(due)) if due else ""


def _redirected(page: TimelinePage) -> StatusView | None:
    """Sent to another district, where nobody has judged it yet."""
    now = next((mark for mark in page.marks if mark.state == "now"), None)
    if now is None or now.action is not Action.REDIRECT:
        return None
    to = persian(page.request.district)
    due = page.request.due_at
    head = case_text.STATUS_REDIRECTED.format(from_district=persian(now.district), to_district=to)
    until = page.dates.until(due) if due else ""
    return StatusView(
        head, case_text.STATUS_REDIRECTED_DUE.format(district=to, until=until) if due else ""
    )


def _waits_for_her(page: TimelinePage) -> StatusView | None:
    """A unit has reported or asked a question, and the order waits for her answer."""
    reports = [m for m in page.marks if m.state == "now" and m.action is OrderAction.REPORT]
    if ends := [mark.due_at for mark in reports if mark.due_at]:
        until = page.dates.until(min(ends))
        return StatusView(
            case_text.STATUS_REPORTED, case_text.STATUS_REPORTED_MEANS.format(until=until)
        )
    open_ = {step.action for order in page.orders for step in order.steps}
    if OrderAction.TELL_UNIT in open_:
        return StatusView(case_text.STATUS_UNIT_ASKS, case_text.STATUS_UNIT_ASKS_MEANS)
    return None


def _refused(page: TimelinePage) -> StatusView | None:
    """The mayor refused in the meeting: the case is closed, but nothing was done."""
    if page.refusal is None:
        return None
    means = case_text.STATUS_NOT_HELPED_WHY.format(why=page.refusal.why)
    return StatusView(case_text.STATUS_NOT_HELPED, means)


def _lost_draw(page: TimelinePage) -> DrawSeen | None:
    """The newest draw that gave her no seat, while its Monday lies ahead and she still waits."""
    if page.request.stage not in UNSEATED:
        return None
    now = next((mark for mark in page.marks if mark.state == "now"), None)
    draw = now.waits[-1] if now is not None and now.waits else None
    is_ahead = draw is not None and draw.monday >= page.dates.today
    return draw if is_ahead and draw is not None and not draw.seated else None


def _standby(draw: DrawSeen) -> str:
    if draw.place == 1:
        return case_text.STATUS_FIRST_STANDBY
    if draw.place:
        return case_text.STATUS_STANDBY.format(
            place=persian(draw.place), standbys=dates_text.people(draw.standbys)
        )
    return case_text.STATUS_NO_STANDBY


def day_view(day: DayWords | None, coming: Move, now_words: str) -> DayView:
    """`now_words` is the hour at which all of it was so."""
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
