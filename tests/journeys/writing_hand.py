"""A pen, a palm and a finger on the mayor's sheet, sent as the browser's own input devices."""

import math
from collections.abc import Iterable

from person import Person
from playwright.sync_api import CDPSession, expect

Spot = tuple[float, float, float]
"""Pixels of the sheet's lines from the top left, and the pressure."""
WIDTH = 1072


class Hand:
    """One hand at the pad of a person's page."""

    def __init__(self, person: Person) -> None:
        self.pad = person.page.locator(".ink canvas")
        self._page = person.page
        self._device: CDPSession = person.context.new_cdp_session(person.page)

    def has_written(self, strokes: int) -> None:
        expect(self.pad).to_have_attribute("data-strokes", str(strokes))

    def writes(self, line: int, *, start: float = 1000, end: float = 200) -> None:
        """Write a wave in one of the ruled lines, with changing pressure."""
        across = [start + (end - start) * n / 40 for n in range(41)]
        self._draws(
            (x, 96 * line + 50 + 22 * math.sin(x / 60), 0.25 + 0.7 * abs(math.sin(x / 90)))
            for x in across
        )

    def rubs(self, line: int) -> None:
        """Draw straight down through a line."""
        self._draws((400, 96 * line + y, 0.5) for y in (8, 30, 50, 70, 92))

    def rests(self, line: int) -> None:
        """Rest the side of the hand on a line: wide touches that move a little."""
        left, top, scale = self._place()
        for n in (0, 6, 12):
            kind = "touchMove" if n else "touchStart"
            x, y = left + (700 + n) * scale, top + (96 * line + 50) * scale
            self._touch(kind, [{"x": x, "y": y, "radiusX": 20, "radiusY": 20}])
        self._touch("touchEnd", [])

    def takes_touches(self) -> bool:
        """Return whether the pad keeps a moving touch from the browser.

        Otherwise the browser may scroll by it or, on an iPad, read it as writing into a field.
        """
        touch = '(pad) => !pad.dispatchEvent(new Event("touchmove", {cancelable: true}))'
        return bool(self.pad.evaluate(touch))

    def _touch(self, kind: str, points: list[dict[str, float]]) -> None:
        self._device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def _draws(self, spots: Iterable[Spot]) -> None:
        way = list(spots)
        expect(self.pad).to_be_visible()  # it appears a moment after the press that opens it
        self._page.bring_to_front()  # a tab in the background takes a second for every point
        x, y, scale = self._place()
        points = [(x + right * scale, y + down * scale, force) for right, down, force in way]
        for n, point in enumerate(points):
            self._pen("mouseMoved" if n else "mousePressed", *point)
        self._pen("mouseReleased", *points[-1])

    def _pen(self, kind: str, x: float, y: float, force: float) -> None:
        self._device.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": x,
                "y": y,
                "button": "left",
                "clickCount": 1,
                "pointerType": "pen",
                "buttons": 0 if kind == "mouseReleased" else 1,
                "force": force,
            },
        )

    def _place(self) -> tuple[float, float, float]:
        """Return where the pad begins in the window, and how large a pixel of the sheet is."""
        box = self.pad.bounding_box()
        assert box is not None
        return box["x"], box["y"], box["width"] / WIDTH
