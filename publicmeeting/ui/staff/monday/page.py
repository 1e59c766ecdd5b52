"""`/monday/`: who has come to the reception, who is called, who goes in."""

import reflex as rx

from publicmeeting.text.common import titles_text
from publicmeeting.text.meetings import hall_text, reception_text
from publicmeeting.text.officials import staff_text
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import error_summary, field, takes_first_focus
from publicmeeting.ui.design.figures import code_groups, strip
from publicmeeting.ui.design.flow import Handler, any_of, each, pick, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.sheets import badge, notice
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.audiences import audiences
from publicmeeting.ui.shell.navigation import Rail, at_work, auth_guard, staff_rail
from publicmeeting.ui.shell.parts.monday import print_list
from publicmeeting.ui.shell.steps.keys import CANCEL, DeskKeys
from publicmeeting.ui.shell.steps.parts import FormEvents, send_button, step_fields
from publicmeeting.ui.staff.monday.lines import undo_button, visitor_lines
from publicmeeting.ui.staff.monday.preparing import checklist
from publicmeeting.ui.staff.monday.state import SEEK
from publicmeeting.ui.staff.monday.state import MondayState as S
from publicmeeting.ui.staff.monday.views import StandbyRow, VisitorRow

link_script(__name__, "camera.js")  # scan.js fetches it from its own folder, at the first press


class PassScanner(rx.NoSSRComponent):
    """Component of scan.js: the camera of the tablet, which reads one pass after another."""

    library = link_script(__name__, "scan.js")
    tag = "PassScanner"

    words: rx.Var[dict[str, str]]
    on_code: rx.EventHandler[rx.event.passthrough_event_spec(str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def pass_scanner(on_code: Handler) -> rx.Component:
    """A camera button. `on_code` receives the text of each code, once each time it is held up."""
    return PassScanner.create(
        words={
            "open": reception_text.SCAN_OPEN,
            "stop": reception_text.SCAN_STOP,
            "ready": reception_text.SCAN_READY,
            "light": reception_text.SCAN_LIGHT,
            "refused": reception_text.SCAN_REFUSED,
            "missing": reception_text.SCAN_MISSING,
            "lost": reception_text.SCAN_LOST,
        },
        on_code=on_code,
    )


LINE = "row row-static flex-wrap"
EVENTS = FormEvents(S.choose, S.send, S.cancel, S.keep_note, S.take_template)


def _row_class(code: str) -> str:
    """The CSS classes of a line; the line of the open form is highlighted."""
    return rx.cond((S.open_code == code) & S.form.action, f"{LINE} row-chosen", LINE)


def _lit(row: VisitorRow) -> str:
    """Highlight the line that was looked for, else the visitor who goes in next."""
    return rx.cond(
        S.open_code == row.code,
        f"{LINE} row-chosen",
        rx.cond(row.is_next, f"{LINE} row-next", LINE),
    )


def the_form() -> rx.Component:
    """The page's only form, which stays visible above a long list and names its visitor.

    It is not inside a line, because fields of a form in a loop have no names.
    """
    return rx.cond(
        S.form.action,
        rx.el.section(
            rx.el.div(
                rx.el.h2(
                    S.form.label,
                    "\u00a0· ",
                    rx.el.span(S.open_line, class_name="font-normal"),
                    class_name="text-h3",
                ),
                button(staff_text.CANCEL, kind="quiet", size="sm", on_click=S.cancel, id=CANCEL),
                class_name="flex flex-wrap items-center justify-between gap-x-4",
            ),
            rx.cond(S.refused, notice(S.refused, tone="brick")),
            step_fields(S.form, S.errors, S.answers, EVENTS),
            send_button(S.form, S.stale),
            # The form for her paper opens at once, so the previous step can be undone from here.
            # The notice is at the end, or the choices would move under the finger when its seconds
            # are over.
            rx.cond(S.done, notice(S.done, action=_undo())),
            aria_label=S.form.label,
            class_name=(
                # In a lower window the end of a sticky form would stay below the edge.
                "[@media(min-height:40rem)]:sticky top-0 z-10 mt-3 grid gap-3 rounded-sheet "
                "border-2 border-glaze bg-sheet p-4"
            ),
        ),
    )


def see_names() -> rx.Component:
    return button(reception_text.SEE_NAMES, kind="secondary", size="sm", on_click=S.see_names)


def seek() -> rx.Component:
    """Search by code, card or name. A scanner types the address of the pass and presses Enter.

    The page itself selects what was sent, so the next scan overwrites it whatever the result. The
    content security policy would refuse a script that the server sends.
    """
    return rx.el.form(
        error_summary(rx.Var.create({SEEK: S.found}), S.looked),
        field(
            reception_text.SCAN,
            SEEK,
            hint=reception_text.SCAN_HINT,
            sign="qr",
            auto_complete="off",
            error=S.found,
        ),
        takes_first_focus(SEEK),
        button(
            reception_text.FIND,
            kind="secondary",
            size="sm",
            submit=True,
            class_name="md:mt-8 md:min-h-13 xl:mt-0",
        ),
        on_submit=[S.seek, rx.run_script(f"document.getElementById('{SEEK}').select()")],
        method="post",
        class_name=(
            "no-print grid items-start gap-2 md:flex-[1_1_24rem] md:grid-cols-[1fr_auto] "
            "xl:grid-cols-1"
        ),
    )


def standby_list() -> rx.Component:
    """Tracking codes in the drawn order; the clock seats those who are present in this order."""
    return rx.el.section(
        rx.el.h2(reception_text.STANDBY, class_name="text-h2"),
        rx.el.p(reception_text.STANDBY_LEAD, class_name="text-meta text-ink2"),
        shown(S.day.free, rx.el.p(S.day.free, class_name="mt-2 font-semibold")),
        rx.cond(
            any_of(S.day.standby),
            rx.el.ol(each(S.day.standby, _standby), class_name="rows mt-3"),
            rx.el.p(S.day.standby_none, class_name="mt-3 text-ink2"),
        ),
        shown(S.day.standby_more, rx.el.p(S.day.standby_more, class_name="mt-3 text-ink2")),
    )


def _standby(row: StandbyRow) -> rx.Component:
    come = button(
        reception_text.NOTE_PRESENT,
        kind="secondary",
        size="sm",
        on_click=S.press_standby(row.code),
        aria_label=f"{reception_text.NOTE_PRESENT} {row.place}",
        id=f"step-present-{row.code}",
    )
    return rx.el.li(
        rx.el.div(
            # No tile: on this page a tile is a seat, and place 3 is not seat 3.
            rx.el.div(
                rx.el.p(
                    rx.el.strong(row.place, class_name="whitespace-nowrap"),
                    badge(row.badge),
                    class_name="flex flex-wrap items-center gap-x-3",
                ),
                rx.el.p(code_groups(row.digits), class_name="row-meta"),
                shown(
                    row.whole_card & ~row.badge.word,
                    rx.el.p(reception_text.NEEDS_WHOLE_CARD, class_name="row-meta"),
                ),
                class_name="min-w-0 flex-1 basis-28 self-center",
            ),
            rx.cond(row.badge.word, rx.fragment(), come),
            class_name=_row_class(row.code),
        ),
        key=row.code,
    )


DAY = S.day


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail("/monday/"),
            DeskKeys.create(),
            at_work(rx.cond(DAY.day, DAY.day, titles_text.MONDAY), DAY.where),
            rx.el.div(
                # First if there is one column, because visitors who come in are looked up first.
                rx.el.div(
                    seek(),
                    # Beside it if there is space, so that the first lines of the day are visible.
                    rx.el.div(pass_scanner(S.scanned), class_name="md:mt-8 md:max-w-96 xl:mt-0"),
                    class_name=(
                        "mt-3 grid min-w-0 gap-2 md:flex md:flex-wrap md:items-start xl:grid "
                        "xl:col-start-2 xl:row-start-1"
                    ),
                ),
                rx.el.div(
                    _result(),
                    # Before the day's counts: the eye stays near the field of the search.
                    the_form(),
                    _now(),
                    checklist(
                        DAY.prepare,
                        DAY.prepared,
                        S.tick,
                        S.take_back_tick,
                        is_open=DAY.is_ahead,
                    ),
                    _visitors(),
                    class_name="min-w-0 xl:col-start-1 xl:row-start-1 xl:row-span-2",
                ),
                rx.el.div(
                    _links(),
                    standby_list(),
                    audiences(),
                    class_name="min-w-0 xl:col-start-2 xl:row-start-2",
                ),
                class_name=(
                    "grid gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_20rem] "
                    "xl:grid-rows-[auto_1fr]"
                ),
            ),
            announcement=rx.cond(S.done, S.done, rx.cond(S.refused, S.refused, S.stale)),
            answers=S.answers,
        ),
    )


def _visitors() -> rx.Component:
    return rx.cond(
        any_of(DAY.visitors),
        visitor_lines(
            DAY.visitors,
            lambda row, step: S.press(row.code, step.action, row.calls),
            _lit,
            S.undo,
            S.take_back,
        ),
        rx.el.div(
            rx.cond(
                S.no_day,
                empty(
                    reception_text.NO_MONDAY, reception_text.NO_MONDAY_LEAD, district=Rail.district
                ),
                rx.cond(
                    DAY.freed_lead,
                    empty(reception_text.ALL_FREED, DAY.freed_lead, district=Rail.district),
                    empty(reception_text.EMPTY, reception_text.EMPTY_LEAD, district=Rail.district),
                ),
            ),
            class_name="mt-3",
        ),
    )


def _result() -> rx.Component:
    """What was done, what was refused without an open form, and notices about the day."""
    return rx.el.div(
        rx.cond(S.done & ~S.form.action, notice(S.done, action=_undo())),
        rx.cond(S.refused & ~S.form.action, notice(S.refused, tone="brick")),
        rx.cond(S.unread, notice(S.unread, tone="neutral")),
        rx.cond(
            DAY.is_unheld,
            notice(reception_text.NO_HOLDER, reception_text.NO_HOLDER_LEAD, tone="brick"),
        ),
        rx.cond(DAY.notice, notice(DAY.notice, DAY.notice_lead, tone="neutral")),
        rx.cond(DAY.unseen, notice(reception_text.NAMES_WHY, tone="neutral", action=see_names())),
        class_name="mt-3 grid gap-2 empty:hidden",
    )


def _undo() -> rx.Component:
    """The undo button beside the notice, because its line may be out of view."""
    return rx.cond(S.undo.code, undo_button(S.undo, S.take_back))


def _now() -> rx.Component:
    """The seats of the day as tiles, how late the day runs, and who receives."""
    return rx.el.div(
        strip(DAY.seats, reception_text.SEATS, "md"),
        rx.el.div(
            shown(
                DAY.late,
                rx.el.span(
                    DAY.late,
                    class_name=pick(DAY.is_late, "font-semibold text-brick", "font-semibold"),
                ),
            ),
            shown(DAY.summary, rx.el.span(DAY.summary, class_name="text-ink2")),
            shown(DAY.holder, rx.el.span(DAY.holder, class_name="text-ink2")),
            shown(DAY.apart, rx.el.span(DAY.apart, class_name="font-semibold")),
            class_name="flex flex-wrap items-center gap-x-4 gap-y-1",
        ),
        class_name="mt-4 grid gap-2",
    )


def _links() -> rx.Component:
    """What is needed once a day. Below the visitors if there is one column."""
    return rx.el.div(
        anchor(hall_text.OPEN_SCREEN, href="/hall/", native=True, class_name="link nav-link"),
        print_list(DAY.on, DAY.district, DAY.is_entry_open),
        class_name="no-print mb-3 flex flex-wrap items-center gap-x-4 gap-y-1",
    )
