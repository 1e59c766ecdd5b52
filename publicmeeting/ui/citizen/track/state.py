"""Tracking by code: its view model, and the state that knows which request a visit may see."""

from collections.abc import Mapping
from dataclasses import dataclass

import reflex as rx

from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.refusals.refusals_text import REFUSALS, refusal
from publicmeeting.text.tracking import case_text, tracking_text
from publicmeeting.ui.design.models import RoadStep
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, cookie, query
from publicmeeting.ui.shell.live import Here, background, follow
from publicmeeting.ui.shell.road import road_steps
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.by_code import TRIED, StagesOnly, tracked_stages


@dataclass(frozen=True)
class TrackedView(ViewModel):
    code: str = ""
    digits: str = ""
    district: int = 0
    place: str = ""
    stage: str = ""
    steps: tuple[RoadStep, ...] = ()


def tracked_view(found: StagesOnly) -> TrackedView:
    """The road as its citizen reads it, without anything that a person wrote.

    The holder of a code is not asked for what only its citizen can do; the badge names the stage.
    """
    steps = road_steps(found.marks, DateWords(found.now), own=True)
    return TrackedView(
        code=found.code,
        digits=persian(found.code),
        district=found.district,
        place=case_text.PLACE.format(district=persian(found.district)),
        stage=STAGE[found.stage],
        steps=tuple(steps),
    )


CODE_DIGITS = 10
UNKNOWN, SHORT, WHOLE_MOBILE = "tracking_unknown", "tracking_short", "tracking_whole_mobile"
REFUSAL_KEYS = (
    UNKNOWN,
    SHORT,
    WHOLE_MOBILE,
    "tracking_by_phone",
    "too_many_requests",
    "form_broken",
    "not_ready",
)
"""Keys of refusals that the route of the form may send back."""


class TrackState(Asking, rx.State):
    """`/track/`; the code stands in the address, so that a reload shows the same request."""

    typed: str = ""
    """The content of the field: from the address in a QR code, or from a refused attempt."""
    found: TrackedView = TrackedView()
    announcement: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the request that the address names, if this visit has proved that it may see it."""
        code = _code(self.router.url.query_parameters)
        self.typed = code or cookie(self, TRIED)
        refusal_key = self.router.url.query_parameters.get("e", "")
        self.refused = (
            refusal(refusal_key) if refusal_key in REFUSAL_KEYS and refusal_key in REFUSALS else ""
        )
        self.errors = _errors(refusal_key)
        self.found, self.announcement = TrackedView(), ""
        await self._read()
        self.ready = True

    @background
    async def watch(self) -> None:
        """Follow it while it is shown."""
        await follow(self, _topics, self._reread)

    async def _reread(self) -> None:
        before = self.found.stage
        await self._read()
        if self.found.stage != before:
            self.announcement = case_text.CHANGED.format(what=self.found.stage)

    async def _read(self) -> None:
        code = _code(self.router.url.query_parameters)
        if not code:
            return
        stages = await query(self, tracked_stages, OneCase(code=code))
        self.found = tracked_view(stages) if stages is not None else TrackedView()


def _errors(refusal_key: str) -> dict[str, str]:
    """The errors under the fields of the form."""
    if refusal_key in (UNKNOWN, SHORT):
        return tracking_text.WRONG_BOTH
    return {"last_four": refusal(refusal_key)} if refusal_key == WHOLE_MOBILE else {}


def _code(query: Mapping[str, str]) -> str:
    """The code in the address; empty if it has no such form."""
    digits = ascii_digits(query.get("code", ""))[:CODE_DIGITS]
    return digits if digits.isdecimal() else ""


async def _topics(here: Here) -> tuple[str, ...]:
    code = _code(here.query)
    return (f"request:{code}",) if code else ()
