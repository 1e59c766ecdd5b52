"""Why a city is not founded and a Monday not closed, and what to do instead."""

CITY: dict[str, str] = {
    "founded_before": "منطقه‌های این شهر ثبت شده‌اند. چیزی عوض نشد.",
    "district_twice": "منطقهٔ {number} دو بار آمده است. یکی را حذف کنید.",
    "place_missing": "منطقهٔ {number} نشانی، سالن یا نام شهردار ندارد. هر سه را بنویسید.",
    "seats_malformed": "وقت‌های منطقهٔ {number} خوانده نشد. ساعت‌ها را از زود به دیر بنویسید.",
    "monday_begun": (
        "ملاقات‌های این دوشنبه آغاز شده است. دیگر بسته نمی‌شود؛ هر که دیده نشود، نوبت طلب دارد."
    ),
    "monday_closed": "این دوشنبه پیش‌تر بسته شده است. فهرست را دوباره ببینید.",
}
