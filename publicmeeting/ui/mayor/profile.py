"""`/mayor/profile/`: the mayor's signature and stock texts, and the dialog of texts in a
meeting."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import profile_text
from publicmeeting.ui.design.controls import button, close_dialog, dialog, open_dialog, sure
from publicmeeting.ui.design.fields import area, error_line, error_summary, field
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.sheets import notice, spoken
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.mayor.ink.pad import ink_pad, tools_place
from publicmeeting.ui.mayor.table import (
    Head,
    for_the_mayor,
    head,
    leave_button,
    plain_table,
    refusals,
    refuse_under,
    table_head,
    to_agenda,
)
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.typed import TypedFormState, found, storing
from publicmeeting.usecases.base import MAX_TEXT, Nothing
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    OneSheet,
    keep_unfinished,
    unfinished_sheet,
)
from publicmeeting.usecases.orders.paper.sheet import SIGNATURE_NIB
from publicmeeting.usecases.orders.paper.signing import (
    TITLE_MOST,
    KeepTemplate,
    OneTemplate,
    OrderProfile,
    OwnPage,
    Sign,
    drop_template,
    keep_template,
    order_profile,
    sign,
    unsign,
)


@dataclass(frozen=True)
class Text:
    """One stock text; `drop` is the label of the button that deletes it."""

    id: str
    title: str
    text: str
    drop: str


def texts_of(seen: OrderProfile) -> list[Text]:
    return [
        Text(
            template.id,
            template.title,
            template.text,
            profile_text.DROP_TEXT.format(title=template.title),
        )
        for template in seen.templates
    ]


def text_rows(texts: Sequence[Text], on_drop: Handler, on_pick: Handler = None) -> rx.Component:
    """A row for each text; with `on_pick` a tap inserts it."""

    def row(text: Text) -> rx.Component:
        body = rx.el.span(
            rx.el.span(text.title, class_name="block font-semibold"),
            rx.el.span(text.text, class_name="row-meta line-clamp-2 whitespace-pre-line"),
            class_name="row-body text-start",
        )
        whole = (
            rx.el.div(body, class_name="min-w-0 flex-1")
            if on_pick is None
            else rx.el.button(
                body, type="button", on_click=on_pick(text.id), class_name="min-h-12 min-w-0 flex-1"
            )
        )
        return rx.el.li(
            whole,
            sure(
                profile_text.DROP_IT,
                profile_text.SURE_TEXT,
                on_drop(text.id),
                aria_label=text.drop,
                size="sm",
            ),
            key=text.id,
            class_name="row row-static flex flex-col items-stretch gap-2",
        )

    return rx.el.ul(each(texts, row), class_name="rows")


TYPED = "text"
"""Id of the text field, on the sheet and on the profile."""


def last_part(state: rx.State) -> str:
    """Return the end of the address: a visitor's code."""
    return state.router.url.path.strip("/").rpartition("/")[2]


@dataclass(frozen=True)
class Own(ViewModel):
    """The signature: `ink` are its strokes.

    `round` changes with every reading, so that the pad begins again with the stored strokes.
    """

    name: str = ""
    ink: str = ""
    since: str = ""
    round: int = 0
    owner: str = ""
    """The account whose page it is: another may sign in on this tablet while the page is open."""


class StockTextState(TypedFormState, rx.State):
    """The fields of a new stock text on `/mayor/profile`."""

    FORM: ClassVar[TypedForm] = TypedForm.STOCK

    @rx.event
    async def load(self) -> None:
        """Show what was typed before."""
        is_opened = await self._arrives()
        self._begin_with(dict.fromkeys(("title", "text"), ""))
        if is_opened:
            await self._read_typed()


class ProfileState(Asking, rx.State):
    """State of `/mayor/profile`, and of the dialog of stock texts over a visitor's sheet."""

    head: Head = Head()
    own: Own = Own()
    texts: list[Text] = []

    @rx.event
    async def load(self) -> None:
        """Read the signature and the texts."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @rx.event
    async def sign(self, form: Form) -> None:
        """Store what was drawn as the signature."""
        if await self._did(
            sign, Sign, profile_text.SAVED, ink=text_of(form.get("ink")), **self._mine()
        ):
            await self._read()

    @rx.event
    async def unsign(self) -> None:
        """Delete the signature: orders then have only the printed name."""
        if await self._did(unsign, OwnPage, profile_text.DROPPED, **self._mine()):
            await self._read()

    @rx.event
    async def keep_text(self, form: Form) -> Any:
        """Store a text under a title; a refused form stays as it is."""
        fields = {name: text_of(form.get(name)) for name in ("title", "text")} | self._mine()
        if await self._did(keep_template, KeepTemplate, profile_text.TEXT_SAVED, **fields):
            await self._read()
            return StockTextState.start_over
        return None

    @rx.event
    async def drop_text(self, template: str) -> None:
        """Delete a text."""
        if await self._did(drop_template, OneTemplate, profile_text.TEXT_DROPPED, id=template):
            await self._read()

    @rx.event
    async def put_text(self, template: str, owner: str) -> AsyncIterator[Any]:
        """Add a text at the end of what is typed on the sheet of `owner`, and close the dialog.

        A refusal is shown in the dialog.
        """
        typed = await self._typed(owner)
        chosen = next((stock.text for stock in self.texts if stock.id == template), "")
        if typed is None or not chosen:
            return
        text = "\n".join(part for part in (typed, chosen) if part)[:MAX_TEXT]
        code, fields = last_part(self), {"text": text}
        command = {"code": code, "owner": owner, "fields": fields}
        if await execute(self, keep_unfinished, KeepUnfinished, None, **command):
            yield [rx.set_value(TYPED, text), close_dialog(STOCK)]

    @rx.event
    async def keep_typed(self, form: Form) -> None:
        """Store the text of a visitor's sheet under a title, among the texts of the page's
        account."""
        owner = text_of(form.get("owner"))
        typed = await self._typed(owner)
        fields = {"title": text_of(form.get("title")), "text": typed or "", "owner": owner}
        if typed is not None and await self._did(
            keep_template, KeepTemplate, profile_text.TEXT_SAVED, **fields
        ):
            await self._read()
        refuse_under(self, "title")

    async def _typed(self, owner: str) -> str | None:
        """Return the sheet's text, as the browser stored it when the field was left.

        None, with a refusal, if another account has signed in on this tablet since the page was
        opened.
        """
        self.errors, self.refused, self.done = {}, "", ""
        sheet = OneSheet(code=last_part(self), owner=owner)
        unfinished = await query(self, unfinished_sheet, sheet)
        return unfinished.fields.get("text", "") if unfinished else None

    def _mine(self) -> dict[str, str]:
        return {"owner": self.own.owner}

    async def _did(self, usecase: Any, command: Any, sentence: str, **fields: object) -> bool:
        await execute(self, usecase, command, None, **fields)
        if self.errors or self.refused or self.signed_out:
            return False
        self.done = sentence
        return True

    async def _read(self) -> None:
        seen = await query(self, order_profile, Nothing())
        if seen is not None:
            self._show(seen)

    def _show(self, seen: OrderProfile) -> None:
        drawn = seen.signature
        self.head = head(tehran_day(seen.now), seen.district, seen.now)
        self.own = Own(
            seen.name,
            drawn.ink if drawn else "",
            profile_text.SINCE.format(day=day_words(tehran_day(drawn.drawn_at))) if drawn else "",
            self.own.round + 1,
            seen.owner,
        )
        self.texts = texts_of(seen)


SIGN, TEXT = "sign", "stock-text"
_LINES = 4


def page() -> rx.Component:
    """The page: texts at the side, the signature on paper in the middle."""
    return for_the_mayor(
        ProfileState,
        plain_table(
            head=table_head(ProfileState.head, to_agenda()),
            side=[rx.cond(ProfileState.ready, rx.fragment(_texts(), leave_button()), loading())],
            main=[rx.cond(ProfileState.ready, _main(), loading("card"))],
            announcement=ProfileState.done,
            answers=ProfileState.answers,
        ),
    )


def _main() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            refusals(ProfileState),
            shown(ProfileState.done, notice(ProfileState.done)),
            _signature(),
            class_name="grid gap-4",
        ),
        leave_button(at_end=True),
    )


def _signature() -> rx.Component:
    word = rx.cond(ProfileState.own.since, profile_text.REPLACE, profile_text.KEEP)
    return rx.el.section(
        rx.el.h1(profile_text.TITLE, class_name="text-h1"),
        rx.el.p(profile_text.SIGNATURE_LEAD),
        rx.el.p(
            rx.cond(ProfileState.own.since, ProfileState.own.since, profile_text.NO_SIGNATURE),
            class_name="text-ink2",
        ),
        # The pad's script comes after the page: its place is as high before as afterwards.
        rx.el.div(tools_place(), class_name="min-h-12"),
        rx.el.div(
            rx.el.div(
                ink_pad(
                    lines=_LINES,
                    nib=SIGNATURE_NIB,
                    form=SIGN,
                    name="ink",
                    start=ProfileState.own.ink,
                    empty_text=profile_text.PAD_EMPTY,
                    page=ProfileState.own.round,
                ),
                class_name="aspect-[9/4]",
            ),
            rx.el.p(ProfileState.own.name, class_name="pb-4 text-center text-h3"),
            class_name="paper !min-h-0 pt-2",
        ),
        rx.el.form(
            error_line("ink", ProfileState.errors["ink"]),
            rx.el.div(
                button(word, submit=True, class_name="flex-[2_1_12rem]"),
                shown(
                    ProfileState.own.since,
                    sure(
                        profile_text.DROP,
                        profile_text.SURE_SIGNATURE,
                        ProfileState.unsign,
                        class_name="sure-up flex-[1_1_12rem]",
                    ),
                ),
                class_name="flex flex-wrap items-start gap-3",
            ),
            id=SIGN,
            on_submit=ProfileState.sign,
            method="post",
            class_name="grid gap-2",
        ),
        class_name="mx-auto grid w-full max-w-page gap-3",
    )


def _texts() -> rx.Component:
    return rx.el.section(
        rx.el.h2(profile_text.TEMPLATES, class_name="text-h2"),
        rx.el.p(profile_text.TEMPLATES_LEAD, class_name="text-ink2"),
        rx.cond(
            any_of(ProfileState.texts),
            text_rows(ProfileState.texts, ProfileState.drop_text),
            rx.el.p(profile_text.NONE, class_name="text-ink2"),
        ),
        rx.el.form(
            rx.el.h3(profile_text.NEW, class_name="text-h3"),
            error_summary(ProfileState.errors, ProfileState.answers),
            found(StockTextState),
            field(
                profile_text.NAME,
                "title",
                value=StockTextState.filled["title"],
                hint=profile_text.NAME_HINT,
                error=ProfileState.errors["title"],
                max_length=TITLE_MOST,
                **storing(StockTextState, "title"),
            ),
            area(
                profile_text.TEXT,
                "text",
                value=StockTextState.filled["text"],
                rows=4,
                error=ProfileState.errors["text"],
                limit=MAX_TEXT,
                limit_words=persian(MAX_TEXT),
                **storing(StockTextState, "text"),
            ),
            button(profile_text.KEEP_TEXT, kind="secondary", submit=True),
            on_submit=ProfileState.keep_text,
            method="post",
            id=TEXT,
            key=StockTextState.form_turn,
            class_name="no-print grid gap-3",
        ),
        class_name="grid gap-3",
    )


STOCK = "stock-texts"


def stock_dialog(owner: Any, owner_field: rx.Component) -> rx.Component:
    """The dialog of stock texts. The page itself adds a text to the field, so typed text stays.

    `owner` is the account of the page, `owner_field` the same as a field of the form.
    """
    state = ProfileState

    def take(template: Any) -> Handler:
        return state.put_text(template, owner)

    return dialog(
        STOCK,
        meeting_text.STOCK,
        rx.el.div(
            refusals(state),
            rx.cond(
                any_of(state.texts),
                rx.el.div(
                    rx.el.p(meeting_text.STOCK_LEAD, class_name="mb-2 text-ink2"),
                    text_rows(state.texts, state.drop_text, take),
                ),
                rx.el.p(meeting_text.STOCK_NONE, class_name="text-ink2"),
            ),
            spoken(rx.cond(state.done, notice(state.done))),
            rx.el.form(
                owner_field,
                field(
                    meeting_text.STOCK_TITLE,
                    "title",
                    error=state.errors["title"],
                    max_length=TITLE_MOST,
                ),
                button(meeting_text.STOCK_KEEP, kind="secondary", submit=True),
                on_submit=state.keep_typed,
                method="post",
                class_name="grid gap-3",
            ),
            class_name="grid gap-4",
        ),
    )


def opener() -> rx.Component:
    """The button that opens the dialog with the current texts."""
    open_it = [ProfileState.load, open_dialog(STOCK)]
    return button(meeting_text.STOCK, kind="soft", size="sm", sign="list", on_click=open_it)
