"""A mayor's promise: its number, its due date, when it is late, how its clock stops, and
what has become of it."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.calendar import (
    IN_TIME,
    LateIn,
    Lateness,
    add_working_days,
    is_working_day,
    late_days,
    working_day_from,
    working_days_between,
)
from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.lifecycle.advance import recipients, road_ahead
from publicmeeting.domain.lifecycle.climbing import Level, level_of, level_of_decision, standing
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.lifecycle.voiding import right_order_by
from publicmeeting.domain.records import Event, Order
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.jalali import iso

DEFAULT_DAYS = 15
"""Working days for an order, unless the mayor says otherwise (domain.md 5.4)."""
FAR_DAYS = 90
"""More working days than these need a reason that the citizen reads."""
MOST_YEARS = 2
"""No promise is for later: every page that shows one counts its working days."""
PAUSE_DAYS = 10
"""The clock stops for at most so many days while the citizen is asked, in all questions."""
PROMISE_MOST = 160
"""Letters of what was promised: one sentence on a phone."""
_NUMBER_TYPED = re.compile(r"[0-9]{4,13}(-[0-9]{1,2})?")
_YEAR = 366
_ADDRESSED = re.compile(r"(معاون|مدیر|رئیس|شهردار|همکار|جناب|سرکار|واحد)\b[^.؟!،]{0,60}")
_SENTENCE = re.compile(r".*?[.؟!](?=\s|$)", re.DOTALL)
SHORT_DAYS = (5, 10, DEFAULT_DAYS)
"""What the mayor's screen offers beside a day of her own."""


def number_prefix(day: date, district: int) -> str:
    """`1405090906`: the Jalali day and the district; three running digits follow."""
    return f"{iso(day).replace('-', '')}{district:02d}"


def order_numbers(stem: str, units: int) -> tuple[str, ...]:
    """One number for each unit: the sheet's own for one, with -1, -2… for several."""
    return (stem,) if units == 1 else tuple(f"{stem}-{n + 1}" for n in range(units))


def number_typed(words: str) -> str:
    """The beginning of an order's number as somebody types it; empty for other words."""
    found = _NUMBER_TYPED.fullmatch("".join(ascii_digits(words).split()))
    return found[0] if found else ""


def stem(number: str) -> str:
    """The number of the sheet, which several orders may share."""
    return number.partition("-")[0]


def first_sentence(text: str) -> str:
    """What a typed order promises, unless the mayor says it in other words.

    An order may begin with whom it speaks to, in a line of its own. Cut between two words where
    it is longer than a promise may be.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if lines[1:] and _ADDRESSED.fullmatch(lines[0]):
        lines = lines[1:]
    first, *_ = "\n".join(lines).strip().split("\n\n")
    ended = _SENTENCE.match(first)
    sentence = " ".join(ended[0].split()) if ended else first.partition("\n")[0]
    if len(sentence) <= PROMISE_MOST:
        return sentence
    return f"{sentence[:PROMISE_MOST].rpartition(' ')[0].rstrip('،؛ ')}…"


def check_promise(promise: str, text: str, *, drawn: bool) -> str:
    """The sentence the citizen reads first.

    A picture cannot be read aloud: where handwriting or a photograph is on the sheet (`drawn`)
    it must be written. Invalid, for the field `promise`: `promise_missing`, `promise_too_long`.
    """
    if not promise and drawn:
        raise Invalid("promise_missing", field="promise")
    if len(promise) > PROMISE_MOST:
        raise Invalid("promise_too_long", field="promise", limit=PROMISE_MOST, length=len(promise))
    return promise or first_sentence(text)


def default_due_on(today: date, days: int = DEFAULT_DAYS) -> date:
    """The n-th working day after today."""
    return add_working_days(today, days)


def check_due_on(text: str, today: date, reason: str, *, after: date | None = None) -> date:
    """A due date as a form sends it (`YYYY-MM-DD`, Gregorian).

    Invalid, for the field `due_on`: `due_on_unknown`, `due_on_past`, `holiday`,
    `due_on_not_later` when it does not lie after the former one, `due_on_far` when it is so far
    away that it needs a reason and none was written, `due_on_too_far` (facts: limit, in years).
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("due_on_unknown", field="due_on") from None
    if day <= today:
        raise Invalid("due_on_past", field="due_on")
    if after is not None and day <= after:
        raise Invalid("due_on_not_later", field="due_on")
    if (day - today).days > MOST_YEARS * _YEAR:
        raise Invalid("due_on_too_far", field="due_on", limit=MOST_YEARS)
    if not is_working_day(day):
        raise Invalid("holiday", field="due_on")
    if is_far(day, today) and not reason:
        raise Invalid("due_on_far", field="due_on", limit=FAR_DAYS)
    return day


def is_far(day: date, today: date) -> bool:
    """Whether a due date needs a reason that the citizen reads."""
    # In a whole year there are always more: years ahead are not counted day by day.
    return (day - today).days > _YEAR or working_days_between(today, day) > FAR_DAYS


def owes_report(order: Order) -> bool:
    """Whether the unit's report still lies on the road ahead."""
    return report_lies_ahead(order.stage)


def report_lies_ahead(stage: OrderStage) -> bool:
    """Of an order at this stage the unit has still to report."""
    return any(step.action is OrderAction.REPORT for step in road_ahead(stage))


def is_finished(order: Order) -> bool:
    """Nothing lies ahead of it by itself: the promise is fulfilled, or its end accepted."""
    return is_end(order.stage)


def is_end(stage: OrderStage) -> bool:
    """An order at this stage is finished."""
    return not road_ahead(stage)


def are_ended(stages: Collection[OrderStage]) -> bool:
    """Whether nothing is owed any more by whatever was ordered in one meeting: where all of it is
    void, the order itself is."""
    return all(map(is_end, stages)) and set(stages) != {OrderStage.VOID}


def waits_for_unit(order: Order) -> bool:
    """It lies with its unit, which has neither taken it on nor returned it."""
    return order.stage is OrderStage.ISSUED


def lateness(order: Order, now: datetime) -> Lateness:
    """By how much the city is late with this order: one number, wherever it is shown.

    Either the promise is past its due date, or a step on the way is past its own deadline, or the
    citizen's question is; the longest counts, of equal ones the work's. While the citizen's word
    is awaited nobody is late. Of a void one it is the right order, where the mayor owes it.
    """
    right_by = right_order_by(order)
    if right_by is not None:
        days = late_days(right_by, now)
        return Lateness(days, LateIn.RIGHT_ORDER) if days else IN_TIME
    if not owes_report(order):
        return IN_TIME
    ends = (
        (end_of_day(order.due_on), LateIn.WORK),
        (order.due_at, _STEP_AT.get(order.stage, LateIn.WORK)),
        (standing(order.history).news_by, LateIn.ANSWER),
    )
    found = [Lateness(late_days(at, now), of) for at, of in ends]
    longest = max(found, key=lambda one: one.days)
    return longest if longest.days else IN_TIME


_STEP_AT = {
    OrderStage.ISSUED: LateIn.TAKING_ON,
    OrderStage.RETURNED: LateIn.DECISION,
    OrderStage.CONTESTED: LateIn.DECISION,
}
"""What is awaited by the deadline of a stage, where that is not the work."""


def level(order: Order, now: datetime) -> Level:
    """How far its lateness has climbed; the right order's by its days alone."""
    right_by = right_order_by(order)
    return level_of(order.history) if right_by is None else level_of_decision(right_by, now)


def late_by(order: Order, now: datetime) -> int:
    """The working days of its lateness alone."""
    return lateness(order, now).days


def days_left(order: Order, today: date) -> int:
    """Working days until the due date; below 0 they are past it."""
    if today <= order.due_on:
        return working_days_between(today, order.due_on)
    return -working_days_between(order.due_on, today)


def pause_left(order: Order, before: Event | None = None) -> int:
    """For how many days a question may still stop the clock, or might when `before` was asked: she
    may be asked as often as need be, but a unit puts its day off by questions only so far."""
    left, question = PAUSE_DAYS, None
    for event in order.history:
        if before is not None and event.id >= before.id:
            break
        if event.action is OrderAction.ASK_CITIZEN:
            question = event if event.payload["until"] != event.payload["was_on"] else None
        elif event.action is OrderAction.TELL_UNIT and question is not None:
            left -= min((tehran_day(event.at) - tehran_day(question.at)).days, left)
            question = None
    return left


def paused_due_on(due_on: date, today: date, left: int = PAUSE_DAYS) -> date:
    """The latest due date while the citizen is asked; a clock that has run out does not stop."""
    stops = left and today <= due_on
    return working_day_from(due_on + timedelta(days=left)) if stops else due_on


def resumed_due_on(order: Order, asked: Event, today: date) -> date:
    """The due date after her answer: later by the days she took.

    A date that was changed meanwhile (an extension) stands as it is.
    """
    was_on, until = (date.fromisoformat(str(asked.payload[k])) for k in ("was_on", "until"))
    if order.due_on != until or until == was_on:
        return order.due_on
    took = min((today - tehran_day(asked.at)).days, pause_left(order, asked))
    return working_day_from(was_on + timedelta(days=took))


class Outcome(StrEnum):
    """What has become of a promise, in the order in which the mayor looks at them."""

    LATE = "late"
    CONTESTED = "contested"
    RUNNING = "running"
    REPORTED = "reported"
    """The citizen has the word."""
    UPHELD = "upheld"
    """Closed against her word, with an explanation."""
    SETTLED = "settled"
    """Nobody heard from her for ten days: counted apart, it is not her yes."""
    KEPT = "kept"
    """The citizen's own statement."""
    VOID = "void"
    """It stood on the wrong visitor's sheet, by the word of two: no promise of hers."""


_ENDS: dict[AnyAction, Outcome] = {
    OrderAction.CONFIRM_DONE: Outcome.KEPT,
    OrderAction.SETTLE: Outcome.SETTLED,
    OrderAction.UPHOLD: Outcome.UPHELD,
    OrderAction.VOID: Outcome.VOID,
}


def outcome(order: Order, now: datetime) -> Outcome:
    """Lateness comes first, whatever stage it is late in."""
    if is_finished(order):
        end = order.last(*_ENDS)
        assert end is not None, "nothing else ends an order"
        return _ENDS[end.action]
    if late_by(order, now):
        return Outcome.LATE
    if order.stage is OrderStage.CONTESTED:
        return Outcome.CONTESTED
    return Outcome.RUNNING if owes_report(order) else Outcome.REPORTED


# What waits for an answer of somebody about an order: the newest notice that asks for one.

NEWS = frozenset({OrderAction.EXTEND, OrderAction.REFUSE_EXTENSION, OrderAction.CONFIRM_DONE})
"""Shown, but asking for nothing. Nor does the clock ask: it says how late the order is."""


def open_question(order: Order, *roles: Role) -> OrderAction | None:
    """The newest message to one of these roles since one of them last acted; None when the
    last word is theirs. A later piece of news does not cover an older question."""
    for event in reversed(order.history):
        if event.role in roles:
            return None
        if _asks(event, roles):
            assert isinstance(event.action, OrderAction)
            return event.action
    return None


def _asks(event: Event, roles: tuple[Role, ...]) -> bool:
    asks = event.action not in NEWS and event.role is not Role.CLOCK
    return asks and bool(set(recipients(event)) & set(roles))
