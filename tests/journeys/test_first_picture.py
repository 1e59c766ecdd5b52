"""What a stranger's browser shows first: the content, which scripts take over without a change."""

import time

import httpx2
import pytest
from first_look import (
    LETTERS_SHIFTED_MOST,
    NODES,
    PUBLIC,
    came_alive,
    late_letters,
    watch,
    without_letters,
)
from person import Meet, Person
from playwright.sync_api import expect
from support.served_city import Served

from publicmeeting.text.districts import home_text
from publicmeeting.ui.design.icons import SIGNS
from publicmeeting.ui.design.tehran import mark_paths
from publicmeeting.ui.first.filling import BLOCK

OWN_CITY = True

_ORDER = """() => [
  performance.getEntriesByName("first-contentful-paint")[0].startTime,
  Math.min(...performance.getEntriesByType("resource")
    .filter(({name}) => name.endsWith(".js")).map((one) => one.startTime)),
]"""
_PATIENCE = 60.0
"""Seconds."""
FIRST_PACKETS = 10 * 1448
"""Bytes that a server sends before it waits for an acknowledgement."""


@pytest.fixture(scope="module", autouse=True)
def _filled(town: Served) -> None:
    """Wait until the process fills pages, a second or two after its start.

    Before that, pages come as they were built.
    """
    until = time.monotonic() + _PATIENCE
    for path in PUBLIC:
        while f'id="{BLOCK}"' not in httpx2.get(f"{town.origin}{path}").text:
            assert time.monotonic() < until, f"{path} is not filled"


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_comes_with_the_first_packets(town: Served, path: str) -> None:
    """Whatever does not fit waits for the phone's acknowledgement: 150 ms and more."""
    with httpx2.stream("GET", f"{town.origin}{path}", headers={"Accept-Encoding": "br"}) as answer:
        body = sum(map(len, answer.iter_raw()))
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
    assert head + body <= FIRST_PACKETS


def test_signs_that_came_later_are_all_there(meet: Meet) -> None:
    """A page comes with the icons it shows; the next page needs others."""
    stranger = meet("stranger")
    watch(stranger.page)
    stranger.goes("/track/")
    came_alive(stranger)
    signs = stranger.page.locator("#signs symbol")
    expect(signs).to_have_count(len(SIGNS) + len(mark_paths()))


def test_scripts_take_every_page_over_as_it_stands(meet: Meet) -> None:
    """On a large screen; the test below does it on a phone, at every visit."""
    stranger = meet("stranger", "desk")
    watch(stranger.page)
    for path in PUBLIC:
        takes_over(stranger, path)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_comes_alive_at_every_visit_and_says_nothing_else(meet: Meet, path: str) -> None:
    """At the second visit the browser asks whether the page has changed, and may get nothing.

    The words are the same as without scripts, except those of the browser itself.
    """
    reader, stranger = meet("reader", java_script_enabled=False), meet("stranger")
    reader.page.goto(path)
    without = reader.page.locator("main").inner_text().split()
    watch(stranger.page)
    takes_over(stranger, path)
    words = stranger.page.locator("main").inner_text().split()
    assert [word for word in words if word not in without] == []
    stranger.page.goto("about:blank")
    takes_over(stranger, path)


def takes_over(stranger: Person, path: str) -> None:
    """Check that scripts lose or redraw no node and move nothing; `meet` checks the console."""
    with without_letters(stranger):
        stranger.goes(path)
        found = came_alive(stranger)
    assert found.nodes >= NODES[path], path
    assert found.lost == [], path
    assert found.moved == [], path


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_letters_that_come_late_move_nothing(meet: Meet, size: str) -> None:
    """System fonts, which stand in until then, take the same room."""
    stranger = meet("stranger", size)
    watch(stranger.page)
    for path in PUBLIC:
        with late_letters(stranger.page):
            stranger.page.goto(path, wait_until="commit")
        assert came_alive(stranger, LETTERS_SHIFTED_MOST).moved == [], path


@pytest.mark.parametrize(
    "browser",
    [
        "Object.defineProperty(document, 'hidden', {get: () => true})",
        "delete window.PerformanceObserver",
    ],
    ids=["opened behind another tab", "one that tells no paints"],
)
def test_scripts_start_where_no_paint_is_told_of(meet: Meet, browser: str) -> None:
    stranger = meet("stranger")
    stranger.page.add_init_script(browser)
    stranger.goes("/")
    stranger.page.locator(".map button").nth(5).click()
    stranger.sees(home_text.NAME.format(district="۶"))


def test_scripts_wait_for_the_first_paint(meet: Meet) -> None:
    stranger = meet("stranger")
    stranger.goes("/track/")
    painted, begun = stranger.page.evaluate(_ORDER)
    assert 0 < painted <= begun


def test_the_whole_look_is_there_without_scripts(meet: Meet) -> None:
    """Styles also apply to what a page does not show at once."""
    reader = meet("reader", java_script_enabled=False)
    reader.page.goto("/")
    sheets = reader.page.evaluate("[...document.styleSheets].filter((one) => one.href).length")
    assert sheets == 1


_AHEAD = "[...document.querySelectorAll('head link[rel=modulepreload]')].map(({href}) => href)"
_RUN = "Object.keys(window.__reactRouterRouteModules)"
_SAVES = """
Object.defineProperty(navigator, "connection", {get: () => ({
  get saveData() { window.wasAsked = true; return true; },
})});
"""


def test_scripts_of_the_next_pages_are_fetched_and_run_while_she_reads(meet: Meet) -> None:
    """Both for links in sight and for those at the foot, which she has not seen."""
    stranger = meet("stranger")
    stranger.goes("/")
    for page in ("track", "rules"):
        link = f"link[rel=modulepreload][href*=_{page}_]"
        stranger.page.wait_for_selector(link, state="attached")
        stranger.page.wait_for_function(f"() => ({_RUN}).some((id) => id.includes('{page}'))")
    stranger.page.locator('a[href="/track/"]').first.click()
    expect(stranger.page.locator("[name=code]")).to_be_visible()


_COMMITS = """
window.oldAgain = 0; window.stepBegun = null;
window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
  supportsFiber: true,
  inject: () => 1,
  onCommitFiberRoot: () => {
    if (stepBegun && document.querySelector("main h1") === stepBegun) oldAgain += 1;
  },
};
"""
_STEPS = """() => {
  window.stepBegun = document.querySelector("main h1");
  document.querySelector('a[href="/track/"]').click();
}"""


def test_a_step_draws_the_next_page_and_not_the_old_one_once_more(meet: Meet) -> None:
    stranger = meet("stranger")
    stranger.page.add_init_script(_COMMITS)
    stranger.goes("/")
    stranger.page.wait_for_function(f"() => ({_RUN}).some((id) => id.includes('track'))")
    stranger.rests()
    stranger.page.evaluate(_STEPS)
    expect(stranger.page.locator("[name=code]")).to_be_visible()
    assert stranger.page.evaluate("oldAgain") == 0


def test_scripts_ask_to_be_compiled_whole_when_they_come(meet: Meet) -> None:
    """Otherwise a step compiles each function at its first call, a quarter of its work."""
    stranger = meet("stranger")
    stranger.goes("/")
    scripts = [one for one in stranger.page.evaluate(_AHEAD) if "/manifest-" not in one]
    assert len(scripts) > 1
    for script in scripts:
        begins = httpx2.get(script).text.split("\n")[:2]  # the bundler's list may come first
        assert "//# allFunctionsCalledOnLoad" in begins, script


def test_whoever_saves_data_fetches_nothing_ahead(meet: Meet) -> None:
    stranger = meet("stranger")
    stranger.page.add_init_script(_SAVES)
    stranger.goes("/")
    stranger.page.wait_for_function("() => window.wasAsked")
    assert [one for one in stranger.page.evaluate(_AHEAD) if "_track_" in one] == []
    assert [one for one in stranger.page.evaluate(_RUN) if "track" in one] == []
