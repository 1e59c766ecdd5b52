"""Presses and typed texts of a page that has lost its connection or is being left."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.browser_scripts import Scripts

REACT = """export const createElement = () => null, useContext = () => [0, globalThis.lost];
export const useEffect = (go) => go(), useRef = () => ({ current: globalThis.anything });
export const useState = (value) => [value, () => {}], useLocation = () => ({ pathname: "/" });
"""
REGISTRY = """export const EventLoopContext = {}, eventLoop = {};
globalThis.eventLoop = eventLoop;
"""
PAGE = """(presses) => {
  globalThis.anything = new Proxy(() => {}, {
    get: (_, name) => name === Symbol.toPrimitive ? () => 0 : globalThis.anything,
    apply: () => globalThis.anything,
  });
  Object.assign(globalThis, {
    lost: ["lost"], window: globalThis, document: globalThis.anything, addEventListener() {},
    getComputedStyle: () => ({}), ResizeObserver: class { observe() {} },
  });
  const asked = [];
  const waits = new Set();
  eventLoop.addEvents = (events) => { asked.push([events].flat().map(({ name }) => name)); };
  AtThumb({ waits: "waits", sends: "", fails: "", children: [] });
  const button = {
    dataset: {}, getAttribute: () => null, setAttribute() {}, closest: () => button,
  };
  for (const names of presses) {
    globalThis.event = { type: "click", target: button };
    eventLoop.addEvents(names.map((name) => ({ name })));
    waits.add(button.dataset.waits ?? "");
  }
  return { asked, waits: [...waits] };
}"""


@pytest.fixture
def scripts(tmp_path: Path) -> Iterator[Scripts]:
    (tmp_path / "utils").mkdir()
    (tmp_path / "utils" / "context-registry.js").write_text(REGISTRY, encoding="utf-8")
    (tmp_path / "react.js").write_text(REACT, encoding="utf-8")
    paths = {"$/*": ["./*"], "react": ["./react.js"], "react-router": ["./react.js"]}
    where = {"compilerOptions": {"paths": paths}}
    (tmp_path / "tsconfig.json").write_text(json.dumps(where), encoding="utf-8")
    with Scripts(tmp_path, "utils/context-registry.js", "shell/connection/offline.js") as running:
        yield running


def pressed_twice(scripts: Scripts, *names: str) -> Any:
    """Press one button twice without network; return what the framework is given, and its words."""
    return scripts.run(PAGE, [names, names])


def test_a_dialog_whose_list_is_read_anew_opens_at_every_press(scripts: Scripts) -> None:
    """The mayor reads her stock texts, closes them and opens them again without network."""
    seen = pressed_twice(scripts, "profile.load", "_call_function")
    assert seen == {
        "asked": [["profile.load", "_call_function"], ["_call_function"]],
        "waits": ["waits"],
    }


def test_a_press_of_the_server_alone_is_accepted_once(scripts: Scripts) -> None:
    assert pressed_twice(scripts, "state.end") == {"asked": [["state.end"]], "waits": ["waits"]}


def test_a_press_without_the_server_never_waits(scripts: Scripts) -> None:
    assert pressed_twice(scripts, "_call_function") == {
        "asked": [["_call_function"], ["_call_function"]],
        "waits": [""],
    }


LEAVES = """(ends) => {
  const handlers = {}, seen = [];
  const addEventListener = (name, does) => { handlers[name] = does; };
  globalThis.anything = new Proxy(() => {}, {
    get: (_, name) => name === Symbol.toPrimitive ? () => 0 : globalThis.anything,
    apply: () => globalThis.anything,
  });
  const activeElement = {
    matches: (kinds) => kinds.includes("textarea"),
    dispatchEvent: ({ type, bubbles }) => { seen.push([type, bubbles]); },
  };
  const page = { activeElement, addEventListener, hidden: ends.hidden };
  Object.assign(globalThis, {
    lost: [], window: globalThis, addEventListener, getComputedStyle: () => ({}),
    document: new Proxy({}, { get: (_, name) => page[name] ?? globalThis.anything }),
    ResizeObserver: class { observe() {} },
    FocusEvent: class { constructor(type, more) { Object.assign(this, { type, ...more }); } },
  });
  AtThumb({ waits: "", sends: "", fails: "", children: [] });
  handlers[ends.by]?.({});
  return seen;
}"""


@pytest.mark.parametrize(
    ("by", "hidden", "saves"),
    [("pagehide", False, 1), ("visibilitychange", True, 1), ("visibilitychange", False, 0)],
)
def test_a_text_is_saved_when_its_page_is_left_before_the_pause_in_typing(
    scripts: Scripts, by: str, *, hidden: bool, saves: int
) -> None:
    """As if the field lost the focus, which saves it without waiting for the pause."""
    assert scripts.run(LEAVES, {"by": by, "hidden": hidden}) == [["focusout", True]] * saves
