"""State of the page of one request: what it shows, which form is open, and the commands it
sends."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.application import application
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import Action
from publicmeeting.kit import randomness
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.lifecycle.telephone_text import meaning
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.shared import code_of
from publicmeeting.ui.citizen.timeline import views
from publicmeeting.ui.citizen.timeline.moves import (
    HALL,
    LIST,
    NO_MOVE,
    Move,
    action_of,
    open_moves,
)
from publicmeeting.ui.citizen.timeline.views import current_status
from publicmeeting.ui.reflex.forms import Form, form_in, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute, query, try_execute, try_query
from publicmeeting.ui.shell.live import background, follow, request_and_line
from publicmeeting.ui.shell.pressed import Addressed
from publicmeeting.ui.shell.road import Reply, reply
from publicmeeting.ui.shell.steps.views import STEP, missing_fields, read_fields, takes
from publicmeeting.usecases.base import MAX_TEXT, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.lanes import AskLane, ask_lane
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.undoing import (
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.line.offers import TakeFree, take_free
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in
from publicmeeting.usecases.orders.paper.document_audit import (
    CheckedPaper,
    check_paper,
    request_papers,
)
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.tracking.timeline import TimelinePage, note_read, openings
from publicmeeting.usecases.tracking.turn import MyTurn, case_page

_KEY_MOST, _NOTES_MOST = 60, 10
LONGEST_CODE = 20
"""Maximum characters read of the hall's code: five digits and any separators."""
DAY_SECONDS = 30.0
"""Maximum age of what the page shows on the day, in seconds; the ranges are in steps of five
minutes."""
_TAKE_FREE = f"/{Action.TAKE_FREE}"
"""Key of the step that takes a free seat, whichever time."""
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


class TimelineState(Addressed, rx.State):
    """State of `/mine/[code]/`; read again, with her own rights, after every change of the case."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset({"keep"})
    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset(
        {"choose", "close", "choose_time", "show_openings"}
    )
    case: views.CaseView = views.CaseView()
    opened_by: list[tuple[str, str]] = []
    move: Move = NO_MOVE
    """The step whose form is open. It stays open when the case changes."""
    open_step: str = rx.SessionStorage("", name="step")
    """Code and key of the open step, stored in this tab.

    After a lost connection the server may have deleted the page's state, and typed text must
    survive that.
    """
    saved_note: str = rx.SessionStorage("", name="note")
    """The text typed into that form, stored in the tab too; shown only in its own field."""
    list_reply: Reply = Reply()
    """The answer to «I am not in the list»."""
    around: Around = Around()
    place = VarField[str]("around")
    announcement = VarField[str]("around")
    busy = VarField[bool]("around")
    free_time = VarField[str]("around")
    _moves: dict[str, Move] = {}
    _taken: str = ""
    """Key of the last step taken on this page; a second press of its button is not an error."""
    _notes: dict[str, tuple[str, str]] = {}
    """Code of a case that is not shown → key of its step and the text typed for it, until that case
    opens again."""
    _papers: dict[str, CheckedPaper] = {}
    """Result of the last check of her papers' files: when the page was opened or a paper added."""
    _now: str = ""
    _hall: str = ""
    """The code from the QR on the hall's screen."""
    _read_at: datetime | None = None
    _day_begins: datetime | None = None
    """When the day of her seat begins."""

    @rx.event
    async def load(self) -> None:
        """Open the page, with no answer shown and no form open."""
        is_opened = await self._arrives()
        if self.case.head.code != code_of(self):
            self._store_note(self.case.head.code, self.move.key, self.saved_note)
        self.errors, self.refused, self.done, self.announcement = {}, "", "", ""
        self.place, self.opened_by, self.busy, self.free_time = "", [], False, ""
        self._taken = self._now = ""
        self._papers = {}
        self._hall = self.router.url.query_parameters.get(HALL, "")[:LONGEST_CODE]
        self.list_reply = Reply()
        if self.case.head.code != code_of(self):
            self.ready = False
        await self._read(by_her=is_opened)
        if not self.signed_out:  # what this tab stores is used when she has signed in
            self._open_first()

    @background
    async def watch(self) -> None:
        """Follow this request, the line it is in and, on its day, the hall."""
        await follow(self, request_and_line, self._reread, self._quiet_seconds, moves=True)

    def _quiet_seconds(self) -> float | None:
        """Return after how many seconds without a message to read the page again.

        On the day of her seat the estimated hours change by time alone. Before it, the page is read
        when the day begins.
        """
        if self.case.day.number:
            # Random, so that telephones that reconnected together do not all read at the same time.
            return DAY_SECONDS * (50 + randomness.below(51)) / 100
        begins, read = self._day_begins, self._read_at
        if begins is None or read is None or begins <= read:
            return None
        return (begins - read).total_seconds()

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
            self._store_note(code_of(self), key, note)
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
        self._store_note(code_of(self), form.get(STEP), note)
        return bool(note.strip())

    @rx.event
    async def photos_sent(self) -> None:
        """Remove the error that a photo is missing, because one has arrived."""
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
    async def choose_time(self, time: str) -> None:
        """Select the free seat of this time before she confirms it; "" deselects."""
        times = {choice.value for choice in self.case.turn.free_times}
        self.free_time = time if time in times else ""

    @rx.event
    async def take_time(self, time: str) -> None:
        """Take the free seat of this time."""
        self.free_time = ""
        move = self.case.turn.take
        if not move.key:
            self._moved_on(_TAKE_FREE)
            return
        await self._take(move, {"time": str(time)})

    @rx.event
    async def take(self, form: Form) -> AsyncIterator[None]:
        """Take the step whose form is open."""
        if self.move.key:
            self._begin()
            yield
            await self._take(self.move, form)

    @rx.event
    async def monday(self, on: str, out: bool) -> None:  # noqa: FBT001 (an event carries no names)
        """Exclude a Monday from her draws, or include it again."""
        action = Action.INCLUDE if out else Action.EXCLUDE
        command = {"code": code_of(self), "action": action.value, "monday": str(on)}
        self.place = "mondays"
        await execute(self, take_step, TakeStep, command)
        if wrong := self.errors.get("monday"):
            # a Monday is a button here, so its error belongs to no field
            self.errors, self.refused = {}, wrong
        await self._read()

    @rx.event
    async def check_in(self, form: Form) -> AsyncIterator[None]:
        """Check in by the hall's code as she typed it. An error is shown at the field."""
        self.place = HALL
        self._begin()
        yield
        typed = {"code": code_of(self), "hall": text_of(form.get(HALL))[:LONGEST_CODE]}
        wrong = await execute(self, check_in, CheckIn, typed)
        self.busy = False
        if wrong:
            self.errors = {HALL: refusal(wrong)}
        await self._read()

    @rx.event
    async def object_to_list(self) -> None:
        """«I am not in the list»: count the list again and show the answer below."""
        self.place, self.busy, self.list_reply = LIST, True, Reply()
        answer = await execute(self, object_to_list, ObjectToList)
        self.busy = False
        await self._read()
        if answer is not None:
            self.list_reply = reply(answer)

    @rx.event
    async def show_openings(self) -> None:
        """Show who has opened her file."""
        found = await query(self, openings, OneCase(code=code_of(self)))
        if found is not None and self._read_at is not None:
            self.opened_by = views.opening_lines(found, self._read_at)

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
            thanks = case_text.THANKS.get(action, case_text.TAKEN)
            follows = meaning(action, by_telephone=self.case.by_telephone)
            self.done = f"{thanks} {follows}".strip()
        await self._read()
        if taken is None and move.about and move.key not in self._moves:
            self._open(NO_MOVE)  # nothing is typed in it, and the event that it answers is gone

    def _open(self, move: Move) -> None:
        self.move, self.saved_note = move, ""
        self.open_step = f"{code_of(self)} {move.key}" if move.key else ""

    def _open_first(self) -> None:
        """Open the form stored in this tab; else that of the only step she is asked for."""
        code, _, key = self.open_step.partition(" ")
        stored = self._moves.get(key) if code == code_of(self) else None
        if stored is not None:
            self.move, self.place = stored, stored.place
            return
        stored_key, note = self._notes.get(code_of(self), ("", ""))
        stored_move = self._moves.get(stored_key)
        if stored_move is not None:
            self._notes = {one: note_ for one, note_ in self._notes.items() if one != code_of(self)}
            self._open(stored_move)
            self.place, self.saved_note = stored_move.place, note
            return
        moves = self.case.ask.moves
        self._open(moves[0] if self.case.ask.hers and len(moves) == 1 else NO_MOVE)
        self.place = self.move.place

    def _moved_on(self, key: str) -> None:
        """Refuse a button that was drawn before the case changed; a double press is not an
        error."""
        if key != self._taken:
            self.refused, self.done = refusal("stage_moved"), ""

    async def _ask(self, move: Move, fields: dict[str, Any], form: Mapping[str, Any]) -> object:
        action, code = move.action, code_of(self)
        if move.number:
            number = move.number
            return await execute(
                self, take_order_step, TakeOrderStep, fields, number=number, action=action
            )
        if action == Action.TAKE_FREE:
            time = text_of(form.get("time"))
            return await execute(self, take_free, TakeFree, code=code, time=time)
        if action in _BACK:
            return await execute(self, _BACK[action], OneCase, code=code)
        if action == Action.ASK_LANE:
            return await execute(self, ask_lane, AskLane, fields, code=code)
        return await execute(
            self, take_step, TakeStep, fields, code=code, action=action, about=move.about
        )

    async def _reread(self) -> None:
        """Read again after a change, and announce once what is new."""
        before, lane = self._now, self.case.turn.lane
        await self._read(by_her=False)
        news = self._now if self._now != before else self.case.turn.lane.head
        if before and news and (self._now != before or self.case.turn.lane != lane):
            # A call has its own alert.
            called = self.case.status.is_called
            self.announcement = "" if called else case_text.CHANGED.format(what=news)
            self.done = ""  # her last command is not the newest change any more

    async def _read(self, *, by_her: bool = True) -> None:
        """Read the page. With `by_her`, questions to her are marked as seen.

        That is only true if she has opened the page or pressed something: an open tab reads by
        itself, and perhaps nobody looks at it.
        """
        command = OneCase(code=code_of(self))
        found = await query(self, case_page, command)
        if found is None:
            return
        page, turn = found
        if {order.sheet for order in page.orders if order.image} != set(self._papers):
            self._papers = await checked_papers(self, command.code)
        self._show(page, turn)
        if page.is_unread and by_her:
            await try_execute(self, note_read, command)

    def _show(self, page: TimelinePage, turn: MyTurn) -> None:
        moves = open_moves(page, turn)
        case = views.case_view(page, turn, moves, self._papers)
        self.case = case = views.with_hall_code(case, self._hall)
        offered = {case.offer.accept.key: case.offer.accept} if case.offer.head else {}
        self._moves = {**moves.by_key(), **offered}
        self._now = case.status.head if case.status.is_called else current_status(page, case.road)
        self._read_at = page.now
        seat = page.request.seat
        self._day_begins = at_tehran(seat.monday) if seat else None


async def checked_papers(state: rx.State, code: str) -> dict[str, CheckedPaper]:
    """Return sheet number → result of checking its files now; read and hashed outside the event
    loop."""
    papers = await try_query(state, request_papers, OneCase(code=code))
    if not papers:
        return {}
    images, originals = application().images, application().originals
    results = await rx.run_in_thread(
        lambda: [check_paper(paper, images, originals) for paper in papers]
    )
    return {paper.sheet: paper for paper in results}
