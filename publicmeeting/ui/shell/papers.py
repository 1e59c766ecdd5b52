"""The sheet of an order as every office sees it."""

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.orders import sheet_text
from publicmeeting.ui.design.models import OrderPaper
from publicmeeting.usecases.orders.pages import OrderPage


def order_paper(page: OrderPage, says: str) -> OrderPaper:
    """The composed picture, which carries its own letterhead; without one the text is set in type.

    `says` is what a picture is called.
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
        image_says=says,
        text=order.text,
    )
