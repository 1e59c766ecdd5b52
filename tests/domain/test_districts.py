"""The map of the city and the search for a quarter."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from support.each import for_each

from publicmeeting.domain.districts.city import (
    DISTRICTS,
    SUBJECTS,
    UNIT_KINDS,
    PlaceKind,
    district,
    subject,
)
from publicmeeting.domain.districts.names import find_places
from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.letters import search_key, sort_key

BORDERS = {
    1: {2, 3, 4},
    2: {3, 5, 6, 9, 10},
    3: {4, 6, 7},
    4: {7, 8, 13},
    5: {9, 21, 22},
    6: {7, 11, 12},
    7: {8, 12, 13},
    8: {13},
    9: {10, 17, 18, 21},
    10: {11, 17},
    11: {12, 16, 17},
    12: {13, 14, 15, 16},
    13: {14},
    14: {15},
    15: {16, 20},
    16: {17, 19, 20},
    17: {18, 19},
    18: {19},
    21: {22},
}
"""District → those with a higher number that share a border with it, not only a corner."""
# In reality these two districts meet at a corner only.
TOUCHING = {(19, 20)}
VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


def where(query):
    return [(place.name, place.district) for place in find_places(query)]


def test_there_are_twenty_two_districts_in_order():
    assert [one.number for one in DISTRICTS] == list(range(1, 23))
    assert district(6).name == "منطقهٔ ۶"


@pytest.mark.parametrize("number", [0, 23, -1])
def test_there_is_no_other_district(number):
    with pytest.raises(Invalid, match="district_unknown"):
        district(number)


def cells(one):
    tile = one.tile
    return {
        (tile.row + down, tile.column + right)
        for down in range(tile.row_span)
        for right in range(tile.column_span)
    }


def test_tiles_fit_the_map_and_never_overlap():
    taken = [cell for one in DISTRICTS for cell in cells(one)]
    assert len(taken) == len(set(taken))
    assert all(1 <= row <= 6 and 1 <= column <= 6 for row, column in taken)


def test_tiles_that_share_a_side_are_districts_that_share_a_border():
    for one in DISTRICTS:
        for other in DISTRICTS:
            sides = {
                (row + down, column + right)
                for row, column in cells(one)
                for down, right in ((0, 1), (1, 0))
            }
            pair = (one.number, other.number)
            if one is not other and sides & cells(other) and pair not in TOUCHING:
                assert max(pair) in BORDERS[min(pair)], pair


def test_the_city_has_its_official_neighbourhoods():
    official = [
        hood for one in DISTRICTS for hood in one.neighbourhoods if hood.kind is PlaceKind.OFFICIAL
    ]
    assert len(official) == 375


def test_a_homonym_is_listed_once_for_each_of_its_districts():
    assert where("ابوذر") == [("ابوذر", 5), ("ابوذر", 14), ("ابوذر", 15), ("ابوذر", 17)]


def test_every_name_is_found_in_every_district_that_has_it():
    homes = defaultdict(set)
    for one in DISTRICTS:
        for hood in one.neighbourhoods:
            for name in (hood.name, *hood.aliases):
                homes[search_key(name)].add(one.number)
    for key, numbers in homes.items():
        found = [place.district for place in find_places(key) if search_key(place.name) == key]
        assert found == sorted(numbers), key
    assert sum(len(numbers) > 1 for numbers in homes.values()) >= 30


def test_an_official_name_goes_before_an_equal_popular_one():
    kinds = {place.district: place.kind for place in find_places("سبلان")}
    assert kinds == {7: PlaceKind.POPULAR, 8: PlaceKind.POPULAR}
    assert find_places("گلشن")[0].kind is PlaceKind.OFFICIAL


@for_each(
    [
        ("تهران پارس شر", ("تهرانپارس شرقی", 4)),
        ("نظام اباد", ("نظام‌آباد", 7)),
        ("يافت‌آباد جنوبي", ("یافت‌آباد جنوبی", 18)),
        ("13 آبان", ("۱۳ آبان", 14)),
        ("گیشا", ("گیشا", 2)),
        ("اختیاریه", ("اختیاریه", 3)),
        ("حشمت الدوله", ("جمالزاده - حشمت‌الدوله", 11)),
    ]
)
def test_a_quarter_is_found_however_it_is_typed(typed, first):
    assert where(typed)[0] == first


def test_names_that_begin_with_the_query_come_first_in_the_order_of_the_alphabet():
    found = find_places("آذر", limit=50)
    begins = [search_key(place.name).startswith("اذر") for place in found]
    assert begins == sorted(begins, reverse=True)
    assert any(begins)
    assert not all(begins)
    first = [sort_key(place.name) for place, yes in zip(found, begins, strict=True) if yes]
    assert first == sorted(first)


def test_names_are_sorted_as_a_persian_dictionary_sorts_them():
    assert sorted(VECTORS["collation_expected"], key=sort_key) == VECTORS["collation_expected"]


@for_each(VECTORS["text_search_equal"])
def test_two_spellings_of_a_word_are_found_alike(one, other):
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize("query", ["", "  ", "‌", "-", "،"])
def test_an_empty_query_finds_nothing(query):
    assert find_places(query) == ()


def test_a_query_that_fits_nothing_finds_nothing():
    assert find_places("اصفهان‌آباد") == ()


def test_no_more_places_are_listed_than_asked_for():
    assert len(find_places("شهرک")) == 12
    assert len(find_places("شهرک", limit=3)) == 3


def test_codes_are_unique():
    for things in (SUBJECTS, UNIT_KINDS):
        codes = [thing.code for thing in things]
        assert len(codes) == len(set(codes))


def test_every_subject_names_units_that_exist():
    known = {unit.code for unit in UNIT_KINDS}
    for one in SUBJECTS:
        assert one.unit_codes, one.code
        assert set(one.unit_codes) <= known, one.code


def test_the_list_ends_with_the_subject_for_everything_else():
    assert len(SUBJECTS) == 12
    assert SUBJECTS[-1].code == "other"


def test_help_and_jobs_are_no_subject_of_a_mayor():
    assert subject("green").name == "فضای سبز و درختان"
    with pytest.raises(Invalid, match="subject_unknown"):
        subject("welfare_job")
    with pytest.raises(Invalid, match="subject_missing"):
        subject("")
