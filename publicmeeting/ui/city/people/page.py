"""`/city/people/`: officials, invitations, and proposals that wait for a second administrator."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.officials import people_text
from publicmeeting.ui.city.people.parts import (
    changed,
    proposals,
    role_fields,
)
from publicmeeting.ui.city.people.state import PeopleState as S
from publicmeeting.ui.city.people.views import HERE, NUMBERS, ROLES, Line
from publicmeeting.ui.design.controls import anchor, button, text_link
from publicmeeting.ui.design.fields import error_summary, field, pressed_chips, select
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.states import empty, listed
from publicmeeting.ui.shell.narrowing import page_top, pager, soon
from publicmeeting.ui.shell.navigation import auth_guard, live_title, staff_rail
from publicmeeting.ui.shell.typed import found, storing


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            live_title(people_text.TITLE, rx.el.p(people_text.LEAD, class_name="text-ink2")),
            changed(S),
            rx.cond(
                S.seen.overdue,
                rx.el.div(notice(S.seen.overdue, tone="brick"), class_name="mb-4"),
            ),
            rx.cond(
                S.seen.unheld,
                rx.el.div(notice(S.seen.unheld, tone="brick"), class_name="mb-4"),
            ),
            rx.cond(
                S.seen.unsent,
                rx.el.div(notice(S.seen.unsent, tone="brick"), class_name="mb-4"),
            ),
            rx.cond(
                S.seen.unread,
                rx.el.div(notice(S.seen.unread, tone="brick"), class_name="mb-4"),
            ),
            proposals(S, S.seen.proposals),
            rx.el.div(_list(), _inviting(), class_name="grid items-start gap-6 xl:grid-cols-2"),
            announcement=rx.cond(S.done, S.done, S.refused),
            answers=S.answers,
        ),
    )


def _list() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            field(
                people_text.SEARCH,
                "find",
                kind="search",
                sign="search",
                value=S.sought.words,
                auto_complete="off",
                on_change=soon(S.find),
            ),
            class_name="no-print",
        ),
        rx.el.div(
            _filter("role", people_text.BY_ROLE, (Choice("", people_text.ANY_ROLE), *ROLES)),
            _filter(
                "district",
                people_text.DISTRICT,
                (Choice("", chrome_text.LIST_ANY_DISTRICT), *NUMBERS),
            ),
            class_name="no-print grid gap-3 sm:grid-cols-2",
        ),
        pressed_chips(
            people_text.BY_STATE,
            S.seen.states,
            S.sought.state,
            lambda value: S.narrow("state", value),
        ),
        page_top(S.seen.page),
        listed(S.seen.lines, _line, empty(people_text.NONE, people_text.NONE_WHY)),
        pager(
            S.seen.page,
            S.turn_page,
            S.sought.page,
            earlier=~S.seen.is_first,
            later=~S.seen.is_last,
        ),
        class_name="relative grid gap-4",
    )


def _filter(name: str, label: str, options: tuple[Choice, ...]) -> rx.Component:
    # A unique name, because the form beside the list has fields with these names.
    value = getattr(S.sought, name)
    return select(
        label, f"only-{name}", options, value=value, on_change=lambda value: S.narrow(name, value)
    )


def _line(line: Line) -> rx.Component:
    return anchor(
        rx.el.span(
            rx.el.span(line.name, class_name="row-title block"),
            rx.el.span(
                each(line.roles, lambda role: rx.el.span(role, class_name="block")),
                class_name="row-meta block",
            ),
            class_name="row-body",
        ),
        rx.el.span(
            ltr(line.username, "row-meta whitespace-normal break-all"),
            shown(line.note, rx.el.span(line.note, class_name="badge badge-neutral")),
            shown(line.waits, rx.el.span(line.waits, class_name="badge badge-saffron")),
            class_name="row-end",
        ),
        href=line.href,
        class_name="row",
    )


def _inviting() -> rx.Component:
    return rx.el.section(
        rx.el.h2(people_text.INVITE, class_name="text-h2"),
        rx.el.p(people_text.INVITE_LEAD, class_name="text-ink2"),
        rx.el.form(
            error_summary(S.errors, S.answers),
            found(S),
            field(
                people_text.NAME,
                "name",
                value=S.filled["name"],
                auto_complete="off",
                error=S.errors["name"],
                **storing(S, "name"),
            ),
            field(
                people_text.USERNAME,
                "username",
                value=S.filled["username"],
                dir="ltr",
                auto_complete="off",
                hint=people_text.USERNAME_HINT,
                error=S.errors["username"],
                **storing(S, "username"),
            ),
            field(
                people_text.MOBILE,
                "mobile",
                kind="tel",
                value=S.filled["mobile"],
                hint=people_text.MOBILE_HINT,
                error=S.errors["mobile"],
                **storing(S, "mobile"),
            ),
            *role_fields(S, stored=S),
            button(people_text.DO_INVITE, submit=True),
            key=S.form_turn,
            on_submit=S.invite,
            method="post",
            class_name="grid gap-4",
        ),
        text_link(people_text.IMPORT, "/people/import/", native=True),
        class_name="no-print grid gap-3",
    )
