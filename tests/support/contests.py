"""Contests of a no-show, and the two judges whom the clock picked."""

from collections.abc import Sequence
from datetime import timedelta

from publicmeeting.domain.line.lanes import open_contests
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.screening.lane_judging import JudgeLane, judge_lane
from support.line import MONDAY, Citizen, Line

SEATS = 8
"""Number of seats of a Monday in the test city."""
REASON = {"yes": "was_there", "no": "called_and_absent"}


def missed_on_second_monday(line: Line) -> list[Citizen]:
    """Return a citizen who waited a week, confirmed for the second Monday and was marked absent.

    The mark is the last thing that happened. Nobody else is left in the line.
    """
    (one,) = confirmed_for_second_monday(line)
    line.until(MONDAY + timedelta(weeks=1), "10:00")
    is_missed(line, one)
    return [one]


def confirmed_for_second_monday(line: Line) -> list[Citizen]:
    """Return a citizen who waited a week and has confirmed; nobody else is left in the line."""
    citizens = line.drawn(SEATS + 1)
    (one,) = [citizen for citizen in citizens if citizen.stage == "waiting"]
    for other in citizens:
        if other is not one:
            other.does(Action.WITHDRAW)
    line.until(MONDAY + timedelta(days=2), "20:00")
    one.does(Action.CONFIRM)
    return [one]


def gave_up_on_second_monday(line: Line) -> list[Citizen]:
    """Return the same citizen, who gave the seat up in its early morning instead."""
    (one,) = confirmed_for_second_monday(line)
    line.until(MONDAY + timedelta(weeks=1), "07:00")
    one.does(Action.GIVE_UP_SEAT)
    return [one]


def is_missed(line: Line, citizen: Citizen) -> None:
    for action in (Action.CALL, Action.CALL, Action.NO_SHOW):
        line.official("reception", citizen, action)


def judges_of(line: Line, citizen: Citizen) -> list[Actor]:
    """Return the actors who judge her oldest open contest."""
    contest = open_contests(citizen.request)[0]
    with line.reading() as uow:
        accounts = [uow.accounts.get(judge) for judge in contest.judges]
    return [Actor(account_id=a.id, name=a.username, grants=a.grants) for a in accounts if a]


def contest_id(line: Line, citizen: Citizen) -> str:
    """Return the id under which the judges see her oldest open contest."""
    number = open_contests(citizen.request)[0].number
    with line.reading() as uow:
        return uow.lanes.of_contests(citizen.request)[number][0]


def answer(line: Line, actor: Actor, ask_id: str, verdict: str, reason: str = "") -> None:
    command = JudgeLane(id=ask_id, verdict=verdict, reason=reason or REASON[verdict])
    line.city.application.execute_as(actor, judge_lane, command)


def decide(
    line: Line, citizen: Citizen, verdicts: Sequence[str] = ("yes", "yes"), reason: str = ""
) -> None:
    """Let both judges answer about her oldest open contest."""
    ask_id = contest_id(line, citizen)
    for actor, verdict in zip(judges_of(line, citizen), verdicts, strict=True):
        answer(line, actor, ask_id, verdict, reason)


def works_as(line: Line, actor: Actor, other: Actor, *, alone: bool) -> None:
    """Move an officer into the unit of another one: for that unit alone, or besides his own."""
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        account = uow.accounts.get(str(actor.account_id))
        assert account is not None
        uow.accounts.add_term(account.id, other.grants[0], None, None)
        if alone:
            uow.accounts.date_term(
                account.id, account.terms[0], line.clock.now.date() - timedelta(days=1)
            )
