"""The screening inbox."""

TITLE = "صندوق بررسی"
SEARCH = "جستجو در موضوع، متن یا کد رهگیری"
TABS_SAY = "بخش‌های صندوق"
TABS = (
    ("submitted", "تازه"),
    ("needs_info", "نیازمند تکمیل"),
    ("objections", "اعتراض"),
    ("late", "دیرکرد"),
    ("all", "همه"),
)
DUE = "مهلت: {day}"
LATE = "مهلت {day} بود"
LINKED = "{count} درخواست مرتبط"
STAGE_AND = "{stage} · {due}"
DAYS_SAY = "{passed} روز کاری از {all} روز مهلت گذشته است"
EMPTY = "همهٔ درخواست‌ها بررسی شده است."
EMPTY_LEAD = "درخواست تازه همین‌جا می‌آید."
NOTHING = "در این بخش درخواستی نیست."
NOTHING_LEAD = "بخش دیگری را انتخاب کنید."
CHOOSE = "درخواستی را از فهرست انتخاب کنید."
CHOOSE_LEAD = "نخستین درخواست فهرست، نزدیک‌ترین مهلت را دارد."
OPEN_FIRST = "باز کردن نخستین درخواست"
