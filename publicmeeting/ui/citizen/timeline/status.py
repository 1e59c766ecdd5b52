"""The top of a citizen's page: what has happened, the day of her seat, and what is asked of her.

On that day it shows her number, who is in the room, how many are before her, and the range of time
when she goes in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from publicmeeting.domain.choices import DeclineReason
from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN, UNDOABLE
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.history import NOTED_ON
from publicmeeting.domain.records import Request, Seat
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import (
    INFO_ASKED,
    SCREENING,
    UNDECIDED,
    UNSEATED,
    Action,
    OrderAction,
    OrderStage,
)
from publicmeeting.domain.timeline import DrawSeen, Mark, MarkState
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.actions_text import DONE, MEANING
from publicmeeting.text.lifecycle.reasons_text import DECLINE
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import (
    OTHERWISE,
    OWN_ORDER_STAGE,
    STAGE,
    STAGE_MEANING,
    late_meaning,
    late_words,
)
from publicmeeting.text.lifecycle.telephone_text import done, stage_meaning
from publicmeeting.text.tracking import case_text, citizen_orders_text, day_text, road_text
from publicmeeting.text.tracking.day_words import DayWords
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    NO_QUESTION,
    OFFERED,
    TOP,
    Move,
    QuestionView,
    question_view,
)
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.road import HER_MOVE
from publicmeeting.usecases.lifecycle.effects.costs import Cost
from publicmeeting.usecases.line.objections.undoing import Denial
from publicmeeting.usecases.tracking.timeline import TimelinePage


@dataclass(frozen=True)
class StatusView(ViewModel):
    head: str = ""
    means: str = ""
    is_called: bool = False
    """Whether her number has just been called; the page shows that above everything, as an
    alert."""


@dataclass(frozen=True)
class DayView(ViewModel):
    """The day's information. Nothing is drawn without `number`."""

    number: str = ""
    inside: str = ""
    before: str = ""
    entry: str = ""
    right: str = ""
    passed: str = ""
    as_of: str = ""
    stale: str = ""
    """Sentence shown instead of `as_of` while the connection is lost."""
    call: str = ""
    """Identity of the newest call while it is open; "" without one."""
    coming: Move = NO_MOVE
    answer: str = ""
    answer_why: str = ""
    """What the button `answer` does."""


NO_DAY = DayView()


def status_view(page: TimelinePage, day: DayWords | None) -> StatusView:
    """Return the status. On the day of her seat, what happens there comes before everything
    else."""
    if day is not None:
        return StatusView(day.head, day.means, is_called=day.is_called)
    if decided := _decided(page):
        return decided
    if moved := _outside(page) or _displaced(page) or _redirected(page):
        return moved
    if absent := _absent(page):
        return absent
    if lost := _lost_draw(page):
        return StatusView(
            case_text.STATUS_NOT_DRAWN.format(day=weekday_day(lost.monday)), _standby(lost)
        )
    return _waits_for_her(page) or _contested(page) or _refused(page) or _standing(page)


def _decided(page: TimelinePage) -> StatusView | None:
    """Return that a desk has asked her or declined the request, or that it was displaced.

    Displaced comes first, because then the desk's question is not hers to answer now.
    """
    stage = page.request.stage
    if page.is_displaced:
        return StatusView(case_text.STATUS_DISPLACED, case_text.STATUS_DISPLACED_MEANS)
    if stage in INFO_ASKED:
        return StatusView(case_text.STATUS_NEEDS_INFO, _info_until(page))
    if stage is STEP_FOR[Action.DECLINE].to and (declined := _newest(page, Action.DECLINE)):
        reason = declined.payload.get("reason")
        reason_text = DECLINE[DeclineReason(str(reason))] if reason else STAGE_MEANING[stage]
        return StatusView(case_text.STATUS_DECLINED, reason_text)
    return None


def _standing(page: TimelinePage) -> StatusView:
    """Return the stage of the request; a citizen who is telephoned is not told to go anywhere.

    The greatest lateness of the city replaces what the stage promises.
    """
    going_on = [mark for mark in page.marks if mark.state is MarkState.NOW]
    now = going_on[0] if going_on else None
    stage, by_telephone = page.request.stage, now is not None and now.by_telephone
    meaning = _owed(page) if page.is_order_owed else _late(going_on)
    meaning = meaning or stage_meaning(stage, by_telephone=by_telephone)
    if now and now.due_at and page.now < now.due_at and stage in UNDECIDED:
        due = road_text.DUE.format(until=page.dates.until(now.due_at))
        meaning = f"{meaning} {due}."
    return StatusView(STAGE[stage], meaning)


def _late(marks: Sequence[Mark]) -> str:
    """Return the sentence of the greatest lateness that is not hers; empty without one."""
    lates = [mark.late for mark in marks if mark.late.days and mark.stage not in HER_MOVE]
    return late_meaning(max(lates, key=lambda late: late.days)) if lates else ""


def _owed(page: TimelinePage) -> str:
    """Return who owes her the right order and by when, if all her orders have become void."""
    owed = page.right_order
    if owed is not None and owed.late.days:
        return f"{OTHERWISE[page.request.stage]} {late_words(owed.late)}."
    due = road_text.DUE.format(until=page.right_order_until) if owed else ""
    return f"{OTHERWISE[page.request.stage]} {due}." if due else OTHERWISE[page.request.stage]


def _outside(page: TimelinePage) -> StatusView | None:
    """Return that she missed two meetings: what keeps her out of the lists, and how to get back."""
    if not page.is_outside:
        return None
    return StatusView(case_text.STATUS_OUTSIDE, case_text.STATUS_OUTSIDE_MEANS)


def _absent(page: TimelinePage) -> StatusView | None:
    """Return that she can contest a no-show, for three days.

    It comes before the other statuses until the time is over or she has a turn again.
    """
    missed = _newest(page, Action.NO_SHOW)
    may_contest = any(step.action is Action.CONTEST_NO_SHOW for step in page.steps)
    is_unseated = page.request.stage in UNSEATED
    if missed is None or missed.at is None or not may_contest or not is_unseated:
        return None
    return StatusView(
        done(Action.NO_SHOW, by_telephone=missed.by_telephone) or case_text.STATUS_ABSENT,
        case_text.STATUS_ABSENT_MEANS.format(until=page.dates.until(missed.at + CONTEST_WITHIN)),
    )


def _displaced(page: TimelinePage) -> StatusView | None:
    if _newest(page, Action.DISPLACE) is None:
        return None
    return StatusView(DONE[Action.DISPLACE], MEANING[Action.DISPLACE])


def _newest(page: TimelinePage, *actions: Action) -> Mark | None:
    """Return the newest mark of these actions, past or present."""
    found = (mark for mark in reversed(page.marks) if mark.action in actions)
    return next((mark for mark in found if mark.state is not MarkState.AHEAD), None)


def _info_until(page: TimelinePage) -> str:
    line = next(iter(page.request.open_lines), None)
    if line is not None and page.now < line.freeze_at:
        return case_text.STATUS_NEEDS_INFO_LINE.format(until=page.dates.until(line.freeze_at))
    due = page.request.due_at
    return case_text.STATUS_NEEDS_INFO_DUE.format(until=page.dates.until(due)) if due else ""


def _redirected(page: TimelinePage) -> StatusView | None:
    """Return that it was sent to another district, while nobody there has judged it yet."""
    now = next((mark for mark in page.marks if mark.state is MarkState.NOW), None)
    if now is None or now.action is not Action.REDIRECT:
        return None
    to = persian(page.request.district)
    due = page.request.due_at
    head = case_text.STATUS_REDIRECTED.format(from_district=persian(now.district), to_district=to)
    until = page.dates.until(due) if due else ""
    return StatusView(
        head, case_text.STATUS_REDIRECTED_DUE.format(district=to, until=until) if due else ""
    )


def _waits_for_her(page: TimelinePage) -> StatusView | None:
    """Return that a unit has reported or asked a question, and the order waits for her answer."""
    reports = [m for m in page.marks if m.state is MarkState.NOW and m.action is OrderAction.REPORT]
    if ends := [mark.due_at for mark in reports if mark.due_at]:
        until = page.dates.until(min(ends))
        return StatusView(
            case_text.STATUS_REPORTED, case_text.STATUS_REPORTED_MEANS.format(until=until)
        )
    open_ = {step.action for order in page.orders for step in order.steps}
    if OrderAction.TELL_UNIT in open_:
        return StatusView(case_text.STATUS_UNIT_ASKS, case_text.STATUS_UNIT_ASKS_MEANS)
    return None


def _contested(page: TimelinePage) -> StatusView | None:
    """Return that she contested a report: the unit has nothing to do before somebody decides."""
    stage = OrderStage.CONTESTED
    marks = [m for m in page.marks if m.state is MarkState.NOW and m.stage is stage]
    if not marks:
        return None
    # If the time has passed, no answer is promised by it any more.
    late = max((mark.late for mark in marks), key=lambda late: late.days)
    return StatusView(
        OWN_ORDER_STAGE[stage], late_meaning(late) if late.days else STAGE_MEANING[stage]
    )


def _refused(page: TimelinePage) -> StatusView | None:
    """Return that the mayor refused in the meeting: the case is closed, but nothing was done."""
    if page.refusal is None:
        return None
    means = case_text.STATUS_NOT_HELPED_WHY.format(why=page.refusal.why)
    return StatusView(case_text.STATUS_NOT_HELPED, means)


def _lost_draw(page: TimelinePage) -> DrawSeen | None:
    """Return the newest draw that gave her no seat, while its Monday is ahead and she still waits.

    None if nobody is received on that Monday.
    """
    if page.request.stage not in UNSEATED:
        return None
    now = next((mark for mark in page.marks if mark.state is MarkState.NOW), None)
    draw = now.waits[-1] if now is not None and now.waits else None
    is_ahead = draw is not None and draw.monday >= page.dates.today
    is_lost = is_ahead and draw is not None and not draw.seated and draw.is_held
    return draw if is_lost else None


def _standby(draw: DrawSeen) -> str:
    if draw.place == 1:
        return case_text.STATUS_FIRST_STANDBY
    if draw.place:
        return case_text.STATUS_STANDBY.format(
            place=persian(draw.place), standbys=dates_text.people(draw.standbys)
        )
    return case_text.STATUS_NO_STANDBY


def day_view(day: DayWords | None, coming: Move, now_words: str) -> DayView:
    """Return the view of her day; `now_words` is the time of this information."""
    if day is None or not day.is_followed:
        return NO_DAY
    return DayView(
        number=day.number,
        inside=day.inside,
        before=day.before,
        entry=day.entry,
        right=day.right,
        passed=day.passed,
        as_of=day_text.AS_OF.format(time=now_words),
        stale=day_text.STALE.format(time=now_words),
        call=day.call,
        coming=coming,
        answer=day.answer if coming.key else "",
        answer_why=day.answer_why if coming.key else "",
    )


@dataclass(frozen=True)
class AskView(ViewModel):
    """What the city asks of her, or a step that is open to her; `quote` is the office's own
    text."""

    head: str = ""
    left: str = ""
    quote: str = ""
    quote_by: str = ""
    until: str = ""
    hers: bool = False
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


_OF_HER_SEAT = {Action.UNDO_GIVE_UP, Action.DENY_GIVE_UP}
"""Steps that do not answer an official's note."""


def ask_view(page: TimelinePage, moves: Sequence[Move]) -> AskView:
    """Return the card above the road, if a step on the request itself is open to her."""
    mine = tuple(move for move in moves if move.place == TOP and _is_open(page.request, move))
    refused = _newest(page, Action.FINISH, Action.FINISH_REFUSED)
    if refused and refused.action is Action.FINISH_REFUSED:
        return _refused_view(page, refused, mine)
    if not mine:
        return NO_ASK
    hers = page.request.stage in HER_MOVE
    note = None if {move.action for move in mine} <= _OF_HER_SEAT else _newest_note(page)
    due = page.request.due_at if hers and not _is_extended_anyway(page) else None
    return AskView(
        head=_ask_head(mine, hers=hers),
        left=page.dates.left(due) if due else "",
        quote=(note.note or "") if note else "",
        quote_by=_signature(page, note) if note else "",
        until=" ".join(
            filter(
                None,
                (
                    _answer_until(page, due) if due else "",
                    _place_stays_until(page, mine),
                    _taken_back(page, mine),
                ),
            )
        ),
        hers=hers,
        moves=mine,
    )


def _is_extended_anyway(page: TimelinePage) -> bool:
    """Return whether this deadline will be extended anyway, because she is displaced."""
    return page.is_displaced and _newest(page, Action.WAIT_LONGER) is None


def _ask_head(mine: Sequence[Move], *, hers: bool) -> str:
    if any(move.action == Action.SAY_MET for move in mine):
        return case_text.PAPER_ASKED
    return case_text.ASKED if hers else case_text.OPEN_TO_YOU


def _is_open(request: Request, move: Move) -> bool:
    """Return whether the step may be taken: an objection to a redirect only before the new district
    has judged."""
    return move.action != Action.OBJECT_REDIRECT or request.stage in SCREENING


def _answer_until(page: TimelinePage, due: datetime) -> str:
    """Return her deadline. If information is missing, the status above already names the earlier
    draw."""
    sentence = case_text.INFO_UNTIL if page.request.stage in INFO_ASKED else case_text.UNTIL
    return sentence.format(until=page.dates.until(due))


def _place_stays_until(page: TimelinePage, mine: Sequence[Move]) -> str:
    """Return until when an objection still leaves her in the list that is fixed next."""
    line = next(iter(page.request.open_lines), None)
    may = any(move.action in (Action.OBJECT, Action.INSIST) for move in mine)
    if line is None or not may or page.now >= line.freeze_at:
        return ""
    return case_text.KEEPS_LIST.format(until=page.dates.until(line.freeze_at))


def _taken_back(page: TimelinePage, mine: Sequence[Move]) -> str:
    """Return what it brings and costs to take back a seat or to undo her leaving."""
    actions = {move.action for move in mine}
    seat, cost = page.request.seat_back, page.undo_cost
    if seat is not None and Action.UNDO_GIVE_UP in actions:
        return case_text.SEAT_BACK.format(**_day_and_time(seat))
    if page.denial is not None:
        return _denied(page.denial)
    if Action.UNDO not in actions:
        return ""
    left = _newest(page, *UNDOABLE)
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


def _refused_view(page: TimelinePage, refused: Mark, mine: tuple[Move, ...]) -> AskView:
    """Return the mayor's refusal: the mayor's words first, then what she can still do."""
    answer = _newest(page, Action.ANSWER_OBJECTION)
    reason = answer or refused
    return AskView(
        head=case_text.REFUSED_ANSWERED if answer else case_text.REFUSED,
        quote=reason.note or "",
        quote_by=_signature(page, reason),
        until=case_text.REFUSED_FINAL if answer else _objection_until(page, mine),
        moves=mine,
    )


def _objection_until(page: TimelinePage, mine: Sequence[Move]) -> str:
    """Return until when she may object, or until when her objection is answered."""
    may_object = any(move.action == Action.OBJECT_REFUSAL for move in mine)
    if page.refusal is not None and may_object:
        return case_text.REFUSED_MAY.format(until=page.dates.until(page.refusal.objection_until))
    due = page.request.due_at
    if not _newest(page, Action.OBJECT_REFUSAL) or due is None:
        return case_text.REFUSED_OVER
    late = case_text.REFUSED_LATE if page.now >= due else case_text.REFUSED_OBJECTED
    return late.format(until=page.dates.until(due))


def offer_view(page: TimelinePage, accept: Move) -> OfferView:
    """Return an answer offered beside her place in the line, which she loses only by accepting."""
    answer = _newest(page, Action.OFFER_ANSWER)
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
    meeting = _newest(page, Action.FINISH, Action.FINISH_REFUSED, Action.NOTE_PAPER)
    if meeting is None or meeting.at is None:
        return NO_QUESTION
    noted_on = meeting.payload.get(NOTED_ON) if meeting.action is Action.NOTE_PAPER else None
    day = weekday_day(date.fromisoformat(str(noted_on))) if noted_on else page.dates.day(meeting.at)
    return question_view(move, citizen_orders_text.HEARD_BASIS.format(day=day))


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
