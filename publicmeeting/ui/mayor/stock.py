"""Order texts of the mayor's own, as any of her screens shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from publicmeeting.text.orders import profile_text
from publicmeeting.ui.design.flow import Handler, each
from publicmeeting.ui.design.sure import sure
from publicmeeting.usecases.orders.paper.signing import OrderProfile


@dataclass(frozen=True)
class Text:
    """One text; `drop` is what the button that forgets it says."""

    id: str
    title: str
    text: str
    drop: str


def texts_of(seen: OrderProfile) -> list[Text]:
    return [
        Text(one.id, one.title, one.text, profile_text.DROP_TEXT.format(title=one.title))
        for one in seen.templates
    ]


def text_rows(texts: Sequence[Text], on_drop: Handler, on_pick: Handler = None) -> rx.Component:
    """A row for each; with `on_pick` a touch on it takes it."""

    def row(one: Text) -> rx.Component:
        body = rx.el.span(
            rx.el.span(one.title, class_name="block font-semibold"),
            rx.el.span(one.text, class_name="row-meta line-clamp-2 whitespace-pre-line"),
            class_name="row-body text-start",
        )
        whole = (
            rx.el.div(body, class_name="min-w-0 flex-1")
            if on_pick is None
            else rx.el.button(
                body, type="button", on_click=on_pick(one.id), class_name="min-h-12 min-w-0 flex-1"
            )
        )
        return rx.el.li(
            whole,
            sure(
                profile_text.DROP_IT,
                profile_text.SURE_TEXT,
                on_drop(one.id),
                says=one.drop,
                look="btn btn-soft btn-sm",
            ),
            key=one.id,
            class_name="row row-static flex flex-col items-stretch gap-2",
        )

    return rx.el.ul(each(texts, row), class_name="rows")
