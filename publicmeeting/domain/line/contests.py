"""Contests of a no-show, read from the events: who judges, who has answered, what came of it.

Two officers of two different units answer blind, as about a lane; only two yes give the weeks back
(docs/turns.md 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from publicmeeting.domain.choices import NoShowReason, Verdict
from publicmeeting.domain.line.lanes import BlindAsk, judges_and_answers
from publicmeeting.domain.records import Event, Request, standing
from publicmeeting.domain.stages import Action

CONTEST = "contest"
"""Key of a judge's or the clock's event: which of her contests it is about, from 1."""
REASONS, WEEKS_BACK = "reasons", "weeks_back"
"""Keys of the clock's decision: why, and how many weeks came back; the last one only where the
public log gave them back. Of an undoing it names the contests whose weeks came back with her."""


@dataclass(frozen=True, slots=True)
class Contest(BlindAsk):
    """One contest: her first is number 1. `missed` is the no-show it is about."""

    number: int
    missed: Event
    missed_by: frozenset[str]
    """Who wrote it, and who wrote it anew by taking a late arrival back: none of them judges it."""
    decision: Event | None

    @property
    def reasons(self) -> tuple[NoShowReason, ...]:
        """Why it was decided so: of a no, only the reasons of those who voted no."""
        counting = [answer for answer in self.answers if answer.payload["verdict"] == self.verdict]
        found = dict.fromkeys(NoShowReason(str(event.payload["reason"])) for event in counting)
        return tuple(found)


def contests(request: Request) -> tuple[Contest, ...]:
    """All contests of a request, her first one first."""
    history = request.history
    raised = [event for event in history if event.action is Action.CONTEST_NO_SHOW]
    return tuple(_contest(request, number, event) for number, event in enumerate(raised, 1))


def open_contests(request: Request) -> tuple[Contest, ...]:
    """Those that are not decided yet."""
    return tuple(contest for contest in contests(request) if contest.decision is None)


def contest_for(request: Request, account_id: str | None) -> Contest | None:
    """The oldest open contest that this officer was picked for, an unanswered one first."""
    mine = [contest for contest in open_contests(request) if account_id in contest.judges]
    unanswered = (
        contest for contest in mine if account_id not in {e.account_id for e in contest.answers}
    )
    return next(unanswered, mine[0] if mine else None)


def waiting_contests(request: Request) -> tuple[Contest, ...]:
    """Contests with two yes whose weeks did not come back because she had left the line; not those
    that came back when she undid it."""
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
    """The contests whose weeks came back when she undid her leaving."""
    named = event.payload.get(WEEKS_BACK)
    return tuple(int(one) for one in named) if isinstance(named, list | tuple) else ()


def reasons_of(decision: Mapping[str, object]) -> tuple[Verdict, tuple[NoShowReason, ...]]:
    """What the payload of the clock's decision says."""
    named = decision.get(REASONS)
    codes = named if isinstance(named, list | tuple) else ()
    reasons = tuple(NoShowReason(str(code)) for code in codes)
    return Verdict(str(decision["verdict"])), reasons


def can_contest(request: Request) -> bool:
    """Whether the newest no-show took anything that a contest can give back: it was no seat of the
    hall itself, and she has not come late since."""
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
    judges, answers = judges_and_answers(about, Action.PICK_CONTEST, Action.JUDGE_NO_SHOW)
    decision = next((one for one in about if one.action is Action.DECIDE_NO_SHOW), None)
    return Contest(event, judges, answers, number, missed, missed_by, decision)
