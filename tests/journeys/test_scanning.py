"""The camera of reception's tablet scans passes one after another, from a film."""

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from person import Meet, Person
from PIL import Image
from playwright.sync_api import Browser, expect
from readable import faults
from support.codes import qr_png
from support.served_city import Served
from support.staff_tab import session_of

from publicmeeting.application import Application
from publicmeeting.cli.machine.debian import find_headless, provide_chromium
from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.codes import tracking_code
from publicmeeting.kit.digits import persian
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.staff.monday.state import SEEK

OWN_CITY = True
HALL, OTHER = 6, 5
SIZE = (640, 480)
SHOWN, EMPTY = 90, 200
"""Frames of the film at thirty a second: a pass, then a pause.

The pause is longer than the time in which the same pass counts as one.
"""
TABLET = {"width": 1024, "height": 768}
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run")
PERMITTED = "--use-fake-ui-for-media-stream"
PATIENT = 30_000
"""Milliseconds; the film repeats every twenty seconds."""
DETECTOR = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.held ? [{ rawValue: window.held }] : []; }
};"""

ENDS = """() => {
  const [track] = document.querySelector("video").srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""
"""Imitates a camera that is pulled out, or that another app takes."""

REFUSES = """navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("Permission denied", "NotAllowedError"));"""
"""Imitates a browser whose owner refused the camera; a headless one asks nobody."""


def film(place: Path, *texts: str) -> Path:
    """Write a film with each code in turn, with pauses between them."""
    blank, frames = frame(), b""
    for text in texts:
        frames += frame(text) * SHOWN + blank * EMPTY
    place.write_bytes(frames)
    return place


def frame(text: str = "") -> bytes:
    out, picture = io.BytesIO(), Image.new("RGB", SIZE, "white")
    if text:
        code = Image.open(io.BytesIO(qr_png(text))).convert("RGB").resize((360, 360))
        picture.paste(code, (140, 60))
    picture.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def monday(still_there: Meet, application: Application) -> date:
    """The day of all these tests, Monday at nine: the city lives the week before it once."""
    keeper = still_there("keeper", "desk")
    keeper.goes("/")
    keeper.moves_clock("meetings")
    assert keeper.notices() == []
    return tehran_day(application.city_now())


@pytest.fixture
def expected(monday: date, application: Application) -> list[RequestLine]:
    """Two citizens with a seat who have not come yet, in the order of their times."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(
            districts=frozenset({HALL}), stages=(Stage.INVITED, Stage.CONFIRMED), monday=monday
        )
        return uow.lists.requests(wanted, limit=2)


@pytest.fixture
def first(expected: list[RequestLine]) -> RequestLine:
    return expected[0]


class Tablets:
    """Browsers with a camera of their own; one without a film is asked and refuses."""

    def __init__(self, chromium: Browser, town: Served, application: Application) -> None:
        self._chromium, self._town, self._application = chromium, town, application
        self._browsers: list[Browser] = []
        self.people: list[Person] = []

    def reception(self, *camera: str) -> Person:
        browser = self._chromium.browser_type.launch(
            executable_path=find_headless() or provide_chromium(),
            headless=True,
            args=[*QUIET, *camera],
        )
        self._browsers.append(browser)
        context = browser.new_context(
            locale="fa-IR",
            timezone_id="Asia/Tehran",
            viewport=TABLET,
            base_url=self._town.origin,
        )
        person = Person(
            "reception", context, self._town.origin, lambda who: session_of(self._application, who)
        )
        self.people.append(person)
        person.has_come_in_as(f"reception{HALL}")
        return person

    def close(self) -> None:
        for browser in self._browsers:
            browser.close()


@pytest.fixture
def tablets(chromium: Browser, town: Served, application: Application) -> Iterator[Tablets]:
    found = Tablets(chromium, town, application)
    yield found
    problems = [problem for person in found.people for problem in person.problems]
    found.close()
    assert problems == []


def test_passes_are_read_one_after_the_other(
    tablets: Tablets, first: RequestLine, application: Application, tmp_path: Path, axe: str
) -> None:
    stranger = tracking_code(1405, OTHER)
    shown = film(
        tmp_path / "passes.mjpeg",
        f"http://localhost/track/?code={first.code}",
        f"http://localhost/track/?code={stranger}",
    )
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        identity = uow.people.get(first.person_id).identity
    one = tablets.reception(
        PERMITTED,
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={shown}",
    )
    one.goes("/monday/")
    scripts = one.page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    assert not any("camera" in name for name in scripts), "fetched at the first press alone"
    one.button(reception_text.SCAN_OPEN).click()
    card = one.page.locator("[name=identity]")
    expect(card).to_be_focused(timeout=PATIENT)
    one.shot("scanned")
    assert faults(one, axe) == []
    assert one.overflowing() == []
    card.fill(persian(identity))
    one.page.locator("#send-step").click()
    expect(card).to_have_count(0)
    other = reception_text.SCAN_OF_DISTRICT.format(district=persian(OTHER))
    expect(one.page.get_by_text(other).first).to_be_visible(timeout=PATIENT)
    again = reception_text.JUST_CAME.partition("{number}")[2].partition("{time}")[0].strip()
    expect(one.page.get_by_text(again).first).to_be_visible(timeout=PATIENT)
    one.shot("again")
    one.button(reception_text.SCAN_STOP).click()
    expect(one.page.locator("video")).to_have_count(0)


def test_without_permission_the_field_is_still_there(
    tablets: Tablets, first: RequestLine, axe: str
) -> None:
    one = tablets.reception()
    one.page.add_init_script(REFUSES)
    one.goes("/monday/")
    one.button(reception_text.SCAN_OPEN).click()
    one.sees(reception_text.SCAN_REFUSED)
    one.shot("refused")
    assert faults(one, axe) == []
    expect(one.page.locator("video")).to_be_hidden()
    one.page.keyboard.press("Escape")
    expect(one.page.locator("video")).to_have_count(0)
    expect(one.button(reception_text.SCAN_OPEN)).to_be_focused()
    one.page.locator("#seek").fill(first.code)
    one.button(reception_text.FIND).click()
    expect(one.page.locator("[name=identity]")).to_be_visible()


def test_a_browser_that_reads_codes_itself_sends_no_picture(
    tablets: Tablets, first: RequestLine, application: Application
) -> None:
    one = tablets.reception(PERMITTED, "--use-fake-device-for-media-stream")
    sent: list[str] = []
    one.context.on("request", lambda request: sent.append(request.url))
    one.page.add_init_script(DETECTOR)
    one.goes("/monday/")
    one.button(reception_text.SCAN_OPEN).click()
    expect(one.page.locator("video")).to_be_visible()
    one.page.evaluate("(code) => { window.held = code; }", first.code)
    expect(one.page.locator("[name=identity]")).to_be_focused(timeout=PATIENT)
    assert not any(url.endswith("/scan") for url in sent)
    one.page.evaluate("() => { window.held = ''; }")
    takes_an_arrival_back(one, first, application)
    one.page.evaluate(ENDS)
    expect(one.page.locator("video")).to_be_hidden()
    one.page.wait_for_timeout(1_000)
    one.sees(reception_text.SCAN_MISSING)


def takes_an_arrival_back(person: Person, first: RequestLine, application: Application) -> None:
    """Undo an arrival by keyboard in its line; a moment later nothing can be undone."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        identity = uow.people.get(first.person_id).identity
    person.page.locator("[name=identity]").fill(identity)
    person.page.locator("#send-step").click()
    undo = person.page.locator(f"#{LINES}").get_by_role(
        "button", name=re.compile(f"^{reception_text.UNDO}{reception_text.OF_NUMBER}")
    )
    expect(undo).to_have_count(1)
    # The last effect of the answer: the field is ready for the next code.
    expect(person.page.locator(f"#{SEEK}")).to_be_focused()
    person.shot("mistake")
    undo.press("Enter")
    person.sees(DONE[Action.UNDO_ARRIVAL])
    expect(undo).to_have_count(0)
    line = person.page.locator(f"#{LINES} > li").filter(has_text=first.title)
    expect(line).to_contain_text(ACTION[Action.ARRIVE])


def test_digits_of_one_card_do_not_stay_in_the_form_of_the_next_visitor(
    tablets: Tablets, expected: list[RequestLine]
) -> None:
    """The clerk has typed a part of a number when another visitor shows a pass."""
    one = tablets.reception()
    one.goes("/monday/")
    card = one.page.locator("[name=identity]")
    for visitor in expected:
        one.page.locator(f"#{SEEK}").fill(visitor.code)
        one.page.keyboard.press("Enter")
        expect(one.page.locator("[name=about]")).to_have_value(visitor.code)
        expect(card).to_be_focused()
        expect(card).to_have_value("")
        one.page.keyboard.type("12")
