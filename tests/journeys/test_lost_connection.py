"""A press waits while the connection is lost, and is carried out once with all that was typed."""

from deciding_steps import as_she_stands, at_her_page
from person import Meet, Person
from playwright.sync_api import Locator, expect
from support.citizens import someone
from test_axe import request_at
from test_forms_in_sight import opens

from publicmeeting.cli.bench_city import Served
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.office import Office
from publicmeeting.store.lists import Filter
from publicmeeting.text import my_case, shell
from publicmeeting.text.actions import ACTION, DONE

SLOW = 60_000
NOTE = "همسایه‌ها خودشان چراغ را درست کردند."
MORE = " دیگر لازم نیست."


def loses(person: Person) -> Locator:
    """The network, and says so; gives the line."""
    person.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch")
    person.loses_network()
    line = person.page.get_by_text(shell.OFFLINE)
    expect(line).to_be_visible(timeout=SLOW)
    return line


def finds(person: Person) -> None:
    person.finds_network()
    expect(person.page.get_by_text(shell.OFFLINE)).to_have_count(0, timeout=SLOW)


def waiting(person: Person) -> Locator:
    return person.button(shell.WAITS)


def at_the_desk(person: Person, office: Office) -> None:
    person.becomes("desk")
    person.goes(f"/desk/?case={request_at(Stage.SUBMITTED)(office)}")
    opens(person, Action.ASK_INFO)


def test_a_form_pressed_without_a_connection_is_sent_once_with_all_that_was_typed(
    meet: Meet, town: Served, office: Office
) -> None:
    with office.store.work(office.clock(), reading=True) as work:
        wanted = Filter(districts=frozenset({6}), stages=(Stage.WAITING,))
        request = work.requests.by_id(work.lists.requests(wanted, limit=1)[0].id)
    citizen = at_her_page(meet, town, office, request)
    citizen.button(ACTION[Action.WITHDRAW]).click()
    note = citizen.page.locator("[name=note]")
    note.fill(NOTE)
    loses(citizen)
    citizen.button(my_case.BUTTON[Action.WITHDRAW]).press("Enter")
    expect(waiting(citizen)).to_be_visible()
    citizen.shot("waits")
    waiting(citizen).click()  # again, and it is nothing
    note.press("End")
    note.press_sequentially(MORE)
    finds(citizen)
    citizen.sees(DONE[Action.WITHDRAW])
    withdrawals = as_she_stands(office, request).history
    assert [one.note for one in withdrawals if one.action is Action.WITHDRAW] == [NOTE + MORE]


def test_a_door_pressed_without_a_connection_stands_with_its_words_and_opens_afterwards(
    meet: Meet,
) -> None:
    maryam = meet("maryam")
    maryam.goes("/enter/")
    mobile = maryam.page.locator("[name=mobile]")
    mobile.fill(someone(72_101).mobile)
    loses(maryam)
    mobile.press("Enter")
    expect(waiting(maryam)).to_be_visible()
    maryam.shot("door-waits")
    expect(mobile).to_have_value(someone(72_101).mobile)
    maryam.finds_network()
    expect(maryam.page.locator("[name=code]")).to_be_visible(timeout=SLOW)


def test_a_step_at_the_desk_waits_by_keys_alone(meet: Meet, office: Office) -> None:
    desk = meet("desk", "tablet")
    desk.goes("/")
    at_the_desk(desk, office)
    desk.page.locator("#note").fill(NOTE)
    loses(desk)
    desk.page.keyboard.press("Control+Enter")
    expect(waiting(desk)).to_be_visible()
    desk.shot("desk-waits")
    desk.page.keyboard.press("Control+Enter")
    finds(desk)
    desk.sees(ACTION[Action.ASK_INFO])
