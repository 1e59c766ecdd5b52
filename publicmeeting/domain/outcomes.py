"""What has become of a promise, as the mayor goes through the last weeks' ones."""

from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.lifecycle import AnyAction
from publicmeeting.domain.orders import is_finished, late_by, owes_report
from publicmeeting.domain.records import Order
from publicmeeting.domain.stages import OrderAction, OrderStage


class Outcome(StrEnum):
    """In the order in which they are looked at."""

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
    """She has said so herself."""


_ENDS: dict[AnyAction, Outcome] = {
    OrderAction.CONFIRM_DONE: Outcome.KEPT,
    OrderAction.SETTLE: Outcome.SETTLED,
    OrderAction.UPHOLD: Outcome.UPHELD,
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
