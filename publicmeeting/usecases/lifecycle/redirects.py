"""What a redirect to another district changes: a new ticket, and what moves along with it."""

from datetime import date, datetime

from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.line.lanes import open_lane_ask
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.codes import salt
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment


def give_new_ticket(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Another district: a new ticket there, the old one leaves the line."""
    out = {"ticket": request.ticket, "district": request.district}
    uow.log.append(Kind.TAKEN_OUT, {**out}, now)
    number = int(str(event.payload["district"]))
    new_salt = salt()
    new_ticket = ticket(new_salt, uow.people.get(request.person_id).identity, number)
    uow.requests.move_to_district(request, district=number, salt=new_salt, ticket=new_ticket)
    uow.log.append(Kind.FILED, refiled_body(new_ticket, number, request.filed_at), now)
    _owe_for_weeks(uow, request, new_ticket, now)
    _take_lane_along(uow, request, new_ticket, now)
    _take_exclusions_along(uow, request, new_ticket, now)
    uow.publish(f"district:{number}")


def refiled_body(new_ticket: str, district: int, filed_at: datetime) -> dict[str, object]:
    """The log entry of the new ticket: its line is the one of the day she filed."""
    return {"ticket": new_ticket, "district": district, "filed_at": moment(filed_at)}


def _owe_for_weeks(uow: UnitOfWork, request: Request, new_ticket: str, now: datetime) -> None:
    """A new ticket has no weeks. Who lost some by a wrong district is owed a seat in the right one,
    as is whoever the city already owed one."""
    owes = int(bool(request.debt or request.waited))
    uow.requests.line(request, waited=0, debt=owes, given_up=0, unanswered=0)
    if owes:
        uow.log.append(Kind.DEBT, {"ticket": new_ticket, "debt": 1}, now)


def _take_lane_along(uow: UnitOfWork, request: Request, new_ticket: str, now: datetime) -> None:
    """Log her lane, or her open request for one, for the new ticket: the log has to show its
    origin."""
    ask = open_lane_ask(request)
    if request.lane != Lane.GENERAL:
        body = {"ticket": new_ticket, "lane": request.lane, "verdict": Verdict.YES.value}
        uow.log.append(Kind.LANE_JUDGED, {**body}, now)
    elif ask:
        uow.log.append(Kind.LANE_ASKED, {"ticket": new_ticket, "lane": ask.lane.value}, now)


def _take_exclusions_along(
    uow: UnitOfWork, request: Request, new_ticket: str, now: datetime
) -> None:
    """The Mondays ahead that she has left out stay left out, and that has to be public too."""
    today, out, until = tehran_day(now), set[date](), date.min
    for event in request.history:
        if event.action in (Action.EXCLUDE, Action.INCLUDE, Action.MOVE_ONCE):
            monday = date.fromisoformat(str(event.payload["monday"]))
            match event.action:
                case Action.EXCLUDE:
                    out.add(monday)
                case Action.INCLUDE:
                    out.discard(monday)
                case _:
                    until = monday
    for monday in sorted(one for one in out if one > today):
        uow.log.append(Kind.MONDAY_EXCLUDED, {"ticket": new_ticket, "monday": iso(monday)}, now)
    if until > today:
        uow.log.append(Kind.MONDAY_EXCLUDED, {"ticket": new_ticket, "until": iso(until)}, now)
