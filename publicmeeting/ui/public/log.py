"""`/verify/log/`: the newest entries of the public log, and the place of a receipt's eight
characters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.kit.digits import grouped
from publicmeeting.kit.jalali import moment_words
from publicmeeting.text.public_record import log_text
from publicmeeting.turns.log import Entry
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.frames import back_link, page_title, phone_page, section, site_bar
from publicmeeting.ui.design.paper import fingerprint
from publicmeeting.ui.design.sheets import row_static, sheet
from publicmeeting.ui.design.states import empty, listed, loading, unless_loading
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.connection.trouble import live_sign
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.public_record.log import (
    TOPIC,
    EntryPlace,
    Mark,
    log_place,
    newest_entries,
)


@dataclass(frozen=True)
class EntryView:
    """One entry; `about` names its draw, ticket or party."""

    seq: str
    what: str
    at: str
    about: str


@dataclass(frozen=True)
class StandingView:
    """The place of a receipt's entry in the log."""

    title: str
    meta: str
    since: str
    seal: str


def entry_view(entry: Entry) -> EntryView:
    return EntryView(
        seq=grouped(entry.seq),
        what=log_text.KIND[entry.kind],
        at=_moment(entry),
        about=_about(entry),
    )


def standing_view(found: EntryPlace) -> StandingView:
    entry = found.entry
    behind = found.newest - entry.seq
    return StandingView(
        title=log_text.FOUND.format(seq=grouped(entry.seq)),
        meta=log_text.FOUND_AT.format(kind=log_text.KIND[entry.kind], at=_moment(entry)),
        since=log_text.SINCE.format(count=grouped(behind)) if behind else log_text.IS_NEWEST,
        seal=found.log.root,
    )


def _moment(entry: Entry) -> str:
    return moment_words(datetime.fromisoformat(entry.at))


def _about(entry: Entry) -> str:
    """Return the draw, ticket or party of an entry; the whole body is in the file."""
    named = (entry.body.get(key) for key in ("draw", "ticket", "party", "monday"))
    return next((str(ticket)[:16] for ticket in named if ticket), "")


class LogState(Asking, rx.State):
    """State of `/verify/log/`."""

    entries: list[EntryView] = []
    found: list[StandingView] = []
    """The entry that was searched for; at most one."""

    @rx.event
    async def load(self) -> None:
        """Show the newest entries and, with `?mark=` in the address, the place of that entry."""
        self.found = []
        await self._read()
        mark = self.router.url.query_parameters.get("mark", "")
        if mark:
            await self._find({"letters": mark})

    @background
    async def watch(self) -> None:
        """Show new entries as they are written."""
        await follow(self, always(TOPIC), self._read)

    @rx.event
    async def find(self, form: Form) -> None:
        """Find the entry by the characters on a receipt."""
        await self._find(form)

    async def _find(self, form: Mapping[str, Any]) -> None:
        self.found = []
        found = await execute(self, log_place, Mark, form)
        if found is not None:
            self.found = [standing_view(found)]

    async def _read(self) -> None:
        entries = await query(self, newest_entries, Nothing())
        if entries is not None:
            self.entries = [entry_view(entry) for entry in entries]


def page() -> rx.Component:
    """The page; the form is first, because most readers come with a receipt."""
    return phone_page(
        page_title(log_text.TITLE),
        rx.el.p(log_text.LEAD, class_name="text-ink2"),
        section(log_text.FIND, _form(), rx.el.div(each(LogState.found, _found), role="status")),
        section(
            log_text.NEWEST,
            unless_loading(
                LogState.ready,
                loading("rows"),
                listed(LogState.entries, _entry, empty(log_text.EMPTY, log_text.EMPTY_WHY)),
            ),
            button(
                log_text.WHOLE,
                kind="secondary",
                sign="download",
                href="/verify/everything.zip",
                native=True,
            ),
            lead=log_text.NEWEST_LEAD,
        ),
        bar=site_bar(back_link(log_text.BACK, "/verify/"), live_sign()),
    )


def _form() -> rx.Component:
    return rx.el.form(
        field(
            log_text.MARK,
            "letters",
            hint=log_text.MARK_HINT,
            error=LogState.errors["mark"],
            dir="ltr",
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
            max_length=82,
        ),
        button(log_text.LOOK, submit=True),
        on_submit=LogState.find,
        method="get",
        action="/verify/log/",
        class_name="grid gap-4",
    )


def _found(standing: StandingView) -> rx.Component:
    return sheet(
        rx.el.div(
            rx.el.h3(standing.title, class_name="text-h3"),
            rx.el.p(standing.meta, class_name="text-ink2"),
        ),
        rx.el.div(
            rx.el.h4(log_text.SEAL, class_name="text-meta text-ink2"),
            rx.el.div(
                fingerprint(standing.seal, log_text.SEAL, cells=32),
                rx.el.p(standing.seal, dir="ltr", class_name="break-all text-start text-meta"),
                class_name="mt-2 grid gap-3",
            ),
        ),
        rx.el.p(standing.since),
    )


def _entry(entry: EntryView) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.p(entry.what, class_name="font-semibold"),
            rx.el.p(entry.at, class_name="text-meta text-ink2"),
            rx.el.p(
                rx.el.span(entry.seq, class_name="font-semibold"),
                ltr(entry.about, "text-ink2"),
                class_name="flex flex-wrap gap-x-4 text-meta",
            ),
        ),
    )
