"""`/ceremony/`: the draw of a Monday, live, and below it each district's result and objections."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.line import listing_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import digit_cells, ltr, strip
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.frames import (
    TEXT,
    CeremonySheet,
    phone_page,
    section,
    site_foot,
    skip_link,
)
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Tile
from publicmeeting.ui.design.sheets import live_region, notice, sheet
from publicmeeting.ui.design.states import dead_end, loading
from publicmeeting.ui.design.tehran import mark, touch
from publicmeeting.ui.public.ceremony.state import RESULT, DrawTile, Head, PartyRow, SeatLine
from publicmeeting.ui.public.ceremony.state import CeremonyState as S
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.session import Session


def page() -> rx.Component:
    return rx.cond(
        S.missing,
        phone_page(
            dead_end(
                rx.cond(S.names_day, ceremony_text.NOT_THAT_DAY, ceremony_text.EMPTY),
                rx.cond(S.names_day, ceremony_text.NOT_THAT_DAY_LEAD, ceremony_text.EMPTY_LEAD),
                button(ceremony_text.ALL_DRAWS, href="/draws/"),
            ),
        ),
        rx.cond(S.ready, _page(), phone_page(loading("card"))),
    )


def _page() -> rx.Component:
    return rx.el.div(
        skip_link(),
        rx.el.main(
            screen(S.head, S.parties, S.value, S.tiles, S.choose),
            rx.el.div(
                _result(),
                _objection(),
                section(ceremony_text.EACH_DISTRICT, _lines()),
                class_name="content",
            ),
            id=TEXT,
            tab_index=-1,
            class_name="flex flex-1 flex-col",
        ),
        site_foot(
            [
                (ceremony_text.ALL_DRAWS, "/draws/"),
                (ceremony_text.FOR_WITNESS, "/witness/"),
                (chrome_text.HOME, "/"),
            ]
        ),
        live_region(S.head.now),
        class_name="page",
    )


def _lines() -> rx.Component:
    """The map as a list of sentences, for small screens and screen readers."""

    def line(tile: DrawTile) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                rx.el.span(ceremony_text.A_DISTRICT, class_name="sr-only"),
                rx.el.span(tile.digits, class_name=f"tile t-{tile.kind} size-10"),
                rx.el.span(tile.line, class_name="row-body"),
                type="button",
                on_click=S.choose(tile.number),
                class_name="row",
            )
        )

    return rx.el.ul(each(S.tiles, line), class_name="rows")


def _result() -> rx.Component:
    """The seats of one district by time, each with the start of its ticket."""

    def seat(line: SeatLine) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.strong(line.time),
                ltr(line.mark, "flex-1"),
                rx.el.span(line.why, class_name="text-ink2"),
                class_name="row row-static",
            )
        )

    return rx.cond(
        S.chosen,
        rx.el.div(
            section(
                rx.cond(S.detail.title, S.detail.title, ceremony_text.NOT_FROZEN),
                shown(S.detail.empty, rx.el.p(S.detail.empty)),
                shown(
                    any_of(S.detail.seats),
                    rx.el.ol(
                        each(S.detail.seats, seat),
                        aria_label=ceremony_text.SEATED,
                        class_name="rows",
                    ),
                ),
                shown(S.detail.standby, rx.el.p(S.detail.standby)),
                shown(S.detail.off_system, rx.el.p(S.detail.off_system)),
                rx.el.dl(
                    _hash(ceremony_text.ROOT, S.detail.root),
                    _hash(ceremony_text.SEED, S.detail.seed),
                    class_name="flex flex-wrap gap-x-8 gap-y-1 text-meta text-ink2",
                ),
            ),
            id=RESULT,
            tab_index=-1,
        ),
    )


def _hash(name: str, digest: str) -> rx.Component:
    row = rx.el.div(rx.el.dt(name), rx.el.dd(ltr(digest)), class_name="flex gap-2")
    return shown(digest, row)


def _objection() -> rx.Component:
    """«I am not in the list»: shown when there is a list, answered at once."""
    answer = rx.el.div(
        rx.cond(S.reply.first, notice(S.reply.first, S.reply.rest, tone=S.reply.tone)),
        rx.cond(S.refused, notice(S.refused, tone="brick")),
        role="alert",
        class_name="empty:hidden",
    )
    form = rx.el.form(
        field(
            listing_text.TICKET,
            "ticket",
            hint=listing_text.TICKET_HINT,
            dir="ltr",
            auto_complete="off",
            error=S.errors["ticket"],
            max_length=64,
        ),
        button(listing_text.OBJECT_SEND, kind="secondary", submit=True),
        on_submit=S.raise_objection,
        method="post",
        class_name="grid justify-items-start gap-3",
    )
    object_button = rx.cond(
        Session.reader.is_citizen,
        button(listing_text.OBJECT_MINE, on_click=S.raise_objection({})),
    )
    return rx.cond(
        S.head.object_lead,
        section(
            listing_text.OBJECT,
            sheet(
                rx.el.div(
                    rx.el.p(S.head.object_lead),
                    shown(
                        S.head.object_until,
                        rx.el.p(S.head.object_until, class_name="text-meta text-ink2"),
                    ),
                    answer,
                    object_button,
                    form,
                    class_name="grid gap-4",
                )
            ),
        ),
    )


def screen(
    head: Head,
    parties: Sequence[PartyRow],
    value: Sequence[Tile],
    tiles: Sequence[DrawTile],
    on_choose: Handler,
) -> rx.Component:
    """The upper part: readable across a room on a television, one column on a phone."""
    return rx.el.section(
        _top(head),
        rx.el.div(
            rx.el.div(
                _now(head),
                _parties(head, parties),
                _value(head, value),
                shown(head.warn, _warn(head.warn)),
                shown(head.signed, _signed(head.signed)),
            ),
            _city(head, tiles, on_choose),
            class_name="ceremony-main",
        ),
        _foot(head),
        CeremonySheet.create(),
        class_name="ceremony on-band",
    )


def _top(head: Head) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            anchor(mark(), rx.el.span(chrome_text.SITE), href="/", class_name="brand"),
            rx.el.h1(head.title, class_name="ceremony-title"),
        ),
        rx.el.div(
            rx.el.p(digit_cells(head.clock), class_name="ceremony-clock"),
            rx.el.p(head.date, class_name="text-ink2"),
            class_name="shrink-0 text-end",
        ),
        class_name="ceremony-top",
    )


def _now(head: Head) -> rx.Component:
    return rx.el.div(
        rx.el.p(head.now, class_name="ceremony-now"),
        rx.el.p(head.why, class_name="ceremony-why text-ink2"),
        shown(
            head.until,
            rx.el.div(
                rx.el.p(head.until, class_name="text-ink2"),
                rx.el.p(countdown(head.left, head.reading, head.at), class_name="ceremony-left"),
                class_name="ceremony-wait",
            ),
        ),
    )


def _parties(head: Head, parties: Sequence[PartyRow]) -> rx.Component:
    return rx.el.div(
        rx.el.h2(ceremony_text.PARTIES, class_name="ceremony-h2"),
        rx.el.ul(each(parties, _party), class_name="ceremony-parties"),
        shown(head.no_witness, rx.el.p(head.no_witness, class_name="text-ink2")),
    )


def _party(row: PartyRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            icon(row.icon), aria_hidden="true", class_name=f"tile t-{row.kind} ceremony-sign"
        ),
        rx.el.span(
            rx.el.strong(row.name),
            rx.el.span(
                row.status,
                shown(row.mark, rx.fragment(" ", ltr(row.mark, "ceremony-mark"))),
                class_name="block text-ink2",
            ),
            shown(row.number, rx.el.span(row.number, class_name="block text-ink2")),
            class_name="min-w-0",
        ),
    )


def _value(head: Head, value: Sequence[Tile]) -> rx.Component:
    return shown(
        any_of(value),
        rx.el.div(
            rx.el.div(
                rx.el.h2(head.value_title, class_name="ceremony-h2"),
                rx.el.div(strip(value, head.value_label), dir="ltr", class_name="ceremony-dice"),
                class_name="flex flex-wrap items-center gap-x-4 pb-1",
            ),
            shown(head.value_lead, rx.el.p(head.value_lead, class_name="text-ink2")),
            shown(head.value_demo, rx.el.p(head.value_demo, class_name="text-ink2")),
        ),
    )


def _city(head: Head, tiles: Sequence[DrawTile], on_choose: Handler) -> rx.Component:
    """The map of Tehran. A tile is glazed when its draw has run, and shows the result."""

    def cell(tile: DrawTile) -> rx.Component:
        return rx.el.button(
            rx.el.span(
                rx.el.span(ceremony_text.A_DISTRICT, " ", class_name="sr-only"), tile.digits
            ),
            shown(tile.figure, rx.el.span(tile.figure, class_name="ceremony-figure")),
            rx.el.span(tile.line, class_name="sr-only"),
            type="button",
            on_click=on_choose(tile.number),
            data_walk="true",
            class_name=f"tile t-{tile.kind} d{tile.number}",
        )

    return rx.el.div(
        rx.el.h2(
            rx.el.span(ceremony_text.DISTRICTS),
            shown(head.count, rx.el.span(head.count, class_name="font-normal text-ink2")),
            class_name="ceremony-h2 flex flex-wrap justify-between gap-x-4",
        ),
        rx.el.div(
            each(tiles, cell),
            dir="ltr",
            role="group",
            aria_label=head.map_label,
            class_name="map ceremony-map",
            custom_attrs={"onKeyDown": touch("walk"), "onFocus": touch("settle")},
        ),
        shown(
            head.count, rx.el.p(ceremony_text.FIGURE_LABEL, class_name="ceremony-legend text-ink2")
        ),
    )


def _warn(sentence: str) -> rx.Component:
    return rx.el.p(icon("info"), rx.el.strong(sentence), class_name="ceremony-warn")


def _signed(sentence: str) -> rx.Component:
    return rx.el.p(icon("shield"), rx.el.span(sentence), class_name="ceremony-signed")


def _foot(head: Head) -> rx.Component:
    return rx.el.footer(
        shown(head.objections, rx.el.p(head.objections)),
        shown(head.second_lists, rx.el.p(head.second_lists)),
        shown(head.found_late, rx.el.p(head.found_late)),
        rx.el.p(head.log, class_name="text-ink2"),
        class_name="ceremony-foot",
    )


class Countdown(rx.Component):
    """Component of count.js, the file beside this one."""

    library = link_script(__name__, "count.js")
    tag = "Countdown"

    left: rx.Var[int]
    reading: rx.Var[int]
    label: rx.Var[str]
    days: rx.Var[str]


def countdown(left: int, reading: int, label: str) -> rx.Component:
    """A countdown of `left` seconds from `reading`, which differs for every reading.

    `label` names the time it runs to.
    """
    return Countdown.create(left=left, reading=reading, label=label, days=ceremony_text.DAY)
