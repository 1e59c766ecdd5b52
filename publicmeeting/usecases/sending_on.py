"""What follows from sending a request to another district: a new ticket, and what goes with her."""

from datetime import datetime

from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.lanes import asked_lane
from publicmeeting.domain.records import Event, Request
from publicmeeting.kit.codes import salt
from publicmeeting.store.unit import Work
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.log import Kind


def redirected(work: Work, request: Request, event: Event, now: datetime) -> None:
    """Another district: a new ticket there, the old one leaves the line."""
    out = {"ticket": request.ticket, "district": request.district}
    work.log.append(Kind.TAKEN_OUT, {**out}, now)
    number = int(str(event.given["district"]))
    grain = salt()
    mark = ticket(grain, work.people.get(request.person_id).identity, number)
    work.requests.place(request, district=number, salt=grain, ticket=mark)
    work.log.append(Kind.FILED, {"ticket": mark, "district": number}, now)
    _owe_for_weeks(work, request, mark, now)
    _take_lane_along(work, request, mark, now)
    work.ring(f"district:{number}")


def _owe_for_weeks(work: Work, request: Request, mark: str, now: datetime) -> None:
    """A new ticket has no weeks. Who lost some by a wrong district is owed a seat in the right one,
    as is whoever the city already owed one."""
    owes = int(bool(request.debt or request.waited))
    work.requests.line(request, waited=0, debt=owes, given_up=0, unanswered=0)
    if owes:
        work.log.append(Kind.DEBT, {"ticket": mark, "debt": 1}, now)


def _take_lane_along(work: Work, request: Request, mark: str, now: datetime) -> None:
    """A lane, or the ask of one, goes with her: her new ticket has to show where it comes from."""
    ask = asked_lane(request)
    if request.lane != Lane.GENERAL:
        body = {"ticket": mark, "lane": request.lane, "verdict": Verdict.YES.value}
        work.log.append(Kind.LANE_JUDGED, {**body}, now)
    elif ask:
        work.log.append(Kind.LANE_ASKED, {"ticket": mark, "lane": ask.lane.value}, now)
