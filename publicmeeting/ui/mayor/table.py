"""What all pages at the mayor's table share: head, frame, clock, refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import reflex as rx

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import agenda_text, meeting_text
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.controls import anchor, button, door_from_here, open_dialog
from publicmeeting.ui.design.figures import digit_cells, strip
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.frames import TEXT, frame_end, phone_page, skip_link
from publicmeeting.ui.design.models import Photo, Tile
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.states import dead_end
from publicmeeting.ui.design.tehran import mark
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking
from publicmeeting.ui.shell.connection.trouble import live_sign
from publicmeeting.ui.shell.navigation import why_enter
from publicmeeting.ui.shell.session import Elsewhere, Session
from publicmeeting.usecases.meetings.agenda import DayBoard, Visitor

ZOOM = "photo-zoom"
"""Id of the dialog that shows a photo large."""
BACK = "back"
"""Where the reason of «back to the hall» is stored, for the mayor's day and the sheet."""


@dataclass(frozen=True)
class Head(ViewModel):
    """Day, place, the city's clock, and the seats of the day if it has some."""

    date: str = ""
    place: str = ""
    district: int = 0
    clock: str = ""
    seats: tuple[Tile, ...] = ()
    seats_sentence: str = ""


def head(day: date, district: int, now: datetime) -> Head:
    """Return the head of a page that is not about one Monday."""
    place = agenda_text.PLACE.format(district=persian(district)) if district else ""
    return Head(weekday_day(day), place, district, clock_words(now))


def day_head(board: DayBoard) -> Head:
    """Return the head of a Monday: today and the time, and each seat of that Monday as a tile."""
    day = board.monday
    by_time = {visitor.time: visitor for visitor in board.visitors}
    tiles = tuple(
        Tile(seat_kind(by_time.get(time)), persian(number))
        for number, time in enumerate(day.seats, 1)
    )
    plain = head(tehran_day(board.now), day.district, board.now)
    return Head(
        plain.date,
        plain.place,
        plain.district,
        plain.clock,
        tiles,
        _seats_sentence(board, len(tiles)),
    )


def seat_kind(visitor: Visitor | None) -> str:
    """Return the tile's kind: glazed (met), saffron (in the room), framed (in the hall), hatched
    (absent)."""
    if visitor is None:
        return "raw"
    if visitor.in_room_since:
        return "now"
    if visitor.met:
        return "glazed"
    if visitor.missed:
        return "late"
    return "end" if visitor.came_at else "raw"


def _seats_sentence(board: DayBoard, seats: int) -> str:
    met = persian(sum(visitor.met for visitor in board.visitors))
    all_ = persian(seats)
    if board.monday.on != tehran_day(board.now):
        return agenda_text.SEATS_AHEAD.format(
            all=all_, day=weekday_day(board.monday.on), granted=persian(len(board.visitors))
        )
    if board.in_room is None:
        return agenda_text.SEATS_EMPTY_ROOM.format(all=all_, met=met)
    return agenda_text.SEATS_IN_ROOM.format(number=persian(board.in_room.number), all=all_, met=met)


def refuse_under(state: Asking, field: str) -> None:
    """Move a refusal to the form's only field, unless the session has ended."""
    sentence = next(iter(state.errors.values()), state.refused)
    if sentence and not state.signed_out:
        state.errors, state.refused = {field: sentence}, ""


_SIGN_IN = "/sign-in/"


def table_head(head: Head, *end: rx.Component) -> list[rx.Component]:
    """Day and place at the start, the seats, then the clock and links."""
    return [
        rx.el.div(
            mark(head.district, "lg"),
            rx.el.div(
                rx.el.p(head.date, class_name="font-bold"),
                rx.el.p(head.place, class_name="text-meta text-ink2"),
            ),
            class_name="flex items-center gap-3 leading-normal",
        ),
        shown(any_of(head.seats), rx.el.div(strip(head.seats, head.seats_sentence, "head"))),
        rx.el.div(
            rx.el.p(digit_cells(head.clock), class_name="text-hero"),
            *end,
            # On a phone it wraps as soon as the date is read: a row of its own moves nothing.
            class_name="flex flex-wrap items-center gap-3 max-sm:basis-full max-sm:gap-2",
        ),
    ]


TWO_LINES = "[&_.row-title]:line-clamp-2"
"""CSS classes: titles have at most two lines, because an order's text may be long."""


def leave_button(*, at_end: bool = False) -> rx.Component:
    """Buttons for the account, locking the screen and signing out.

    They are at the side or, in portrait orientation, at the end of the page (`at_end`). Signing out
    is a form, because the server must delete the session.
    """
    account = button(
        staff_text.ACCOUNT, kind="quiet", size="sm", sign="person", href="/account/", native=True
    )
    return rx.el.div(
        each(Session.elsewhere, _elsewhere),
        account,
        _posting("/auth/lock", staff_text.LOCK, "lock"),
        _posting("/auth/leave", chrome_text.LEAVE, "exit"),
        class_name="no-print mt-4 min-[56rem]:hidden" if at_end else "max-[56rem]:hidden",
    )


def _elsewhere(elsewhere: Elsewhere) -> rx.Component:
    district = rx.el.input(type="hidden", name="district", value=elsewhere.district, read_only=True)
    return _posting("/auth/district", elsewhere.word, "pin", district)


def _posting(action: str, word: str, sign: str, *fields: rx.Component) -> rx.Component:
    return rx.el.form(
        button(word, kind="quiet", size="sm", sign=sign, submit=True),
        *fields,
        method="post",
        action=action,
        on_submit=None,
    )


def plain_table(
    head: Sequence[rx.Component],
    side: Sequence[rx.Component],
    main: Sequence[rx.Component],
    *,
    announcement: str = "",
    answers: int = 0,
    title: rx.Component | None = None,
) -> rx.Component:
    """A page at the table with head and side; the rest is one part that scrolls by itself.

    `title` is a `table_title`, above the side in portrait orientation. Without it the h1 is in
    `main`, which then comes first. Text for screen readers scrolls with its part (`relative`), so
    that it does not make the page longer.
    """
    aside = rx.el.aside(
        *side,
        tab_index=0,  # a part that scrolls must be reachable by keyboard
        aria_label=chrome_text.FILE,
        class_name="tablet-side !visible !relative !w-auto !transform-none",
    )
    rest = rx.el.main(*main, id=TEXT, tab_index=-1, class_name="tablet-main relative")
    return rx.el.div(
        skip_link(),
        rx.el.header(
            rx.el.div(*head, class_name="tablet-head on-band"),
            *((title,) if title else ()),
        ),
        *((aside, rest) if title else (rest, aside)),
        *frame_end(announcement, answers),
        class_name="tablet tablet-plain",
    )


def table_title(title: str, *end: rx.Component) -> rx.Component:
    """The h1 of a page at the table: the first thing below the head, also on a phone."""
    return rx.el.div(
        rx.el.h1(title, class_name="text-h1"),
        rx.el.div(*end, live_sign(), class_name="flex items-center gap-4"),
        class_name="tablet-title",
    )


def to_agenda() -> rx.Component:
    """The button back to the agenda, on every page at the table."""
    return button(meeting_text.AGENDA, kind="secondary", size="sm", sign="calendar", href="/mayor/")


def thumbs(photos: Sequence[Photo], zoom: Handler) -> rx.Component:
    """Photos, two in a row. Each opens large on the same page (`ZOOM`), because a tablet shows only
    one page.

    Nothing if there are none.
    """

    def one(photo: Photo) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                rx.el.img(src=photo.thumb, alt=photo.alt, decoding="async"),
                type="button",
                on_click=[zoom(photo.full), open_dialog(ZOOM)],
                class_name="thumb w-full",
            ),
            key=photo.full,
        )

    return shown(any_of(photos), rx.el.ul(each(photos, one), class_name="grid grid-cols-2 gap-1"))


def refusals(state: Any) -> rx.Component:
    """What was refused, in words, in a live region of its own. Typed text is not lost."""
    again = anchor(
        chrome_text.STAFF_ENTER, href=door_from_here(_SIGN_IN), native=True, class_name="link"
    )
    return rx.el.div(
        rx.cond(
            state.signed_out,
            notice(
                rx.cond(state.refused, state.refused, refusal("session_ended")),
                staff_text.NO_WAY_IN,
                tone="brick",
                action=again,
            ),
            # Drawn again for each answer, or a screen reader would not announce the same refusal
            # again.
            rx.cond(
                state.refused, rx.fragment(notice(state.refused, tone="brick"), key=state.answers)
            ),
        ),
        rx.cond(state.unread, notice(state.unread, tone="neutral")),
        role="alert",
        class_name="grid gap-2 empty:hidden",
    )


def for_the_mayor(
    state: Any,
    page: rx.Component,
    left: rx.Component | None = None,
    why: str = staff_text.NEED_ENTER_WHY,
) -> rx.Component:
    """The page for its owner; the same "not found" for everybody else.

    `left` shows the account what it has left on this tablet if it may no longer see the page.
    `why` is the text for a user who is signed out, perhaps while writing. If the session ends while
    the page is open, the page stays until its socket is closed (`web.socket`).
    """
    return rx.cond(
        state.missing,
        phone_page(
            dead_end(
                chrome_text.NOT_FOUND,
                chrome_text.NOT_FOUND_WHY,
                button(chrome_text.HOME, href="/"),
            ),
            *([left] if left else []),
        ),
        rx.cond(
            state.signed_out & ~state.head.date,
            phone_page(
                dead_end(
                    staff_text.NEED_ENTER,
                    why_enter(state, why),
                    button(chrome_text.STAFF_ENTER, href=door_from_here(_SIGN_IN)),
                )
            ),
            page,
        ),
    )
