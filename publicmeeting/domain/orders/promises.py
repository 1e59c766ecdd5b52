"""A mayor's promise: its number, due date, lateness, paused deadline and outcome."""

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
from publicmeeting.domain.lifecycle.order_guards import right_order_by
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.records import Event, Order
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.kit.digits import without_marks
from publicmeeting.kit.jalali import iso

DEFAULT_DAYS = 15
"""Default term of an order in working days, unless the mayor chooses another."""
FAR_DAYS = 90
"""A longer term, in working days, needs a reason that the citizen reads."""
MOST_YEARS = 2
"""Maximum term in years: every page that shows a promise counts its working days."""
PAUSE_DAYS = 10
"""Maximum number of days that all questions to the citizen together may stop the deadline."""
PROMISE_MOST = 160
"""Maximum length of the promised sentence, in letters: one sentence on a phone."""
_NUMBER_TYPED = re.compile(r"[0-9]{4,13}(-[0-9]{1,2})?")
_YEAR = 366
_ADDRESSED = re.compile(r"(معاون|مدیر|رئیس|شهردار|همکار|جناب|سرکار|واحد)\b[^.؟!،]{0,60}")
_SENTENCE = re.compile(r".*?[.؟!](?=\s|$)", re.DOTALL)
SHORT_DAYS = (5, 10, DEFAULT_DAYS)
"""Terms that the mayor's screen offers beside a free date."""


def number_prefix(day: date, district: int) -> str:
    """Return Jalali date and district, like `1405090906`; a three-digit sequence number follows."""
    return f"{iso(day).replace('-', '')}{district:02d}"


def order_numbers(stem: str, units: int) -> tuple[str, ...]:
    """Return one number for each unit: the sheet's own for one, with -1, -2… for several."""
    return (stem,) if units == 1 else tuple(f"{stem}-{n + 1}" for n in range(units))


def number_typed(words: str) -> str:
    """Return the beginning of an order number as typed by somebody; empty for other text."""
    found = _NUMBER_TYPED.fullmatch(without_marks(words))
    return found[0] if found else ""


def stem(number: str) -> str:
    """Return the number of the sheet, which several orders may share."""
    return number.partition("-")[0]


def first_sentence(text: str) -> str:
    """Return the first sentence of a typed order, as the default promise.

    A first line that only addresses somebody is skipped. A sentence longer than a promise is cut
    between two words.
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
    """Return the sentence that the citizen reads first.

    It must be written if the sheet has handwriting or a photograph (`drawn`), because an image
    cannot be read aloud. Raises Invalid for the field `promise`: `promise_missing`,
    `promise_too_long`.
    """
    if not promise and drawn:
        raise Invalid("promise_missing", field="promise")
    if len(promise) > PROMISE_MOST:
        raise Invalid("promise_too_long", field="promise", limit=PROMISE_MOST, length=len(promise))
    return promise or first_sentence(text)


def default_due_on(today: date, days: int = DEFAULT_DAYS) -> date:
    """Return the n-th working day after today."""
    return add_working_days(today, days)


def check_due_on(text: str, today: date, reason: str, *, after: date | None = None) -> date:
    """Parse a due date from a form (`YYYY-MM-DD`, Gregorian).

    Raises Invalid for the field `due_on`:

    - `due_on_unknown`: no date
    - `due_on_past`: today or earlier
    - `holiday`: no working day
    - `due_on_not_later`: not after the former date `after`
    - `due_on_far`: so late that it needs a reason, and none was written
    - `due_on_too_far` (fact: limit, in years)
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
    """Whether a due date is so late that it needs a reason, which the citizen reads."""
    # A whole year always has more working days, so dates far ahead are not counted day by day.
    return (day - today).days > _YEAR or working_days_between(today, day) > FAR_DAYS


def owes_report(order: Order) -> bool:
    """Whether the unit still has to report."""
    return report_lies_ahead(order.stage)


def report_lies_ahead(stage: OrderStage) -> bool:
    """Whether the unit still has to report on an order in this stage."""
    return any(step.action is OrderAction.REPORT for step in road_ahead(stage))


def is_finished(order: Order) -> bool:
    """Whether no step of the usual course is left: fulfilled, settled, upheld or void."""
    return is_end(order.stage)


def is_end(stage: OrderStage) -> bool:
    """Whether an order in this stage is finished."""
    return not road_ahead(stage)


def are_ended(stages: Collection[OrderStage]) -> bool:
    """Whether all orders of one meeting have ended, and at least one of them is not void.

    If all are void, the city still owes an order.
    """
    return all(map(is_end, stages)) and set(stages) != {OrderStage.VOID}


def waits_for_unit(order: Order) -> bool:
    """Whether its unit has neither taken it on nor returned it."""
    return order.stage is OrderStage.ISSUED


def lateness(order: Order, now: datetime) -> Lateness:
    """Return how late the city is with this order; every page shows this number.

    The longest of three delays counts: of the due date, of a step's own deadline, and of the
    citizen's question; if equal, the due date. Nobody is late while the citizen has to answer. For
    a void order it is the delay of the right order, if the mayor owes one.
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
    longest = max(found, key=lambda span: span.days)
    return longest if longest.days else IN_TIME


_STEP_AT = {
    OrderStage.ISSUED: LateIn.TAKING_ON,
    OrderStage.RETURNED: LateIn.DECISION,
    OrderStage.CONTESTED: LateIn.DECISION,
}
"""What is late at the deadline of a stage, if that is not the work."""


def level(order: Order, now: datetime) -> Level:
    """Return the order's level of lateness; that of a right order follows from its days alone."""
    right_by = right_order_by(order)
    return level_of(order.history) if right_by is None else level_of_decision(right_by, now)


def late_by(order: Order, now: datetime) -> int:
    """Return the number of working days of its lateness."""
    return lateness(order, now).days


def days_left(order: Order, today: date) -> int:
    """Return the working days until the due date; negative after it."""
    if today <= order.due_on:
        return working_days_between(today, order.due_on)
    return -working_days_between(order.due_on, today)


def pause_left(order: Order, before: Event | None = None) -> int:
    """Return for how many days a question may still stop the deadline.

    With `before` it is the number when that question was asked. She may be asked any number of
    times, but questions postpone the due date only this far.
    """
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
    """Return the latest due date while the citizen is asked; an overdue date does not move."""
    stops = left and today <= due_on
    return working_day_from(due_on + timedelta(days=left)) if stops else due_on


def resumed_due_on(order: Order, asked: Event, today: date) -> date:
    """Return the due date after her answer: later by the days she took.

    A date that was changed meanwhile (an extension) stays as it is.
    """
    was_on, until = (date.fromisoformat(str(asked.payload[k])) for k in ("was_on", "until"))
    if order.due_on != until or until == was_on:
        return order.due_on
    took = min((today - tehran_day(asked.at)).days, pause_left(order, asked))
    return working_day_from(was_on + timedelta(days=took))


class Outcome(StrEnum):
    """Outcome of a promise, in the order of the mayor's list."""

    LATE = "late"
    CONTESTED = "contested"
    RUNNING = "running"
    REPORTED = "reported"
    """The citizen has to answer."""
    UPHELD = "upheld"
    """Closed against her objection, with an explanation."""
    SETTLED = "settled"
    """She did not answer for ten days; counted apart, because it is not her yes."""
    KEPT = "kept"
    """The citizen confirmed it herself."""
    VOID = "void"
    """It was on the wrong visitor's sheet, as two persons decided: no promise to her."""


_ENDS: dict[AnyAction, Outcome] = {
    OrderAction.CONFIRM_DONE: Outcome.KEPT,
    OrderAction.SETTLE: Outcome.SETTLED,
    OrderAction.UPHOLD: Outcome.UPHELD,
    OrderAction.VOID: Outcome.VOID,
}


def outcome(order: Order, now: datetime) -> Outcome:
    """Return the outcome; lateness comes first, in any stage."""
    if is_finished(order):
        end = order.last(*_ENDS)
        assert end is not None, "nothing else ends an order"
        return _ENDS[end.action]
    if late_by(order, now):
        return Outcome.LATE
    if order.stage is OrderStage.CONTESTED:
        return Outcome.CONTESTED
    return Outcome.RUNNING if owes_report(order) else Outcome.REPORTED


# Messages about an order that wait for an answer.

NEWS = frozenset({OrderAction.EXTEND, OrderAction.REFUSE_EXTENSION, OrderAction.CONFIRM_DONE})
"""Messages that ask for nothing.

The clock's messages do not ask either: they state the lateness.
"""


def open_question(order: Order, *roles: Role) -> OrderAction | None:
    """Return the newest question to one of these roles since one of them last acted, or None.

    News that came later does not hide an older question.
    """
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
