"""Streets, squares and stations of a city's table are found by any spelling, in each district."""

from functools import cache

import pytest
from support.each import for_each

from publicmeeting.domain.districts.city import PlaceKind
from publicmeeting.domain.districts.names import Name, find_places
from publicmeeting.domain.districts.places import (
    KINDS,
    BadLineError,
    Gazetteer,
    Wrong,
    called,
    named_place,
    similar_places,
)
from publicmeeting.kit.letters import search_words

TABLE = (
    ("ری", "street", "11;12"),
    ("ميدان انقلاب", "square", "۶، 11"),
    ("انقلاب", "street", "6 11 12"),
    ("انقلاب اسلامی", "station", "6"),
    ("بلوار کشاورز", "street", "6"),
    ("میدان راه‌آهن", "station", "11"),
    ("دکتر علی شریعتی", "street", "3/7"),
)
CITY = Gazetteer([named_place(*row, "شهرداری") for row in TABLE])


def found(query: str) -> list[tuple[str, int]]:
    return [(place.name, place.district) for place in find_places(query, others=CITY.find(query))]


@for_each(["خیابان ری", "خيابان ري", "خ ری", "خ. ری", "بلوار ری", " خیابان  ری ", "خیابانری"])
def test_a_street_in_two_districts_is_offered_for_each_by_its_name(query):
    assert found(query) == [("خیابان ری", 11), ("خیابان ری", 12)]


@for_each(
    [
        ("میدان انقلاب", [("میدان انقلاب", 6), ("میدان انقلاب", 11)]),
        ("میدون انقلاب", [("میدان انقلاب", 6), ("میدان انقلاب", 11)]),
        ("مترو انقلاب", [("ایستگاه مترو انقلاب اسلامی", 6)]),
        ("متروی انقلاب", [("ایستگاه مترو انقلاب اسلامی", 6)]),
        ("ایستگاه انقلاب", [("ایستگاه مترو انقلاب اسلامی", 6)]),
        ("خیابان کشاورز", [("بلوار کشاورز", 6)]),
        ("كشاورز", [("بلوار کشاورز", 6)]),
        ("راه‌آهن", [("راه‌آهن", 11), ("راه‌آهن", 16), ("ایستگاه مترو میدان راه‌آهن", 11)]),
        ("ایستگاه راه آهن", [("ایستگاه مترو میدان راه‌آهن", 11)]),
        ("شریعتی", [("شریعتی", 6)]),
        ("علی شریعتی", [("خیابان دکتر علی شریعتی", 3), ("خیابان دکتر علی شریعتی", 7)]),
    ]
)
def test_a_word_of_its_kind_may_be_left_out_and_leaves_only_that_kind(query, first):
    assert found(query)[: len(first)] == first


def test_quarters_and_streets_of_one_name_stand_beside_each_other():
    names = found("انقلاب")
    assert names[0] == ("انقلاب", 11), "the quarter"
    assert {("خیابان انقلاب", 6), ("میدان انقلاب", 6)} <= set(names)
    assert len(names) == len(set(names))


@for_each(["", "   ", "خیابان بی‌نام‌ونشان", "!!", "\u202e", "میدان ری", "خیابا", "مترو"])
def test_what_the_table_does_not_say_is_not_guessed(query):
    assert found(query) == []


NUMBERED = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده")


@cache
def streets(many: int) -> Gazetteer:
    """Return streets such as «شهید شش یک …», whose words begin with the same letters."""
    return Gazetteer(
        named_place(
            "شهید شش " + " ".join(NUMBERED[int(digit)] for digit in str(number)),
            ("street", "square")[number % 2],
            f"{number % 22 + 1};{number % 21 + 2}",
            "شهرداری",
        )
        for number in range(many)
    )


@pytest.mark.parametrize("query", ["ش", "شه", "شهید", "شهید شش یک", "خیابان ش", "میدان شهید", "یک"])
def test_what_a_search_costs_does_not_grow_with_the_table(query, monkeypatch):
    looked_at, distance = [], Name.distance

    def counted(name, key):
        looked_at.append(name)
        return distance(name, key)

    monkeypatch.setattr(Name, "distance", counted)

    def cost(table: Gazetteer) -> tuple[int, int]:
        looked_at.clear()
        return len(list(table.find(query))), len(looked_at)

    assert max(cost(streets(1_000))) <= 1_000
    assert max(cost(streets(4_000))) <= 1_000


def test_the_name_itself_comes_first_however_many_begin_with_it():
    assert found("میدان شهید") == []
    rows = [("شهید", "square", "7"), *((f"شهید {n}", "street", "6") for n in range(500))]
    table = Gazetteer(named_place(*row, "شهرداری") for row in rows)
    first, *others = find_places("شهید", others=table.find("شهید"))
    assert (first.name, first.district) == ("میدان شهید", 7)
    assert len(others) == 11


@for_each(TABLE)
def test_every_beginning_of_a_word_of_a_name_finds_it_in_each_of_its_districts(row):
    place = named_place(*row, "شهرداری")
    here = {(called(place.name, place.kind), at) for at in place.districts}
    words = search_words(place.name)
    for start, word in enumerate(words):
        rest = "".join(words[start:])
        for end in range(2, len(rest) + 1):
            if word not in {"بلوار", "میدان"}:
                got = {(name.place.name, name.place.district) for _, name in CITY.find(rest[:end])}
                assert here <= got, rest[:end]


def test_a_single_letter_finds_no_street():
    assert list(CITY.find("ر")) == []
    assert list(CITY.find("خ ر")) != []


def test_a_name_says_itself_what_it_is_or_is_told_so():
    assert called("ری", PlaceKind.STREET) == "خیابان ری"
    assert called("بزرگراه همت", PlaceKind.STREET) == "بزرگراه همت"
    assert called("میدان راه‌آهن", PlaceKind.STATION) == "ایستگاه مترو میدان راه‌آهن"


@for_each(
    [
        (("", "street", "6", "x"), Wrong.NAMELESS),
        ((" ‌!", "street", "6", "x"), Wrong.NAMELESS),
        (("ری", "park", "6", "x"), Wrong.KIND),
        (("ری", "official", "6", "x"), Wrong.KIND),
        (("ری", "street", "", "x"), Wrong.DISTRICTS),
        (("ری", "street", "شش", "x"), Wrong.DISTRICTS),
        (("ری", "street", "-6", "x"), Wrong.DISTRICTS),
        (("ری", "street", "6;23", "x"), Wrong.UNKNOWN_DISTRICT),
        (("ری", "street", "0", "x"), Wrong.UNKNOWN_DISTRICT),
        (("ری", "street", "6", " "), Wrong.SOURCELESS),
        (("ری" * 50, "street", "6", "x"), Wrong.LONG),
    ]
)
def test_a_line_that_cannot_be_one_is_refused_by_its_cause(row, why):
    with pytest.raises(BadLineError) as refused:
        named_place(*row)
    assert refused.value.why is why


def test_a_line_is_kept_in_one_spelling():
    place = named_place(" ميدان\u202e  انقلاب ", " Square ", "۱۱,6 ,11", "شهرداري")
    assert (place.name, place.kind, place.districts) == ("میدان انقلاب", KINDS[1], (6, 11))
    assert place.source == "شهرداری"


def similar(query: str) -> list[tuple[str, int]]:
    return [(place.name, place.district) for place in similar_places(query, CITY)]


@for_each(
    [
        ("ناظی اباد", [("نازی‌آباد", 16)]),
        ("سادقيه", [("صادقیه", 2), ("صادقیه", 18)]),
        ("طجریش", [("تجریش", 1)]),
        ("تحریش", [("تجریش", 1)]),
        ("تجریشش", [("تجریش", 1)]),
        ("تجرش", [("تجریش", 1)]),
        ("تجیرش", [("تجریش", 1)]),
        ("خیابان تجریش", [("تجریش", 1)]),
        ("محلهٔ ونک", [("ونک", 3)]),
        ("محله‌ی ونک", [("ونک", 3)]),
        ("میدان تجریس", [("تجریش", 1)]),
        ("خیابان کشاورض", [("بلوار کشاورز", 6)]),
        ("شریتعی", [("خیابان دکتر علی شریعتی", 3), ("خیابان دکتر علی شریعتی", 7)]),
        ("ایستگاه راه اهنن", [("ایستگاه مترو میدان راه‌آهن", 11)]),
    ]
)
def test_a_misspelt_name_suggests_the_place_that_it_resembles(query, first):
    assert not found(query)
    assert set(first) <= set(similar(query))


@for_each(["", " ", "x", "ب", "لثقفغ", "خیابان", "تجرشی نو", "12", "😀", "پ" * 60])
def test_what_resembles_nothing_suggests_nothing(query):
    assert similar(query) == []


def test_only_a_handful_is_suggested_and_what_sounds_alike_comes_alone():
    assert len(similar("ولیعصرر")) == 5
    assert similar("هسارک") == [("حصارک", 5)]
