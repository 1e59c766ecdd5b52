"""A late press from a tablet without network, checked against what was done meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.roles import MEETING, Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import clock_words
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, checked_note, parsed, usecase
from publicmeeting.usecases.lifecycle.payloads import press_instant
from publicmeeting.usecases.orders.paper.drafts import (
    OneSheet,
    UnfinishedSheet,
    issued_at,
    page_at,
    unfinished_sheet,
)

_ENDS = frozenset({Action.FINISH, Action.FINISH_REFUSED})
_COMES = (Action.ARRIVE, Action.COME_LATE, Action.REACH)
_AT_THE_TABLE = (
    Action.CALL_IN,
    Action.SEND_BACK,
    Action.FINISH,
    Action.FINISH_REFUSED,
    *_COMES,
)


_CLOCK_WAS_SET = timedelta(weeks=8).total_seconds()
"""Age in seconds from which a press is not old: the tablet's clock was corrected."""
_OVER = (Action.DAY_OVER, Action.NOT_CALLED, Action.CANCEL_MONDAY)


class Press(StrEnum):
    """What can be pressed without a network."""

    CALL_IN = "call_in"
    END = "end"
    REFUSE = "refuse"


class LatePress(Command):
    """A press that arrives late, with its age `ago` in seconds.

    `page` is the number of the sheet on which it was made; 0 stands for the sheet of that instant.
    `pressed` is its second since 1970 by the city's clock, as the tablet knew it; 0 if unknown.
    `owner` is the tablet's official then, since another may have signed in meanwhile. `asks` asks
    why something written for it was refused, and does nothing.
    """

    act: str
    code: str
    page: int = 0
    ago: int = 0
    pressed: int = 0
    owner: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a late press finds. `done` is the step that already did it; None if still to do.

    `is_issued`: the sheet on which it was pressed is an order by now, with all that was written on
    it. `sheet` is the current one.
    """

    done: Event | None
    sheet: UnfinishedSheet
    is_issued: bool


@usecase(*MEETING)
def press_standing(uow: UnitOfWork, actor: Actor, command: LatePress, now: datetime) -> Standing:
    """Return what a late press finds; its content goes on no sheet but its own.

    Raises Denied `sheet_issued` if its sheet was issued without what was written here, or the next
    one is being written; `ended_otherwise` if another press has ended the meeting and this order or
    explanation has no place; `day_ended` if her seat of that Monday was taken back meanwhile, so
    that only the paper page can record what happened, also if she has come again on another Monday;
    `not_found`, `other_official`; `form_broken`.
    """
    act = parsed(Press, command.act)
    sheet = unfinished_sheet(uow, actor, OneSheet(code=command.code, owner=command.owner), now)
    request = uow.requests.get_visible(command.code, actor)
    newest = request.last(*_AT_THE_TABLE, *_OVER)
    pressed = press_instant(command.ago, now)
    is_over = newest is not None and newest.action in _OVER
    if is_over or _came_on_a_later_day(request, command.ago, now):
        raise Denied("day_ended")
    done = _last(request, pressed)
    if act is Press.CALL_IN:
        is_done = done is not None and done.action in _ENDS | {Action.CALL_IN}
        return Standing(done if is_done else None, sheet, is_issued=False)
    page = command.page or page_at(uow, actor, request, pressed)
    is_issued = page < sheet.page
    ended = done if done is not None and done.action in _ENDS else None
    ends_written_sheet = act is Press.END and ended is None and sheet.is_written
    if is_issued and (command.asks or ends_written_sheet):
        at = issued_at(uow, actor, request, page)
        raise Denied("sheet_issued", time=clock_words(at))
    if ended is None:
        return Standing(None, sheet, is_issued)
    is_order = is_issued or not sheet.is_written
    if not (is_order if act is Press.END else _is_same_refusal(ended, sheet)):
        raise Denied("ended_otherwise", time=clock_words(ended.pressed_at))
    return Standing(ended, sheet, is_issued)


def _came_on_a_later_day(request: Request, ago: int, now: datetime) -> bool:
    came = request.last(*_COMES)
    if came is None or not 0 < ago < _CLOCK_WAS_SET:
        return False
    return tehran_day(now - timedelta(seconds=ago)) < tehran_day(came.at)


def _last(request: Request, pressed: datetime) -> Event | None:
    """Return the last step about the visitor at the table.

    If she was sent back after the press, the call into the room counts: a late press must not call
    anybody in again.
    """
    done = request.last(*_AT_THE_TABLE)
    if done is None or done.action is not Action.SEND_BACK or done.at <= pressed:
        return done
    return request.last(Action.CALL_IN)


def _is_same_refusal(ended: Event, sheet: UnfinishedSheet) -> bool:
    own = checked_note(sheet.fields.get("refusal", ""))
    return ended.action is Action.FINISH_REFUSED and ended.note == own
