"""The mayor's tablet loses its network: the day goes on and is recorded once, in order."""

import re

import pytest
from person import PATIENT, Meet, Person, soon
from playwright.sync_api import Locator, expect
from support.served_city import Served
from writing_hand import Hand

from publicmeeting.application import Application
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import dates_text
from publicmeeting.text.meetings import meeting_text, offline_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.orders.paper.drafts import OneSheet, unfinished_sheet

BUSY = pytest.mark.parametrize("in_the_room", [2], indirect=True)
"""In a district with two more visitors that day; these have a deputy."""
FIRST, SECOND = "روشنایی کوچه تا یک ماه درست شود.", "جوی آب تا دو هفته لایروبی شود."


def case(application: Application, code: str) -> Request:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.requests.find(code)
        assert found is not None
        return found


def texts(application: Application, code: str) -> list[str]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return [order.text for order in uow.orders.of_request(case(application, code).id)]


def official(application: Application, role: Role, district: int) -> Actor:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        account = uow.accounts.by_username(f"{role}{district}")
    assert account is not None
    return Actor(account_id=account.id, grants=(Grant(role, district),))


def written(application: Application, role: Role, code: str) -> dict[str, str]:
    """Return what the city has stored of this official's unfinished sheet."""
    actor = official(application, role, case(application, code).district)
    sheet = application.query_as(actor, unfinished_sheet, OneSheet(code=code))
    return dict(sheet.fields)


@pytest.fixture
def second(visitor: str, district: int, application: Application) -> str:
    """Another citizen has arrived while one is in the room; hers is the next number."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({district}), stages=(Stage.CONFIRMED, Stage.INVITED))
        lines = [request for request in uow.lists.requests(wanted, limit=30) if request.seat]
        first = case(application, visitor)
        assert first.seat is not None
        same = [
            request_line
            for request_line in lines
            if request_line.seat and request_line.seat.monday == first.seat.monday
        ]
        line = min(
            same, key=lambda request_line: request_line.seat.time if request_line.seat else ""
        )
        identity = uow.people.get(line.person_id).identity
    at_the_door = official(application, Role.RECEPTION, district)
    command = TakeStep(code=line.code, action=Action.ARRIVE.value, identity=identity)
    application.execute_as(at_the_door, take_step, command)
    return line.code


def has_no_network(mayor: Person) -> Locator:
    mayor.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch", "ERR_FAILED")
    mayor.loses_network()
    way = mayor.button(offline_text.OPEN)
    expect(way).to_be_visible(timeout=4 * PATIENT)
    return way


def test_two_meetings_go_on_without_a_network_and_are_recorded_once_and_in_order(
    visitor: str, district: int, second: str, meet: Meet, application: Application
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes("/mayor/")
    expect(mayor.page.get_by_role("link", name=meeting_text.AGENDA)).to_have_count(0)
    mayor.page.locator(f"a[href='/mayor/meeting/{visitor}/']").first.click()
    expect(mayor.page.locator(".paper-desk")).to_be_visible()
    way = has_no_network(mayor)
    mayor.shot("lost")
    way.click()
    table = mayor.page.get_by_role("dialog", name=offline_text.TITLE)
    expect(table.get_by_label(offline_text.ORDER)).to_be_visible()
    expect(table).to_contain_text(case(application, visitor).title)
    seat = case(application, visitor).seat
    assert seat is not None
    first = table.get_by_role("list", name=offline_text.LIST).locator(".row-meta").first
    expect(first).to_have_text(re.compile(f"^{dates_text.clock(seat.time)}"))
    mayor.shot("at-the-table")
    table.get_by_role("button", name=offline_text.END).click()
    expect(table.get_by_role("alert")).to_have_text(offline_text.NEED_ORDER)
    table.get_by_label(offline_text.ORDER).fill(FIRST)
    table.get_by_role("button", name=offline_text.END).click()

    table.get_by_role("button", name=offline_text.CALL_IN).click()
    table.get_by_label(offline_text.ORDER).fill(SECOND)
    mayor.shot("the-second")
    table.get_by_role("button", name=offline_text.CLOSE).click()
    expect(mayor.page.get_by_text("هنوز ثبت نشده: ۲").first).to_be_visible()
    mayor.shot("unsent")
    assert texts(application, visitor) == []

    way.click()
    mayor.finds_network()
    expect(table.get_by_text(offline_text.BACK_AGAIN)).to_be_visible(timeout=4 * PATIENT)
    table.get_by_role("button", name=offline_text.CLOSE).click()
    soon(lambda: case(application, second).stage is Stage.IN_ROOM, 40)
    assert texts(application, visitor) == [FIRST]
    assert case(application, visitor).stage is Stage.FOLLOW_UP
    expect(mayor.page.get_by_text(offline_text.ALL_SENT)).to_be_visible(timeout=PATIENT)
    mayor.shot("all-sent")
    called = case(application, second).last(Action.CALL_IN)
    finished = case(application, visitor).last(Action.FINISH)
    assert called is not None
    assert finished is not None
    assert finished.id < called.id
    mayor.goes(f"/mayor/meeting/{second}/")
    mayor.button(meeting_text.TYPE).click()
    expect(mayor.page.locator("#text")).to_have_value(SECOND)
    mayor.button(meeting_text.FINISH).click()
    soon(lambda: case(application, second).stage is Stage.FOLLOW_UP)


def test_what_was_pressed_outlives_the_page_and_a_refused_press_says_why(
    visitor: str, district: int, second: str, meet: Meet, application: Application, town: Served
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes("/mayor/")
    mayor.page.locator(f"a[href='/mayor/meeting/{visitor}/']").first.click()
    expect(mayor.page.locator(".paper-desk")).to_be_visible()
    has_no_network(mayor).click()
    table = mayor.page.get_by_role("dialog", name=offline_text.TITLE)
    table.get_by_label(offline_text.ORDER).fill(FIRST)
    for chip in table.get_by_role("button", pressed=True).filter(has_not_text="شماره").all():
        if "chip" in (chip.get_attribute("class") or ""):
            chip.click()
    table.get_by_role("button", name=offline_text.END).click()
    expect(table.get_by_role("alert")).to_have_text(offline_text.NEED_UNIT)
    table.locator(".chip").first.click()
    table.get_by_role("button", name=offline_text.END).click()

    other = meet("deputy tablet", "tablet")
    other.has_come_in_as(f"mayor{district}")
    other.goes(f"/mayor/meeting/{visitor}/")
    other.button(meeting_text.REFUSE).click()
    other.page.locator("#refusal").fill("این کار در اختیار شهرداری نیست.")
    other.button(meeting_text.REFUSE_DO).click()
    soon(lambda: case(application, visitor).stage is Stage.CLOSED)

    mayor.page.close()
    mayor.context.set_offline(False)
    mayor.page = mayor.context.new_page()
    mayor.goes("/mayor/")
    refused = mayor.page.get_by_text(f"{offline_text.REFUSED}.").filter(visible=True)
    expect(refused).to_have_count(1, timeout=4 * PATIENT)
    mayor.sees(FIRST)
    mayor.shot("ended-otherwise")
    assert mayor.overflowing() == []
    mayor.page.get_by_role("button", name=offline_text.DROP).click()
    mayor.sees(offline_text.SURE)
    mayor.page.get_by_role("button", name=offline_text.DROP).click()
    expect(refused).to_have_count(0)
    assert not mayor.page.evaluate(
        "Object.keys(localStorage).some((k) => k.startsWith('presses:'))"
    )
    assert texts(application, visitor) == []
    assert case(application, visitor).count(Action.FINISH, Action.FINISH_REFUSED) == 1
    mayor.goes(f"/mayor/meeting/{visitor}/")
    mayor.sees(FIRST)


def test_a_late_end_on_a_sheet_another_tablet_has_issued_keeps_its_strokes(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    """Drawn and ended offline, while the other tablet ends the meeting with its own order."""
    mayor = meet("mayor away", "tablet")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes("/mayor/")
    mayor.page.locator(f"a[href='/mayor/meeting/{visitor}/']").first.click()
    hand = Hand(mayor)
    expect(hand.pad).to_be_visible()
    mayor.may_fail("409")
    way = has_no_network(mayor)
    hand.writes(0)
    hand.writes(1, start=700)
    hand.has_written(2)
    way.click()
    table = mayor.page.get_by_role("dialog", name=offline_text.TITLE)
    table.get_by_label(offline_text.ORDER).fill(FIRST)
    table.get_by_role("button", name=offline_text.END).click()
    table.get_by_role("button", name=offline_text.CLOSE).click()

    other = meet("the other tablet", "tablet")
    other.has_come_in_as(f"mayor{district}")
    other.goes(f"/mayor/meeting/{visitor}/")
    other.button(meeting_text.TYPE).click()
    other.page.locator("#text").fill(SECOND)
    other.button(meeting_text.FINISH).click()
    soon(lambda: case(application, visitor).stage is Stage.FOLLOW_UP)

    mayor.finds_network()
    refused = mayor.page.get_by_text(f"{offline_text.REFUSED}.").filter(visible=True)
    expect(refused.first).to_be_visible(timeout=4 * PATIENT)
    mayor.sees(FIRST)
    drawn = mayor.page.locator("svg.ink-left").filter(visible=True)
    expect(drawn).to_be_visible()
    drawn.scroll_into_view_if_needed()
    mayor.shot("sheet-issued")
    assert mayor.overflowing() == []
    assert texts(application, visitor) == [SECOND]
    assert "text" not in written(application, Role.MAYOR, visitor), "nor on the sheet after it"
    mayor.goes("/mayor/")
    expect(drawn).to_be_visible(timeout=4 * PATIENT)
    mayor.page.get_by_role("button", name=offline_text.DROP).click()
    mayor.page.get_by_role("button", name=offline_text.DROP).click()
    expect(drawn).to_have_count(0)
    assert not mayor.page.evaluate("Object.keys(localStorage).some((k) => k.startsWith('sheet:'))")


@BUSY
def test_what_was_written_without_a_network_reaches_nobody_elses_sheet_on_the_same_tablet(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    tablet = meet("a tablet of two", "tablet")
    page = f"/mayor/meeting/{visitor}/"
    tablet.has_come_in_as(f"mayor{district}")
    tablet.goes(page)
    tablet.button(meeting_text.TYPE).click()
    tablet.page.locator("#text").fill(FIRST)
    soon(lambda: written(application, Role.MAYOR, visitor).get("text") == FIRST)
    mayors = tablet.page
    tablet.may_fail("403")

    # Somebody else signs in in a second tab: the mayor's text stays here, and his page says so.
    tablet.has_come_in_as(f"deputy{district}")
    mayors.locator("#text").fill(SECOND)
    expect(mayors.get_by_text(refusal("other_official"))).to_be_visible()
    tablet.shot("typed-on")
    assert written(application, Role.DEPUTY, visitor) == {}
    tablet.has_come_in_as(f"mayor{district}")
    has_no_network(tablet)
    mayors.locator("#text").fill(SECOND)

    # Somebody else has signed in when the network is back; the mayor's page is still open.
    tablet.has_come_in_as(f"deputy{district}")
    tablet.finds_network()
    expect(mayors.get_by_text(meeting_text.NOT_YOURS_REST)).to_be_visible(timeout=4 * PATIENT)
    tablet.shot("the-mayors-page")
    tablet.page = tablet.context.new_page()
    tablet.goes(page)
    expect(tablet.page.get_by_text(meeting_text.NOT_YOURS_REST)).to_be_visible()
    tablet.shot("the-deputys-page")
    for seen in (mayors, tablet.page):
        fields = seen.locator("input, textarea").evaluate_all("all => all.map((one) => one.value)")
        assert not {FIRST, SECOND} & set(fields)
        assert SECOND not in seen.content()
    assert written(application, Role.DEPUTY, visitor) == {}
    tablet.page.close()
    mayors.close()

    tablet.has_come_in_as(f"mayor{district}")
    tablet.page = tablet.context.new_page()
    tablet.goes(page)
    tablet.button(meeting_text.TYPE).click()
    expect(tablet.page.locator("#text")).to_have_value(SECOND)
    tablet.button(meeting_text.FINISH).click()
    soon(lambda: case(application, visitor).stage is Stage.FOLLOW_UP)
    assert texts(application, visitor) == [SECOND]


def holds(application: Application, role: Role, district: int) -> None:
    mayor = official(application, Role.MAYOR, district)
    chosen = official(application, role, district).account_id
    application.execute_as(mayor, name_holder, NameHolder(account=chosen))


@BUSY
def test_a_deputy_replaced_while_his_tablet_was_away_carries_his_words_away(
    visitor: str, district: int, second: str, meet: Meet, application: Application
) -> None:
    """Nothing is lost, nothing is sent in another's name, and nothing claims to be recorded."""
    holds(application, Role.DEPUTY, district)
    deputy = meet("deputy", "tablet")
    deputy.may_fail("403")
    deputy.has_come_in_as(f"deputy{district}")
    deputy.goes("/mayor/")
    deputy.page.locator(f"a[href='/mayor/meeting/{visitor}/']").first.click()
    expect(deputy.page.locator(".paper-desk")).to_be_visible()
    has_no_network(deputy).click()
    table = deputy.page.get_by_role("dialog", name=offline_text.TITLE)
    table.get_by_label(offline_text.ORDER).fill(FIRST)
    table.get_by_role("button", name=offline_text.END).click()
    table.get_by_role("button", name=offline_text.CALL_IN).click()
    table.get_by_role("button", name=offline_text.CLOSE).click()
    holds(application, Role.MAYOR, district)

    deputy.finds_network()
    page = deputy.page
    refused = page.get_by_text(offline_text.NOT_HIS).filter(visible=True)
    expect(refused).to_be_visible(timeout=4 * PATIENT)
    deputy.sees(FIRST)
    deputy.shot("not-taken")
    assert deputy.overflowing() == []
    page.get_by_role("button", name=offline_text.COPY, exact=True).first.click()
    took = page.get_by_text(offline_text.COPIED).or_(page.get_by_text(offline_text.COPY_BY_HAND))
    expect(took).to_be_visible()
    page.evaluate(
        "void (window.print = () => {"
        " window.printed = document.querySelector('.leftover').textContent })"
    )
    page.get_by_role("button", name=offline_text.PRINT_ALL).click()
    assert FIRST in page.evaluate("printed")
    page.emulate_media(media="print")
    deputy.shot("on-paper")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")

    is_left_to_its_owner(deputy, district)
    # An entry that is being sent cannot be dropped before the city has answered again.
    for left, sure in ((2, offline_text.SURE), (1, offline_text.SURE_CALL)):
        deputy.sees(offline_text.UNSENT.format(count=persian(left)))
        expect(page.get_by_role("button", name=offline_text.DROP)).to_have_count(left)
        page.get_by_role("button", name=offline_text.DROP).first.click()
        deputy.sees(sure)
        page.get_by_role("button", name=offline_text.DROP).first.click()
    expect(page.get_by_text(offline_text.SURE)).to_have_count(0)
    assert not page.evaluate("Object.keys(localStorage).some((k) => k.startsWith('presses:'))")
    expect(page.get_by_text(offline_text.ALL_SENT)).to_have_count(0)
    assert texts(application, visitor) == []
    assert case(application, visitor).stage is Stage.IN_ROOM
    assert case(application, second).stage is Stage.ARRIVED


def is_left_to_its_owner(tablet: Person, district: int) -> None:
    """Check that another official learns that something is left, and reads nothing of it."""
    page = tablet.page
    tablet.has_come_in_as(f"mayor{district}")
    tablet.page = tablet.context.new_page()
    tablet.goes("/mayor/")
    tablet.sees(offline_text.OTHERS.format(count="۲"))
    assert FIRST not in tablet.page.content()
    tablet.shot("the-next-on-it")
    tablet.page.close()
    tablet.page = page
    tablet.has_come_in_as(f"deputy{district}")
    tablet.goes("/mayor/")


def test_a_page_that_is_reloaded_without_a_network_says_so_and_opens_itself(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes("/mayor/")
    mayor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    mayor.may_fail("503")
    has_no_network(mayor)  # also checks that nothing of the day's list is wider than its frame
    mayor.shot("the-day-without-network")
    mayor.finds_network()
    mayor.goes(f"/mayor/meeting/{visitor}/")
    mayor.button(meeting_text.TYPE).click()
    expect(mayor.page.locator("#text")).to_be_visible()
    has_no_network(mayor)
    mayor.page.locator("#text").fill(FIRST)
    mayor.page.reload()
    expect(mayor.page.get_by_role("heading", name=offline_text.NO_NETWORK)).to_be_visible()
    mayor.sees(offline_text.NO_NETWORK_SAFE)
    mayor.shot("reloaded")
    assert FIRST not in mayor.page.content()
    assert mayor.page.evaluate("caches.keys()") == []
    mayor.finds_network()
    expect(mayor.page.locator("#text")).to_have_value(FIRST, timeout=4 * PATIENT)
    soon(lambda: written(application, Role.MAYOR, visitor).get("text") == FIRST)
    mayor.goes("/")
    assert mayor.page.evaluate("navigator.serviceWorker.controller") is None
