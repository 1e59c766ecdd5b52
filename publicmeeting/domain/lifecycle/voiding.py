"""An order on the wrong visitor's sheet: the mayor asks, the overseer decides, and what of it its
citizen does not read, because it is another person's matter."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from publicmeeting.domain.calendar import deadline_working_days
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction, OrderStage, Stage

HIDDEN_DAYS = 3
"""Working days the overseer has. Then the sheet comes back: one person alone hides no promise."""
OF_THE_SHEET = (OrderAction.ASK_VOID, OrderAction.VOID, OrderAction.KEEP_ORDER)
"""Steps that concern a paper, and so each order on it."""
_ISSUED_OR_VOID = (OrderAction.ISSUE, OrderAction.VOID)


def is_void(stage: Stage | OrderStage) -> bool:
    """An order at this stage is none any more."""
    return stage is OrderStage.VOID


def void_ask(case: Case) -> Event | None:
    """The mayor's ask that the overseer has not answered."""
    last = case.last(*OF_THE_SHEET)
    return last if last and last.action is OrderAction.ASK_VOID else None


def hidden_until(case: Case) -> datetime | None:
    """When a sheet that waits for the overseer is shown again; None where none waits."""
    ask = void_ask(case)
    if ask is None or case.stage is OrderStage.DONE:
        return None
    return deadline_working_days(ask.at, HIDDEN_DAYS)


def readable_from(case: Case, now: datetime) -> datetime | None:
    """From when her silence counts again, where its order was to become void: from the overseer's
    word, or the end of the days for it; not before now while he owes it."""
    asked, last = case.last(OrderAction.ASK_VOID), case.last(*OF_THE_SHEET)
    if asked is None or last is None:
        return None
    until = deadline_working_days(asked.at, HIDDEN_DAYS)
    return max(now, until) if last is asked else min(last.at, until)


def is_hidden(case: Case, now: datetime) -> bool:
    """Whether its citizen does not see the sheet: while it waits for the overseer, and once void
    for good."""
    until = hidden_until(case)
    return is_void(case.stage) or (until is not None and now < until)


def is_order_owed(request: Request) -> bool:
    """Whether she was met, and all that was issued to her has become void."""
    return request.stage is Stage.FOLLOW_UP and not request.outcome_recorded


def right_order_by(order: Order) -> datetime | None:
    """By when the mayor owes the right order in the place of this one; None where he owes none."""
    return order.due_at if order.is_right_order_owed else None


def is_right_order_open(request: Request, orders: Iterable[Order]) -> bool:
    """Whether the mayor may write her own order in the place of one that was another's: nothing
    that was issued stands, or one has become void since the newest was issued, beside another
    paper that stands."""
    if request.stage is not Stage.FOLLOW_UP or not request.outcome_recorded:
        return is_order_owed(request)
    found = (
        event for order in orders for event in order.history if event.action in _ISSUED_OR_VOID
    )
    newest = max(found, key=lambda event: event.id, default=None)
    return newest is not None and newest.action is OrderAction.VOID


def veiled(order: Order, now: datetime) -> Order:
    """The order as its citizen reads it: of a hidden sheet neither picture nor text, nor what
    officials have written about the work."""
    if not is_hidden(order, now):
        return order
    hers = (
        event
        if event.role is Role.CITIZEN or event.action in OF_THE_SHEET
        else replace(event, note=None)
        for event in order.history
    )
    return replace(order, text="", promise="", image_id=None, history=tuple(hers))
