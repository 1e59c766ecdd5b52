"""Officials in the browser: 400 from one file, and a locked screen."""

from pathlib import Path

from person import Meet, Person
from playwright.sync_api import expect

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.seeder.founding import PASSWORD
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.officials import import_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.screening import staff_text

OWN_CITY = True
CHOSEN = "درخت چنار کنار حوض"
PEOPLE = "/city/people/"


def comes_in(person: Person, username: str, password: str) -> None:
    person.page.locator("[name=username]").fill(username)
    person.page.locator("[name=password]").fill(password)
    person.button(chrome_text.ENTER).click()


def test_four_hundred_come_from_one_file_once_every_row_is_right(
    meet: Meet, tmp_path: Path
) -> None:
    admin = meet("admin", "desk")
    admin.may_fail("422")
    admin.has_come_in_as("admin")
    admin.page.goto("/people/import/")
    head = "username,name,role,district,unit"
    rows = [f"clerk{n},نادر کریمی,desk,{n % 22 + 1}," for n in range(400)]

    def sends(lines: list[str]) -> None:
        file = tmp_path / "officials.csv"
        file.write_text("\n".join([head, *lines]), encoding="utf-8-sig")
        admin.page.locator("[name=file]").set_input_files(file)
        admin.button(import_text.LOOK).click()

    sends([*rows, rows[0]])
    admin.sees(refusal("table_long", count=401, limit=400))
    sends(["desk6,نادر کریمی,desk,6,", *rows[1:]])
    admin.sees(import_text.BAD_ROW.format(line="۲"))
    admin.sees(refusal("username_taken"))
    admin.shot("bad-rows")
    admin.page.goto("/people/import/")
    sends(rows)
    admin.button(import_text.MAKE.format(count="۴۰۰")).click()
    admin.sees(import_text.MADE.format(count="۴۰۰"))
    admin.shot("imported")
    with admin.page.expect_download() as coming:
        admin.page.get_by_role("link", name=import_text.DOWNLOAD).click()
    table = Path(coming.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(table) == 401
    somebody = meet("somebody")
    somebody.page.goto(table[400].rpartition(",")[2])
    somebody.sees("clerk399")


def test_a_locked_screen_keeps_what_was_typed_for_its_writer_alone(
    meet: Meet, application: Application
) -> None:
    note = "این یادداشت نیمه‌کاره است."
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({6}), stages=(Stage.SUBMITTED,))
        code = uow.lists.requests(wanted, limit=1)[0].code
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes(f"/desk/?case={code}")
    desk.button(ACTION[Action.DECLINE]).click()
    desk.page.locator("[name=note]").fill(note)
    desk.button(staff_text.LOCK).click()
    desk.page.wait_for_url("**/sign-in/?next=*")
    desk.is_alive()
    desk.sees(staff_text.LOCKED)
    desk.shot("locked")
    assert note not in desk.page.content()
    comes_in(desk, "desk6b", PASSWORD)
    desk.page.wait_for_url(f"**/desk/?case={code}")
    desk.is_alive()
    assert note not in desk.page.content()
    desk.button(staff_text.LOCK).click()
    desk.page.wait_for_url("**/sign-in/?next=*")
    comes_in(desk, "desk6", PASSWORD)
    desk.page.wait_for_url(f"**/desk/?case={code}")
    expect(desk.page.locator("[name=note]")).to_have_value(note)
