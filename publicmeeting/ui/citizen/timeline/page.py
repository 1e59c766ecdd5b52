"""`/mine/[code]/`: one request on one page that updates by itself."""

from typing import Any

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.receipt import log_receipts
from publicmeeting.ui.citizen.shared import of_her_own
from publicmeeting.ui.citizen.timeline.cards import (
    ask_card,
    contest_card,
    list_card,
    offer_card,
    turn_card,
    wait_card,
)
from publicmeeting.ui.citizen.timeline.day_card import call_alarm, day_card, status_part
from publicmeeting.ui.citizen.timeline.forms import (
    FormFocus,
    answer_line,
    ended_session_line,
    open_form,
    question_card,
)
from publicmeeting.ui.citizen.timeline.moves import FOOT, HEARD
from publicmeeting.ui.citizen.timeline.order_parts import orders
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.frames import back_link, page_title, phone_page, section, site_bar
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import live_sign, photo_pairs, photo_thumbs
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.shell.trouble import is_offline

CASE = S.case


def page() -> rx.Component:
    """The page: first what the city waits for, then the orders, whether she was heard, and the
    road."""
    return phone_page(
        of_her_own(
            rx.cond(S.ready, _case(), loading("card")),
            signed_out=S.signed_out & ~CASE.head.code,
            missing=S.missing,
        ),
        bar=bar(),
        announcement=S.announcement,
    )


def bar() -> rx.Component:
    """The bar with the live sign, which is off without a session because changes do not arrive
    then."""
    is_live = ~is_offline & ~S.signed_out
    return site_bar(back_link(chrome_text.MINE, "/mine/"), live_sign(is_live))


def _case() -> rx.Component:
    return rx.fragment(
        page_title(
            CASE.head.title,
            rx.fragment(
                CASE.head.place, " ", code_groups(CASE.head.digits, "font-semibold text-ink")
            ),
        ),
        call_alarm(),
        ended_session_line(),
        FormFocus.create(form=S.move.key, answer=S.done),
        _status(),
        rx.el.div(
            day_card(),
            ask_card(),
            turn_card(),
            offer_card(CASE.offer),
            list_card(),
            class_name="grid gap-4",
        ),
        contest_card(),
        wait_card(),
        orders(CASE.sheets),
        rx.el.div(_was_heard(), class_name="mt-6 grid gap-4 empty:hidden"),
        section(
            rx.cond(any_of(CASE.before), road_text.AFTER_MEETING, road_text.TITLE),
            road(CASE.road, road_text.TITLE, extra=_pictures),
        ),
        section(
            road_text.IN_THE_LOG,
            log_receipts(CASE.head.code, [CASE.status, CASE.turn, CASE.road]),
        ),
        _rest(),
    )


def _status() -> rx.Component:
    """What happened, above all cards."""
    return status_part(CASE.status, CASE.day.call)


def _was_heard() -> rx.Component:
    return rx.fragment(question_card(CASE.heard), answer_line(HEARD))


def _pictures(step: Any) -> rx.Component:
    return rx.cond(
        any_of(step.before),
        photo_pairs(
            step.before, step.photos, (citizen_orders_text.BEFORE, citizen_orders_text.AFTER)
        ),
        rx.cond(any_of(step.photos), photo_thumbs(step.photos)),
    )


def _rest() -> rx.Component:
    """Folded: what she wrote, who has opened it, receipt and proof, and how to withdraw."""
    before = rx.el.details(
        _summary("road", case_text.BEFORE_MEETING, ""),
        rx.el.div(
            road(CASE.before, case_text.BEFORE_MEETING, extra=_pictures), class_name="bg-sheet p-4"
        ),
    )
    matter = rx.el.details(
        _summary("doc", road_text.TEXT_AND_PHOTOS, ""),
        rx.el.div(
            rx.el.p(CASE.matter.subject, " · ", CASE.matter.filed, class_name="text-ink2"),
            rx.el.p(CASE.matter.text, class_name="max-w-read whitespace-pre-line wrap-anywhere"),
            rx.cond(any_of(CASE.matter.photos), photo_thumbs(CASE.matter.photos)),
            rx.cond(CASE.matter.needs, rx.el.p(CASE.matter.needs)),
            class_name="grid gap-3 bg-sheet p-4",
        ),
    )
    openings = rx.el.details(
        _summary("eye", road_text.WHO_OPENED, CASE.matter.opened, on_click=S.show_openings),
        rx.el.div(
            rx.cond(
                any_of(S.opened_by),
                rx.el.ul(each(S.opened_by, _opening), class_name="grid gap-2"),
                rx.cond(CASE.matter.opened, rx.fragment(), rx.el.p(road_text.NOBODY_OPENED)),
            ),
            rx.el.p(case_text.OPENINGS_WHY, class_name="text-ink2"),
            class_name="grid gap-3 bg-sheet p-4",
        ),
    )
    leave = rx.cond(
        CASE.withdraw.key,
        rx.el.li(
            rx.el.button(
                rx.el.span(CASE.withdraw.label, class_name="row-body"),
                icon("forward", "sm"),
                type="button",
                on_click=S.choose(CASE.withdraw.key),
                aria_expanded=rx.cond(S.move.key == CASE.withdraw.key, "true", "false"),
                data_opens=CASE.withdraw.key,
                class_name="row row-danger",
            )
        ),
    )
    proof = rx.el.p(
        icon("phone"),
        rx.el.span(CASE.telephone_proof, class_name="row-body text-meta text-ink2"),
        class_name="row row-static",
    )
    telephone = rx.cond(
        CASE.telephone.key,
        rx.el.li(
            rx.el.button(
                icon("phone"),
                rx.el.span(CASE.telephone.label, class_name="row-body"),
                icon("forward", "sm"),
                type="button",
                on_click=S.choose(CASE.telephone.key),
                aria_expanded=rx.cond(S.move.key == CASE.telephone.key, "true", "false"),
                data_opens=CASE.telephone.key,
                class_name="row",
            )
        ),
    )
    return rx.el.div(
        rx.el.ul(
            rx.cond(any_of(CASE.before), rx.el.li(before)),
            rx.el.li(matter),
            rx.el.li(openings),
            rx.el.li(_row("qr", case_text.RECEIPT, f"/receipt/{CASE.head.code}/")),
            rx.el.li(_row("lock", case_text.PROOF, f"/proof/{CASE.head.code}/")),
            telephone,
            shown(CASE.telephone_proof, rx.el.li(proof)),
            leave,
            class_name="rows",
        ),
        rx.el.div(answer_line(FOOT), open_form(FOOT), class_name="mt-4 grid gap-4"),
        class_name="no-print mt-8 border-t border-line pt-6",
    )


def _summary(sign: str, label: str, end: str, on_click: Handler = None) -> rx.Component:
    return rx.el.summary(
        icon(sign),
        rx.el.span(label, class_name="row-body"),
        rx.el.span(end, class_name="row-meta"),
        icon("down", "sm"),
        class_name="row cursor-pointer list-none",
        **({} if on_click is None else {"on_click": on_click}),
    )


def _row(sign: str, label: str, href: str) -> rx.Component:
    face = (icon(sign), rx.el.span(label, class_name="row-body"), icon("forward", "sm"))
    return anchor(*face, href=href, class_name="row")


def _opening(opening: tuple[str, str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(opening[0], class_name="font-semibold"),
        rx.el.span(opening[1], class_name="text-ink2"),
        class_name="flex flex-wrap justify-between gap-2",
    )
