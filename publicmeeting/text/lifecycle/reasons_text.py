"""The fixed reasons as the citizen reads them."""

from publicmeeting.domain.choices import (
    ClosureReason,
    DeclineReason,
    LaneReason,
    NoShowReason,
    Original,
    SkipReason,
    Verdict,
)

DECLINE: dict[DeclineReason, str] = {
    DeclineReason.OUT_OF_SCOPE: "این کار در اختیار شهرداری نیست.",
    DeclineReason.OTHER_BODY: "دستگاه دیگری دربارهٔ این کار تصمیم می‌گیرد.",
    DeclineReason.JUDGED: "دادگاه یا کمیسیون رأی داده است و شهردار نمی‌تواند آن را عوض کند.",
    DeclineReason.NOT_FOR_MAYOR: "میز خدمت منطقه همین کار را بدون ملاقات انجام می‌دهد.",
    DeclineReason.DUPLICATE: "درخواست دیگری از شما دربارهٔ همین موضوع در جریان است.",
    DeclineReason.INSUFFICIENT: "از نوشته و عکس‌ها معلوم نشد چه می‌خواهید.",
}

_CLOSURE: dict[ClosureReason, str] = {
    ClosureReason.HOLIDAY: "این روز در تقویم تعطیل است.",
    ClosureReason.LATE: "سامانه نتوانست این دوشنبه را به‌موقع آماده کند.",
    ClosureReason.OFFICIAL: "تعطیل رسمی اعلام شده است.",
    ClosureReason.POLLUTION: "برای آلودگی هوا تعطیل شده است.",
    ClosureReason.HEAT: "برای گرما تعطیل شده است.",
    ClosureReason.COLD: "برای برف و سرما تعطیل شده است.",
    ClosureReason.POWER: "برای کمبود برق تعطیل شده است.",
    ClosureReason.MOURNING: "عزای عمومی است.",
    ClosureReason.HALL: "ساختمان ملاقات آماده نیست.",
    ClosureReason.MAYOR_AWAY: "شهردار و جانشین او نمی‌توانند بیایند.",
}

_CLOSURE_UNKNOWN = "دلیل تعطیلی را از ۱۳۷ بپرسید."

CLOSURE_WORD: dict[ClosureReason, str] = {
    ClosureReason.OFFICIAL: "تعطیلی رسمی",
    ClosureReason.POLLUTION: "آلودگی هوا",
    ClosureReason.HEAT: "گرما",
    ClosureReason.COLD: "برف و سرما",
    ClosureReason.POWER: "کمبود برق",
    ClosureReason.MOURNING: "عزای عمومی",
    ClosureReason.HALL: "ساختمان آماده نیست",
    ClosureReason.MAYOR_AWAY: "شهردار و جانشین نمی‌آیند",
}
"""The same in a word, to choose from."""


_REASONS = frozenset(ClosureReason)


def because(why: str) -> str:
    """A closure's reason after what it is the reason of: «: آلودگی هوا», or nothing."""
    word = CLOSURE_WORD.get(ClosureReason(why)) if why in _REASONS else None
    return f": {word}" if word else ""


def closure(why: str) -> str:
    """A closure's reason as a sentence; also for a closed day whose reason nobody knows."""
    return _CLOSURE[ClosureReason(why)] if why in _REASONS else _CLOSURE_UNKNOWN


SKIP: dict[SkipReason, str] = {
    SkipReason.AWAY: "صدا زدیم و در سالن نبود.",
    SkipReason.ASKED: "خودش خواست دیرتر برود.",
    SkipReason.UNWELL: "حالش خوب نبود.",
    SkipReason.HELPER_AWAITED: "همراه یا مترجم اشاره هنوز نرسیده است.",
}

ORIGINAL: dict[Original, str] = {
    Original.SEEN: "اصل مدرک را دیدم.",
    Original.NOT_SHOWN: "اصل مدرک همراهش نیست.",
    Original.NOT_HERS: "مدرک به او و کارش ربطی ندارد.",
}
"""As the reception answers."""
ORIGINAL_OUTCOME: dict[Original, str] = {
    Original.SEEN: "اصل مدرک سهمیه دیده شد.",
    Original.NOT_SHOWN: (
        "اصل مدرک سهمیه همراه نبود. ملاقات آن روز سر جای خود است. سهمیهٔ بعدی با اصل مدرک در یک میز "
        "خدمت خواسته می‌شود."
    ),
    Original.NOT_HERS: (
        "متصدی پذیرش نوشت که مدرک به شهروند و کارش ربطی ندارد. ملاقات آن روز سر جای خود است. سهمیهٔ "
        "بعدی با اصل مدرک در یک میز خدمت خواسته می‌شود."
    ),
}
"""As it stands on her road."""

LANE_REASON: dict[LaneReason, str] = {
    LaneReason.CERTIFIED: "گواهی معلولیت معتبر است.",
    LaneReason.DANGER_TO_LIFE: "مدرک خطر جانی را نشان می‌دهد.",
    LaneReason.DANGER_TO_BUILDING: "مدرک خطر برای ساختمان را نشان می‌دهد.",
    LaneReason.DATE_NEAR: "تاریخ دادگاه یا تخریب در ده روز آینده است.",
    LaneReason.UNREADABLE: "مدرک خوانا نیست.",
    LaneReason.EXPIRED: "تاریخ مدرک گذشته است.",
    LaneReason.NOT_IN_LIST: "این مدرک برای این سهمیه نیست.",
    LaneReason.DATE_FAR: "تاریخ دادگاه یا تخریب بیش از ده روز دیگر است.",
}

NO_SHOW_VERDICT: dict[Verdict, str] = {
    Verdict.YES: "حق با شهروند است، زیرا:",
    Verdict.NO: "هفته‌ها را پس نمی‌گیرد، زیرا:",
}
"""Over the reasons of either verdict."""

NO_SHOW_OUTCOME: dict[Verdict, str] = {
    Verdict.YES: "اعتراض پذیرفته شد: {reason}",
    Verdict.NO: "اعتراض پذیرفته نشد: {reason} این نتیجه پایانی است.",
}
"""The verdict with its reason, on the road."""

NO_SHOW: dict[NoShowReason, str] = {
    NoShowReason.WAS_THERE: "سر وقت در ساختمان بوده‌اید.",
    NoShowReason.NOT_CALLED: "شما را آن‌گونه که قاعده می‌گوید صدا نزده‌اند.",
    NoShowReason.OFFICE_FAULT: "اشتباه از شهرداری بوده است.",
    NoShowReason.FORCE: "پیشامدی بوده است که مدرک آن را نشان می‌دهد.",
    NoShowReason.CALLED_AND_ABSENT: "دو بار پس از وقت نوبت صدا زده‌اند و نبوده‌اید.",
    NoShowReason.NOT_SHOWN: "مدرکی برای گفتهٔ شما نیست.",
}
