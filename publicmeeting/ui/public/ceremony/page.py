"""`/ceremony/`: the draw of a Monday, live; below it each district's result and objections."""

import reflex as rx

from publicmeeting.text.common import shell_text
from publicmeeting.text.line import listing_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import TEXT, phone_page, section, site_foot, skip_link
from publicmeeting.ui.design.sheets import live_region, notice, sheet
from publicmeeting.ui.design.states import loading, no_way
from publicmeeting.ui.public.ceremony.parts import screen
from publicmeeting.ui.public.ceremony.state import RESULT
from publicmeeting.ui.public.ceremony.state import CeremonyState as S
from publicmeeting.ui.public.ceremony.views import DrawTile, SeatLine
from publicmeeting.ui.shell.session import Session


def page() -> rx.Component:
    return rx.cond(
        S.missing,
        phone_page(
            no_way(
                ceremony_text.EMPTY,
                ceremony_text.EMPTY_LEAD,
                button(ceremony_text.ALL_DRAWS, href="/draws/"),
            ),
        ),
        rx.cond(S.ready, _page(), phone_page(loading("card"))),
    )


def _page() -> rx.Component:
    return rx.el.div(
        skip_link(),
        rx.el.main(
            screen(S.head, S.parties, S.dice, S.tiles, S.choose),
            rx.el.div(
                _result(),
                _objection(),
                section(ceremony_text.DISTRICTS, _lines()),
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
                (shell_text.HOME, "/"),
            ]
        ),
        live_region(S.head.now),
        class_name="page",
    )


def _lines() -> rx.Component:
    """The same as the map, district by district in words: for small screens and for listening."""

    def line(one: DrawTile) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                rx.el.span(ceremony_text.A_DISTRICT, class_name="sr-only"),
                rx.el.span(one.digits, class_name=f"tile t-{one.kind} size-10"),
                rx.el.span(one.line, class_name="row-body"),
                type="button",
                on_click=S.choose(one.number),
                class_name="row",
            )
        )

    return rx.el.ul(each(S.tiles, line), class_name="rows")


def _result() -> rx.Component:
    """One district's seats in the order of the morning; tickets by their first characters."""

    def seat(one: SeatLine) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.strong(one.time),
                ltr(one.mark, "flex-1"),
                rx.el.span(one.why, class_name="text-ink2"),
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
                shown(S.detail.away, rx.el.p(S.detail.away)),
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
    """«I am not in the list»: once there is one, answered at once."""
    said = rx.el.div(
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
        button(
            listing_text.OBJECT_SEND,
            kind="secondary",
            submit=True,
            busy=S.asking,
            busy_label=listing_text.CHECKING,
        ),
        on_submit=S.raise_objection,
        method="post",
        class_name="grid justify-items-start gap-3",
    )
    mine = rx.cond(
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
                    said,
                    mine,
                    form,
                    class_name="grid gap-4",
                )
            ),
        ),
    )
