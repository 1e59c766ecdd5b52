"""Everything promised, by unit and lateness."""

TITLE = "دستورها"
BY_UNIT, BY_LATENESS = "به تفکیک واحد", "دیرکرد اول"
TABS = (
    ("open", "باز"),
    ("late", "دیرکرد"),
    ("extension", "درخواست مهلت"),
    ("contested", "اعتراض"),
    ("done", "انجام‌شده"),
)
CONFIRMED = "شهروند گفت انجام شد"
SETTLED = "بی‌پاسخ شهروند بسته شد"
UPHELD = "با توضیح بسته شد"
FIRST_DUE = "مهلت نخست: {day}"
EMPTY = "دستوری در این فهرست نیست."
EMPTY_LEAD = "فهرست دیگری را برگزینید یا از ملاقات بعدی آغاز کنید."
