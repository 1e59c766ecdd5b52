"""A tablet whose line hangs: everything is sent again, in parts, and nothing is doubled."""

import pytest
from support.browser_scripts import Scripts
from support.tablet_scripts import BROWSER, INK, OVERTAKEN

HANGS = """
  // A line that hangs answers nothing, and ends only with the browser's own limit.
  const hangs = (signal) => new Promise((_, fail) => signal?.addEventListener("abort", fail));
  const meanwhile = async (work) => {
    let isDone = false;
    work.then(() => { isDone = true; });
    for (let n = 0; n < 50 && !isDone; n += 1) await pause();
    return isDone;
  };
"""


def run(scripts: Scripts, what: str) -> object:
    return scripts.run(f"async () => {{ {BROWSER} {OVERTAKEN} {INK} {HANGS} {what} }}")


def test_a_line_that_hangs_delays_a_stroke_and_does_not_stop_the_next(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """ways.push((_, signal) => hangs(signal));
        const states = [];
        const open = new Keeping("/ink/7", 2, "owner", ({ state }) => states.push(state), () => {});
        const isDone = await meanwhile(open.send());
        return { isDone, states, took: took.length, left: left() };""",
    )
    assert seen == {"isDone": True, "states": ["waiting", ""], "took": 1, "left": []}


def test_what_is_sent_again_has_a_later_turn_of_the_same_page(scripts: Scripts) -> None:
    """The request that hung may arrive last, and its text is older."""
    seen = run(
        scripts,
        """const asks = [];
        ways.push((body, signal) => { asks.push(body); return hangs(signal); });
        const open = pad(2);
        open.word("text", "lam", true);
        open.word("text", "lamp");
        await meanwhile(open.send());
        asks.push(inked.at(-1));
        const [first, last] = asks;
        return [first.tab === last.tab, Boolean(first.tab), last.turn - first.turn,
          first.words.text, last.words.text];""",
    )
    assert seen == [True, True, 1, "lam", "lamp"]


def test_a_sheet_whose_answer_hangs_is_asked_for_again(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """let asks = 0;
        const line = globalThis.fetch;
        globalThis.fetch = (address, asked) => {
          if (asked.body) return line(address, asked);
          asks += 1;
          return asks === 1 ? hangs(asked.signal) : line(address, asked);
        };
        return [await meanwhile(pad(2).open()), asks];""",
    )
    assert seen == [True, 2]


def test_an_answer_that_ends_in_its_middle_is_no_answer(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """const json = () => Promise.reject(new Error("cut"));
        ways.push(() => ({ status: 200, ok: true, json }));
        const isDone = await meanwhile(pad(2).send());
        return { isDone, took: took.length, left: left() };""",
    )
    assert seen == {"isDone": True, "took": 1, "left": []}


def test_a_press_whose_answer_hangs_is_sent_again_and_the_next_one_after_it(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        """const line = globalThis.fetch;
        let tries = 0;
        globalThis.fetch = (address, asked) => {
          const isPress = address === "/mayor/unsent";
          tries += isPress;
          return isPress && tries === 1 ? hangs(asked.signal) : line(address, asked);
        };
        const one = tab();
        one.add({ act: "call_in", code: "8", page: 0 });
        await pause();
        one.add({ act: "call_in", code: "9", page: 0 });
        return [await meanwhile(one.send()), tries, sent, codes(one)];""",
    )
    assert seen == [True, 3, ["8", "9"], []]


def test_two_presses_of_one_moment_are_two(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """const one = tab(), real = Date.now;
        Date.now = () => 5000;
        for (const code of ["8", "9"]) one.add({ act: "call_in", code, page: 0 });
        Date.now = real;
        one.drop(one.all()[0]);
        return codes(one);""",
    )
    assert seen == ["9"]


def test_an_hour_of_writing_goes_in_parts_that_a_slow_line_delivers_in_time(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        """const long = (id) => ({ id, colour: "blue", dots: Array(1400).fill([1, 2, 1]) });
        const open = pad(2);
        open.take(["bb", "cc", "dd"].map(long));
        open.take([{ ...long("ee"), dots: Array(9000).fill([1, 2, 1]) }]);
        await open.send();
        return [took.map(({ add }) => add.map(({ id }) => id)), took[0].words.text, left()];""",
    )
    assert seen == [[["aa", "bb", "cc"], ["dd"], ["ee"]], "lamp", []]


def test_a_stroke_that_is_on_an_order_already_leaves_the_next_sheet_in_every_tab(
    scripts: Scripts,
) -> None:
    """The answer to it was lost, and the mayor's other tablet issued its sheet."""
    seen = run(
        scripts,
        """ways.push(() => Response.json({ page: 2, gone: ["aa"] }));
        const shown = { here: [], there: [] };
        const follow = (place) => ({ drop }) => shown[place].push(drop);
        const open = new Keeping("/ink/7", 2, "owner", () => {}, follow("here"));
        const other = new Keeping("/ink/7", 2, "owner", () => {}, follow("there"));
        open.others = { postMessage: (message) => other.hear(message) };
        await open.send();
        other.stop();
        return { shown, left: left(), sent: inked.length };""",
    )
    assert seen == {"shown": {"here": [["aa"]], "there": [["aa"]]}, "left": [], "sent": 0}


def test_a_stroke_that_went_while_the_sheet_was_asked_for_is_not_in_sight_again(
    scripts: Scripts,
) -> None:
    """The tablet wakes: it asks for its sheet, and sends what had no answer before."""
    seen = run(
        scripts,
        """ways.push(() => Response.json({ page: 2, gone: ["aa"] }));
        const line = globalThis.fetch;
        let come;
        globalThis.fetch = (address, asked) =>
          asked.body ? line(address, asked) : new Promise((done) => { come = done; });
        const open = pad(2), reading = open.open();
        await open.send();
        come(Response.json({ page: 2, strokes: [] }));
        return (await reading).length;""",
    )
    assert seen == 0


def test_a_full_storage_loses_nothing_while_the_page_is_open_and_asks_before_it_closes(
    scripts: Scripts,
) -> None:
    """The mayor goes on to the next visitor and back, and the line is lost all the time."""
    seen = run(
        scripts,
        """const asks = new Set();
        window.addEventListener = (name, act) => asks.add(name);
        window.removeEventListener = (name) => asks.delete(name);
        const first = pad(2), before = asks.has("beforeunload");
        isFull = true;
        first.take([{ ...stroke, id: "bb" }]);
        first.write({ promise: "road" });
        first.stop();
        const second = pad(2), shown = second.unsent.add.map(({ id }) => id);
        const during = asks.has("beforeunload");
        await second.send();
        const [{ words, add }] = took;
        return { before, during, after: asks.has("beforeunload"), shown, words, add: add.length,
          again: pad(2).unsent.add.length };""",
    )
    assert seen == {
        "before": False,
        "during": True,
        "after": False,
        "shown": ["aa", "bb"],
        "words": {"text": "lamp", "promise": "road"},
        "add": 2,
        "again": 0,
    }


def test_a_storage_that_is_forbidden_holds_a_press_and_its_strokes_as_long_as_the_page(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        """stored.clear();
        Object.defineProperty(globalThis, "localStorage", {
          get: () => { throw new Error("forbidden"); }, configurable: true,
        });
        page = 1;
        pad(1).take([stroke]);
        tab().add(end);
        const next = tab(), waits = codes(next);
        await next.send();
        Object.defineProperty(globalThis, "localStorage", { writable: true, configurable: true });
        return { waits, sent, ink: took.map(({ add }) => add.length), left: codes(next) };""",
    )
    assert seen == {"waits": ["7"], "sent": ["7"], "ink": [1], "left": []}


@pytest.mark.parametrize(("gone", "asks", "left"), [("aa", False, 0), ("bb", True, 1)])
def test_a_press_whose_strokes_are_on_the_order_already_is_not_called_overtaken(
    scripts: Scripts, gone: str, *, asks: bool, left: int
) -> None:
    """Only the answer to the stroke was lost: the mayor must not write it again."""
    seen = run(
        scripts,
        f"""stored.delete(shelf("words:text"));
        ways.push(() => Response.json({{ page: 2, gone: ["{gone}"] }}, {{ status: 409 }}));
        if ({str(asks).lower()}) answers.push(refused);
        const one = tab();
        one.add(end);
        await one.send();
        return [asked, codes(one).length, left()];""",
    )
    assert seen == [[asks], left, []]


def test_what_is_written_while_its_press_is_refused_stays_with_the_press(
    scripts: Scripts,
) -> None:
    """The line hangs after the press; another tablet has issued the sheet."""
    seen = run(
        scripts,
        """const tabs = new Set(), real = globalThis.BroadcastChannel;
        globalThis.BroadcastChannel = globalThis.window.BroadcastChannel = class {
          constructor() {
            tabs.add(this);
          }
          postMessage(data) {
            for (const one of tabs) if (one !== this) one.onmessage({ data });
          }
          close() {
            tabs.delete(this);
          }
        };
        let refuses;
        ways.push(() => new Promise((done) => { refuses = done; }));
        answers.push(refused);
        const one = tab();
        one.add(end);
        const sending = one.send();
        await pause();
        const open = pad(1);
        open.send = () => {};
        open.add([{ id: "bb", colour: "blue", dots: [[3, 4, 1]] }]);
        open.word("text", "lamp and road");
        refuses(Response.json({ page: 2 }, { status: 409 }));
        await sending;
        open.stop();
        globalThis.BroadcastChannel = real;
        const [{ strokes, texts }] = one.all();
        return [strokes.map(({ id }) => id), texts, left()];""",
    )
    assert seen == [["aa", "bb"], {"text": "lamp and road"}, []]
