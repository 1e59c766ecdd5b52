"""Why an order, its date, its ink or its signer was not taken, and what to do instead."""

ORDERS: dict[str, str] = {
    "not_opened": "این پرونده را امروز باز نکرده‌اید. آن را دوباره از فهرست باز کنید.",
    "order_given": "برای این ملاقات دستور ثبت شده است. ملاقات را با همان دستور به پایان برسانید.",
    "due_on_unknown": "این تاریخ خوانده نشد. روز پایان کار را دوباره برگزینید.",
    "due_on_not_later": "این روز از مهلت کنونی دیرتر نیست. روزی پس از آن برگزینید.",
    "ink_unreadable": "دست‌نوشته درست نرسید. دوباره بنویسید یا از کاغذ عکس بگیرید.",
    "ink_too_long": "دست‌نوشته برای یک برگه زیاد است. دنباله را در برگهٔ دوم بنویسید.",
    "holder_unknown": "این شخص جانشین شهردار این منطقه نیست. یکی از جانشین‌ها را برگزینید.",
}
"""Sentences by key, with the refusal's facts in braces."""
