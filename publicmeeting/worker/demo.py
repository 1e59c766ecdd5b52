"""Invented people of the demo: answers to invitations, an exchange, two witnesses.

Without the answers every Monday after the seeded weeks would be empty. A request filed by a visitor
of the demo is left for that visitor to answer. Without the exchange's index no draw of the demo
would have a value; all pages show it as invented. The witnesses use the same endpoints as real
ones. Their keys are public, and only rules of an invented city name them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.roles import NOBODY, Actor, Grant, Role
from publicmeeting.domain.stages import UNCONFIRMED, Action
from publicmeeting.kit.clock import at_tehran, in_tehran
from publicmeeting.kit.hashing import sha
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import instant
from publicmeeting.turns.rules.late_value import (
    DICE,
    Awaited,
    Source,
    counted_days,
    last_words,
    source_of,
)
from publicmeeting.turns.rules.week import Week
from publicmeeting.turns.rules.witness import sign_statement, statement_text, witnesses_of
from publicmeeting.turns.tree import note
from publicmeeting.turns.tree.note import Key, KeyType, SignedNote
from publicmeeting.usecases.demo import MARK
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.lifecycle.weeks import line_mark, week_of
from publicmeeting.usecases.line.ceremony.late_value import (
    enter_word,
    found_now,
    standing_of,
    typed_words,
    value_decided_at,
    value_decided_mark,
)
from publicmeeting.usecases.line.ceremony.reveals import (
    closed_at,
    closed_mark,
    reveal_mark,
    reveal_window,
)
from publicmeeting.usecases.line.ceremony.witness_words import (
    Commit,
    EnterValue,
    Reveal,
    commit,
    enter_value,
    reveal,
)
from publicmeeting.usecases.public_record.cosigning import UNDER_WAY, Cosign, cosign, moments
from publicmeeting.worker.jobs import Job, Rank

_CONFIRMING, _GIVING_UP, _INVITED = 19, 2, 23
"""Of 23 invitations, 19 citizens confirm and 2 give the seat up; the rest never answer."""
_EARLIEST, _LATEST = 0.02, 0.8
"""Earliest and latest part of the time for an answer at which she answers."""
_WAKES = time(7, 10)


def answers(uow: UnitOfWork) -> list[Job]:
    """Return a job for each answer to an invitation since the end of the seeded weeks.

    Empty in a city that is not marked as the demo's.
    """
    mark = uow.facts.get(MARK)
    if mark is None:
        return []
    ended = datetime.fromisoformat(mark)
    found: list[Job] = []
    for request_id, assigned_at, answer_by in uow.seats.unanswered(ended, ended):
        rng = sha("publicmeeting/pretend", request_id, assigned_at.isoformat())
        action = answer(rng)
        if action is not None:
            at = answered_at(rng, assigned_at, answer_by)
            do = partial(_answer, request_id, action)
            found.append(Job(at, Rank.ANSWER, f"answer/{request_id}/{assigned_at}", do))
    return found


def answer(rng: str) -> Action | None:
    """Return a citizen's answer to an invitation; None if she never answers.

    `rng` is random in hex digits, derived from the invitation, so that the answer is always the
    same.
    """
    number = int(rng[:8], 16) % _INVITED
    if number < _CONFIRMING:
        return Action.CONFIRM
    return Action.GIVE_UP_SEAT if number < _CONFIRMING + _GIVING_UP else None


def answered_at(rng: str, assigned_at: datetime, answer_by: datetime) -> datetime:
    """Return when she answers: in time, and not at night if she can wait."""
    part = _EARLIEST + (_LATEST - _EARLIEST) * int(rng[8:16], 16) / 0xFFFFFFFF
    at = assigned_at + part * (answer_by - assigned_at)
    local = in_tehran(at)
    morning = at_tehran(local.date(), f"{_WAKES:%H:%M}") + timedelta(minutes=local.minute)
    return morning if local.time() < _WAKES and morning < answer_by else at


def _answer(request_id: str, action: Action, uow: UnitOfWork, now: datetime) -> None:
    """Answer by the same use case as everybody; a visitor of the demo may have answered before."""
    request = uow.requests.by_id(request_id)
    if request.stage in UNCONFIRMED:
        citizen = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
        take_step(uow, citizen, TakeStep(code=request.code, action=action.value), now)


# The figure that the demo city takes for the printed one; no exchange's figure.

_LEAST, _SPREAD, _SIDES = 2_000_000, 400_000, 6


def printed(day: date, body: Mapping[str, Any]) -> str:
    """Return the day's figure in the form that the rules announce; the same for the same day."""
    digest = sha("publicmeeting/pretend-exchange", iso(day))
    if source_of(body) is Source.DICE:
        return "".join(str(int(digit, 16) % _SIDES + 1) for digit in digest[:DICE])
    return str(_LEAST + int(digest[:8], 16) % _SPREAD)


def prints(uow: UnitOfWork, now: datetime) -> list[Job]:
    """Return a job for each Monday for which the city has not entered the awaited value.

    Only for the demo's clock.
    """
    found = []
    for monday in sorted(
        {pending.monday for pending in uow.draws.pending() if pending.state is DrawState.FROZEN}
    ):
        awaited = found_now(uow, monday, now)
        if not isinstance(awaited, Awaited):
            continue
        day, week = awaited.day, week_of(uow, monday)
        if CITY not in last_words(typed_words(uow, monday), iso(day)):
            value = printed(day, week.body)
            do = partial(_enter_index, monday, day, value)
            found.append(Job(week.value_from(day), Rank.PRINT, f"print/{monday}/{day}", do))
    return found


def _enter_index(monday: date, day: date, value: str, uow: UnitOfWork, now: datetime) -> None:
    if standing_of(uow, monday) is None:  # else another process has done it since it was found
        enter_word(uow, monday, day, CITY, value, "", now)


_COMMITS = timedelta(days=2)
"""How long before the freeze the witnesses commit."""


@dataclass(frozen=True, slots=True)
class DemoWitness:
    """One of the two witnesses; `after` is its delay."""

    party: str
    org: str
    after: timedelta

    @property
    def seed(self) -> bytes:
        return sha256(f"publicmeeting/pretend-witness\n{self.party}".encode()).digest()

    @property
    def key(self) -> Key:
        return Key.of(f"{self.org}/{self.party}", KeyType.COSIGNATURE, self.seed)

    @property
    def rule(self) -> tuple[str, str, str, str]:
        """Return party, organisation, key and address, as founding expects them."""
        return self.party, self.org, self.key.vkey, ""


DEMO_WITNESSES = (
    DemoWitness("council", "shora.example.ir", timedelta(minutes=4)),
    DemoWitness("inspection", "bazresi.example.ir", timedelta(minutes=9)),
)


class WitnessJobs:
    """Jobs of the witnesses for current Mondays, cached.

    The city's clock asks at each of its instants, and the answer needs many reads of the log. It
    stays the same as long as none of its inputs is written.
    """

    def __init__(self) -> None:
        self._made_of: object = None
        self._found: list[Job] = []

    def of(self, uow: UnitOfWork) -> list[Job]:
        """Return their jobs; empty if the rules name others."""
        weeks = [week_of(uow, monday) for monday in uow.draw_figures.mondays(UNDER_WAY)]
        made_of = _made_of(uow, weeks)
        if made_of != self._made_of:
            self._found = [job for week in weeks for job in _jobs(uow, week, _named(week))]
            self._made_of = made_of
        return list(self._found)


def _made_of(uow: UnitOfWork, weeks: list[Week]) -> object:
    """Return a value that changes with everything that `_jobs` reads.

    Each commitment, value and draw has a log entry without a ticket.
    """
    marks = [
        mark(week.monday)
        for week in weeks
        for mark in (line_mark, reveal_mark, closed_mark, value_decided_mark)
    ]
    uow.clockwork.read_done(marks)
    return (
        [(week.monday, week.body) for week in weeks],
        uow.log_index.last_seq(""),
        uow.log.cosignatures_count(),
        list(uow.draws.pending()),
        [uow.clockwork.done_at(mark) for mark in marks],
    )


def _named(week: Week) -> list[DemoWitness]:
    keys = {witness.key for witness in witnesses_of(week.body)}
    return [witness for witness in DEMO_WITNESSES if witness.key in keys]


def _jobs(uow: UnitOfWork, week: Week, witnesses: list[DemoWitness]) -> Iterator[Job]:
    """Yield what these witnesses do next for the draws of a Monday, and about the log."""
    if not witnesses:
        return
    states = {draw.state for draw in uow.draws.pending() if draw.monday == week.monday}
    if states == {DrawState.OPEN}:
        yield from _to_commit(uow, week, witnesses)
    elif (closed := closed_at(uow, week.monday)) is None:
        yield from _to_reveal(uow, week.monday, witnesses)
    elif value_decided_at(uow, week.monday) is None:
        yield from _to_enter(uow, week, closed, witnesses)
    yield from _to_sign(uow, week.monday, witnesses)


def _to_commit(uow: UnitOfWork, week: Week, witnesses: list[DemoWitness]) -> Iterator[Job]:
    committed = {stored.party for stored in uow.witnesses.of(week.monday)}
    for witness in witnesses:
        if witness.party not in committed:
            yield _job(week.freeze_at - _COMMITS, "commits", week.monday, witness, _commit)


def _to_reveal(uow: UnitOfWork, monday: date, witnesses: list[DemoWitness]) -> Iterator[Job]:
    window = reveal_window(uow, monday)
    if window is None:
        return
    stored = {committed.party: committed for committed in uow.witnesses.of(monday)}
    for witness in witnesses:
        word = stored.get(witness.party)
        # A visitor of the demo may have taken its place, with her own value.
        own = commitment(witness.party, _value(witness, monday))
        if word and word.value is None and word.commitment == own:
            yield _job(window.opens_at, "reveals", monday, witness, _reveal)


def _to_enter(
    uow: UnitOfWork, week: Week, closed: datetime, witnesses: list[DemoWitness]
) -> Iterator[Job]:
    words = typed_words(uow, week.monday)
    for witness in witnesses:
        entered = {typed.day for typed in words if typed.party == witness.party}
        days = (day for day in counted_days(week, closed) if iso(day) not in entered)
        day = next(days, None)
        if day is not None:
            do = partial(_enter, day)
            yield _job(week.value_from(day), f"enters/{day}", week.monday, witness, do)


def _to_sign(uow: UnitOfWork, monday: date, witnesses: list[DemoWitness]) -> Iterator[Job]:
    waiting = moments(uow, monday)
    for witness in witnesses:
        moment = next((moment for moment in waiting if witness.party not in moment.by_party), None)
        if moment is not None:
            at = instant(uow.log.entry(moment.seq).at)
            yield _job(at, f"signs/{moment.seq}", monday, witness, _sign)


_Do = Callable[[DemoWitness, date, UnitOfWork, datetime], None]


def _job(at: datetime, what: str, monday: date, witness: DemoWitness, do: _Do) -> Job:
    name = f"{witness.party}/{what}/{monday}"
    return Job(at + witness.after, Rank.ANSWER, name, partial(do, witness, monday))


def _value(witness: DemoWitness, monday: date) -> str:
    return sha("publicmeeting/pretend-value", witness.party, monday.isoformat())


def _signature(uow: UnitOfWork, witness: DemoWitness, kind: Kind, monday: date, *words: str) -> str:
    origin = uow.log.keys().origin
    return sign_statement(
        witness.seed, statement_text(origin, kind.value, iso(monday), witness.party, *words)
    )


def _commit(witness: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    promised = commitment(witness.party, _value(witness, monday))
    sig = _signature(uow, witness, Kind.COMMITMENT, monday, promised)
    command = Commit(monday=iso(monday), party=witness.party, commitment=promised, sig=sig)
    commit(uow, NOBODY, command, now)


def _reveal(witness: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    command = Reveal(monday=iso(monday), party=witness.party, value=_value(witness, monday))
    reveal(uow, NOBODY, command, now)


def _enter(on: date, witness: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    if standing_of(uow, monday) is not None:
        return  # as in `_enter_index`
    day, value = iso(on), printed(on, week_of(uow, monday).body)
    sig = _signature(uow, witness, Kind.VALUE, monday, day, value)
    command = EnterValue(monday=iso(monday), day=day, party=witness.party, value=value, sig=sig)
    enter_value(uow, NOBODY, command, now)


def _sign(witness: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    """Sign, at city time, the note that the other witness signed last if it includes the moment.

    Both then stand under one note. Otherwise sign the newest checkpoint.
    """
    waiting = moments(uow, monday)
    due = next((moment for moment in waiting if witness.party not in moment.by_party), None)
    if due is None:
        return  # another process of the demo has done this job since it was found
    others = (size for size, by in uow.log.cosignatures(due.seq) if by.name != witness.key.name)
    size = max(others, default=0)
    text = SignedNote.read(uow.log.note(size) if size else uow.log.checkpoint() or "").text
    line = note.cosign(text, witness.key.name, witness.seed, int(now.timestamp()))
    cosign(uow, NOBODY, Cosign(note=f"{text}\n{line.line}\n"), now)
