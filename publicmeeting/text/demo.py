"""The bar of the demonstration: pretend people, and a clock that can be moved on."""

WORD = "نمایشی"
LEAD = "شهر، آدم‌ها و درخواست‌ها ساختگی‌اند."
ADVANCE = "جلو بردن ساعت"
AS = "ورود به جای"
SMS = "پیامک‌های فرستاده‌شده"
MOMENT = {
    "freeze": "بسته‌شدن فهرست سه‌شنبه",
    "dice": "تاس چهارشنبه",
    "reveals": "آشکار شدن رمز شهرداری",
    "draw": "قرعهٔ چهارشنبه",
    "answer_by": "پایان مهلت پاسخ",
    "standby_until": "پایان فهرست ذخیره",
    "meetings": "دوشنبه، ساعت ۹",
}
CITIZEN = "شهروند: {stage}"
OFFICIAL = "{role} منطقهٔ {district}"
WITNESS = "{role}: {name}"
YOU_FILED = "شهروندی که درخواست تازه داد"
