"""A mayor's order as its citizen sees it: the promise, its stage, and her steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.choices import Priority, SheetPart
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.order_guards import (
    DONE_BY,
    NEWS_EVERY,
    question_to_citizen,
    reopened_until,
)
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.lifecycle.voiding import hidden_until, is_hidden
from publicmeeting.domain.orders.promises import first_sentence, pause_left, stem
from publicmeeting.domain.records import Image, Order
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.case_access import steps_refused, unit_of_event
from publicmeeting.usecases.orders.lists import OrderLine, order_line
from publicmeeting.usecases.orders.pages import pictures_of
from publicmeeting.usecases.orders.steps import is_erased


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock is stopped until she answers, at most until `until`; `why` is the question.

    `latest` is the due date that follows if she lets the whole time pass.
    """

    since: datetime
    until: date
    latest: date
    why: str


@dataclass(frozen=True, slots=True)
class Extension:
    """The newest one: until when, why the unit asked for it, and what the mayor wrote."""

    until: date
    why: str
    note: str


@dataclass(frozen=True, slots=True)
class CitizenOrder:
    """`sheet` is the number of its paper, which orders to several units share."""

    line: OrderLine
    sheet: str
    promise: str
    """What was promised in one sentence; empty where only the picture says it."""
    is_urgent: bool
    text: str
    image: Image | None
    """The sheet."""
    by_hand: bool
    """Strokes or a photograph are on the sheet, beside whatever was typed."""
    has_print: bool
    """A page for the printer was stored with it."""
    pictures: Mapping[int, tuple[Image, ...]]
    """Event id → the pictures that came with it."""
    units: Mapping[int, str]
    """Event id → the unit that was responsible when it happened."""
    pause: Pause | None
    extension: Extension | None
    news_from: datetime | None
    """While she has asked for news lately: when she may ask again."""
    news_waits: bool
    """She has asked, and the unit has not written yet."""
    reopen_until: date | None
    """The last day on which she may open it again."""
    steps: tuple[Step, ...]
    refused: tuple[tuple[Step, str], ...]
    hidden_until: datetime | None = None
    """The paper is not hers, the mayor says: until when she does not see it."""


def citizen_order(uow: UnitOfWork, actor: Actor, order: Order, now: datetime) -> CitizenOrder:
    """Of an order that is already `veiled`."""
    sheet = stem(order.number)
    hidden = is_hidden(order, now)
    parts = set() if hidden else {file.part for file in uow.document_audit.of_sheet(sheet)}
    steps, refused = steps_open_to(actor, order, now), steps_refused(actor, order, now)
    if any(step.action is OrderAction.REOPEN for step in steps) and is_erased(uow, order):
        steps = tuple(step for step in steps if step.action is not OrderAction.REOPEN)
    return CitizenOrder(
        line=order_line(uow, actor, order, now),
        sheet=sheet,
        promise=order.promise or first_sentence(order.text),
        is_urgent=order.priority == Priority.URGENT,
        text=order.text,
        image=uow.images.get_visible(order.image_id, actor) if order.image_id else None,
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
        hidden_until=hidden_until(order) if hidden else None,
    )


def _pause(order: Order, now: datetime) -> Pause | None:
    question = question_to_citizen(order)
    if question is None:
        return None
    was_on, latest = (date.fromisoformat(str(question.payload[key])) for key in ("was_on", "until"))
    until = tehran_day(question.at) + timedelta(days=pause_left(order, question))
    # A clock that had run out did not stop, and one stopped for its whole limit runs again.
    stands = was_on < latest and tehran_day(now) <= until and order.due_on == latest
    return Pause(question.at, until, latest, question.note or "") if stands else None


def _extension(order: Order) -> Extension | None:
    """None once a new due date of another kind is set."""
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
    """A report answers too."""
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
