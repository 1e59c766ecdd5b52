"""Two tabs of a tablet share one list of unsent presses: each is sent once, none is forgotten."""

from pathlib import Path

import pytest
from support.browser_scripts import Scripts, copy_scripts
from support.tablet_scripts import BROWSER, INK, OVERTAKEN


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
    """The mayor goes to the next visitor just when the network is back."""
    seen = run(
        scripts,
        """const come = later();
        const old = tab();
        old.add({ act: "call_in", code: "7", page: 0 });
        await pause();
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
        await pause();
        isFull = true;
        one.add({ act: "end", code: "7", page: 1 });
        const held = codes(one);
        await one.send();
        return { held, sent, left: codes(one) };""",
    )
    assert seen == {"held": ["7", "7"], "sent": ["7", "7"], "left": []}


def test_a_press_that_another_tab_makes_beside_a_full_storage_is_not_overwritten(
    scripts: Scripts, tmp_path: Path
) -> None:
    """One tab's press lives in its memory; the storage has room again when the other presses."""
    copy_scripts(tmp_path)
    seen = run(
        scripts,
        f"""const second = await import("{tmp_path}/mayor/offline/table/presses.js");
        const one = tab(), other = new second.Presses("owner", () => {{}});
        isFull = true;
        one.add({{ act: "end", code: "7", page: 1 }});
        isFull = false;
        await pause();
        other.add({{ act: "end", code: "8", page: 1 }});
        await pause();
        one.add({{ act: "call_in", code: "9", page: 0 }});
        const held = [codes(one), codes(other)];
        await other.send();
        await one.send();
        return {{ held, sent, left: codes(other) }};""",
    )
    assert seen == {"held": [["7", "8", "9"], ["8", "9"]], "sent": ["8", "9", "7"], "left": []}


@pytest.mark.parametrize("status", [503, 500, 429])
def test_what_collides_with_another_tablet_is_sent_again_by_itself(
    scripts: Scripts, status: int
) -> None:
    seen = run(
        scripts,
        f"""answers.push({{ status: {status}, key: "version_conflict" }});
        const one = tab();
        one.add({{ act: "call_in", code: "7", page: 0 }});
        await pause();
        one.add({{ act: "end", code: "7", page: 1 }});
        await one.send();
        return {{ sent, left: codes(one), lost: one.lost }};""",
    )
    assert seen == {"sent": ["7", "7", "7"], "left": [], "lost": ""}


@pytest.mark.parametrize("answer", ["{ status: 408 }", "{ status: 403 }", "{}"])
def test_what_is_no_answer_of_the_city_refuses_no_press(scripts: Scripts, answer: str) -> None:
    """A slow line, a proxy, or the sign-in page of a network."""
    seen = run(
        scripts,
        f"""answers.push({answer});
        const one = tab();
        one.add({{ act: "end", code: "7", page: 1 }});
        await one.send();
        return {{ sent, left: codes(one), lost: one.lost }};""",
    )
    assert seen == {"sent": ["7", "7"], "left": [], "lost": ""}


@pytest.mark.parametrize(
    "answer",
    [
        '{ state: "refused", words: "why", key: "not_your_role" }',
        '{ status: 422, error: "why", key: "form_broken" }',
        '{ status: 413, error: "why" }',
    ],
)
def test_what_is_not_taken_stays_with_its_words_until_it_is_dropped_by_hand(
    scripts: Scripts, answer: str
) -> None:
    seen = run(
        scripts,
        f"""answers.push({answer});
        const one = tab();
        one.add({{ act: "end", code: "7", page: 1, texts: {{ text: "lamp" }} }});
        await pause();
        one.add({{ act: "call_in", code: "8", page: 0 }});
        await one.send();
        const [first, second] = one.all();
        one.drop(first, true);
        await one.send();
        return {{ sent, why: first.words, text: first.texts.text, waits: second.words,
          left: codes(one), hasDropped: one.hasDropped }};""",
    )
    assert seen == {
        "sent": ["7", "8"],
        "why": "why",
        "text": "lamp",
        "left": [],
        "hasDropped": True,
    }


def test_what_was_written_and_refused_is_asked_about_and_ends_no_meeting(scripts: Scripts) -> None:
    """Text that the city will never accept leaves the tablet with the press that is dropped."""
    seen = run(
        scripts,
        """const words = "sheet:/ink/7:owner:words:text", other = "sheet:/ink/8:owner:words:text";
        stored.set(words, JSON.stringify({ value: "lamp", at: 1 }));
        stored.set(other, JSON.stringify({ value: "road", at: 1 }));
        inkIs = 403;
        answers.push({ state: "refused", words: "why", key: "not_your_role" });
        const one = tab();
        one.add({ act: "end", code: "7", page: 1 });
        await one.send();
        const stays = stored.has(words);
        one.drop(one.all()[0], true);
        return { asked, stays, after: stored.has(words), other: stored.has(other) };""",
    )
    assert seen == {"asked": [True], "stays": True, "after": False, "other": True}


def test_another_who_signs_in_on_the_tablet_sees_that_something_is_left_and_sends_nothing(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        """const one = tab();
        one.add({ act: "end", code: "7", page: 1 });
        answers.push({ status: 403, key: "other_official" });
        await one.send();
        const next = tab("next");
        await next.send();
        return { lost: one.lost, left: codes(one), others: next.others(), mine: one.others(),
          hers: codes(next), sent };""",
    )
    assert seen == {
        "lost": "other_official",
        "left": ["7"],
        "others": 1,
        "mine": 0,
        "hers": [],
        "sent": ["7"],
    }


def test_what_another_tablet_was_earlier_with_stays_with_its_strokes_and_stops_nobody(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        answers.push(refused);
        const one = tab();
        one.add(end);
        await pause();
        one.add({{ act: "call_in", code: "8", page: 0 }});
        await one.send();
        await one.send();
        const [first] = one.all();
        const {{ words: why, strokes, texts }} = first, before = codes(one);
        one.drop(first, true);
        const pages = inked.map((ink) => ink.page);
        return {{ codes: before, why, strokes, texts, sent, asked, pages, left: left(),
          after: codes(one) }};""",
    )
    assert seen == {
        "codes": ["7"],
        "why": "why",
        "strokes": [{"id": "aa", "colour": "blue", "dots": [[1, 2, 1]]}],
        "texts": {"text": "lamp"},
        "sent": ["7", "8"],
        "asked": [True, False],
        "pages": [1],
        "left": [],
        "after": [],
    }


def test_a_call_that_is_too_late_leaves_what_was_written_to_the_end_after_it(
    scripts: Scripts,
) -> None:
    """The day was over when the network came back: the strokes stay with their own press."""
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        page = 1;
        const over = {{ state: "refused", words: "over", key: "day_ended" }};
        answers.push(over, over);
        const one = tab();
        one.add({{ act: "call_in", code: "7", page: 1 }});
        await pause();
        one.add(end);
        await one.send();
        return {{ sent, strokes: one.all().map((press) => press.strokes?.length ?? 0),
          codes: codes(one), left: left() }};""",
    )
    assert seen == {"sent": ["7", "7"], "strokes": [0, 1], "codes": ["7", "7"], "left": []}


@pytest.mark.parametrize("opened", [1, 2])
def test_the_open_sheet_sends_nothing_of_a_press_to_the_next_one(
    scripts: Scripts, opened: int
) -> None:
    """Text stored for a press does not belong to the sheet that is open when it is sent.

    That visitor's page may be open when the network comes back, or opened before the press is sent.
    """
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        answers.push(refused);
        const one = tab();
        one.add(end);
        const open = pad({opened});
        await open.send();
        const shown = await open.open();
        await open.send();
        await one.send();
        open.write({{ text: "road" }});
        await open.send();
        return {{ shown, lamp: inked.filter((ink) => ink.page === 2 && ink.words.text === "lamp"),
          strokes: inked.filter((ink) => ink.page === 2 && ink.add.length),
          road: inked.at(-1).words.text, page: inked.at(-1).page, left: left() }};""",
    )
    assert seen == {
        "shown": [],
        "lamp": [],
        "strokes": [],
        "road": "road",
        "page": 2,
        "left": [],
    }


def test_what_has_arrived_by_another_tab_is_written_on_no_second_sheet(scripts: Scripts) -> None:
    """Two tabs send the same, and the sheet is issued before the second one's text arrives.

    Text written after it goes on.
    """
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        const open = pad(1);
        const sending = open.send();
        open.hear({{ page: 1, arrived: {{ add: [stroke], drop: [], words: {{ text: "lamp" }} }} }});
        open.write({{ promise: "road" }});
        await sending;
        return {{ second: inked.filter((ink) => ink.page === 2), left: left() }};""",
    )
    assert [(ink["add"], ink["words"]) for ink in seen["second"]] == [([], {"promise": "road"})]
    assert seen["left"] == []


def test_what_was_written_for_a_press_that_counts_no_sheet_says_how_long_ago_it_was(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        const one = tab();
        one.add({{ ...end, page: 0 }});
        one.mark(one.all()[0], {{ at: Date.now() - 60_000 }});
        await one.send();
        return inked.map(({{ page, ago }}) => [page, ago]);""",
    )
    assert seen == [[0, 60]]


def test_a_city_that_is_too_busy_loses_no_stroke(scripts: Scripts) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        inkIs = 429;
        const open = pad(2);
        const sending = open.send();
        await pause();
        const waiting = left().length;
        inkIs = 200;
        await sending;
        return {{ waiting, left: left(), last: inked.at(-1).words.text }};""",
    )
    assert seen == {"waiting": 2, "left": [], "last": "lamp"}


def test_a_press_waits_for_what_its_page_has_begun_to_send(scripts: Scripts) -> None:
    """An older text that arrives after the newer one would be on the order."""
    seen = run(
        scripts,
        f"""{OVERTAKEN} {INK}
        page = 1;
        globalThis.setTimeout = (go, pause) => soon(go, pause / 10);
        let come;
        ways.push(() => new Promise((go) => {{ come = () => go(null); }}));
        const open = pad(1), one = tab();
        open.write({{ text: "la" }});
        const typing = open.send();
        await pause();
        open.write({{ text: "lamp" }});
        one.add(end);
        const pressing = one.send();
        for (let n = 0; n < 5; n += 1) await pause();
        const early = sent.length, texts = took.map((ink) => ink.words.text);
        come();
        await Promise.all([typing, pressing]);
        return {{ early, texts, last: took.at(-1).words.text, sent, left: left() }};""",
    )
    assert seen == {"early": 0, "texts": ["lamp"], "last": "lamp", "sent": ["7"], "left": []}


def test_what_waits_for_the_network_is_sent_as_it_is_then(scripts: Scripts) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        page = 1;
        navigator.onLine = false;
        const open = pad(1);
        open.write({{ text: "la" }});
        const sending = open.send();
        open.write({{ text: "lamp" }});
        navigator.onLine = true;
        await sending;
        return inked.map((ink) => ink.words.text);""",
    )
    assert seen == ["lamp"]


@pytest.mark.parametrize("status", [408, 200, 403, 413])
def test_what_is_no_answer_of_the_city_loses_no_stroke(scripts: Scripts, status: int) -> None:
    """A slow line, a proxy, or the sign-in page of a network."""
    seen = run(
        scripts,
        f"""{OVERTAKEN} {INK}
        ways.push(page_of({status}));
        const open = pad(2);
        await open.send();
        return took.map(({{ add, words }}) => [add.length, words.text]);""",
    )
    assert seen == [[1, "lamp"]]


def test_a_stroke_that_is_refused_takes_nothing_else_with_it(scripts: Scripts) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN} {INK}
        const long = {{ ...stroke, id: "bb" }};
        const no = () => Response.json({{ error: "long" }}, {{ status: 422 }});
        const refuse = ({{ add }}) => add.some(({{ id }}) => id === "bb") && no();
        for (let n = 0; n < 9; n += 1) ways.push(refuse);
        const errors = [];
        const note = ({{ error }}) => errors.push(error);
        const open = new Keeping("/ink/7", 2, "owner", note, () => {{}});
        open.take([long]);
        open.drop(["cc"]);
        await open.send();
        return {{ strokes: took.flatMap((ink) => ink.add.map(({{ id }}) => id)),
          drops: took.flatMap((ink) => ink.drop),
          texts: took.flatMap((ink) => ink.words.text ?? []),
          error: errors.at(-1), left: left() }};""",
    )
    assert seen == {
        "strokes": ["aa"],
        "drops": ["cc"],
        "texts": ["lamp"],
        "error": "long",
        "left": [],
    }


def test_what_another_tab_has_delivered_is_not_sent_again_after_a_refusal(scripts: Scripts) -> None:
    """The session ended here, and the mayor goes on in another tab."""
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        inkIs = 401;
        const open = pad(2);
        await open.send();
        inkIs = 200;
        open.hear({{ page: 2, arrived: {{ add: [stroke], drop: [], words: {{ text: "lamp" }} }} }});
        await open.send();
        return {{ times: inked.length, kept: open.isKept }};""",
    )
    assert seen == {"times": 1, "kept": True}


def test_a_stroke_that_is_put_back_goes_to_the_next_sheet_if_its_own_was_issued(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        page = 1;
        const open = pad(1);
        await open.send();
        open.hear({{ page: 1, arrived: {{ add: [stroke], drop: [], words: {{}} }} }});
        open.drop(["aa"]);
        await open.send();
        page = 2;
        open.add([stroke]);
        await open.send();
        return inked.slice(2).map((ink) => [ink.page, ink.add.length]);""",
    )
    assert seen == [[1, 1], [2, 1]]


def test_a_stroke_that_arrives_while_the_sheet_is_read_stays_in_sight(scripts: Scripts) -> None:
    """The city reads the sheet first, but its answer comes last."""
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        let keeps;
        const gives = [];
        const city = globalThis.fetch;
        globalThis.fetch = (address, asked = {{}}) => new Promise((go) => {{
          const answer = () => go(city(address, asked));
          if (asked.body) keeps = answer;
          else gives.push(() => go(Response.json({{ page: 2, strokes: [] }})));
        }});
        const open = pad(2);
        const sending = open.send(), opening = open.open(), again = open.open();
        await pause();
        keeps();
        await sending;
        gives.forEach((give) => give());
        return [await opening, await again].map((strokes) => strokes.map(({{ id }}) => id));""",
    )
    assert seen == [["aa"], ["aa"]]


def test_a_sheet_that_is_left_while_it_is_sent_tells_the_other_tabs_and_shows_nothing(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        const heard = [], shown = [];
        const real = globalThis.BroadcastChannel;
        globalThis.BroadcastChannel = globalThis.window.BroadcastChannel = class {{
          postMessage({{ arrived }}) {{
            if (this.isClosed) throw new Error("closed");
            if (arrived) heard.push(arrived.add.length);
          }}
          close() {{
            this.isClosed = true;
          }}
        }};
        const old = new Keeping("/ink/7", 2, "owner", (one) => shown.push(one.state), () => {{}});
        const sending = old.send();
        old.stop();
        await sending;
        await pause();
        globalThis.BroadcastChannel = real;
        return {{ heard, shown, isClosed: old.others.isClosed }};""",
    )
    assert seen == {"heard": [1], "shown": [], "isClosed": True}
