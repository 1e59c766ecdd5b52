"""The screen of the ceremony: what happens now, who has shown a value, the city's 22 draws."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.ui.design.figures import digit_cells, ltr
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import Tile
from publicmeeting.ui.design.tehran import mark, touch
from publicmeeting.ui.design.tiles import strip
from publicmeeting.ui.public.ceremony.count import countdown
from publicmeeting.ui.public.ceremony.views import DrawTile, Head, PartyRow


def screen(
    head: Head,
    parties: Sequence[PartyRow],
    dice: Sequence[Tile],
    tiles: Sequence[DrawTile],
    on_choose: Handler,
) -> rx.Component:
    """Readable from across a room on a television, and in one column on a phone."""
    return rx.el.section(
        _top(head),
        rx.el.div(
            rx.el.div(
                _now(head),
                _parties(head, parties),
                _dice(head, dice),
                shown(head.warn, _warn(head.warn)),
            ),
            _city(head, tiles, on_choose),
            class_name="ceremony-main",
        ),
        _foot(head),
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


def _party(one: PartyRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            icon(one.icon), aria_hidden="true", class_name=f"tile t-{one.kind} ceremony-sign"
        ),
        rx.el.span(
            rx.el.strong(one.name),
            rx.el.span(
                one.said,
                shown(one.mark, rx.fragment(" ", ltr(one.mark, "ceremony-mark"))),
                class_name="block text-ink2",
            ),
            class_name="min-w-0",
        ),
    )


def _dice(head: Head, dice: Sequence[Tile]) -> rx.Component:
    return shown(
        any_of(dice),
        rx.el.div(
            rx.el.div(
                rx.el.h2(ceremony_text.DICE, class_name="ceremony-h2 shrink-0"),
                rx.el.div(strip(dice, head.dice_says), dir="ltr", class_name="ceremony-dice"),
                class_name="flex flex-wrap items-center gap-x-4",
            ),
            shown(head.dice_lead, rx.el.p(head.dice_lead, class_name="text-ink2")),
        ),
    )


def _city(head: Head, tiles: Sequence[DrawTile], on_choose: Handler) -> rx.Component:
    """The map of Tehran: a tile is glazed when its draw has run, and says what it gave."""

    def cell(one: DrawTile) -> rx.Component:
        return rx.el.button(
            rx.el.span(rx.el.span(ceremony_text.A_DISTRICT, " ", class_name="sr-only"), one.digits),
            shown(one.figure, rx.el.span(one.figure, class_name="ceremony-figure")),
            rx.el.span(one.line, class_name="sr-only"),
            type="button",
            on_click=on_choose(one.number),
            data_walk="true",
            class_name=f"tile t-{one.kind} d{one.number}",
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
            aria_label=head.map_says,
            class_name="map ceremony-map",
            custom_attrs={"onKeyDown": touch("walk"), "onFocus": touch("settle")},
        ),
        shown(
            head.count, rx.el.p(ceremony_text.FIGURE_SAYS, class_name="ceremony-legend text-ink2")
        ),
    )


def _warn(sentence: str) -> rx.Component:
    return rx.el.p(icon("info"), rx.el.strong(sentence), class_name="ceremony-warn")


def _foot(head: Head) -> rx.Component:
    return rx.el.footer(
        shown(head.objections, rx.el.p(head.objections)),
        shown(head.found_late, rx.el.p(head.found_late)),
        rx.el.p(head.log, class_name="text-ink2"),
        class_name="ceremony-foot",
    )
