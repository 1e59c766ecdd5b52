"""The promises of the last weeks, Monday by Monday."""

from publicmeeting.domain.orders.promises import Outcome

TITLE = "قول‌های هفته‌های پیش"
LEAD = "دیرکردها بالای هر هفته است. پس از آن، آنچه شهروند گفته نشده است."
FROM_AGENDA = "مرور همهٔ قول‌های هفته‌های پیش"
SPAN = "دوشنبه‌های {first} تا {last}"
WEEK_SUM = "{given} قول، {kept} انجام‌شده"
WEEK_LATE = "{count} دیرکرد"
NONE_GIVEN = "در این دوشنبه قولی داده نشد."
EARLIER, LATER = "هفتهٔ پیش‌تر", "هفتهٔ بعد"
TURN = "هفته‌های دیگر"
UNKNOWN = "نشانی این هفته درست نیست. هفته‌های پیش را می‌بینید."
EMPTY = "در این هفته‌ها قولی داده نشده است."
EMPTY_LEAD = "دستور هر ملاقات، پس از ثبت، این‌جا دیده می‌شود."
GIVEN, KEPT, LATE = "قول داده شد", "شهروند گفت انجام شد", "دیرکرد دارد"
FIGURES_SAY = "{given} قول داده شد؛ {kept} را شهروند گفت انجام شد و {late} دیرکرد دارد."

OUTCOME: dict[Outcome, str] = {
    Outcome.LATE: "دیرکرد",
    Outcome.CONTESTED: "شهروند گفت انجام نشد",
    Outcome.RUNNING: "در مهلت",
    Outcome.REPORTED: "منتظر پاسخ شهروند",
    Outcome.UPHELD: "با توضیح بسته شد",
    Outcome.SETTLED: "بی‌پاسخ شهروند بسته شد",
    Outcome.KEPT: "شهروند گفت انجام شد",
}
