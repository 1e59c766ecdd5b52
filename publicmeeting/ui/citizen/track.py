"""`/track/`: look up a request by its code and four digits; shows stages and times only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import reflex as rx

from publicmeeting.application import application
from publicmeeting.domain.lifecycle.timeline import MarkState
from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing import receipt_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.refusals.refusals_text import REFUSALS, refusal
from publicmeeting.text.tracking import case_text, road_text, tracking_text
from publicmeeting.text.tracking.my_page_text import seat_words
from publicmeeting.ui.citizen.shared import (
    NO_LOST,
    LostView,
    lost_notice,
    number_changed,
    read_lost,
)
from publicmeeting.ui.design.controls import button, text_link
from publicmeeting.ui.design.fields import error_summary, field
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.frames import brand, page_title, phone_page, section, site_bar
from publicmeeting.ui.design.models import RoadStep
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import folded, notice
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, cookie, query
from publicmeeting.ui.shell.connection.trouble import live_sign
from publicmeeting.ui.shell.live import Here, background, follow
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.by_code import (
    TRIED,
    WHOLE_MOBILE,
    StagesOnly,
    tracked_stages,
    tracked_topics,
    wrong_fields,
)


@dataclass(frozen=True)
class TrackedView(ViewModel):
    code: str = ""
    digits: str = ""
    district: int = 0
    place: str = ""
    stage: str = ""
    seat: str = ""
    """Day and time of a coming seat; on the road they are many steps below."""
    means: str = ""
    """The current step's meaning for her, and its deadline."""
    steps: tuple[RoadStep, ...] = ()
    changed: str = ""
    """Warning that the database owner has written or changed a step."""
    lost: LostView = NO_LOST
    """Shown beside the form, while no request is."""


def tracked_view(found: StagesOnly) -> TrackedView:
    """Return the road as its citizen reads it, without anything that a person wrote.

    The holder of a code is not asked for what only its citizen can do, so the badge names the
    stage.
    """
    steps, seat = road_steps(found.marks, DateWords(found.now), own=True), found.seat_ahead
    return TrackedView(
        code=found.code,
        digits=persian(found.code),
        district=found.district,
        place=case_text.PLACE.format(district=persian(found.district)),
        stage=STAGE[found.stage],
        seat=seat_words(seat.monday, seat.time) if seat else "",
        means=_means(found, steps),
        steps=tuple(steps),
        changed=road_text.CHANGED_HERS if found.is_changed else "",
    )


def _means(found: StagesOnly, steps: Sequence[RoadStep]) -> str:
    """Return the meaning of the current step; the first of several, as with orders."""
    at = (at for at, mark in enumerate(found.marks) if mark.state is MarkState.NOW)
    now = next(at, None)
    return "" if now is None else steps[now].meaning


CODE_DIGITS = 10
REFUSAL_KEYS = (
    "tracking_unknown",
    "tracking_short",
    WHOLE_MOBILE,
    "tracking_by_phone",
    "too_many_requests",
    "form_broken",
    "not_ready",
)
"""Keys of refusals that the form's route may send back."""


class TrackState(Asking, rx.State):
    """State of `/track/`. The code is in the address, so that a reload shows the same request."""

    typed: str = ""
    """Content of the field: the code from the address in a QR code, or from a refused attempt."""
    found: TrackedView = TrackedView()
    announcement: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the request in the address, if this visit has proved that it may see it."""
        code = _code(self.router.url.query_parameters)
        self.typed = persian(code or cookie(self, TRIED))
        refusal_key = self.router.url.query_parameters.get("e", "")
        self.refused = (
            refusal(refusal_key) if refusal_key in REFUSAL_KEYS and refusal_key in REFUSALS else ""
        )
        own = {"last_four": self.refused} if refusal_key == WHOLE_MOBILE else {}
        words = {**tracking_text.WRONG_BOTH, **own}
        self.errors = {name: words[name] for name in wrong_fields(refusal_key, self.typed)}
        self.found, self.announcement = TrackedView(), ""
        await self._read()
        if not self.found.code:
            self.found = TrackedView(lost=await read_lost(self))
        self.ready = True

    @background
    async def watch(self) -> None:
        """Follow the request while it is shown."""
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


def _code(query: Mapping[str, str]) -> str:
    """Return the code in the address; "" if it is not made of digits."""
    digits = ascii_digits(query.get("code", ""))[:CODE_DIGITS]
    return digits if digits.isdecimal() else ""


async def _topics(here: Here) -> tuple[str, ...]:
    code = _code(here.query)
    return await application().query(tracked_topics, here.keys, OneCase(code=code)) if code else ()


S = TrackState


def page() -> rx.Component:
    """The page. Its form is native, so it works before the scripts have started."""
    return phone_page(
        rx.cond(S.found.code, _stages(), _form()),
        bar=site_bar(
            brand(S.found.district),
            rx.cond(S.found.code, live_sign(), text_link(receipt_text.MINE, "/mine/")),
        ),
        announcement=S.announcement,
    )


def _form() -> rx.Component:
    return rx.fragment(
        page_title(tracking_text.TITLE),
        rx.el.p(tracking_text.LEAD, class_name="mb-4 text-ink2"),
        lost_notice(S.found.lost),
        rx.el.div(
            rx.cond(S.refused & ~S.errors["last_four"], notice(S.refused, tone="brick")),
            role="alert",
        ),
        rx.el.form(
            error_summary(S.errors, title=S.refused, at_once=True),
            field(
                tracking_text.CODE,
                "code",
                kind="number",
                value=S.typed,
                hint=tracking_text.CODE_HINT,
                error=S.errors["code"],
            ),
            field(
                tracking_text.LAST_FOUR,
                "last_four",
                kind="number",
                hint=tracking_text.LAST_FOUR_HINT,
                error=S.errors["last_four"],
            ),
            button(tracking_text.FIND, submit=True),
            rx.el.noscript(rx.el.input(type="hidden", name="back", value="/plain/track/")),
            method="post",
            action="/auth/track",
            on_submit=None,
            class_name="mt-4 grid gap-6",
        ),
        rx.el.p(tracking_text.LOST, class_name="mt-8 text-ink2"),
        rx.el.div(
            _sign_in(),
            _my_row(),
            class_name="grid justify-items-start gap-2",
        ),
        rx.el.div(number_changed(), class_name="mt-6"),
    )


def _stages() -> rx.Component:
    return rx.fragment(
        page_title(
            S.found.stage,
            rx.fragment(S.found.place, " ", code_groups(S.found.digits, "font-semibold text-ink")),
        ),
        shown(
            S.found.changed,
            rx.el.div(notice(road_text.CHANGED, S.found.changed, tone="brick"), class_name="mb-4"),
        ),
        shown(S.found.seat, rx.el.p(S.found.seat, class_name="text-h3 mb-1")),
        shown(S.found.means, rx.el.p(S.found.means, class_name="mb-4")),
        notice(tracking_text.STAGES_ONLY, tone="neutral", action=_sign_in()),
        section(road_text.TITLE, road(S.found.steps, road_text.TITLE)),
        rx.el.div(
            _my_row(),
            text_link(case_text.ANOTHER, "/track/", native=True),
            class_name="mt-8 grid justify-items-start gap-2",
        ),
        _died(),
    )


def _died() -> rx.Component:
    """What her family finds who opens the page with the code on her receipt."""
    lines = rx.el.ul(*map(rx.el.li, tracking_text.DIED_LINES), class_name="mt-3 grid gap-2")
    return folded(tracking_text.DIED, lines, class_name="no-print")


def _my_row() -> rx.Component:
    """A link to her row in the draw. A receipt's QR leads here with the ticket, which this tab
    stores."""
    return text_link(tracking_text.MY_ROW, "/verify/")


def _sign_in() -> rx.Component:
    return text_link(tracking_text.SIGN_IN, "/enter/", native=True)
