"""The road of a request in words: the same on her page, on officials' pages and without scripts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from publicmeeting.domain.choices import DeclineReason, Lane, Original, Verdict
from publicmeeting.domain.lifecycle.order_guards import OF_THE_SHEET
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.lifecycle.timeline import DrawSeen, Mark, MarkState, is_meaning_over
from publicmeeting.domain.line.lanes import LOST, reasons_of
from publicmeeting.domain.records import PAPER, PAPER_UNTIL
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import (
    HER_MOVE,
    UNSEATED,
    Action,
    OrderAction,
    OrderStage,
    Stage,
)
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords, clock
from publicmeeting.text.lifecycle.actions_text import AHEAD_OF_HER, MEANING, done_by
from publicmeeting.text.lifecycle.needs_text import ANSWERS, LANE
from publicmeeting.text.lifecycle.reasons_text import (
    DECLINE,
    NO_SHOW,
    NO_SHOW_OUTCOME,
    ORIGINAL_OUTCOME,
    because,
)
from publicmeeting.text.lifecycle.roles_text import signed, who
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
from publicmeeting.text.line import lanes_text
from publicmeeting.text.meetings import paper_text
from publicmeeting.text.public_record.ceremony_text import ONLY_CITY_ON
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step of the road as sentences; those that do not apply are empty."""

    title: str
    when: str = ""
    meaning: str = ""
    badge: str = ""
    """Of a current step: that it goes on, waits for her, or how late it is."""
    by: str = ""
    """Who wrote the step's note."""


NO_UNITS: Mapping[int, str] = MappingProxyType({})
_NO_ORDERS: Mapping[str, str] = MappingProxyType({})

_ENDS_THE_ASKING = (
    OrderAction.ASK_EXTENSION,
    OrderAction.EXTEND,
    OrderAction.REFUSE_EXTENSION,
    OrderAction.REPORT,
)


_COMMENT_TITLE = {
    Role.UNIT: citizen_orders_text.WROTE_UNIT,
    Role.DEPUTY: citizen_orders_text.WROTE_DEPUTY,
    Role.CITIZEN: citizen_orders_text.WROTE_YOU,
}


def road_words(
    marks: Sequence[Mark], dates: DateWords, units: Mapping[int, str] = NO_UNITS, *, own: bool
) -> list[StepWords]:
    """Return the words of all steps of the road.

    `own`: the reader is the citizen of the case, and the meanings address her. `units`: event id →
    the name of the unit that had the order then.
    """
    return [
        _as_it_is_now(
            _words(mark, dates, units.get(mark.event_id, ""), own=own),
            mark,
            marks[at + 1 :],
            dates,
        )
        for at, mark in enumerate(marks)
    ]


def own_road_words(
    marks: Sequence[Mark],
    dates: DateWords,
    units: Mapping[int, str] = NO_UNITS,
    beside: Mapping[str, str] = _NO_ORDERS,
) -> list[StepWords]:
    """Return the words of her own road: titles address her, and notes are signed by their office.

    `units`: event id → the unit that took the step. `beside`: order number → its unit, if she has
    several orders.
    """
    words = road_words(marks, dates, own=True)
    return [
        _own(step, mark, dates, units.get(mark.event_id, ""), beside.get(mark.order_number or ""))
        for mark, step in zip(marks, words, strict=True)
    ]


def _own(step: StepWords, mark: Mark, dates: DateWords, unit: str, beside: str | None) -> StepWords:
    if not mark.is_genuine:
        return step
    when = step.when
    if mark.role is Role.UNIT and unit and mark.at is not None:
        when = f"{dates.near(mark.at)}\u00a0· {citizen_orders_text.BY_UNIT.format(unit=unit)}"
    elif beside:
        when = case_text.OF_UNIT.format(when=when, unit=beside) if when else beside
    by = signed(mark.role, mark.district, unit, own=True) if mark.note else ""
    if mark.declines_offer:
        means = case_text.OFFER_REFUSED_MEANING if step.meaning else ""
        return replace(step, title=case_text.OFFER_REFUSED, when=when, meaning=means, by=by)
    return replace(step, title=_own_title(mark) or step.title, when=when, by=by)


def _own_title(mark: Mark) -> str:
    """Return a title addressed to her, for what she did herself and what somebody wrote to her."""
    if mark.action is None or mark.state is not MarkState.PAST:
        return ""
    if mark.action is OrderAction.COMMENT:
        return _COMMENT_TITLE.get(mark.role, citizen_orders_text.WROTE_MAYOR)
    own = done(mark.action, by_telephone=mark.by_telephone)
    return own or case_text.OWN.get(mark.action, "")


def _as_it_is_now(
    step: StepWords, mark: Mark, later: Sequence[Mark], dates: DateWords
) -> StepWords:
    """Return the step with its meaning changed by later steps or days, if any."""
    if not mark.is_genuine:
        return step
    if _is_overtaken(mark, later):
        return replace(step, meaning=f"{step.meaning} {road_text.NOT_DECIDED}".strip())
    if is_meaning_over(mark, later, dates.today) and not _reason(mark, dates):
        return replace(step, meaning=_and_alone(mark, "", dates))
    return replace(step, meaning="") if _is_withdrawn(mark, later) else step


def _is_overtaken(mark: Mark, later: Sequence[Mark]) -> bool:
    """Return whether this request for more time had no answer before the unit reported."""
    if mark.action is not OrderAction.ASK_EXTENSION:
        return False
    ends = (
        one.action
        for at, one in enumerate(later)
        if one.state is not MarkState.AHEAD
        and one.order_number == mark.order_number
        and one.action in _ENDS_THE_ASKING
        and not _is_taken_back(one, later[at + 1 :])
    )
    return next(ends, None) is OrderAction.REPORT


def _is_taken_back(mark: Mark, later: Sequence[Mark]) -> bool:
    """Return whether this is a report that the unit withdrew."""
    after = (
        one.action
        for one in later
        if one.order_number == mark.order_number
        and one.action in (OrderAction.REPORT, OrderAction.CONTEST, OrderAction.WITHDRAW_REPORT)
    )
    is_report = mark.action is OrderAction.REPORT
    return is_report and next(after, None) is OrderAction.WITHDRAW_REPORT


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


def _words(mark: Mark, dates: DateWords, unit: str, *, own: bool) -> StepWords:
    if not mark.is_genuine:
        badge = NOW if mark.state is MarkState.NOW else ""
        when = dates.near(mark.at) if mark.at else ""
        return StepWords(road_text.FORGED, when, road_text.FORGED_MEANING, badge)
    match mark.state:
        case MarkState.PAST:
            return _past(mark, dates, unit, own=own)
        case MarkState.NOW:
            return _now(mark, dates, unit, own=own)
    return _ahead(mark, dates, own=own)


def _past(mark: Mark, dates: DateWords, unit: str, *, own: bool) -> StepWords:
    if mark.action is None:
        return _waited(mark, dates)
    by = who(mark.role, mark.district, mark.action, unit=unit, own=own)
    reason = _reason(mark, dates)
    is_addition = mark.action is Action.CANCEL_MONDAY or PAPER in mark.payload
    means = own and not mark.note and (not reason or is_addition)
    parts = (
        reason,
        _means(mark.action, mark) if means else "",
        road_text.MAY_CONTEST if own and mark.is_contestable else "",
        road_text.NOT_YOU if own and mark.is_undoable else "",
    )
    return StepWords(
        title=_done(mark.action, mark),
        when=f"{_moment(mark, dates)}\u00a0· {by}",
        meaning=_and_alone(mark, " ".join(filter(None, parts)), dates),
        by=by if mark.note else "",
    )


def _means(action: AnyAction, mark: Mark) -> str:
    own = road_text.OF_HALL.get(action) if mark.is_of_hall else None
    return own or meaning(action, by_telephone=mark.by_telephone)


def _done(action: AnyAction, mark: Mark) -> str:
    return done(action, by_telephone=mark.by_telephone) or done_by(mark.role, action)


def _waited(mark: Mark, dates: DateWords) -> StepWords:
    """Return the words of a past period in the line."""
    assert mark.at is not None
    lost = mark.weeks
    return StepWords(
        title=road_text.WAITED.format(weeks=dates_text.weeks(lost)),
        when=dates.span(tehran_day(mark.at), tehran_day(mark.until or mark.at)),
        meaning=_and_alone(mark, road_text.WAITED_MEANING.format(count=persian(lost)), dates),
    )


def _now(mark: Mark, dates: DateWords, unit: str, *, own: bool) -> StepWords:
    late = mark.late.days > 0
    title = _done(mark.action, mark) if mark.action else _name(mark.stage)
    is_asked = own and mark.stage in HER_MOVE
    word = late_words(mark.late) if late else YOUR_ANSWER if is_asked else NOW
    stands = OTHERWISE.get(mark.action or mark.stage)
    stands = stands or stage_meaning(mark.stage, by_telephone=mark.by_telephone)
    meaning = _reason(mark, dates) or (_lost(mark, dates) or stands if own else "")
    if late and own and not is_asked:
        meaning = late_meaning(mark.late)
    elif mark.due_at and dates.now < mark.due_at and not (own and mark.stage in UNSEATED):
        # A deadline of whoever waits is that of judges; beside her place it would look like hers.
        due = road_text.DUE.format(until=dates.until(mark.due_at))
        meaning = f"{meaning} {due}.".strip()
    if own and mark.is_undoable:
        meaning = f"{meaning} {road_text.NOT_YOU}".strip()
    by = who(mark.role, mark.district, mark.action, unit=unit, own=own)
    return StepWords(
        title=title,
        when=f"{_moment(mark, dates)}\u00a0· {by}" if mark.action else _moment(mark, dates),
        meaning=_and_alone(mark, meaning, dates),
        badge=word,
        by=by if mark.note else "",
    )


def _lost(mark: Mark, dates: DateWords) -> str:
    """Return what the draws of this period gave her: the newest one, and the count of several.

    Empty if the newest one gave her a seat. A screen reader has the count from here alone.
    """
    if not mark.waits or mark.waits[-1].seated:
        return ""
    several = road_text.LOST_ALL.format(count=persian(mark.weeks)) if mark.weeks > 1 else ""
    return f"{draw_words(mark.waits[-1], dates)} {several}".strip()


def draw_words(newest: DrawSeen, dates: DateWords) -> str:
    """Return a draw that gave her no seat, with her standby place while it counts."""
    if not newest.is_held:
        return road_text.NOT_HELD.format(monday=dates.on(newest.monday))
    sentence = road_text.LOST.format(monday=dates.on(newest.monday))
    if not newest.place or newest.monday < dates.today:
        return sentence
    place, line = persian(newest.place), persian(newest.standbys)
    return f"{sentence} {road_text.STANDBY.format(place=place, standbys=line)}"


def _name(stage: Stage | OrderStage) -> str:
    return ORDER_STAGE[stage] if isinstance(stage, OrderStage) else STAGE[stage]


def _ahead(mark: Mark, dates: DateWords, *, own: bool) -> StepWords:
    assert mark.action is not None
    title = ahead(mark.action, by_telephone=mark.by_telephone)
    when = ""
    if mark.at:
        when = dates.near(mark.at)
    elif mark.due_at:
        until = dates.until(mark.due_at)
        when = until if dates.now < mark.due_at else road_text.WAS_DUE.format(until=until)
    elif mark.action is OrderAction.ISSUE:
        when = road_text.SAME_DAY
    elif mark.action is OrderAction.REPORT:
        when = road_text.USUALLY
    title = title if own else AHEAD_OF_HER.get(mark.action, title)
    return StepWords(title, when)


def _moment(mark: Mark, dates: DateWords) -> str:
    return dates.near(mark.at) if mark.at else ""


def _reason(mark: Mark, dates: DateWords) -> str:
    """Return what the event itself contains: a fixed reason, a new day, or a Monday."""
    if mark.action in _OUTCOME and mark.payload:
        return _OUTCOME[mark.action](mark, dates)
    if mark.action in ANSWERS and mark.payload:
        return f"{ANSWERS[mark.action][Verdict(str(mark.payload['verdict']))]}."
    if PAPER in mark.payload:
        return _from_paper(mark, dates)
    day = mark.payload.get("due_on") or mark.payload.get("monday")
    if mark.action in _NAMES_A_DAY and isinstance(day, str):
        return f"{MEANING.get(mark.action, '')} {dates.on(date.fromisoformat(day))}.".strip()
    return ""


def _from_paper(mark: Mark, dates: DateWords) -> str:
    """Return the hours written on paper; the mark's own time is when they were entered."""
    hours = [clock(str(mark.payload[key])) for key in (PAPER, PAPER_UNTIL) if key in mark.payload]
    day = mark.payload.get("monday")
    on = dates.on(date.fromisoformat(str(day))) if day else ""
    return paper_text.on_paper(hours, on)


def _contest_decided(mark: Mark, _dates: DateWords) -> str:
    """Return the decision on a contested no-show, with its reasons."""
    verdict, reasons = reasons_of(mark.payload)
    return NO_SHOW_OUTCOME[verdict].format(reason=" ".join(NO_SHOW[reason] for reason in reasons))


_NAMES_A_DAY: frozenset[AnyAction] = frozenset(
    {Action.MOVE_ONCE, Action.EXCLUDE, OrderAction.EXTEND, OrderAction.RETRY}
)


def _declined(mark: Mark, _dates: DateWords) -> str:
    try:
        return DECLINE[DeclineReason(str(mark.payload.get("reason")))]
    except ValueError:
        return ""


def _called_off(mark: Mark, dates: DateWords) -> str:
    """Return the Monday that was called off, and the reason if an official closed it."""
    day = mark.payload.get("monday")
    if not isinstance(day, str):
        return ""
    why = because(str(mark.payload.get("why", "")))
    return f"{dates.on(date.fromisoformat(day))}{why}."


def _given_up(mark: Mark, _dates: DateWords) -> str:
    return road_text.GAVE_UP_LATE if mark.payload.get(LOST) else ""


def _lane_decided(mark: Mark, _dates: DateWords) -> str:
    head = lanes_text.ROAD_OUTCOME[Verdict(str(mark.payload["verdict"]))]
    return f"{head.format(lane=LANE[Lane(str(mark.payload['lane']))])}."


def _original(mark: Mark, _dates: DateWords) -> str:
    return ORIGINAL_OUTCOME[Original(str(mark.payload["original"]))]


def _requested_until(mark: Mark, dates: DateWords) -> str:
    day = mark.payload.get("due_on")
    if not isinstance(day, str):
        return ""
    return road_text.ASKED_UNTIL.format(day=dates.on(date.fromisoformat(day)))


_OUTCOME: dict[AnyAction | None, Callable[[Mark, DateWords], str]] = {
    Action.CANCEL_MONDAY: _called_off,
    Action.DECLINE: _declined,
    Action.GIVE_UP_SEAT: _given_up,
    Action.CHECK_ORIGINAL: _original,
    Action.DECIDE_LANE: _lane_decided,
    Action.DECIDE_NO_SHOW: _contest_decided,
    OrderAction.ASK_EXTENSION: _requested_until,
}
"""Decisions with a reason from a list, and a command that contains a day."""


def _and_alone(mark: Mark, meaning: str, dates: DateWords) -> str:
    """Add a sentence for every draw shown here that had no witness (docs/turns.md 2)."""
    sentences = (ONLY_CITY_ON.format(monday=dates.on(monday)) for monday in mark.alone)
    return " ".join(filter(None, (meaning, *sentences)))
