"""Questions that one tap answers, and the offered answer with what taking it would cost."""

import reflex as rx

from publicmeeting.domain.choices import Verdict
from publicmeeting.text.tracking import citizen_orders_text
from publicmeeting.ui.citizen.fields import shared
from publicmeeting.ui.citizen.timeline.asks import OfferView, QuestionView
from publicmeeting.ui.citizen.timeline.forms import answered, note_area, open_form
from publicmeeting.ui.citizen.timeline.moves import OFFERED
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import quote, sheet
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.usecases.base import MAX_SENTENCE


def question_card(one: QuestionView) -> rx.Component:
    """Two equal answers without a default; a sentence goes along if she has opened its field."""
    is_open = S.move.key == one.move.key
    more = rx.el.button(
        citizen_orders_text.SENTENCE,
        type="button",
        on_click=S.choose(one.move.key),
        class_name="link nav-link",
    )
    note = rx.el.div(
        note_area(citizen_orders_text.SENTENCE_LABEL, one.hint, shared("said"), MAX_SENTENCE),
        class_name="mt-3",
    )
    card = sheet(
        rx.el.div(
            error_summary(S.errors),
            rx.el.h3(one.title, class_name="text-h3"),
            rx.el.p(one.basis, class_name="text-ink2"),
            rx.cond(is_open, note),
            rx.el.div(
                _answer(one, Verdict.YES, one.yes, "check", "btn btn-good btn-sm"),
                _answer(one, Verdict.NO, one.no, "close", "btn btn-danger btn-sm"),
                class_name="pair mt-3",
            ),
            rx.cond(is_open, rx.fragment(), more),
        )
    )
    return rx.cond(one.move.key, card)


def _answer(one: QuestionView, verdict: Verdict, word: str, sign: str, look: str) -> rx.Component:
    return rx.el.button(
        icon(sign),
        rx.el.span(word),
        type="button",
        on_click=S.say(one.move.key, verdict.value),
        class_name=look,
    )


def offer_card(one: OfferView) -> rx.Component:
    """Taking it needs a second press; leaving it needs none at all."""
    leave = rx.el.details(
        rx.el.summary(citizen_orders_text.OFFER_LEAVE, class_name="btn btn-secondary w-full"),
        rx.el.p(citizen_orders_text.OFFER_LEFT, class_name="mt-2"),
    )
    card = rx.el.section(
        rx.el.h2(one.head, class_name="px-4 pt-4 text-h3"),
        rx.el.div(
            quote(one.quote_by, one.quote),
            rx.el.p(citizen_orders_text.OFFER_LEAD),
            rx.el.div(
                rx.el.p(citizen_orders_text.OFFER_IF, class_name="font-semibold"),
                rx.el.ul(each(one.costs, _cost), class_name="list-disc ps-5"),
            ),
            answered(OFFERED),
            rx.el.button(
                one.accept.label,
                type="button",
                on_click=S.choose(one.accept.key),
                aria_expanded=rx.cond(S.move.key == one.accept.key, "true", "false"),
                class_name="btn btn-secondary",
            ),
            open_form(OFFERED),
            leave,
            class_name="call-body",
        ),
        class_name="sheet",
    )
    return rx.cond(one.head, card, answered(OFFERED))


def _cost(text: str) -> rx.Component:
    return rx.el.li(text)
