"""`/verify/`: find a row, recompute the draw, and read what could still go wrong."""

import reflex as rx

from publicmeeting.config import PROJECT
from publicmeeting.text.districts import home_text
from publicmeeting.text.public_record import verify_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.frames import (
    brand,
    page_title,
    phone_page,
    section,
    site_bar,
    site_foot,
)
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.sheets import badge, notice, sheet
from publicmeeting.ui.design.states import loading, unless_loading
from publicmeeting.ui.public.verify.check import draw_checker, whole_log
from publicmeeting.ui.public.verify.state import RiskView
from publicmeeting.ui.public.verify.state import VerifyState as S
from publicmeeting.ui.shell.parts.line import four_rules, numbered

_WAITS = (PROJECT / "assets" / "waits.svg").read_text(encoding="utf-8")
COMMAND = "python3 verify_draw.py everything.zip --lang fa"


def page() -> rx.Component:
    """The page: the recomputation first; below it, with figures, what it cannot show."""
    no_script = rx.el.noscript(notice(verify_text.NEEDS_SCRIPT, tone="neutral"))
    return phone_page(
        page_title(verify_text.TITLE),
        rx.el.p(verify_text.LEAD, class_name="text-ink2"),
        section(verify_text.RULE, four_rules(is_watched=S.is_watched)),
        section(verify_text.CHECK, draw_checker(), no_script),
        section(verify_text.WHOLE, whole_log(), lead=verify_text.WHOLE_LEAD),
        section(verify_text.OFFLINE_TITLE, _offline(), lead=verify_text.OFFLINE_LEAD),
        section(verify_text.WHY, _why(), lead=verify_text.WHY_LEAD),
        section(verify_text.COULD, _risks(), lead=verify_text.COULD_LEAD),
        bar=site_bar(brand(), rx.el.div(badge(Badge(verify_text.SHORT, "glaze", "shield")))),
        site_footer=site_foot(
            [
                (verify_text.LOG_LINK, "/verify/log/"),
                (verify_text.DRAWS_LINK, "/draws/"),
                (verify_text.RULES_LINK, "/rules/"),
                (home_text.REQUEST, "/request/"),
            ]
        ),
    )


def _offline() -> rx.Component:
    files = rx.el.div(
        rx.el.p(verify_text.STEP_FILES),
        button(
            verify_text.EVERYTHING,
            kind="secondary",
            sign="download",
            href="/verify/everything.zip",
            native=True,
        ),
        button(
            verify_text.PROGRAM,
            kind="secondary",
            sign="download",
            href="/verify_draw.py",
            native=True,
            saved_as="verify_draw.py",
        ),
        class_name="grid min-w-0 flex-1 gap-3",
    )
    run = rx.el.div(
        rx.el.p(verify_text.STEP_RUN),
        rx.el.p(COMMAND, dir="ltr", class_name="rounded-[3px] bg-sunk p-3 text-meta"),
        rx.el.p(verify_text.STEP_RUN_WINDOWS, class_name="text-meta text-ink2"),
        class_name="grid min-w-0 flex-1 gap-3",
    )
    return numbered(files, run)


def _why() -> rx.Component:
    """The chart grows with the letters; where they are large, it scrolls sideways by itself."""
    chart = sheet(
        # Inline, because a linked image would not use the page's fonts.
        rx.html(_WAITS, class_name="max-w-[24em] overflow-x-auto [&>svg]:min-w-60"),
        rx.el.div(*(rx.el.p(note) for note in verify_text.WHY_NOTES), class_name="grid gap-3"),
    )
    return rx.el.div(chart, class_name="min-w-0")


def _risks() -> rx.Component:
    return rx.fragment(
        rx.el.p(verify_text.FIGURES_FROM, class_name="text-meta text-ink2"),
        unless_loading(
            S.ready,
            loading("rows"),
            rx.el.ul(each(S.risks, lambda risk: rx.el.li(_risk(risk))), class_name="rows"),
        ),
    )


def _risk(risk: RiskView) -> rx.Component:
    """A risk with its figure; the rest is folded, because a dozen of them fill many windows."""
    return rx.el.details(
        rx.el.summary(
            rx.el.div(
                rx.el.h3(risk.title, class_name="row-title"),
                rx.el.p(risk.figure, class_name="text-meta text-ink2"),
                class_name="row-body",
            ),
            icon("down", "sm"),
            class_name="row disclosure list-none",
        ),
        rx.el.p(risk.why, class_name="bg-sheet px-4 pb-4"),
    )
