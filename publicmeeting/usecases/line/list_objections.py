"""«I am not in the list»: the pool query is run again as of the freeze, and nobody judges.

If the list differs it is frozen anew in the same moment, its root is in the log, and the draw of
that district moves once, to Thursday noon. No value has been shown by then. What is found later is
cured by a debt (`late_objections`), never by drawing again (docs/turns.md 2 and 5).
"""

from collections.abc import Collection
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.advance import by_clock
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.history import moved_draw_payload
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.jalali import from_iso
from publicmeeting.store.line.draws import Draw, Pending
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.draw_file import frozen_file
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment
from publicmeeting.turns.week import FREEZE_TO_DRAW
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of
from publicmeeting.usecases.line.drawing import frozen_body, take_in
from publicmeeting.usecases.line.late_objections import object_late
from publicmeeting.usecases.line.reveals import revealed_at
from publicmeeting.usecases.line.why_not_listed import ObjectionAnswer, why_not_listed
from publicmeeting.usecases.rate_limits import Limit, take

TICKET_LEAST, TICKET_MOST = 8, 64
"""Whoever has only the paper types the first eight characters."""


class ObjectToList(Command):
    """`ticket` as on the receipt, whole or its first 8 characters; empty for one's own request.
    `monday` as in a draw's name, `1405-09-09`; empty for the list that can be put right now, or
    else the newest.
    """

    ticket: str = ""
    monday: str = ""


@usecase(*ANYONE)
def object_to_list(
    uow: UnitOfWork, actor: Actor, command: ObjectToList, now: datetime
) -> ObjectionAnswer:
    """Once for a ticket and a Monday: until Tuesday 20:00 a wrong list is put right, then
    the city owes a seat.

    Raises Invalid `ticket_unknown`; Denied `objection_closed` where there is no list to object to,
    `objection_given` for a second time, `no_live_request` and `too_many_requests` (facts: minutes).
    """
    asker = actor.person_id or actor.account_id or actor.visit
    if not asker:
        raise Denied("not_ready")
    take(uow, Limit.LIST, asker)
    request = _asked_for(uow, actor, command.ticket)
    hers = request.person_id == actor.person_id
    pending = in_window(uow, request.district, now)
    monday = _day(command.monday)
    if pending is None or monday not in (None, pending.monday):
        if not (actor.person_id or actor.account_id):
            take(uow, Limit.LIST_STRANGERS, f"{request.district}")
        still = pending.monday if pending else None
        return object_late(uow, request, now, hers=hers, monday=monday, but=still)
    uow.witnesses.lock(pending.monday)
    draw = uow.draws.get(request.district, pending.monday)
    if draw is None or draw.state != "frozen" or revealed_at(uow, draw.monday) is not None:
        raise Denied("objection_closed")
    if _is_listed(draw, request):
        return _answer(uow, request, draw, changed=False, number=0, hers=hers)
    if uow.witnesses.has_objected(draw.id, request.ticket):
        raise Denied("objection_given")
    if not (actor.person_id or actor.account_id):
        take(uow, Limit.LIST_STRANGERS, draw.id)
    number = uow.witnesses.objections([draw.id])[draw.id][0] + 1
    changed = _run_again(uow, draw, request, number, now)
    uow.witnesses.object(draw.id, request.ticket, now, changed=changed)
    now_there = uow.draws.get(request.district, pending.monday)
    assert now_there is not None
    return _answer(uow, request, now_there, changed=changed, number=number, hers=hers)


def objections_until(uow: UnitOfWork, draw: Pending | Draw) -> datetime | None:
    """The end of the hours for objections; as many after a late freeze. None before the freeze."""
    if draw.frozen_at is None:
        return None
    week = week_of(uow, draw.monday)
    return max(week.objections_until, draw.frozen_at + (week.objections_until - week.freeze_at))


def _asked_for(uow: UnitOfWork, actor: Actor, typed: str) -> Request:
    if not typed.strip():
        code = uow.requests.live_code(actor.person_id) if actor.person_id else None
        if code is None:
            raise Denied("no_live_request")
        return uow.requests.get_visible(code, actor)
    beginning = "".join(typed.split()).lower()
    found = None
    if TICKET_LEAST <= len(beginning) <= TICKET_MOST:
        found = uow.requests.by_ticket_beginning(beginning)
    if found is None:
        raise Invalid("ticket_unknown", field="ticket")
    return found


def _day(typed: str) -> date | None:
    """None for what is no day: then no particular list is meant."""
    try:
        return from_iso(typed)
    except ValueError:
        return None


def in_window(uow: UnitOfWork, district: int, now: datetime) -> Pending | None:
    for one in uow.draws.pending():
        until = objections_until(uow, one)
        if one.district == district and until is not None and now < until:
            return one
    return None


def _is_listed(draw: Draw, request: Request) -> bool:
    return any(row["ticket"] == request.ticket for row in draw.file["pool"])


def _run_again(uow: UnitOfWork, draw: Draw, request: Request, number: int, now: datetime) -> bool:
    """Whether the list differed; then it is another one from now on, and the log says so."""
    week = week_of(uow, draw.monday)
    rows = uow.recount.rows(draw, draw.monday, week.filing_closes_at, request.ticket)
    file = frozen_file(_as_opened(draw), rows)
    changed = bool(file["pool_root"] != draw.file["pool_root"])
    body: dict[str, object] = {
        "draw": draw.id,
        "number": number,
        "ticket": request.ticket,
        "outcome": "changed" if changed else "same",
    }
    uow.log.append(Kind.OBJECTION, body, now)
    if changed:
        moved_to = max(week.postponed_draw_at, now + FREEZE_TO_DRAW)
        uow.draws.freeze_again(draw, file, moved_to)
        late = uow.draws.unscreened(draw.district, week.filing_closes_at)
        tickets = {row.ticket for row in rows}
        take_in(uow, [key for key in late if _ticket(uow, key) in tickets], now)
        frozen = {**frozen_body(file), "moved_to": moment(moved_to)}
        uow.log.append(Kind.FREEZE, frozen, now)
        notify_moved_draw(uow, draw, tickets, moved_to, now)
    return changed


def notify_moved_draw(
    uow: UnitOfWork, draw: Draw, tickets: Collection[str], moved_to: datetime, now: datetime
) -> int:
    """Notify everybody of the list who still waits of the new time of its draw; returns how many.

    After a second correction on the same day only those are notified who were not notified before.
    """
    payload = moved_draw_payload(draw.monday, moved_to)
    step = STEP_FOR[Action.MOVE_DRAW]
    notified = uow.whole_line.recipients_of(Action.MOVE_DRAW, payload)
    return uow.whole_line.record(
        draw.district,
        sorted(set(tickets) - notified),
        [Stage(stage) for stage in step.at],
        lambda stage, due_at: by_clock(Action.MOVE_DRAW, stage, due_at, now, payload),
    )


def _as_opened(draw: Draw) -> dict[str, object]:
    return {key: value for key, value in draw.file.items() if key not in {"pool", "pool_root"}}


def _ticket(uow: UnitOfWork, request_id: str) -> str:
    return uow.requests.by_id(request_id).ticket


def _answer(
    uow: UnitOfWork, request: Request, draw: Draw, *, changed: bool, number: int, hers: bool
) -> ObjectionAnswer:
    listed = _is_listed(draw, request)
    return ObjectionAnswer(
        district=request.district,
        monday=draw.monday,
        ticket=request.ticket,
        listed=listed,
        changed=changed,
        number=number,
        moved_to=draw.moved_to,
        absence=None if listed else why_not_listed(uow, request, draw, hers=hers),
    )
