"""Void an order on the wrong visitor's sheet: the mayor asks, and the overseer decides.

Meanwhile parts of the order are hidden from the citizen, because they are another person's matter.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from publicmeeting.domain.calendar import deadline_working_days
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction, OrderStage, Stage

HIDDEN_DAYS = 3
"""Working days that the overseer has to decide.

Then the sheet is shown again, so that one person alone cannot hide a promise.
"""
OF_THE_SHEET = (OrderAction.ASK_VOID, OrderAction.VOID, OrderAction.KEEP_ORDER)
"""Steps that concern a sheet, and therefore every order on it."""
_ISSUED_OR_VOID = (OrderAction.ISSUE, OrderAction.VOID)


def is_void(stage: Stage | OrderStage) -> bool:
    """Whether this stage is the void one."""
    return stage is OrderStage.VOID


def void_ask(case: Case) -> Event | None:
    """Return the mayor's request that the overseer has not answered, or None."""
    last = case.last(*OF_THE_SHEET)
    return last if last and last.action is OrderAction.ASK_VOID else None


def hidden_until(case: Case) -> datetime | None:
    """Return when a sheet that waits for the overseer is shown again; None if none waits."""
    ask = void_ask(case)
    if ask is None or case.stage is OrderStage.DONE:
        return None
    return deadline_working_days(ask.at, HIDDEN_DAYS)


def readable_from(case: Case, now: datetime) -> datetime | None:
    """Return from when her silence counts again after the mayor's request to void the order.

    That is the overseer's decision, or the end of the days for it. While the decision is open it is
    not before `now`. None without such a request.
    """
    asked, last = case.last(OrderAction.ASK_VOID), case.last(*OF_THE_SHEET)
    if asked is None or last is None:
        return None
    until = deadline_working_days(asked.at, HIDDEN_DAYS)
    return max(now, until) if last is asked else min(last.at, until)


def is_hidden(case: Case, now: datetime) -> bool:
    """Whether the sheet is hidden from its citizen: until the overseer decides, and once void."""
    until = hidden_until(case)
    return is_void(case.stage) or (until is not None and now < until)


def is_order_owed(request: Request) -> bool:
    """Whether she was met and every order issued to her has become void."""
    return request.stage is Stage.FOLLOW_UP and not request.outcome_recorded


def right_order_by(order: Order) -> datetime | None:
    """Return by when the mayor owes the right order instead of this one; None if he owes none."""
    return order.due_at if order.is_right_order_owed else None


def is_right_order_open(request: Request, orders: Iterable[Order]) -> bool:
    """Whether the mayor may write her right order in place of another person's.

    Either no issued order stands, or the newest event of issuing and voiding is a void one: then
    one order on another sheet still stands.
    """
    if request.stage is not Stage.FOLLOW_UP or not request.outcome_recorded:
        return is_order_owed(request)
    found = (
        event for order in orders for event in order.history if event.action in _ISSUED_OR_VOID
    )
    newest = max(found, key=lambda event: event.id, default=None)
    return newest is not None and newest.action is OrderAction.VOID


def veiled(order: Order, now: datetime) -> Order:
    """Return the order as its citizen may read it.

    A hidden sheet has no image, no text and no notes by officials.
    """
    if not is_hidden(order, now):
        return order
    hers = (
        event
        if event.role is Role.CITIZEN or event.action in OF_THE_SHEET
        else replace(event, note=None)
        for event in order.history
    )
    return replace(order, text="", promise="", image_id=None, history=tuple(hers))
