"""The cards of a citizen's page in screen order: question, turn, offer, list, contest, wait,
lane."""

import reflex as rx

from publicmeeting.text.line import lanes_text, listing_text
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.shared import field_name
from publicmeeting.ui.citizen.timeline.forms import (
    answer_line,
    move_button,
    move_buttons,
    open_form,
)
from publicmeeting.ui.citizen.timeline.moves import HALL, LANE, LIST, OFFERED, TOP, TURN
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.citizen.timeline.status import OfferView
from publicmeeting.ui.citizen.timeline.turns import LaneView, ListView, MondayView
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import Handler, any_of, each, pick, shown
from publicmeeting.ui.design.frames import section
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.paper import estimate, fingerprint, invitation, pass_sheet
from publicmeeting.ui.design.sheets import badge, notice, quote, sheet, spoken
from publicmeeting.ui.shell.road import Reply

ASK, TURN_VIEW = S.case.ask, S.case.turn
"""What the city asks of her, and her turn."""


def ask_card() -> rx.Component:
    """What the city asks of her, in the office's own words, and how to answer."""
    head = rx.el.div(
        rx.el.h2(ASK.head),
        rx.cond(ASK.left, rx.el.p(icon("clock", "sm"), ASK.left, class_name="flex gap-2")),
        class_name="call-head",
    )
    quiet = rx.el.h2(ASK.head, class_name="text-h3 px-4 pt-4")
    return rx.cond(
        # An open form stays, with its text, when the case changes.
        ASK.head | (S.move.place == TOP),
        rx.el.section(
            rx.cond(ASK.hers, head, quiet),
            rx.el.div(
                rx.cond(ASK.quote, quote(ASK.quote_by, ASK.quote)),
                rx.cond(ASK.until, rx.el.p(ASK.until)),
                answer_line(TOP),
                move_buttons(ASK.moves),
                open_form(TOP),
                class_name="call-body",
            ),
            class_name=rx.cond(ASK.hers, "call", "sheet"),
        ),
        answer_line(TOP),
    )


def turn_card() -> rx.Component:
    """The invitation while it is open; the pass when she has confirmed that she comes."""
    call = rx.el.div(
        invitation(
            TURN_VIEW.call,
            rx.el.div(
                answer_line(TURN),
                rx.cond(
                    TURN_VIEW.confirm.key,
                    button(
                        TURN_VIEW.confirm.label,
                        on_click=S.tap(TURN_VIEW.confirm.key),
                        busy=S.busy,
                        busy_label=case_text.SENDING,
                    ),
                ),
                class_name="grid gap-4",
            ),
            each(TURN_VIEW.others, move_button),
        ),
        _why(),
        class_name="grid gap-4",
    )
    off = notice(TURN_VIEW.off, TURN_VIEW.off_means, tone="brick")
    # The place on the pass is below a QR code, and an older pass names another place.
    elsewhere = notice(case_text.ELSEWHERE, TURN_VIEW.elsewhere, tone="saffron")
    return rx.el.div(
        rx.cond(TURN_VIEW.off, off),
        rx.cond(TURN_VIEW.elsewhere, elsewhere),
        hall_card(),
        rx.cond(
            TURN_VIEW.call.head,
            call,
            rx.cond(TURN_VIEW.card.code, _pass(), rx.fragment(answer_line(TURN), _free())),
        ),
        open_form(TURN),
        class_name="grid gap-4 empty:hidden",
    )


HERE = S.case.turn.hall


def hall_card() -> rx.Component:
    """On the day of the meeting, above the rest of her turn: one field for the code on the hall's
    screen."""
    form = rx.el.form(
        field(
            case_text.HALL_CODE,
            field_name(HALL),
            kind="number",
            value=HERE.typed,
            max_length=10,
            auto_complete="off",
            error=S.errors[HALL],
        ),
        button(case_text.HALL_SEND, submit=True, busy=S.busy, busy_label=case_text.SENDING),
        rx.el.p(case_text.HALL_NO_PHONE, class_name="text-ink2"),
        on_submit=S.check_in,
        method="post",
        action="",
        class_name="grid gap-3",
    )
    ask = rx.el.section(
        rx.el.div(rx.el.h2(HERE.head), class_name="call-head"),
        rx.el.div(
            rx.el.p(HERE.lead), rx.el.p(HERE.more), answer_line(HALL), form, class_name="call-body"
        ),
        class_name="call no-print",
    )
    noted = rx.fragment(
        answer_line(HALL), rx.cond(HERE.head, notice(HERE.head, HERE.lead, tone="glaze"))
    )
    return rx.cond(HERE.may_say, ask, noted)


def _why() -> rx.Component:
    return rx.cond(
        any_of(TURN_VIEW.why),
        rx.el.div(each(TURN_VIEW.why, lambda one: rx.el.p(one, class_name="text-ink2"))),
    )


def _pass() -> rx.Component:
    code = S.case.head.code
    keep = rx.el.div(
        button(
            road_text.TURN_CALENDAR,
            kind="secondary",
            sign="calendar",
            stacked=True,
            href=f"/pass/{code}.ics",
            native=True,
        ),
        button(
            road_text.TURN_SAVE,
            kind="secondary",
            sign="download",
            stacked=True,
            href=f"/pass/{code}.png",
            native=True,
        ),
        button(
            road_text.TURN_PRINT,
            kind="secondary",
            sign="print",
            stacked=True,
            on_click=rx.run_script("window.print()"),
        ),
        class_name="pair",
    )
    log = rx.el.div(
        fingerprint(TURN_VIEW.log_seal, case_text.LOG),
        rx.el.p(
            rx.el.span(case_text.LOG, class_name="block text-ink2"),
            ltr(TURN_VIEW.log, "font-semibold whitespace-normal break-all"),
            class_name="min-w-0",
        ),
        class_name="flex items-center gap-4",
    )
    return rx.el.div(
        answer_line(TURN),
        pass_sheet(TURN_VIEW.card, TURN_VIEW.lines),
        keep,
        shown(
            TURN_VIEW.map,
            rx.el.div(
                anchor(
                    icon("pin"),
                    road_text.TURN_MAP,
                    href=TURN_VIEW.map,
                    native=True,
                    class_name="link nav-link gap-2",
                ),
                anchor(
                    road_text.TURN_WEB_MAP,
                    href=TURN_VIEW.web_map,
                    native=True,
                    class_name="link nav-link",
                ),
                class_name="no-print flex flex-wrap gap-x-6",
            ),
        ),
        log,
        rx.cond(
            any_of(TURN_VIEW.others),
            rx.el.div(
                rx.el.p(TURN_VIEW.keeps, class_name="text-ink2"),
                rx.el.div(each(TURN_VIEW.others, move_button), class_name="pair"),
                class_name="grid gap-3",
            ),
        ),
        _why(),
        class_name="grid justify-items-stretch gap-4",
    )


def _free() -> rx.Component:
    return rx.cond(
        TURN_VIEW.take.key,
        rx.el.section(
            rx.el.div(rx.el.h2(case_text.FREE), class_name="call-head"),
            rx.el.div(
                rx.el.p(TURN_VIEW.free, " ", TURN_VIEW.free_until),
                rx.el.div(
                    each(TURN_VIEW.free_times, _free_time),
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


def _free_time(choice: Choice) -> rx.Component:
    """A button that only selects the time. A second tap takes it, so that a slip does not."""
    return rx.el.button(
        choice.label,
        type="button",
        aria_pressed=rx.cond(S.free_time == choice.value, "true", "false"),
        on_click=S.choose_time(choice.value),
        class_name="btn btn-secondary",
    )


def _take_chosen() -> rx.Component:
    sure = rx.el.div(
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
        class_name="grid gap-3",
    )
    return spoken(rx.cond(S.free_time, sure))


def offer_card(offer: OfferView) -> rx.Component:
    """An offered answer. Accepting it needs a second tap; declining needs none."""
    leave = rx.el.details(
        rx.el.summary(citizen_orders_text.OFFER_LEAVE, class_name="btn btn-secondary w-full"),
        rx.el.p(citizen_orders_text.OFFER_LEFT, class_name="mt-2"),
    )
    card = rx.el.section(
        rx.el.h2(offer.head, class_name="px-4 pt-4 text-h3"),
        rx.el.div(
            quote(offer.quote_by, offer.quote),
            rx.el.p(citizen_orders_text.OFFER_LEAD),
            rx.el.div(
                rx.el.p(citizen_orders_text.OFFER_IF, class_name="font-semibold"),
                rx.el.ul(each(offer.costs, rx.el.li), class_name="list-disc ps-5"),
            ),
            answer_line(OFFERED),
            rx.el.button(
                offer.accept.label,
                type="button",
                on_click=S.choose(offer.accept.key),
                aria_expanded=rx.cond(S.move.key == offer.accept.key, "true", "false"),
                class_name="btn btn-secondary",
            ),
            open_form(OFFERED),
            leave,
            class_name="call-body",
        ),
        class_name="sheet",
    )
    return rx.cond(offer.head, card, answer_line(OFFERED))


LISTED = S.case.turn.list


def list_card() -> rx.Component:
    """Whether she is in the list, from the freeze to Tuesday evening and while a mistake is being
    corrected.

    The answer to her objection stays after these hours.
    """
    return rx.cond(
        LISTED.title | S.list_reply.first | (S.place == LIST),
        list_sheet(LISTED, S.list_reply, answer_line(LIST), on_ask=S.object_to_list, busy=S.busy),
    )


def list_sheet(
    found: ListView,
    reply: Reply,
    *refused: rx.Component,
    on_ask: Handler = None,
    busy: bool = False,
) -> rx.Component:
    """One sentence about whether she is in the list, then what she can do about it."""
    answer = rx.el.div(
        shown(reply.first, notice(reply.first, reply.rest, tone=reply.tone)),
        role="alert",
        class_name="empty:hidden",
    )
    ask = button(
        found.ask, kind="secondary", on_click=on_ask, busy=busy, busy_label=listing_text.CHECKING
    )
    stands = rx.el.div(
        rx.el.p(rx.el.strong(found.head)), rx.el.p(found.why, class_name="text-ink2")
    )
    return sheet(
        rx.el.div(
            shown(found.title, rx.el.h2(found.title, class_name="text-h3")),
            pick(reply.first, rx.fragment(), shown(found.head, stands)),
            *refused,
            answer,
            shown(found.until, rx.el.p(found.until, class_name="text-meta text-ink2")),
            shown(found.ask, ask),
            shown(
                found.row,
                button(listing_text.MY_ROW, kind="secondary", href=found.row, native=True),
            ),
            class_name="grid gap-3",
        )
    )


def contest_card() -> rx.Component:
    """Her contest of a no-show, while two officers judge it. The road shows the result."""
    contest = TURN_VIEW.contest
    standing = sheet(
        rx.el.div(
            rx.el.div(
                rx.el.h3(contest.head, class_name="text-h3"),
                badge(contest.badge),
                class_name="flex flex-wrap items-center justify-between gap-2",
            ),
            rx.el.p(lanes_text.CONTEST_WHO),
            rx.el.p(contest.text),
            rx.el.p(lanes_text.CONTEST_THEN, class_name="text-ink2"),
            class_name="grid gap-3",
        )
    )
    return rx.cond(contest.head, section(lanes_text.CONTEST_TITLE, standing))


def wait_card() -> rx.Component:
    """Until she has a seat: the likely Mondays, those on which she can come, and her lane."""
    wait = TURN_VIEW.wait
    guess = rx.cond(
        wait.sentence,
        section(
            case_text.WAIT,
            sheet(estimate(wait.mondays, wait.sentence, wait.basis, wait.more)),
        ),
    )
    days = rx.cond(
        any_of(TURN_VIEW.mondays),
        section(
            case_text.MONDAYS,
            rx.el.div(each(TURN_VIEW.mondays, _monday), role="group", class_name="rows rows-two"),
            answer_line("mondays"),
            lead=case_text.MONDAYS_LEAD,
        ),
    )
    return rx.fragment(guess, days, lane_card(TURN_VIEW.lane))


def _monday(monday: MondayView) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.cond(monday.out, icon("close", "sm"), icon("check", "sm")),
            class_name=rx.cond(monday.out, "tile t-raw size-9", "tile t-glazed size-9"),
        ),
        rx.el.span(
            rx.el.span(monday.text, class_name="block font-semibold"),
            rx.el.span(monday.word, class_name="block text-meta text-ink2"),
        ),
        type="button",
        aria_pressed=rx.cond(monday.out, "false", "true"),
        on_click=S.monday(monday.on, monday.out),
        class_name="row",
    )


def lane_card(lane: LaneView) -> rx.Component:
    """Her lane, below the Mondays and without emphasis: most citizens need none."""
    reasons = rx.el.div(
        rx.el.p(lanes_text.REASONS, class_name="text-ink2"),
        rx.el.ul(
            each(lane.reasons, lambda reason: rx.el.li(reason)),
            class_name="list-disc ps-5",
        ),
    )
    standing = sheet(
        rx.el.div(
            rx.el.div(
                rx.el.h3(lane.head, class_name="text-h3"),
                badge(lane.badge),
                class_name="flex flex-wrap items-center justify-between gap-2",
            ),
            rx.el.p(lane.text),
            rx.cond(lane.more, rx.el.p(lane.more, class_name="text-ink2")),
            rx.cond(any_of(lane.reasons), reasons),
            class_name="grid gap-3",
        )
    )
    return rx.cond(
        lane.shown | (S.move.place == LANE),
        section(
            lanes_text.TITLE,
            rx.cond(lane.head, standing),
            answer_line(LANE),
            rx.cond(lane.why_not, rx.el.p(lane.why_not, class_name="text-ink2")),
            rx.cond(lane.ask.key, rx.el.div(move_button(lane.ask), class_name="grid")),
            open_form(LANE),
            lead=rx.cond(lane.head, "", lanes_text.LEAD),
        ),
        answer_line(LANE),
    )
