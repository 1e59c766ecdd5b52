"""A page belongs to its session: the next user of the tab sees and receives nothing of it.

The user herself finds what she had typed.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from deciding_steps import as_official
from person import Meet, Person
from playwright.sync_api import WebSocket, WebSocketRoute, expect
from sqlmodel import select
from support.open_page import OpenPage
from support.served_city import Served
from support.staff_tab import session_of

from publicmeeting.application import Application
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.seeder.founding import PASSWORD
from publicmeeting.store.database.rows.people import SessionRow
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.officials import staff_text
from publicmeeting.text.tracking import my_page_text

DISTRICT = 6
SHORTEST = 6
"""Least characters of a line that is somebody's own; shorter ones are labels and numbers."""
PAGES = {
    "citizen": "/mine/{code}/",
    "cases": "/mine/",
    "mayor6": "/mayor/",
    "desk6": "/desk/",
    "reception6": "/monday/",
}
_SLOW = 60_000
LEAVE = """(path) => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action: path});
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture(scope="module")
def case(application: Application) -> Request:
    """A case of a citizen with a seat on the coming Monday."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({DISTRICT}), stages=(Stage.INVITED, Stage.CONFIRMED))
        found = uow.requests.find(uow.lists.requests(wanted, limit=1)[0].code)
    assert found is not None
    return found


class Frames:
    """Everything that a person's sockets have received."""

    def __init__(self, person: Person) -> None:
        self.text = ""
        person.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._keep)

    def _keep(self, frame: str | bytes) -> None:
        text = frame if isinstance(frame, str) else frame.decode()
        # Both as JSON escapes it and as a person reads it.
        self.text += re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), text)


def lines(person: Person) -> set[str]:
    """Return the lines of the page once it rests, without the demo's running clock."""
    person.rests()
    # Both are read at one instant, because the bar's clock may change between two reads.
    text, clock = person.page.evaluate(
        """() => [document.body.innerText,
          [...document.querySelectorAll(".demo")].map((bar) => bar.innerText).join(" ")]"""
    )
    found = {line.strip() for line in text.splitlines() if len(line.strip()) >= SHORTEST}
    return {line for line in found if line not in clock}


def session_for(application: Application, who: str, case: Request) -> str:
    if who not in {"citizen", "cases"}:
        return session_of(application, who)
    with application.store.unit_of_work(application.clock()) as uow:
        mobile = uow.people.get(case.person_id).mobile
        return uow.sessions.open_for_mobile(mobile or "", Door.CODE)


Public = Callable[[str], tuple[set[str], str]]


@pytest.fixture(scope="module")
def strangers(still_there: Meet) -> Public:
    """What anybody reads at an address, and receives there and on the home page; seen once."""
    found: dict[str, tuple[set[str], str]] = {}
    nobody = still_there("nobody", "desk")
    frames = Frames(nobody)
    nobody.goes("/")
    nobody.rests()
    on_the_home_page = frames.text

    def at(path: str) -> tuple[set[str], str]:
        if path not in found:
            frames.text = on_the_home_page
            nobody.goes(path)
            found[path] = lines(nobody), frames.text
            assert nobody.notices() == []
        return found[path]

    return at


@pytest.mark.parametrize("who", PAGES)
def test_after_leaving_nothing_of_her_is_shown_or_sent(
    meet: Meet, strangers: Public, town: Served, application: Application, case: Request, who: str
) -> None:
    path = PAGES[who].format(code=case.code)
    public, sent_to_anybody = strangers(path)
    person = meet(who, "desk")
    frames = Frames(person)
    person.has_signed_in(session_for(application, who, case), town.origin)
    person.goes(path)
    hers = lines(person) - public
    shown = {line for line in hers if line in frames.text and line not in sent_to_anybody}
    assert hers
    assert shown, "else the silence afterwards proves nothing"
    with person.page.expect_navigation():
        person.page.evaluate(LEAVE, "/auth/leave")
    frames.text = ""
    seen: dict[str, set[str]] = {}
    for way, go in (
        ("back", person.page.go_back),
        ("reload", person.page.reload),
        ("from history", lambda: person.page.goto(path)),
    ):
        go()
        person.is_alive()
        seen[way] = lines(person) & hers
    assert not any(seen.values()), seen
    assert {line for line in shown if line in frames.text} == set()


@pytest.mark.parametrize("who", ["citizen", "mayor6"])
def test_leaving_everywhere_empties_the_other_device(
    meet: Meet, strangers: Public, town: Served, application: Application, case: Request, who: str
) -> None:
    path = PAGES[who].format(code=case.code)
    public, _ = strangers(path)
    here, there = meet("here", "desk"), meet("there", "desk")
    for device in (here, there):
        device.has_signed_in(session_for(application, who, case), town.origin)
    here.goes(path)
    hers = lines(here) - public
    a_line = here.page.locator("main").get_by_text(max(hers, key=len), exact=True).first
    expect(a_line).to_be_visible()
    answer = there.context.request.post(
        "/auth/leave-everywhere", headers={"Origin": town.origin}, max_redirects=0
    )
    assert answer.status == 303
    expect(a_line).to_have_count(0)
    here.is_alive()
    assert lines(here) & hers == set()
    here.page.reload()
    here.is_alive()
    assert lines(here) & hers == set()


def test_the_token_of_a_tab_alone_opens_nothing(
    meet: Meet, town: Served, application: Application, case: Request
) -> None:
    path = PAGES["citizen"].format(code=case.code)
    person = meet("citizen")
    frames = Frames(person)
    person.has_signed_in(session_for(application, "citizen", case), town.origin)
    person.goes(path)
    assert case.title in frames.text
    token = person.page.evaluate("sessionStorage.getItem('token')")
    visit = next(cookie for cookie in person.context.cookies() if cookie["name"] == "visit")
    person.page.goto("about:blank")

    async def connect(cookies: str) -> str:
        page = await OpenPage.open(town.origin, path, token=token, cookies=cookies, code=case.code)
        await page.settle(1.0)
        await page.close()
        return json.dumps([update.body for update in page.updates], ensure_ascii=False)

    for cookies in ("", f"visit={visit['value']}", "session=made-up; visit=made-up"):
        with ThreadPoolExecutor(1) as thread:
            answers = thread.submit(lambda cookies=cookies: asyncio.run(connect(cookies))).result()
        assert "reflex___state" in answers
        assert {word for word in (case.title, case.text[:40]) if word in answers} == set()


@pytest.mark.parametrize("end", ["signed out elsewhere", "idle"])
def test_a_note_half_written_waits_for_its_own_writer(
    meet: Meet, town: Served, application: Application, end: str
) -> None:
    """His page closes by itself, and a colleague at the same desk finds no form.

    When he signs in again where his page asked him to, he is back at the case and finds his note.
    """
    note, his, colleagues = "این یادداشت نیمه‌کاره است.", "desk6", "desk7"
    code = next(_waiting(application, 6))
    desk = meet("desk", "desk")
    desk.has_signed_in(session_of(application, his), town.origin)
    desk.goes(f"/desk/?case={code}")
    desk.button(ACTION[Action.DECLINE]).click()
    desk.page.locator("[name=note]").fill(note)
    desk.page.locator("[name=note]").blur()
    desk.rests()
    with application.store.unit_of_work(application.clock()) as uow:
        if end == "idle":
            for row in uow.session.exec(select(SessionRow)):
                row.expires_at = application.clock()
        else:
            uow.sessions.end_everywhere(as_official(application, his))
    expect(desk.page.locator("[name=note]")).to_have_count(0, timeout=30_000)
    desk.sees(staff_text.NEED_ENTER)
    desk.shot("locked")
    desk.has_signed_in(session_of(application, colleagues), town.origin)
    desk.goes(f"/desk/?case={code}")
    assert note not in desk.page.content()
    expect(desk.page.locator("[name=note]")).to_have_count(0)
    desk.forgets("session")
    desk.goes(f"/desk/?case={code}")
    desk.page.get_by_role("link", name=staff_text.ENTER).click()
    desk.page.locator("[name=username]").fill(his)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.button(chrome_text.ENTER).click()
    desk.page.wait_for_url(f"**/desk/?case={code}")
    expect(desk.page.locator("[name=note]")).to_have_value(note)


def test_leaving_forgets_what_was_typed_in_the_tab_and_nothing_else(
    meet: Meet, town: Served, application: Application, case: Request
) -> None:
    """The same browser holds a mayor's unsent strokes and a witness's value, which must stay."""
    person = meet("citizen")
    person.has_signed_in(session_for(application, "citizen", case), town.origin)
    person.goes(PAGES["citizen"].format(code=case.code))
    person.page.evaluate(
        """() => {
          sessionStorage.setItem("note", "typed"); sessionStorage.setItem("step", "typed");
          sessionStorage.setItem("other", "stays"); localStorage.setItem("strokes", "stay");
        }"""
    )
    with person.page.expect_navigation():
        person.page.evaluate(LEAVE, "/auth/leave")
    person.is_alive()
    left = person.page.evaluate(
        """() => [sessionStorage.getItem("note"), sessionStorage.getItem("step"),
                  sessionStorage.getItem("other"), localStorage.getItem("strokes")]"""
    )
    assert [one or None for one in left] == [None, None, "stays", "stay"]
    assert "#" not in person.page.url


def test_a_second_tab_goes_on_under_the_new_session(
    meet: Meet, town: Served, application: Application, case: Request
) -> None:
    """Ordinary use with several tabs and reloads must go on working."""
    path = PAGES["citizen"].format(code=case.code)
    person = meet("citizen")
    person.has_signed_in(session_for(application, "citizen", case), town.origin)
    person.goes(path)
    other = person.another_tab(path)
    for tab in (person, other):
        tab.sees(case.title)
        tab.page.reload()
        tab.is_alive()
        tab.sees(case.title)
    with other.page.expect_navigation():
        other.page.evaluate(LEAVE, "/auth/leave")
    expect(person.page.get_by_text(case.title)).to_have_count(0)
    person.has_signed_in(session_for(application, "citizen", case), town.origin)
    person.goes(path)
    person.sees(case.title)


def _waiting(application: Application, district: int) -> Iterator[str]:
    """Yield codes of cases that the desk may decide now."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({district}), stages=(Stage.SUBMITTED,))
        yield from (request.code for request in uow.lists.requests(wanted, limit=20))


def test_whoever_leaves_where_only_sockets_fail_leaves_nothing_in_the_tab(meet: Meet) -> None:
    """The next page's address says at its end that she has left; a script may lose that."""
    maryam = meet("maryam")
    maryam.may_fail("WebSocket")
    open_: list[WebSocketRoute] = []
    is_cut: list[bool] = []

    def connects(to_page: WebSocketRoute) -> None:
        open_.append(to_page)
        if is_cut:
            to_page.close(code=1001)
        else:
            to_page.connect_to_server()

    maryam.page.route_web_socket(re.compile("_event"), connects)
    maryam.becomes("citizen/waiting")
    maryam.goes("/mine/")
    leave = maryam.button(my_page_text.SIGN_OUT)
    expect(leave).to_be_visible()
    maryam.page.evaluate("sessionStorage.setItem('step', 'hers')")
    is_cut.append(True)
    open_[-1].close(code=1001)
    expect(maryam.page.get_by_text(chrome_text.OFFLINE)).to_be_visible(timeout=_SLOW)
    leave.click()
    maryam.until(lambda: maryam.page.url == f"{maryam.origin}/")
    assert maryam.page.evaluate("sessionStorage.getItem('step')") is None
