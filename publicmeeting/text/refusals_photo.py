"""Why a picture was not taken, and what to do instead."""

from publicmeeting.kit.digits import persian

PHOTO: dict[str, str] = {
    "photo_empty": "این فایل خالی است. عکس را دوباره انتخاب کنید.",
    "photo_too_large": (
        "این عکس بزرگ‌تر از {megabytes} مگابایت است. با دوربین گوشی در اندازهٔ معمولی عکس بگیرید."
    ),
    "photo_too_many_pixels": (
        "این عکس بیش از {megapixels} مگاپیکسل است. عکسی کوچک‌تر بفرستید یا از آن نماگرفت بگیرید."
    ),
    "photo_damaged": "این عکس کامل نرسید یا باز نمی‌شود. آن را دوباره بفرستید یا عکس تازه بگیرید.",
    "photo_kind": "فقط عکس JPEG، PNG یا WebP پذیرفته می‌شود. عکس دیگری انتخاب کنید.",
    "photo_kind_pdf": "فایل PDF پذیرفته نمی‌شود. از برگه عکس بگیرید.",
    "photo_kind_document": "فایل متنی یا فشرده پذیرفته نمی‌شود. از برگه عکس بگیرید.",
    "photo_kind_page": "این فایل صفحهٔ وب است، نه عکس. عکس دیگری انتخاب کنید.",
    "photo_kind_svg": "فایل SVG پذیرفته نمی‌شود. از آن نماگرفت (اسکرین‌شات) بگیرید.",
    "photo_kind_gif": "فایل GIF پذیرفته نمی‌شود. یک عکس ساده بفرستید.",
    "photo_kind_animation": "عکس متحرک پذیرفته نمی‌شود. یک عکس ساده بفرستید.",
    "photo_kind_video": "فیلم پذیرفته نمی‌شود. یک عکس بفرستید.",
    "photo_kind_heic": (
        "عکس HEIC پذیرفته نمی‌شود. در تنظیمات دوربین «سازگارترین» را برگزینید و دوباره عکس بگیرید."
    ),
    "photo_hides": (
        "در این عکس فایل دیگری پنهان است. عکس را دوباره با دوربین بگیرید یا نماگرفت آن را بفرستید."
    ),
    "corners_unreadable": "گوشه‌های برگه درست نرسید. چهار گوشه را دوباره روی عکس بگذارید.",
    "corners_outside": "یکی از گوشه‌ها بیرون از عکس است. آن را به درون عکس بکشید.",
    "corners_crossed": "گوشه‌ها جابه‌جا شده‌اند. هر گوشه را روی همان گوشهٔ برگه بگذارید.",
    "corners_small": "گوشه‌ها خیلی به هم نزدیک‌اند. آن‌ها را روی گوشه‌های برگه بکشید.",
}
"""Sentences by key; a photo_kind refusal first looks for `photo_kind_` and its `kind`."""


def photo_sentence(key: str, facts: dict[str, object]) -> str:
    """Return the filled sentence of a photo refusal; KeyError for a key that is not a photo's."""
    chosen = PHOTO.get(f"{key}_{facts.get('kind')}", PHOTO[key])
    return chosen.format(
        **{name: persian(fact) if isinstance(fact, int) else fact for name, fact in facts.items()}
    )
