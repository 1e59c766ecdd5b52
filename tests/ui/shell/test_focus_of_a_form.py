"""A closed form of a desk gives the focus back to its button, however late the page draws it."""

from collections.abc import Iterator

import pytest
from support.browser_scripts import Scripts
from support.drawn_scripts import stub_react

BROWSER = """
  const listeners = {}, there = {}, timers = [];
  const element = (id, parts = []) => ({
    id,
    focus: () => { document.activeElement = there[id]; },
    contains: (other) => [id, ...parts].includes(other.id),
    closest: () => there[id] ?? { id },
  });
  const shows = (...ids) => {
    for (const id of Object.keys(there)) delete there[id];
    for (const id of ids) there[id] = element(id);
  };
  const body = element("body", ["key-1", "key-2", "step-note"]);
  globalThis.document = {
    body,
    activeElement: body,
    getElementById: (id) => there[id] ?? null,
    addEventListener: (name, act) => { listeners[name] = act; },
    removeEventListener: (name) => { delete listeners[name]; },
  };
  let changes = () => {};
  globalThis.MutationObserver = class {
    constructor(act) { this.act = act; }
    observe() { changes = this.act; }
    disconnect() { changes = () => {}; }
  };
  globalThis.setTimeout = (act) => timers.push(act);
  mounted(DeskKeys, {}).draw({});
  const presses = (id) => listeners.click({ target: element(id) });
  const focused = () => document.activeElement.id;
  shows("key-1", "key-2");
  presses("key-2");
  shows("cancel-step", "send-step");
  presses("cancel-step");
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("scripts")
    with Scripts(folder, stub_react(folder), "shell/steps/keys/keys.js") as running:
        yield running


def run(scripts: Scripts, what: str) -> object:
    return scripts.run(f"() => {{ {BROWSER} {what} }}")


def test_on_a_slow_line_the_focus_waits_for_the_button_that_opened_the_form(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        """const steps = [];
        for (const shown of [["cancel-step"], [], ["key-1"], ["key-1", "key-2"]]) {
          shows(...shown);
          changes();
          steps.push(focused());
        }
        document.activeElement = body;
        changes();
        return [steps, focused()];""",
    )
    assert seen == [["body", "body", "body", "key-2"], "body"]


def test_a_part_around_the_buttons_that_has_the_lost_focus_gives_it_on(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """document.activeElement = element("bar", ["key-1", "key-2"]);
        shows("key-1", "key-2");
        changes();
        return focused();""",
    )
    assert seen == "key-2"


@pytest.mark.parametrize(
    "meanwhile", ['document.activeElement = element("find")', "timers.forEach((act) => act())"]
)
def test_a_user_who_went_on_or_waited_too_long_stays_where_she_is(
    scripts: Scripts, meanwhile: str
) -> None:
    seen = run(
        scripts,
        f"""{meanwhile};
        const before = focused();
        shows("key-1", "key-2");
        changes();
        return focused() === before;""",
    )
    assert seen is True
