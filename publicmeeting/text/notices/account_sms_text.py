"""What an official reads by SMS of changes to her account: no name, no role, no password."""

from publicmeeting.domain.account_events import AccountEventKind as K

_BEGINS = "ملاقات مردمی: "
_ENDS = " اگر خبر ندارید به مدیر سامانه بگویید."

_CHANGED: dict[K, str] = {
    K.INVITED: "برای حساب کاری شما لینک گذرواژه ساخته شد. مدیر آن را به شما می‌رساند.",
    K.PASSWORD_CHANGED: "گذرواژهٔ حساب کاری شما عوض شد.",
    K.ROLES_CHANGED: "نقش‌های حساب کاری شما عوض شد.",
    K.MOBILE_CHANGED: "موبایل حساب کاری شما عوض شد.",
    K.SUSPENDED: "حساب کاری شما معلق شد.",
    K.LIFTED: "تعلیق حساب کاری شما برداشته شد.",
    K.ENDED: "حساب کاری شما پایان یافت.",
}

SECOND_STEP_ASKED = (
    f"{_BEGINS}برای حساب کاری شما خواسته‌اند ورود دومرحله‌ای از نو راه بیفتد. اگر نخواسته‌اید، "
    "تا فردا وارد شوید؛ همان لغوش می‌کند."
)

_LINK = "گذرواژهٔ حساب خود را تا ۳ روز این‌جا بسازید:\n{link}"


def account_sms(kind: K) -> str:
    """The text of a change; empty where nothing is sent of it."""
    return f"{_BEGINS}{_CHANGED[kind]}{_ENDS}" if kind in _CHANGED else ""


def invitation_sms(link: str) -> str:
    return _BEGINS + _LINK.format(link=link)
