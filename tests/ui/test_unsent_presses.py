"""Two tabs of one tablet, one list of unsent presses: each is sent once, and none is forgotten."""

import pytest
from support.browser_scripts import Scripts

BROWSER = """
  const stored = new Map(), queues = new Map();
  globalThis.window = { addEventListener() {}, removeEventListener() {} };
  globalThis.localStorage = {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, text) => {
      if (isFull) throw new Error("full");
      stored.set(name, text);
    },
    removeItem: (name) => stored.delete(name),
  };
  let isFull = false, wanted = 0;
  const request = (name, ...given) => {
    const deliver = given.at(-1);
    if (given.length > 1 && given[0].ifAvailable && wanted) return Promise.resolve(deliver(null));
    wanted += 1;
    const turn = (queues.get(name) ?? Promise.resolve()).then(async () => {
      try { return await deliver({}); } finally { wanted -= 1; }
    });
    queues.set(name, turn.catch(() => {}));
    return turn;
  };
  const navigator = { onLine: true, locks: { request } };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const sent = [], answers = [];
  globalThis.fetch = async (address, { body } = {}) => {
    if (address !== "/mayor/unsent") return Response.json({ page: 1, strokes: [] });
    await answers.shift();
    sent.push(JSON.parse(body).code);
    return Response.json({ state: "done", words: "", key: "" });
  };
  const later = () => {
    let come;
    answers.push(new Promise((done) => { come = done; }));
    return come;
  };
  const tab = () => new Presses("owner", () => {});
  const codes = (one) => one.all().map(({ code }) => code);
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    module = "mayor/offline/table/presses.js"
    with Scripts(tmp_path_factory.mktemp("scripts"), module) as running:
        yield running


def run(scripts: Scripts, what: str):
    return scripts.run(f"async () => {{ {BROWSER} {what} }}")


def test_what_another_tab_has_sent_is_unsent_in_none(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """const [one, other] = [tab(), tab()];
        one.add({ act: "call_in", code: "7", page: 0 });
        const before = codes(other);
        await other.send();
        const after = codes(one);
        await one.send();
        return { before, after, sent };""",
    )
    assert seen == {"before": ["7"], "after": [], "sent": ["7"]}


def test_a_page_that_comes_while_another_sends_sends_what_that_one_leaves(
    scripts: Scripts,
) -> None:
    """The mayor goes to the next visitor in the moment in which the network is back."""
    seen = run(
        scripts,
        """const come = later();
        const old = tab();
        old.add({ act: "call_in", code: "7", page: 0 });
        await new Promise((done) => setTimeout(done, 2));
        old.add({ act: "end", code: "8", page: 1 });
        const first = old.send();
        const next = tab(), second = next.send();
        old.stop();
        come();
        await first;
        await second;
        return { sent, left: codes(next) };""",
    )
    assert seen == {"sent": ["7", "8"], "left": []}


def test_a_store_that_is_full_loses_no_press_of_this_page(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """const one = tab();
        one.add({ act: "call_in", code: "7", page: 0 });
        await new Promise((done) => setTimeout(done, 2));
        isFull = true;
        one.add({ act: "end", code: "7", page: 1 });
        const held = codes(one);
        await one.send();
        return { held, sent, left: codes(one) };""",
    )
    assert seen == {"held": ["7", "7"], "sent": ["7", "7"], "left": []}
