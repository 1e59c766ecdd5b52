"""`/`: the promise, two actions and the map; complete before its scripts have started."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.text.districts import home_text
from publicmeeting.text.tracking import privacy_text
from publicmeeting.ui.citizen.home.state import HomeState as S
from publicmeeting.ui.citizen.home.state import plain_tiles
from publicmeeting.ui.citizen.shared import PLAIN, without_internet
from publicmeeting.ui.design.controls import action_tiles, button
from publicmeeting.ui.design.figures import strip_with_words
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import (
    band_head,
    band_page,
    brand,
    section,
    site_foot,
)
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.models import MapTile, Tile
from publicmeeting.ui.design.paper import estimate, line
from publicmeeting.ui.design.sheets import sheet
from publicmeeting.ui.design.tehran import tile_map, waits_legend
from publicmeeting.ui.shell.line_rules import four_rules
from publicmeeting.ui.shell.session import Session

_BLANK_WEEK = [Tile("plain", letter) for letter in ("ش", "ی", "د", "س", "چ", "پ", "ج")]
_ROOM = "min-h-[3lh] sm:min-h-[2lh]"
"""Height of the longest sentence under the week, so that nothing moves when it arrives."""

HELD = S.board.held


def page() -> rx.Component:
    """On the first screen: promise, next Monday, two actions and the top of the map. On a wide
    screen the map stands beside the rules."""
    return band_page(
        _head(),
        rx.el.div(
            _districts(),
            rx.el.div(
                section(
                    home_text.HOW, four_rules(is_watched=S.board.is_watched), without_internet()
                ),
                rx.cond(HELD.title, section(HELD.title, _last_monday())),
            ),
            class_name="columns",
        ),
        wide=True,
        site_footer=site_foot(
            [
                (home_text.MINE, "/mine/"),
                (home_text.TRACK, "/track/"),
                (home_text.DRAWS, "/draws/"),
                (home_text.VERIFY, "/verify/"),
                (home_text.RULES_OF, "/rules/"),
                (privacy_text.WAY, "/privacy/"),
                (home_text.STAFF, "/sign-in/"),
            ],
            wide=True,
        ),
    )


def _head() -> rx.Component:
    week = rx.cond(
        any_of(S.board.week),
        strip_with_words(S.board.week, S.board.soonest, room=_ROOM),
        strip_with_words(_BLANK_WEEK, " ", room=_ROOM),
    )
    door = rx.cond(
        Session.reader.is_known,
        text_link(home_text.MINE, "/mine/"),
        text_link(home_text.SIGN_IN, "/enter/"),
    )
    return band_head(
        rx.el.div(
            rx.el.div(
                rx.el.h1(home_text.HEADLINE, class_name="text-hero"),
                rx.el.p(home_text.LEAD, class_name="mt-2 mb-5 text-ink2"),
                week,
            ),
            rx.el.div(
                action_tiles(
                    [("meet", home_text.REQUEST, "/request/"), ("road", home_text.TRACK, "/track/")]
                ),
                class_name="mt-5",
            ),
            class_name="columns !items-end",
        ),
        bar=rx.fragment(brand(S.chosen), door),
        with_ridge=True,
        wide=True,
    )


def _districts() -> rx.Component:
    blank = plain_tiles([d.number for d in DISTRICTS])
    return section(
        home_text.DISTRICT,
        # Without scripts a tile is a button of this form; else the starter prevents its sending.
        rx.el.form(
            rx.cond(any_of(S.board.tiles), _map(S.board.tiles), _map(blank)),
            rx.el.noscript(
                rx.el.p(home_text.WITHOUT_SCRIPT, class_name="mt-2 text-ink2"),
                rx.el.input(type="hidden", name="next", value=f"{PLAIN}?step=2"),
            ),
            method="post",
            action="/draft",
            on_submit=None,
            custom_attrs={"data-plain": "true"},
        ),
        waits_legend(home_text.LEGEND),
        rx.cond(S.card.district, _card()),
        lead=home_text.DISTRICT_LEAD,
    )


def _map(tiles: Sequence[MapTile]) -> rx.Component:
    return tile_map(tiles, home_text.MAP_LABEL, mode="waits", on_choose=S.choose, name="district")


def _card() -> rx.Component:
    return sheet(
        rx.el.div(
            rx.el.span(S.card.digits, class_name="tile t-now size-16 text-h1"),
            rx.el.div(
                rx.el.h3(S.card.name, class_name="text-h3"),
                rx.el.p(S.card.line, class_name="text-ink2"),
            ),
            class_name="flex items-center gap-4",
            role="status",
        ),
        estimate(S.card.lead, S.card.mondays, S.card.sentence, S.card.basis),
        each(S.card.held, lambda words: rx.el.p(words)),
        rx.cond(
            S.card.place,
            rx.el.div(
                line("pin", S.card.place),
                rx.cond(S.card.apart, line("flag", S.card.apart)),
                rx.cond(S.card.map, text_link(home_text.MAP, S.card.map)),
                rx.cond(S.card.hours, line("clock", S.card.hours, home_text.HOURS)),
                rx.cond(S.card.bring, line("doc", S.card.bring)),
                class_name="grid gap-2",
            ),
        ),
        rx.el.div(button(home_text.REQUEST, href="/request/")),
    )


def _last_monday() -> rx.Component:
    return sheet(
        rx.el.div(
            tile_map(HELD.tiles, HELD.caption, mode="held", small=True),
            rx.el.div(
                rx.el.p(
                    rx.el.span(HELD.count, class_name="text-num-l"), " ", home_text.MAYORS_CAME
                ),
                each(HELD.notes, lambda note: rx.el.p(note, class_name="text-ink2")),
                class_name="flex-1 basis-32",
            ),
            class_name="flex flex-wrap items-center gap-4",
        )
    )
