"""What a Monday came to, on the mayor's agenda."""

from publicmeeting.domain.held import How

TITLE = "جمع‌بندی {day}"
HELD: dict[How, str] = {
    How.MAYOR: "شهردار خودش پذیرفت.",
    How.DEPUTY: "جانشین پذیرفت.",
    How.BOTH: "بخشی را شهردار پذیرفت و بخشی را جانشین.",
    How.CLOSED: "ملاقات نبود{why}.",
    How.CUT_SHORT: "بخشی از ملاقات‌ها انجام شد و بقیه لغو شد{why}.",
    How.NO_VISITORS: "کسی نوبت نداشت.",
    How.SILENT: "ملاقات برگزار نشد و دلیلی اعلام نشد.",
    How.PAPER: "در سامانه ثبت نشد؛ روی کاغذ پذیرفته شد و پس از آن نوشته شد.",
    How.AHEAD: "هنوز کسی پذیرفته نشده است.",
}
MET = "ملاقات شد"
MISSED = "نیامد"
LEFT = "پذیرفته نشد"
ORDERS = "دستور"
AVERAGE = "میانگین هر ملاقات"
DUE = "قول تا هفتهٔ آینده"
REFUSED = "از این میان {count} با توضیح رد شد."
TELEPHONED = "{count} با تلفن."
NONE = "—"
