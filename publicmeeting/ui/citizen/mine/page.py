"""`/mine/`: her requests, then her notices, her data and signing out."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.tracking import my_page_text, privacy_text
from publicmeeting.ui.citizen.mine.state import MineState as S
from publicmeeting.ui.citizen.mine.state import NoticeView, PersonView
from publicmeeting.ui.citizen.shared import who_question
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import ltr, tile
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import brand, phone_page, section, site_bar
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor, text_link
from publicmeeting.ui.design.models import Badge, Row
from publicmeeting.ui.design.sheets import badge, live_sign, notice, sheet, spoken
from publicmeeting.ui.design.states import dead_end, empty, loading
from publicmeeting.ui.shell.trouble import is_offline


def page() -> rx.Component:
    """Without a session: a link to signing in."""
    return phone_page(
        rx.cond(
            S.signed_out | S.missing,
            dead_end(chrome_text.NEED_ENTER, chrome_text.NEED_ENTER_WHY, _sign_in_button()),
            rx.cond(S.ready, _page(), loading("rows")),
        ),
        bar=site_bar(brand(), live_sign(~is_offline)),
        announcement=S.announcement,
    )


def _sign_in_button() -> rx.Component:
    return button(chrome_text.ENTER, href="/enter/", native=True)


def _page() -> rx.Component:
    draft = notice(
        my_page_text.DRAFT,
        tone="saffron",
        action=anchor(my_page_text.DRAFT_BUTTON, href="/request/", class_name="link nav-link"),
    )
    return rx.fragment(
        rx.el.h1(my_page_text.TITLE, class_name="text-h1 mb-4"),
        spoken(rx.cond(S.refused, notice(S.refused, tone="brick"))),
        rx.cond(S.page.is_asked, rx.el.div(who_question("/mine/"), class_name="mb-6")),
        _for_whom(),
        rx.cond(S.page.has_draft, rx.el.div(draft, class_name="mb-4")),
        rx.cond(any_of(S.page.open_rows) | any_of(S.page.past_rows), _requests(), _none()),
        rx.cond(S.page.name, rx.fragment(_notices(), _data())),
        _leave(),
    )


def _none() -> rx.Component:
    ask = button(my_page_text.EMPTY_BUTTON, href="/request/")
    return empty(my_page_text.EMPTY, my_page_text.EMPTY_LEAD, ask)


def _requests() -> rx.Component:
    return rx.el.div(
        _rows(S.page.open_rows),
        rx.cond(
            any_of(S.page.open_rows),
            rx.fragment(),
            button(my_page_text.NEW_REQUEST, href="/request/"),
        ),
        rx.cond(
            any_of(S.page.past_rows),
            rx.el.div(
                rx.el.h2(my_page_text.PAST, class_name="text-h3 mb-2"), _rows(S.page.past_rows)
            ),
        ),
        class_name="grid gap-6",
    )


def _rows(rows: Sequence[Row]) -> rx.Component:
    """The badge of each request stands under its title, for on a narrow page it needs the line."""
    return rx.el.ul(each(rows, _row), class_name="rows")


def _row(one: Row) -> rx.Component:
    return rx.el.li(
        anchor(
            tile(one.tile),
            rx.el.span(
                rx.el.span(one.title, class_name="row-title block"),
                rx.el.span(one.meta, class_name="row-meta block"),
                rx.cond(one.note, rx.el.span(one.note, class_name="row-meta block")),
                rx.el.span(badge(one.badge), class_name="mt-1 block"),
                class_name="row-body",
            ),
            icon("forward", "sm"),
            href=one.href,
            class_name="row",
        )
    )


def _for_whom() -> rx.Component:
    """Shown only where one mobile serves several persons."""

    def one(person: PersonView) -> rx.Component:
        return rx.el.button(
            person.name,
            type="button",
            on_click=S.choose(person.id),
            aria_pressed=rx.cond(person.chosen, "true", "false"),
            class_name="chip",
        )

    return rx.cond(
        any_of(S.page.persons),
        rx.el.section(
            rx.el.h2(my_page_text.FOR_WHOM, class_name="text-h3"),
            rx.el.p(my_page_text.FOR_WHOM_LEAD, class_name="text-ink2"),
            rx.el.div(each(S.page.persons, one), role="group", class_name="chips mt-2"),
            class_name="mb-6",
        ),
    )


def _notices() -> rx.Component:
    return section(
        my_page_text.NOTICES,
        rx.cond(
            any_of(S.page.notices),
            rx.el.div(
                rx.el.ul(each(S.page.notices, _notice), class_name="rows"),
                rx.cond(any_of(S.page.older), _older()),
                class_name="grid gap-2",
            ),
            rx.el.p(my_page_text.NO_NOTICES, class_name="text-ink2"),
        ),
        lead=S.page.notices_lead,
    )


def _older() -> rx.Component:
    return rx.el.details(
        rx.el.summary(my_page_text.OLDER, class_name="link nav-link cursor-pointer"),
        rx.el.ul(each(S.page.older, _notice), class_name="rows mt-2"),
    )


def _notice(one: NoticeView) -> rx.Component:
    head = rx.el.span(
        rx.el.span(one.title, class_name="row-title"),
        rx.cond(one.is_new, badge(Badge(my_page_text.NEW, "saffron"))),
        class_name="flex flex-wrap items-center justify-between gap-2",
    )
    return rx.el.li(
        anchor(
            rx.el.span(
                head,
                rx.el.span(one.text, class_name="block"),
                rx.el.span(one.when, class_name="row-meta block"),
                rx.el.span(icon(one.how_sign, "sm"), one.how, class_name="row-meta flex gap-2"),
                class_name="row-body",
            ),
            href=one.href,
            class_name="row",
        )
    )


def _data() -> rx.Component:
    def fact(label: str, value: rx.Component) -> rx.Component:
        return rx.el.div(
            rx.el.dt(label, class_name="text-ink2"),
            rx.el.dd(value, class_name="font-semibold"),
            class_name="flex flex-wrap justify-between gap-x-4",
        )

    return section(
        my_page_text.MY_DATA,
        sheet(
            rx.el.dl(
                fact(my_page_text.NAME, rx.el.span(S.page.name)),
                fact(my_page_text.IDENTITY, ltr(S.page.identity)),
                fact(
                    my_page_text.MOBILE,
                    rx.cond(S.page.mobile, ltr(S.page.mobile), rx.el.span(my_page_text.NO_MOBILE)),
                ),
                class_name="grid gap-2",
            ),
            rx.el.p(my_page_text.DATA_WHY, class_name="text-ink2"),
            rx.el.div(
                text_link(my_page_text.MY_DATA_WAY, "/mine/data/", native=True),
                text_link(privacy_text.WAY, "/privacy/"),
                class_name="grid justify-items-start",
            ),
        ),
    )


def _leave() -> rx.Component:
    """Native forms: only a response of the server can remove the cookie."""
    return rx.el.div(
        _form(
            "/auth/leave", button(my_page_text.SIGN_OUT, kind="secondary", sign="exit", submit=True)
        ),
        _form(
            "/auth/leave-everywhere",
            button(my_page_text.SIGN_OUT_ALL, kind="danger", submit=True),
        ),
        rx.el.p(my_page_text.SIGN_OUT_ALL_WHY, class_name="text-ink2"),
        class_name="mt-8 grid gap-2 border-t border-line pt-6",
    )


def _form(action: str, submit: rx.Component) -> rx.Component:
    return rx.el.form(
        submit,
        rx.el.input(type="hidden", name="next", value="/"),
        method="post",
        action=action,
        on_submit=None,
        class_name="grid",
    )
