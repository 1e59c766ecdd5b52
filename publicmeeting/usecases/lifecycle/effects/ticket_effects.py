"""Effects of a step on a ticket: in or out of the line, its Mondays, contests, debts.

The rules are docs/turns.md 1 (waited, debt). The log names people by ticket only. `seat_effects`
has the effects on seats.
"""

from collections.abc import Mapping
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.codes import salt
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind, TakenIn, TakenOut
from publicmeeting.usecases.lifecycle.effects.contests import raise_contest
from publicmeeting.usecases.lifecycle.effects.entries import (
    EventHandler,
    is_of_another,
    jalali_monday,
    log_ticket,
    officer_mark,
)
from publicmeeting.usecases.lifecycle.effects.seat_effects import leave_seat


def give_new_ticket(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Give a redirected request a new ticket in the other district, with everything of the old one.

    Line, weeks, debt, counts, lane and left-out Mondays move along: a wrong district costs her
    nothing. The row stores them; in the log they follow from this one entry.
    Denied("redirect_of_another") if the old ticket does not belong to the person in the row,
    because a new ticket would hide that.
    """
    number = int(str(event.payload["district"]))
    if is_of_another(uow, request):
        raise Denied("redirect_of_another")
    identity = uow.people.get(request.person_id).identity
    new_salt = salt()
    new_ticket = ticket(new_salt, identity, number)
    body = {
        "old": request.ticket,
        "new": new_ticket,
        "district": number,
        "officer": officer_mark(uow, event, request, now),
        "because": [uow.line_book.filed_by(request.ticket)],
    }
    uow.requests.move_to_district(request, district=number, salt=new_salt, ticket=new_ticket)
    uow.log.append(Kind.REDIRECTED, {**body}, now)
    uow.publish(f"district:{number}")


def last_entry(uow: UnitOfWork, of_ticket: str, kind: Kind) -> int | None:
    """Return the newest entry of a kind about a line, under any of its tickets."""
    found = uow.log_index.last_seq(of_ticket, kind)
    if found is not None:
        return found
    for seq in reversed(uow.log_index.of_ticket(of_ticket, Kind.REDIRECTED)):
        body = uow.log.entry(seq).body
        if body["new"] == of_ticket:
            return last_entry(uow, str(body["old"]), kind)
    return None


def filed_seq(uow: UnitOfWork, of_ticket: str) -> int:
    """Return the entry that filed the first ticket of this line, through any number of redirects.

    Raises KeyError if the log does not know the ticket.
    """
    filed = uow.log_index.of_ticket(of_ticket, Kind.FILED)
    if filed:
        return filed[0]
    for seq in reversed(uow.log_index.of_ticket(of_ticket, Kind.REDIRECTED)):
        body = uow.log.entry(seq).body
        if body["new"] == of_ticket:
            return int(body["because"][0])
    raise KeyError(of_ticket)


OUT_FOR: Mapping[Action, TakenOut] = {
    Action.ASK_INFO: TakenOut.INFO_ASKED,
    Action.DECLINE: TakenOut.DECLINED,
    Action.ANSWER: TakenOut.ANSWERED,
    Action.LAPSE_INFO: TakenOut.LAPSED,
    Action.SETTLE_ANSWER: TakenOut.SETTLED,
    Action.DISPLACE: TakenOut.DISPLACED,
    Action.ACCEPT_ANSWER: TakenOut.ACCEPTED,
    Action.WITHDRAW: TakenOut.WITHDRAWN,
    Action.SAY_MET: TakenOut.ACCEPTED,
}
"""Why a ticket leaves the line, by the step."""

IN_FOR: Mapping[Action, TakenIn] = {
    Action.GIVE_INFO: TakenIn.GIVEN,
    Action.OBJECT: TakenIn.OBJECTED,
    Action.INSIST: TakenIn.INSISTED,
}
"""Why a ticket comes back into the line, by the step."""


def leave_line(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Take her out of the line; the same entry frees a seat that she held or was offered."""
    why, officer = OUT_FOR[Action(event.action)], officer_mark(uow, event, request, now)
    out = log_ticket(uow, request, Kind.TAKEN_OUT, now, why=why.value, officer=officer)
    leave_seat(uow, request, now, freed_by=out.seq)


def come_back(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Bring her back into the line; the cause is the entry that took her out.

    A citizen who was declined and objects gets the week of the list that she missed meanwhile.
    """
    out = uow.line_book.taken_out_by(request.ticket)
    assert out, "back without having been out"
    why = IN_FOR[Action(event.action)]
    missed = why is TakenIn.OBJECTED and uow.line_book.lists_missed(request.ticket)
    log_ticket(uow, request, Kind.TAKEN_IN, now, why=why.value, because=[out])
    if missed:
        waited = uow.requests.by_id(request.id).waited + 1
        uow.requests.line(request, waited=waited)


def log_exclusion(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.MONDAY_EXCLUDED, now, monday=jalali_monday(event))


def log_inclusion(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.MONDAY_INCLUDED, now, monday=jalali_monday(event))


def log_contest(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Log her contest, and open it for two officers to judge."""
    lost = max(uow.line_book.weeks_lost(request.ticket), default=0)
    if not lost:
        raise Denied("nothing_lost")
    entry = log_ticket(uow, request, Kind.CONTESTED, now, because=[lost])
    raise_contest(uow, request.id, entry.seq, now)


def owe_seat_for_list(uow: UnitOfWork, request: Request, _event: Event, _now: datetime) -> None:
    """Owe her a seat for a list that omitted her, too late to be corrected (docs/turns.md 2)."""
    uow.requests.line(request, debt=1)


TICKET_HANDLERS: dict[Action, tuple[EventHandler, ...]] = {
    Action.ASK_INFO: (leave_line,),
    Action.GIVE_INFO: (come_back,),
    Action.OBJECT: (come_back,),
    Action.INSIST: (come_back,),
    Action.DECLINE: (leave_line,),
    Action.ANSWER: (leave_line,),
    Action.EXCLUDE: (log_exclusion,),
    Action.INCLUDE: (log_inclusion,),
    Action.REDIRECT: (give_new_ticket,),
    Action.OWE_SEAT: (owe_seat_for_list,),
    Action.ACCEPT_ANSWER: (leave_line,),
    Action.SAY_MET: (leave_line,),
    Action.SETTLE_ANSWER: (leave_line,),
    Action.LAPSE_INFO: (leave_line,),
    Action.WITHDRAW: (leave_line,),
    Action.DISPLACE: (leave_line,),
    Action.CONTEST_NO_SHOW: (log_contest,),
}
