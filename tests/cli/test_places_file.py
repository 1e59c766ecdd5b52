"""Import of streets, squares and stations from a table.

The table is checked first and each bad line is named. Every process finds the places at its next
search.
"""

import pytest
from support.city import open_application
from support.each import in_one_city

from publicmeeting.cli.app import main
from publicmeeting.cli.commands.found import PLACE_COLUMNS, give_places
from publicmeeting.cli.stop import StopError
from publicmeeting.domain.roles import NOBODY
from publicmeeting.usecases.districts.places import FindPlaces, search_places

HEAD = ",".join(PLACE_COLUMNS)
GOOD = f"""{HEAD}
ری,street,11;12,شهرداری تهران ۱۴۰۵

انقلاب,square,"6, 11",شهرداری تهران ۱۴۰۵
"""


@pytest.fixture
def table(tmp_path):
    def written(text, encoding="utf-8"):
        file = tmp_path / "places.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return written


def found(application, query):
    answers = application.query_as(NOBODY, search_places, FindPlaces(query=query))
    return [(place.name, place.district) for place in answers.places]


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_looked_at_first_and_given_when_that_is_said(application, city, table, encoding):
    file = table(GOOD, encoding)
    output = give_places(application, file, write=False)
    assert "2 places: 1 street, 1 square; by district 6:1 11:2 12:1." in output
    assert "2 are new or changed, 0 of the present table go." in output
    assert "  + خیابان ری · 11, 12 · شهرداری تهران ۱۴۰۵" in output
    assert "Nothing was changed" in output
    assert found(application, "خیابان ری") == []
    assert "The table is given" in give_places(application, file, write=True)
    assert found(application, "خیابان ری") == [("خیابان ری", 11), ("خیابان ری", 12)]


@pytest.mark.on_postgresql
def test_another_table_takes_the_place_of_the_first_also_in_another_process(
    application, city, table, tmp_path
):
    give_places(application, table(GOOD), write=True)
    url = application.store.engine.url.render_as_string(hide_password=False)
    elsewhere = open_application(url, tmp_path / "other", application.clock)
    try:
        assert len(found(elsewhere, "خیابان ری")) == 2
        changed = GOOD.replace("11;12", "12")
        output = give_places(application, table(changed), write=True)
        assert "1 are new or changed, 1 of the present table go." in output
        assert found(elsewhere, "خیابان ری") == [("خیابان ری", 12)]
    finally:
        elsewhere.store.close()


def test_every_bad_line_is_named_with_its_cause_and_nothing_is_changed(application, city, table):
    give_places(application, table(GOOD), write=True)
    rows = (
        "ری,park,11,x",
        ",street,11,x",
        "ری,street,,x",
        "ری,street,23,x",
        "ری,street,11,",
        "ری,street,11",
        "قزوین,street,11,x",
        "قزوین,street,11,x",
    )
    with pytest.raises(StopError) as stopped:
        give_places(application, table("\n".join([HEAD, *rows])), write=True)
    assert str(stopped.value).splitlines() == [
        "Line 2: the kind is street, square or station, not «park».",
        "Line 3: a name is needed.",
        "Line 4: the districts are numbers like 11;12, not «».",
        "Line 5: there is no district 23: they are 1 to 22.",
        "Line 6: a source is needed: who says so.",
        "Line 7: 3 columns instead of 4.",
        "Line 9: the same stands on line 8.",
        "Nothing was changed.",
    ]
    assert len(found(application, "خیابان ری")) == 2


@in_one_city(
    "text, encoding, output",
    [
        ("نام,نوع\n", "utf-8", "The first line"),
        ("", "utf-8", "The first line"),
        (f"{HEAD}\n", "utf-8", "names no place"),
        (GOOD, "utf-16-le", "is not UTF-8"),
        (f'{HEAD}\n"ری,street,11,x\n', "utf-8", "Line 2"),
    ],
)
def test_what_is_no_such_table_is_said(application, city, table, text, encoding, output):
    with pytest.raises(StopError, match=output):
        give_places(application, table(text, encoding), write=True)


def test_to_write_belongs_to_a_table_of_places(capsys):
    assert main(["found", "city.csv", "--write"]) == 1
    assert "--write goes with --places" in capsys.readouterr().err


def test_a_city_that_has_given_no_table_has_its_quarters_only(application, city):
    assert ("یوسف‌آباد", 6) in found(application, "یوسف آباد")
    assert found(application, "خیابان ری") == []
