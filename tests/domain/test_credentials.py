"""A new password is long and in no list; it follows no keyboard and no fact about its owner."""

import pytest
from support.each import for_each

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.officials.credentials import (
    PASSWORD_LEAST,
    check_password,
    first_password,
    spelled,
)
from publicmeeting.domain.shipped import read_lines
from publicmeeting.kit.letters import search_key

OWN = ("mayor6", "محمدرضا حسینی‌نژاد")

GOOD = (
    "shahr-e-farang",
    "کوه سبز باران پنجره",
    "درخت چنار کنار حوض",
    "correct horse battery staple",
    "dragon shadow master monkey",  # four common words, but nobody can guess their choice
    "k7#vQ2!mZp9x",
    "4xry-c4eu-dqsw-n2ip",
    "پنجره‌ی آبیِ خانه‌ی ما",
    "hosseini kenar darya nan kharid",
)
BAD = {
    "kootah": "password_short",
    "کوتاه": "password_short",
    "a" * 11: "password_short",
    "  \u200c\u200e          ": "password_short",
    "aaaaaaaaaaaaaaaa": "password_plain",
    "121212121212": "password_plain",
    "123456789012": "password_plain",
    "۱۲۳۴۵۶۷۸۹۰۱۲": "password_plain",
    "098765432109": "password_plain",
    "qwertyuiopqw": "password_plain",
    "poiuytrewqpo": "password_plain",
    "ضصثقفغعهخحجچ": "password_plain",
    "Password1234!": "password_common",
    "P@ssw0rd-2026": "password_common",
    "passwordpassword": "password_common",
    "iloveyou-1405": "password_common",
    "رمز عبور ۱۲۳۴۵": "password_common",
    "آرزو-فاطمه-۱۴۰۵": "password_common",
    "doosetdaram123": "password_common",
    "perspolis-esteghlal": "password_common",
    "\u200eپرسپولیس۱۴۰۵!": "password_common",
    "ramzeobor1405": "password_common",
    "حشسسصخقی۱۲۳۴": "password_common",  # «password» on a Persian keyboard
    "aivnhvd-1405!": "password_common",  # «شهرداری» on a Latin one
    "mayor6-mayor6!": "password_own",
    "Mayor6Mayor6-12": "password_own",
    "حسینی۱۴۰۵-محمدرضا": "password_own",
    "تهران-تهران-۱۲": "password_own",
    "tehran1405tehran": "password_own",
    "shahrdari-tehran": "password_own",
}


@for_each(GOOD, ids=str)
def test_a_long_password_of_ones_own_is_welcome(password):
    check_password(password, OWN)


@for_each(BAD, ids=repr)
def test_what_everybody_tries_first_is_refused(password):
    with pytest.raises(Invalid) as refused:
        check_password(password, OWN)
    assert (refused.value.key, refused.value.field) == (BAD[password], "password")


def test_what_is_known_of_one_says_nothing_of_another():
    check_password("hosseini-kenar-darya", ("desk6", "مریم کریمی"))


def test_no_kind_of_sign_is_required():
    for password in ("kenarehozcheshme", "پنجره و بلوط و اسب"):
        assert len(password) >= PASSWORD_LEAST
        check_password(password)


def test_it_is_the_same_password_on_any_keyboard():
    assert spelled("كوه سبز ي۱۲٣") == spelled("کوه سبز ی123")
    assert spelled("Shahr") != spelled("shahr")


def test_the_list_is_folded_as_passwords_are():
    words = read_lines("common_passwords")
    assert len(words) == len(set(words)) > 3_000
    assert [word for word in words if search_key(word) != word] == []


def test_a_first_password_is_never_one_that_is_refused():
    """`psk` is «حسن» on the other keyboard layout, and all the rest was digits.

    Such a password once ended the import of a whole city.
    """
    drawn = iter(["739c-4y35-93ps-k942", "7k3v-r8hw-2mqx-9dzt"])
    assert first_password(lambda: next(drawn)) == "7k3v-r8hw-2mqx-9dzt"
