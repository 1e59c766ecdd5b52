"""Numbers and names as people type them, and the refusals that they read."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.domain import people
from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.people import IdentityKind
from publicmeeting.text.refusals.refusals_text import REFUSALS

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
NATIONAL, MOBILE = VECTORS["national_code"], VECTORS["mobile"]
FOREIGN = VECTORS["foreign_id"]


def refusal(parse, text):
    with pytest.raises(Invalid) as refused:
        parse(text)
    return refused.value


@for_each(NATIONAL["valid"])
def test_a_national_code_is_read_however_it_is_typed(typed):
    code = people.parse_national_code(typed)
    assert len(code) == 10
    assert code.isascii()
    assert people.parse_national_code(code) == code
    assert code == NATIONAL["normalised"].get(typed, code)


@for_each(NATIONAL["invalid"])
def test_a_wrong_national_code_is_refused(typed):
    assert refusal(people.parse_national_code, typed).field == "identity"


def test_a_fitting_code_is_accepted_though_it_looks_made_up():
    assert people.parse_national_code("1234567891") == "1234567891"


@for_each(
    [
        (people.parse_national_code, " - ", "national_code_missing", {}),
        (people.parse_national_code, "049937089²", "national_code_letters", {}),
        (people.parse_national_code, "04993708a9", "national_code_letters", {}),
        (people.parse_national_code, "०४९९३७०८९९", "national_code_letters", {}),
        (people.parse_national_code, "۱۲۳۴۵۶۷", "national_code_length", {"digits": 7}),
        (people.parse_national_code, "04993708990", "national_code_length", {"digits": 11}),
        (people.parse_national_code, "0912 123 4567", "national_code_is_mobile", {}),
        (people.parse_national_code, "۰۰۹۸۹۱۲۱۲۳۴۵۶۷", "national_code_is_mobile", {}),
        (people.parse_national_code, "9121234567", "national_code_check", {}),
        (people.parse_national_code, "1111111111", "national_code_repeated", {}),
        (people.parse_national_code, "0000000000", "national_code_repeated", {}),
        (people.parse_national_code, "0001234560", "national_code_unissued", {}),
        (people.parse_national_code, "1230000003", "national_code_unissued", {}),
        (people.parse_national_code, "0499370898", "national_code_check", {}),
        (people.parse_foreign_id, "", "foreign_id_missing", {}),
        (people.parse_foreign_id, "12345678901a", "foreign_id_letters", {}),
        (people.parse_foreign_id, "1234567", "foreign_id_length", {"digits": 7}),
        (people.parse_foreign_id, "12345678901234", "foreign_id_length", {"digits": 14}),
        (people.parse_foreign_id, "000000000000", "foreign_id_zero", {}),
        (people.parse_foreign_id, "1234567891", "foreign_id_is_national_code", {}),
        (people.parse_foreign_id, "790419904", "foreign_id_is_national_code", {}),
        (people.parse_foreign_id, "12542131", "foreign_id_is_national_code", {}),
        (people.parse_foreign_id, "1111111111", "foreign_id_is_national_code", {}),
        (people.parse_passport, " ", "passport_missing", {}),
        (people.parse_passport, "ABCDEFG", "passport_form", {}),
        (people.parse_passport, "A12", "passport_form", {}),
        (people.parse_passport, "0499370899", "passport_is_other_card", {}),
        (people.parse_passport, "۱۱۱۲۲۲۳۳۳۴۴۴", "passport_is_other_card", {}),
        (people.parse_passport, "پ۱۲۳۴۵۶۷", "passport_form", {}),
        (people.parse_mobile, "", "mobile_missing", {}),
        (people.parse_mobile, "0912123456a", "mobile_letters", {}),
        (people.parse_mobile, "+", "mobile_letters", {}),
        (people.parse_mobile, "0912+1234567", "mobile_letters", {}),
        (people.parse_mobile, "0912123456", "mobile_length", {"digits": 10}),
        (people.parse_mobile, "۹۱۲۱۲۳۴۵۶", "mobile_length", {"digits": 10}),
        (people.parse_mobile, "+98 912 123 456", "mobile_length", {"digits": 10}),
        (people.parse_mobile, "98912123456", "mobile_length", {"digits": 10}),
        (people.parse_mobile, "091212345678", "mobile_length", {"digits": 12}),
        (people.parse_mobile, "02122334455", "mobile_landline", {}),
        (people.parse_mobile, "+982122334455", "mobile_landline", {}),
        (people.parse_mobile, "2122334455", "mobile_landline", {}),
        (people.parse_mobile, "0499370899", "mobile_is_national_code", {}),
        (people.parse_mobile, "۱۲۳۴۵۶۷۸۹۱", "mobile_is_national_code", {}),
        (people.parse_mobile, "0499370898", "mobile_form", {}),
        (people.parse_mobile, "22334455", "mobile_form", {}),
        (people.parse_mobile, "+14155552671", "mobile_abroad", {}),
        (people.parse_mobile, "0093701234567", "mobile_abroad", {}),
        (people.parse_name, " \u200c\n", "name_missing", {}),
        (people.parse_name, "ع", "name_short", {}),
        (people.parse_name, "علی ۲", "name_digits", {}),
        (people.parse_name, "علی؛ <b>", "name_signs", {}),
        (people.parse_name, "علی 🙂", "name_signs", {}),
        (people.parse_name, "ب" * 81, "name_long", {"limit": 80}),
    ]
)
def test_a_refusal_says_precisely_what_is_wrong(parse, typed, key, facts):
    refused = refusal(parse, typed)
    assert (refused.key, refused.facts) == (key, facts)
    assert REFUSALS[key].format(**facts)


@given(st.text(string.digits + "۴٤ -+a²", max_size=15))
@settings(deadline=None)
def test_whatever_is_typed_is_read_or_refused_in_words(typed):
    readers = [people.parse_national_code, people.parse_foreign_id, people.parse_passport]
    readers += [people.parse_mobile, people.parse_name]
    for parse in readers:
        try:
            read = parse(typed)
        except Invalid as refused:
            sentence = REFUSALS[refused.key].format(**refused.facts)
            if "{" in sentence:
                pytest.fail(sentence)
        else:
            assert parse(read) == read


@given(st.integers(0, 9), st.integers(1, 9))
@settings(deadline=None)
def test_one_wrong_digit_of_a_national_code_is_noticed(place, shift):
    code = "0790419904"
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    assert refusal(people.parse_national_code, wrong)


@pytest.mark.parametrize("typed", FOREIGN["valid"])
def test_a_foreign_number_is_kept_as_it_is(typed):
    assert people.parse_foreign_id(f" {typed[:4]}-{typed[4:]}") == typed


@pytest.mark.parametrize("typed", FOREIGN["invalid"])
def test_a_wrong_foreign_number_is_refused(typed):
    assert refusal(people.parse_foreign_id, typed).field == "identity"


@pytest.mark.parametrize(
    ("kind", "typed", "identity"),
    [
        (IdentityKind.NATIONAL, "۰۴۹۹۳۷۰۸۹۹", "0499370899"),
        (IdentityKind.FOREIGN, "۱۲۳۴۵۶۷۸۹۰۱۲", "123456789012"),
        (IdentityKind.PASSPORT, "p-۰۱۲۳۴۵۶", "P0123456"),
    ],
)
def test_each_kind_of_document_has_its_reader(kind, typed, identity):
    assert people.parse_identity(kind, typed) == identity


@for_each(MOBILE["valid"].items())
def test_a_mobile_is_read_however_it_is_typed(typed, local):
    canonical = people.parse_mobile(typed)
    assert canonical == "+98" + local[1:]
    assert people.local_mobile(canonical) == local


@pytest.mark.parametrize("typed", ["9891234567", "09891234567"])
def test_a_mobile_may_itself_begin_with_the_country_code(typed):
    assert people.parse_mobile(typed) == "+989891234567"


@for_each(MOBILE["invalid"])
def test_a_number_that_is_no_mobile_is_refused(typed):
    assert refusal(people.parse_mobile, typed).field == "mobile"


@pytest.mark.parametrize("number", ["09121234567", "+9891212345678", "", "+989121234567\n"])
def test_only_a_canonical_mobile_has_a_local_form(number):
    with pytest.raises(ValueError, match="canonical"):
        people.local_mobile(number)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  علي   رضايي ", "علی رضایی"),
        ("فاطمه‌زهرا\nموسوي", "فاطمه‌زهرا موسوی"),
        ("سَمیّه", "سَمیّه"),
        ("Anne-Marie O'Neil", "Anne-Marie O'Neil"),
        ("سید محمّد ‎رضا", "سید محمّد رضا"),
    ],
)
def test_a_name_is_kept_as_its_owner_writes_it(typed, name):
    assert people.parse_name(typed) == name


@pytest.mark.parametrize(
    ("identity", "masked"),
    [
        ("0499370899", "۰۴۹•••••۸۹۹"),
        ("123456789012", "۱۲۳•••••۰۱۲"),
        ("12345678", "۱۲•••••۷۸"),
        ("P0123", "P•••••۳"),
        ("P1", "•••••"),
    ],
)
def test_a_masked_identity_hides_its_middle_and_its_length(identity, masked):
    assert people.masked_identity(identity) == masked


def test_a_masked_mobile_does_not_show_its_last_four_digits():
    assert people.masked_mobile("+989121234567") == "۰۹۱۲•••••۶۷"


def test_every_sentence_is_persian_and_tells_no_latin_digit():
    for key, sentence in REFUSALS.items():
        assert not set(sentence) & set("0123456789يك!"), key
        assert sentence.endswith("."), key
