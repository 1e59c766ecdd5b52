"""One person at a browser: goes to pages, reads the demo's phone, and notices every error."""

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
"""Milliseconds; a busy machine is no failure."""
_A_LOOK = 20
"""Milliseconds, in which the browser's events are heard."""
_LEFT = "WebSocket is already in CLOSING or CLOSED state."
"""A busy machine's page was left while it still wrote; what is pressed is sent again, which
`test_lost_connection.py` holds."""
_numbers = count(1)
_WIDE = """() => {
  const root = document.documentElement, width = root.clientWidth;
  const desk = document.querySelector(".desk");
  // A desk fills its window, and its parts scroll: below it there is nothing to be scrolled to.
  if (desk && getComputedStyle(desk).display === "grid" && root.scrollHeight > innerHeight + 1)
    return [`longer than its desk: ${root.scrollHeight} of ${innerHeight}`];
  if (root.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width && (box.left < -1 || box.right > width + 1);
    })
    .slice(0, 5)
    .map((one) => one.outerHTML.slice(0, 160));
}"""


MET: "weakref.WeakSet[Person]" = weakref.WeakSet()
"""Everybody whose browser may still be open."""


class Person:
    """`problems` grows by what a browser's console would show; `may_fail` names what is meant."""

    leaves_pictures = False
    """Whether `shot` takes one: nobody looks at those of a journey that passes unless he asks."""

    def __init__(
        self,
        name: str,
        context: BrowserContext,
        origin: str = "",
        session_of: Callable[[str], str] | None = None,
    ) -> None:
        """`origin` is where the city is; `session_of` opens a session of an official's account."""
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
        """She herself in one more tab of the same browser."""
        other = copy.copy(self)
        other.page = self.context.new_page()
        other.goes(path)
        return other

    def loses_network(self) -> None:
        """Everything stops, sockets that are open too."""
        self.context.set_offline(True)

    def finds_network(self) -> None:
        self.context.set_offline(False)

    def forgets(self, cookie: str) -> None:
        self.context.clear_cookies(name=cookie)

    def may_fail(self, *words: str) -> None:
        """What follows makes the browser complain in these words, and that is right."""
        self._meant += words

    def goes(self, path: str) -> None:
        """Open an address and wait until the page is alive."""
        self.page.goto(path)
        self.is_alive()

    def is_alive(self) -> None:
        """The page's own socket has told it something, and the demo's bar shows the city's time.

        From its first bytes a page may look whole; it is alive once its socket has spoken."""
        traffic = self._traffic[self.page]
        self.until(lambda: traffic.has_heard, lambda: "never came alive")
        self.has_bar()

    def has_bar(self) -> None:
        """Only the demo city has one."""
        expect(self._bar.locator("summary")).to_be_visible(timeout=PATIENT)

    def shot(self, name: str) -> None:
        """A picture of a named moment, where somebody has asked for pictures (`--pictures`)."""
        if not self.leaves_pictures:
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{next(_numbers):03d}-{self.name}-{name}.png"
        self.page.screenshot(path=path, full_page=True)

    def leave_behind(self, folder: Path) -> None:
        """What she sees, and what her browser has complained of, for whoever looks for a fault."""
        if self.page.is_closed():
            return
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(PlaywrightError):  # a page that hangs has no picture
            self.page.screenshot(path=folder / f"{self.name}.png", full_page=True)
            (folder / f"{self.name}.html").write_text(self.page.content(), encoding="utf-8")
        seen = "\n".join([self.page.url, *self.problems])
        (folder / f"{self.name}.txt").write_text(seen, encoding="utf-8")

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label, exact=True)

    def adds_photo(
        self, file: FilePayload | Sequence[FilePayload] | Path, kind: str = "photo"
    ) -> None:
        """Chosen once the page's own sender is there: before that it is a plain form."""
        self.page.locator(f"#send-{kind}:not([name])").set_input_files(file)

    def sees(self, words: str) -> None:
        """In the page's own text, now or when the page has heard of it."""
        found = self.page.locator("main").get_by_text(words).locator("visible=true")
        expect(found.first).to_be_visible(timeout=PATIENT)

    def signs_in(self, username: str) -> None:
        """An official of the demo city, through the officials' door."""
        self.goes("/sign-in/")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.button(chrome_text.ENTER).click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        self.is_alive()

    def has_signed_in(self, session: str, origin: str) -> None:
        """Her browser already holds the cookie of a session: she came in another day."""
        self.context.add_cookies([{"name": SESSION, "value": session, "url": origin}])

    def has_come_in_as(self, username: str) -> None:
        """An official who signed in another day; the officials' door has journeys of its own."""
        assert self._session_of is not None
        self.has_signed_in(self._session_of(username), self.origin)

    def comes_as(self, who: str) -> str:
        """The demo's door, as its bar's buttons open it; gives the address it leads to. No page is
        opened for that."""
        answer = self.context.request.post(
            "/auth/demo", form={"who": who}, headers={"Origin": self.origin}, max_redirects=0
        )
        assert answer.status == 303, answer.status
        return str(answer.headers["location"])

    def becomes(self, who: str) -> str:
        """Through the demo's door to the page it leads to; gives its address."""
        address = self.comes_as(who)
        self.goes(address)
        return address

    def rests(self) -> None:
        """Until nothing is loading and nothing is being drawn, at the page's end: there nothing
        that sticks to the window lies over anything else."""
        self.settles(to_end=True)

    def settles(self, *, to_end: bool = False) -> None:
        """The same, where the page stands."""
        traffic = self._traffic[self.page]
        until = time.monotonic() + PATIENT / 1000
        while True:
            self.until(lambda: not traffic.unfinished, lambda: f"waits for {traffic.unfinished}")
            if traffic.stills(to_end=to_end):
                return
            assert time.monotonic() < until, f"{self.page.url} is never still"

    def overflowing(self) -> list[str]:
        """What makes the page wider than its window, if it is, or longer than its desk."""
        wide: list[str] = self.page.evaluate(_WIDE)
        return [f"wider than the window: {one}" for one in wide]

    def reads_code(self) -> str:
        """The newest code on the demo's phone."""
        self._open_bar()
        text = self._bar.get_by_text(re.compile(r"#\d{6}")).first
        expect(text).to_be_visible()
        found = re.search(r"#(\d{6})", text.inner_text())
        assert found is not None
        self._close_bar()
        return found[1]

    def moves_clock(self, moment: str) -> None:
        """To a named moment; everything due on the way has happened when this returns."""
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
        """By key, as it is closed: two taps so soon after each other count as one."""
        self._bar.locator("summary").press("Enter")
        expect(self._bar.get_by_text(demo_text.LEAD)).to_be_visible()
        expect(self._bar.get_by_role("button").first).to_be_visible()

    def _close_bar(self) -> None:
        self._bar.locator("summary").press("Enter")

    def _follow(self, page: Page) -> None:
        self._traffic[page] = Traffic(page)

    def notices(self) -> list[str]:
        """The problems since this was asked last; whoever asks answers for them."""
        found = self.problems.copy()
        self.problems.clear()
        return found

    def until(self, true: Callable[[], object], else_: Callable[[], str] = lambda: "waits") -> None:
        """As `soon`, for what the browser's events bring; `else_` says what it was not."""
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
    """Wait for something that no locator can say; `true` is called until it is."""
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


Meet = Callable[..., Person]
"""`meet("maryam", "phone")`: one more person, with a browser of her own."""
