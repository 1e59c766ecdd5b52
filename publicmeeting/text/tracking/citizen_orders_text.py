"""A mayor's order on its citizen's page: the promise, its paper, its clock, the questions."""

from datetime import datetime

from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O
from publicmeeting.text.common.dates_text import until_words

PROMISED = "قول شهردار"
PROMISED_TO_UNIT = "به واحد {unit} دستور داده شد. تا {day} گزارش می‌دهند."
"""Where only the picture says what was promised."""
URGENT = "فوری"
SHARED = "این برگه برای {count} واحد است. هر واحد مهلت و گزارش خود را دارد."
DUE_LINE = "مهلت: {day}\u00a0· {left}"
CLIMBED = "این دیرکرد {to}."
DUE_UNIT = "واحد {unit} تا {day} گزارش می‌دهد."
SEE_PAPER = "دیدن تصویر دستور"
DUE_DAYS = "روزهای این مهلت"
PDF = "نسخهٔ چاپی"
_HIDDEN = (
    "شهردار می‌گوید این دستور به اشتباه برای شما ثبت شده است. تصویر و متن آن، چون شاید به شهروند "
    "دیگری مربوط باشد، {until} پنهان است تا ناظر شهر تصمیم بگیرد. قول و مهلت آن تا آن زمان می‌ماند."
)
_VOID = "این دستور به اشتباه برای شما ثبت شده بود و ناظر شهر آن را باطل کرد."
_VOID_OWED = f"{_VOID} دستور ملاقات خودتان را شهردار باید {{until}} بنویسد."
NO_TEXT = "متن این دستور تایپ نشده است؛ دست‌نوشته در تصویر است."


def why_hidden(until: datetime | None, right_order_until: str, *, is_void: bool) -> str:
    """Return why she does not see a paper, and what of it is valid; "" if she sees it.

    `until` is when a hidden paper is shown again. `right_order_until` is until when the right order
    in the place of a void one is owed.
    """
    if is_void:
        return _VOID_OWED.format(until=right_order_until) if right_order_until else _VOID
    return _HIDDEN.format(until=until_words(until)) if until else ""


FIRST_DUE = "مهلت نخست {day} بود."
EXTENDED = "تا {day} مهلت داده شد ({times} تاکنون)."
WHY_EXTENDED = "دلیل واحد: «{why}»"
MAYOR_WROTE = "دفتر شهردار نوشت: «{note}»"
PAUSED = "ساعت ایستاده است تا {day}، چون واحد پاسخ شما را می‌خواهد."
PAUSED_THEN = "با پاسخ شما، یا پس از آن روز، ساعت دوباره پیش می‌رود. مهلت دیرتر از {day} نمی‌شود."
NEWS_FROM = "از وضع کار پرسیده‌اید. دوباره از {moment} می‌توانید بپرسید."
NEWS_WAITS = "واحد تا پنج روز کاری پاسخ می‌دهد."
REOPEN_UNTIL = "اگر کار ناتمام است، {day} آخرین روزی است که می‌توانید آن را دوباره باز کنید."
BEFORE, AFTER = "پیش از کار", "پس از کار"
BEFORE_ALT, AFTER_ALT = "پیش از کار، عکس {at}", "پس از کار، عکس {at}"

HEARD_BASIS = "ملاقات {day}. شهردار و واحدها پاسخ شما را نمی‌بینند؛ در آمار منطقه شمرده می‌شود."
DONE_BASIS = "مهلت {day} گذشت و گزارشی از واحد نرسیده است."
SENTENCE = "می‌خواهم یک جمله هم بنویسم"
SENTENCE_LABEL = "یک جمله، اگر خواستید"
SENTENCE_HINT = "بنویسید، سپس پاسخ را بزنید."
SENTENCE_READ_BY: dict[A | O, str] = {
    A.SAY_HEARD: "جز ناظر شهر کسی این جمله را نمی‌خواند.",
    O.SAY_DONE: "واحد و شهردار این جمله را می‌خوانند.",
}
ANSWER_UNTIL = "{until} پاسخ دهید. بی‌پاسخ شما، کار انجام‌شده شمرده می‌شود."
REST_BY_HAND = "این فقط بخش تایپ‌شده است؛ بخش دیگر، دست‌نوشته یا عکس، روی تصویر دستور است."

OFFERED = "واحد {unit} این پاسخ را پیشنهاد کرده است"
OFFERED_UNNAMED = "شهرداری این پاسخ را پیشنهاد کرده است"
OFFER_LEAD = "اگر همین کار شما را راه می‌اندازد، بپذیرید و ملاقات لازم نیست."
OFFER_COSTS_SEAT = "نوبت {day} ساعت {time} آزاد می‌شود و به نفر بعدی می‌رسد."
OFFER_COSTS_WAIT = "جای شما در نوبت انتظار و هفته‌های آن از میان می‌رود."
OFFER_CLOSES = "درخواست با همین پاسخ بسته می‌شود."
OFFER_IF = "اگر بپذیرید:"
OFFER_SURE = "این کار برگشت ندارد."
OFFER_LEAVE = "ملاقات را می‌خواهم"
OFFER_LEFT = "نوبت شما سر جای خود است و لازم نیست کاری بکنید. بی‌پاسخی هیچ درخواستی را نمی‌بندد."

BY_UNIT = "واحد {unit}"
WROTE_UNIT, WROTE_YOU = "واحد برای شما نوشت", "شما نوشتید"
WROTE_MAYOR, WROTE_DEPUTY = "شهردار برای شما نوشت", "جانشین شهردار برای شما نوشت"
"""Titles of comments, by who wrote them."""
