"""What follows from sending a request to another district: a new ticket, and what goes with her."""

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
from publicmeeting.turns.log import Kind, moment


def give_new_ticket(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Another district: a new ticket there, the old one leaves the line."""
    out = {"ticket": request.ticket, "district": request.district}
    uow.log.append(Kind.TAKEN_OUT, {**out}, now)
    number = int(str(event.payload["district"]))
    grain = salt()
    mark = ticket(grain, uow.people.get(request.person_id).identity, number)
    uow.requests.place(request, district=number, salt=grain, ticket=mark)
    uow.log.append(Kind.FILED, refiled_body(mark, number, request.filed_at), now)
    _owe_for_weeks(uow, request, mark, now)
    _take_lane_along(uow, request, mark, now)
    _take_exclusions_along(uow, request, mark, now)
    uow.publish(f"district:{number}")


def refiled_body(mark: str, district: int, filed_at: datetime) -> dict[str, object]:
    """What the log says of the new ticket: its line is the one of the day she filed."""
    return {"ticket": mark, "district": district, "filed_at": moment(filed_at)}


def _owe_for_weeks(uow: UnitOfWork, request: Request, mark: str, now: datetime) -> None:
    """A new ticket has no weeks. Who lost some by a wrong district is owed a seat in the right one,
    as is whoever the city already owed one."""
    owes = int(bool(request.debt or request.waited))
    uow.requests.line(request, waited=0, debt=owes, given_up=0, unanswered=0)
    if owes:
        uow.log.append(Kind.DEBT, {"ticket": mark, "debt": 1}, now)


def _take_lane_along(uow: UnitOfWork, request: Request, mark: str, now: datetime) -> None:
    """A lane, or the ask of one, goes with her: her new ticket has to show where it comes from."""
    ask = open_lane_ask(request)
    if request.lane != Lane.GENERAL:
        body = {"ticket": mark, "lane": request.lane, "verdict": Verdict.YES.value}
        uow.log.append(Kind.LANE_JUDGED, {**body}, now)
    elif ask:
        uow.log.append(Kind.LANE_ASKED, {"ticket": mark, "lane": ask.lane.value}, now)


def _take_exclusions_along(uow: UnitOfWork, request: Request, mark: str, now: datetime) -> None:
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
        uow.log.append(Kind.MONDAY_EXCLUDED, {"ticket": mark, "monday": iso(monday)}, now)
    if until > today:
        uow.log.append(Kind.MONDAY_EXCLUDED, {"ticket": mark, "until": iso(until)}, now)
