"""The state of tracking by code: which request this visit may see the stages of."""

from collections.abc import Mapping

import reflex as rx

from publicmeeting.kit.digits import ascii_digits
from publicmeeting.text.refusals.refusals_text import REFUSALS, refusal
from publicmeeting.text.tracking import case_text, tracking_text
from publicmeeting.ui.citizen.track import views
from publicmeeting.ui.shell.act import Asking, cookie, query
from publicmeeting.ui.shell.live import Here, background, follow
from publicmeeting.usecases.screening.cases import OneCase
from publicmeeting.usecases.tracking.by_code import TRIED, tracked

CODE_DIGITS = 10
UNKNOWN, SHORT, WHOLE_MOBILE = "tracking_unknown", "tracking_short", "tracking_whole_mobile"
WORDS = (
    UNKNOWN,
    SHORT,
    WHOLE_MOBILE,
    "tracking_by_phone",
    "too_many_requests",
    "form_broken",
    "not_ready",
)
"""What the form's route may send back."""


class TrackState(Asking, rx.State):
    """`/track/`; the code stands in the address, so that a reload shows the same request."""

    typed: str = ""
    """What stands in the field: from the address of a QR, or the code of a refused try."""
    found: views.TrackedView = views.TrackedView()
    says: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the request the address names, if this visit has proved that it may."""
        asked = _code(self.router.url.query_parameters)
        self.typed = asked or cookie(self, TRIED)
        word = self.router.url.query_parameters.get("e", "")
        self.refused = refusal(word) if word in WORDS and word in REFUSALS else ""
        self.errors = _errors(word)
        self.found, self.says = views.TrackedView(), ""
        await self._read()
        self.ready = True

    @background
    async def watch(self) -> None:
        """Follow it while it is shown."""
        await follow(self, _asked_for, self._reread)

    async def _reread(self) -> None:
        before = self.found.stage
        await self._read()
        if self.found.stage != before:
            self.says = case_text.CHANGED.format(what=self.found.stage)

    async def _read(self) -> None:
        code = _code(self.router.url.query_parameters)
        if not code:
            return
        seen = await query(self, tracked, OneCase(code=code))
        self.found = views.tracked_view(seen) if seen is not None else views.TrackedView()


def _errors(word: str) -> dict[str, str]:
    """What is said under the fields of the form."""
    if word in (UNKNOWN, SHORT):
        return tracking_text.WRONG_BOTH
    return {"last_four": refusal(word)} if word == WHOLE_MOBILE else {}


def _code(query: Mapping[str, str]) -> str:
    """The code in the address, if it may be one."""
    asked = ascii_digits(query.get("code", ""))[:CODE_DIGITS]
    return asked if asked.isdecimal() else ""


async def _asked_for(here: Here) -> tuple[str, ...]:
    code = _code(here.query)
    return (f"request:{code}",) if code else ()
