"""`/assist/`: the four steps of filing on one page, in the order of a conversation, usable by
keyboard alone."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.domain.matter import PHOTOS_MOST, WRITTEN, WrittenField
from publicmeeting.domain.records import PictureKind
from publicmeeting.kit.digits import persian
from publicmeeting.text.filing import assist_text, filing_text
from publicmeeting.ui.design.controls import anchor, button, print_button, sure
from publicmeeting.ui.design.fields import (
    area,
    chips,
    error_summary,
    field,
    pressed_chips,
    saving,
    select,
    takes_first_focus,
)
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.paper import filing_pass
from publicmeeting.ui.design.sheets import notice, spoken
from publicmeeting.ui.shell.navigation import at_work, auth_guard, staff_rail
from publicmeeting.ui.shell.photos import photo_sender
from publicmeeting.ui.staff.assist.parts import (
    HERE,
    debounced,
    identity_fields,
    sentences,
    submit,
    tabs,
    with_question,
)
from publicmeeting.ui.staff.assist.state import FILED, SUBJECT_CHOICES, PlaceFound
from publicmeeting.ui.staff.assist.state import AssistState as S
from publicmeeting.usecases.filing.assisting import Way

NEEDS = [Choice(value, label) for value, label in filing_text.NEED.items()]
PREFERS = [Choice(value, label) for value, label in filing_text.PREFER.items()]
KINDS = [Choice(value, label) for value, label in assist_text.KINDS]
OF_ALL = KINDS[:2]
_ASKS = {"title": assist_text.ASKS["title"], "text": assist_text.ASKS["text"]}
PERSON_PAGE = "/desk/person/"


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            rx.el.div(at_work(assist_text.TITLE, follows=False), tabs(HERE), class_name="no-print"),
            rx.cond(S.filed.code, _filed(), _call()),
            announcement=S.done,
            answers=S.answers,
        ),
    )


def _call() -> rx.Component:
    """The forms of a call, drawn anew for each caller."""
    return rx.el.div(
        rx.el.div(
            shown(
                any_of(S.ways) & ~S.sees_her,
                rx.el.p(assist_text.LEAD_BY_PHONE, class_name="font-semibold"),
            ),
            rx.el.p(assist_text.LEAD, class_name="text-meta text-ink2"),
            class_name="grid max-w-read gap-1",
        ),
        _place(),
        rx.el.form(
            error_summary(S.errors, S.answers),
            with_question(
                assist_text.ASKS["subject"],
                select(
                    filing_text.SUBJECT,
                    "subject",
                    SUBJECT_CHOICES,
                    value=S.typed.subject,
                    error=S.errors["subject"],
                    on_change=lambda v: S.keep("subject", v),
                ),
            ),
            *map(_written, WRITTEN),
            _photos(),
            with_question(
                assist_text.ASKS["needs"],
                rx.el.div(
                    chips(filing_text.NEEDS, "needs", NEEDS, value=S.typed.needs, several=True),
                    chips(filing_text.PREFERS, "prefers", PREFERS, value=S.typed.prefers),
                    class_name="grid gap-4",
                ),
            ),
            _herself(),
            _refused(),
            _proof(),
            on_submit=S.go,
            class_name="grid gap-6",
        ),
        rx.el.div(
            sure(assist_text.CLEAR, assist_text.CLEAR_SURE, S.next_call),
            class_name="justify-self-start",
        ),
        key=S.typed.call,
        class_name="mt-4 grid max-w-224 gap-6",
    )


def _place() -> rx.Component:
    """The district, in its own form: Enter takes the district and moves on."""
    search = field(
        assist_text.PLACE,
        "place",
        kind="search",
        sign="search",
        hint=assist_text.PLACE_HINT,
        error=S.errors["place"],
        auto_complete="off",
        on_change=debounced(S.find),
    )
    return rx.el.form(
        takes_first_focus("place"),
        with_question(
            assist_text.ASKS["place"],
            search,
            rx.el.div(
                shown(S.where.hint & ~S.errors["place"], rx.el.p(S.where.hint)),
                shown(
                    S.where.chosen,
                    rx.el.p(
                        rx.el.strong(S.where.chosen),
                        " ",
                        rx.el.span(S.where.quarters, class_name="text-meta text-ink2"),
                    ),
                ),
                role="status",
                class_name="mt-2 grid gap-1 empty:sr-only",
            ),
            shown(
                any_of(S.where.places),
                rx.el.ul(each(S.where.places, _one_place), class_name="rows rows-two mt-2"),
            ),
        ),
        on_submit=S.take_place,
    )


def _one_place(found: PlaceFound) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(found.digits, class_name="tile t-candidate size-11 shrink-0"),
            rx.el.span(
                rx.el.span(found.name, class_name="block"),
                rx.el.span(found.where, class_name="line-clamp-1 text-meta text-ink2"),
                class_name="min-w-0 text-start",
            ),
            type="button",
            on_click=S.choose(found.district),
            class_name="row w-full",
        )
    )


def _kinds(options: Sequence[Choice]) -> rx.Component:
    return select(
        filing_text.KIND,
        "kind",
        options,
        value=S.typed.kind,
        on_change=lambda v: S.keep("kind", v),
    )


def _saving(name: str) -> dict[str, Handler]:
    return saving(lambda value: S.keep(name, value))


def _written(written: WrittenField) -> rx.Component:
    name = written.name
    about: dict[str, Any] = {
        "value": getattr(S.typed, name),
        "error": S.errors[name],
        **_saving(name),
    }
    box = (
        field(filing_text.WRITTEN[name], name, **about)
        if written.rows == 1
        else area(
            filing_text.WRITTEN[name],
            name,
            rows=3,
            limit=written.most,
            limit_words=persian(written.most),
            cut=False,
            **about,
        )
    )
    return with_question(_ASKS.get(name, filing_text.WRITTEN[name]), box)


def _photos() -> rx.Component:
    return with_question(
        assist_text.ASKS["photos"],
        rx.el.div(
            rx.el.p(assist_text.PHOTOS, class_name="field-label"),
            rx.el.p(
                rx.cond(S.sees_her, assist_text.PHOTOS_HINT, assist_text.PHOTOS_BY_PHONE),
                class_name="text-meta text-ink2",
            ),
            photo_sender(
                PictureKind.CALLER,
                photos=S.typed.photos,
                on_change=S.photos_changed,
                limit=PHOTOS_MOST,
                remove_label=filing_text.REMOVE_PHOTO,
            ),
            class_name="grid gap-2",
        ),
    )


def _herself() -> rx.Component:
    """Who she is; the way of proof decides which fields are here."""
    by = S.typed.way
    return rx.fragment(
        with_question(
            assist_text.ASKS["way"],
            rx.el.p(assist_text.PROVED_BY, class_name="field-label mb-2"),
            pressed_chips(assist_text.PROVED_BY, S.ways, by, S.choose_way),
            shown(
                by == Way.CARD,
                rx.el.p(assist_text.CARD_WHY, class_name="mt-2 text-meta text-ink2"),
            ),
        ),
        with_question(
            assist_text.ASKS["identity"],
            identity_fields(
                rx.cond(by == Way.CARD, _kinds(KINDS), _kinds(OF_ALL)),
                assist_text.IDENTITY,
                value=S.typed.identity,
                error=S.errors["identity"],
                **_saving("identity"),
            ),
        ),
        shown(
            by != Way.PIN,
            with_question(
                assist_text.ASKS["name"],
                field(
                    filing_text.NAME,
                    "name",
                    value=S.typed.name,
                    error=S.errors["name"],
                    auto_complete="off",
                    **_saving("name"),
                ),
            ),
        ),
        shown(
            by == Way.CODE,
            with_question(
                assist_text.ASKS["mobile"],
                field(
                    filing_text.MOBILE,
                    "mobile",
                    kind="tel",
                    value=S.typed.mobile,
                    hint=assist_text.MOBILE_HINT,
                    error=S.errors["mobile"],
                    auto_complete="off",
                    **_saving("mobile"),
                ),
            ),
        ),
    )


def _refused() -> rx.Component:
    see = anchor(assist_text.PERSON_PAGE, href=PERSON_PAGE, class_name="link")
    return rx.el.div(
        shown(
            S.refused,
            rx.fragment(
                rx.cond(
                    S.at_desk,
                    notice(S.refused, tone="brick", action=see),
                    notice(S.refused, tone="brick"),
                ),
                key=S.answers,
            ),
        ),
        role="alert",
        class_name="empty:hidden",
    )


def _proof() -> rx.Component:
    """The last lines: read the request back, take her code or PIN, file."""
    back = shown(
        S.around.read_back,
        rx.el.div(
            rx.el.p(assist_text.REVIEW, class_name="text-meta text-ink2"),
            rx.el.p(S.around.read_back, class_name="font-semibold"),
            class_name="rounded-sheet bg-sunk p-4",
        ),
    )
    by_code = rx.cond(
        S.sent_to,
        rx.el.div(
            back,
            spoken(notice(assist_text.SENT_TO, S.sent_to)),
            with_question(
                assist_text.ASKS["code"], _number(assist_text.CODE, assist_text.CODE_HINT)
            ),
            rx.el.div(
                _file(),
                button(assist_text.SEND_AGAIN, kind="secondary", on_click=S.send_again),
                class_name="flex flex-wrap gap-3",
            ),
            class_name="grid gap-6",
        ),
        submit(assist_text.SEND_CODE),
    )
    by_pin = rx.el.div(
        back,
        with_question(assist_text.ASKS["pin"], _number(assist_text.PIN, "")),
        _file(),
        class_name="grid gap-6",
    )
    by_card = rx.el.div(back, _file(), class_name="grid gap-6")
    return rx.match(S.typed.way, (Way.PIN.value, by_pin), (Way.CARD.value, by_card), by_code)


def _number(label: str, hint: str) -> rx.Component:
    return field(label, "code", kind="number", hint=hint, error=S.errors["code"])


def _file() -> rx.Component:
    return submit(assist_text.FILE)


def _filed() -> rx.Component:
    """What to read to her, and the receipt for printing; nothing else of her stays on the page."""
    return rx.el.div(
        rx.el.div(
            notice(assist_text.FILED, S.filed.whom), id=FILED, tab_index=-1, class_name="no-print"
        ),
        sentences(assist_text.READ_OUT, S.filed.sentences),
        _card(),
        shown(
            S.filed.pin,
            rx.el.p(assist_text.PIN_ONCE, class_name="no-print font-semibold text-brick"),
        ),
        rx.el.div(
            button(assist_text.NEXT_CALL, on_click=S.next_call, id="next-call"),
            print_button(assist_text.PRINT),
            button(
                assist_text.IMAGE,
                kind="secondary",
                sign="download",
                href=f"/receipt/{S.filed.code}.png",
                native=True,
            ),
            class_name="no-print flex flex-wrap gap-3",
        ),
        class_name="mt-4 grid max-w-page gap-6",
    )


def _card() -> rx.Component:
    pin = rx.el.div(
        rx.el.p(assist_text.YOUR_PIN, class_name="text-meta text-ink2"),
        rx.el.p(rx.el.bdi(S.filed.pin, dir="ltr", class_name="pin"), class_name="text-h1"),
        rx.el.p(assist_text.PIN_USE, class_name="text-ink2"),
    )
    return filing_pass(
        S.filed,
        rx.el.p(S.filed.title, class_name="wrap-anywhere font-semibold"),
        rx.el.p(assist_text.FOR_WHOM, " ", S.filed.whom),
        shown(S.filed.pin, pin),
        shown(S.filed.assisted, rx.el.p(S.filed.assisted, class_name="text-ink2")),
    )
