"""Arrow down leads from the search field to the first line found, and to no other line."""

from collections.abc import Iterator

import pytest
from support.browser_scripts import Scripts
from support.drawn_scripts import stub_react
from support.each import for_each
from support.pages import drawn

from publicmeeting.ui.routes import PAGES
from publicmeeting.ui.shell.narrowing import FIND
from publicmeeting.ui.shell.steps.keys import DeskKeys

BROWSER = """
  const listeners = {}, line = { focus: () => { document.activeElement = line; } };
  const around = { dataset: {} };
  const find = {
    id: "find",
    value: "",
    closest: (which) => (which === "[data-found]" && "found" in around.dataset ? around : null),
  };
  const elsewhere = { ...find, id: "seek" };
  globalThis.document = {
    activeElement: find,
    getElementById: () => null,
    querySelectorAll: (which) => (which.includes("desk-list") ? lines : []),
    addEventListener: (name, act) => { listeners[name] = act; },
  };
  let lines = [line];
  mounted(DeskKeys, {}).draw({});
  const presses = (key, target = find) => {
    let isTaken = false;
    const code = key === "/" ? "Slash" : key;
    listeners.keydown({ key, code, target, preventDefault: () => { isTaken = true; } });
    return [isTaken, document.activeElement === line];
  };
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("scripts")
    with Scripts(folder, stub_react(folder), "shell/steps/keys/keys.js") as running:
        yield running


def run(scripts: Scripts, what: str) -> object:
    return scripts.run(f"() => {{ {BROWSER} {what} }}")


@pytest.mark.parametrize(
    ("typed", "found", "leads"),
    [
        ("", None, True),
        ("0512", "0512", True),
        ("0512", None, False),
        ("0512", "05", False),
        ("", "0512", False),
    ],
)
def test_a_line_that_does_not_answer_what_is_typed_is_not_reached(
    scripts: Scripts, typed: str, found: str | None, *, leads: bool
) -> None:
    """A clerk types faster than the list answers; Enter would open the case of somebody else."""
    shown = "" if found is None else f'around.dataset.found = "{found}";'
    seen = run(scripts, f'find.value = "{typed}"; {shown} return presses("ArrowDown");')
    assert seen == [True, leads]


def test_an_empty_list_or_another_field_takes_no_key(scripts: Scripts) -> None:
    assert run(scripts, 'lines = []; return presses("ArrowDown");') == [False, False]
    assert run(scripts, 'return presses("ArrowDown", elsewhere);') == [False, False]


@for_each(page.path for page in PAGES)
def test_a_search_that_hears_keys_tells_what_its_list_shows(path: str) -> None:
    page = drawn()[path]
    searches = DeskKeys.tag in page and f'id:\\"{FIND}\\"' in page
    assert ("data-found" in page) >= searches
