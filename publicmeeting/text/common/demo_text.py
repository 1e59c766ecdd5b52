"""The bar of the demonstration: invented people, and a clock that can be moved on."""

WORD = "نمایشی"
LEAD = "شهر، آدم‌ها و درخواست‌ها ساختگی‌اند."
ADVANCE = "جلو بردن ساعت"
AS = "ورود به جای"
SMS = "پیامک‌های فرستاده‌شده"
CARDS = "کارت ملی مراجعان این دوشنبه"
CARDS_LEAD = "شمارهٔ کارت را هنگام پذیرش بنویسید؛ با یک لمس همهٔ آن انتخاب می‌شود."
STANDBY = "ذخیرهٔ {place}"
JUMPS_CHANGED = "از وقتی این نوار را باز کردید برنامه عوض شده است؛ از فهرست تازه انتخاب کنید."
MOMENT = {
    "freeze": "بسته‌شدن فهرست سه‌شنبه",
    "reveals": "سه‌شنبه‌شب، باز شدن رمزها",
    "sealed": "پایان باز کردن رمزها",
    "value": "چهارشنبه، عدد بورس",
    "draw": "قرعهٔ چهارشنبه",
    "answer_by": "پایان مهلت پاسخ",
    "standby_until": "پایان فهرست ذخیره",
    "meetings": "دوشنبه، ساعت ۹",
}
CITIZEN = "شهروند: {stage}"
OFFICIAL = "{role} منطقهٔ {district}"
YOU_FILED = "شهروندی که درخواست تازه داد"
