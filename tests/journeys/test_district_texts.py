"""A district moves its meetings to another hall, by two officers and the mayor.

One officer proposes it, another one is warned that seats of that day are given, the mayor puts it
in force, and the citizen's pass shows the new hall.
"""

from deciding_steps import at_her_page
from person import PATIENT, Meet, Person
from playwright.sync_api import expect
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.districts import texts_text
from publicmeeting.text.lifecycle.actions_text import DONE

DISTRICT = 5
HALL = "ساختمان تازه، طبقهٔ سوم، سالن آفتاب"


def test_a_new_hall_is_proposed_put_in_force_by_the_mayor_and_printed_on_a_pass(
    meet: Meet, town: Served, application: Application
) -> None:
    citizen = at_her_page(meet, town, application, _confirmed(application))
    desk = _at_the_texts(meet, f"desk{DISTRICT}")
    hall = desk.page.locator("[name=hall]")
    hall.fill("")
    desk.button(texts_text.COMPARE).click()
    expect(desk.page.locator("#hall-error")).to_contain_text("خالی است", timeout=PATIENT)
    expect(hall).to_be_focused()
    desk.shot("texts-refused")
    hall.fill(HALL)
    desk.button(texts_text.COMPARE).click()
    propose = desk.page.get_by_role("button", name="ثبت پیشنهاد، اجرا از امروز")
    expect(propose).to_be_visible(timeout=PATIENT)
    desk.shot("texts-compared")
    propose.click()
    desk.sees(texts_text.PROPOSED)
    desk.shot("texts-proposed")
    expect(desk.button(texts_text.WITHDRAW)).to_be_visible()
    assert citizen.page.locator("main").get_by_text(HALL).count() == 0
    second = _at_the_texts(meet, f"desk{DISTRICT}b", "phone")
    second.sees(HALL)
    second.sees("شهردار یا جانشین او باید")
    expect(second.page.get_by_role("button", name="اجرا از")).to_have_count(0)
    second.shot("texts-second")
    mayor = _at_the_texts(meet, f"mayor{DISTRICT}", "phone", color_scheme="dark")
    mayor.sees("به نخستین ذخیره‌ها پیام می‌رسد")
    mayor.shot("texts-mayor")
    mayor.page.get_by_role("button", name="اجرا از").first.click()
    mayor.sees("پیام جای تازه می‌رود")
    mayor.shot("texts-in-force")
    desk.sees(texts_text.HISTORY)
    expect(desk.page.locator(".rows").get_by_text(HALL)).to_be_visible(timeout=PATIENT)
    desk.shot("texts-history")
    citizen.sees(HALL)
    citizen.sees(DONE[Action.CHANGE_PLACE])
    citizen.shot("pass")


def _confirmed(application: Application) -> Request:
    """Return a request of the district with a seat."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({DISTRICT}), stages=(Stage.CONFIRMED,))
        return uow.requests.by_id(uow.lists.requests(wanted, limit=1)[0].id)


def _at_the_texts(meet: Meet, username: str, size: str = "desk", **other: str) -> Person:
    person = meet(username, size, **other)
    person.has_come_in_as(username)
    person.goes("/district/")
    person.sees(texts_text.HISTORY)
    return person
