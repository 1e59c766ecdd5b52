"""An order on officials' pages: the colour of its stage, and its picture with the letterhead."""

from publicmeeting.domain.stages import OrderStage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.orders import sheet_text
from publicmeeting.ui.design.models import OrderPaper, Tone
from publicmeeting.usecases.orders.pages import OrderPage

ORDER_TONE: dict[OrderStage, Tone] = {
    OrderStage.ISSUED: "neutral",
    OrderStage.IN_ACTION: "glaze",
    OrderStage.RETURNED: "neutral",
    OrderStage.REPORTED: "glaze",
    OrderStage.CONTESTED: "brick",
    OrderStage.DONE: "neutral",
    OrderStage.VOID: "neutral",
}
"""Colour of an order's stage on officials' pages.

Leaf is reserved for what the citizen has confirmed; the road shows her confirmation.
"""


def order_paper(page: OrderPage, alt: str) -> OrderPaper:
    """Return the order's composed picture with its letterhead; without a picture, the typed text.

    `alt` is the picture's alternative text.
    """
    order = page.order
    return OrderPaper(
        kind="sheet" if order.image_id else "typed",
        unit_name=sheet_text.head(order.district),
        title=sheet_text.TITLE,
        date=day_words(tehran_day(order.issued_at)),
        number=str(shown(order.number)),
        district=order.district,
        image=f"/images/{order.image_id}" if order.image_id else "",
        image_alt=alt,
        text=order.text,
    )
