"""What the city asks of her or offers her, with her answers, and whether she was heard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import reflex as rx

from publicmeeting.domain.lifecycle.guards import UNDOABLE
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.timeline import Mark
from publicmeeting.domain.line.history import NOTED_ON
from publicmeeting.domain.records import Request, Seat
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import (
    HER_MOVE,
    INFO_ASKED,
    SCREENING,
    Action,
)
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.tracking import case_text, citizen_orders_text
from publicmeeting.ui.citizen.timeline.forms import Steps, answer_line, move_buttons, open_form
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    NO_QUESTION,
    OFFERED,
    TOP,
    Move,
    QuestionView,
    question_view,
)
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import quote
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.lifecycle.effects.costs import Cost
from publicmeeting.usecases.line.objections.undoing import Denial
from publicmeeting.usecases.tracking.timeline import TimelinePage


@dataclass(frozen=True)
class AskView(ViewModel):
    """What the city asks of her, or a step that is open to her; `quote` is the office's own
    text."""

    head: str = ""
    left: str = ""
    quote: str = ""
    quote_by: str = ""
    until: str = ""
    is_asked: bool = False
    moves: tuple[Move, ...] = ()


NO_ASK = AskView()


@dataclass(frozen=True)
class OfferView(ViewModel):
    """A unit's answer that she may accept instead of the meeting; empty without `head`."""

    head: str = ""
    quote: str = ""
    quote_by: str = ""
    costs: tuple[str, ...] = ()
    accept: Move = NO_MOVE


NO_OFFER = OfferView()
_OF_HER_SEAT = {Action.UNDO_GIVE_UP, Action.DENY_GIVE_UP, Action.CONTEST_NO_SHOW}
"""Steps that do not answer an official's note."""


def ask_view(page: TimelinePage, moves: Sequence[Move]) -> AskView:
    """Return the card above the road, if a step on the request itself is open to her."""
    own = tuple(move for move in moves if move.place == TOP and _is_open(page.request, move))
    refused = _newest_of(page, Action.FINISH, Action.FINISH_REFUSED)
    if refused and refused.action is Action.FINISH_REFUSED:
        return _refused_view(page, refused, own)
    if not own:
        return _declined_view(page)
    is_asked = page.request.stage in HER_MOVE
    note = None if {move.action for move in own} <= _OF_HER_SEAT else _newest_note(page)
    due = page.request.due_at if is_asked and not _is_extended_anyway(page) else None
    return AskView(
        head=_ask_head(own, is_asked=is_asked),
        left=page.dates.left(due) if due else "",
        quote=(note.note or "") if note else "",
        quote_by=_signature(page, note) if note else "",
        until=" ".join(
            filter(
                None,
                (
                    _answer_until(page, due) if due else _may_object_until(page, own),
                    _place_stays_until(page, own),
                    _taken_back(page, own),
                ),
            )
        ),
        is_asked=is_asked,
        moves=own,
    )


def _is_extended_anyway(page: TimelinePage) -> bool:
    """Return whether this deadline will be extended anyway, because she is displaced."""
    return page.is_displaced and Action.WAIT_LONGER not in page.newest


def _ask_head(own: Sequence[Move], *, is_asked: bool) -> str:
    if any(move.action == Action.SAY_MET for move in own):
        return case_text.PAPER_ASKED
    if {move.action for move in own} == {Action.DENY_GIVE_UP}:
        return case_text.DENY_HEAD
    return case_text.ASKED if is_asked else case_text.OPEN_TO_YOU


def _is_open(request: Request, move: Move) -> bool:
    """Return whether the step may be taken: an objection to a redirect only before the new district
    has judged."""
    return move.action != Action.OBJECT_REDIRECT or request.stage in SCREENING


def _answer_until(page: TimelinePage, due: datetime) -> str:
    """Return her deadline. If information is missing, the status above already names the earlier
    draw."""
    sentence = case_text.INFO_UNTIL if page.request.stage in INFO_ASKED else case_text.UNTIL
    return sentence.format(until=page.dates.until(due))


def _may_object_until(page: TimelinePage, own: Sequence[Move]) -> str:
    """Return until when she may object to a desk that declined her request."""
    may = any(move.action == Action.OBJECT for move in own)
    if not may or page.objection_until is None:
        return ""
    return case_text.OBJECT_UNTIL.format(until=page.dates.until(page.objection_until))


def _place_stays_until(page: TimelinePage, own: Sequence[Move]) -> str:
    """Return until when an objection still leaves her in the list that is fixed next."""
    may = any(move.action in (Action.OBJECT, Action.INSIST) for move in own)
    if not may or page.list_until is None:
        return ""
    return case_text.KEEPS_LIST.format(until=page.dates.until(page.list_until))


def _taken_back(page: TimelinePage, own: Sequence[Move]) -> str:
    """Return what it brings and costs to take back a seat or to undo her leaving."""
    actions = {move.action for move in own}
    seat, cost = page.request.seat_back, page.undo_cost
    if seat is not None and Action.UNDO_GIVE_UP in actions:
        return case_text.SEAT_BACK.format(**_day_and_time(seat))
    if page.denial is not None:
        return _denied(page.denial)
    if Action.UNDO not in actions:
        return ""
    left = _newest_of(page, *UNDOABLE)
    if page.is_displaced:
        return case_text.RECLAIM_ASKED
    is_displaced = left is not None and left.action is Action.DISPLACE
    lead = case_text.RECLAIM if is_displaced else _undo_until(page)
    return f"{lead} {_undone(cost) if cost else ''}".strip()


def _undo_until(page: TimelinePage) -> str:
    until = page.request.undo_until
    if until is None:
        return case_text.UNDO_UNTIL_LIST
    return case_text.UNDO_UNTIL.format(until=page.dates.until(until))


def _undone(cost: Cost) -> str:
    """Return what a seat counts that does not come back with her."""
    if cost.owed:
        return case_text.UNDO_OWED
    costs = case_text.UNDO_COSTS_WEEKS if cost.weeks else case_text.UNDO_COSTS
    return f"{costs} {case_text.UNDO_COSTS_DEBT}" if cost.debt else costs


def _denied(denial: Denial) -> str:
    """Return what she gets back if her seat is gone and she did not give it up herself."""
    if denial.cost.owed:
        return case_text.DENY_OWED
    return case_text.DENY_WEEKS if denial.weeks else case_text.DENY_DEBT


def _refused_view(page: TimelinePage, refused: Mark, own: tuple[Move, ...]) -> AskView:
    """Return the mayor's refusal: the mayor's words first, then what she can still do."""
    answer = page.newest.get(Action.ANSWER_OBJECTION)
    reason = answer or refused
    return AskView(
        head=case_text.REFUSED_ANSWERED if answer else case_text.REFUSED,
        quote=reason.note or "",
        quote_by=_signature(page, reason),
        until=case_text.REFUSED_FINAL if answer else _objection_until(page, own),
        moves=own,
    )


def _declined_view(page: TimelinePage) -> AskView:
    """Return the words of the desk that declined her request, once she may not object any more."""
    declined = page.newest.get(Action.DECLINE)
    if page.request.stage is not STEP_FOR[Action.DECLINE].to or not (declined and declined.note):
        return NO_ASK
    by = _signature(page, declined)
    return AskView(head=case_text.DECLINED_WHY, quote=declined.note, quote_by=by)


def _objection_until(page: TimelinePage, own: Sequence[Move]) -> str:
    """Return until when she may object, or until when her objection is answered."""
    may_object = any(move.action == Action.OBJECT_REFUSAL for move in own)
    if page.objection_until and may_object:
        return case_text.REFUSED_MAY.format(until=page.dates.until(page.objection_until))
    due = page.request.due_at
    if Action.OBJECT_REFUSAL not in page.newest or due is None:
        return case_text.REFUSED_OVER
    late = case_text.REFUSED_LATE if page.now >= due else case_text.REFUSED_OBJECTED
    return late.format(until=page.dates.until(due))


def offer_view(page: TimelinePage, accept: Move) -> OfferView:
    """Return an answer offered beside her place in the line, which she loses only by accepting."""
    answer = page.newest.get(Action.OFFER_ANSWER)
    if accept.place != OFFERED or answer is None:
        return NO_OFFER
    unit = page.offered_by
    by = signed(answer.role, answer.district, unit)
    costs = tuple(_costs(page.request))
    return OfferView(
        head=citizen_orders_text.OFFERED.format(unit=unit)
        if unit
        else citizen_orders_text.OFFERED_UNNAMED,
        quote=answer.note or "",
        quote_by=page.dates.signed(by, answer.at),
        costs=costs,
        accept=replace(accept, lead=f"{citizen_orders_text.OFFER_SURE} {' '.join(costs)}"),
    )


def _costs(request: Request) -> Iterable[str]:
    """Yield what she gives up with the meeting; she reads it before she accepts."""
    yield citizen_orders_text.OFFER_CLOSES
    if request.seat:
        yield citizen_orders_text.OFFER_COSTS_SEAT.format(**_day_and_time(request.seat))
    yield citizen_orders_text.OFFER_COSTS_WAIT


def _day_and_time(seat: Seat) -> dict[str, str]:
    return {"day": weekday_day(seat.monday), "time": dates_text.clock(seat.time)}


def heard_view(page: TimelinePage, move: Move) -> QuestionView:
    """Return the question whether she was heard, after the meeting; `move` is the step that answers
    it."""
    meeting = _newest_of(page, Action.FINISH, Action.FINISH_REFUSED, Action.NOTE_PAPER)
    if meeting is None or meeting.at is None:
        return NO_QUESTION
    noted_on = meeting.payload.get(NOTED_ON) if meeting.action is Action.NOTE_PAPER else None
    day = (
        page.dates.on(date.fromisoformat(str(noted_on))) if noted_on else page.dates.day(meeting.at)
    )
    return question_view(move, citizen_orders_text.HEARD_BASIS.format(day=day))


def _newest_of(page: TimelinePage, *actions: Action) -> Mark | None:
    """Return the newest mark of any of these actions."""
    return next((mark for action, mark in page.newest.items() if action in actions), None)


def _newest_note(page: TimelinePage) -> Mark | None:
    """Return the newest note of an official on the request itself."""
    return next(
        (
            mark
            for mark in reversed(page.marks)
            if mark.note and mark.order_number is None and mark.role is not Role.CITIZEN
        ),
        None,
    )


def _signature(page: TimelinePage, mark: Mark) -> str:
    """Return which office wrote it, and when."""
    by = signed(mark.role, mark.district, page.offered_by, own=True)
    return page.dates.signed(by, mark.at)


def ask_card(state: type[Steps], ask: AskView) -> rx.Component:
    """What the city asks of her, in the office's own words, and how to answer."""
    head = rx.el.div(
        rx.el.h2(ask.head),
        rx.cond(ask.left, rx.el.p(icon("clock", "sm"), ask.left, class_name="flex gap-2")),
        class_name="call-head",
    )
    quiet = rx.el.h2(ask.head, class_name="text-h3 px-4 pt-4")
    return rx.cond(
        # An open form stays, with its text, when the case changes.
        ask.head | (state.move.place == TOP),
        rx.el.section(
            rx.cond(ask.is_asked, head, quiet),
            rx.el.div(
                rx.cond(ask.quote, quote(ask.quote_by, ask.quote)),
                rx.cond(ask.until, rx.el.p(ask.until)),
                answer_line(state, TOP),
                move_buttons(state, ask.moves),
                open_form(state, TOP),
                class_name="call-body",
            ),
            class_name=rx.cond(ask.is_asked, "call", "sheet"),
        ),
        answer_line(state, TOP),
    )


def offer_card(state: type[Steps], offer: OfferView) -> rx.Component:
    """An offered answer. Accepting it needs a second tap; declining needs none."""
    leave = rx.el.details(
        rx.el.summary(citizen_orders_text.OFFER_LEAVE, class_name="btn btn-secondary w-full"),
        rx.el.p(citizen_orders_text.OFFER_LEFT, class_name="mt-2"),
    )
    card = rx.el.section(
        rx.el.h2(offer.head, class_name="px-4 pt-4 text-h3"),
        rx.el.div(
            quote(offer.quote_by, offer.quote),
            rx.el.p(citizen_orders_text.OFFER_LEAD),
            rx.el.div(
                rx.el.p(citizen_orders_text.OFFER_IF, class_name="font-semibold"),
                rx.el.ul(each(offer.costs, rx.el.li), class_name="list-disc ps-5"),
            ),
            answer_line(state, OFFERED),
            rx.el.button(
                offer.accept.label,
                type="button",
                on_click=state.choose(offer.accept.key),
                aria_expanded=rx.cond(state.move.key == offer.accept.key, "true", "false"),
                data_opens=offer.accept.key,
                class_name="btn btn-secondary",
            ),
            open_form(state, OFFERED),
            leave,
            class_name="call-body",
        ),
        class_name="sheet",
    )
    return rx.cond(offer.head, card, answer_line(state, OFFERED))
