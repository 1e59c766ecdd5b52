"""Contests of a no-show, derived from events: judges, answers and decision.

Two officers of two different units answer without seeing each other's answer. Only two yes answers
give the weeks back (docs/turns.md section 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from publicmeeting.domain.choices import NoShowReason, Verdict
from publicmeeting.domain.line.lanes import BlindAsk, judges_and_answers
from publicmeeting.domain.records import Event, Request, standing
from publicmeeting.domain.stages import Action

CONTEST = "contest"
"""Payload key of events by a judge or the clock: number of the contest, from 1."""
REASONS, WEEKS_BACK = "reasons", "weeks_back"
"""Payload keys of the clock's decision: the reasons, and how many weeks came back.

`weeks_back` is present only if the public log gave weeks back. In an undoing event it lists the
contests whose weeks came back with it.
"""


@dataclass(frozen=True, slots=True)
class Contest(BlindAsk):
    """One contest, numbered from 1. `missed` is the contested no-show."""

    number: int
    missed: Event
    missed_by: frozenset[str]
    """Accounts that wrote the no-show, or restored it by undoing a late arrival.

    None of them judges it.
    """
    decision: Event | None

    @property
    def reasons(self) -> tuple[NoShowReason, ...]:
        """Reasons for the verdict; after a no only those of the judges who voted no."""
        counting = [answer for answer in self.answers if answer.payload["verdict"] == self.verdict]
        found = dict.fromkeys(NoShowReason(str(event.payload["reason"])) for event in counting)
        return tuple(found)


def contests(request: Request) -> tuple[Contest, ...]:
    """Return all contests of a request, oldest first."""
    history = request.history
    raised = [event for event in history if event.action is Action.CONTEST_NO_SHOW]
    return tuple(_contest(request, number, event) for number, event in enumerate(raised, 1))


def open_contests(request: Request) -> tuple[Contest, ...]:
    """Return the undecided contests."""
    return tuple(contest for contest in contests(request) if contest.decision is None)


def contest_for(request: Request, account_id: str | None) -> Contest | None:
    """Return the oldest open contest with this judge, preferring one he has not answered."""
    mine = [contest for contest in open_contests(request) if account_id in contest.judges]
    unanswered = (
        contest for contest in mine if account_id not in {e.account_id for e in contest.answers}
    )
    return next(unanswered, mine[0] if mine else None)


def waiting_contests(request: Request) -> tuple[Contest, ...]:
    """Return contests with two yes answers whose weeks wait, because she had left the line.

    Contests whose weeks came back when she undid the leaving are not included.
    """
    undone = {
        number
        for event in request.history
        if event.action is Action.UNDO
        for number in _numbers(event)
    }
    return tuple(
        contest
        for contest in contests(request)
        if contest.decision is not None
        and contest.decision.payload["verdict"] == Verdict.YES
        and WEEKS_BACK not in contest.decision.payload
        and contest.number not in undone
    )


def _numbers(event: Event) -> tuple[int, ...]:
    """Numbers of the contests whose weeks came back with an undoing event."""
    named = event.payload.get(WEEKS_BACK)
    return tuple(int(one) for one in named) if isinstance(named, list | tuple) else ()


def reasons_of(decision: Mapping[str, object]) -> tuple[Verdict, tuple[NoShowReason, ...]]:
    """Return verdict and reasons from the payload of the clock's decision."""
    named = decision.get(REASONS)
    codes = named if isinstance(named, list | tuple) else ()
    reasons = tuple(NoShowReason(str(code)) for code in codes)
    return Verdict(str(decision["verdict"])), reasons


def can_contest(request: Request) -> bool:
    """Whether the newest no-show cost something that a contest can give back.

    It did not if the seat was assigned in the hall, or she came late that day.
    """
    taken = False
    of_the_hall = False
    for event in standing(request.history):
        match event.action:
            case Action.SEAT | Action.OFFER | Action.TAKE_FREE:
                of_the_hall = False
            case Action.STAND_IN:
                of_the_hall = True
            case Action.NO_SHOW:
                taken = not of_the_hall
            case Action.COME_LATE:
                taken = False
    return taken


def _contest(request: Request, number: int, event: Event) -> Contest:
    history = request.history
    at = history.index(event)
    missed = next(one for one in reversed(history[:at]) if one.action is Action.NO_SHOW)
    anew = (one for one in history[history.index(missed) : at] if one.action is Action.UNDO_LATE)
    missed_by = frozenset(one.account_id for one in (missed, *anew) if one.account_id)
    about = [one for one in history[at + 1 :] if one.payload.get(CONTEST) == number]
    found = judges_and_answers(about, Action.PICK_CONTEST, Action.JUDGE_NO_SHOW)
    decision = next((one for one in about if one.action is Action.DECIDE_NO_SHOW), None)
    return Contest(event, *found, number, missed, missed_by, decision)
