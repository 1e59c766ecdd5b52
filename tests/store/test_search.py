"""The blind index finds what people type, in any of its spellings."""

import pytest

from publicmeeting.kit.digits import persian
from publicmeeting.store.lifecycle.lists import Filter

TITLE = "پیاده‌روی شکسته"
TEXT = "جوی آب جلوی مدرسهٔ شهید کاظمی گرفته است؛ ۳ کودک زمین خوردند."


@pytest.fixture
def found(a_request, application, clock):
    walked = a_request(title=TITLE, text=TEXT)
    a_request(title="هرس درخت", text="شاخه‌های چنار به پنجره‌ها رسیده است.")

    def find(words: str) -> bool:
        with application.store.unit_of_work(clock(), reading=True) as uow:
            lines = uow.lists.requests(Filter(words=words))
            assert uow.lists.count(Filter(words=words)) == len(lines)
            return [line.code for line in lines] == [walked.code]

    find.code = walked.code
    return find


def test_words_and_their_beginnings_are_found_in_every_spelling(found):
    for words in (
        "شکسته",
        "شکس",
        "شكسته",
        "پياده‌روي",
        "پیاده روی",
        "پیاده",
        "مدرسه",
        "مدرسة",
        "کاظمی مدرسه",
        "كاظمي",
        "شَهید",
        "کودک، زمین!",
        "  جوی   شهید ",
    ):
        assert found(words), words


def test_other_words_are_not_found(found):
    for words in ("کستهٔ", "کاظمیان", "شکسته درخت", "سنگ‌فرش"):
        assert not found(words), words


def test_the_tracking_code_is_found_in_any_digits(found):
    assert found(found.code)
    assert found(persian(found.code))
    assert not found(found.code[:-1] + str((int(found.code[-1]) + 1) % 10))
