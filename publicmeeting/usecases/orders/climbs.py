"""An order's lateness goes one level up: the clock's own work, once for each level."""

from datetime import datetime

from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.climbing import next_climb
from publicmeeting.domain.roles import CLOCK
from publicmeeting.store.unit_of_work import UnitOfWork


def climb_order(order_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Take the climb that is due, if one is.

    Its event, the next instant and the notices are one transaction, and the history is asked
    again here: whoever comes second finds the level already reached. An order whose instant is
    not what its history says (it is older than climbing) only gets the right one.
    """
    uow.orders.hold_id(order_id)
    order = uow.orders.by_id(order_id)
    climb = next_climb(order.history)
    if climb is None or climb.at > now:
        uow.orders.set_climb(order)
        return
    uow.orders.record(order, advance(order, climb.action, CLOCK, now))
