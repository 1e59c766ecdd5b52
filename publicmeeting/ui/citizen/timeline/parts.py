"""What she is asked, and her turn: invitation, pass, free seat, the Mondays before them."""

import reflex as rx

from publicmeeting.text.tracking import case_text
from publicmeeting.text.tracking import turn_text as turns
from publicmeeting.ui.citizen.timeline.forms import answered, move_button, move_buttons, open_form
from publicmeeting.ui.citizen.timeline.lane_parts import lane_card
from publicmeeting.ui.citizen.timeline.moves import TOP, TURN
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.citizen.timeline.turns import MondayView
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import section
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.invitation import estimate, invitation
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice, quote, sheet
from publicmeeting.ui.design.ticket import fingerprint, pass_sheet

ASK, HERS = S.case.ask, S.case.turn
"""What the city asks of her, and her turn."""


def ask_card() -> rx.Component:
    """What the city wants to know of her, with its own words and the way to answer."""
    head = rx.el.div(
        rx.el.h2(ASK.head),
        rx.cond(ASK.left, rx.el.p(icon("clock", "sm"), ASK.left, class_name="flex gap-2")),
        class_name="call-head",
    )
    quiet = rx.el.h2(ASK.head, class_name="text-h3 px-4 pt-4")
    return rx.cond(
        # A form that stands open stays, with what was typed, when the case moves on beside it.
        ASK.head | (S.move.place == TOP),
        rx.el.section(
            rx.cond(ASK.hers, head, quiet),
            rx.el.div(
                rx.cond(ASK.quote, quote(ASK.quote_by, ASK.quote)),
                rx.cond(ASK.until, rx.el.p(ASK.until)),
                answered(TOP),
                move_buttons(ASK.moves),
                open_form(TOP),
                class_name="call-body",
            ),
            class_name=rx.cond(ASK.hers, "call", "sheet"),
        ),
        answered(TOP),
    )


def turn_card() -> rx.Component:
    """The invitation while it is open, the pass once she has said that she comes."""
    call = rx.el.div(
        invitation(
            HERS.call,
            rx.el.div(
                answered(TURN),
                rx.cond(
                    HERS.confirm.key,
                    button(
                        HERS.confirm.label,
                        on_click=S.tap(HERS.confirm.key),
                        busy=S.busy,
                        busy_label=case_text.SENDING,
                    ),
                ),
                class_name="grid gap-4",
            ),
            each(HERS.others, move_button),
        ),
        _why(),
        class_name="grid gap-4",
    )
    off = notice(HERS.off, HERS.off_means, tone="brick")
    return rx.el.div(
        rx.cond(HERS.off, off),
        rx.cond(
            HERS.call.head,
            call,
            rx.cond(HERS.card.code, _pass(), rx.fragment(answered(TURN), _free())),
        ),
        open_form(TURN),
        class_name="grid gap-4 empty:hidden",
    )


def _why() -> rx.Component:
    return rx.cond(
        any_of(HERS.why),
        rx.el.div(each(HERS.why, lambda one: rx.el.p(one, class_name="text-ink2"))),
    )


def _pass() -> rx.Component:
    code = S.case.head.code
    keep = rx.el.div(
        button(
            turns.CALENDAR,
            kind="secondary",
            sign="calendar",
            stacked=True,
            href=f"/pass/{code}.ics",
            native=True,
        ),
        button(
            turns.SAVE,
            kind="secondary",
            sign="download",
            stacked=True,
            href=f"/pass/{code}.png",
            native=True,
        ),
        button(
            turns.PRINT,
            kind="secondary",
            sign="print",
            stacked=True,
            on_click=rx.run_script("window.print()"),
        ),
        class_name="pair",
    )
    log = rx.el.div(
        fingerprint(HERS.log, case_text.LOG),
        rx.el.p(
            rx.el.span(case_text.LOG, class_name="block text-ink2"),
            ltr(HERS.log, "font-semibold"),
        ),
        class_name="flex items-center gap-4",
    )
    return rx.el.div(
        answered(TURN),
        pass_sheet(HERS.card, HERS.lines),
        keep,
        rx.el.div(
            anchor(
                icon("pin"), turns.MAP, href=HERS.map, native=True, class_name="link nav-link gap-2"
            ),
            anchor(turns.WEB_MAP, href=HERS.web_map, native=True, class_name="link nav-link"),
            class_name="flex flex-wrap gap-x-6",
        ),
        log,
        rx.cond(
            any_of(HERS.others),
            rx.el.div(
                rx.el.p(HERS.keeps, class_name="text-ink2"),
                rx.el.div(each(HERS.others, move_button), class_name="pair"),
                class_name="grid gap-3",
            ),
        ),
        _why(),
        class_name="grid justify-items-stretch gap-4",
    )


def _free() -> rx.Component:
    return rx.cond(
        HERS.take.key,
        rx.el.section(
            rx.el.div(rx.el.h2(case_text.FREE), class_name="call-head"),
            rx.el.div(
                rx.el.p(HERS.free, " ", HERS.free_until),
                rx.el.div(
                    each(HERS.free_times, _free_time),
                    role="group",
                    aria_label=case_text.FREE,
                    class_name="pair",
                ),
                _take_chosen(),
                class_name="call-body",
            ),
            class_name="call",
        ),
    )


def _free_time(one: Choice) -> rx.Component:
    """Asked once more: a slip of the thumb would take a seat."""
    return rx.el.button(
        one.label,
        type="button",
        aria_pressed=rx.cond(S.free_time == one.value, "true", "false"),
        on_click=S.choose_time(one.value),
        class_name="btn btn-secondary",
    )


def _take_chosen() -> rx.Component:
    return rx.cond(
        S.free_time,
        rx.el.div(
            rx.el.p(case_text.FREE_SURE),
            rx.el.div(
                button(
                    case_text.FREE_TAKE,
                    on_click=S.take_time(S.free_time),
                    busy=S.busy,
                    busy_label=case_text.SENDING,
                ),
                button(case_text.CANCEL, kind="secondary", on_click=S.choose_time("")),
                class_name="pair",
            ),
            role="status",
            class_name="grid gap-3",
        ),
    )


def wait_card() -> rx.Component:
    """Until she has a seat: which Mondays are likely, and on which she can come at all."""
    guess = rx.cond(
        HERS.wait_says,
        section(
            case_text.WAIT,
            sheet(estimate(case_text.WAIT_LEAD, HERS.wait, HERS.wait_says, HERS.wait_basis)),
        ),
    )
    days = rx.cond(
        any_of(HERS.mondays),
        section(
            case_text.MONDAYS,
            rx.el.div(each(HERS.mondays, _monday), role="group", class_name="rows rows-two"),
            answered("mondays"),
            lead=case_text.MONDAYS_LEAD,
        ),
    )
    return rx.fragment(guess, days, lane_card(HERS.lane))


def _monday(one: MondayView) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.cond(one.out, icon("close", "sm"), icon("check", "sm")),
            class_name=rx.cond(one.out, "tile t-raw size-9", "tile t-glazed size-9"),
        ),
        rx.el.span(
            rx.el.span(one.text, class_name="block font-semibold"),
            rx.el.span(one.word, class_name="block text-meta text-ink2"),
        ),
        type="button",
        aria_pressed=rx.cond(one.out, "false", "true"),
        on_click=S.monday(one.on, one.out),
        class_name="row",
    )
