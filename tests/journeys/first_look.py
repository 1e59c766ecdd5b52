"""Whether scripts take a page over as it stands: which nodes they lost, and what moved."""

from dataclasses import dataclass

from playwright.sync_api import Page

NODES = {"/": 350, "/request/": 130, "/track/": 60, "/verify/": 250, "/rules/": 150, "/draws/": 150}
"""Elements and texts that each page has at least in its first bytes."""
PUBLIC = tuple(NODES)
SHIFTED_MOST = 0.01
"""Of the window and its height, as browsers count it: a tenth of what people notice."""
_WATCH = """
window.moves = [];
window.before = [];
const said = ({node}) => String(node && (node.outerHTML || node.data)).slice(0, 90);
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
    """`nodes` had come with the page's first bytes; 0 where they held no content."""

    nodes: int
    lost: list[str]
    moved: list[object]


def watch(page: Page) -> None:
    """From the next page on."""
    page.add_init_script(_WATCH)


def came_alive(page: Page) -> Takeover:
    """What became of a page whose socket has spoken; everything it loads has been loaded."""
    page.wait_for_load_state("networkidle")
    page.evaluate(_PAINTED)
    nodes, lost, moves = page.evaluate(_FOUND)
    shifted = sum(value for value, *_ in moves)
    return Takeover(nodes, lost, moves if shifted > SHIFTED_MOST else [])
