"""The sheet for handwriting, drawn without a browser: no stroke is lost, none reaches another."""

from collections.abc import Iterator

import pytest
from support.browser_scripts import Scripts
from support.drawn_scripts import stub_react

BROWSER = """
  let cleared = 0;
  const stored = new Map(), heard = {}, drawing = {}, nothing = () => {};
  const listens = (by) => ({
    addEventListener: (name, act) => { by[name] = act; },
    removeEventListener: (name) => { delete by[name]; },
  });
  globalThis.window = listens(heard);
  globalThis.document = { ...listens({}), getElementById: () => null, getElementsByName: () => [] };
  globalThis.localStorage = new Proxy({
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, text) => stored.set(name, text),
    removeItem: (name) => stored.delete(name),
  }, {
    ownKeys: () => [...stored.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
  globalThis.getComputedStyle = () => ({ getPropertyValue: () => "" });
  globalThis.ResizeObserver = class { observe() {} disconnect() {} };
  globalThis.requestAnimationFrame = nothing;
  const navigator = { onLine: true };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const canvas = {
    ...listens(drawing),
    clientWidth: 1072,
    getContext: () => new Proxy({}, {
      get: (_, name) => () => { if (name === "clearRect") cleared += 1; },
      set: () => true,
    }),
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 1072, height: 288 }),
    closest: () => null,
    setPointerCapture: nothing,
    get dataset() {
      return { live: this.props["data-live"] };
    },
  };
  const asked = [], sent = [];
  globalThis.fetch = (address, { body } = {}) => {
    if (body) {
      sent.push([address, JSON.parse(body)]);
      return Promise.resolve(Response.json({ page: JSON.parse(body).page }));
    }
    return new Promise((done) => {
      asked.push((...strokes) => done(Response.json({ page: 1, strokes })));
    });
  };
  const props = {
    action: "/ink/7", page: 1, owner: "owner", live: true, words: {}, saved: [],
    width: 1072, line: 96, nib: 4, lines: 3, deepest: 25, most: 40000,
  };
  const pad = mounted(InkPad, { canvas });
  const pen = (name, x) => drawing[name]({
    pointerType: "pen", pointerId: 1, clientX: x, clientY: 50, pressure: 0.5, buttons: 1,
    timeStamp: x, preventDefault: nothing,
  });
  const settled = () => new Promise((done) => setTimeout(done, 5));
  const shown = () => canvas.props["data-strokes"];
  const xs = ([, { add }]) => add.map(({ dots }) => dots.map(([x]) => x));
  const earlier = { id: "earlier", colour: "blue", dots: [[1, 2, 1]] };
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("scripts")
    modules = stub_react(folder), "mayor/ink/pad/pad.js"
    with Scripts(folder, *modules) as running:
        yield running


def run(scripts: Scripts, what: str) -> object:
    return scripts.run(f"async () => {{ {BROWSER} {what} }}")


def test_a_stroke_that_is_being_written_when_the_sheet_comes_is_kept_whole(
    scripts: Scripts,
) -> None:
    seen = run(
        scripts,
        """pad.draw(props);
        await settled();
        pen("pointerdown", 100);
        pen("pointermove", 200);
        asked[0](earlier);
        await settled();
        pen("pointermove", 300);
        pen("pointerup", 300);
        await settled();
        pad.draw(props);
        return { strokes: shown(), sent: sent.flatMap(xs) };""",
    )
    assert seen == {"strokes": 2, "sent": [[100, 200, 300]]}


def test_a_stroke_that_is_being_written_when_the_page_closes_is_stored(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """pad.draw(props);
        await settled();
        asked[0]();
        await settled();
        globalThis.fetch = () => new Promise(nothing);
        pen("pointerdown", 100);
        pen("pointermove", 200);
        heard.pagehide();
        return [...stored.values()].map((one) => JSON.parse(one).value.dots.map(([x]) => x));""",
    )
    assert seen == [[100, 200]]


@pytest.mark.parametrize("leaves", ['pad.draw({ ...props, action: "/ink/8" })', "pad.away()"])
def test_a_stroke_that_is_being_written_when_the_visitor_changes_is_on_her_own_sheet(
    scripts: Scripts, leaves: str
) -> None:
    seen = run(
        scripts,
        f"""pad.draw(props);
        await settled();
        asked[0](earlier);
        await settled();
        pen("pointerdown", 100);
        pen("pointermove", 200);
        {leaves};
        drawing.pointerup && pen("pointerup", 300);
        await settled();
        return {{ sent: sent.map((one) => [one[0], ...xs(one)]), left: [...stored.keys()] }};""",
    )
    assert seen == {"sent": [["/ink/7", [100, 200]]], "left": []}


@pytest.mark.parametrize(("status", "left"), [(401, 2), (403, 1)])
def test_a_session_that_has_ended_takes_no_stroke_out_of_sight(
    scripts: Scripts, status: int, left: int
) -> None:
    """The mayor would write it again; a sheet of another official is taken away."""
    seen = run(
        scripts,
        f"""const acts = {{}};
        globalThis.document.addEventListener = (name, act) => {{ acts[name] = act; }};
        pad.draw(props);
        await settled();
        asked[0](earlier);
        await settled();
        globalThis.fetch = async () => Response.json({{ error: "no" }}, {{ status: {status} }});
        pen("pointerdown", 100);
        pen("pointerup", 100);
        await settled();
        acts.visibilitychange();
        await settled();
        pad.draw(props);
        return shown();""",
    )
    assert seen == left


def test_nothing_of_a_visitors_sheet_is_in_sight_beside_the_next_one(scripts: Scripts) -> None:
    """The network may be slow just then."""
    seen = run(
        scripts,
        """pad.draw(props);
        await settled();
        asked[0](earlier);
        await settled();
        const before = cleared;
        pad.draw({ ...props, action: "/ink/8" });
        const isCleared = cleared > before;
        pad.draw({ ...props, action: "/ink/8" });
        return { isCleared, strokes: shown() };""",
    )
    assert seen == {"isCleared": True, "strokes": 0}


@pytest.mark.parametrize(
    ("put", "line"),
    [("stored.set", "stored"), ("() => { throw new Error('full'); }", "stay")],
    ids=["room", "full"],
)
def test_a_tablet_without_room_says_that_its_page_must_stay_open(
    scripts: Scripts, put: str, line: str
) -> None:
    seen = run(
        scripts,
        f"""let texts = [];
        const words = {{ waiting: "stored", unstored: "stay" }};
        const draws = () => sheet.draw({{ ...props, action: "/ink/9", words }});
        const all = (one) => (one?.type ? one.children.flatMap(all) : [one]);
        const sheet = mounted((one) => {{
          const tree = InkPad(one);
          texts = all(tree);
          return tree;
        }}, {{ canvas }});
        draws();
        await settled();
        asked[0]();
        await settled();
        const fetched = globalThis.fetch;
        globalThis.fetch = () => Promise.reject(new Error("no line"));
        stored.set = {put};
        pen("pointerdown", 100);
        pen("pointerup", 100);
        await settled();
        draws();
        sheet.away();
        globalThis.fetch = fetched;
        return texts.filter((text) => Object.values(words).includes(text));""",
    )
    assert seen == [line]


def test_nothing_is_written_on_a_sheet_whose_owner_is_unknown(scripts: Scripts) -> None:
    """The next official on this tablet could send it as her own."""
    seen = run(
        scripts,
        """pad.draw({ ...props, owner: "", page: 0 });
        const live = canvas.dataset.live;
        pen("pointerdown", 100);
        pen("pointerup", 100);
        await settled();
        const before = [live ?? "no", shown(), sent.length, stored.size];
        pad.draw(props);
        pad.draw(props);
        return [before, canvas.dataset.live];""",
    )
    assert seen == [["no", 0, 0, 0], ""]


FORM = """
  const submits = [];
  document.addEventListener = (name, act, isFirst) => {
    if (name === "submit" && !isFirst) submits.push(act);
  };
  const text = { name: "text", readOnly: false }, other = { name: "other", readOnly: false };
  const closed = { name: "promise", readOnly: true };
  const fields = { text: [text], promise: [closed], other: [other] };
  document.getElementsByName = (name) => fields[name];
  const saved = { ...props, form: "order", saved: ["text", "promise"], busy: false };
  const isClosed = () => [text.readOnly, other.readOnly, closed.readOnly];
  const timed = [], later = globalThis.setTimeout;
  globalThis.setTimeout = (act, pause, ...facts) => {
    if (pause === 3000) timed.push(() => act(...facts));
    else later(act, pause, ...facts);
  };
  const draws = (busy) => {
    pad.draw({ ...saved, busy });
    pad.draw({ ...saved, busy });
  };
"""


def test_texts_stay_as_they_were_pressed_until_the_answer(scripts: Scripts) -> None:
    """A letter typed while the sheet is composed would be on no order."""
    seen = run(
        scripts,
        f"""{FORM} draws(false);
        submits.forEach((act) => act({{ target: {{ id: "find" }} }}));
        draws(false);
        const before = isClosed();
        submits.forEach((act) => act({{ target: {{ id: "order" }} }}));
        draws(false);
        const pressed = isClosed();
        draws(true);
        timed.forEach((act) => act());
        draws(true);
        const composed = isClosed();
        draws(false);
        return {{ before, pressed, composed, after: isClosed() }};""",
    )
    assert seen == {
        "before": [False, False, True],
        "pressed": [True, False, True],
        "composed": [True, False, True],
        "after": [False, False, True],
    }


def test_a_press_that_the_city_never_hears_of_closes_no_field(scripts: Scripts) -> None:
    seen = run(
        scripts,
        f"""{FORM} draws(false);
        submits.forEach((act) => act({{ target: {{ id: "order" }} }}));
        draws(false);
        timed.forEach((act) => act());
        draws(false);
        return isClosed();""",
    )
    assert seen == [False, False, True]


def test_a_stroke_that_is_put_back_is_a_new_one_and_can_be_taken_back_again(
    scripts: Scripts,
) -> None:
    """The city adds no erased stroke again: a request for it may still be under way."""
    seen = run(
        scripts,
        """let buttons = [];
        const button = { set props(one) { buttons.push(one); } };
        const sheet = mounted(InkPad, { canvas, button });
        globalThis.document.getElementById = () => ({});
        const draws = () => { buttons = []; sheet.draw(props); };
        const presses = (name) => {
          draws();
          buttons[["blue", "black", "rubber", "undo"].indexOf(name)].onClick();
          draws();
        };
        const writes = async () => {
          for (const name of ["pointerdown", "pointermove", "pointerup"]) pen(name, 100);
          await settled();
        };
        draws();
        draws();
        await settled();
        asked[0]();
        await settled();
        await writes();
        presses("rubber");
        await writes();
        presses("undo");
        await settled();
        presses("undo");
        await settled();
        const [[first], , [second]] = sent.map(([, { add }]) => add.map(({ id }) => id));
        const counts = sent.map(([, { add, drop }]) => [add.length, drop.length]);
        const [, [, erased], , [, taken]] = sent;
        return [first !== second, shown(), counts, erased.drop[0] === first,
          taken.drop[0] === second];""",
    )
    assert seen == [True, 0, [[1, 0], [0, 1], [1, 0], [0, 1]], True, True]
