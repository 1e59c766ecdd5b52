"""Where her request is: what has happened to it, its road with pictures, and the day of her seat.

On that day her number, who is in, how many before her, and between when and when she goes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from publicmeeting.domain.choices import DeclineReason
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.records import Image
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import INFO_ASKED, UNSEATED, Action, OrderAction
from publicmeeting.domain.timeline import DrawSeen, Mark
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.actions_text import DONE, MEANING
from publicmeeting.text.lifecycle.reasons_text import DECLINE
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import STAGE, STAGE_MEANING
from publicmeeting.text.lifecycle.telephone_text import done, stage_meaning
from publicmeeting.text.tracking import case_text, citizen_orders_text, day_text, road_text
from publicmeeting.text.tracking.day_words import DayWords
from publicmeeting.ui.citizen.shared import sorted_photos
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move
from publicmeeting.ui.design.models import Photo, RoadStep
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.road import road_steps
from publicmeeting.usecases.tracking.timeline import TimelinePage
from publicmeeting.usecases.tracking.turn import NextDraw

_COMMENT_TITLE = {
    Role.UNIT: citizen_orders_text.WROTE_UNIT,
    Role.CITIZEN: citizen_orders_text.WROTE_YOU,
}


@dataclass(frozen=True)
class CaseStep(RoadStep):
    """A step with the pictures that came with it; those of a report from before the work apart."""

    photos: tuple[Photo, ...] = ()
    before: tuple[Photo, ...] = ()


def case_steps(
    page: TimelinePage, next_draw: NextDraw | None = None
) -> tuple[tuple[CaseStep, ...], tuple[CaseStep, ...]]:
    """What lies before the meeting, and the road from there; the first is empty until she met."""
    pictures = dict(page.documents)
    for order in page.orders:
        pictures.update(order.pictures)
    several = {}
    if len(page.orders) > 1:
        several = {order.line.number: order.line.unit for order in page.orders}
    units = {event: unit for order in page.orders for event, unit in order.units.items()}
    offered_by = page.offered_by
    road = zip(page.marks, road_steps(page.marks, page.dates, own=True), strict=True)
    steps = [
        _own_step(step, mark, page.dates, pictures, several, units.get(mark.event_id, offered_by))
        for mark, step in road
    ]
    if next_draw:
        steps = [
            _with_draw(step, next_draw, page.dates) if mark.state == "now" else step
            for mark, step in zip(page.marks, steps, strict=True)
        ]
    cut = _meeting_index(page.marks)
    return tuple(steps[:cut]), tuple(steps[cut:])


def current_status(page: TimelinePage, steps: Sequence[RoadStep]) -> str:
    """Where the request stands, in one sentence for a screen reader."""
    return "، ".join(
        f"{step.title}، {step.badge.word}" for step in steps if step.kind in ("now", "late")
    ) or (steps[-1].title if steps and page.marks else "")


def _own_step(
    step: RoadStep,
    mark: Mark,
    dates: DateWords,
    pictures: Mapping[int, tuple[Image, ...]],
    several: Mapping[str, str],
    unit: str,
) -> CaseStep:
    """A step of the road with its pictures, in words addressed to her, signed by office and role.

    `several` names the unit of each order by its number; it is empty where there is only one.
    """
    before, after = sorted_photos(pictures.get(mark.event_id, ()))
    fields = {**vars(step), "photos": after, "before": before}
    if title := _own_title(mark):
        fields["title"] = title
    if step.quote:
        fields["quote_by"] = signed(mark.role, mark.district, unit, own=True)
    by_unit = mark.role is Role.UNIT and bool(unit) and mark.at is not None
    if by_unit and mark.at:
        by = citizen_orders_text.BY_UNIT.format(unit=unit)
        fields["when"] = f"{dates.near(mark.at)} · {by}"
    beside = "" if by_unit else several.get(mark.order_number or "")
    if beside:
        when = case_text.OF_UNIT.format(when=step.when, unit=beside) if step.when else beside
        fields["when"] = when
    if mark.declines_offer:
        fields["title"] = case_text.OFFER_REFUSED
        fields["meaning"] = case_text.OFFER_REFUSED_MEANING if step.meaning else ""
    return CaseStep(**fields)


def _with_draw(step: CaseStep, draw: NextDraw, dates: DateWords) -> CaseStep:
    sentence = road_text.NEXT_DRAW.format(when=dates.near(draw.at), monday=weekday_day(draw.monday))
    return replace(step, meaning=f"{step.meaning} {sentence}")


def _own_title(mark: Mark) -> str:
    """A title addressed to her, for what she did herself and what somebody wrote to her."""
    if mark.action is None or mark.state != "past":
        return ""
    if mark.action is OrderAction.COMMENT:
        return _COMMENT_TITLE.get(mark.role, citizen_orders_text.WROTE_MAYOR)
    own = done(mark.action) if mark.by_telephone else ""
    return own or case_text.OWN.get(mark.action, "")


def _meeting_index(marks: Sequence[Mark]) -> int:
    """Index of the newest call into the room once the meeting is over, else 0."""
    if not any(mark.state == "past" and mark.action is Action.FINISH for mark in marks):
        return 0
    calls = [at for at, mark in enumerate(marks) if mark.action is Action.CALL_IN]
    return calls[-1] if calls else 0


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
