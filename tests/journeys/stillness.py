"""When a page rests: its socket has spoken, nothing is being fetched, nothing is being drawn."""

import re
import time

from playwright.sync_api import Page, Request, WebSocket

_EVENT = re.compile(r'42/_event,\d*\["event",')
_LOADED = '"is_hydrated_rx_state_":true'
_ANSWERED_WITHIN = 0.3
"""Seconds to wait for an answer; an event that changes nothing gets none."""
_STILL = """async (toEnd) => {
  await document.fonts.ready;
  if (toEnd) window.scrollTo(0, document.body.scrollHeight);
  // A tab behind another one is given no frames.
  const frame = () => new Promise((done) => {
    requestAnimationFrame(done);
    setTimeout(done, 100);
  });
  const idle = () => new Promise((done) => requestIdleCallback(done, {timeout: 500}));
  let drawn = 0;
  const until = performance.now() + 10000;
  const watch = new MutationObserver(() => { drawn += 1; });
  watch.observe(document,
    {subtree: true, childList: true, attributes: true, characterData: true});
  for (let last = -1; last !== drawn && performance.now() < until;) {
    last = drawn;
    await idle();
    await frame();
    await frame();
    const moving = document.getAnimations().filter((one) => one.playState === "running"
      && Number.isFinite(one.effect.getComputedTiming().endTime));
    if (moving.length) drawn += 1;
    await Promise.allSettled(moving.map((one) => one.finished));
  }
  watch.disconnect();
}"""
"""Returns once two frames and an idle moment have passed without a change or a movement.

Endless animations, such as three dots, count as rest.
"""


class Traffic:
    """What a page sends and receives, from its first bytes on."""

    def __init__(self, page: Page) -> None:
        self.has_heard = False
        """Whether its own socket has received something."""
        self.sent = 0
        """How many events have left the browser."""
        self._is_loaded = False
        self._heard = 0
        self._asked_at: float | None = None
        self._fetched: set[Request] = set()
        self._page = page
        page.on("request", self._asks)
        page.on("requestfinished", self._has)
        page.on("requestfailed", self._has)
        page.on("websocket", self._opens)

    @property
    def unfinished(self) -> list[str]:
        """Return what the page waits for, in words; empty if nothing."""
        found = [request.url for request in self._fetched]
        if not self._is_loaded:
            found.append("its socket, for its first words")
        elif self._asked_at and time.monotonic() - self._asked_at < _ANSWERED_WITHIN:
            found.append("its socket, for an answer")
        return found

    def stills(self, *, to_end: bool) -> bool:
        """Wait until nothing is drawn any more; return whether nothing was received meanwhile."""
        heard = self._heard
        self._page.evaluate(_STILL, to_end)
        return heard == self._heard and not self.unfinished

    def _asks(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self.has_heard = self._is_loaded = False
            self._asked_at = None
            self._fetched.clear()
        self._fetched.add(request)

    def _has(self, request: Request) -> None:
        self._fetched.discard(request)

    def _opens(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sends)
        socket.on("framereceived", self._hears)

    def _sends(self, frame: str | bytes) -> None:
        if _EVENT.match(_text(frame)):
            self.sent += 1
            self._asked_at = time.monotonic()

    def _hears(self, frame: str | bytes) -> None:
        text = _text(frame)
        if "delta" in text:
            self.has_heard = True
            self._heard += 1
            self._asked_at = None
            self._is_loaded = self._is_loaded or _LOADED in text.replace(" ", "")


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode(errors="replace")
