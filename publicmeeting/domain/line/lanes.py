"""An ask of a lane, read from its events: who judges, who has answered, and what came of it.

Two officers of two different units answer blind; only two yes give the lane (docs/turns.md 1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from publicmeeting.domain.choices import Lane, LaneReason, Verdict
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.hashing import sha

JUDGES = 2
UNIT = "unit"
"""Key of a judge's event: the unit he answered in, as the public log spells it."""
ASKABLE = (Lane.ACCESS, Lane.URGENT)


@dataclass(frozen=True, slots=True)
class BlindAsk:
    """What two officers judge; `judges` are account ids, `answers` those of these judges only, the
    first one first."""

    event: Event
    judges: tuple[str, ...]
    answers: tuple[Event, ...]

    @property
    def is_answered(self) -> bool:
        return len(self.answers) == JUDGES

    @property
    def verdict(self) -> Verdict:
        """Both yes, or else no."""
        yes = all(answer.payload["verdict"] == Verdict.YES for answer in self.answers)
        return Verdict.YES if yes and self.is_answered else Verdict.NO


@dataclass(frozen=True, slots=True)
class LaneAsk(BlindAsk):
    """An ask of a lane that is open."""

    lane: Lane


def open_lane_ask(request: Request) -> LaneAsk | None:
    """The open ask of this request, if it has one."""
    last = request.last(Action.ASK_LANE, Action.DECIDE_LANE)
    if last is None or last.action is Action.DECIDE_LANE:
        return None
    since = request.history[request.history.index(last) + 1 :]
    judges, answers = judges_and_answers(since, Action.PICK_JUDGES, Action.JUDGE_LANE)
    return LaneAsk(last, judges, answers, Lane(str(last.payload["lane"])))


def reasons_given(request: Request) -> tuple[tuple[Verdict, LaneReason], ...]:
    """The answers of the two who decided last about a lane, without who gave which; none before."""
    decided = request.last(Action.DECIDE_LANE)
    if decided is None:
        return ()
    before = request.history[: request.history.index(decided)]
    ask = open_lane_ask(replace(request, history=before))
    assert ask is not None, "decided, and never asked"
    answers = {
        (Verdict(str(answer.payload["verdict"])), LaneReason(str(answer.payload["reason"])))
        for answer in ask.answers
    }
    return tuple(sorted(answers, key=lambda pair: (pair[0] is Verdict.YES, pair[1].value)))


def judges_and_answers(
    events: Iterable[Event], pick: Action, judge: Action
) -> tuple[tuple[str, ...], tuple[Event, ...]]:
    """Whom the newest pick names, and what they have answered; an answer of somebody who was
    replaced since does not count, even where he is picked again."""
    judges: tuple[str, ...] = ()
    answers: list[Event] = []
    for event in events:
        if event.action is pick:
            named = event.payload["judges"]
            judges = tuple(str(one) for one in named) if isinstance(named, Sequence) else ()
            answers = [answer for answer in answers if answer.account_id in judges]
        elif event.action is judge and event.account_id in judges:
            answers.append(event)
    return judges, tuple(answers)


@dataclass(frozen=True, slots=True)
class LaneRate:
    """What became of the asks of one lane in one district, and of the papers they were given by,
    until a moment. `late` are open past their deadline then."""

    district: int
    lane: Lane
    asked: int = 0
    at_desk: int = 0
    """Of these, by an officer's hand. Shown of the whole city alone: a desk files for few."""
    granted: int = 0
    refused: int = 0
    waiting: int = 0
    late: int = 0
    came: int = 0
    """By a seat of it, in person or by telephone."""
    seen: int = 0
    """Of these, whose original reception has seen."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who could judge: an account with every unit it works in, the desk being one, and
    with whose it is: two accounts of one person share that as if it were a unit.

    `has_read`: he has opened the case and knows what she wrote; he is asked only where nobody else
    is left.
    """

    account_id: str
    offices: frozenset[str]
    has_read: bool = False


def pick_judges(
    person: str, officers: Iterable[Officer], stay: Iterable[str] = ()
) -> tuple[str, ...] | None:
    """The two who judge: by a lot of their own for each person, never two of one unit.

    `stay` are judges who keep their place. The same person meets the same two again, by whatever
    request: asking once more finds no kinder judge, and filing anew neither. None where the
    district has no two such officers.
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
    """Who judges an open ask: whoever can, stays.

    Where both have answered and it is open all the same, they came to work in one unit: somebody
    else answers instead of the later one.
    """
    late = ask.answers[-1].account_id if ask and ask.is_answered else None
    able = [officer for officer in officers if officer.account_id != late]
    stay = {officer.account_id for officer in able} & set(ask.judges if ask else ())
    return pick_judges(person, able, stay) or pick_judges(person, able)
