"""In the demo two invented witnesses do their week by themselves, by the same doors as real ones.

Their keys are no secret, as nothing here is; rules that name them are an invented city's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256

from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.hashing import sha
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns import note
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.late_value import counted_days
from publicmeeting.turns.log import instant
from publicmeeting.turns.note import Key, KeyType, SignedNote
from publicmeeting.turns.week import Week
from publicmeeting.turns.witness import sign_statement, statement_text, witnesses_of
from publicmeeting.usecases.lifecycle.weeks import line_mark, week_of
from publicmeeting.usecases.line.ceremony.late_value import stands_at, stands_mark, typed_words
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
from publicmeeting.worker.demo_exchange import printed
from publicmeeting.worker.jobs import Job, Rank

_COMMITS = timedelta(days=2)
"""Before the freeze."""


@dataclass(frozen=True, slots=True)
class DemoWitness:
    """One of the two; `after` is how long it takes its time."""

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
        """Party, organisation, key and address, as founding takes them."""
        return self.party, self.org, self.key.vkey, ""


DEMO_WITNESSES = (
    DemoWitness("council", "shora.example.ir", timedelta(minutes=4)),
    DemoWitness("inspection", "bazresi.example.ir", timedelta(minutes=9)),
)


class WitnessJobs:
    """What they still have to do for the Mondays under way.

    The city's clock asks at each of its instants, and for an answer the log is read in many places:
    as long as nothing has been written that the answer is made of, it stays what it was.
    """

    def __init__(self) -> None:
        self._made_of: object = None
        self._found: list[Job] = []

    def of(self, uow: UnitOfWork) -> list[Job]:
        """Nothing where the rules name others."""
        weeks = [week_of(uow, monday) for monday in uow.draw_figures.mondays(UNDER_WAY)]
        made_of = _made_of(uow, weeks)
        if made_of != self._made_of:
            self._found = [job for week in weeks for job in _jobs(uow, week, _named(week))]
            self._made_of = made_of
        return list(self._found)


def _made_of(uow: UnitOfWork, weeks: list[Week]) -> object:
    """Changes with everything that `_jobs` reads: each commitment, value and draw has an entry that
    is nobody's ticket's."""
    marks = [
        mark(week.monday)
        for week in weeks
        for mark in (line_mark, reveal_mark, closed_mark, stands_mark)
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
    keys = {one.key for one in witnesses_of(week.body)}
    return [one for one in DEMO_WITNESSES if one.key in keys]


def _jobs(uow: UnitOfWork, week: Week, witnesses: list[DemoWitness]) -> Iterator[Job]:
    if not witnesses:
        return
    monday, stored = week.monday, {one.party: one for one in uow.witnesses.of(week.monday)}
    states = {draw.state for draw in uow.draws.pending() if draw.monday == monday}
    is_open = states == {"open"}
    closed = None if is_open else closed_at(uow, monday)
    window = None if is_open or closed else reveal_window(uow, monday)
    is_awaited = closed is not None and stands_at(uow, monday) is None
    words = typed_words(uow, monday) if is_awaited else []
    waiting = moments(uow, monday)
    for one in witnesses:
        word = stored.get(one.party)
        if word is None and is_open:
            yield _job(week.freeze_at - _COMMITS, "commits", monday, one, _commit)
        # A visitor of the demo may have sat down in its place, with a value of her own.
        own = commitment(one.party, _value(one, monday))
        if window and word and word.value is None and word.commitment == own:
            yield _job(window.opens_at, "reveals", monday, one, _reveal)
        if closed is not None and is_awaited:
            entered = {typed.day for typed in words if typed.party == one.party}
            days = (day for day in counted_days(week, closed) if iso(day) not in entered)
            day = next(days, None)
            if day is not None:
                at = week.value_from(day)
                yield _job(at, f"enters/{day}", monday, one, partial(_enter, day))
        moment = next((moment for moment in waiting if one.party not in moment.by_party), None)
        if moment is not None:
            at = instant(uow.log.entry(moment.seq).at)
            yield _job(at, f"signs/{moment.seq}", monday, one, _sign)


_Do = Callable[[DemoWitness, date, UnitOfWork, datetime], None]


def _job(at: datetime, what: str, monday: date, one: DemoWitness, do: _Do) -> Job:
    name = f"{one.party}/{what}/{monday}"
    return Job(at + one.after, Rank.ANSWER, name, partial(do, one, monday))


def _value(one: DemoWitness, monday: date) -> str:
    return sha("publicmeeting/pretend-value", one.party, monday.isoformat())


def _signature(uow: UnitOfWork, one: DemoWitness, kind: Kind, monday: date, *words: str) -> str:
    origin = uow.log.keys().origin
    return sign_statement(
        one.seed, statement_text(origin, kind.value, iso(monday), one.party, *words)
    )


def _commit(one: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    promised = commitment(one.party, _value(one, monday))
    sig = _signature(uow, one, Kind.COMMITMENT, monday, promised)
    command = Commit(monday=iso(monday), party=one.party, commitment=promised, sig=sig)
    commit(uow, NOBODY, command, now)


def _reveal(one: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    command = Reveal(monday=iso(monday), party=one.party, value=_value(one, monday))
    reveal(uow, NOBODY, command, now)


def _enter(on: date, one: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    day, value = iso(on), printed(on, week_of(uow, monday).body)
    sig = _signature(uow, one, Kind.VALUE, monday, day, value)
    command = EnterValue(monday=iso(monday), day=day, party=one.party, value=value, sig=sig)
    enter_value(uow, NOBODY, command, now)


def _sign(one: DemoWitness, monday: date, uow: UnitOfWork, now: datetime) -> None:
    """What the other has signed last if it holds the moment, so that both stand under one note;
    else the newest checkpoint. At the city's time."""
    due = next(moment for moment in moments(uow, monday) if one.party not in moment.by_party)
    others = (size for size, by in uow.log.cosignatures(due.seq) if by.name != one.key.name)
    size = max(others, default=0)
    text = SignedNote.read(uow.log.note(size) if size else uow.log.checkpoint() or "").text
    line = note.cosign(text, one.key.name, one.seed, int(now.timestamp()))
    cosign(uow, NOBODY, Cosign(note=f"{text}\n{line.line}\n"), now)
