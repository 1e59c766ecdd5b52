"""What a tablet stores for a visitor whose page is not open: sent, shown or ended, never twice."""

from collections.abc import Iterator

import pytest
from support.browser_scripts import Scripts
from support.tablet_scripts import BROWSER, INK, OVERTAKEN

LEFT = """
  const DAY = 86_400_000;
  const dated = (age, owner = "owner") => {
    for (const name of left()) {
      const one = JSON.parse(stored.get(name));
      stored.delete(name);
      const at = Date.now() - age;
      stored.set(name.replace(":owner:", `:${owner}:`), JSON.stringify({ ...one, at }));
    }
  };
  let gives = () => Response.json({ page: 2, strokes: [] });
  const kept = globalThis.fetch, asks = [];
  globalThis.fetch = async (address, asked) => {
    if (!asked.body) asks.push(address);
    return asked.body ? kept(address, asked) : gives();
  };
  const refuses = (status, key) => () => Response.json({ error: "why", key }, { status });
  const one = tab();
  const leftover = new Leftover(one, "gone");
"""
HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    modules = (
        "mayor/offline/table/presses.js",
        "mayor/offline/table/leftover.js",
        "mayor/ink/pad/keeping.js",
    )
    with Scripts(tmp_path_factory.mktemp("scripts"), *modules) as running:
        yield running


def run(scripts: Scripts, what: str) -> object:
    return scripts.run(f"async () => {{ {BROWSER} {OVERTAKEN} {INK} {LEFT} {what} }}")


@pytest.mark.parametrize(("status", "key"), [(404, "not_found"), (403, "not_your_role")])
def test_what_nobody_accepts_any_more_moves_into_the_list_of_unsent_work(
    scripts: Scripts, status: int, key: str
) -> None:
    """The visitor's district was changed: the official reads it, and it stops no press."""
    seen = run(
        scripts,
        f"""dated({HOUR});
        gives = refuses({status}, "{key}");
        await leftover.send("");
        one.add({{ act: "call_in", code: "8", page: 0 }});
        await one.send();
        await leftover.send("");
        const [{{ act, words, texts, strokes }}] = one.all();
        return {{ act, words, texts, strokes: strokes.length, codes: codes(one), sent,
          left: left(), asks, isOpen: pad(2).unsent.add.length }};""",
    )
    assert seen == {
        "act": "written",
        "words": "gone",
        "texts": {"text": "lamp"},
        "strokes": 1,
        "codes": ["7"],
        "sent": ["8"],
        "left": [],
        "asks": ["/ink/7?owner=owner"],
        "isOpen": 0,
    }


@pytest.mark.parametrize(
    "answer",
    ['refuses(403, "other_official")', 'refuses(401, "session_ended")'],
)
def test_what_another_official_on_this_tablet_is_refused_stays_with_its_writer(
    scripts: Scripts, answer: str
) -> None:
    seen = run(
        scripts,
        f"""dated(20 * DAY);
        gives = {answer};
        await leftover.send("");
        return [codes(one), left().length, inked.length];""",
    )
    assert seen == [[], 2, 0]


def test_a_page_that_is_no_answer_of_the_city_ends_nothing(scripts: Scripts) -> None:
    seen = run(
        scripts,
        f"""dated({HOUR});
        const pages = [408, 404, 502, 200, 403].map(page_of);
        gives = () => (pages.shift() ?? refuses(404, "not_found"))();
        const work = leftover.send("");
        const before = [codes(one).length, left().length];
        await work;
        return [before, asks.length, codes(one)];""",
    )
    assert seen == [[0, 2], 6, ["7"]]


def test_strokes_for_a_visitor_who_is_still_this_mayors_arrive_and_texts_wait_for_their_page(
    scripts: Scripts,
) -> None:
    """An older text would replace, unseen, what another tablet has written since."""
    seen = run(
        scripts,
        f"""dated({HOUR});
        await leftover.send("");
        const [ink] = inked, left_of = left().map((name) => name.split(":").at(-2));
        return {{ page: ink.page, add: ink.add.length, words: ink.words,
          left: left_of, codes: codes(one) }};""",
    )
    assert seen == {"page": 2, "add": 1, "words": {}, "left": ["words"], "codes": []}


@pytest.mark.parametrize(
    ("age", "here", "add"),
    [(5000, "", ""), (HOUR, "/ink/7", ""), (HOUR, "", "one.add(end);")],
)
def test_the_open_sheet_and_a_waiting_press_send_their_own(
    scripts: Scripts, age: int, here: str, add: str
) -> None:
    seen = run(
        scripts,
        f"""dated({age}); {add}
        await leftover.send("{here}");
        return [asks, left().length];""",
    )
    assert seen == [[], 2]


@pytest.mark.parametrize(
    ("age", "owner", "codes", "left"),
    [
        (15 * DAY, "owner", ["7"], 0),
        (13 * DAY, "owner", [], 1),
        (4000 * DAY, "owner", [], 2),
        (-3 * DAY, "owner", [], 2),
        (15 * DAY, "other", [], 2),
        (4000 * DAY, "other", [], 2),
    ],
)
def test_what_is_stored_ends_after_two_weeks_but_not_because_a_clock_was_wrong(
    scripts: Scripts, age: int, owner: str, codes: list[str], left: int
) -> None:
    seen = run(
        scripts,
        f"""dated({age}, "{owner}");
        await leftover.send("");
        return [codes(one), left().length];""",
    )
    assert seen == [codes, left]


@pytest.mark.parametrize(
    ("days", "after", "left"),
    [
        (13, "", 2),
        (15, "", 0),
        (15, "for (const name of left()) redated(name);", 2),
        (15, "gives = page_of(200);", 2),
        (15, "gives = () => { throw new Error(); };", 2),
    ],
)
def test_what_another_official_has_left_ends_by_the_clock_of_the_city(
    scripts: Scripts, days: int, after: str, left: int
) -> None:
    """Two weeks after it was found: not if more was written on it, and not by a sign-in page."""
    seen = run(
        scripts,
        f"""const answers_at = (now) => {{
          const headers = {{ date: new Date(now).toUTCString() }};
          const body = {{ error: "why", key: "other_official" }};
          gives = () => Response.json(body, {{ status: 403, headers }});
        }};
        const redated = (name) => stored.set(name, stored.get(name).replace(/\\d+}}$/, "9}}"));
        dated(40 * DAY, "other");
        answers_at(Date.now());
        await leftover.send("");
        const first = left().length;
        answers_at(Date.now() + {days} * DAY);
        {after}
        await leftover.send("");
        const after = left().length;
        for (const name of left()) stored.delete(name);
        await leftover.send("");
        return [first, after, [...stored.keys()].filter((name) => name.startsWith("found:"))];""",
    )
    assert seen == [2, left, []]


def test_what_another_official_has_left_is_not_deleted_by_a_clock_set_without_a_network(
    scripts: Scripts,
) -> None:
    """The page knows the city's clock from before. The tablet's is three weeks ahead since then."""
    seen = run(
        scripts,
        f"""const headers = {{ date: new Date().toUTCString() }};
        const body = {{ error: "why", key: "other_official" }};
        gives = () => Response.json(body, {{ status: 403, headers }});
        dated({HOUR}, "other");
        await leftover.send("");
        const real = Date.now;
        try {{
          Date.now = () => real() + 21 * DAY;
          gives = () => {{ throw new TypeError("no network"); }};
          await leftover.send("");
          gives = () => new Response("<html>", {{ status: 200, headers }});
          await leftover.send("");
        }} finally {{ Date.now = real; }}
        return left().length;""",
    )
    assert seen == 2


def test_a_date_that_a_full_storage_does_not_take_holds_no_page_open(scripts: Scripts) -> None:
    """Nothing of this official is unsaved, so the browser has nothing to ask."""
    seen = run(
        scripts,
        f"""const headers = {{ date: new Date().toUTCString() }}, events = [];
        gives = () => Response.json({{ error: "why" }}, {{ status: 403, headers }});
        dated({HOUR}, "other");
        window.addEventListener = (name) => events.push(name);
        isFull = true;
        await leftover.send("");
        return [events, left().length];""",
    )
    assert seen == [[], 2]


def test_a_stroke_that_is_too_long_moves_into_the_list_with_the_reason(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """dated(60 * 60 * 1000);
        ways.push(() => Response.json({ error: "long" }, { status: 422 }));
        await leftover.send("");
        const [{ act, words, strokes }] = one.all();
        return [act, words, strokes.map(({ id }) => id), left().length];""",
    )
    assert seen == ["written", "long", ["aa"], 1]


def test_strokes_of_two_weeks_ago_are_shown_and_not_sent(scripts: Scripts) -> None:
    """They may be on an order: the city remembers issued strokes no longer than that."""
    seen = run(
        scripts,
        f"""dated({15 * DAY});
        await leftover.send("");
        const [{{ texts, strokes }}] = one.all();
        return [inked.length, texts, strokes.map(({{ id }}) => id), left(), asks.length];""",
    )
    assert seen == [0, {"text": "lamp"}, ["aa"], [], 1]
