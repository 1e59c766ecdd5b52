"""Normalised Persian spelling for storing, searching and sorting."""

from hypothesis import given
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.kit.letters import (
    clean,
    search_key,
    search_prefixes,
    search_words,
    sort_key,
    sort_text,
)

ZWNJ = "\u200c"
# Characters that interact: combining marks, replaced letters, joiners, controls, line ends.
HARD = (
    "اآیيےہۂۀەﻻ﷼ك´ßİ\u0653\u0654\u0640\ufe71\ufc5e"
    "\u200b\u200c\u200d\u202e \n\t\r\u2028\u00a0\x1c\x00\u0301\u0316\u0489\u1160"
)
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(HARD)), max_size=16)


@for_each(
    [
        ("علي كريمي", "علی کریمی"),
        ("بهﮐار ﻻله", "بهکار لاله"),
        ("۱۰۰ ﷼", "۱۰۰ ریال"),
        ("٠٩١٢", "۰۹۱۲"),
        ("0912", "0912"),
        ("ســلام", "سلام"),
        ("می" + ZWNJ * 3 + "شود", f"می{ZWNJ}شود"),
        (f"می {ZWNJ} شود", f"می{ZWNJ}شود"),
        (f"{ZWNJ}سلام{ZWNJ}", "سلام"),
        ("  دو   واژه\t ", "دو واژه"),
        ("یک\r\nدو\rسه\u2028چهار", "یک\nدو\nسه\nچهار"),
        (" یک \n  دو ", "یک\nدو"),
        ("بند یک\n\nبند دو", "بند یک\n\nبند دو"),
        ("خانۀ ما", "خانهٔ ما"),
        ("مسأله، مؤسسه، آرامش، رئیس، سورةالنور", "مسأله، مؤسسه، آرامش، رئیس، سورةالنور"),
        ("سَلام", "سَلام"),
        ("Ali\u00ad\u200b\ufeff Reza", "Ali Reza"),
        ("ته\x00ران\ud800", "تهران"),
        ("چاله" + "\u0301\u0489" * 40, "چاله" + "\u0301\u0489" * 2),
        ("چاله" + f"\u0301\u0301\u0301{ZWNJ}" * 9, "چاله" + f"\u0301\u0301\u0301{ZWNJ}\u0301"),
        ("مُحَمَّدِ", "مُحَمَّدِ"),
        ("\u3164\u115f \uffa0\u2800", ""),
    ]
)
def test_text_is_stored_in_one_spelling(typed, stored):
    assert clean(typed) == stored


@for_each([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C])
def test_text_keeps_no_sign_that_turns_its_neighbours_around(point):
    assert clean(f"الف{chr(point)}ب") == "الفب"


@given(TEXTS)
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_clean_text_can_always_be_written_and_has_no_controls(text):
    cleaned = clean(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert "  " not in cleaned


@given(TEXTS)
def test_a_search_key_is_letters_and_digits_and_its_own_key(text):
    key = search_key(text)
    assert not key or key.isalnum()
    assert search_key(key) == key
    assert search_key(clean(text)) == key


@given(st.text("ابپتکیه ‌آأئ۱۲", max_size=12))
def test_spaces_and_joiners_do_not_change_a_search_key(text):
    assert search_key(text.replace(ZWNJ, "").replace(" ", "")) == search_key(text)


@given(TEXTS)
def test_the_words_together_are_the_whole_key(text):
    assert "".join(search_words(text)) == search_key(text)


@given(TEXTS)
def test_every_word_of_a_text_finds_it(text):
    assert set(search_words(text)) <= search_prefixes(text)


def test_words_end_at_spaces_and_signs_not_at_joiners_or_marks():
    assert search_words("مُحمّد، علي‌رضا (کريمی)_۱۲") == ["محمد", "علیرضا", "کریمی", "12"]
    assert search_words(" ‌، ") == []


def test_prefixes_begin_at_three_letters_and_short_words_count_whole():
    assert search_prefixes("کریمی") == {"کری", "کریم", "کریمی"}
    assert search_prefixes("نو") == {"نو"}
    assert search_prefixes("") == set()


def test_a_name_is_found_written_apart_or_together():
    assert "علیرضا" in search_prefixes("علی رضا کریمی")
    assert {"علیرضا", "رضا"} <= search_prefixes("علی‌رضا کریمی")


def test_in_a_long_text_neighbours_are_not_joined():
    assert "یکدو" not in search_prefixes("یک دو سه چهار پنج شش")


def test_letters_before_others_and_digits_before_letters():
    assert sorted(["Zand", "یزد", "الف", "۲", "پارس", "بم"], key=sort_key) == [
        *("۲", "الف", "بم", "پارس", "یزد", "Zand"),
    ]


def test_marks_and_keyboards_do_not_change_the_order():
    assert sort_key("كاشی") == sort_key("کاشي") == sort_key("کاشِی")
    assert sort_key("باغ صبا") < sort_key("باغبان")


def test_one_string_orders_as_the_alphabet_does():
    names = [
        "Zand",
        "یزد",
        "الف",
        "۲",
        "پارس",
        "بم",
        "باغ صبا",
        "باغبان",
        "",
        "گ",
        "ک\u200cل",
        "\U0010fffd",
    ]
    assert sorted(names, key=sort_text) == sorted(names, key=sort_key)


@given(TEXTS)
def test_any_text_can_be_sorted(text):
    assert all(rank >= 0 for rank in sort_key(text))
