"""A control that has just come under the finger takes no press, however often he taps."""

from collections.abc import Iterator

import pytest
from support.browser_scripts import Scripts
from support.drawn_scripts import stub_react

BROWSER = """
  let now = 1000, shown = null, changed = null;
  const hears = {}, waiting = new Set(), pressed = [];
  const button = (words) => ({
    dataset: {}, isConnected: true, childNodes: [{ nodeType: 3, data: words }],
    closest() { return this; }, matches: () => false, hasAttribute: () => false,
    getAttribute: () => null, words,
    getBoundingClientRect: () => ({ left: 0, right: 100, top: 0, bottom: 50 }),
  });
  const become = (words) => { shown = button(words); changed(); };
  globalThis.Node = { TEXT_NODE: 3 };
  globalThis.addEventListener = (name, act) => { hears[name] = act; };
  globalThis.requestAnimationFrame = (look) => { look(); return 0; };
  globalThis.MutationObserver = class { constructor(act) { changed = act; } observe() {} };
  globalThis.document = { body: {}, elementFromPoint: () => shown };
  globalThis.performance = { now: () => now };
  globalThis.setTimeout = (act, rest) => {
    const one = { act, at: now + rest };
    waiting.add(one);
    return one;
  };
  globalThis.clearTimeout = (one) => waiting.delete(one);
  const passes = (milliseconds) => {
    now += milliseconds;
    for (const one of [...waiting]) if (one.at <= now && waiting.delete(one)) one.act();
  };
  const taps = () => {
    // Of a fresh control the style rule makes the press go to what lies below it.
    const target = "fresh" in shown.dataset ? { closest: () => null } : shown;
    const place = { clientX: 50, clientY: 25, target };
    hears.pointerdown(place);
    let isTaken = target === shown;
    const stops = { stopImmediatePropagation() {}, preventDefault() { isTaken = false; } };
    hears.click({ ...place, ...stops, detail: 1, timeStamp: now });
    if (isTaken) pressed.push(shown.words);
  };
  mounted(UnderFinger, {}).draw({});
  shown = button("record and end");
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("scripts")
    with Scripts(folder, stub_react(folder), "shell/connection/under_finger.js") as running:
        yield running


@pytest.mark.parametrize(
    ("what", "taken"),
    [
        ("taps(); become('next'); passes(300); taps();", ["record and end"]),
        ("taps(); become('next'); passes(500); taps();", ["record and end"]),
        ("taps(); become('next'); passes(800); taps();", ["record and end", "next"]),
        ("taps(); passes(900); become('next'); passes(500); taps();", ["record and end", "next"]),
        (
            "taps(); become('next'); for (let n = 0; n < 9; n += 1) { passes(500); taps(); }",
            ["record and end"],
        ),
        ("taps(); passes(200); taps();", ["record and end", "record and end"]),
    ],
    ids=["at once", "slowly", "after a pause", "a slow line", "again and again", "the same"],
)
def test_who_goes_on_tapping_presses_nothing_that_he_has_not_read(
    scripts: Scripts, what: str, taken: list[str]
) -> None:
    assert scripts.run(f"async () => {{ {BROWSER} {what} return pressed; }}") == taken
