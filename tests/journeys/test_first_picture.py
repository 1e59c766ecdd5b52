"""What a stranger's browser shows first: it stays where it is, and says what the page is for."""

import pytest
from person import Meet, Person

from publicmeeting.text import home

PUBLIC = ("/", "/request/", "/track/", "/verify/", "/rules/", "/draws/")
SHIFTED_MOST = 0.01
_WATCH = """
window.shifts = [];
const said = ({node}) => String(node && (node.outerHTML || node.data)).slice(0, 90);
new PerformanceObserver((list) => list.getEntries().forEach(
  (one) => window.shifts.push([one.value, ...one.sources.map(said)])
)).observe({type: "layout-shift", buffered: true});
"""

_ORDER = """() => [
  performance.getEntriesByName("first-contentful-paint")[0].startTime,
  Math.min(...performance.getEntriesByType("resource")
    .filter(({name}) => name.endsWith(".js")).map((one) => one.startTime)),
]"""


def settled(person: Person) -> None:
    """The socket has told all it knows, and it has been painted."""
    person.is_alive()
    person.page.wait_for_load_state("networkidle")
    person.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("path", PUBLIC)
def test_nothing_moves_while_a_page_comes_alive(meet: Meet, path: str, size: str) -> None:
    stranger = meet("stranger", size)
    stranger.page.add_init_script(_WATCH)
    stranger.goes(path)
    settled(stranger)
    shifts = stranger.page.evaluate("window.shifts")
    assert sum(value for value, *_ in shifts) <= SHIFTED_MOST, shifts


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
    stranger.sees(home.NAME.format(district="۶"))


def test_scripts_wait_for_the_first_paint(meet: Meet) -> None:
    stranger = meet("stranger")
    stranger.goes("/track/")
    painted, begun = stranger.page.evaluate(_ORDER)
    assert 0 < painted <= begun


def test_the_whole_look_is_there_without_scripts(meet: Meet) -> None:
    """What a page does not show at once is dressed, too."""
    reader = meet("reader", java_script_enabled=False)
    reader.page.goto("/")
    sheets = reader.page.evaluate("[...document.styleSheets].filter((one) => one.href).length")
    assert sheets == 1
