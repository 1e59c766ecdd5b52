"""What a redirect to another district changes: a new ticket, to which everything moves along."""

from datetime import datetime

from publicmeeting.domain.records import Event, Request
from publicmeeting.kit.codes import salt
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.officer_marks import officer_mark


def give_new_ticket(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Another district: a new ticket there, which has all that the old one had.

    Her line, weeks, debt, counts, lane and the Mondays she left out: a wrong district costs her
    nothing. The row keeps them; in the log they follow from this one entry.
    """
    number = int(str(event.payload["district"]))
    new_salt = salt()
    new_ticket = ticket(new_salt, uow.people.get(request.person_id).identity, number)
    body = {
        "old": request.ticket,
        "new": new_ticket,
        "district": number,
        "officer": officer_mark(uow, event, request, now),
        "because": [filed_seq(uow, request.ticket)],
    }
    uow.requests.move_to_district(request, district=number, salt=new_salt, ticket=new_ticket)
    uow.log.append(Kind.REDIRECTED, {**body}, now)
    uow.publish(f"district:{number}")


def last_entry(uow: UnitOfWork, of_ticket: str, kind: Kind) -> int | None:
    """The newest entry of a kind about a line, under whichever of its tickets."""
    found = uow.log_index.last_seq(of_ticket, kind)
    if found is not None:
        return found
    for seq in reversed(uow.log_index.of_ticket(of_ticket, Kind.REDIRECTED)):
        body = uow.log.entry(seq).body
        if body["new"] == of_ticket:
            return last_entry(uow, str(body["old"]), kind)
    return None


def filed_seq(uow: UnitOfWork, of_ticket: str) -> int:
    """The entry by which the first ticket of this line was filed, through however many redirects.

    KeyError where the log does not know the ticket.
    """
    filed = uow.log_index.of_ticket(of_ticket, Kind.FILED)
    if filed:
        return filed[0]
    for seq in reversed(uow.log_index.of_ticket(of_ticket, Kind.REDIRECTED)):
        body = uow.log.entry(seq).body
        if body["new"] == of_ticket:
            return int(body["because"][0])
    raise KeyError(of_ticket)
