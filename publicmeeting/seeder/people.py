"""Invented citizens and officials: names, identity numbers with valid check digits, mobiles."""

import random
from dataclasses import dataclass

_WOMEN = (
    "مریم",
    "زهرا",
    "فاطمه",
    "نرگس",
    "لیلا",
    "سمیه",
    "معصومه",
    "الهام",
    "شیرین",
    "پروین",
    "مهناز",
    "نسرین",
    "طاهره",
    "اعظم",
    "سارا",
    "نیلوفر",
    "گلنار",
    "اشرف",
    "منیژه",
    "بهاره",
)
_MEN = (
    "علی",
    "محمد",
    "حسین",
    "رضا",
    "مهدی",
    "حسن",
    "احمد",
    "عباس",
    "سعید",
    "مجید",
    "ناصر",
    "پرویز",
    "بهروز",
    "داود",
    "یوسف",
    "جواد",
    "کامران",
    "امیر",
    "غلامرضا",
    "اسماعیل",
)
_FAMILIES = (
    "احمدی",
    "محمدی",
    "حسینی",
    "رضایی",
    "کریمی",
    "موسوی",
    "جعفری",
    "صادقی",
    "رحیمی",
    "قاسمی",
    "نوری",
    "اکبری",
    "هاشمی",
    "مرادی",
    "عزیزی",
    "یوسفی",
    "سلطانی",
    "طاهری",
    "شریفی",
    "ابراهیمی",
    "کاظمی",
    "زارعی",
    "باقری",
    "حیدری",
    "امینی",
    "فلاحی",
    "نظری",
    "ملکی",
    "دهقان",
    "پورمحمد",
    "گودرزی",
    "خسروی",
    "میرزایی",
    "شجاعی",
    "توکلی",
    "بهرامی",
    "فرهادی",
    "وحیدی",
    "صفایی",
    "رستمی",
)
MAYORS = (
    "کیوان تهرانی‌نژاد",
    "سهیلا مقدم",
    "فرهاد شمیرانی",
    "بهمن کاوه",
    "مهرداد آریان",
    "پریسا رادمنش",
    "سیامک پارسا",
    "نادر فروتن",
    "حمید دانشور",
    "ژاله سپهری",
    "کاوه مهرآیین",
    "منوچهر نیک‌پی",
    "فرزانه دولت‌آبادی",
    "ایرج صبوری",
    "شهره کمالی",
    "بیژن رهنما",
    "آرش دادگر",
    "مینا فرزام",
    "جهانگیر سروش",
    "تورج بهزادی",
    "هما نجفی",
    "سینا گیلانی",
)


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented person; the same seed gives the same people."""

    name: str
    identity: str
    mobile: str


def national_code(rng: random.Random) -> str:
    """Return ten digits with a valid check digit (sum of digit × (11 − place) mod 11)."""
    while True:
        digits = [0, rng.randrange(1, 9), *(rng.randrange(10) for _ in range(7))]
        rest = sum(d * (10 - at) for at, d in enumerate(digits)) % 11
        code = "".join(map(str, [*digits, rest if rest < 2 else 11 - rest]))
        if code[3:9] != "000000" and len(set(code)) > 1:
            return code


def citizens(rng: random.Random, count: int) -> list[Invented]:
    """Return that many different people."""
    codes: dict[str, None] = {}  # in the order of creation, unlike a set
    while len(codes) < count:
        codes[national_code(rng)] = None
    mobiles = rng.sample(range(10_000_000, 99_999_999), count)
    return [
        Invented(person_name(rng), code, f"0912{mobile:08d}"[:11])
        for code, mobile in zip(codes, mobiles, strict=True)
    ]


def person_name(rng: random.Random) -> str:
    return f"{rng.choice(_WOMEN + _MEN)} {rng.choice(_FAMILIES)}"


HALLS = (
    "طبقهٔ همکف، سالن ملاقات",
    "طبقهٔ اول، سالن جلسات",
    "ساختمان شماره ۲، طبقهٔ همکف",
    "طبقهٔ دوم، اتاق ۲۰۴",
)
NEW_HALLS = ("طبقهٔ همکف، سالن شهروند", "طبقهٔ اول، سالن نور", "طبقهٔ همکف، سالن بهار")
HOURS = "شنبه تا چهارشنبه ۸ تا ۱۵، پنجشنبه ۸ تا ۱۲"
STREETS = {
    1: "خیابان شهید باهنر",
    2: "بلوار دریا",
    3: "خیابان میرداماد",
    4: "خیابان هنگام",
    5: "بلوار آیت‌الله کاشانی",
    6: "خیابان دکتر فاطمی",
    7: "خیابان سهروردی",
    8: "خیابان دماوند",
    9: "خیابان استاد معین",
    10: "خیابان آزادی",
    11: "خیابان کارگر جنوبی",
    12: "خیابان ری",
    13: "خیابان پیروزی",
    14: "بلوار ابوذر",
    15: "خیابان خاوران",
    16: "خیابان بعثت",
    17: "خیابان یافت‌آباد",
    18: "خیابان شهید رجایی",
    19: "بلوار شهید تندگویان",
    20: "میدان شهر ری",
    21: "شهرک دریا، بلوار اصلی",
    22: "بلوار دریاچه",
}
