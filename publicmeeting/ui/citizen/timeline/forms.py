"""The open step: its state and its form, questions answered by one tap, and the answer beside the
button that was pressed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.records import PictureKind, Request
from publicmeeting.domain.stages import LETS_GO, Action
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.telephone_text import meaning
from publicmeeting.text.line import lanes_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.shared import code_of, field_name
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, TOP, Move, QuestionView, action_of
from publicmeeting.ui.design.controls import anchor, button, door_from_here
from publicmeeting.ui.design.fields import area, chips, error_line, error_summary, saving
from publicmeeting.ui.design.flow import any_of, each, in_browser, is_plain
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.design.sheets import notice, sheet, spoken
from publicmeeting.ui.reflex.forms import Form, form_in, text_of
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.ui.shell.photos import ids_of, photo_sender, photos_named
from publicmeeting.ui.shell.steps.views import STEP, missing_fields, read_fields, takes
from publicmeeting.usecases.base import MAX_SENTENCE, MAX_TEXT, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.lanes import AskLane, ask_lane
from publicmeeting.usecases.line.objections.undoing import (
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.line.offers import TakeFree, take_free, want_free
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step

_KEY_MOST, _NOTES_MOST = 60, 10
LONGEST_CODE = 20
"""Maximum characters read of the hall's code: five digits and any separators."""
_BACK = {
    Action.UNDO.value: undo_leaving,
    Action.UNDO_GIVE_UP.value: take_seat_back,
    Action.DENY_GIVE_UP.value: deny_giving_up,
}
"""Steps by which she denies an act in her own name; each has its own use case."""


@dataclass(frozen=True)
class Around(ViewModel):
    """What the page shows besides the case."""

    place: str = ""
    """Place of the last answer: beside the button that was pressed."""
    announcement: str = ""
    busy: bool = False
    free_time: str = ""
    """The time of the free seat she has selected; a second tap takes it."""
    unsent: str = ""
    """What she typed for a step that was no longer open when her press came."""


class Steps(Addressed, rx.State, mixin=True):
    """Mixin: the step whose form is open, what is typed in it, and how a step is taken.

    Every section of the page draws the steps that belong to it and inherits this class.
    """

    move: Move = NO_MOVE
    """The step whose form is open. It stays open when the case changes."""
    open_step: str = rx.SessionStorage("", name="step")
    """Code and key of the open step and the ids of its photos, stored in this tab.

    After a lost connection the server may have deleted the page's state, and what she typed and
    sent must survive that.
    """
    saved_note: str = rx.SessionStorage("", name="note")
    """The text typed into that form, stored in the tab too; shown only in its own field."""
    sent: tuple[Photo, ...] = ()
    """The photos sent in that form."""
    around: Around = Around()
    place = VarField[str]("around")
    announcement = VarField[str]("around")
    busy = VarField[bool]("around")
    free_time = VarField[str]("around")
    unsent = VarField[str]("around")
    _moves: dict[str, Move] = {}
    _taken: str = ""
    """Key of the last step taken on this page; a second press of its button is not an error."""
    _let_go: int = 0
    """Id of the event by which she gave a seat up on this page.

    Other pages of hers ask whether it was her, also on this phone: somebody may have borrowed it.
    """
    _notes: dict[str, tuple[str, str]] = {}
    """Code of a case that is not shown → key of its step and the text typed for it, until that case
    opens again."""

    def _code(self) -> str:
        """Return the tracking code of the address."""
        return code_of(self)

    def _is_by_telephone(self) -> bool:
        """Return whether she is telephoned at her time."""
        raise NotImplementedError

    async def _read(self, *, by_her: bool = True) -> None:
        """Read the page. With `by_her`, questions to her are marked as seen."""
        raise NotImplementedError

    @rx.event
    async def choose(self, key: str) -> None:
        """Open the form of a step, or close the open form if nothing is typed in it."""
        found = self._moves.get(str(key), NO_MOVE)
        self.errors, self.refused, self.done = {}, "", ""
        if not found.key:
            self._moved_on(str(key))
            return
        self.place = found.place
        if found.key != self.move.key:
            self._open(found)
        elif not self.saved_note.strip():
            self._open(NO_MOVE)

    @rx.event
    async def close(self) -> None:
        """Close the form without sending it."""
        self._open(NO_MOVE)
        self.errors, self.refused = {}, ""

    @rx.event
    async def keep(self, note: str, key: str = "") -> None:
        """Save what she types into the form of a step, for the case of the page she typed it on."""
        if self._shown_at not in {None, self._subject()}:
            self._store_note(self._code(), key, note)
        elif key in {"", self.move.key}:
            self.saved_note = text_of(note)[:MAX_TEXT]

    def _store_note(self, code: str, key: object, note: object) -> None:
        """Store the text typed for a case that is not shown; its page shows it again when it
        opens."""
        text = text_of(note)[:MAX_TEXT]
        if code and text.strip():
            notes = {**self._notes, code[:LONGEST_CODE]: (text_of(key)[:_KEY_MOST], text)}
            while len(notes) > _NOTES_MOST:
                del notes[next(iter(notes))]
            self._notes = notes

    def _keep_typed(self, handler: str, payload: Mapping[str, Any]) -> bool:
        form = form_in(payload.get("form")) if handler == "take" else {}
        note = text_of(form.get("note"))
        self._store_note(self._code(), form.get(STEP), note)
        return bool(note.strip())

    @rx.event
    async def photos_sent(self, photos: list[str]) -> None:
        """Show the form's photos, and remove the error that one is missing."""
        self.sent = photos_named(photos)
        self.open_step = " ".join((*self.open_step.split(" ")[:2], *ids_of(self.sent)))
        self.errors = {name: error for name, error in self.errors.items() if name != "photos"}
        if self.why == "need_photos":
            self.refused = ""

    @rx.event
    async def tap(self, key: str) -> None:
        """Take a step that needs no form."""
        move = self._moves.get(str(key))
        if move is None:
            self._moved_on(str(key))
        elif move.at_once:
            await self._take(move, {})

    @rx.event
    async def answer_question(self, key: str, verdict: str) -> AsyncIterator[None]:
        """Answer a question with yes or no, with the sentence in its field if that is open."""
        move = self._moves.get(str(key))
        if move is None:
            self._moved_on(str(key))
        else:
            note = self.saved_note if self.move.key == move.key else ""
            self._begin()
            yield
            await self._take(move, {"verdict": str(verdict), "note": note})

    @rx.event
    async def take(self, form: Form) -> AsyncIterator[None]:
        """Take the step whose form is open; its press may have waited for the network."""
        pressed = text_of(form.get(STEP)) or self.move.key
        if not self.move.key or pressed != self.move.key:
            self._moved_on(pressed, text_of(form.get("note")))
            return
        self._begin()
        yield
        await self._take(self.move, form)

    def _begin(self) -> None:
        """Show at once that the press was received.

        The old answer is removed, so that a screen reader announces a refusal that is repeated.
        """
        self.errors, self.refused, self.done, self.busy = {}, "", "", True

    async def _take(self, move: Move, form: Mapping[str, Any]) -> None:
        self.place = move.place
        step = STEP_FOR[action_of(move)]
        fields = read_fields(takes(step), form)
        if missing := missing_fields(step, fields):
            self.errors, self.refused, self.done, self.busy = missing, "", "", False
            return
        self.busy = True
        taken = await self._ask(move, fields, form)
        self.busy = False
        if taken is not None:
            self._taken = move.key
            self._open(NO_MOVE)
            action = action_of(move)
            if isinstance(taken, Request) and action in LETS_GO:
                let_go = taken.last(*LETS_GO)
                self._let_go = let_go.id if let_go else 0
            thanks = case_text.THANKS.get(action, case_text.TAKEN)
            follows = meaning(action, by_telephone=self._is_by_telephone())
            self.done = f"{thanks} {follows}".strip()
        await self._read()
        if taken is not None:
            self._set_unsent("", "")
        elif self.move.key == move.key:
            self._answer_newest(move, text_of(form.get("note")))

    def _answer_newest(self, refused: Move, note: str) -> None:
        """After a refusal: let the open form answer the event that the page shows now.

        If the step is not open any more, the form closes, and its text is shown as not sent.
        """
        if refused.key in self._moves:
            self.move = self._moves[refused.key]
            return
        self._open(NO_MOVE)
        self._show_unsent(refused.key, note)

    def _show_unsent(self, key: str, note: str) -> None:
        """Show a text that was not sent, if there is any, below the refusal of its press.

        The place of its form may have gone with the step.
        """
        if note.strip():
            self._set_unsent(key, note)
            self.place = TOP

    def _set_unsent(self, key: str, note: str) -> None:
        code = self._code()
        self._notes = {one: stored for one, stored in self._notes.items() if one != code}
        self._store_note(code, key, note)
        self.unsent = self._notes.get(code, ("", ""))[1]

    def _open(self, move: Move) -> None:
        self.move, self.saved_note, self.sent = move, "", ()
        self.open_step = f"{self._code()} {move.key}" if move.key else ""

    def _moved_on(self, key: str, note: str = "") -> None:
        """Refuse a button that was drawn before the case changed; a double press is not an
        error."""
        if key != self._taken:
            self.place = self.place or TOP
            self.refused, self.done = refusal("stage_moved"), ""
            self._show_unsent(key, note)

    async def _ask(self, move: Move, fields: dict[str, Any], form: Mapping[str, Any]) -> object:
        action, code = move.action, self._code()
        if move.number:
            number = move.number
            return await execute(
                self,
                take_order_step,
                TakeOrderStep,
                fields,
                number=number,
                action=action,
                about=move.about,
            )
        if action == Action.TAKE_FREE:
            time = text_of(form.get("time"))
            return await execute(self, take_free, TakeFree, code=code, time=time)
        if action == Action.WANT_FREE:
            return await execute(self, want_free, OneCase, code=code)
        if action in _BACK:
            return await execute(self, _BACK[action], OneCase, code=code)
        if action == Action.ASK_LANE:
            return await execute(self, ask_lane, AskLane, fields, code=code)
        return await execute(
            self, take_step, TakeStep, fields, code=code, action=action, about=move.about
        )


class FormFocus(rx.Component):
    """Component of form_focus.js: `form` is the open form, `answer` what was done or refused."""

    library = link_script(__name__, "form_focus.js")
    tag = "FormFocus"

    form: rx.Var[str]
    answer: rx.Var[str]


def answer_line(state: type[Steps], place: str) -> rx.Component:
    """What was done or refused, beside the button that was pressed; announced when it appears."""
    refused = rx.cond(
        state.signed_out,
        _ended_session(),
        rx.cond(state.refused, notice(state.refused, tone="brick")),
    )
    done = rx.cond(state.done, notice(state.done, tone="glaze"))
    return rx.cond(
        state.place == place,
        rx.el.div(refused, done, role="alert", data_answer="true", class_name="empty:hidden"),
    )


def ended_session_line(state: type[Steps]) -> rx.Component:
    """A line above the case, which stays visible, that the session has ended and nothing is read
    again.

    Not shown if the answer to a press already says so.
    """
    line = rx.el.div(_ended_session(), class_name="mb-4")
    return spoken(rx.cond(state.signed_out & ~state.place, line))


def _ended_session() -> rx.Component:
    door = anchor(case_text.SIGN_IN, href=door_from_here("/enter/"), native=True, class_name="link")
    return notice(refusal("session_ended"), tone="brick", action=door)


def move_button(state: type[Steps], move: Move) -> rx.Component:
    """A button that opens the form of a step, or takes the step if one tap is enough."""
    return rx.el.button(
        move.label,
        type="button",
        on_click=rx.cond(move.at_once, state.tap(move.key), state.choose(move.key)),
        aria_expanded=rx.cond(state.move.key == move.key, "true", "false"),
        data_opens=move.key,
        class_name=rx.cond(move.is_rare, "btn btn-quiet btn-rare", "btn btn-secondary"),
    )


def move_buttons(state: type[Steps], moves: Sequence[Move]) -> rx.Component:
    """One button for each step.

    A single button disappears while its form is open, because the form has its own button. If she
    pressed the first one instead, it would close the form, and she would think that the form was
    sent.
    """
    buttons = rx.cond(
        any_of(moves),
        rx.el.div(each(moves, lambda move: move_button(state, move)), class_name="pair"),
    )
    if is_plain(moves):
        only = moves[0].key if len(moves) == 1 else ""
    else:
        only = in_browser("({}?.length === 1 ? {}[0].key : '')", moves).to(str)
    return rx.cond(state.move.key & (state.move.key == only), rx.fragment(), buttons)


def open_form(state: type[Steps], place: str) -> rx.Component:
    """The form of the open step, if it belongs to this place. Typed text stays when the step is
    refused."""
    return rx.cond(state.move.key & (state.move.place == place), _form(state))


def note_area(
    state: type[Steps], label: str, hint: str, name: str, most: int = MAX_TEXT
) -> rx.Component:
    """The text field of the open step; saved while she types and when she leaves the field."""
    return area(
        label,
        name,
        value=state.saved_note,
        hint=hint,
        rows=4,
        error=state.errors["note"],
        limit=most,
        limit_words=persian(most),
        **saving(lambda text: state.keep(text, state.move.key)),
    )


def question_card(state: type[Steps], question: QuestionView) -> rx.Component:
    """Two equal answers without a default, and a field for one sentence if she has opened it."""
    is_open = state.move.key == question.move.key
    more = rx.el.button(
        citizen_orders_text.SENTENCE,
        type="button",
        on_click=state.choose(question.move.key),
        data_opens=question.move.key,
        class_name="link nav-link",
    )
    note = rx.el.div(
        note_area(
            state,
            citizen_orders_text.SENTENCE_LABEL,
            question.hint,
            field_name("said"),
            MAX_SENTENCE,
        ),
        data_step="true",
        class_name="mt-3",
    )
    card = sheet(
        rx.el.div(
            error_summary(state.errors, state.answers),
            rx.el.h3(question.title, class_name="text-h3"),
            rx.el.p(question.basis, class_name="text-ink2"),
            rx.cond(is_open, note),
            rx.el.div(
                _answer(state, question, Verdict.YES, question.yes, "check", "btn btn-good btn-sm"),
                _answer(state, question, Verdict.NO, question.no, "close", "btn btn-danger btn-sm"),
                class_name="pair mt-3",
            ),
            rx.cond(is_open, rx.fragment(), more),
        ),
        class_name="no-print",
    )
    return rx.cond(question.move.key, card)


def _answer(
    state: type[Steps],
    question: QuestionView,
    verdict: Verdict,
    label: str,
    sign: str,
    classes: str,
) -> rx.Component:
    return rx.el.button(
        icon(sign),
        rx.el.span(label),
        type="button",
        on_click=state.answer_question(question.move.key, verdict.value),
        class_name=classes,
    )


def _form(state: type[Steps]) -> rx.Component:
    note = note_area(state, state.move.note, state.move.note_hint, field_name("note"))
    lanes = chips(lanes_text.KIND, field_name("lane"), state.move.lanes, error=state.errors["lane"])
    photos = rx.el.div(
        rx.cond(state.move.photos_hint, rx.el.p(state.move.photos_hint, class_name="text-ink2")),
        photo_sender(
            PictureKind.PROOF,
            photos=state.sent,
            limit=PHOTOS_MOST,
            name="photos",
            on_change=state.photos_sent,
        ),
        error_line("photos", state.errors["photos"]),
        class_name="field grid gap-2",
    )
    days = chips(
        road_text.TURN_MOVE, field_name("monday"), state.move.mondays, error=state.errors["monday"]
    )
    send = rx.el.button(
        rx.cond(state.busy, case_text.SENDING, state.move.button),
        type="submit",
        aria_busy=rx.cond(state.busy, "true", "false"),
        class_name=rx.cond(state.move.ends, "btn btn-danger", "btn btn-primary"),
    )
    return rx.el.form(
        error_summary(state.errors, state.answers),
        rx.el.input(type="hidden", name=STEP, value=state.move.key, read_only=True),
        rx.cond(state.move.lead, rx.el.p(state.move.lead)),
        rx.cond(any_of(state.move.mondays), days),
        rx.cond(state.move.note, note),
        rx.cond(any_of(state.move.lanes), lanes),
        rx.cond(state.move.photos, photos),
        rx.el.div(
            send,
            button(case_text.CANCEL, kind="secondary", on_click=state.close),
            class_name="pair",
        ),
        on_submit=state.take,
        method="post",
        action="",
        id=field_name("step"),
        key=state.move.key,
        aria_label=state.move.label,
        data_step="true",
        class_name="grid gap-4 border-s-4 border-edge ps-4",
    )
