"""`/city/people/[account]/`: one official with roles, dates and history."""

import reflex as rx

from publicmeeting.text.officials import people_text
from publicmeeting.ui.city.people.parts import changed, proposals, role_fields
from publicmeeting.ui.city.people.state import OfficialPageState as S
from publicmeeting.ui.city.people.views import HERE, Happening, Line, TermView
from publicmeeting.ui.design.controls import anchor, button, sure, text_link
from publicmeeting.ui.design.fields import error_summary, field, select
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.sheets import row_static
from publicmeeting.ui.shell.navigation import auth_guard, live_title, staff_rail


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            text_link(people_text.BACK, HERE),
            live_title(
                S.seen.name,
                rx.el.p(
                    ltr(S.seen.username),
                    "\u00a0· ",
                    S.seen.state,
                    rx.cond(S.seen.note, "\u00a0· ", ""),
                    S.seen.note,
                    class_name="text-ink2",
                ),
                shown(S.seen.own, rx.el.p(S.seen.own, class_name="text-meta text-ink2")),
            ),
            changed(S),
            proposals(S, S.seen.proposals),
            rx.el.div(
                rx.el.div(_roles(), _deputies(), _account(), class_name="grid gap-8"),
                rx.el.div(_forms(), _history(), class_name="grid gap-8"),
                class_name="grid items-start gap-8 xl:grid-cols-2",
            ),
            announcement=rx.cond(S.done, S.done, S.refused),
            answers=S.answers,
        ),
    )


def _part(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="text-h2"), *content, class_name="grid min-w-0 gap-3"
    )


def _roles() -> rx.Component:
    def role(term: TermView) -> rx.Component:
        taking = sure(
            people_text.END_ROLE,
            people_text.END_ROLE_SURE,
            S.end_role(term.id),
            size="sm",
        )
        return row_static(
            rx.el.div(
                rx.el.p(term.words, class_name="font-semibold"),
                rx.el.p(term.days, class_name="text-meta text-ink2"),
                shown(term.id, taking),
                class_name="row-body grid gap-1",
            )
        )

    listed = rx.el.ul(
        each(S.seen.terms, lambda term: rx.el.li(role(term), key=term.id + term.words + term.days)),
        class_name="rows",
    )
    none = rx.el.p(people_text.NO_ROLES, class_name="text-ink2")
    return _part(people_text.ROLES, rx.cond(any_of(S.seen.terms), listed, none))


def _deputies() -> rx.Component:
    def deputy(line: Line) -> rx.Component:
        return row_static(
            rx.el.div(
                anchor(line.name, href=line.href, class_name="link nav-link"),
                each(line.roles, lambda days: rx.el.p(days, class_name="text-meta text-ink2")),
                class_name="row-body",
            )
        )

    listed = rx.el.ul(each(S.seen.deputies, lambda line: rx.el.li(deputy(line))), class_name="rows")
    return rx.cond(any_of(S.seen.deputies), _part(people_text.DEPUTIES, listed))


def _account() -> rx.Component:
    mobile = rx.el.form(
        field(
            people_text.MOBILE,
            "mobile",
            kind="tel",
            hint=people_text.MOBILE_HINT,
            error=S.errors["mobile"],
        ),
        button(people_text.DO_MOBILE, kind="secondary", submit=True),
        key=S.seen.mobile,
        on_submit=S.change_mobile,
        method="post",
        class_name="no-print grid justify-items-start gap-3",
    )
    presses = rx.el.div(
        rx.cond(
            S.seen.has_password,
            sure(
                people_text.RESET,
                people_text.RESET_SURE,
                S.new_link,
                sign="link",
            ),
            button(people_text.NEW_LINK, kind="secondary", on_click=S.new_link),
        ),
        rx.cond(
            S.seen.has_second_step,
            sure(
                people_text.LOST,
                people_text.LOST_SURE,
                S.new_second_step,
                sign="phone",
            ),
        ),
        rx.cond(
            S.seen.is_suspended,
            button(people_text.LIFT, kind="secondary", on_click=S.lift),
            sure(people_text.SUSPEND, people_text.SUSPEND_SURE, S.suspend),
        ),
        sure(people_text.END, people_text.END_SURE, S.end),
        class_name="grid gap-3 justify-items-start",
    )
    known = rx.el.p(rx.cond(S.seen.mobile, S.seen.mobile, people_text.NO_MOBILE))
    return shown(S.seen.is_working, _part(people_text.ACCOUNT, known, mobile, presses))


def _forms() -> rx.Component:
    dates = rx.el.form(
        select(people_text.WHICH, "term", S.seen.open_terms),
        field(
            people_text.LAST_DAY,
            "last_on",
            dir="ltr",
            input_mode="numeric",
            auto_complete="off",
            hint=people_text.DAY_HINT,
            error=S.errors["last_on"],
        ),
        button(people_text.DO_DATE, kind="secondary", submit=True),
        key=f"dates-{S.turn}",
        on_submit=S.date,
        method="post",
        class_name="grid gap-4",
    )
    giving = rx.el.form(
        error_summary(S.errors, S.answers),
        *role_fields(S),
        button(people_text.DO_GIVE, kind="secondary", submit=True),
        key=f"role-{S.turn}",
        on_submit=S.give,
        method="post",
        class_name="grid gap-4",
    )
    return shown(
        S.seen.is_working,
        rx.el.div(
            rx.cond(any_of(S.seen.open_terms), _part(people_text.DATES, dates)),
            _part(people_text.GIVE, giving),
            class_name="no-print grid gap-8",
        ),
    )


def _history() -> rx.Component:
    def entry(happening: Happening) -> rx.Component:
        return row_static(
            rx.el.div(
                rx.el.p(happening.what),
                each(happening.details, lambda line: rx.el.p(line, class_name="text-meta")),
                rx.el.p(happening.when, class_name="text-meta text-ink2"),
                class_name="row-body",
            )
        )

    listed = rx.el.ul(
        each(S.seen.history, lambda happening: rx.el.li(entry(happening))), class_name="rows"
    )
    none = rx.el.p(people_text.NOTHING_YET, class_name="text-ink2")
    return _part(people_text.HISTORY, rx.cond(any_of(S.seen.history), listed, none))
