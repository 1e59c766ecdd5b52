"""A text that others read: numbers of persons in it are noticed, other numbers are not."""

from support.each import for_each

from publicmeeting.domain.private_numbers import has_private_number


@for_each(
    [
        "با ۰۹۱۲۳۴۵۶۷۸۹ تماس بگیرید.",
        "تلفنم 0912 345 67 89 است",
        "تلفنم ۰۹۱۲-۳۴۵-۶۷۸۹ است",
        "موبایل:09123456789.",
        "+98 912 345 6789",
        "00989123456789",
        "٠٩١٢٣٤٥٦٧٨٩",
        "۹۱۲۳۴۵۶۷۸۹",
        "سطر اول\n09123456789\nسطر سوم",
        "\u200e09123456789\u200f",
        "کد ملی من ۰۴۹۹۳۷۰۸۹۹ است",
        "کد ملی 0499370899",
        "کد ملی ۰۴۹-۹۳۷۰۸۹-۹",
    ]
)
def test_a_mobile_or_a_national_code_is_noticed_in_any_spelling(text):
    assert has_private_number(text)


@for_each(
    [
        "",
        "پیاده‌روی شکستهٔ خیابان ایتالیا، پلاک ۱۲",
        "از سال ۱۳۹۸ تا ۱۴۰۲ هشت بار پیگیری کردیم.",
        "تلفن شرکت ۰۲۱-۸۸۷۷۶۶۵۵ است.",
        "شمارهٔ پروندهٔ ۰۴۹۹۳۷۰۸۹۸",
        "۱٬۲۵۰٬۰۰۰٬۰۰۰ تومان",
        "کد پستی ۱۵۹۸۹۷۵۴۱۳",
        "123456789123456789123456789",
        "۰۹۱۲۳۴۵۶۷۸",
        "0912345\n6789",
        "²⁰⁹¹²³⁴⁵⁶⁷⁸",
        "- " * 2000,
        "9 " * 2000,
    ]
)
def test_other_numbers_are_not(text):
    assert not has_private_number(text)
