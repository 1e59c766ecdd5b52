"""The upload of photos, drawn without a browser: where the focus goes, and how long it waits."""

import re
from collections.abc import Iterator

import pytest
from support.browser_scripts import Scripts
from support.drawn_scripts import stub_react

from publicmeeting.config import PROJECT

HAPROXY = PROJECT / "deploy" / "haproxy.cfg"

BROWSER = """
  const nothing = () => {};
  const input = { labels: [{ scrollIntoView: nothing }], focus: () => { focused += 1; } };
  let focused = 0, answers = 0;
  const body = {}, cross = {};
  globalThis.window = { addEventListener: nothing, removeEventListener: nothing };
  globalThis.document = { body, activeElement: body, addEventListener: nothing };
  document.removeEventListener = nothing;
  globalThis.location = { pathname: "/request/" };
  const refused = () => Response.json({ error: "no" }, { status: 403 });
  globalThis.fetch = async () => (answers ? new Response("", { status: 204 }) : refused());
  const root = { querySelector: () => input };
  const buttons = [];
  const button = { set props(one) { buttons.push(one); } };
  const page = mounted(PhotoSender, { div: root, button });
  const photo = (id) => ({ thumb: `/images/${id}/thumb`, full: `/images/${id}`, alt: "" });
  const shows = (...ids) => {
    const props = { action: "/photos?kind=draft", limit: 3, words: {}, photos: ids.map(photo) };
    for (let times = 0; times < 2; times += 1) {
      buttons.length = 0;
      page.draw(props);
    }
  };
  const settled = () => new Promise((done) => setTimeout(done, 5));
  const presses = async () => {
    document.activeElement = cross;
    buttons.find(({ onClick }) => onClick).onClick();
    await settled();
  };
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("scripts")
    with Scripts(folder, stub_react(folder), "shell/photos/send.js") as running:
        yield running


def run(scripts: Scripts, what: str) -> object:
    return scripts.run(f"async () => {{ {BROWSER} {what} }}")


def test_a_removed_photo_leaves_the_focus_at_the_next_ones_choice(scripts: Scripts) -> None:
    seen = run(
        scripts,
        """answers = 1;
        shows("a", "b");
        await presses();
        document.activeElement = body; // the cross is gone
        shows("a", "b");
        const removed = focused;
        shows("b", "c");
        shows("b", "c", "d");
        return [removed, focused];""",
    )
    assert seen == [1, 1]


def test_a_photo_that_could_not_be_removed_takes_the_focus_nowhere_later(scripts: Scripts) -> None:
    """The next photo arrives while she reads elsewhere: the page must not jump to its choice."""
    seen = run(
        scripts,
        """shows("a");
        await presses();
        document.activeElement = body; // she has touched the text
        shows("a", "b");
        return focused;""",
    )
    assert seen == 0


def test_a_photo_waits_for_a_slow_store_as_long_as_the_proxy_does(scripts: Scripts) -> None:
    """It gave up after half of that, blamed her network, and sent all of it again."""
    found = re.search(r"timeout server (\d+)s", HAPROXY.read_text(encoding="utf-8"))
    assert found
    seconds, before, after = run(
        scripts,
        """const real = globalThis.setTimeout, tries = [];
        let watch;
        globalThis.setTimeout = (act, after) =>
          after < 1000 ? real(act, after) : ((watch = { act, after }), 0);
        globalThis.URL.createObjectURL = () => "";
        globalThis.XMLHttpRequest = class {
          upload = {};
          constructor() { tries.push(this); }
          open() {} setRequestHeader() {} send() {}
          abort() { this.onabort(); this.onloadend(); }
        };
        const words = { sending: "sending", waiting: "no network", resting: "no answer" };
        const props = { action: "/photos?kind=draft", limit: 3, largest: 9, words, photos: [] };
        const chooser = {}, other = mounted(PhotoSender, { div: root, input: chooser });
        const drawn = () => other.draw(props);
        drawn();
        drawn();
        chooser.props.onChange({ target: { files: [{ size: 1, name: "a" }], value: "" } });
        for (let n = 0; n < 100 && !tries.length; n += 1) await settled();
        tries[0].upload.onprogress({ loaded: 1, total: 1, lengthComputable: true });
        tries[0].upload.onload?.();
        const seconds = watch.after / 1000, before = drawn();
        watch.act();
        await settled();
        const after = drawn();
        globalThis.setTimeout = real;
        return [seconds, before, after];""",
    )
    assert seconds > int(found[1])
    assert "sending" in before
    assert "no answer" in after
