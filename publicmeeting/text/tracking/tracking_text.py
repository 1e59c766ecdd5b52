"""Looking a request up by its code."""

from publicmeeting.text.refusals.refusals_text import refusal

TITLE = "پیگیری درخواست"
LEAD = "کد رهگیری روی رسید و در پیامک است."
CODE = "کد رهگیری"
CODE_HINT = "۱۰ رقم"
LAST_FOUR = "چهار رقم آخر موبایل"
LAST_FOUR_HINT = "اگر موبایل ندارید، رمز ۶ رقمی رسید را بنویسید."
WRONG_BOTH = {
    "code": "۱۰ رقم روی رسید یا پیامک را دوباره ببینید.",
    "last_four": "چهار رقم آخر موبایل یا رمز رسید را دوباره ببینید.",
}
"""Which of the two is wrong is shown to nobody."""
_CODE_DIGITS = 10
FIND = "دیدن درخواست"
STAGES_ONLY = "این‌جا فقط مرحله‌ها دیده می‌شود. برای متن، عکس و پاسخ وارد شوید."
SIGN_IN = "ورود با موبایل"
MY_ROW = "ردیف من در قرعه"
LOST = "کد را گم کرده‌اید؟ با موبایل وارد شوید؛ همهٔ درخواست‌ها همان‌جاست."


def field_errors(refusal_key: str, typed: str) -> dict[str, str]:
    """Return field → error for a refusal; `typed` is the code that was refused.

    A code of ten digits is not too short. Its length does not show whether it exists.
    """
    if refusal_key == "tracking_short" and len(typed) == _CODE_DIGITS:
        return {"last_four": WRONG_BOTH["last_four"]}
    if refusal_key in ("tracking_unknown", "tracking_short"):
        return WRONG_BOTH
    is_whole = refusal_key == "tracking_whole_mobile"
    return {"last_four": refusal(refusal_key)} if is_whole else {}
