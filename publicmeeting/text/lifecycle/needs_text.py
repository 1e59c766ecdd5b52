"""Labels and hints of the fields of a step's form, and the words of closed lists."""

from publicmeeting.domain.choices import AccessNeed, Audience, Lane, Prefers, Verdict
from publicmeeting.domain.stages import Action, Need, OrderAction

LABEL: dict[Need, str] = {
    Need.NOTE: "نوشتهٔ شما",
    Need.REASON: "دلیل",
    Need.DISTRICT: "منطقهٔ درست",
    Need.UNIT: "واحد مسئول",
    Need.DUE_ON: "مهلت",
    Need.PHOTOS: "عکس",
    Need.IDENTITY: "شمارهٔ کارت یا چهار رقم آخرش",
    Need.MONDAY: "دوشنبه",
    Need.LANE: "نوع سهمیه",
    Need.VERDICT: "نظر شما",
    Need.SKIP: "دلیل پیش انداختن",
    Need.AUDIENCE: "چه کسی ببیند؟",
    Need.ORIGINAL: "اصل مدرک سهمیه را دیدید؟",
}

HINT: dict[Need, str] = {
    Need.NOTE: "شهروند همین متن را می‌خواند. ساده و کوتاه بنویسید.",
    Need.REASON: "شهروند این دلیل را به همین زبان می‌خواند.",
    Need.DISTRICT: "درخواست به این منطقه می‌رود و میز خدمت آن‌جا تا دو روز کاری پاسخ می‌دهد.",
    Need.UNIT: "برای هر واحد یک دستور جدا ثبت می‌شود.",
    Need.DUE_ON: "روز کاری انتخاب کنید. شهروند این مهلت را می‌بیند.",
    Need.PHOTOS: "تا ۳ عکس. از برگه‌ها هم عکس بگیرید.",
    Need.IDENTITY: "از روی کارتی که در دست دارید؛ چهره را هم ببینید.",
    Need.MONDAY: "هفته‌های انتظار از میان نمی‌رود.",
    Need.LANE: "هر سهمیه مدرک خودش را می‌خواهد.",
    Need.VERDICT: "نظر همکار دیگر را نمی‌بینید.",
    Need.SKIP: "شمار این موردها هر هفته منتشر می‌شود.",
    Need.AUDIENCE: "نوشتهٔ داخلی را شهروند نمی‌بیند.",
    Need.ORIGINAL: (
        "نام روی مدرک را با کارتی که در دست دارید برابر کنید. مدرک فرزند، همسر، پدر و مادر یا "
        "ساختمان خودش هم مال اوست. هر پاسخی بدهید، امروز ملاقات می‌شود."
    ),
}

NOTE_HINT: dict[Action | OrderAction, str] = {
    OrderAction.ASK_VOID: "شهروند همین متن را می‌خواند. از شهروند دیگر و کار او چیزی ننویسید.",
}
"""Instead of the hint of every note."""
NOTE_HINT_CITIZEN = "در یک یا دو جمله بنویسید."

ACCESS_NEED: dict[AccessNeed, str] = {
    AccessNeed.STEP_FREE: "ورودی بی‌پله",
    AccessNeed.SIGN_LANGUAGE: "مترجم زبان اشاره",
    AccessNeed.COMPANION: "همراه",
    AccessNeed.HARD_OF_HEARING: "کم‌شنوا / ناشنوا",
    AccessNeed.LOW_VISION: "کم‌بینا",
}
PREPARE: dict[AccessNeed, str] = {
    AccessNeed.STEP_FREE: "راه بی‌پله را باز کنید و به نگهبان بگویید.",
    AccessNeed.SIGN_LANGUAGE: "آمدن مترجم را با تلفن قطعی کنید. در سالن پیش او بروید.",
    AccessNeed.COMPANION: "در سالن و اتاق جایی برای همراه بگذارید.",
    AccessNeed.HARD_OF_HEARING: "صندلی نزدیک پذیرش نگه دارید. صدا نزنید؛ پیش او بروید.",
    AccessNeed.LOW_VISION: "یک نفر تا اتاق همراهش باشد. صدا نزنید؛ پیش او بروید.",
}
"""What reception does for each need before the day."""
PREFERS: dict[Prefers, str] = {
    Prefers.ANY: "هر ساعتی",
    Prefers.EARLY: "اول وقت",
    Prefers.LATE: "آخر وقت",
}
LANE: dict[Lane, str] = {
    Lane.GENERAL: "نوبت عمومی",
    Lane.ACCESS: "سهمیهٔ معلولان",
    Lane.URGENT: "سهمیهٔ فوری",
}
LANE_HINT: dict[Lane, str] = {
    Lane.GENERAL: "برای همه؛ مدرکی نمی‌خواهد.",
    Lane.ACCESS: "با گواهی معلولیت.",
    Lane.URGENT: "خطر جان یا ساختمان، یا دادگاه و تخریب تا ده روز دیگر.",
}
AUDIENCE: dict[Audience, str] = {
    Audience.CITIZEN: "شهروند هم ببیند",
    Audience.INTERNAL: "داخلی",
}
ANSWERS: dict[Action | OrderAction, dict[Verdict, str]] = {
    Action.SAY_HEARD: {Verdict.YES: "بله، شنید", Verdict.NO: "نه، نشنید"},
    OrderAction.SAY_DONE: {Verdict.YES: "بله، انجام شد", Verdict.NO: "نه، انجام نشد"},
}
"""The two answers of a question to the citizen; she answers, she does not agree."""
QUESTION: dict[Action | OrderAction, str] = {
    Action.SAY_HEARD: "شهردار حرف شما را شنید؟",
    OrderAction.SAY_DONE: "کار انجام شد؟",
}
