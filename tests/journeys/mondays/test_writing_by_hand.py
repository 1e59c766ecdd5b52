"""A mayor writes by hand: nothing is lost, even between two tabs, and it becomes one order."""

import io
import json

from person import PATIENT, Meet, Person, soon
from pictures import photo
from PIL import Image
from playwright.sync_api import Route, expect
from test_forms_in_sight import is_whole
from writing_hand import Hand

from publicmeeting.application import Application
from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.orders.ink import LINE, WIDTH
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.media.sheets.canvas import PAPER_INK, PEN
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import meeting_text, offline_text
from publicmeeting.text.orders import profile_text, sheet_text

TEXT = "رونوشت: بازرسی منطقه."
PROMISE = "تا پایان آذر قسط‌بندی می‌شود."
THREE = (
    ("کارشناس تا یک هفتهٔ دیگر محل را می‌بیند.", ""),
    ("بازرس علت تأخیر را تا پایان ماه می‌نویسد.", "بازرسی"),
    ("حساب عوارض تا دو هفتهٔ دیگر روشن می‌شود.", "مالی و اقتصاد شهری"),
)
"""Promise, and the unit chosen for it; without one the suggested unit stays."""


def orders(application: Application, code: str) -> list[Order]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        request = uow.requests.find(code)
        assert request is not None
        return list(uow.orders.of_request(request.id))


def test_what_is_written_by_hand_becomes_an_order_once(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "ERR_FAILED")
    mayor.has_come_in_as(f"mayor{district}")
    _signs(mayor)
    mayor.goes(f"/mayor/meeting/{visitor}/")
    hand = Hand(mayor)
    expect(hand.pad).to_be_visible()
    _nothing_scrolls(mayor)
    assert hand.takes_touches()
    _the_paper_has_the_room(mayor, hand)
    mayor.shot("empty-sheet")

    _writes_and_takes_back(mayor, hand)
    _the_line_breaks_and_the_page_is_opened_anew(mayor, hand)
    mayor.button(meeting_text.TYPE).click()
    mayor.page.locator("#text").fill(TEXT)
    assert not hand.takes_touches()
    mayor.shot("with-text")
    mayor.button(meeting_text.PEN).click()
    mayor.button(meeting_text.FINISH).click()
    expect(mayor.page.locator("#promise-error")).to_contain_text("قول را ننوشته‌اید")
    mayor.page.locator("#promise").fill(PROMISE)
    mayor.shot("written")
    assert orders(application, visitor) == []

    mayor.settles()  # a press whose acknowledgement is lost shows on its button that it waits
    mayor.loses_network()
    hand.writes(3, end=600)
    hand.has_written(4)
    mayor.button(meeting_text.FINISH).click()
    expect(mayor.page.get_by_text(sheet_text.INK_HOLDING)).to_be_visible()
    mayor.shot("held-back")
    assert orders(application, visitor) == []
    mayor.finds_network()
    expect(mayor.page.get_by_text(meeting_text.FINISHED_REST)).to_be_visible(timeout=4 * PATIENT)
    mayor.shot("finished")
    (order,) = orders(application, visitor)
    assert (order.text, order.promise) == (TEXT, PROMISE)
    _everything_is_on_the_picture(application, order)
    assert not _unsent(mayor)


def test_two_tabs_of_one_sheet_show_and_lose_nothing(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.may_fail("ERR_FAILED")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    other = mayor.another_tab(f"/mayor/meeting/{visitor}/")
    here, there = Hand(mayor), Hand(other)
    expect(there.pad).to_be_visible()
    for line in range(2):
        here.writes(line)
    there.has_written(2)
    other.button(sheet_text.INK_RUBBER).click()
    there.rubs(0)
    here.has_written(1)
    other.button(sheet_text.INK_UNDO).click()
    here.has_written(2)
    other.button(sheet_text.INK_BLACK).click()

    other.button(meeting_text.URGENT).click()
    expect(mayor.button(meeting_text.URGENT)).to_have_attribute("aria-pressed", "true")
    other.page.locator("#promise").fill(PROMISE)
    expect(mayor.page.locator("#promise")).to_have_value(PROMISE)

    _both_write_while_nothing_arrives(mayor, here, other, there)
    mayor.button(meeting_text.FINISH).click()
    expect(mayor.page.get_by_text(meeting_text.FINISHED_REST)).to_be_visible(timeout=4 * PATIENT)
    (order,) = orders(application, visitor)
    assert order.promise == PROMISE
    assert _colours(application, order) == ["black", "black", "blue", "blue", "blue"]


def test_a_stroke_whose_answer_was_lost_is_on_one_order_and_on_no_second_sheet(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    """The mayor has two tablets. The second one issues the sheet while the first one tries on."""
    first, second = meet("mayor", "tablet"), meet("second-tablet", "tablet")
    first.may_fail("ERR_FAILED", "409")  # its sheet has been issued meanwhile
    for tablet in (first, second):
        tablet.has_come_in_as(f"mayor{district}")
    first.goes(f"/mayor/meeting/{visitor}/")
    hand = Hand(first)
    expect(hand.pad).to_be_visible()
    first.page.route("**/ink/*", _answer_lost)
    hand.writes(0)
    expect(first.page.get_by_text(sheet_text.INK_WAITING)).to_be_visible()
    second.goes(f"/mayor/meeting/{visitor}/")
    there = Hand(second)
    there.has_written(1)
    second.page.evaluate(_NOTE_CLOSED)
    second.page.locator("#promise").fill(PROMISE)
    second.button(meeting_text.ANOTHER).click()
    expect(second.page.locator("#promise")).to_have_value("", timeout=4 * PATIENT)
    expect(second.page.locator("#promise")).to_be_editable()
    assert sheet_text.INK_ISSUING in second.page.evaluate("window.closed_with")
    there.has_written(0)
    assert _unsent(first)
    first.page.unroute_all(behavior="wait")  # a request may be under way
    soon(lambda: not _unsent(first))
    hand.has_written(0)
    first.page.reload()
    first.is_alive()
    hand.has_written(0)
    hand.writes(1)
    soon(lambda: not _unsent(first))
    second.page.reload()
    second.is_alive()
    there.has_written(1)
    (order,) = orders(application, visitor)
    assert _colours(application, order) == ["blue"]


def test_ink_for_a_visitor_whom_the_mayor_no_longer_sees_is_shown_until_it_is_deleted(
    visitor: str, district: int, meet: Meet
) -> None:
    """Nobody would open that visitor's page again."""
    mayor = meet("mayor", "tablet")
    mayor.may_fail("ERR_FAILED", "404")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    hand = Hand(mayor)
    expect(hand.pad).to_be_visible()
    mayor.page.route("**/ink/*", _lost)
    hand.writes(0)
    soon(lambda: _unsent(mayor))
    mayor.page.evaluate(_MOVE_TO_A_STRANGER, visitor)
    mayor.page.unroute("**/ink/*")
    mayor.goes("/mayor/")
    left = mayor.page.get_by_role("region", name=offline_text.PAPER)
    expect(left).to_contain_text(offline_text.LEFT)
    expect(left.locator(".ink-left")).to_be_visible()
    mayor.shot("left")
    mayor.page.reload()
    mayor.is_alive()
    expect(left.locator(".ink-left")).to_be_visible()
    left.get_by_role("button", name=offline_text.DROP).click()
    left.get_by_role("group").get_by_role("button", name=offline_text.DROP).click()
    expect(left).to_have_count(0)
    assert not _unsent(mayor)


_MOVE_TO_A_STRANGER = """(code) => {
  for (const name of Object.keys(localStorage).filter((one) => one.includes(code))) {
    const one = { ...JSON.parse(localStorage.getItem(name)), at: Date.now() - 3600000 };
    localStorage.removeItem(name);
    localStorage.setItem(name.replace(code, "0000000000"), JSON.stringify(one));
  }
}"""
"""Date what is unsent an hour back, and store it under a code that the mayor may not see."""
_NOTE_CLOSED = """() => {
  window.closed_with = [];
  const look = () => {
    const line = document.querySelector(".ink-held").textContent;
    if (document.querySelector("#promise[readonly]")) window.closed_with.push(line);
  };
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(look).observe(document.body, all);
}"""
"""Note the sentence beside the pad while the promise is read-only."""


def _answer_lost(route: Route) -> None:
    """The city carries the request out, and its answer does not arrive."""
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def test_three_orders_of_one_visitor_go_to_whom_each_was_meant_for(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    expect(mayor.page.locator("#promise")).to_be_visible()
    mayor.button(meeting_text.TYPE).click()
    mayor.page.get_by_text(meeting_text.CHANGE, exact=True).click()
    suggested = mayor.page.locator(".fold-rows [aria-pressed=true]").first.inner_text()
    for promise, unit in THREE[:2]:
        if unit:
            _chooses(mayor, unit)
        mayor.page.locator("#text").fill(TEXT)
        mayor.page.locator("#promise").fill(promise)
        mayor.button(meeting_text.ANOTHER).click()
        expect(mayor.page.locator("#promise")).to_have_value("", timeout=4 * PATIENT)
        expect(mayor.page.get_by_text(meeting_text.NO_UNIT)).to_be_visible()
        expect(mayor.page.locator(".fold-rows")).to_be_hidden()
        _room_for_writing(mayor, 5)
    promise, unit = THREE[2]
    mayor.page.locator("#promise").fill(promise)
    mayor.button(meeting_text.FINISH).click()
    _both_are_listed(mayor)
    mayor.page.locator("#text").fill(TEXT)
    expect(mayor.page.locator("#promise")).to_have_value(promise)
    mayor.button(meeting_text.FINISH).click()
    expect(mayor.page.locator("#units-error")).to_be_visible()
    chips = mayor.page.get_by_role("group", name=meeting_text.UNIT, exact=True).get_by_role(
        "button"
    )
    expect(chips.first).to_be_focused()
    mayor.shot("no-unit")
    _chooses(mayor, unit)
    mayor.button(meeting_text.PHOTO).click()
    _the_photographed_paper_is_large(mayor)
    mayor.button(meeting_text.FINISH).click()
    expect(mayor.page.get_by_text(meeting_text.FINISHED_REST)).to_be_visible(timeout=4 * PATIENT)
    mayor.shot("three-orders")
    units = [suggested.strip(), *(unit for _, unit in THREE[1:])]
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        names = {one.id: one.name for one in uow.city.units(district)}
    made = [(order.promise, names[order.unit_id]) for order in orders(application, visitor)]
    assert made == [(promise, unit) for (promise, _), unit in zip(THREE, units, strict=True)]
    shown = [tuple(row.inner_text().split("\n")) for row in mayor.page.locator("main .row").all()]
    assert [(title, meta.split("\u00a0· ")[0]) for title, meta in shown] == made


def test_of_both_buttons_pressed_without_a_connection_the_last_one_counts(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    expect(mayor.page.locator("#promise")).to_be_visible()
    mayor.button(meeting_text.TYPE).click()
    mayor.page.locator("#text").fill(TEXT)
    mayor.page.locator("#promise").fill(PROMISE)
    mayor.settles()
    mayor.loses_network()
    expect(mayor.page.get_by_text(chrome_text.OFFLINE)).to_be_visible(timeout=4 * PATIENT)
    mayor.button(meeting_text.FINISH).click()
    expect(mayor.button(chrome_text.WAITS)).to_be_visible()
    mayor.button(meeting_text.ANOTHER).click()
    expect(mayor.button(meeting_text.FINISH)).to_be_visible()
    expect(mayor.button(chrome_text.WAITS)).to_have_count(1)
    mayor.shot("both-pressed")
    mayor.finds_network()
    expect(mayor.page.locator("#promise")).to_have_value("", timeout=4 * PATIENT)
    mayor.settles()
    expect(mayor.page.locator("[role=alert]:visible")).to_have_count(0)
    assert [order.promise for order in orders(application, visitor)] == [PROMISE]
    mayor.page.locator("#promise").fill(THREE[1][0])
    mayor.button(meeting_text.FINISH).click()
    expect(mayor.page.locator("#units-error")).to_be_visible()


def _both_are_listed(mayor: Person) -> None:
    """Check that the list of errors leads to the sheet, which is far from the form's foot."""
    wrong = mayor.page.get_by_role("group", name=chrome_text.WRONG)
    expect(wrong).to_be_focused()
    assert is_whole(wrong)
    mayor.shot("wrong")
    text, unit = wrong.get_by_role("link").all()
    expect(unit).to_contain_text(meeting_text.UNIT)
    text.press("Enter")
    expect(mayor.page.locator("#text")).to_be_focused()


def _chooses(mayor: Person, unit: str) -> None:
    """Choose a unit from the dialog with all units; the panel behind it must stay open."""
    fold = mayor.page.get_by_text(meeting_text.CHANGE, exact=True)
    if fold.is_visible():
        fold.click()
    mayor.button(meeting_text.OTHER_UNITS).click()
    dialog = mayor.page.get_by_role("dialog", name=meeting_text.OTHER_UNITS)
    dialog.get_by_role("button", name=unit, exact=True).click()
    dialog.get_by_role("button", name=meeting_text.CHOSEN).click()
    expect(dialog).to_be_hidden()


def _room_for_writing(mayor: Person, lines: int) -> None:
    """Check that this many lines of the sheet are in sight."""
    box = mayor.page.locator("#text").bounding_box()
    view = mayor.page.locator(".tablet-paper").bounding_box()
    assert box is not None
    assert view is not None
    line = float(
        mayor.page.locator("#text").evaluate("e => parseFloat(getComputedStyle(e).lineHeight)")
    )
    assert min(box["y"] + box["height"], view["y"] + view["height"]) - box["y"] >= lines * line


def _the_photographed_paper_is_large(mayor: Person) -> None:
    """Check that a finger can drag each corner, and all four are in sight at once."""
    mayor.adds_photo(photo("paper.jpg", "#e9e2d0", (900, 1270)), "paper")
    picture = mayor.page.locator(".corners > img")
    expect(picture).to_be_visible()
    expect(mayor.page.locator(".corner")).to_have_count(4)
    mayor.shot("photo-with-panel")
    box, view = picture.bounding_box(), mayor.page.locator(".tablet-paper").bounding_box()
    assert box is not None
    assert view is not None
    assert box["height"] >= 220
    assert box["y"] + box["height"] <= view["y"] + view["height"]


def _both_write_while_nothing_arrives(
    mayor: Person, here: Hand, other: Person, there: Hand
) -> None:
    """Check that this tab sends what the other had not sent when it was closed."""
    soon(lambda: not _unsent(mayor))
    mayor.context.route("**/ink/*", _lost)
    here.writes(2)
    there.has_written(3)
    there.writes(3)
    here.has_written(4)
    mayor.page.reload()
    mayor.is_alive()
    here.has_written(4)
    there.writes(3, start=150, end=20)
    here.has_written(5)
    other.page.close()
    assert _unsent(mayor)
    mayor.shot("followed")
    mayor.context.unroute("**/ink/*")


def _colours(application: Application, order: Order) -> list[str]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        files = {file.part: file.sha256 for file in uow.document_audit.of_sheet(order.number)}
    strokes = json.loads(application.originals.get(files[SheetPart.INK]))["strokes"]
    return sorted(stroke["colour"] for stroke in strokes)


def _signs(mayor: Person) -> None:
    mayor.goes("/mayor/profile/")
    hand = Hand(mayor)
    expect(mayor.button(profile_text.REPLACE)).to_be_visible()
    expect(hand.pad).not_to_have_attribute("data-strokes", "0")
    there = int(hand.pad.get_attribute("data-strokes") or 0)
    hand.writes(1, start=800, end=300)
    hand.has_written(there + 1)
    mayor.button(profile_text.REPLACE).click()
    mayor.sees(profile_text.SAVED)
    mayor.shot("signed")


def _nothing_scrolls(mayor: Person) -> None:
    height, window = mayor.page.evaluate(
        "[document.scrollingElement.scrollHeight, window.innerHeight]"
    )
    assert height <= window


def _the_paper_has_the_room(mayor: Person, hand: Hand) -> None:
    """Five lines fit on a tablet under the demo's bar; unit and day are one line until touched."""
    units = mayor.page.get_by_role("group", name=meeting_text.UNIT, exact=True)
    expect(units).to_be_hidden()
    pad, view = hand.pad.bounding_box(), mayor.page.locator(".tablet-paper").bounding_box()
    assert pad is not None
    assert view is not None
    assert pad["y"] + pad["width"] * 5 * LINE / WIDTH <= view["y"] + view["height"]
    mayor.page.get_by_text(meeting_text.CHANGE, exact=True).click()
    expect(units).to_be_visible()
    mayor.page.get_by_text(meeting_text.CHANGED, exact=True).click()
    expect(units).to_be_hidden()


def _writes_and_takes_back(mayor: Person, hand: Hand) -> None:
    for line in range(3):
        hand.writes(line)
    hand.has_written(3)
    mayor.button(sheet_text.INK_UNDO).click()
    hand.has_written(2)
    hand.rests(2)
    expect(mayor.page.get_by_text(sheet_text.INK_RESTS)).to_be_visible()
    hand.has_written(2)
    mayor.button(sheet_text.INK_RUBBER).click()
    hand.rubs(1)
    hand.has_written(1)
    mayor.button(sheet_text.INK_UNDO).click()
    hand.has_written(2)
    mayor.button(sheet_text.INK_BLACK).click()
    hand.writes(2)
    hand.has_written(3)
    mayor.button(sheet_text.INK_BLUE).click()


def _the_line_breaks_and_the_page_is_opened_anew(mayor: Person, hand: Hand) -> None:
    """Strokes that the city lacks are in this browser; another browser gets what has arrived."""
    soon(lambda: not _unsent(mayor))
    mayor.page.reload()
    mayor.is_alive()
    hand.has_written(3)
    mayor.page.route("**/ink/*", _lost)
    hand.writes(3, start=500)
    hand.has_written(4)
    expect(mayor.page.get_by_text(sheet_text.INK_WAITING)).to_be_visible()
    mayor.page.reload()
    mayor.is_alive()
    hand.has_written(4)
    assert _unsent(mayor)
    mayor.page.unroute("**/ink/*")
    mayor.button(sheet_text.INK_RUBBER).click()
    hand.rubs(3)
    hand.has_written(3)
    mayor.button(sheet_text.INK_BLUE).click()


def _unsent(mayor: Person) -> bool:
    """Return whether this browser holds something that the city lacks."""
    return bool(
        mayor.page.evaluate("Object.keys(localStorage).some((k) => k.startsWith('sheet:'))")
    )


def _lost(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def _everything_is_on_the_picture(application: Application, order: Order) -> None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        files = {file.part: file.sha256 for file in uow.document_audit.of_sheet(order.number)}
        assert order.image_id is not None
        web = uow.images.get_visible(order.image_id, _owner(order)).web
    assert files[SheetPart.COMPOSED] == web
    strokes = json.loads(application.originals.get(files[SheetPart.INK]))["strokes"]
    assert [stroke["colour"] for stroke in strokes] == ["blue", "blue", "black", "blue"]
    assert len({dot[2] for dot in strokes[0]["dots"]}) > 5, "the pressure of the pen is kept"
    sheet = Image.open(io.BytesIO(application.images.get(web))).convert("RGB")
    for line, colour in enumerate((PEN, PEN, PAPER_INK, PEN)):
        band = sheet.crop((84, 322 + 96 * line + 20, 1156, 322 + 96 * line + 80))
        found = sum(count for count, one in band.getcolors(1 << 20) or [] if _near(one, colour))
        assert found > 300, (line, found)


def _owner(order: Order) -> Actor:
    return Actor(person_id=order.person_id, grants=(Grant(Role.CITIZEN),))


def _near(one: object, colour: str) -> bool:
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    assert isinstance(one, tuple)
    return all(abs(a - b) < 24 for a, b in zip(one, wanted, strict=True))
