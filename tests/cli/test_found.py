"""`found` founds a real city from a table, once; its Mondays then open by themselves."""

import pytest
from support.city import SATURDAY, open_application
from support.clock import FixedClock
from support.each import in_one_city

from publicmeeting.cli.commands import found
from publicmeeting.cli.stop import StopError
from publicmeeting.domain.districts.city import DISTRICTS

HEAD = "district,address,hall,mayor,seats\n"
SIX = '6,"خیابان کارگر، پلاک ۱",تالار شهر,نام شهردار,09:00 09:15\n'


@pytest.fixture
def empty(tmp_path, sqlite_templates):
    """An application over tables without a city."""
    url = sqlite_templates.copy("empty")
    application = open_application(url, tmp_path / "images", FixedClock(SATURDAY))
    yield application
    application.store.close()
    sqlite_templates.drop(url)


def table(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "city.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_the_form_names_every_district_and_is_refused_until_it_is_filled_in(empty, tmp_path):
    form = found.form()
    assert form.count("\n") == len(DISTRICTS) + 1
    with pytest.raises(StopError, match="District 1 needs an address"):
        found.found(empty, table(tmp_path, form))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_founded_city_opens_its_mondays(empty, tmp_path, encoding):
    assert found.found(empty, table(tmp_path, HEAD + SIX, encoding)) == 1
    empty.worker.tick()
    with empty.store.unit_of_work(empty.clock(), reading=True) as uow:
        days = uow.city.mondays(district=6)
        assert next(day.seats for day in days if day.state == "open") == ("09:00", "09:15")
        assert len(uow.city.units(6)) > 3
        assert uow.district_texts.on(6, days[0].on).address == "خیابان کارگر، پلاک ۱"
    with pytest.raises(StopError, match="already"):
        found.found(empty, table(tmp_path, HEAD + SIX))


@in_one_city(
    "text, message",
    [
        ("", "first line"),
        ("number,address\n", "first line"),
        (HEAD, "names no district"),
        (HEAD + "6,a,b,c\n", "Line 2"),
        (HEAD + "6,a,b,c,09:00,extra\n", "Line 2"),
        (HEAD + "six,a,b,c,09:00\n", "Line 2"),
        (HEAD + "23,a,b,c,09:00\n", "no district 23"),
        (HEAD + SIX + SIX, "6 stands there twice"),
        (HEAD + "6,a, ,c,09:00\n", "District 6 needs"),
        (HEAD + "6,a,b,c,\n", "seats of district 6"),
        (HEAD + "6,a,b,c,9:00\n", "seats of district 6"),
        (HEAD + "6,a,b,c,09:15 09:00\n", "seats of district 6"),
        (HEAD + "6,a,b,c,09:00 09:00\n", "seats of district 6"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_founded(empty, tmp_path, text, message):
    with pytest.raises(StopError, match=message):
        found.found(empty, table(tmp_path, text))
    with empty.store.unit_of_work(empty.clock(), reading=True) as uow:
        assert list(uow.city.districts()) == []


def test_a_missing_file_and_one_of_another_encoding_are_told(empty, tmp_path):
    with pytest.raises(StopError, match="cannot be read"):
        found.found(empty, tmp_path / "none.csv")
    with pytest.raises(StopError, match="is not UTF-8"):
        found.found(empty, table(tmp_path, HEAD + SIX, "utf-16-le"))
    named = table(tmp_path, SIX).rename(tmp_path / "{6}.csv")
    with pytest.raises(StopError, match=r"first line of .*\{6\}\.csv must be"):
        found.found(empty, named)


def test_every_bad_line_and_district_is_named_at_once(empty, tmp_path):
    with pytest.raises(StopError) as odd:
        found.found(empty, table(tmp_path, HEAD + "x,a,b,c,09:00\n6,a\n"))
    assert [line[:6] for line in str(odd.value).splitlines()] == ["Line 2", "Line 3", "Nothin"]
    with pytest.raises(StopError) as wrong:
        found.found(empty, table(tmp_path, HEAD + "33,a,b,c,09:00\n6,a,,c,\n" + SIX))
    assert str(wrong.value).splitlines() == [
        "There is no district 33: they are 1 to 22.",
        "District 6 needs an address, a hall and its mayor's name.",
        "The seats of district 6 must be start times like 09:00 09:15, each after the one before.",
        "District 6 stands there twice.",
        "Nothing was changed.",
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ((HEAD + SIX).replace(",", ";").replace("کارگر;", "کارگر،"), "utf-8-sig"),
        (HEAD.replace(",", "\t") + "۶\tنشانی\tتالار\tنام\t۰۹:۰۰ ۰۹:۱۵\n", "utf-16"),
        (HEAD + SIX + ",,,,\n\n", "utf-8"),
    ],
    ids=["semicolons", "tabs and Persian digits", "blank lines"],
)
def test_the_table_is_read_as_spreadsheets_save_it(empty, tmp_path, text, encoding):
    assert found.found(empty, table(tmp_path, text, encoding)) == 1
