"""Search, filters, order and paging of officials' lists: one component and one state for all
lists."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from publicmeeting.domain.districts.city import DISTRICTS, SUBJECTS
from publicmeeting.domain.stages import OrderStage
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field, select
from publicmeeting.ui.design.flow import Handler, any_of, shown
from publicmeeting.ui.design.models import Choice, Row
from publicmeeting.ui.reflex.forms import text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.steps.keys import key_hints
from publicmeeting.usecases.narrowing import Sort, is_too_short

LONGEST_QUERY = 60
PAGE_TOP = "page-top"
FIND = "find"
"""Id of the search field; the key "/" moves the focus to it."""
_SORTS = {
    Sort.PRESSING: chrome_text.LIST_PRESSING,
    Sort.NEWEST: chrome_text.LIST_NEWEST,
    Sort.DISTRICT: chrome_text.LIST_BY_DISTRICT,
}


@dataclass(frozen=True)
class Sought(ViewModel):
    """The search words and filters of a list, and the page that is shown."""

    words: str = ""
    short: bool = False
    """Whether no word is long enough to search for; then everything is shown."""
    subject: str = ""
    stage: str = ""
    district: str = ""
    sort: str = Sort.PRESSING.value
    page: int = 0
    pages: int = 1
    page_label: str = ""
    turn: int = 0
    """Grows whenever the page itself empties the fields."""

    @property
    def narrowed(self) -> dict[str, Any]:
        """The same as fields of a `Narrowed` query, without district and stage."""
        return {
            "words": self.words,
            "subject": self.subject,
            "sort": Sort(self.sort),
            "page": self.page,
        }

    @property
    def nothing(self) -> tuple[str, str]:
        """Two sentences for an empty list: what was not found and what to do; both "" without a
        filter."""
        if self.words.strip() and not self.short:
            return chrome_text.LIST_NOTHING_WITH.format(
                words=self.words.strip()
            ), chrome_text.LIST_NOTHING_FOUND_LEAD
        if self.subject or self.stage or self.district:
            return chrome_text.LIST_NOTHING_FOUND, chrome_text.LIST_NOTHING_FOUND_LEAD
        return "", ""


_FIELDS = {
    "subject": frozenset(("", *(subject.code for subject in SUBJECTS))),
    "stage": frozenset(("", *(stage.value for stage in OrderStage))),
    "district": frozenset(("", *(str(district.number) for district in DISTRICTS))),
    "sort": frozenset(sort.value for sort in Sort),
}
"""Allowed values of each filter; "" stands for all."""


class Narrowing(rx.State, mixin=True):
    """Mixin for a page with a list that can be narrowed; the page implements `_read_narrowed`."""

    sought: Sought = Sought()

    @rx.event
    async def find(self, query: str) -> None:
        """Search by words, a tracking code or a number, while it is typed."""
        typed = text_of(query)[:LONGEST_QUERY]
        await self._seek(replace(self.sought, words=typed, short=is_too_short(typed)))

    @rx.event
    async def narrow(self, name: str, value: str) -> None:
        """Set one filter or the order; "" stands for all."""
        narrowed = text_of(value)
        if narrowed not in _FIELDS.get(text_of(name), ()):
            return
        match name:
            case "subject":
                await self._seek(replace(self.sought, subject=narrowed))
            case "stage":
                await self._seek(replace(self.sought, stage=narrowed))
            case "district":
                await self._seek(replace(self.sought, district=narrowed))
            case "sort":
                await self._seek(replace(self.sought, sort=narrowed))

    @rx.event
    async def widen(self) -> Any:
        """Clear the search and all filters."""
        self.sought = Sought(turn=self.sought.turn + 1)
        await self._read_narrowed()
        return rx.set_focus(FIND)

    @rx.event
    async def turn_page(self, page: int) -> Any:
        """Show this page of a long list, counted from 0, from its first line.

        The browser sends the page's number, so a second tap before the answer asks for the same
        page.
        """
        last = self.sought.pages - 1
        self.sought = replace(self.sought, page=min(max(0, page), last))
        await self._read_narrowed()
        return rx.set_focus(PAGE_TOP)

    async def _seek(self, sought: Sought) -> None:
        self.sought = replace(sought, page=0)
        await self._read_narrowed()

    @abstractmethod
    async def _read_narrowed(self) -> None:
        """Read the list again."""

    def _show_pages(self, page: int, pages: int) -> None:
        label = chrome_text.LIST_PAGE.format(page=persian(page + 1), pages=persian(pages))
        self.sought = replace(
            self.sought, page=page, pages=pages, page_label=label if pages > 1 else ""
        )


def soon(event: Handler) -> Handler:
    """Delay the event until typing has paused for 0.3 seconds."""
    return event.debounce(300)


def narrowing(
    S: type[Narrowing],
    search: str,
    sorts: Iterable[Sort],
    lines: Sequence[Row],
    *,
    stages: bool = False,
    districts: bool = False,
) -> rx.Component:
    """The search field, and below it a folded part with the filters of this list."""
    filters = [_filter(S, "subject", chrome_text.LIST_SUBJECT, _subjects())]
    if stages:
        filters.append(_filter(S, "stage", chrome_text.LIST_STAGE, _stages()))
    if districts:
        filters.append(_filter(S, "district", chrome_text.LIST_DISTRICT, _districts()))
    order = tuple(Choice(sort.value, _SORTS[sort]) for sort in sorts)
    narrowed = S.sought.subject | S.sought.stage | S.sought.district
    return rx.el.div(
        field(
            search,
            FIND,
            kind="search",
            sign="search",
            value=S.sought.words,
            auto_complete="off",
            on_change=soon(S.find),
        ),
        rx.el.p(
            rx.cond(S.sought.short, chrome_text.LIST_TOO_SHORT, ""),
            aria_live="polite",
            class_name="text-meta text-ink2",
        ),
        rx.el.div(
            rx.el.details(
                rx.el.summary(
                    chrome_text.NARROW,
                    shown(
                        narrowed,
                        rx.el.span(chrome_text.NARROWED, class_name="badge badge-neutral ms-2"),
                    ),
                    class_name="disclosure link",
                ),
                rx.el.div(
                    *filters,
                    _filter(S, "sort", chrome_text.LIST_SORT, order),
                    class_name="grid gap-3 sm:grid-cols-2",
                ),
            ),
            # In the row of the summary, which needs the whole width when a filter is set. An empty
            # list needs no keys.
            shown(
                ~narrowed & any_of(lines),
                rx.el.div(key_hints(finds=True), class_name="absolute end-0 top-2"),
            ),
            class_name="relative",
        ),
        shown(
            narrowed | S.sought.words,
            button(
                chrome_text.LIST_ALL_AGAIN,
                kind="quiet",
                size="sm",
                on_click=S.widen,
                id="widen",
                class_name="justify-self-start",
            ),
        ),
        page_top(S.sought.page_label),
        # 0 of a blank view is not sent. If it came as another key with the first answer, the field
        # would be drawn anew under the typing hand, without its focus.
        key=rx.cond(S.sought.turn, S.sought.turn, 0),
        custom_attrs={"data-found": S.sought.words},  # what the list shows now, for keys.js
        class_name="no-print relative grid justify-items-stretch gap-1",
    )


def page_top(label: str) -> rx.Component:
    """The place above a list to which a turned page leads, read aloud as the page's number.

    The buttons stand below the list: without it the next page is shown from its end. What holds
    this place has the class `relative`, or it does not scroll with the list.
    """
    return rx.el.p(label, id=PAGE_TOP, tab_index=-1, class_name="sr-only")


def pages(S: type[Narrowing]) -> rx.Component:
    """The pager of a list; nothing if it has one page."""
    at = S.sought.page
    later = at + 1 < S.sought.pages
    return pager(S.sought.page_label, S.turn_page, at, earlier=at > 0, later=later)


def pager(label: str, turn: Handler, at: Any, *, earlier: Any, later: Any) -> rx.Component:
    """Buttons to the pages before and after page `at`; nothing without a label.

    Their names contain the label: a button whose name has just changed ignores a second tap
    (`under_finger.js`).
    """

    def to(word: str, page: Any, claim: Any) -> rx.Component:
        return button(
            word,
            kind="secondary",
            size="sm",
            on_click=turn(page),
            why_not=rx.cond(claim, "", word),
            aria_label=word + chrome_text.LIST_FROM_PAGE + label,
        )

    return shown(
        label,
        rx.el.div(
            to(chrome_text.LIST_EARLIER, at - 1, earlier),
            rx.el.span(label, class_name="text-meta text-ink2"),
            to(chrome_text.LIST_LATER, at + 1, later),
            class_name="flex items-center justify-between gap-2",
        ),
    )


def _filter(
    S: type[Narrowing],
    name: str,
    label: str,
    options: tuple[Choice, ...],
) -> rx.Component:
    def narrowed(value: Any) -> Any:
        return S.narrow(name, value)

    # A unique name: Reflex adds every control with an id on this page to each form that is sent.
    return select(label, f"only-{name}", options, value=getattr(S.sought, name), on_change=narrowed)


def _subjects() -> tuple[Choice, ...]:
    return (
        Choice("", chrome_text.LIST_ANY_SUBJECT),
        *(Choice(subject.code, subject.name) for subject in SUBJECTS),
    )


def _stages() -> tuple[Choice, ...]:
    every = (Choice(stage.value, ORDER_STAGE[stage]) for stage in OrderStage)
    return (Choice("", chrome_text.LIST_ANY_STAGE), *every)


def _districts() -> tuple[Choice, ...]:
    each = (
        Choice(
            str(district.number),
            chrome_text.LIST_ONE_DISTRICT.format(district=persian(district.number)),
        )
        for district in DISTRICTS
    )
    return (Choice("", chrome_text.LIST_ANY_DISTRICT), *each)
