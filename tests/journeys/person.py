"""One person at a browser: she goes to pages, reads the demo's phone, and notices every error."""

import contextlib
import copy
import re
import time
import weakref
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    expect,
)
from playwright.sync_api import Error as PlaywrightError
from stillness import Traffic

from publicmeeting.config import PROJECT
from publicmeeting.seeder.founding import PASSWORD
from publicmeeting.text.common import chrome_text, demo_text
from publicmeeting.usecases.accounts.credentials import SESSION

PICTURES = PROJECT / "artifacts" / "journeys"
PATIENT = 15_000
"""Milliseconds; long, because a busy machine is no failure."""
_A_LOOK = 20
"""Milliseconds between two looks, in which the browser's events arrive."""
_LEFT = "WebSocket is already in CLOSING or CLOSED state."
"""A console message of a page that was left while it still wrote, which a busy machine causes.

What was pressed is sent again; `test_lost_connection.py` tests that.
"""
_numbers = count(1)
_WIDE = """() => {
  const root = document.documentElement, width = root.clientWidth;
  const desk = document.querySelector(".desk");
  // A desk fills its window, and its parts scroll: below it there is nothing to be scrolled to.
  if (desk && getComputedStyle(desk).display === "grid" && root.scrollHeight > innerHeight + 1)
    return [`longer than its desk: ${root.scrollHeight} of ${innerHeight}`];
  const found = root.scrollWidth > width ? [`the page: ${root.scrollWidth} of ${width}`] : [];
  // The edges between which she sees this element; null if its part of the page scrolls, marks
  // what it cuts off by an ellipsis, or is for screen readers only.
  const edges = (element) => {
    let left = 0, right = width;
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const { overflowX, position, textOverflow } = getComputedStyle(one);
      if (["auto", "scroll"].includes(overflowX) && one.scrollWidth > one.clientWidth + 1)
        return null;
      if (overflowX !== "visible") {
        const box = one.getBoundingClientRect();
        if (box.width < 2 || textOverflow === "ellipsis") return null;
        left = Math.max(left, box.left);
        right = Math.min(right, box.right);
      }
      if (position === "fixed") break;
    }
    return [left, right];
  };
  const judge = (element, boxes, words) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return;
    const seen = [...boxes].filter((box) => box.width > 1), between = seen.length && edges(element);
    if (between && seen.some((box) => box.left < between[0] - 1 || box.right > between[1] + 1))
      found.push(words);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, range = document.createRange();
    if (!text.data.trim()) continue;
    range.selectNodeContents(text);
    judge(text.parentElement, range.getClientRects(), text.data.trim().slice(0, 60));
  }
  const boxes = "a, button, canvas, img, input, select, textarea";
  for (const one of document.body.querySelectorAll(boxes))
    judge(one, [one.getBoundingClientRect()], one.outerHTML.slice(0, 160));
  return found.slice(0, 5);
}"""
"""What is cut off at the side, or makes the page wider than its window.

`scrollWidth` alone is no measure. A page from right to left does not scroll to the right, so what
is beyond its right edge is lost. What a part with `overflow: hidden` cuts off widens nothing.
"""


MET: "weakref.WeakSet[Person]" = weakref.WeakSet()
"""Every person whose browser may still be open."""


class Person:
    """A person with a browser of her own.

    `problems` collects what the browser's console shows; `may_fail` names messages that are
    expected.
    """

    leaves_pictures = False
    """Whether `shot` takes a picture (`--pictures`); most runs need none."""

    def __init__(
        self,
        name: str,
        context: BrowserContext,
        origin: str = "",
        session_of: Callable[[str], str] | None = None,
    ) -> None:
        """`origin` is the city's address; `session_of` opens a session of an official's account."""
        MET.add(self)
        self.name = name
        self.context = context
        self.origin = origin
        self._session_of = session_of
        self.problems: list[str] = []
        self._meant = [_LEFT]
        context.set_default_timeout(PATIENT)
        context.on("weberror", lambda error: self._notice(str(error.error)))
        context.on("console", self._hear)
        self._traffic: dict[Page, Traffic] = {}
        context.on("page", self._follow)
        self.page = context.new_page()

    def another_tab(self, path: str) -> "Person":
        """Return her with another tab of the same browser."""
        other = copy.copy(self)
        other.page = self.context.new_page()
        other.goes(path)
        return other

    def loses_network(self) -> None:
        """Stop all traffic, open sockets included."""
        self.context.set_offline(True)

    def finds_network(self) -> None:
        self.context.set_offline(False)

    def forgets(self, cookie: str) -> None:
        self.context.clear_cookies(name=cookie)

    def may_fail(self, *words: str) -> None:
        """Expect console messages with these words from now on."""
        self._meant += words

    def goes(self, path: str) -> None:
        """Open an address and wait until the page is alive."""
        self.page.goto(path)
        self.is_alive()

    def is_alive(self) -> None:
        """Wait until the page's socket has spoken and the demo's bar shows the city's time.

        A page may look complete from its first bytes; it is alive once its socket has spoken.
        """
        traffic = self._traffic[self.page]
        self.until(lambda: traffic.has_heard, lambda: "never came alive")
        self.has_bar()

    def sends(self, press: Callable[[], None]) -> None:
        """Press, and wait until the event has left her browser, however busy that is."""
        traffic = self._traffic[self.page]
        before = traffic.sent
        press()
        self.until(lambda: traffic.sent > before, lambda: "sent nothing")

    def has_bar(self) -> None:
        """Wait for the demo's bar, which only the demo city has."""
        expect(self._bar.locator("summary")).to_be_visible(timeout=PATIENT)

    def shot(self, name: str) -> None:
        """Take a picture of a named moment, if pictures are asked for (`--pictures`)."""
        if not self.leaves_pictures:
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{next(_numbers):03d}-{self.name}-{name}.png"
        self.page.screenshot(path=path, full_page=True)

    def leave_behind(self, folder: Path) -> None:
        """Store what she sees and her browser's problems, for whoever looks for a fault."""
        if self.page.is_closed():
            return
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(PlaywrightError):  # a hanging page gives no picture
            self.page.screenshot(path=folder / f"{self.name}.png", full_page=True)
            (folder / f"{self.name}.html").write_text(self.page.content(), encoding="utf-8")
        seen = "\n".join([self.page.url, *self.problems])
        (folder / f"{self.name}.txt").write_text(seen, encoding="utf-8")

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label, exact=True)

    def adds_photo(
        self, file: FilePayload | Sequence[FilePayload] | Path, kind: str = "photo"
    ) -> None:
        """Choose a photo once the page's own upload script is there; before, it is a plain form."""
        self.page.locator(f"#send-{kind}:not([name])").set_input_files(file)

    def sees(self, words: str) -> None:
        """Wait until the page's own text contains these words."""
        found = self.page.locator("main").get_by_text(words).locator("visible=true")
        expect(found.first).to_be_visible(timeout=PATIENT)

    def signs_in(self, username: str) -> None:
        """Sign in as an official of the demo city, through the officials' door."""
        self.goes("/sign-in/")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.button(chrome_text.ENTER).click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        self.is_alive()

    def has_signed_in(self, session: str, origin: str) -> None:
        """Give her browser the cookie of an existing session, as if she came in on another day."""
        self.context.add_cookies([{"name": SESSION, "value": session, "url": origin}])

    def has_come_in_as(self, username: str) -> None:
        """Sign an official in without the officials' door, which has journeys of its own."""
        assert self._session_of is not None
        self.has_signed_in(self._session_of(username), self.origin)

    def comes_as(self, who: str) -> str:
        """Use the demo's door like the buttons of its bar; return its address, open no page."""
        answer = self.context.request.post(
            "/auth/demo", form={"who": who}, headers={"Origin": self.origin}, max_redirects=0
        )
        assert answer.status == 303, answer.status
        return str(answer.headers["location"])

    def becomes(self, who: str) -> str:
        """Use the demo's door and open the page it leads to; return the page's address."""
        address = self.comes_as(who)
        self.goes(address)
        return address

    def rests(self) -> None:
        """Wait until nothing is loading and nothing is being drawn, at the end of the page.

        There nothing that sticks to the window covers anything else.
        """
        self.settles(to_end=True)

    def settles(self, *, to_end: bool = False) -> None:
        """Wait until nothing is loading and nothing is being drawn, without scrolling."""
        traffic = self._traffic[self.page]
        until = time.monotonic() + PATIENT / 1000
        while True:
            self.until(lambda: not traffic.unfinished, lambda: f"waits for {traffic.unfinished}")
            if traffic.stills(to_end=to_end):
                return
            assert time.monotonic() < until, f"{self.page.url} is never still"

    def overflowing(self) -> list[str]:
        """Return what is cut off at the side, widens the page, or makes it longer than its desk."""
        wide: list[str] = self.page.evaluate(_WIDE)
        return [f"beyond its edge: {one}" for one in wide]

    def reads_code(self) -> str:
        """Return the newest code on the demo's phone."""
        self._open_bar()
        text = self._bar.get_by_text(re.compile(r"#\d{6}")).first
        expect(text).to_be_visible()
        found = re.search(r"#(\d{6})", text.inner_text())
        assert found is not None
        self._close_bar()
        return found[1]

    def moves_clock(self, moment: str) -> None:
        """Move the city's clock to a named moment; everything due by then is done afterwards."""
        self._open_bar()
        jump = self._bar.get_by_role("button").filter(has_text=demo_text.MOMENT[moment])
        when = jump.locator("span").nth(1).inner_text()
        jump.click()
        expect(self._bar.locator("summary")).to_contain_text(when, timeout=4 * PATIENT)
        self._close_bar()

    @property
    def _bar(self) -> Locator:
        return self.page.locator("details.demo")

    def _open_bar(self) -> None:
        """Open the demo's bar by key, since two taps in quick succession count as one."""
        self._bar.locator("summary").press("Enter")
        expect(self._bar.get_by_text(demo_text.LEAD)).to_be_visible()
        expect(self._bar.get_by_role("button").first).to_be_visible()

    def _close_bar(self) -> None:
        self._bar.locator("summary").press("Enter")

    def _follow(self, page: Page) -> None:
        self._traffic[page] = Traffic(page)

    def notices(self) -> list[str]:
        """Return the problems since the last call; the caller checks them."""
        found = self.problems.copy()
        self.problems.clear()
        return found

    def until(self, true: Callable[[], object], else_: Callable[[], str] = lambda: "waits") -> None:
        """Wait as `soon` does, for what the browser's events bring; `else_` describes a failure."""
        for _ in range(PATIENT // _A_LOOK):
            if true():
                return
            self.page.wait_for_timeout(_A_LOOK)
        raise AssertionError(f"{self.page.url} {else_()}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._notice(f"{message.text} ({message.location.get('url', '')})")

    def _notice(self, problem: str) -> None:
        if not any(word in problem for word in self._meant):
            self.problems.append(problem)


def soon(true: Callable[[], object], within: float = PATIENT / 1000) -> None:
    """Wait until `true` returns something true, for conditions that no locator can express."""
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


Meet = Callable[..., Person]
"""`meet("maryam", "phone")` is another person, with a browser of her own."""
