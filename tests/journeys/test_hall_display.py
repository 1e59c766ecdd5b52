"""A television in the hall shows, sounds and speaks both calls; its recordings must be audible."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from person import PATIENT, Meet, Person
from playwright.sync_api import Route, expect
from support.sounds import silent_mp3

from publicmeeting.application import Application
from publicmeeting.config import PROJECT
from publicmeeting.domain.choices import is_fetched
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.meetings.voice_text import WORDS
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.in_hall.displays import (
    OneDisplay,
    OneHall,
    end_display,
    hall_settings,
    make_display,
)

OWN_CITY = True
DISTRICT = 6
GUESTS = 3
VOICE = PROJECT / "assets" / "voice"
AUDIBLE = 0.1
"""Least loudness, as a share of the loudest possible sample."""
_HEARS = """
window.heard = [];
document.addEventListener("DOMContentLoaded", () => {
  const voice = document.getElementById("voice");
  for (const name of ["playing", "ended", "error"])
    voice?.addEventListener(name, () => heard.push(name));
});
"""
_ENDED = "heard.filter(one => one === 'ended').length"
_LISTENS = """
() => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const source = context.createMediaElementSource(document.getElementById("voice"));
  source.connect(analyser);
  analyser.connect(context.destination);
  const samples = new Float32Array(analyser.fftSize);
  window.peak = 0;
  setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    window.peak = Math.max(window.peak, ...samples.map(Math.abs));
  }, 20);
  return context.resume();
}
"""


Call = Callable[[int], None]


def reception_of(application: Application) -> Actor:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        account = uow.accounts.by_username(f"reception{DISTRICT}")
    assert account is not None
    return Actor(account_id=account.id, grants=(Grant(Role.RECEPTION, DISTRICT),))


@pytest.fixture(scope="module")
def seated(application: Application) -> list[str]:
    """Codes of those who have a seat and will come, by time; filled once the line is drawn."""
    del application
    return []


@pytest.fixture
def calls(meet: Meet, application: Application, seated: list[str]) -> Call:
    """Monday, 9:00: a function that calls a visitor of the day by her place."""
    if not seated:
        keeper = meet("keeper", "desk")
        keeper.goes("/")
        for moment in ("freeze", "draw"):
            keeper.moves_clock(moment)
        seated += confirmed(application)
        keeper.moves_clock("meetings")
    reception = reception_of(application)

    def call(at: int) -> None:
        command = TakeStep(code=seated[at], action=Action.CALL)
        application.execute_as(reception, take_step, command)

    return call


def confirmed(application: Application) -> list[str]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({DISTRICT}), stages=(Stage.INVITED, Stage.CONFIRMED))
        lines = [line for line in uow.lists.requests(wanted, limit=40) if line.seat]
        requests = [uow.requests.by_id(line.id) for line in lines]
    ready = sorted(
        (one for one in requests if one.seat and not is_fetched(one.needs)),
        key=lambda one: (one.seat.monday, one.seat.time) if one.seat else (),
    )[:GUESTS]
    for request in ready:
        if request.stage is Stage.INVITED:
            hers = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
            command = TakeStep(code=request.code, action=Action.CONFIRM)
            application.execute_as(hers, take_step, command)
    return [one.code for one in ready]


def television(meet: Meet, application: Application, *, frozen: bool = False) -> Person:
    """Return a screen of the hall, opened by its address alone; `frozen` stops its clock."""
    key = application.execute_as(reception_of(application), make_display, OneHall()).key
    person = meet("television", "wall")
    if frozen:
        person.page.clock.install()
    person.page.add_init_script(_HEARS)
    person.page.goto(f"/hall/{DISTRICT}/#{key}")
    expect(person.page.locator("#hall")).to_be_visible(timeout=PATIENT)
    assert "#" not in person.page.url
    return person


def test_a_call_is_shown_sounds_and_is_spoken_and_the_second_one_again(
    meet: Meet, application: Application, calls: Call
) -> None:
    screen = television(meet, application)
    page = screen.page
    page.evaluate(_LISTENS)
    page.mouse.click(900, 500)
    expect(page.locator("#mute")).to_be_hidden()
    screen.until(lambda: page.evaluate("heard.includes('ended')"))
    page.evaluate("heard.length = 0; window.peak = 0")

    calls(0)
    expect(page.locator("#number")).to_have_text(re.compile(r"[۰-۹]"), timeout=PATIENT)
    spoken = page.locator("#live").inner_text()
    assert hall_text.SECOND not in spoken
    screen.until(lambda: page.evaluate(_ENDED) == 3)
    assert "error" not in page.evaluate("heard")
    assert page.evaluate("peak") > AUDIBLE
    screen.shot("called")
    assert screen.overflowing() == []

    page.evaluate("heard.length = 0; window.peak = 0")
    calls(0)
    expect(page.locator("#nth")).to_have_text(hall_text.SECOND, timeout=PATIENT)
    assert page.locator("#live").inner_text() != spoken
    expect(page.locator("#number.is-again")).to_be_visible()
    screen.until(lambda: page.evaluate(_ENDED) == 4)
    assert page.evaluate("peak") > AUDIBLE
    screen.shot("again")


def test_a_recording_in_which_nobody_speaks_is_refused_before_it_is_sent(
    meet: Meet, application: Application, tmp_path: Path
) -> None:
    """The browser refuses compressed silence, which the server cannot hear; a voice is spoken."""
    silent, broken, voice = tmp_path / "room.mp3", tmp_path / "words.mp3", VOICE / "n07.mp3"
    silent.write_bytes(silent_mp3())
    broken.write_bytes(b"no sound at all" * 50)
    desk = meet("reception", "desk")
    desk.has_come_in_as(f"reception{DISTRICT}")
    desk.page.goto("/hall/")
    line = desk.page.locator("#clip-n07")
    sent: list[str] = []
    desk.page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    desk.page.locator("details:has(#clip-n07) > summary").click()
    line.locator("summary").click()
    field, press = line.locator("input[type=file]"), line.locator("button").first
    for file, word in ((silent, "sound_short"), (broken, "sound_kind")):
        field.set_input_files(file)
        press.click()
        expect(line.get_by_role("alert")).to_have_text(refusal(word))
        expect(field).to_be_focused()
        desk.shot(word)
    assert sent == []
    assert desk.overflowing() == []
    field.set_input_files(voice)
    press.click()
    desk.sees(hall_text.SAVED.format(words=WORDS["n07"]))
    reception = reception_of(application)
    assert "n07" in application.query_as(reception, hall_settings, Nothing()).clips
    audio = desk.page.locator("#clip-n07 audio")
    audio.evaluate("one => one.play()")
    desk.until(lambda: audio.evaluate("one => one.ended"))
    line = desk.page.locator("#clip-n07")
    line.locator("form").last.get_by_role("button").click()
    desk.sees(hall_text.RESTORED.format(words=WORDS["n07"]))


def test_a_day_without_meetings_leaves_no_empty_frame_for_a_number(meet: Meet) -> None:
    page = meet("television", "wall").page
    for sample, is_framed in (("closed", False), ("none", True)):
        page.goto(f"/hall/samples/{sample}/")
        expect(page.locator("#clock")).to_have_text(re.compile("[۰-۹]"))
        expect(page.locator("#number")).to_be_visible(visible=is_framed)
    page.set_viewport_size({"width": 360, "height": 740})
    lines = page.locator("#date").evaluate(
        "one => one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)"
    )
    assert round(lines) == 1, "the year stays with its day"


def test_calls_wait_for_each_other(meet: Meet, application: Application, calls: Call) -> None:
    page = television(meet, application).page
    calls(1)
    calls(2)
    expect(page.locator("#title")).to_contain_text("۲", timeout=PATIENT)
    first = page.locator("#title").inner_text()
    page.wait_for_timeout(6_000)
    assert page.locator("#title").inner_text() == first
    expect(page.locator("#title")).not_to_have_text(first, timeout=PATIENT)


def test_without_news_it_says_since_when_and_is_never_blank(
    meet: Meet, application: Application, calls: Call
) -> None:
    calls(0)
    screen = television(meet, application, frozen=True)
    page = screen.page
    page.clock.run_for(10_000)
    silent, next_box = page.locator("#silent"), page.locator("#next-box")
    expect(next_box).to_be_visible()
    screen.may_fail("net::ERR_", "Failed to load resource")
    screen.loses_network()
    page.clock.run_for(1_000)
    number = page.locator("#number").inner_text()
    expect(silent).to_be_hidden()
    page.clock.run_for(20_000)
    expect(silent).to_be_visible()
    expect(silent).to_contain_text("۹:")
    expect(next_box).to_be_visible()
    page.clock.run_for(50_000)
    expect(next_box).to_be_hidden()
    expect(page.locator("#late")).to_be_hidden()
    expect(page.locator("#number")).to_have_text(number or re.compile("[۰-۹]"))
    expect(page.locator("#title")).to_contain_text("۹:")
    expect(page.locator("#before")).to_contain_text("۹:")
    screen.shot("silent")
    assert screen.overflowing() == []
    screen.finds_network()
    for _ in range(20):
        page.clock.run_for(1_000)
        page.wait_for_timeout(50)
    expect(silent).to_be_hidden()
    expect(next_box).to_be_visible()


def test_what_was_lost_on_the_way_is_asked_for_again(
    meet: Meet, application: Application, calls: Call
) -> None:
    """A browser asks for a picture once, and the code stays the same for a quarter of an hour.

    A router may answer for the city with a page of its own, with any status.
    """
    screen = television(meet, application, frozen=True)
    page, picture = screen.page, screen.page.locator("#code-qr")
    screen.may_fail("net::ERR_", "403")
    page.route("**/qr/hall/*", lambda asked: asked.abort())
    page.reload()
    page.clock.run_for(1_000)
    screen.until(lambda: picture.evaluate("one => one.complete && !one.naturalWidth"))
    screen.shot("code-without-picture")
    page.unroute("**/qr/hall/*")
    page.clock.run_for(10_000)
    screen.until(lambda: picture.evaluate("one => one.naturalWidth > 0"))

    silent = page.locator("#silent")

    def strange(status: int) -> Callable[[Route], None]:
        return lambda asked: asked.fulfill(status=status, body="<h1>login</h1>")

    for status in (200, 403):
        page.route("**/news?*", strange(status))
        page.reload()
        for _ in range(20):
            page.clock.run_for(1_000)
            page.wait_for_timeout(20)
        expect(silent).to_be_visible()
        page.unroute("**/news?*")
        for _ in range(20):
            page.clock.run_for(1_000)
            page.wait_for_timeout(50)
        expect(silent).to_be_hidden()

    lost: list[Route] = []

    def lose(asked: Route) -> None:
        if asked.request.resource_type == "xhr":  # not what is played meanwhile
            lost.append(asked)

    page.route("**/voice/*.opus", lose)
    page.reload()
    for at in (1, 2):
        calls(at)
        for _ in range(5):
            page.clock.run_for(1_000)
            page.wait_for_timeout(50)
        screen.until(lambda: page.locator("#before li, #number span").count())
    assert len(lost) == 1, "one at a time, however much news has come"


def test_a_screen_that_is_ended_says_so(meet: Meet, application: Application, calls: Call) -> None:
    del calls
    screen = television(meet, application)
    screen.may_fail("403")
    reception = reception_of(application)
    for display in application.query_as(reception, hall_settings, Nothing()).displays:
        application.execute_as(reception, end_display, OneDisplay(display=display.id))
    expect(screen.page.locator("#key")).to_be_visible(timeout=2 * PATIENT)
    screen.sees(refusal("hall_key_unknown"))
    screen.shot("ended")
