"""Parts that pages of several roles share: a case's road, an objection's answer, an order's
paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from publicmeeting.domain.choices import DeclineReason, Lane, Original, Verdict
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.lifecycle.voiding import OF_THE_SHEET
from publicmeeting.domain.line.contests import reasons_of
from publicmeeting.domain.records import PAPER, PAPER_UNTIL
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.domain.timeline import DrawSeen, Mark, MarkState, is_meaning_over
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month, day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords, clock, shown
from publicmeeting.text.lifecycle.actions_text import AHEAD_OF_HER, DONE, MEANING
from publicmeeting.text.lifecycle.needs_text import ANSWERS, LANE
from publicmeeting.text.lifecycle.reasons_text import (
    DECLINE,
    NO_SHOW,
    NO_SHOW_OUTCOME,
    ORIGINAL_OUTCOME,
    because,
)
from publicmeeting.text.lifecycle.roles_text import who
from publicmeeting.text.lifecycle.stages_text import (
    NOW,
    ORDER_STAGE,
    OTHERWISE,
    STAGE,
    YOUR_ANSWER,
    late_meaning,
    late_words,
)
from publicmeeting.text.lifecycle.telephone_text import ahead, done, meaning, stage_meaning
from publicmeeting.text.line import lanes_text, listing_text
from publicmeeting.text.meetings import paper_text
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.public_record.ceremony_text import ONLY_CITY_ON
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.models import Badge, OrderPaper, RoadStep, Tile, Tone
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.line.objections.why_not_listed import Absence, Cure, ObjectionAnswer
from publicmeeting.usecases.orders.pages import OrderPage

HER_MOVE = {Stage.NEEDS_INFO, Stage.ANSWERED, Stage.INVITED, OrderStage.REPORTED}
"""Stages in which the city waits for the citizen; the badge asks for her answer."""

_SIGN: dict[Stage | OrderStage, str] = {
    Stage.SUBMITTED: "inbox",
    Stage.NEEDS_INFO: "chat",
    Stage.ANSWERED: "chat",
    Stage.WAITING: "clock",
    Stage.INVITED: "bell",
    Stage.CONFIRMED: "calendar",
    Stage.ARRIVED: "person",
    Stage.IN_ROOM: "meet",
    Stage.FOLLOW_UP: "clock",
    Stage.CLOSED: "check",
    Stage.DECLINED: "close",
    Stage.WITHDRAWN: "close",
    OrderStage.ISSUED: "doc",
    OrderStage.IN_ACTION: "clock",
    OrderStage.RETURNED: "undo",
    OrderStage.REPORTED: "bell",
    OrderStage.CONTESTED: "flag",
    OrderStage.DONE: "check",
    OrderStage.VOID: "close",
}


ORDER_TONE: dict[OrderStage, Tone] = {
    OrderStage.ISSUED: "neutral",
    OrderStage.IN_ACTION: "glaze",
    OrderStage.RETURNED: "neutral",
    OrderStage.REPORTED: "glaze",
    OrderStage.CONTESTED: "brick",
    OrderStage.DONE: "neutral",
    OrderStage.VOID: "neutral",
}
"""Colour of an order's stage on officials' pages.

Leaf is reserved for what the citizen has confirmed; the road shows her confirmation.
"""

_NO_UNITS: Mapping[int, str] = MappingProxyType({})

_ENDS_THE_ASKING = (
    OrderAction.ASK_EXTENSION,
    OrderAction.EXTEND,
    OrderAction.REFUSE_EXTENSION,
    OrderAction.REPORT,
)


def _is_overtaken(mark: Mark, later: Sequence[Mark]) -> bool:
    """Return whether this request for more time had no answer before the unit reported."""
    if mark.action is not OrderAction.ASK_EXTENSION:
        return False
    ends = (
        one.action
        for one in later
        if one.state is not MarkState.AHEAD
        and one.order_number == mark.order_number
        and one.action in _ENDS_THE_ASKING
    )
    return next(ends, None) is OrderAction.REPORT


def _is_withdrawn(mark: Mark, later: Sequence[Mark]) -> bool:
    """Return whether this order's paper is now hidden from the citizen or void, so not on this
    page."""
    if mark.action is not OrderAction.ISSUE:
        return False
    of_paper = [
        one.action
        for one in later
        if one.state is not MarkState.AHEAD
        and one.order_number == mark.order_number
        and one.action in OF_THE_SHEET
    ]
    return bool(of_paper) and of_paper[-1] is not OrderAction.KEEP_ORDER


def _undecided(step: RoadStep) -> RoadStep:
    return replace(step, meaning=f"{step.meaning} {road_text.NOT_DECIDED}".strip())


def road_steps(
    marks: Sequence[Mark], dates: DateWords, units: Mapping[int, str] = _NO_UNITS, *, own: bool
) -> list[RoadStep]:
    """Return all steps of the road.

    `own`: the reader is the citizen of the case, and the meanings address her. `units`: event id →
    the name of the unit that had the order then.
    """
    steps = (_step(mark, dates, units.get(mark.event_id, ""), own=own) for mark in marks)
    return [
        _as_it_is_now(step, mark, marks[at + 1 :], dates.today)
        for at, (mark, step) in enumerate(zip(marks, steps, strict=True))
    ]


def _as_it_is_now(step: RoadStep, mark: Mark, later: Sequence[Mark], today: date) -> RoadStep:
    """Return the step with its meaning changed by later steps or days, if any."""
    if _is_overtaken(mark, later):
        return _undecided(step)
    if is_meaning_over(mark, later, today) and not _reason(mark):
        return replace(step, meaning=_and_alone(mark, ""))
    return replace(step, meaning="") if _is_withdrawn(mark, later) else step


def _step(mark: Mark, dates: DateWords, unit: str, *, own: bool) -> RoadStep:
    match mark.state:
        case MarkState.PAST:
            return _past(mark, dates, unit, own=own)
        case MarkState.NOW:
            return _now(mark, dates, unit, own=own)
    return _ahead(mark, dates, own=own)


def _past(mark: Mark, dates: DateWords, unit: str, *, own: bool) -> RoadStep:
    if mark.action is None:
        return _waited(mark)
    by = who(mark.role, mark.district, mark.action, unit=unit, own=own)
    reason = _reason(mark)
    is_addition = mark.action is Action.CANCEL_MONDAY or PAPER in mark.payload
    means = own and not mark.note and (not reason or is_addition)
    parts = (
        reason,
        meaning(mark.action, by_telephone=mark.by_telephone) if means else "",
        road_text.NOT_YOU if own and mark.is_undoable else "",
    )
    return RoadStep(
        kind="past",
        title=_done(mark.action, mark),
        when=f"{_moment(mark, dates)} · {by}",
        meaning=_and_alone(mark, " ".join(filter(None, parts))),
        quote=mark.note or "",
        quote_by=by if mark.note else "",
        quote_inside=mark.payload.get("audience") == "internal",
    )


def _done(action: AnyAction, mark: Mark) -> str:
    return done(action, by_telephone=mark.by_telephone) or DONE[action]


def _waited(mark: Mark) -> RoadStep:
    """A past period in the line, with a tile for each draw."""
    assert mark.at is not None
    lost = mark.weeks
    return RoadStep(
        kind="past",
        title=road_text.WAITED.format(weeks=dates_text.weeks(lost)),
        when=dates_text.span(tehran_day(mark.at), tehran_day(mark.until or mark.at)),
        meaning=_and_alone(mark, road_text.WAITED_MEANING.format(count=persian(lost))),
        strip=_draws(mark),
        strip_label=road_text.EACH_DRAW,
    )


def _now(mark: Mark, dates: DateWords, unit: str, *, own: bool) -> RoadStep:
    late = mark.late.days > 0
    title = _done(mark.action, mark) if mark.action else _name(mark.stage)
    hers = own and mark.stage in HER_MOVE
    word = late_words(mark.late) if late else YOUR_ANSWER if hers else NOW
    stands = OTHERWISE.get(mark.action or mark.stage)
    stands = stands or stage_meaning(mark.stage, by_telephone=mark.by_telephone)
    meaning = _reason(mark) or (_lost(mark, dates) or stands if own else "")
    if late and own and not hers:
        meaning = late_meaning(mark.late)
    elif mark.due_at and dates.now < mark.due_at:
        due = road_text.DUE.format(until=dates.until(mark.due_at))
        meaning = f"{meaning} {due}.".strip()
    if own and mark.is_undoable:
        meaning = f"{meaning} {road_text.NOT_YOU}".strip()
    by = who(mark.role, mark.district, mark.action, unit=unit, own=own)
    return RoadStep(
        kind="late" if late else "now",
        title=title,
        when=f"{_moment(mark, dates)} · {by}" if mark.action else _moment(mark, dates),
        meaning=_and_alone(mark, meaning),
        icon=_SIGN[mark.stage],
        badge=Badge(word, "brick" if late else "saffron", "flag" if late else ""),
        strip=_draws(mark),
        strip_label=road_text.EACH_DRAW if mark.waits else "",
        quote=mark.note or "",
        quote_by=by if mark.note else "",
    )


def _lost(mark: Mark, dates: DateWords) -> str:
    """Return what the draws of this period gave her: the newest one, and the count of several.

    Empty if the newest one gave her a seat. A screen reader has the count from here alone.
    """
    if not mark.waits or mark.waits[-1].seated:
        return ""
    several = road_text.LOST_ALL.format(count=persian(mark.weeks)) if mark.weeks > 1 else ""
    return f"{_newest(mark.waits[-1], dates)} {several}".strip()


def _newest(newest: DrawSeen, dates: DateWords) -> str:
    """Return a draw that gave her no seat, with her standby place while it counts."""
    if not newest.is_held:
        return road_text.NOT_HELD.format(monday=weekday_day(newest.monday))
    sentence = road_text.LOST.format(monday=weekday_day(newest.monday))
    if not newest.place or newest.monday < dates.today:
        return sentence
    place, line = persian(newest.place), persian(newest.standbys)
    return f"{sentence} {road_text.STANDBY.format(place=place, standbys=line)}"


def _name(stage: Stage | OrderStage) -> str:
    return ORDER_STAGE[stage] if isinstance(stage, OrderStage) else STAGE[stage]


def _ahead(mark: Mark, dates: DateWords, *, own: bool) -> RoadStep:
    assert mark.action is not None
    title = ahead(mark.action, by_telephone=mark.by_telephone)
    when = ""
    if mark.at:
        when = dates.near(mark.at)
    elif mark.due_at:
        when = dates.until(mark.due_at)
    elif mark.action is OrderAction.ISSUE:
        when = road_text.SAME_DAY
    elif mark.action is OrderAction.REPORT:
        when = road_text.USUALLY
    title = title if own else AHEAD_OF_HER.get(mark.action, title)
    return RoadStep(kind="ahead", title=title, when=when)


def _moment(mark: Mark, dates: DateWords) -> str:
    return dates.near(mark.at) if mark.at else ""


def _reason(mark: Mark) -> str:
    """Return what the event itself contains: a fixed reason, a new day, or a Monday."""
    if mark.action in _OUTCOME and mark.payload:
        return _OUTCOME[mark.action](mark)
    if mark.action in ANSWERS and mark.payload:
        return f"{ANSWERS[mark.action][Verdict(str(mark.payload['verdict']))]}."
    if PAPER in mark.payload:
        return _from_paper(mark)
    day = mark.payload.get("due_on") or mark.payload.get("monday")
    if mark.action in _NAMES_A_DAY and isinstance(day, str):
        return f"{MEANING.get(mark.action, '')} {weekday_day(date.fromisoformat(day))}.".strip()
    return ""


def _from_paper(mark: Mark) -> str:
    """Return the hours written on paper; the mark's own time is when they were entered."""
    hours = [clock(str(mark.payload[key])) for key in (PAPER, PAPER_UNTIL) if key in mark.payload]
    day = mark.payload.get("monday")
    on = weekday_day(date.fromisoformat(str(day))) if day else ""
    return paper_text.on_paper(hours, on)


def _contest_decided(mark: Mark) -> str:
    """Return the decision on a contested no-show, with its reasons."""
    verdict, reasons = reasons_of(mark.payload)
    return NO_SHOW_OUTCOME[verdict].format(reason=" ".join(NO_SHOW[reason] for reason in reasons))


_NAMES_A_DAY: frozenset[AnyAction] = frozenset(
    {Action.MOVE_ONCE, Action.EXCLUDE, OrderAction.EXTEND, OrderAction.RETRY}
)


def _declined(mark: Mark) -> str:
    try:
        return DECLINE[DeclineReason(str(mark.payload.get("reason")))]
    except ValueError:
        return ""


def _called_off(mark: Mark) -> str:
    """Return the Monday that was called off, and the reason if an official closed it."""
    day = mark.payload.get("monday")
    if not isinstance(day, str):
        return ""
    why = because(str(mark.payload.get("why", "")))
    return f"{weekday_day(date.fromisoformat(day))}{why}."


def _lane_decided(mark: Mark) -> str:
    head = lanes_text.ROAD_OUTCOME[Verdict(str(mark.payload["verdict"]))]
    return f"{head.format(lane=LANE[Lane(str(mark.payload['lane']))])}."


def _original(mark: Mark) -> str:
    return ORIGINAL_OUTCOME[Original(str(mark.payload["original"]))]


def _requested_until(mark: Mark) -> str:
    day = mark.payload.get("due_on")
    if not isinstance(day, str):
        return ""
    return road_text.ASKED_UNTIL.format(day=weekday_day(date.fromisoformat(day)))


_OUTCOME: dict[AnyAction | None, Callable[[Mark], str]] = {
    Action.CANCEL_MONDAY: _called_off,
    Action.DECLINE: _declined,
    Action.CHECK_ORIGINAL: _original,
    Action.DECIDE_LANE: _lane_decided,
    Action.DECIDE_NO_SHOW: _contest_decided,
    OrderAction.ASK_EXTENSION: _requested_until,
}
"""Decisions with a reason from a list, and a command that contains a day."""


def _and_alone(mark: Mark, meaning: str) -> str:
    """Add a sentence for every draw shown here that had no witness (docs/turns.md 2)."""
    sentences = (ONLY_CITY_ON.format(day=day_month(monday)) for monday in mark.alone)
    return " ".join(filter(None, (meaning, *sentences)))


def _draws(mark: Mark) -> tuple[Tile, ...]:
    """Return one tile for each draw, with its Monday; the one that seated her is framed.

    Saffron is for what concerns her now, which the invitation uses.
    """
    return tuple(
        Tile("end" if draw.seated else "glazed", day_month(draw.monday)) for draw in mark.waits
    )


@dataclass(frozen=True)
class Reply(ViewModel):
    first: str = ""
    rest: str = ""
    tone: Tone = ""
    changed: bool = False
    """Whether the list has changed."""


def reply(answer: ObjectionAnswer) -> Reply:
    district, day = persian(answer.district), weekday_day(answer.monday)
    if answer.changed and answer.listed_at:
        then = listing_text.CHANGED_WHY.format(moment=dates_text.moment(answer.listed_at))
        return Reply(listing_text.CHANGED.format(district=district), then, "glaze", changed=True)
    if answer.cure:
        then = (
            listing_text.OWED_BEFORE_WHY
            if answer.cure is Cure.OWED_BEFORE
            else listing_text.OWED_WHY
        )
        return Reply(listing_text.OWED.format(district=district, day=day), then, "glaze")
    if answer.listed and answer.late:
        then = listing_text.LISTED_LATE_WHY.format(day=day)
        return Reply(listing_text.LISTED_LATE.format(district=district), then, "glaze")
    if answer.listed:
        return Reply(
            listing_text.LISTED.format(district=district),
            listing_text.LISTED_WHY.format(day=day),
            "glaze",
        )
    why = listing_text.ABSENT[answer.absence or Absence.NOT_IN_LINE]
    counted = listing_text.COUNTED.format(number=persian(answer.number))
    same = listing_text.SAME_LATE if answer.late else listing_text.SAME
    return Reply(same.format(district=district, day=day), f"{why} {counted}", "neutral")


def order_paper(page: OrderPage, alt: str) -> OrderPaper:
    """Return the order's composed picture with its letterhead; without a picture, the typed text.

    `alt` is the picture's alternative text.
    """
    order = page.order
    return OrderPaper(
        kind="sheet" if order.image_id else "typed",
        unit_name=sheet_text.head(order.district),
        title=sheet_text.TITLE,
        date=day_words(tehran_day(order.issued_at)),
        number=str(shown(order.number)),
        district=order.district,
        image=f"/images/{order.image_id}" if order.image_id else "",
        image_alt=alt,
        text=order.text,
    )
