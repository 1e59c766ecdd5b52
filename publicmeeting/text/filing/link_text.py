"""What a link from outside has asked for, and has not got."""

UNKNOWN: dict[str, str] = {
    "district": "منطقه‌ای با این شماره نیست. منطقه را خودتان انتخاب کنید.",
    "subject": "این موضوع در فهرست نیست. موضوع را خودتان انتخاب کنید.",
}
"""By the parameter's name."""
QUESTION = "درخواست نیمه‌کارهٔ شما چیز دیگری می‌گوید"
OWN = "آنچه خودتان نوشته‌اید: {own}"
LINKED = "پیوندی که باز کردید: {linked}"
TAKE = "تغییر به {linked}"
KEEP = "همان بماند"
