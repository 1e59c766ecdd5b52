"""Administration of officials: invitations, two administrators for an overseer, 400 from a file.

Also a locked screen.
"""

from pathlib import Path

from person import Meet, Person
from playwright.sync_api import expect

from publicmeeting.application import Application
from publicmeeting.domain.officials.invitations import OfficialState
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.seeder.founding import PASSWORD
from publicmeeting.seeder.present_day import SECOND
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.officials import account_text, people_text, staff_text
from publicmeeting.text.refusals.refusals_text import refusal

OWN_CITY = True
CHOSEN = "درخت چنار کنار حوض"
PEOPLE = "/city/people/"


def invites(admin: Person, username: str, name: str, role: str, district: str = "") -> None:
    admin.page.locator("[name=name]").fill(name)
    admin.page.locator("[name=username]").fill(username)
    admin.page.locator("select[name=role]").select_option(role)
    admin.page.locator("select[name=district]").select_option(district)
    admin.button(people_text.DO_INVITE).click()


def chooses(person: Person, password: str) -> None:
    for name in ("password", "again"):
        person.page.locator(f"[name={name}]").fill(password)
    person.button(account_text.INVITED_CHOOSE).click()


def comes_in(person: Person, username: str, password: str) -> None:
    person.page.locator("[name=username]").fill(username)
    person.page.locator("[name=password]").fill(password)
    person.button(chrome_text.ENTER).click()


def test_an_invited_deputy_opens_the_link_elsewhere_and_is_in(meet: Meet) -> None:
    admin, mayor, late = meet("admin", "desk"), meet("mayor"), meet("late")
    admin.has_come_in_as("admin")
    admin.goes(PEOPLE)
    invites(admin, "deputy5b", "مریم کریمی", "deputy", "")
    expect(admin.page.locator("#district-error")).to_have_text(refusal("district_unknown"))
    expect(admin.page.locator("[name=name]")).to_have_value("مریم کریمی")
    invites(admin, "deputy5b", "مریم کریمی", "deputy", "5")
    admin.sees(people_text.LINK.format(name="مریم کریمی"))
    admin.shot("link")
    link = admin.page.locator("#link").input_value()
    mayor.may_fail("422")
    mayor.page.goto(link)
    chooses(mayor, "deputy5b-deputy5b")
    mayor.sees(refusal("password_own"))
    chooses(mayor, CHOSEN)
    mayor.is_alive()
    mayor.sees(account_text.INVITED_CHOSEN)
    comes_in(mayor, "deputy5b", CHOSEN)
    mayor.page.wait_for_url("**/mayor/")
    mayor.page.goto("/account/")
    mayor.sees(people_text.event_words("invitation_used"))
    mayor.shot("account")
    late.may_fail("410")
    late.page.goto(link)
    late.sees(refusal("invitation_used"))
    admin.page.reload()
    admin.is_alive()
    expect(admin.page.locator("#link")).to_have_count(0)
    active = people_text.STATE[OfficialState.ACTIVE]
    admin.page.locator("main [aria-pressed]", has_text=active).click()
    admin.page.locator("[name=find]").fill("كريمي مريم")
    admin.page.get_by_role("link", name="deputy5b").click()
    admin.sees(people_text.event_words("invitation_used"))
    admin.shot("official")


def test_an_overseer_needs_a_second_administrator_who_sees_it_at_once(meet: Meet) -> None:
    admin, second = meet("admin", "desk"), meet("second", "desk")
    admin.has_come_in_as("admin")
    second.has_come_in_as(SECOND)
    second.goes(PEOPLE)
    admin.goes(PEOPLE)
    invites(admin, "overseer2", "نادر امینی", "overseer")
    admin.sees(people_text.PROPOSED)
    expect(admin.page.locator("#link")).to_have_count(0)
    waiting = second.page.locator("li", has_text="نادر امینی")
    expect(waiting).to_contain_text(people_text.NO_LINK)
    expect(waiting).to_contain_text(people_text.YOU_BRING)
    second.shot("proposals")
    waiting.get_by_role("button", name=people_text.AGREE, exact=True).click()
    second.sees(people_text.LINK.format(name="نادر امینی"))
    expect(
        admin.page.locator("li", has_text=people_text.OWN).filter(has_text="امینی")
    ).to_have_count(0)


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
        admin.button(people_text.IMPORT_LOOK).click()

    sends([*rows, rows[0]])
    admin.sees(refusal("table_long", count=401, limit=400))
    sends(["desk6,نادر کریمی,desk,6,", *rows[1:]])
    admin.sees(people_text.IMPORT_BAD_ROW.format(line="۲"))
    admin.sees(refusal("username_taken"))
    admin.shot("bad-rows")
    admin.page.goto("/people/import/")
    sends(rows)
    admin.button(people_text.IMPORT_MAKE.format(count="۴۰۰")).click()
    admin.sees(people_text.IMPORT_MADE.format(count="۴۰۰"))
    admin.shot("imported")
    with admin.page.expect_download() as coming:
        admin.page.get_by_role("link", name=people_text.IMPORT_DOWNLOAD).click()
    table = Path(coming.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(table) == 401
    somebody = meet("somebody")
    somebody.page.goto(table[400].rpartition(",")[2])
    somebody.sees("clerk399")
    admin.page.get_by_role("link", name=people_text.IMPORT_BACK).click()
    admin.is_alive()
    for _ in ("the answer", "the preview"):  # the browser would ask whether to send them again
        admin.page.go_back()
        expect(admin.page.get_by_label(people_text.IMPORT_FILE)).to_be_visible()


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
