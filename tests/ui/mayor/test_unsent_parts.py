"""What a press without a network says of itself: its time, and what of its sheet has arrived."""

import pytest
from support.browser_scripts import Scripts
from support.tablet_scripts import BROWSER, INK, OVERTAKEN


def run(scripts: Scripts, what: str) -> object:
    return scripts.run(f"async () => {{ {BROWSER} {what} }}")


LONG = """
  const long = { ...stroke, id: "bb" };
  const no = () => Response.json({ error: "long" }, { status: 422 });
  const refuse = ({ add }) => add.some(({ id }) => id === "bb") && no();
  for (let n = 0; n < 9; n += 1) ways.push(refuse);
"""


def test_a_press_whose_stroke_is_refused_waits_until_the_official_sends_it_without(
    scripts: Scripts,
) -> None:
    """Too long a stroke is on no order unseen: the press shows it, with the reason."""
    seen = run(
        scripts,
        f"""{OVERTAKEN} {INK} {LONG}
        page = 1;
        pad(1).take([long]);
        const one = tab();
        one.add(end);
        await one.send();
        const [{{ words, strokes, isCut }}] = one.all(), early = sent.length;
        await one.send();
        return {{ early, words, isCut, strokes: strokes.map(({{ id }}) => id), sent, asked,
          left: left(), codes: codes(one) }};""",
    )
    assert seen == {
        "early": 0,
        "words": "long",
        "isCut": True,
        "strokes": ["bb"],
        "sent": ["7"],
        "asked": [False],
        "left": [],
        "codes": [],
    }


def test_a_form_that_waits_for_a_refused_stroke_is_not_sent_by_itself(scripts: Scripts) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN} {INK} {LONG}
        const open = pad(2);
        open.take([long]);
        const first = await open.send();
        return [first, await open.send(), open.isKept];""",
    )
    assert seen == [False, True, True]


@pytest.mark.parametrize("text", ["lamp", "road"])
def test_a_text_that_is_on_the_order_is_not_called_overtaken(scripts: Scripts, text: str) -> None:
    """It had arrived, and only the answer was lost; another text is on no order."""
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        stored.delete(shelf("add:aa"));
        order.text = "{text}";
        answers.push({{ ...done, state: "before" }});
        const one = tab();
        one.add(end);
        await one.send();
        return [asked, left()];""",
    )
    is_on = text == "lamp"
    assert seen == [[not is_on], [] if is_on else ["sheet:/ink/7:owner:words:text"]]


def test_a_text_that_is_on_the_order_is_written_on_no_second_sheet(scripts: Scripts) -> None:
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        order.text = "lamp";
        const open = pad(1);
        await open.send();
        return [inked.map((ink) => [ink.page, ink.words]), left(), open.page];""",
    )
    assert seen == [[[1, {"text": "lamp"}], [2, {}]], [], 2]


def test_a_press_says_its_time_by_the_clock_of_the_city(scripts: Scripts) -> None:
    """The tablet learns that clock from the answers before; its own may be set later."""
    seen = run(
        scripts,
        f"""{OVERTAKEN}
        const city = globalThis.fetch, bodies = [], day = 86_400_000;
        let date = "none";
        globalThis.fetch = async (address, asked = {{}}) => {{
          const answer = await city(address, asked);
          if (address === "/mayor/unsent") bodies.push(JSON.parse(asked.body));
          answer.headers.set("date", date);
          return answer;
        }};
        const one = tab();
        one.add({{ act: "call_in", code: "7", page: 0 }});
        await one.send();
        date = new Date(Date.now() + 3 * day).toUTCString();
        await pad(2).open();
        one.add({{ act: "call_in", code: "8", page: 0 }});
        await one.send();
        const days = (pressed) => pressed && Math.round((pressed * 1000 - Date.now()) / day);
        return bodies.map(({{ pressed }}) => days(pressed));""",
    )
    assert seen == [0, 3]


def test_a_clock_that_is_set_back_does_not_change_the_order_of_presses(scripts: Scripts) -> None:
    """The network comes for a second and sets the tablet's clock: the list stays as pressed."""
    seen = run(
        scripts,
        """const real = Date.now;
        try {
          const one = tab();
          one.add({ act: "end", code: "7", page: 1 });
          Date.now = () => real() - 60 * 60 * 1000;
          one.add({ act: "call_in", code: "8", page: 0 });
          const held = codes(tab());
          await one.send();
          return [held, sent];
        } finally { Date.now = real; }""",
    )
    assert seen == [["7", "8"], ["7", "8"]]
