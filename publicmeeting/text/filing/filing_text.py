"""The four steps of a request."""

from collections.abc import Iterable
from functools import lru_cache

from publicmeeting.domain.choices import Prefers
from publicmeeting.domain.districts.city import PlaceKind, district
from publicmeeting.domain.matter import MORE_WRITTEN, Matter
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.needs_text import PREFERS as PREFERS_WORD

STEPS = ("منطقه", "موضوع", "شما", "مرور")
STEPS_LABEL = "چهار گام درخواست"
TITLE = "درخواست ملاقات"
STEP_OF = "گام {step} از {steps}:"
"""Before the heading of a step, for a voice: others see the row of steps above it."""
STEP_TITLE = "گام {step} از {steps}: {name}\u00a0· درخواست ملاقات"
SAVED = "پیش‌نویس ذخیره شد"
KEEP_ON = "ادامه"

DISTRICT_TITLE = "مشکل در کدام منطقه است؟"
PLACE = "نام محله"
PLACE_HINT = "چند حرف از نام محله بنویسید، یا روی نقشه بزنید."
_QUARTERS = "منطقهٔ {district}: {names}، …"
UNSURE = "منطقه را نمی‌دانید؟ شماره‌اش روی قبض نوسازی نوشته است. یا بپرسید:"
ASK_137 = "تلفن ۱۳۷"
MAP_LABEL = "نقشهٔ منطقه‌های تهران؛ شمال بالاست"
DISTRICT_FIRST = "منطقه را روی نقشه بزنید"
PLACE_FIRST = "محله را در فهرست بزنید"
PLACES_NONE = "جایی با این نام پیدا نشد. نام محله را بنویسید یا منطقه را روی نقشه بزنید."
PLACES_SIMILAR = "جایی درست با این نام پیدا نشد. شاید یکی از این‌هاست:"
PLACES_FOUND = "{count} جا پیدا شد."
PLACES_MORE = "جاهای بیشتری پیدا شد. نام را کامل‌تر بنویسید یا منطقه را روی نقشه بزنید."
HOMONYMS = "«{name}» در {count} منطقه هست. کدام یکی؟"
GO_DISTRICT = "ادامه با منطقهٔ {district}"
DISTRICT = "منطقهٔ {district}"
TILE_LABEL = "منطقهٔ {district}"

MATTER_TITLE = "موضوع چیست و چه شده؟"
SUBJECT = "موضوع"
SUBJECT_EMPTY = "یکی را انتخاب کنید"
WRITTEN = {
    "title": "عنوان کوتاه",
    "text": "چه شده و چه می‌خواهید؟",
}
"""Field in which she writes → its label."""
WRITTEN_HINT = {
    "title": "۵ تا ۸۰ حرف. مثلاً: پیاده‌روی شکستهٔ خیابان ایتالیا",
    "text": "نشانی دقیق و پیگیری‌های پیشین را هم بنویسید. نام و شماره ننویسید.",
}
PRIVATE = "گویا در نوشتهٔ شما شمارهٔ موبایل یا کد ملی هست."
PRIVATE_WHY = "کارمندان این نوشته را می‌خوانند. اگر شماره لازم نیست، پیش از ثبت پاکش کنید."
PHOTOS = "عکس"
PHOTOS_HINT = "تا ۳ عکس، اگر دارید. از برگه‌ها هم عکس بگیرید."

SELF_TITLE = "شما که هستید؟"
SELF_WHY = (
    "نوبت به نام کسی است که نزد شهردار می‌آید، و به کس دیگری نمی‌رسد. برای مادر یا پدرتان "
    "می‌نویسید؟ موبایل خودتان، نام و کد ملی او. کارمند بررسی این‌ها را نمی‌بیند."
)
"""A mobile serves three persons, and the card at the door is hers who comes."""
MOBILE = "شمارهٔ موبایل"
MOBILE_HINT = "۱۱ رقم. کد ورود را به این شماره می‌فرستیم."
SEND_CODE = "فرستادن کد"
CODE = "کد پیامک"
CODE_HINT = "۶ رقم، تا ۲ دقیقه معتبر است."
CODE_SENT = "کد را فرستادیم به"
CHECK_CODE = "ورود با کد"
OTHER_MOBILE = "شمارهٔ دیگر"
CODE_MISSING = "کد نرسید؟ شماره را دوباره بنویسید"
"""Back from the code. Half of the number she typed is hidden there, and so is a mistake in it."""
CONFIRMED = "موبایل شما تأیید شد."
KIND = "کدام شماره را دارید؟"
KINDS = (("national", "کد ملی"), ("foreign", "شناسهٔ فراگیر اتباع"))
KIND_HINT = "هیچ‌کدام را ندارید؟ با گذرنامه به میز خدمت منطقه بروید؛ همان‌جا ثبت می‌کنند."
"""Only whoever sees the passport files by its number (`usecases/filing/assisting.py`)."""
IDENTITY = "کد ملی یا شناسهٔ فراگیر"
IDENTITY_GONE = (
    "این شماره تا ثبت درخواست ذخیره نمی‌شود و با قطع شدن ارتباط از دست رفت. آن را دوباره بنویسید؛ "
    "بقیهٔ نوشته‌هایتان مانده است."
)
IDENTITY_HINT = "کد ملی ۱۰ رقم است و شناسهٔ فراگیر معمولاً ۱۲ رقم."
IDENTITY_NOT_STORED = f"{IDENTITY_HINT} تا ثبت درخواست ذخیره نمی‌شود."
IDENTITY_TYPED = "{masked} را نوشته‌اید. اگر همان است، این‌جا را خالی بگذارید."
NAME = "نام و نام خانوادگی"
NAME_HINT = "همان که روی کارت نوشته است."
ANOTHER = "برای کس دیگری است"
FOR_WHOM = "این درخواست برای کیست؟"
FOR_ELSE = "برای کس دیگری است؟ شماره و نام او را بنویسید:"
NEEDS = "روز ملاقات چه لازم دارید؟"
NEED = {
    "step_free": "ورودی بی‌پله",
    "sign_language": "زبان اشاره",
    "companion": "همراه می‌آورم",
    "hard_of_hearing": "کم‌شنوا / ناشنوا",
    "low_vision": "کم‌بینا",
}
PREFERS = "کدام وقت بهتر است؟"
PREFERS_HINT = "این خواسته جای کسی را عوض نمی‌کند."
_HOURS = {one.value: PREFERS_WORD[one] for one in (Prefers.EARLY, Prefers.LATE)}
"""Without a number: which hours they mean stands in the rules of the Monday that she gets."""
PREFER = {Prefers.ANY.value: "فرقی ندارد", **_HOURS}
_PREFERRED = {one: f"وقت بهتر: {hours}" for one, hours in _HOURS.items()}
"""The same in the review, where the question is not beside it."""

REVIEW_TITLE = "یک بار دیگر ببینید"
CHANGE = "تغییر"
CHANGE_WHAT = "تغییر بخش «{what}»"
FILE = "ثبت درخواست"
NO_PHOTOS = "بدون عکس"
_NO_NEEDS = "چیزی لازم نیست"


def on_the_day(needs: Iterable[str], prefers: str) -> str:
    """All she has chosen for the day of her meeting, as the review shows it."""
    wanted = [NEED[need] for need in needs if need in NEED] or [_NO_NEEDS]
    return "، ".join([*wanted, *filter(None, [_PREFERRED.get(prefers)])])


AFTER = (
    "پس از ثبت، کد رهگیری می‌گیرید. کارشناس تا ۲ روز کاری پاسخ می‌دهد و سپس در نوبت انتظار می‌مانید."
)
LIVE_ONE = "یک درخواست باز دارید."
LIVE_ONE_WHY = "هر نفر هم‌زمان فقط یک درخواست باز می‌تواند داشته باشد. همان را پیگیری کنید."
SEE_IT = "دیدن درخواست"
SIGN_IN_AGAIN = "ورود دوباره"
REMOVE_PHOTO = "حذف عکس"
CODE_AGAIN = "فرستادن دوبارهٔ کد"


def whole_text(matter: Matter) -> str:
    """The text, and below it every further field that holds something, under its label."""
    more = ((WRITTEN[field.name], getattr(matter, field.name)) for field in MORE_WRITTEN)
    return "\n\n".join([matter.text, *(f"{label}: {text}" for label, text in more if text)])


LEFT = "پیش‌نویسی در این مرورگر هست ({when}). از شماست؟"
LEFT_WHY = "تا پاسخ ندهید چیزی از آن نشان داده نمی‌شود. با «نه» برای همیشه پاک می‌شود."
LEFT_MINE, LEFT_NOT_MINE = "بله، ادامه می‌دهم", "نه، از نو آغاز می‌کنم"


# What a link from outside has asked for, and has not got.

LINK_UNKNOWN: dict[str, str] = {
    "district": "منطقه‌ای با این شماره نیست. منطقه را خودتان انتخاب کنید.",
    "subject": "این موضوع در فهرست نیست. موضوع را خودتان انتخاب کنید.",
}
"""By the parameter's name."""
LINK_QUESTION = "درخواست نیمه‌کارهٔ شما چیز دیگری می‌گوید"
LINK_OWN = "آنچه خودتان نوشته‌اید: {own}"
LINK_ASKS = "پیوندی که باز کردید: {linked}"
LINK_TAKE = "تغییر به {linked}"
LINK_KEEP = "همان بماند"

# A request whose own words were lost with a backup, as the desk finds it in its list.

LOST_NAME = "نامش از دست رفت"
LOST_SUBJECT = "other"
LOST_TITLE = "درخواستی که با پشتیبان از دست رفت"
LOST_TEXT = (
    "این درخواست میان آخرین پشتیبان و خرابی ثبت شد. جایش در صف، بنا بر دفتر عمومی، مانده است. "
    "نام و متنش از دست رفته و کسی نمی‌تواند بازش کند. اگر صاحبش آمد، درخواست تازه‌ای برایش ثبت کنید. "
    "بعد این یکی را با دلیل «درخواست دیگری در جریان است» رد کنید تا نوبت‌هایش به دیگران برسد."
)


_SHOWN = 6
_TWO_NAMES = " - "
"""Separator in the name of a neighbourhood that has two names."""


@lru_cache(maxsize=32)
def quarters(number: int) -> str:
    """Return a sentence with up to six neighbourhoods: names in common use first, then official
    ones."""
    hoods = sorted(
        district(number).neighbourhoods,
        key=lambda neighbourhood: neighbourhood.kind is PlaceKind.OFFICIAL,
    )
    names = [hood.name for hood in hoods if _TWO_NAMES not in hood.name][:_SHOWN]
    return _QUARTERS.format(district=persian(number), names="، ".join(names))
