"""Import of up to 400 officials: bad rows are named, all or none are made, links are shown once."""

import base64
import re
import zlib

import pytest
from browsers import Browser
from signed_in import sign_in_staff
from support.city import WHOLE, City, add_official
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_name
from publicmeeting.domain.roles import COMMAND_LINE, Grant, Role
from publicmeeting.text.officials import people_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.officials.importing import ONE_BY_ONE
from publicmeeting.usecases.officials.listing import AskOfficials, officials
from publicmeeting.usecases.officials.proposals import OneProposal, agree
from publicmeeting.usecases.officials.table import COLUMNS, form, read_table, written
from publicmeeting.web.plain.page import MINE

HEAD = ",".join(COLUMNS)
GOOD = f"{HEAD}\ndesk60,سارا محمدی,desk,۶,\ntech60,نادر کریمی,unit,,d06-technical\n"
ADDRESS = "/people/import/"


@pytest.fixture
def districts() -> tuple[int, ...]:
    return WHOLE


@pytest.fixture
def admin(browser: Browser, city: object) -> Browser:
    del city
    sign_in_staff(browser, "administrator")
    return browser


def sent(browser: Browser, data: bytes | str):
    file = data.encode() if isinstance(data, str) else data
    return browser.post(ADDRESS, files={"file": ("officials.csv", file, "text/csv")})


def packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode())).decode()


def invited(application: Application) -> int:
    asked = AskOfficials(state="invited")
    return application.query_as(COMMAND_LINE, officials, asked).counts["invited"]


def links(text: str) -> list[list[str]]:
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", text)
    assert found is not None
    table = base64.b64decode(found[1]).decode("utf-8-sig")
    return [line.split(",") for line in table.splitlines()]


@pytest.mark.on_postgresql
def test_a_table_is_looked_at_first_and_made_then(admin: Browser, application: Application) -> None:
    empty = admin.get(ADDRESS)
    assert empty.status_code == 200
    assert MINE not in empty.text, "a citizen's requests are no way of an official"
    page = sent(admin, GOOD)
    assert page.status_code == 200
    assert people_text.IMPORT_MAKE.format(count="۲") in page.text
    assert invited(application) == 0
    table = re.search(r'name="table" value="([^"]+)"', page.text)
    made = admin.post("/people/import/make", {"table": table[1]})
    assert people_text.IMPORT_MADE.format(count="۲") in made.text
    head, first, _ = links(made.text)
    assert head == list(people_text.IMPORT_HEADS)
    assert first[:3] == ["desk60", "سارا محمدی", "میز خدمت منطقهٔ ۶"]
    assert "password" not in made.text
    link = first[3].removeprefix(admin.origin)
    assert "سارا محمدی" in admin.get(link).text
    assert invited(application) == 2
    again = admin.post("/people/import/make", {"table": table[1]})
    assert again.status_code == 422
    assert refusal("username_taken") in again.text
    assert people_text.IMPORT_AGAIN in again.text
    assert "هیچ حسابی ساخته نشد" not in again.text, "they were made by the first press"
    assert invited(application) == 2


MAYOR = f"{GOOD}mayor60,مریم کریمی,mayor,6,\n"


def test_a_mayor_of_a_table_waits_for_another_administrator(
    admin: Browser, application: Application, city: City
) -> None:
    alone = sent(admin, MAYOR)
    assert alone.status_code == 422
    assert refusal("one_administrator") in alone.text
    add_official(application, "second", ("administrator", None, None), name="مدیر دوم")
    looked = sent(admin, MAYOR).text
    assert people_text.IMPORT_WAITS.format(count="۱") in looked
    assert people_text.IMPORT_WAITS.format(count="۱") not in sent(admin, GOOD).text
    table = re.search(r'name="table" value="([^"]+)"', looked)
    made = admin.post("/people/import/make", {"table": table[1]})
    assert people_text.IMPORT_WAITS.format(count="۱") in made.text
    *_, mayor = links(made.text)
    assert mayor == ["mayor60", "مریم کریمی", "شهردار منطقهٔ ۶", people_text.IMPORT_AGREED_FIRST]
    other = city.as_("second")
    (proposal,) = application.query_as(other, officials, AskOfficials()).proposals
    agreed = OneProposal(decision=proposal.decision.id)
    assert application.execute_as(other, agree, agreed).key
    assert Grant(Role.MAYOR, 6) in city.as_("mayor60").grants


BAD_ROWS = {
    "x,سارا محمدی,desk,6,": "username_form",
    "desk,سارا محمدی,desk,6,": "username_taken",
    "desk61,سارا ۲,desk,6,": "name_digits",
    "desk61,سارا,desk,23,": "district_unknown",
    "tech61,سارا محمدی,unit,,d06-nothing": "unit_unknown",
    "over61,سارا محمدی,overseer,,": "table_two",
    "admin61,سارا محمدی,administrator,,": "table_two",
}
FAULTS = {
    ",سارا محمدی,desk,6,": "username",
    "desk61,,desk,6,": "name",
    "desk61,سارا محمدی,king,6,": "role",
    "desk61,سارا محمدی,desk,شش,": "number",
    "desk61,سارا محمدی,unit,,": "needs_unit",
    "desk61,سارا محمدی,desk,6,d06-technical": "no_unit",
    "phone61,سارا محمدی,phone,6,": "no_district",
    "desk61,سارا محمدی,desk,,": "needs_district",
}


def test_every_bad_row_is_named_and_nothing_is_made(
    admin: Browser, application: Application
) -> None:
    rows = [*BAD_ROWS, *FAULTS, "desk61,سارا", "desk60,دیگری,desk,6,"]
    page = sent(admin, GOOD + "\n".join(rows) + "\n")
    assert page.status_code == 422
    for why in BAD_ROWS.values():
        words = people_text.IMPORT_REFUSED.get(why) or refusal(why, number=23)
        assert words in page.text
    for why in people_text.IMPORT_REFUSED:
        assert refusal(why) not in page.text, "a file has no list to choose from"
    for fault in FAULTS.values():
        assert people_text.IMPORT_FAULT[fault] in page.text
    assert people_text.IMPORT_COLUMNS.format(columns="۲", wanted="۵") in page.text
    assert people_text.IMPORT_BAD_ROW.format(line="۴") in page.text
    assert people_text.IMPORT_BAD.format(bad="۱۷") in page.text
    assert "table" not in re.findall(r'name="([a-z]+)"', page.text)
    assert admin.post("/people/import/make", {"table": packed(GOOD + rows[0])}).status_code == 422
    assert invited(application) == 0


@in_one_city(
    "data",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        f"sep=;\r\n{GOOD.replace(',', ';')}".encode(),
        GOOD.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        GOOD.upper()
        .replace("D06-TECHNICAL", "d06-technical")
        .replace("DESK,", "desk,")
        .replace("UNIT,,", "unit,,")
        .encode(),
    ],
)
def test_what_a_spreadsheet_writes_is_read(admin: Browser, data: bytes) -> None:
    assert people_text.IMPORT_MAKE.format(count="۲") in sent(admin, data).text


@in_one_city(
    "data, why",
    [
        (GOOD.encode("windows-1256", "replace"), "table_encoding"),
        (b"\xff\xd8\xff\xe0" * 40, "table_encoding"),
        (b"", "table_missing"),
        (b"name,username\n", "table_head"),
        (HEAD.encode(), "table_empty"),
        (f"{HEAD}\n\n ,,,,\n".encode(), "table_empty"),
        (f"{HEAD}\ndesk60,\0,desk,6,\n".encode(), "table_broken"),
    ],
)
def test_another_file_is_refused_by_a_sentence(admin: Browser, data: bytes, why: str) -> None:
    page = sent(admin, data)
    assert page.status_code == 422
    assert refusal(why) in page.text


def test_a_file_of_five_megabytes_and_401_rows_are_too_much(admin: Browser) -> None:
    assert refusal("table_large", megabytes=1) in sent(admin, b"x" * 5 * 2**20).text
    rows = "".join(f"desk1x{n},سارا محمدی,desk,6,\n" for n in range(401))
    assert refusal("table_long", count=401, limit=400) in sent(admin, f"{HEAD}\n{rows}").text
    assert (
        admin.post(ADDRESS, files={"file": ("a.csv", b"x" * 9 * 2**20, "text/csv")}).status_code
        == 413
    )


@in_one_city("table", ["", "%%", "AAAA", packed("x" * 9_000_000), packed("\0" * 50)])
def test_a_made_up_table_makes_nothing(
    admin: Browser, application: Application, table: str
) -> None:
    refused = admin.post("/people/import/make", {"table": table})
    assert refused.status_code == 422
    assert people_text.IMPORT_FILE in admin.reload(refused).text
    assert invited(application) == 0


def test_four_hundred_are_made_at_once(admin: Browser, application: Application) -> None:
    letters = "ابپتثجچحخدذرزژسشصضطظ"
    rows = "".join(
        f"desk1x{n},سارا {parse_name(letters[n // 20] + letters[n % 20])},desk,{n % 22 + 1},\n"
        for n in range(400)
    )
    page = admin.post("/people/import/make", {"table": packed(f"{HEAD}\n{rows}")})
    assert len(links(page.text)) == 401
    assert len({row[3] for row in links(page.text)}) == 401
    assert invited(application) == 400


def test_back_and_reload_open_the_form_again_and_send_nothing_twice(admin: Browser) -> None:
    """The links are shown once: a reload loses them silently only after a link was pressed."""
    looked, refused = sent(admin, GOOD), sent(admin, GOOD.replace("desk,", "king,"))
    made = admin.post("/people/import/make", {"table": packed(GOOD)})
    for answer in (looked, refused, made):
        assert people_text.IMPORT_FILE in admin.reload(answer).text
    by_a_press = [answer for answer in (looked, refused, made) if 'closest("a")' in answer.text]
    assert by_a_press == [made]


@in_one_city("who", ["", "desk", "mayor", "overseer"])
def test_nobody_but_an_administrator_imports(
    browser: Browser, city: object, application: Application, who: str
) -> None:
    del city
    if who:
        sign_in_staff(browser, who)
    answers = (
        browser.get(ADDRESS),
        browser.get(f"{ADDRESS}officials.csv"),
        sent(browser, GOOD),
        browser.post("/people/import/make", {"table": packed(GOOD)}),
    )
    assert {answer.status_code for answer in answers} == ({404} if who else {303})
    assert invited(application) == 0


def test_no_cell_of_the_links_is_a_formula() -> None:
    table = written(("a",), [("=cmd",), ("-ب",), ("@x",), ("+1",), ("ساده",)])
    assert table.splitlines()[1:] == ["'=cmd", "'-ب", "'@x", "'+1", "ساده"]


def test_the_empty_table_is_one_that_can_be_read(admin: Browser) -> None:
    rows = read_table(admin.get(f"{ADDRESS}officials.csv").text).rows
    assert len(rows) > 350
    roles = {row.role for row in rows}
    assert Role.PHONE in roles
    assert roles.isdisjoint(ONE_BY_ONE), "this page refuses the table because of such a row"
    assert Role.OVERSEER in {row.role for row in read_table(form()).rows}, "the command makes one"
