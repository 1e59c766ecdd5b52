"""What a stranger's browser shows first: it stays where it is, and says what the page is for."""

import pytest
from person import Meet, Person

PUBLIC = ("/", "/request/", "/track/", "/verify/", "/rules/", "/draws/")
SHIFTED_MOST = 0.01
_WATCH = """
window.shifts = [];
const said = ({node}) => String(node && (node.outerHTML || node.data)).slice(0, 90);
new PerformanceObserver((list) => list.getEntries().forEach(
  (one) => window.shifts.push([one.value, ...one.sources.map(said)])
)).observe({type: "layout-shift", buffered: true});
"""


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
