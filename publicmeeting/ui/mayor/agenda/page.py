"""`/mayor/`: the Monday of a mayor, seat by seat, and who holds it."""

import reflex as rx

from publicmeeting.domain.stages import Action
from publicmeeting.text.common import titles_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.meetings import agenda_text
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.controls import anchor, button, pair, text_link
from publicmeeting.ui.design.fields import area, chips, saving
from publicmeeting.ui.design.figures import digit_cells, strip_with_words, tile
from publicmeeting.ui.design.flow import any_of, each, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import badge, live_region, notice, rows, sheet
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.mayor.agenda.day_place import place_and_guest
from publicmeeting.ui.mayor.agenda.evening import evening_card
from publicmeeting.ui.mayor.agenda.state import AgendaState as S
from publicmeeting.ui.mayor.agenda.state import holding
from publicmeeting.ui.mayor.agenda.views import SKIPS, Guest
from publicmeeting.ui.mayor.offline.table import offline_table
from publicmeeting.ui.mayor.table import (
    for_the_mayor,
    leave_button,
    plain_table,
    refusals,
    table_head,
    table_title,
)
from publicmeeting.ui.shell.audiences import audiences
from publicmeeting.ui.shell.parts.monday import print_list
from publicmeeting.ui.shell.steps.views import ABOUT


def until() -> rx.Component:
    """On other days: how far away the Monday is."""
    return shown(
        any_of(S.day.until),
        sheet(
            rx.el.div(
                rx.el.p(agenda_text.UNTIL, class_name="font-semibold"),
                strip_with_words(S.day.until, S.day.until_label, "md"),
                class_name="grid gap-3",
            )
        ),
    )


def in_room() -> rx.Component:
    """The visitor who is in the room now, or that the room is free."""
    guest = S.day.in_room
    card = rx.cond(
        guest.code,
        sheet(
            rx.el.div(
                rx.el.p(agenda_text.IN_ROOM, class_name="font-semibold text-saffrontext"),
                _who(guest),
                button(
                    rx.cond(guest.may_go_on, agenda_text.GO_ON, agenda_text.LOOK),
                    size="lg",
                    href=guest.href,
                    sign="pen",
                ),
                # Hidden while the question is open, so that the question and its buttons fit into a
                # low screen.
                shown(
                    guest.may_send_back & ~S.sending_back,
                    rx.el.p(agenda_text.UNTIL_OUTCOME, class_name="text-ink2"),
                ),
                shown(guest.may_send_back & ~S.sending_back, _ask_back()),
                class_name="grid gap-3",
            )
        ),
        shown(S.day.is_today, rx.el.p(agenda_text.ROOM_FREE, class_name="text-ink2")),
    )
    # Beside the card, not in it: another visitor may be in the room while the note is written.
    return rx.fragment(card, shown(S.sending_back, sheet(_back_form())))


def _ask_back() -> rx.Component:
    return button(
        ACTION[Action.SEND_BACK], kind="secondary", size="sm", sign="undo", on_click=S.ask_back
    )


def _back_form() -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name=ABOUT, value=S.sending_back, read_only=True),
        area(
            agenda_text.BACK_LABEL,
            "note",
            value=S.back,
            rows=2,
            error=S.errors["note"],
            **saving(lambda note: S.keep_back(note, S.sending_back)),
        ),
        pair(
            button(
                agenda_text.BACK_DO,
                kind="danger",
                size="sm",
                submit=True,
                why_not=rx.cond(S.sending_back == S.day.in_room.code, "", agenda_text.BACK_LATE),
            ),
            button(agenda_text.NEVER_MIND, kind="secondary", size="sm", on_click=S.never_mind),
        ),
        on_submit=S.send_back,
        method="post",
        class_name="grid gap-3",
    )


def next_one() -> rx.Component:
    """The next visitor: name, number, time, title of the request, and whether she has come."""
    guest = S.day.next
    call = button(
        ACTION[Action.CALL], kind="secondary", sign="bell", on_click=S.call(guest.code, guest.calls)
    )
    come_in = rx.cond(
        S.day.in_room.code,
        button(agenda_text.CALL_IN, kind="secondary", sign="meet", on_click=S.call_in(guest.code)),
        button(agenda_text.CALL_IN, size="lg", sign="meet", on_click=S.call_in(guest.code)),
    )
    return rx.cond(
        guest.code,
        sheet(
            rx.el.div(
                rx.el.div(
                    rx.el.p(agenda_text.NEXT, class_name="font-semibold"),
                    badge(guest.badge),
                    class_name="flex items-center justify-between gap-3",
                ),
                _who(guest),
                shown(S.day.lateness, rx.el.p(S.day.lateness, class_name="text-meta text-ink2")),
                shown(guest.may_call_in, come_in),
                shown(guest.may_call, call),
                shown(guest.may_ring, _telephone(guest)),
                class_name="grid gap-3",
            )
        ),
        shown(
            S.day.is_today & ~S.day.in_room.code & (S.day.others == ""),
            rx.el.p(agenda_text.NOBODY_LEFT, class_name="text-ink2"),
        ),
    )


def _telephone(guest: Guest) -> rx.Component:
    """Buttons for a visitor who is telephoned: she answered, or she did not."""
    return pair(
        button(ACTION[Action.REACH], sign="phone", on_click=S.reach(guest.code)),
        button(ACTION[Action.RING], kind="secondary", on_click=S.ring(guest.code, guest.calls)),
    )


def _who(guest: Guest) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            tile(guest.tile, "size-16 shrink-0 text-hero"),
            rx.el.div(
                rx.el.p(guest.name, class_name="text-h2 font-bold wrap-anywhere"),
                rx.el.p(
                    rx.el.span(guest.time, class_name="font-semibold text-ink"),
                    shown(guest.state, rx.fragment("\u00a0· ", guest.state)),
                    class_name="text-meta text-ink2",
                ),
                class_name="min-w-0",
            ),
            class_name="flex items-center gap-3",
        ),
        rx.el.p(rx.el.strong(guest.title), class_name="mt-2"),
        rx.el.p(guest.line, class_name="text-meta text-ink2"),
    )


def guests() -> rx.Component:
    """Everybody who has a seat on this day, by time."""
    return rx.el.ul(each(S.day.guests, _guest), class_name="rows")


def _guest(guest: Guest) -> rx.Component:
    face = anchor(
        tile(guest.tile, "!m-0 size-11 shrink-0"),
        rx.el.span(digit_cells(guest.time), class_name="row-time"),
        rx.el.span(
            rx.el.span(guest.name, class_name="row-title block"),
            rx.el.span(guest.title, class_name="row-meta block"),
            shown(guest.state, rx.el.span(guest.state, class_name="row-meta block")),
            class_name="row-body",
        ),
        href=guest.href,
        # On a phone, a badge and a button wrap below before the name gets too little space.
        class_name="flex min-h-12 min-w-0 flex-1 basis-64 items-center gap-3 no-underline",
    )
    come_in = button(
        agenda_text.CALL_IN,
        kind="secondary",
        size="sm",
        on_click=S.call_in(guest.code),
        aria_label=f"{agenda_text.CALL_IN} {guest.name}",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                face,
                badge(guest.badge),
                shown(guest.may_call_in & ~guest.is_next, come_in),
                class_name="flex flex-wrap items-center gap-3",
            ),
            shown(S.skipping == guest.code, _skip_form()),
            class_name="row !grid",
        ),
        key=guest.code,
    )


def _skip_form() -> rx.Component:
    """The form that asks why a visitor goes in early; the use of each reason is counted in
    public."""
    return rx.el.form(
        rx.el.input(type="hidden", name=ABOUT, value=S.skipping, read_only=True),
        chips(
            agenda_text.SKIP,
            "skip",
            SKIPS,
            hint=agenda_text.SKIP_HINT,
            error=S.errors["skip"],
            takes_focus=True,
        ),
        pair(
            button(agenda_text.SKIP_GO, kind="secondary", size="sm", submit=True),
            button(agenda_text.NEVER_MIND, kind="secondary", size="sm", on_click=S.never_mind),
        ),
        on_submit=S.call_in_early,
        method="post",
        class_name="grid gap-3 pt-3",
    )


def page() -> rx.Component:
    """The room and the next visitor at the side; late orders and the whole day beside them."""
    to_orders = button(
        orders_text.TITLE, kind="secondary", size="sm", sign="doc", href="/mayor/orders/"
    )
    return for_the_mayor(
        S,
        plain_table(
            head=table_head(S.head, to_orders),
            title=table_title(
                rx.cond(S.day.title, S.day.title, titles_text.AGENDA),
                shown(S.day.late_count, _late_count()),
            ),
            side=[
                rx.cond(
                    S.ready,
                    rx.el.div(
                        until(),
                        in_room(),
                        next_one(),
                        _own_page(agenda_text.MINE, "pen", "/mayor/profile/"),
                        _own_page(titles_text.DISTRICT_TEXTS, "pin", "/district/"),
                        leave_button(),
                        class_name="grid gap-4",
                    ),
                    loading("card"),
                )
            ],
            main=[rx.cond(S.ready, _main(), loading("rows")), live_region(S.news)],
            announcement=S.done,
            answers=S.answers,
        ),
        offline_table(owner=S.owner),
    )


def _own_page(word: str, sign: str, href: str) -> rx.Component:
    """A link to what the mayor writes about himself or his district: seldom needed."""
    return button(
        word, kind="quiet", size="sm", sign=sign, href=href, class_name="justify-self-start"
    )


def _main() -> rx.Component:
    return rx.el.div(
        refusals(S),
        offline_table(owner=S.owner, day=S.day, clock=S.head.clock),
        shown(S.done, notice(S.done)),
        shown(S.day.other_day, notice(agenda_text.NOT_TODAY, S.day.other_day, tone="neutral")),
        shown(S.day.others, notice(agenda_text.OTHERS, S.day.others, tone="neutral")),
        # Above the parts about other weeks, so that a mayor does not set out for a cancelled
        # Monday.
        shown(S.day.closed, notice(S.day.empty, S.day.empty_lead, tone="saffron")),
        evening_card(S.evening),
        # On the Monday itself the visitors come first: the late orders would push them out of view.
        rx.cond(
            S.day.is_today,
            rx.fragment(_people(), _late()),
            rx.fragment(_late(), _people()),
        ),
        holding(),
        place_and_guest(),
        audiences(),
        leave_button(at_end=True),
        class_name="grid gap-4",
    )


def _late_count() -> rx.Component:
    """How many orders are late, above the visitors; a phone has no room beside the title."""
    return anchor(
        icon("flag", "sm"),
        S.day.late_count,
        href="/mayor/orders/?which=late",
        class_name="link nav-link gap-2 text-brick max-sm:hidden",
    )


def _late() -> rx.Component:
    """Late orders of earlier Mondays."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(agenda_text.LATE_FIRST, class_name="text-h2"),
            shown(S.day.late_more, text_link(S.day.late_more, "/mayor/orders/?which=late")),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        rx.cond(
            any_of(S.day.late),
            rows(S.day.late),
            rx.el.p(agenda_text.NO_LATE, class_name="text-ink2"),
        ),
        rx.el.div(
            button(
                orders_text.REVIEW_FROM_AGENDA,
                kind="secondary",
                size="sm",
                sign="list",
                href="/mayor/review/",
            )
        ),
        class_name="grid gap-2",
    )


def _people() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            # On the day the title names it, and its first sentence is how far it is.
            rx.el.h2(agenda_text.PEOPLE, class_name=pick(S.day.is_today, "sr-only", "text-h2")),
            shown(S.day.is_today, rx.el.p(S.day.progress)),
            shown(
                any_of(S.day.guests),
                print_list(S.day.on, S.head.district, S.day.is_entry_open),
            ),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        shown(
            S.day.empty & ~S.day.closed,
            empty(S.day.empty, S.day.empty_lead, district=S.head.district),
        ),
        shown(any_of(S.day.guests), guests()),
        class_name="grid gap-2",
    )
