"""What waits for an answer of somebody about an order: the newest notice that asks for one."""

from publicmeeting.domain.lifecycle.advance import recipients
from publicmeeting.domain.records import Event, Order
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction

NEWS = frozenset({OrderAction.EXTEND, OrderAction.REFUSE_EXTENSION, OrderAction.CONFIRM_DONE})
"""Told, but asking for nothing. Nor does the clock ask: what it says is how late the order is."""


def open_question(order: Order, *roles: Role) -> OrderAction | None:
    """The newest thing said to one of these roles since one of them last acted; None when the
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
