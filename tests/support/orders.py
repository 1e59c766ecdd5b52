"""Orders whose sheet is not drawn; the image has tests of its own."""

from publicmeeting.application import Application
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import Actor
from publicmeeting.usecases.orders.issuing import issue_orders, order_facts
from publicmeeting.usecases.orders.order_checks import IssueOrders, StoredSheet

_NOWHERE = ("0" * 64, "1" * 64)


def issue_undrawn(
    application: Application,
    by: Actor,
    order: IssueOrders,
    files: tuple[str, str] = _NOWHERE,
    printable: str = "",
) -> list[Order]:
    """Issue orders on a stored sheet; `files` are the names of its picture and thumbnail."""
    stem = application.query_as(by, order_facts, order).stem
    sheet = StoredSheet(stem, *files, 1240, 1754, printable)
    whole = order.model_copy(update={"sheet": sheet})
    return list(application.execute_as(by, issue_orders, whole))
