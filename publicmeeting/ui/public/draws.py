"""`/draws/`: every Monday's draw, coming ones first; read again when one of them changes."""

import reflex as rx

from publicmeeting.kit.jalali import day_words, iso
from publicmeeting.text.common import chrome_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.ui.design.controls import button, text_link
from publicmeeting.ui.design.flow import any_of, shown
from publicmeeting.ui.design.frames import brand, page_title, phone_page, site_bar, site_foot
from publicmeeting.ui.design.models import Badge, Row
from publicmeeting.ui.design.sheets import rows
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.usecases.public_record.ceremony import (
    MondaysBefore,
    MondaySummary,
    Phase,
    draw_list,
)

_LOOK = {
    Phase.OPEN: Badge(ceremony_text.NOW[Phase.OPEN]),
    Phase.FROZEN: Badge(ceremony_text.NOW[Phase.FROZEN], "glaze", "lock"),
    Phase.REVEALING: Badge(ceremony_text.NOW[Phase.REVEALING], "saffron", "eye"),
    Phase.SEALED: Badge(ceremony_text.NOW[Phase.SEALED], "glaze", "lock"),
    Phase.DRAWING: Badge(ceremony_text.NOW[Phase.DRAWING], "saffron", "dice"),
    Phase.DRAWN: Badge(),
}


def draw_rows(mondays: tuple[MondaySummary, ...]) -> list[Row]:
    return [_row(monday) for monday in mondays]


def _row(monday: MondaySummary) -> Row:
    return Row(
        title=day_words(monday.monday),
        meta=_meta(monday),
        href=f"/ceremony/?monday={iso(monday.monday)}",
        # Below the day: beside it a long badge leaves large letters no room for the day.
        tags=() if monday.phase is Phase.DRAWN else (_LOOK[monday.phase],),
    )


def _meta(monday: MondaySummary) -> str:
    if monday.phase is not Phase.DRAWN:
        return ""
    return ceremony_text.drawn_words(
        monday.requests,
        monday.seated,
        monday.districts,
        monday.witnesses,
        is_signed=monday.is_signed,
    )


class DrawsState(Asking, rx.State):
    """State of `/draws/`."""

    rows: list[Row] = []
    older: str = ""
    """Address of the Mondays before them, if there are any."""

    @rx.event
    async def load(self) -> None:
        """Read the list of Mondays."""
        await self._read()

    @background
    async def watch(self) -> None:
        """Follow the draws until the page is left."""
        await follow(self, always("draws"), self._read)

    async def _read(self) -> None:
        found = await query(self, draw_list, MondaysBefore())
        if found is not None:
            self.rows = draw_rows(found.mondays)
            self.older = ceremony_text.older_address(found.older_than)


def page() -> rx.Component:
    return phone_page(
        page_title(ceremony_text.TITLES),
        rx.el.p(ceremony_text.LEAD),
        rx.el.div(
            button(ceremony_text.WATCH, href="/ceremony/", sign="eye"),
            class_name="my-4 grid sm:flex",
        ),
        rx.cond(
            DrawsState.ready,
            rx.cond(
                any_of(DrawsState.rows),
                rx.fragment(
                    rows(DrawsState.rows),
                    shown(
                        DrawsState.older,
                        text_link(ceremony_text.OLDER, DrawsState.older, native=True),
                    ),
                ),
                empty(ceremony_text.EMPTY, ceremony_text.EMPTY_LEAD),
            ),
            # Keeps the footer below the window while the list is loading.
            rx.el.div(loading("rows"), class_name="min-h-screen"),
        ),
        bar=site_bar(brand()),
        site_footer=site_foot([(ceremony_text.FOR_WITNESS, "/witness/"), (chrome_text.HOME, "/")]),
    )
