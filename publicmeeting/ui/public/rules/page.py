"""`/rules/`: the rules in force, what is announced, and what it changes."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.line import rules_text
from publicmeeting.text.meetings import audiences_text
from publicmeeting.ui.design.figures import data_table
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import brand, page_title, phone_page, section, site_bar
from publicmeeting.ui.design.paper import fingerprint
from publicmeeting.ui.design.sheets import live_sign, notice, sheet
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.public.rules.state import Change, Version
from publicmeeting.ui.public.rules.state import RulesState as S
from publicmeeting.ui.shell.trouble import is_offline


def page() -> rx.Component:
    """Announced changes come first: readers may need to know them in time."""
    return phone_page(
        page_title(rules_text.TITLE),
        rx.el.p(rules_text.LEAD, class_name="max-w-read"),
        rx.cond(S.ready, _rules(), loading("card")),
        bar=site_bar(brand(), live_sign(~is_offline)),
    )


def _rules() -> rx.Component:
    return rx.cond(
        S.shelf.current.hash,
        rx.fragment(
            section(
                rules_text.COMING,
                rx.cond(
                    any_of(S.shelf.coming),
                    each(S.shelf.coming, _coming),
                    notice(rules_text.NO_COMING, tone="neutral"),
                ),
            ),
            section(rules_text.IN_FORCE, _current(S.shelf.current)),
            _lanes(),
            _districts(),
            rx.cond(
                any_of(S.shelf.earlier),
                section(
                    rules_text.EARLIER, rx.el.ul(each(S.shelf.earlier, _earlier), class_name="rows")
                ),
            ),
        ),
        empty(rules_text.NOT_YET, rules_text.NOT_YET_WHY),
    )


def _coming(one: Version) -> rx.Component:
    return sheet(_head(one), _changes(one), _whole(one), _proof(one))


def _current(one: Version) -> rx.Component:
    return sheet(
        _head(one),
        _facts(one.facts),
        rx.cond(any_of(one.changes), _changes(one), rx.fragment()),
        _proof(one),
    )


def _head(one: Version) -> rx.Component:
    return rx.el.div(
        rx.el.h3(one.title, class_name="text-h3"),
        rx.el.p(one.announced, class_name="text-ink2"),
    )


def _facts(facts: Sequence[tuple[str, str]]) -> rx.Component:
    def fact(one: tuple[str, str]) -> rx.Component:
        return rx.el.div(
            rx.el.dt(one[0], class_name="text-ink2"),
            rx.el.dd(one[1], class_name="min-w-0 wrap-anywhere font-semibold"),
            class_name="flex flex-wrap justify-between gap-x-4",
        )

    return rx.el.dl(each(facts, fact), class_name="grid gap-2")


def _changes(one: Version) -> rx.Component:
    def change(two: Change) -> rx.Component:
        return rx.el.li(
            rx.el.p(two.name, class_name="font-semibold"),
            rx.el.p(rules_text.BEFORE, two.was, class_name="wrap-anywhere text-ink2"),
            rx.el.p(rules_text.AFTER, two.now, class_name="wrap-anywhere"),
            class_name="border-s-4 border-glaze ps-3",
        )

    return rx.el.div(
        rx.el.h4(one.changes_title, class_name="mb-2 font-semibold"),
        rx.el.ul(each(one.changes, change), class_name="grid gap-3"),
    )


def _whole(one: Version) -> rx.Component:
    return rx.el.details(
        rx.el.summary(rules_text.WHOLE, class_name="link w-fit cursor-pointer py-2"),
        _facts(one.facts),
    )


def _proof(one: Version) -> rx.Component:
    """The hash, and the exact text it is computed from, so that everybody can check it."""
    return rx.el.div(
        rx.el.div(
            fingerprint(one.hash, rules_text.HASH),
            rx.el.p(
                rx.el.span(rules_text.HASH, class_name="block text-ink2"),
                rx.el.span(one.hash, dir="ltr", class_name="block break-all text-meta"),
                class_name="min-w-0 flex-1 basis-48",
            ),
            class_name="flex flex-wrap items-center gap-4",
        ),
        rx.el.p(rules_text.HASH_WHY, class_name="text-ink2"),
        rx.el.details(
            rx.el.summary(rules_text.EXACT, class_name="link w-fit cursor-pointer py-2"),
            rx.el.pre(
                one.exact,
                dir="ltr",
                class_name="rounded-[3px] bg-sunk p-3 text-meta break-all whitespace-pre-wrap",
            ),
        ),
        class_name="grid gap-2",
    )


def _lanes() -> rx.Component:
    return section(
        rules_text.LANES,
        rx.cond(
            S.shelf.lanes_sum,
            _folded(
                S.shelf.lanes_sum,
                data_table(rules_text.LANES, rules_text.LANE_HEADS, S.shelf.lanes),
            ),
            rx.el.p(rules_text.LANES_NONE, class_name="text-ink2"),
        ),
        rx.cond(S.shelf.lanes_unread, notice(S.shelf.lanes_unread, tone="neutral")),
        lead=rules_text.LANES_LEAD,
    )


def _districts() -> rx.Component:
    table = data_table(audiences_text.DISTRICTS, audiences_text.HEADS, S.shelf.districts)
    return section(
        audiences_text.DISTRICTS,
        rx.cond(
            S.shelf.districts_sum,
            _folded(S.shelf.districts_sum, table),
            rx.el.p(audiences_text.DISTRICTS_NONE, class_name="text-ink2"),
        ),
        lead=audiences_text.DISTRICTS_LEAD,
    )


def _folded(total: str, table: rx.Component) -> rx.Component:
    """The city in one sentence; the long list of its districts is folded."""
    return rx.fragment(
        rx.el.p(total, class_name="font-semibold"),
        rx.el.details(
            rx.el.summary(rules_text.BY_DISTRICT, class_name="disclosure"),
            rx.el.div(table, class_name="mt-2"),
        ),
    )


def _earlier(one: tuple[str, str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(one[0], class_name="row-title block"),
            rx.el.span(one[1], dir="ltr", class_name="row-meta block break-all"),
            class_name="row-body",
        ),
        class_name="row row-static",
    )
