"""Whether scripts take over a page without change: which nodes were lost, and what moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from person import Person
from playwright.sync_api import Page, Route

NODES = {"/": 350, "/request/": 130, "/track/": 60, "/verify/": 250, "/rules/": 150, "/draws/": 150}
"""Least number of elements and texts in the first bytes of each page."""
PUBLIC = tuple(NODES)
SHIFTED_MOST = 0.01
"""Limit of the layout shift, as browsers compute it: a tenth of what people notice."""
LETTERS_SHIFTED_MOST = 0.05
"""The limit if the font comes late, because a line further down may break elsewhere."""
_LETTERS = "**/vazirmatn-*.woff2"
_FIRST_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  if (list.getEntriesByName("first-contentful-paint").length) done();
}).observe({type: "paint", buffered: true}))"""
_WATCH = """
window.moves = [];
window.before = [];
const said = ({node, previousRect, currentRect}) => [
  String(node && (node.outerHTML || node.data)).slice(0, 90),
  `${previousRect.top} + ${previousRect.height} → ${currentRect.top} + ${currentRect.height}`,
].join(" ");
new PerformanceObserver((list) => list.getEntries().forEach(
  (one) => window.moves.push([one.value, ...one.sources.map(said)])
)).observe({type: "layout-shift", buffered: true});
document.addEventListener("DOMContentLoaded", () => {
  for (const part of document.querySelectorAll(".page, .demo")) {
    const walk = document.createTreeWalker(part);
    do window.before.push(walk.currentNode); while (walk.nextNode());
  }
});
"""
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
_FOUND = """() => [
  document.getElementById("first-state") ? window.before.length : 0,
  window.before.filter((one) => !one.isConnected)
    .map((one) => String(one.outerHTML || one.data).slice(0, 90)),
  window.moves,
]"""


@dataclass(frozen=True, slots=True)
class Takeover:
    """What scripts did to a page; `nodes` came with its first bytes, 0 if they had no content."""

    nodes: int
    lost: list[str]
    moved: list[object]


def watch(page: Page) -> None:
    """Record changes from the next page on."""
    page.add_init_script(_WATCH)


@contextmanager
def without_letters(stranger: Person) -> Iterator[None]:
    """Block the font, so that whatever moves was moved by scripts."""
    stranger.may_fail("net::ERR_FAILED")
    stranger.page.route(_LETTERS, lambda route: route.abort())
    yield
    stranger.page.unroute(_LETTERS)


@contextmanager
def late_letters(page: Page) -> Iterator[None]:
    """Hold the font back until the page has been painted."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(_LETTERS, hold)
    yield
    page.evaluate(_FIRST_PAINT)
    page.evaluate(_PAINTED)
    assert held
    for one in held:
        one.continue_()
    page.unroute(_LETTERS)


def came_alive(stranger: Person, most: float = SHIFTED_MOST) -> Takeover:
    """Wait until a page is alive and loaded, and return what became of its first nodes.

    `moved` lists movements only if the shift exceeds `most`.
    """
    stranger.settles()
    stranger.page.evaluate(_PAINTED)
    nodes, lost, moves = stranger.page.evaluate(_FOUND)
    shifted = sum(value for value, *_ in moves)
    return Takeover(nodes, lost, moves if shifted > most else [])
