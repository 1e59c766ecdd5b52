"""Several officials from one table: the file, a preview, what is wrong in it, the links."""

TITLE = "چند همکار از یک فایل"
LEAD = (
    "فایل CSV با سطر نخست زیر. هر همکار یک سطر است، تا {limit} سطر. نخست نشان می‌دهیم چه ساخته "
    "می‌شود؛ تا همهٔ سطرها درست نباشد هیچ حسابی ساخته نمی‌شود."
)
FORM = "فایل خالی همهٔ شهر"
FILE, LOOK = "فایل CSV", "دیدن نتیجه"
BACK = "کارکنان"
CAN = "{count} حساب ساخته می‌شود: {roles}."
ONE_ROLE = "{count} {role}"
BAD = "{bad} سطر درست نیست و هیچ حسابی ساخته نشد."
BAD_ROW = "سطر {line}"
MEND = "این سطرها را در فایل درست کنید و همان فایل را دوباره بفرستید."
MORE = "و {count} سطر دیگر"
MAKE = "ساختن {count} حساب"
MADE = "{count} حساب ساخته شد."
KEEP = "فایل لینک‌ها را همین حالا نگه دارید: دوباره نشان داده نمی‌شود و هر لینک ۳ روز باز است."
KEEP_THEN = "هر لینک را تنها به صاحبش برسانید و فایل را پاک کنید. لینک گم‌شده را تکی دوباره بسازید."
DOWNLOAD = "نگه داشتن فایل لینک‌ها"
AGREED_FIRST = "پس از موافقت مدیر دیگر"
"""In the place of a link, which the other administrator then reads."""
HEADS = ("username", "name", "role", "link")
COLUMNS = "شمار ستون‌ها {columns} است و باید {wanted} باشد."

FAULT: dict[str, str] = {
    "username": "نام کاربری ندارد.",
    "name": "نام ندارد.",
    "role": "نقش یکی از این‌ها نیست: desk، reception، mayor، deputy، unit، phone.",
    "number": "منطقه عدد نیست.",
    "needs_unit": "نقش unit واحد می‌خواهد، مانند فایل خالی همهٔ شهر.",
    "no_unit": "فقط نقش unit واحد دارد.",
    "no_district": "این نقش برای همهٔ شهر است و منطقه ندارد.",
    "needs_district": "این نقش منطقه می‌خواهد.",
}
"""By `RowFault` of the table, but for the number of columns."""
