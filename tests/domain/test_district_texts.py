"""Texts of a district, as people type them."""

from collections.abc import Callable

import pytest

from publicmeeting.domain.districts.texts import (
    LIMITS,
    SEATS_MOST,
    Difference,
    DistrictTexts,
    TextField,
    differences,
    next_code,
    read_line,
    read_point,
    read_seats,
    read_unit,
    twice,
)
from publicmeeting.domain.errors import Invalid

TEXTS = DistrictTexts(
    address="خیابان کارگر، پلاک ۱",
    hall="سالن نخست",
    hours="",
    bring="کارت شناسایی",
    point="",
    seats=("09:00", "09:15"),
    units=(("technical", "فنی و عمران"), ("legal", "حقوقی")),
)


def why(read: Callable[..., object], *typed: object) -> str:
    with pytest.raises(Invalid) as refused:
        read(*typed)
    return refused.value.key


@pytest.mark.parametrize("field", list(LIMITS))
def test_a_text_is_neither_empty_nor_longer_than_its_place(field: TextField) -> None:
    least, most = LIMITS[field]
    assert why(read_line, field, "") == "line_missing"
    assert why(read_line, field, " \u200f\u202e \n") == "line_missing"
    assert why(read_line, field, "ا" * (least - 1)) == "text_too_short"
    assert why(read_line, field, "ا" * (most + 1)) == "text_too_long"
    assert read_line(field, "ا" * most) == "ا" * most


def test_a_text_is_one_line_in_one_spelling_and_steers_nothing() -> None:
    typed = "خيابان \u202eكارگر\u202c،\n پلاك 1\u200f"
    assert read_line(TextField.ADDRESS, typed) == "خیابان کارگر، پلاک 1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://nobat.example",
        "nobat.example/pay",
        "рay.ir",
        "ｐａｙ．ｉｒ",
        "نوبت.ایران",
        "192.0.2.7/a",
        "nobat@example",
        "۰۹۱۲ ۰۰۰ ۰۰۰۱",
        "۶۰۳۷-۹۹۱۸-۱۲۳۴-۵۶۷۸",
        "۶۰۳۷، ۹۹۱۸، ۱۲۳۴، ۵۶۷۸",
        "(۰۹۱۲)_۰۰۰*۰۰۰۱",
    ],
)
def test_what_goes_out_by_sms_in_the_citys_name_leads_nowhere_else(elsewhere: str) -> None:
    typed = f"تالار شهر، {elsewhere}"
    assert why(read_line, TextField.ADDRESS, typed) == "text_link"
    assert why(read_line, TextField.HALL, typed) == "text_link"
    assert why(read_unit, typed) == "text_link"


@pytest.mark.parametrize(
    "place",
    [
        "خ.کارگر، ک.۱۲، پ.۴",
        "خ.ایرانشهر، پ.۴",
        "پلاک ۱۲/۳، کد پستی ۱۴۱۸۹۵۳۱۴۱",
        "سالن A.، طبقهٔ 2.5",
        "برج B، واحد 12-14",
    ],
)
def test_an_address_as_people_write_it_is_none(place: str) -> None:
    assert read_line(TextField.ADDRESS, place) == place


@pytest.mark.parametrize(
    "typed",
    ["35.70122, 51.40013", "۳۵٫۷۰۱۲۲ ، ۵۱٫۴۰۰۱۳", "51.40013 35.70122", "35.701220000/51.400130000"],
)
def test_a_place_on_the_map_is_read_from_what_maps_show(typed: str) -> None:
    assert read_point(typed) == "35.70122,51.40013"
    assert read_point("") == ""


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("35.7", "point_malformed"),
        ("35.7, 51.4, 3.0", "point_malformed"),
        ("سالن", "point_malformed"),
        ("nan, inf", "point_malformed"),
        ("1e9, 51.4", "point_malformed"),
        ("36.29, 59.60", "point_outside"),
        ("35.70122, 35.70122", "point_outside"),
        ("0.0, 0.0", "point_outside"),
        ("9" * 5000, "point_malformed"),
    ],
)
def test_a_place_that_is_none_or_not_in_tehran_is_refused(typed: str, key: str) -> None:
    assert why(read_point, typed) == key


def test_start_times_are_read_with_spaces_or_commas_and_persian_digits() -> None:
    assert read_seats("۹:۰۰، ۹:۱۵\n10:00") == ("09:00", "09:15", "10:00")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "seats_missing"),
        ("،", "seats_missing"),
        ("9", "seats_time"),
        ("09:60", "seats_time"),
        ("²:00", "seats_time"),
        ("05:59", "seats_clock"),
        ("21:01", "seats_clock"),
        ("09:15 09:00", "seats_order"),
        ("09:00 9:00", "seats_order"),
        (" ".join(["09:00"] * (SEATS_MOST + 1)), "seats_many"),
    ],
)
def test_start_times_that_make_no_day_are_refused(typed: str, key: str) -> None:
    assert why(read_seats, typed) == key


def test_units_have_names_of_their_own() -> None:
    assert why(read_unit, "ا") == "text_too_short"
    assert twice(TEXTS.units) is None
    assert twice((*TEXTS.units, ("own1", "حقوقي "))) == "own1"
    assert next_code(TEXTS.units) == "own1"
    assert next_code((("own1", "ا"), ("own3", "ب"))) == "own2"


def test_a_difference_names_only_what_changed() -> None:
    assert differences(TEXTS, TEXTS) == ()
    after = DistrictTexts(
        address=TEXTS.address,
        hall="سالن دوم",
        hours=TEXTS.hours,
        bring=TEXTS.bring,
        point="35.70122,51.40013",
        seats=("09:00",),
        units=(("technical", "عمران"), ("legal", "حقوقی"), ("own1", "پسماند")),
    )
    assert differences(TEXTS, after) == (
        Difference(TextField.HALL, "سالن نخست", "سالن دوم"),
        Difference(TextField.POINT, "", "35.70122,51.40013"),
        Difference(TextField.SEATS, "09:00 09:15", "09:00"),
        Difference(None, "فنی و عمران", "عمران"),
        Difference(None, "", "پسماند"),
    )
