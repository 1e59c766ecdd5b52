"""`/city/security/`: refused attempts, and what was done at the server."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.kit.digits import ascii_digits, persian, whole_number
from publicmeeting.kit.jalali import moment_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.officials import security_text
from publicmeeting.ui.design.controls import text_link
from publicmeeting.ui.design.fields import pressed_chips
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.frames import board_frame, page_title
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import folded, row_static
from publicmeeting.ui.design.states import empty, listed
from publicmeeting.ui.reflex.forms import text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.navigation import auth_guard, read_rail, staff_rail
from publicmeeting.usecases.oversight.security_events import (
    PAGES_MOST,
    AskEvents,
    SecurityEvent,
    SecurityPage,
    security_events,
)

HERE = "/city/security/"
KINDS = (
    Choice("", security_text.ALL),
    *(
        Choice(kind.value, words)
        for kind, words in security_text.KIND.items()
        if kind is not SecurityKind.UNKNOWN
    ),
)


@dataclass(frozen=True)
class EventLine:
    """One group of events; `where`, and usually `what`, are Latin text as stored."""

    kind: str
    when: str
    who: str
    what: str
    where: str
    device: str


@dataclass(frozen=True)
class Events(ViewModel):
    """One page of events, and the addresses of the others."""

    lines: tuple[EventLine, ...] = ()
    lead: str = ""
    kind: str = ""
    chosen: str = ""
    """The kind in words."""
    page: str = ""
    newer: str = ""
    older: str = ""


def events(seen: SecurityPage) -> Events:
    kind = seen.kind.value if seen.kind else ""
    return Events(
        lines=tuple(map(_security_line, seen.events)),
        lead=security_text.LEAD.format(days=persian(seen.stays_for.days)),
        kind=kind,
        chosen=security_text.CHOSEN.format(
            kind=security_text.KIND[seen.kind] if seen.kind else security_text.ALL
        ),
        page=security_text.PAGE.format(page=persian(seen.page)),
        newer=address(kind, seen.page - 1) if seen.page > 1 else "",
        older=address(kind, seen.page + 1) if seen.has_more else "",
    )


def address(kind: str, page: int = 1) -> str:
    return f"{HERE}?kind={kind}&page={page}"


def _security_line(event: SecurityEvent) -> EventLine:
    first, last = moment_words(event.at), moment_words(event.last_at)
    times = dates_text.times(event.count)
    return EventLine(
        kind=security_text.KIND[event.kind],
        when=last
        if event.count == 1
        else security_text.COUNTED.format(times=times, first=first, last=last),
        who=_who(event),
        what=security_text.OF_CARD.get(event.what, event.what)
        if event.kind is SecurityKind.CARD_SEEN
        else event.what,
        where=event.address,
        device=event.device,
    )


def _who(event: SecurityEvent) -> str:
    kind, _, name = event.who.partition(":")
    if kind in security_text.WHO:
        return security_text.WHO[kind].format(name=name)
    return security_text.NOBODY if event.address or event.device else security_text.MANY


_DIGITS_MOST = 3


class SecurityState(Asking, rx.State):
    """State of `/city/security/`."""

    shown: Events = Events()

    @rx.event
    async def load(self) -> None:
        """Read the page in the address."""
        await read_rail(self)
        sent = self.router.url.query_parameters
        kind = sent.get("kind", "")
        wanted = AskEvents(
            kind=kind if kind in set(SecurityKind) else "", page=_page(sent.get("page", ""))
        )
        seen = await query(self, security_events, wanted)
        self.shown = events(seen) if seen is not None else Events()

    @rx.event
    async def choose(self, kind: str) -> Any:
        """Show only events of one kind, or all."""
        chosen = text_of(kind)
        return rx.redirect(address(chosen if chosen in set(SecurityKind) else ""))


def _page(typed: str) -> int:
    digits = ascii_digits(typed[:_DIGITS_MOST])
    return min(whole_number(digits, _DIGITS_MOST) or 1, PAGES_MOST)


def page() -> rx.Component:
    return auth_guard(
        SecurityState,
        board_frame(
            staff_rail(HERE),
            page_title(security_text.TITLE, lead=SecurityState.shown.lead),
            _kinds(),
            rx.el.div(
                listed(
                    SecurityState.shown.lines,
                    _line,
                    empty(security_text.NONE, security_text.NONE_WHY),
                ),
                class_name="mt-6",
            ),
            _others(),
            announcement=SecurityState.refused,
            answers=SecurityState.answers,
        ),
    )


def _kinds() -> rx.Component:
    """All kinds, folded: unfolded they fill a telephone's window."""
    return folded(
        SecurityState.shown.chosen,
        pressed_chips(security_text.FILTER, KINDS, SecurityState.shown.kind, SecurityState.choose),
        class_name="no-print",
    )


def _line(line: EventLine) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.p(
                rx.el.span(line.kind, class_name="font-semibold"),
                rx.el.span(line.who),
                class_name="flex flex-wrap gap-x-4",
            ),
            rx.el.p(line.when, class_name="text-meta text-ink2"),
            rx.el.p(
                shown(line.what, ltr(line.what, "font-semibold break-all")),
                shown(line.where, rx.el.span(security_text.WHERE, " ", ltr(line.where))),
                shown(line.device, rx.el.span(security_text.BROWSER, " ", ltr(line.device))),
                class_name="flex flex-wrap gap-x-4 text-meta text-ink2",
            ),
            class_name="row-body row-facts",
        )
    )


def _others() -> rx.Component:
    return rx.el.nav(
        rx.cond(
            SecurityState.shown.newer, text_link(security_text.NEWER, SecurityState.shown.newer)
        ),
        rx.el.span(SecurityState.shown.page, class_name="text-meta text-ink2"),
        rx.cond(
            SecurityState.shown.older, text_link(security_text.OLDER, SecurityState.shown.older)
        ),
        class_name="mt-6 flex items-center gap-6",
        aria_label=security_text.TITLE,
    )
