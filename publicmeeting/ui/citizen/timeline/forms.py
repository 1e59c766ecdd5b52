"""The form of the open step, questions answered by one tap, and the result beside each button."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.pictures import PictureKind
from publicmeeting.kit.digits import persian
from publicmeeting.text.line import lanes_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.shared import field_name
from publicmeeting.ui.citizen.timeline.moves import Move, QuestionView
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import area, chips, error_line, error_summary, saving
from publicmeeting.ui.design.flow import any_of, each, in_browser, is_plain
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor, door_from_here
from publicmeeting.ui.design.sheets import notice, sheet, spoken
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.photos import photo_sender
from publicmeeting.ui.shell.steps.views import STEP
from publicmeeting.usecases.base import MAX_SENTENCE, MAX_TEXT


class FormFocus(rx.Component):
    """Component of form_focus.js: `form` is the open form, `answer` the last result."""

    library = link_script(__name__, "form_focus.js")
    tag = "FormFocus"

    form: rx.Var[str]
    answer: rx.Var[str]


def answer_line(place: str) -> rx.Component:
    """What was done or refused, beside the button that was pressed; announced when it appears."""
    refused = rx.cond(
        S.signed_out, _ended_session(), rx.cond(S.refused, notice(S.refused, tone="brick"))
    )
    done = rx.cond(S.done, notice(S.done, tone="glaze"))
    return rx.cond(
        S.place == place,
        rx.el.div(refused, done, role="alert", data_answer="true", class_name="empty:hidden"),
    )


def ended_session_line() -> rx.Component:
    """A line above the case, which stays visible, that the session has ended and nothing is read
    again.

    Not shown if the answer to a press already says so.
    """
    line = rx.el.div(_ended_session(), class_name="mb-4")
    return spoken(rx.cond(S.signed_out & ~S.place, line))


def _ended_session() -> rx.Component:
    door = anchor(case_text.SIGN_IN, href=door_from_here("/enter/"), native=True, class_name="link")
    return notice(refusal("session_ended"), tone="brick", action=door)


def move_button(move: Move) -> rx.Component:
    """A button that opens the form of a step, or takes the step if one tap is enough."""
    return rx.el.button(
        move.label,
        type="button",
        on_click=rx.cond(move.at_once, S.tap(move.key), S.choose(move.key)),
        aria_expanded=rx.cond(S.move.key == move.key, "true", "false"),
        data_opens=move.key,
        class_name="btn btn-secondary",
    )


def move_buttons(moves: Sequence[Move]) -> rx.Component:
    """One button for each step.

    A single button disappears while its form is open, because the form has its own button. If she
    pressed the first one instead, it would close the form, and she would think that the form was
    sent.
    """
    buttons = rx.cond(any_of(moves), rx.el.div(each(moves, move_button), class_name="pair"))
    if is_plain(moves):
        only = moves[0].key if len(moves) == 1 else ""
    else:
        only = in_browser("({}?.length === 1 ? {}[0].key : '')", moves).to(str)
    return rx.cond(S.move.key & (S.move.key == only), rx.fragment(), buttons)


def open_form(place: str) -> rx.Component:
    """The form of the open step, if it belongs to this place. Typed text stays when the step is
    refused."""
    return rx.cond(S.move.key & (S.move.place == place), _form())


def note_area(label: str, hint: str, name: str, most: int = MAX_TEXT) -> rx.Component:
    """The text field of the open step; saved while she types and when she leaves the field."""
    return area(
        label,
        name,
        value=S.saved_note,
        hint=hint,
        rows=4,
        error=S.errors["note"],
        limit=most,
        limit_words=persian(most),
        **saving(lambda text: S.keep(text, S.move.key)),
    )


def question_card(question: QuestionView) -> rx.Component:
    """Two equal answers without a default, and a field for one sentence if she has opened it."""
    is_open = S.move.key == question.move.key
    more = rx.el.button(
        citizen_orders_text.SENTENCE,
        type="button",
        on_click=S.choose(question.move.key),
        data_opens=question.move.key,
        class_name="link nav-link",
    )
    note = rx.el.div(
        note_area(
            citizen_orders_text.SENTENCE_LABEL, question.hint, field_name("said"), MAX_SENTENCE
        ),
        data_step="true",
        class_name="mt-3",
    )
    card = sheet(
        rx.el.div(
            error_summary(S.errors, S.answers),
            rx.el.h3(question.title, class_name="text-h3"),
            rx.el.p(question.basis, class_name="text-ink2"),
            rx.cond(is_open, note),
            rx.el.div(
                _answer(question, Verdict.YES, question.yes, "check", "btn btn-good btn-sm"),
                _answer(question, Verdict.NO, question.no, "close", "btn btn-danger btn-sm"),
                class_name="pair mt-3",
            ),
            rx.cond(is_open, rx.fragment(), more),
        ),
        class_name="no-print",
    )
    return rx.cond(question.move.key, card)


def _answer(
    question: QuestionView, verdict: Verdict, label: str, sign: str, classes: str
) -> rx.Component:
    return rx.el.button(
        icon(sign),
        rx.el.span(label),
        type="button",
        on_click=S.answer_question(question.move.key, verdict.value),
        class_name=classes,
    )


def _form() -> rx.Component:
    note = note_area(S.move.note, S.move.note_hint, field_name("note"))
    lanes = chips(lanes_text.KIND, field_name("lane"), S.move.lanes, error=S.errors["lane"])
    photos = rx.el.div(
        rx.cond(S.move.photos_hint, rx.el.p(S.move.photos_hint, class_name="text-ink2")),
        photo_sender(PictureKind.PROOF, limit=PHOTOS_MOST, name="photos", on_change=S.photos_sent),
        error_line("photos", S.errors["photos"]),
        class_name="field grid gap-2",
    )
    days = chips(
        road_text.TURN_MOVE, field_name("monday"), S.move.mondays, error=S.errors["monday"]
    )
    send = rx.el.button(
        rx.cond(S.busy, case_text.SENDING, S.move.button),
        type="submit",
        aria_busy=rx.cond(S.busy, "true", "false"),
        class_name=rx.cond(S.move.ends, "btn btn-danger", "btn btn-primary"),
    )
    return rx.el.form(
        error_summary(S.errors, S.answers),
        rx.el.input(type="hidden", name=STEP, value=S.move.key, read_only=True),
        rx.cond(S.move.lead, rx.el.p(S.move.lead)),
        rx.cond(any_of(S.move.mondays), days),
        rx.cond(S.move.note, note),
        rx.cond(any_of(S.move.lanes), lanes),
        rx.cond(S.move.photos, photos),
        rx.el.div(
            send,
            button(case_text.CANCEL, kind="secondary", on_click=S.close),
            class_name="pair",
        ),
        on_submit=S.take,
        method="post",
        action="",
        id=field_name("step"),
        key=S.move.key,
        aria_label=S.move.label,
        data_step="true",
        class_name="grid gap-4 border-s-4 border-edge ps-4",
    )
