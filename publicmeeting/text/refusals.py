"""Every refusal as a Persian sentence: what happened, and what to do now."""

from collections.abc import Mapping

from publicmeeting.text.facts import shown
from publicmeeting.text.refusals_city import CITY
from publicmeeting.text.refusals_draws import DRAWS
from publicmeeting.text.refusals_orders import ORDERS
from publicmeeting.text.refusals_people import PEOPLE
from publicmeeting.text.refusals_photo import PHOTO
from publicmeeting.text.refusals_steps import NEEDS, STEPS

_FORMS: dict[str, str] = {
    "address_number": "عدد این نشانی خوانده نشد. آن را با رقم لاتین و بی علامت بنویسید.",
    "form_broken": "این فرم درست نرسید. صفحه را تازه کنید و دوباره بنویسید.",
    "form_refused": "بعضی خانه‌ها کامل نیست. خانه‌های نشان‌دار را ببینید.",
    "text_missing": "متن را ننوشته‌اید. چند جمله دربارهٔ مشکل بنویسید.",
    "title_missing": "عنوان را ننوشته‌اید. مشکل را در چند واژه بنویسید.",
    "text_too_short": "این نوشته {length} حرف است. دست‌کم {least} حرف بنویسید.",
    "text_too_long": "این نوشته {length} حرف است. آن را تا {limit} حرف کوتاه کنید.",
    "photos_too_many": "تا {limit} عکس پذیرفته می‌شود. یکی از عکس‌ها را بردارید.",
    "image_not_yours": "این عکس در این پرونده نیست. عکس را دوباره بفرستید.",
    "unit_unknown": "این واحد در فهرست منطقه نیست. یکی از واحدهای فهرست را انتخاب کنید.",
    "same_district": "درخواست اکنون در همین منطقه است. منطقهٔ دیگری انتخاب کنید.",
    "monday_unknown": "این روز دوشنبهٔ ملاقات نیست. یکی از دوشنبه‌های فهرست را انتخاب کنید.",
    "no_monday": (
        "هنوز دوشنبه‌ای برای این منطقه باز نشده است. به مدیر سامانه بگویید قاعده‌های نوبت را ببیند."
    ),
    "monday_too_far": "تا {weeks} هفته می‌توان جابه‌جا کرد. دوشنبهٔ نزدیک‌تری انتخاب کنید.",
    "monday_frozen": "فهرست این دوشنبه سه‌شنبه ظهر بسته شد. دوشنبهٔ بعدی را انتخاب کنید.",
    "holiday": "این روز تعطیل است. روز دیگری را انتخاب کنید.",
    "due_on_unknown": "این روز خوانده نشد. روزی را از فهرست انتخاب کنید.",
    "due_on_not_later": "مهلت تازه باید پس از مهلت پیشین باشد. روز دیرتری انتخاب کنید.",
    "due_on_past": "این روز گذشته است. روزی پس از امروز انتخاب کنید.",
    "due_on_too_far": "این روز بیش از {limit} سال دیگر است. روز نزدیک‌تری انتخاب کنید.",
    "due_on_far": "مهلت بیش از {limit} روز کاری دلیل می‌خواهد. دلیل را برای شهروند بنویسید.",
    "order_empty": "برگه خالی است. با قلم بنویسید، تایپ کنید یا از کاغذ عکس بگیرید.",
    "ink_unreadable": "دست‌نوشته درست نرسید. دوباره بنویسید یا از کاغذ عکس بگیرید.",
    "ink_too_long": "دست‌نوشته برای یک برگه زیاد است. بخشی را در برگهٔ دوم بنویسید.",
}

_TURNS: dict[str, str] = {
    "one_live_request": "درخواست {code} شما باز است. همان را پیگیری کنید یا از آن انصراف دهید.",
    "not_free_yet": "هنوز از همهٔ فهرست ذخیره نپرسیده‌ایم. کمی دیرتر دوباره ببینید.",
    "seat_taken": "این نوبت همین حالا به نفر دیگری رسید. صفحه را دوباره ببینید.",
    "seats_gone": "نوبت آزادی نمانده است. جای شما در نوبت انتظار می‌ماند.",
    "seat_not_yet": (
        "این نوبت ده دقیقه پیش از شروع، به نخستین نفر حاضر داده می‌شود. تا آن‌گاه حضور را ثبت کنید."
    ),
    "not_next": "نفر دیگری در فهرست ذخیره جلوتر و حاضر است. نخست او را بپذیرید.",
    "identity_mismatch": "این شماره با پرونده یکی نیست. آن را دوباره از روی کارت بخوانید.",
    "mark_broken": "نشان دفتر، هشت حرف و رقم لاتین است. آن را از روی رسید دوباره بنویسید.",
    "mark_unknown": (
        "این نشان در دفتر نیست. حرف به حرف با رسید بسنجید؛ اگر یکی بود، به بازرسی خبر دهید."
    ),
    "line_frozen": "فهرست این دوشنبه بسته است. پس از قرعهٔ چهارشنبه دوباره بخواهید.",
    "lane_not_given": "در قاعده‌های این هفته این سهمیه نیست. سهمیهٔ دیگری را انتخاب کنید.",
    "no_judges": "در منطقه دو کارشناس از دو واحد برای داوری نیست. از میز خدمت بپرسید.",
    "rules_malformed": "متن قاعده‌ها کامل نیست. بخش نشان‌دار را درست کنید.",
    "rules_draw_too_soon": "میان بستن فهرست و قرعه ۲۰ ساعت لازم است. قرعه را دیرتر بگذارید.",
    "rules_too_soon": "این قاعده‌ها پیش از {day} اجرا نمی‌شود؛ دست‌کم {days} روز پیش اعلام کنید.",
    "rules_same": "چیزی عوض نشده است. نخست یکی از قاعده‌ها را تغییر دهید.",
    "rules_number": "این خانه یک عدد می‌خواهد. عددی تا سه رقم بنویسید.",
    "rules_from_one": "این عدد نمی‌تواند صفر باشد. عددی از ۱ به بالا بنویسید.",
    "rules_clock": "چنین ساعتی در روز نیست. ساعتی از ۰:۰۰ تا ۲۴:۰۰ بنویسید.",
    "rules_all_lanes": (
        "سهمیه‌ها روی هم {quotas} نوبت است و کوچک‌ترین منطقه هر دوشنبه {seats} نوبت دارد. "
        "سهمیه را کم کنید تا دست‌کم یک نوبت برای صف همگان بماند."
    ),
    "rules_time": "این ساعت خوانده نشد. آن را به شکل ۹:۳۰ بنویسید.",
    "rules_out_of_order": "زمان‌های قاعده‌ها پشت سر هم نیست. بخش نشان‌دار را درست کنید.",
}

_DOOR: dict[str, str] = {
    "code_wrong": "این کد درست نیست. کد پیامک را دوباره ببینید.",
    "code_short": "کد پیامک ۶ رقم است. هر ۶ رقم را بنویسید.",
    "code_expired": "وقت این کد گذشته است. کد تازه بگیرید.",
    "code_tries": "این کد پنج بار نادرست نوشته شد. کد تازه بگیرید.",
    "code_too_often": "تازه برایتان کد فرستاده‌ایم. {minutes} دقیقهٔ دیگر دوباره بخواهید.",
    "code_day_full": (
        "برای این شماره امروز کد زیادی فرستاده شده است. از همان گوشی یا رایانه‌ای بخواهید که پیش‌تر "
        "با آن وارد شده‌اید، یا فردا دوباره بیایید. اگر نوبتتان نزدیک است، به میز خدمت تلفن کنید."
    ),
    "sms_budget_spent": (
        "پیامک‌های امروز سامانه به مرز خود رسیده است. از گوشی یا رایانه‌ای وارد شوید که پیش‌تر با آن "
        "وارد شده‌اید، یا فردا دوباره بیایید؛ آنچه نوشته‌اید می‌ماند."
    ),
    "guesses_used_up": (
        "برای این شماره امروز کدهای نادرست زیادی نوشته شد. از گوشی یا رایانه‌ای وارد شوید که پیش‌تر "
        "با آن وارد شده‌اید، یا فردا دوباره بیایید."
    ),
    "device_unknown": (
        "برای این نام کاربری بارها گذرواژهٔ نادرست نوشته شد. از دستگاهی وارد شوید که پیش‌تر با آن "
        "وارد شده‌اید، یا از مدیر سامانه گذرواژهٔ تازه بخواهید."
    ),
    "proof_needed": "از این شبکه بارها تلاش شده است. فرم را دوباره بفرستید و لحظه‌ای صبر کنید.",
    "tracking_whole_mobile": (
        "برای این کد امروز بارها رقم نادرست نوشته شد. این بار شمارهٔ موبایل را کامل بنویسید، یا با "
        "موبایل وارد شوید."
    ),
    "tracking_by_phone": (
        "رمز این رسید امروز بارها نادرست نوشته شد. فردا دوباره بیایید یا مرحله را تلفنی بپرسید."
    ),
    "identity_not_now": (
        "با این موبایل امروز برای کس دیگری ثبت نمی‌شود. فردا دوباره بیایید یا با کارت به میز خدمت "
        "بروید."
    ),
    "codes_used_up": (
        "کد رهگیری تازه‌ای برای این منطقه نمانده است. به میز خدمت منطقه خبر دهید؛ نوشته‌تان می‌ماند."
    ),
    "code_not_sent": (
        "پیامک فرستاده نشد، چون سامانهٔ پیامک پاسخ نداد. همین حالا می‌توانید دوباره کد بخواهید."
    ),
    "code_unanswered": (
        "سامانهٔ پیامک دیر پاسخ می‌دهد. شاید کد تا یک دقیقهٔ دیگر برسد؛ اگر نرسید دوباره کد بخواهید."
    ),
    "filed_too_often": (
        "در یک روز {limit} بار به این نام درخواست ثبت شده است. فردا دوباره ثبت کنید؛ آنچه نوشته‌اید "
        "می‌ماند."
    ),
    "too_many_requests": "درخواست‌های پشت سر هم زیاد بود. چند دقیقهٔ دیگر دوباره بیایید.",
    "too_busy": (
        "سامانه شلوغ است و این کار انجام نشد. نوشته‌هایتان مانده است؛ کمی بعد دوباره بزنید."
    ),
    "clock_wrong": (
        "ساعت این سرور درست نیست و چیزی ثبت نشد. نوشته‌هایتان مانده است؛ کمی بعد دوباره بزنید."
    ),
    "clock_behind": (
        "ساعت سامانه با دفتر عمومی نمی‌خواند و چیزی ثبت نشد. نوشته‌هایتان مانده است؛ به مدیر سامانه "
        "خبر دهید."
    ),
    "tracking_unknown": "این کد رهگیری پیدا نشد. کد و چهار رقم آخر موبایل را دوباره ببینید.",
    "tracking_short": (
        "کد رهگیری ۱۰ رقم است و آخر موبایل چهار رقم، یا رمز رسید ۶ رقم. هر دو را کامل بنویسید."
    ),
    "mobile_full": "با این موبایل برای {limit} نفر ثبت شده است. از موبایل دیگری ثبت کنید.",
    "person_has_other_mobile": (
        "این شخص با موبایل دیگری ثبت شده است. با همان وارد شوید یا با کارت به میز خدمت بیایید."
    ),
    "review_changed": "این درخواست در برگهٔ دیگری عوض شده است. آن را دوباره ببینید و ثبت کنید.",
    "session_ended": "از سامانه بیرون رفته‌اید. دوباره وارد شوید؛ نوشته‌هایتان مانده است.",
    "storage_full": (
        "جای نگه‌داشتن پرونده‌ها پر شده است و این نرسید. نوشته‌هایتان مانده است؛ کمی بعد دوباره "
        "بفرستید."
    ),
    "part_missing": "سامانه پاسخ نداد. نوشته‌هایتان مانده است؛ کمی بعد دوباره بزنید.",
    "not_ready": "صفحه هنوز آماده نیست. چند ثانیه صبر کنید و دوباره بزنید.",
    "already_told": "همکارتان همین حالا به او خبر داد. فهرست تازه است.",
    "version_conflict": "همین حالا کس دیگری این پرونده را عوض کرد. صفحه را دوباره ببینید.",
    "password_wrong": "نام کاربری یا گذرواژه درست نیست. هر دو را دوباره ببینید.",
    "password_short": "گذرواژه کوتاه است. دست‌کم {least} نویسه بگذارید.",
    "username_taken": "این نام کاربری هست. نام دیگری انتخاب کنید.",
}

REFUSALS: dict[str, str] = {
    **PEOPLE, **PHOTO, **STEPS, **NEEDS, **ORDERS, **DRAWS, **CITY, **_FORMS, **_TURNS, **_DOOR,
}  # fmt: skip
"""Sentences by key, with the refusal's facts in braces."""


def refusal(key: str, **facts: object) -> str:
    """The sentence of a refusal, whole numbers and codes in Persian digits.

    A refusal with a `kind` first looks for a sentence of its own. KeyError for an unknown key: a
    test holds every key raised in the package against this table.
    """
    sentence = REFUSALS.get(f"{key}_{facts.get('kind')}", REFUSALS[key])
    return sentence.format(**{name: shown(fact) for name, fact in facts.items()})


_DIGITS_MOST = 7


def refusal_key(query: Mapping[str, str]) -> str:
    """The key of a refusal that an address names (`?e=`), if it is one of ours."""
    key = query.get("e", "")
    return key if key in REFUSALS else ""


def refusal_in(query: Mapping[str, str]) -> str:
    """The sentence of the refusal that an address names, or nothing.

    An address can be written by anybody: only our own sentences and whole numbers are shown.
    """
    key = refusal_key(query)
    numbers: dict[str, object] = {
        name: int(value)
        for name, value in query.items()
        if value.isascii() and value.isdecimal() and len(value) < _DIGITS_MOST
    }
    try:
        return refusal(key, **numbers) if key else ""
    except (KeyError, TypeError):
        return ""
