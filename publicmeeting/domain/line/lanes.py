"""Lane requests, and contests of weeks that were lost, derived from events: who judged them how.

Two officers of two different units answer without seeing each other's answer. Only two yes answers
give the lane, or give the weeks back (docs/turns.md section 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from publicmeeting.domain.choices import Lane, LaneReason, NoShowReason, Verdict
from publicmeeting.domain.records import Event, Request, standing
from publicmeeting.domain.stages import Action
from publicmeeting.kit.hashing import sha

JUDGES = 2
UNIT = "unit"
"""Payload key of a judge's event: the unit he answered in, spelled as in the public log."""
ASKABLE = (Lane.ACCESS, Lane.URGENT)


@dataclass(frozen=True, slots=True)
class BlindAsk:
    """A question that two officers judge without seeing each other's answer.

    `picked` has the account id of each judge, with the id of the event since which every pick has
    named him. `answers` are those of these judges only, oldest first.
    """

    event: Event
    picked: Mapping[str, int]
    answers: tuple[Event, ...]

    @property
    def judges(self) -> tuple[str, ...]:
        return tuple(self.picked)

    @property
    def is_answered(self) -> bool:
        return len(self.answers) == JUDGES

    @property
    def verdict(self) -> Verdict:
        """Yes if both answered yes, else no."""
        yes = all(answer.payload["verdict"] == Verdict.YES for answer in self.answers)
        return Verdict.YES if yes and self.is_answered else Verdict.NO


@dataclass(frozen=True, slots=True)
class LaneAsk(BlindAsk):
    """An open lane request."""

    lane: Lane


def open_lane_ask(request: Request) -> LaneAsk | None:
    """Return the open lane request of this case, or None."""
    last = request.last(Action.ASK_LANE, Action.DECIDE_LANE)
    if last is None or last.action is Action.DECIDE_LANE:
        return None
    since = request.history[request.history.index(last) + 1 :]
    found = judges_and_answers(since, Action.PICK_JUDGES, Action.JUDGE_LANE)
    return LaneAsk(last, *found, Lane(str(last.payload["lane"])))


def reasons_given(request: Request) -> tuple[tuple[Verdict, LaneReason], ...]:
    """Return the two answers of the last lane decision, without who gave which.

    Their order does not reveal it. Empty before any decision, and if the database owner wrote it.
    """
    decided = request.last(Action.DECIDE_LANE)
    if decided is None or not decided.is_genuine:
        return ()
    before = request.history[: request.history.index(decided)]
    ask = open_lane_ask(replace(request, history=before))
    assert ask is not None, "decided, and never asked"
    answers = {
        (Verdict(str(answer.payload["verdict"])), LaneReason(str(answer.payload["reason"])))
        for answer in ask.answers
    }
    return tuple(sorted(answers, key=lambda pair: (pair[0] is Verdict.YES, pair[1].value)))


def counting_answers(request: Request) -> frozenset[int]:
    """Return the ids of the judges' answers that count, of every lane request of this case.

    The answers of judges who were replaced afterwards are not among them.
    """
    history = request.history
    ends = [at for at, event in enumerate(history) if event.action is Action.DECIDE_LANE]
    asks = (open_lane_ask(replace(request, history=history[:at])) for at in (*ends, len(history)))
    return frozenset(answer.id for ask in asks if ask for answer in ask.answers)


def judges_and_answers(
    events: Iterable[Event], pick: Action, judge: Action
) -> tuple[dict[str, int], tuple[Event, ...]]:
    """Return the judges of the newest pick, since which event each is one, and their answers.

    The answer of a judge who was replaced does not count, even if he is picked again. Nor does one
    that the program has not written.
    """
    answers: list[Event] = []
    picked: dict[str, int] = {}
    for event in events:
        if event.action is pick:
            named = event.payload["judges"]
            judges = map(str, named) if isinstance(named, Sequence) else ()
            picked = {account: picked.get(account, event.id) for account in judges}
            answers = [answer for answer in answers if answer.account_id in picked]
        elif event.action is judge and event.account_id in picked and event.is_confirmed:
            answers.append(event)
    return picked, tuple(answers)


@dataclass(frozen=True, slots=True)
class LaneRate:
    """Figures of one lane in one district up to an instant.

    They count requests, decisions, and originals shown. `late` counts requests whose deadline had
    passed then.
    """

    district: int
    lane: Lane
    asked: int = 0
    at_desk: int = 0
    """Of these, filed by an officer.

    Shown for the whole city only, because one desk files for few people.
    """
    granted: int = 0
    refused: int = 0
    waiting: int = 0
    late: int = 0
    came: int = 0
    """Citizens who had a seat by this lane and came, in person or by telephone."""
    seen: int = 0
    """Of these, those whose original reception has seen."""


@dataclass(frozen=True, slots=True)
class Officer:
    """A possible judge: an account with all its offices, the desk included.

    `offices` also contains an identity of the person, so that two accounts of one person count as
    one unit. `has_read` means that he opened the case and knows her text; he is picked only if
    nobody else is left.
    """

    account_id: str
    offices: frozenset[str]
    has_read: bool = False


def pick_judges(
    person: str, officers: Iterable[Officer], stay: Iterable[str] = ()
) -> tuple[str, ...] | None:
    """Pick two judges of different units, in an order that is pseudorandom per person.

    `stay` are judges who keep their place. The same person gets the same two judges for every
    request, so asking again or filing anew does not find kinder ones. None if the district has no
    two such officers.
    """
    staying = set(stay)
    in_order = sorted(
        officers,
        key=lambda officer: (
            officer.account_id not in staying,
            officer.has_read,
            sha("publicmeeting/judge/v1", person, officer.account_id),
        ),
    )
    for pair in combinations(in_order, JUDGES):
        ids = {officer.account_id for officer in pair}
        if not pair[0].offices & pair[1].offices and len(staying - ids) == 0:
            return tuple(officer.account_id for officer in pair)
    return None


def pick_again(
    person: str, officers: Iterable[Officer], ask: BlindAsk | None
) -> tuple[str, ...] | None:
    """Pick the judges of an open question; current judges who are still eligible stay.

    If both have answered and the question is still open, they now work in one unit: somebody else
    replaces the later one.
    """
    late = ask.answers[-1].account_id if ask and ask.is_answered else None
    able = [officer for officer in officers if officer.account_id != late]
    stay = {officer.account_id for officer in able} & set(ask.judges if ask else ())
    return pick_judges(person, able, stay) or pick_judges(person, able)


CONTEST = "contest"
"""Payload key of events by a judge or the clock: number of the contest, from 1."""
REASONS, WEEKS_BACK = "reasons", "weeks_back"
"""Payload keys of the clock's decision: the reasons, and how many weeks came back.

`weeks_back` is present only if the public log gave weeks back. In an undoing event it lists the
contests whose weeks came back with it.
"""


@dataclass(frozen=True, slots=True)
class Contest(BlindAsk):
    """One contest, numbered from 1. `missed` is the no-show or giving-up that took her weeks."""

    number: int
    missed: Event
    missed_by: frozenset[str]
    """Accounts that wrote it, or restored a no-show by undoing a late arrival.

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
    pairs = zip(raised, losses_contested(history), strict=True)
    return tuple(_contest(request, number, *pair) for number, pair in enumerate(pairs, 1))


def open_contests(request: Request) -> tuple[Contest, ...]:
    """Return the undecided contests."""
    return tuple(contest for contest in contests(request) if contest.decision is None)


def contest_for(request: Request, account_id: str | None) -> Contest | None:
    """Return the oldest open contest with this judge, preferring one he has not answered."""
    own = [contest for contest in open_contests(request) if account_id in contest.judges]
    unanswered = (
        contest for contest in own if account_id not in {e.account_id for e in contest.answers}
    )
    return next(unanswered, own[0] if own else None)


def waiting_contests(request: Request) -> tuple[Contest, ...]:
    """Return contests with two yes answers whose weeks wait, because she had left the line.

    Contests whose weeks came back when she undid the leaving are not included.
    """
    undone = {
        number
        for event in request.history
        if event.action is Action.UNDO
        for number in returned_with(event)
    }
    return tuple(
        contest
        for contest in contests(request)
        if contest.decision is not None
        and contest.decision.payload["verdict"] == Verdict.YES
        and WEEKS_BACK not in contest.decision.payload
        and contest.number not in undone
    )


def returned_with(event: Event) -> tuple[int, ...]:
    """Return the numbers of the contests whose weeks came back with an undoing event."""
    named = event.payload.get(WEEKS_BACK)
    return tuple(int(number) for number in named) if isinstance(named, list | tuple) else ()


def reasons_of(decision: Mapping[str, object]) -> tuple[Verdict, tuple[NoShowReason, ...]]:
    """Return verdict and reasons from the payload of the clock's decision."""
    named = decision.get(REASONS)
    codes = named if isinstance(named, list | tuple) else ()
    reasons = tuple(NoShowReason(str(code)) for code in codes)
    return Verdict(str(decision["verdict"])), reasons


LOST = "waited"
"""Payload key of a no-show, or of a seat given up that took her weeks: how many."""


def newest_loss(history: tuple[Event, ...]) -> Event | None:
    """Return the newest act whose cost a contest can give back: a no-show, or a seat given up late.

    A no-show cost nothing if the seat was assigned in the hall, or if she came late that day.
    """
    lost: Event | None = None
    of_the_hall = False
    for event in standing(history):
        match event.action:
            case Action.SEAT | Action.OFFER | Action.TAKE_FREE:
                of_the_hall = False
            case Action.STAND_IN:
                of_the_hall = True
            case Action.NO_SHOW if not of_the_hall:
                lost = event
            case Action.COME_LATE if not of_the_hall:
                lost = None
            case Action.GIVE_UP_SEAT if event.payload.get(LOST):
                lost = event
    return lost


def losses_contested(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return what each contest is about, oldest contest first, also if it was undone since."""
    raised = (at for at, event in enumerate(history) if event.action is Action.CONTEST_NO_SHOW)
    return tuple(filter(None, (newest_loss(history[:at]) for at in raised)))


def _contest(request: Request, number: int, event: Event, missed: Event) -> Contest:
    history = request.history
    at = history.index(event)
    again = (one for one in history[history.index(missed) : at] if one.action is Action.UNDO_LATE)
    missed_by = frozenset(event.account_id for event in (missed, *again) if event.account_id)
    about = [event for event in history[at + 1 :] if event.payload.get(CONTEST) == number]
    found = judges_and_answers(about, Action.PICK_CONTEST, Action.JUDGE_NO_SHOW)
    decision = next((event for event in about if event.action is Action.DECIDE_NO_SHOW), None)
    return Contest(event, *found, number, missed, missed_by, decision)
