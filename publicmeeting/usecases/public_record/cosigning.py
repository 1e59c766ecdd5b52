"""Cosignatures: witnesses confirm that the log continues the one they saw before.

Also the public facts about current Mondays that a witness's page needs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import NO_VALUE, Kind
from publicmeeting.turns.rules.late_value import Awaited, Standing, counted_days
from publicmeeting.turns.rules.week import Week
from publicmeeting.turns.rules.witness import (
    CLOCKS_DIFFER,
    Witness,
    is_signed_in_time,
    witnesses_of,
)
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.note import KeyType, NoteError, SignedNote
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.ceremony.late_value import (
    found_now,
    standing_of,
    typed_words,
    value_decided_mark,
)
from publicmeeting.usecases.line.ceremony.reveals import (
    Window,
    closed_at,
    closed_entry,
    closed_mark,
    logged_week,
    objections,
    reveal_mark,
    reveal_window,
)
from publicmeeting.usecases.line.rules import ProposedRules, proposed_rules

MOMENTS = frozenset(
    {Kind.LINE_CLOSED, Kind.FREEZE, Kind.REVEALS_CLOSED, Kind.VALUE_STANDS, Kind.DRAW}
)
"""Entries that a quorum should sign soon after they were written (docs/turns.md 2)."""

UNDER_WAY = 4
"""How many Mondays witnesses are still asked about; a Monday opens three weeks ahead."""

SIGNED_BY = timedelta(hours=12)
"""How long after a line's closing its note counts as signed in time."""


class Cosign(Command):
    """A signed note with a witness's line, as served by `/log/checkpoint`."""

    note: str


@usecase(*ANYONE)
def cosign(uow: UnitOfWork, _actor: Actor, command: Cosign, now: datetime) -> str:
    """Store cosignatures of known witnesses in a note; return that size's note with all of them.

    Idempotent. Raises Invalid `note_malformed` if it is no checkpoint of this log,
    `signature_wrong` if one of a known key does not fit, `witness_clock` for a timestamp more than
    five minutes from now; Denied `witness_unknown` if no known key has signed, `log_size_unknown`
    if the log never had this size and root.
    """
    try:
        note = SignedNote.read(command.note)
        checkpoint = Checkpoint.read(note.text)
        keys = [witness.key for witness in known_witnesses(uow)]
        signed = note.signed_by(keys)
    except NoteError as error:
        raise Invalid(str(error), field="note") from None
    if checkpoint.origin != uow.log.keys().origin:
        raise Invalid("note_malformed", field="note")
    if not signed:
        raise Denied("witness_unknown")
    if not uow.log.was(checkpoint.size, checkpoint.root.hex()):
        raise Denied("log_size_unknown")
    already_signed = SignedNote.read(uow.log.note(checkpoint.size)).signed_by(keys)
    for key, signature in signed.items():
        if (
            key in already_signed
            or key.type is not KeyType.COSIGNATURE
            or signature.seconds is None
        ):
            continue
        if abs(signature.seconds - now.timestamp()) > CLOCKS_DIFFER.total_seconds():
            raise Invalid("witness_clock", field="note")
        uow.log.add_cosignature(checkpoint.size, signature)
        uow.publish("draws")
    return uow.log.note(checkpoint.size)


def known_witnesses(uow: UnitOfWork) -> list[Witness]:
    """Return every witness ever named by any rules.

    A former witness's line under a note is harmless, and counts for the Mondays whose rules name
    it.
    """
    found = {
        witness.key: witness
        for rules in uow.city.announced()
        for witness in witnesses_of(rules.rules.body)
    }
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Moment:
    """Something for a quorum to sign; `seq` is its last entry, `by_party` has who signed when."""

    kind: Kind
    seq: int
    until: datetime
    by_party: Mapping[str, datetime]


def moments(uow: UnitOfWork, monday: date) -> list[Moment]:
    """Return the moments of a Monday that are in the log, in order (docs/turns.md 2)."""
    week = week_of(uow, monday)
    about = iso(monday)
    ends: list[tuple[Kind, int, datetime]] = []
    closed = uow.line_book.once(Kind.LINE_CLOSED, about)
    if not closed:
        return []
    ends.append((Kind.LINE_CLOSED, closed, week.filing_closes_at + SIGNED_BY))
    revealed, closed_on = closed_entry(uow, monday), closed_at(uow, monday)
    standing = standing_of(uow, monday)
    if revealed is not None and closed_on is not None:
        until = _value_session_start(week, closed_on, standing[1] if standing else None)
        ends.append((Kind.REVEALS_CLOSED, revealed, until))
    if standing is not None:
        seq, stands = standing
        drawn = uow.log.of_monday(Kind.DRAW, monday)
        noon = at_tehran(from_iso(stands.day) + timedelta(days=1), "12:00")
        ends.append((Kind.VALUE_STANDS, max([seq, *(entry.seq for entry in drawn)]), noon))
    notes = _notes(uow, min((seq for _, seq, _ in ends), default=0), witnesses_of(week.body))
    return [_moment(kind, seq, until, notes) for kind, seq, until in ends]


def read_ceremonies(uow: UnitOfWork, mondays: Collection[date]) -> None:
    """Read what several Mondays need (`is_list_signed`, their phases) by a few statements.

    The number of statements does not grow with the Mondays. Only a reading transaction caches it.
    """
    if not uow.is_reading:
        return
    marks = (reveal_mark, closed_mark, value_decided_mark)
    uow.clockwork.read_done(mark(monday) for monday in mondays for mark in marks)
    weeks = [week for monday in mondays if (week := logged_week(uow, monday))]
    uow.log.read_cosignatures([(one.closed, one.stands.seq) for one in weeks if one.stands])


def is_list_signed(uow: UnitOfWork, monday: date, now: datetime) -> bool | None:
    """Return whether a quorum signed lists and reveals before anybody could know the late value.

    None while that is undecided, and if nobody has a seat, so that no late value is needed.
    """
    logged, closed_on = logged_week(uow, monday), closed_at(uow, monday)
    if logged is None or not logged.closed or closed_on is None:
        return None
    closed = logged.closed
    week, written = week_of(uow, monday), standing_of(uow, monday)
    below, standing = written or (None, None)
    has_number = standing is not None and standing.value != NO_VALUE
    if not has_number and not logged.has_seats:
        return None
    witnesses = witnesses_of(week.body)
    notes = _notes(uow, closed, witnesses, below)
    until = _value_session_start(week, closed_on, standing)
    if is_signed_in_time(closed, until, notes, [witness.party for witness in witnesses]):
        return True
    return False if now > until else None


def _value_session_start(week: Week, closed_on: datetime, standing: Standing | None) -> datetime:
    """Return when the session began whose value counts, or is awaited first."""
    if standing is not None:
        return week.session_at(from_iso(standing.day))
    days = counted_days(week, closed_on)
    return week.session_at(days[0]) if days else closed_on


def _notes(
    uow: UnitOfWork, least: int, witnesses: Sequence[Witness], below: int | None = None
) -> list[tuple[int, dict[str, datetime]]]:
    """Return sizes from `least` on with signers and instants; lines were checked on arrival."""
    party = {(witness.key.name, witness.key.id): witness.party for witness in witnesses}
    found: dict[int, dict[str, datetime]] = {}
    for size, signature in uow.log.cosignatures(least, below) if least else ():
        name = party.get((signature.name, signature.id))
        if name is not None and signature.seconds is not None:
            found.setdefault(size, {})[name] = datetime.fromtimestamp(signature.seconds, UTC)
    return sorted(found.items())


def unsigned(uow: UnitOfWork) -> tuple[Witness, ...]:
    """Return reachable witnesses of current Mondays who have not signed the newest moment."""
    newest = uow.log.newest_of(MOMENTS)
    if not newest:
        return ()
    signed = {(signature.name, signature.id) for _, signature in uow.log.cosignatures(newest)}
    found = {
        witness.key: witness
        for monday in uow.draw_figures.mondays(UNDER_WAY)
        for witness in witnesses_of(week_of(uow, monday).body)
        if witness.url and (witness.key.name, witness.key.id) not in signed
    }
    return tuple(found.values())


def note_to_sign(uow: UnitOfWork) -> int:
    """Return the size of the note that a witness is asked to sign now.

    It is the first size since the newest moment that any witness has signed, so that a quorum
    gathers under one note; else the newest size.
    """
    newest = uow.log.newest_of(MOMENTS)
    sizes = [size for size, _ in uow.log.cosignatures(newest)] if newest else []
    return min(sizes, default=uow.log.head().seq)


def _moment(
    kind: Kind,
    seq: int,
    until: datetime,
    notes: Sequence[tuple[int, Mapping[str, datetime]]],
) -> Moment:
    by_party: dict[str, datetime] = {}
    for size, signed in notes:
        for party, at in signed.items():
            if size >= seq:
                by_party[party] = min(at, by_party.get(party, at))
    return Moment(kind, seq, until, by_party)


@dataclass(frozen=True, slots=True)
class Words:
    """The statements of one party for a Monday."""

    commitment: str
    is_revealed: bool
    value: tuple[str, str] | None
    """Day and value of its last entry."""


@dataclass(frozen=True, slots=True)
class WitnessWeek:
    monday: date
    freeze_at: datetime
    reveals: tuple[datetime, datetime]
    """By the rules."""
    window: Window | None
    """When sealed values are actually revealed; None until every list is fixed."""
    value_day: date
    """The first day that may count, or the one awaited now."""
    value: tuple[datetime, datetime]
    """The hours of that day in which its value is entered."""
    is_value_awaited: bool
    rules: Mapping[str, object]
    witnesses: tuple[Witness, ...]
    words: Mapping[str, Words]
    opened: tuple[int, ...]
    frozen: tuple[int, ...]
    """Log numbers of the entries that fix its lists; `opened` has those that open its draws."""
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class WitnessWeeks:
    origin: str
    keys: tuple[str, ...]
    ahead: timedelta
    """How far the city's clock is ahead of the machine's; not zero only in a demo."""
    witnesses: tuple[Witness, ...]
    """The witnesses of the newest rules."""
    weeks: tuple[WitnessWeek, ...]
    note: int
    """The size of the note to sign now (`note_to_sign`)."""
    proposal: ProposedRules | None = None
    """The proposal of rules that waits."""


@usecase(*ANYONE)
def witness_weeks(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> WitnessWeeks:
    """Return the current Mondays for witnesses, the next one first."""
    keys = uow.log.keys()
    newest = next(iter(uow.city.announced()), None)
    mondays = sorted(uow.draw_figures.mondays(UNDER_WAY))
    weeks = tuple(
        _week(uow, monday, now) for monday in mondays if now < week_of(uow, monday).standby_until
    )
    return WitnessWeeks(
        keys.origin,
        tuple(keys.announced),
        uow.clockwork.offset(),
        witnesses_of(newest.rules.body) if newest else (),
        weeks,
        note_to_sign(uow),
        proposed_rules(uow, now),
    )


def _week(uow: UnitOfWork, monday: date, now: datetime) -> WitnessWeek:
    week = week_of(uow, monday)
    opened, frozen = map(tuple, uow.line_book.lists(iso(monday)))
    found = found_now(uow, monday, now)
    is_awaited = isinstance(found, Awaited)
    day = found.day if isinstance(found, Awaited) else week.value_days[0]
    return WitnessWeek(
        monday=monday,
        freeze_at=week.freeze_at,
        reveals=(week.reveals_from, week.reveals_until),
        window=None if objections(uow, monday).due else reveal_window(uow, monday),
        value_day=day,
        value=(week.value_from(day), week.value_until(day)),
        is_value_awaited=is_awaited and week.value_from(day) <= now < week.value_until(day),
        rules=week.body,
        witnesses=witnesses_of(week.body),
        words=_words(uow, monday),
        opened=opened,
        frozen=frozen,
        moments=tuple(moments(uow, monday)),
    )


def _words(uow: UnitOfWork, monday: date) -> dict[str, Words]:
    values = {word.party: (word.day, word.value) for word in typed_words(uow, monday)}
    return {
        committed.party: Words(
            committed.commitment, committed.value is not None, values.get(committed.party)
        )
        for committed in uow.witnesses.of(monday)
    }
