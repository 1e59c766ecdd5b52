"""A mayor's order as its citizen sees it: the promise, its stage, and her steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.choices import Priority, SheetPart
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.order_guards import (
    DONE_BY,
    NEWS_EVERY,
    hidden_until,
    is_hidden,
    question_to_citizen,
    reopened_until,
)
from publicmeeting.domain.lifecycle.tables import AnyAction, Step
from publicmeeting.domain.orders.promises import first_sentence, pause_left, stem
from publicmeeting.domain.records import Image, Order
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.case_access import (
    answered_events,
    steps_refused,
    unit_of_event,
)
from publicmeeting.usecases.orders.lists import OrderLine, order_line
from publicmeeting.usecases.orders.pages import pictures_of
from publicmeeting.usecases.orders.steps import is_erased


@dataclass(frozen=True, slots=True)
class Pause:
    """A due date paused until she answers, at most until `until`.

    `latest` is the resulting due date if she uses the whole time.
    """

    until: date
    latest: date


@dataclass(frozen=True, slots=True)
class Extension:
    """The newest extension: its date, why the unit asked for it, and the mayor's note."""

    until: date
    why: str
    note: str


@dataclass(frozen=True, slots=True)
class CitizenOrder:
    """An order on her page; `sheet` is the number of its paper, which several orders may share."""

    line: OrderLine
    sheet: str
    promise: str
    """The promise in one sentence; empty if only the picture has it."""
    is_urgent: bool
    text: str
    image: Image | None
    """Picture of the sheet."""
    by_hand: bool
    """Whether the sheet has strokes or a photograph, beside typed text."""
    has_print: bool
    """Whether a printable page was stored with it."""
    pictures: Mapping[int, tuple[Image, ...]]
    """Event id → pictures that came with it."""
    units: Mapping[int, str]
    """Event id → the unit responsible at that time."""
    pause: Pause | None
    extension: Extension | None
    news_from: datetime | None
    """When she may ask for news again, if she has asked recently."""
    news_waits: bool
    """Whether she has asked and the unit has not written yet."""
    reopen_until: date | None
    """The last day on which she may reopen it."""
    steps: tuple[Step, ...]
    refused: tuple[tuple[Step, str], ...]
    answered: Mapping[AnyAction, int] = field(default_factory=dict)
    """Step → id of the event that it answers, if the step has one."""
    hidden_until: datetime | None = None
    """Until when she does not see it, if the mayor reports that the paper is not hers."""
    is_swapped: bool = False
    """Whether the database owner put another picture in the place of its sheet."""


def citizen_order(uow: UnitOfWork, actor: Actor, order: Order, now: datetime) -> CitizenOrder:
    """Return an order for her page; `order` is already `veiled`."""
    sheet = stem(order.number)
    hidden = is_hidden(order, now)
    parts = set() if hidden else {file.part for file in uow.document_audit.of_sheet(sheet)}
    steps, refused = steps_open_to(actor, order, now), steps_refused(actor, order, now)
    image = own_sheet(uow, actor, order)
    if any(step.action is OrderAction.REOPEN for step in steps) and is_erased(uow, order):
        steps = tuple(step for step in steps if step.action is not OrderAction.REOPEN)
    return CitizenOrder(
        line=order_line(uow, actor, order, now),
        sheet=sheet,
        promise=order.promise or first_sentence(order.text),
        is_urgent=order.priority == Priority.URGENT,
        text=order.text,
        image=image,
        by_hand=bool(parts & {SheetPart.INK, SheetPart.PHOTO}),
        has_print=SheetPart.PRINTABLE in parts,
        pictures={} if hidden else pictures_of(uow, order),
        units=unit_of_event(uow, order),
        pause=_pause(order, now),
        extension=_extension(order),
        news_from=_news_from(order, refused),
        news_waits=_news_waits(order),
        reopen_until=_reopen_until(order, steps, now),
        steps=steps,
        refused=refused,
        answered=answered_events(order, steps),
        hidden_until=hidden_until(order) if hidden else None,
        is_swapped=image is None and order.image_id is not None,
    )


def own_sheet(uow: UnitOfWork, actor: Actor, order: Order) -> Image | None:
    """Return the picture of its sheet; None if it has none, or the owner swapped it."""
    if order.image_id is None:
        return None
    try:
        image = uow.images.get_visible(order.image_id, actor)
    except Denied:  # it is of another case
        return None
    return image if order.sheet_file in {"", image.web} else None


def _pause(order: Order, now: datetime) -> Pause | None:
    question = question_to_citizen(order)
    if question is None:
        return None
    was_on, latest = (date.fromisoformat(str(question.payload[key])) for key in ("was_on", "until"))
    until = tehran_day(question.at) + timedelta(days=pause_left(order, question))
    # An expired due date was not paused, and one paused for its whole limit runs again.
    stands = was_on < latest and tehran_day(now) <= until and order.due_on == latest
    return Pause(until, latest) if stands else None


def _extension(order: Order) -> Extension | None:
    """Return the newest extension; None if a due date of another kind was set after it."""
    newest = order.last(OrderAction.EXTEND, OrderAction.RETRY)
    if newest is None or newest.action is not OrderAction.EXTEND:
        return None
    before = [event for event in order.history if event.id < newest.id]
    question = next(
        event for event in reversed(before) if event.action is OrderAction.ASK_EXTENSION
    )
    until = date.fromisoformat(str(newest.payload["due_on"]))
    return Extension(until, question.note or "", newest.note or "")


def _news_waits(order: Order) -> bool:
    """Return whether her question for news is open; a report answers it too."""
    last = order.last(OrderAction.ASK_NEWS, OrderAction.GIVE_NEWS, OrderAction.REPORT)
    return last is not None and last.action is OrderAction.ASK_NEWS


def _news_from(order: Order, refused: Sequence[tuple[Step, str]]) -> datetime | None:
    question = order.last(OrderAction.ASK_NEWS)
    waits = any(step.action is OrderAction.ASK_NEWS for step, _ in refused)
    return question.at + NEWS_EVERY if question and waits else None


def _reopen_until(order: Order, steps: Sequence[Step], now: datetime) -> date | None:
    done = order.last(*DONE_BY)
    may = any(step.action is OrderAction.REOPEN for step in steps)
    return last_day(reopened_until(order, done, now)) if done and may else None
