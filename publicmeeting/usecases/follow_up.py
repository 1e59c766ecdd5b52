"""A case follows its orders: closed when all of them are done, open again when one is not."""

from datetime import datetime

from publicmeeting.domain.stages import Action, OrderStage, Stage
from publicmeeting.store.unit import Work
from publicmeeting.usecases.clock_steps import clock_takes


def follow_orders(work: Work, request_id: str, now: datetime) -> None:
    """To be called after every step on an order, in the same transaction."""
    request = work.requests.by_id(request_id)
    orders = work.orders.of_request(request_id)
    if not orders:
        return
    all_done = all(order.stage is OrderStage.DONE for order in orders)
    if all_done and request.stage is Stage.FOLLOW_UP:
        clock_takes(work, request, Action.CONCLUDE, now)
    elif not all_done and request.stage is Stage.CLOSED:
        clock_takes(work, request, Action.RESUME, now)
