"""What a witness does for a Monday: commit until the freeze, show the value on Tuesday evening."""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.jalali import iso
from publicmeeting.store.line.witnesses import Committed
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns import shape
from publicmeeting.turns.formulas import commitment, is_witness_name
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of
from publicmeeting.usecases.line.reveals import Window, is_closed, may_reveal, reveal_window

SHOWN_MONDAYS = 6


class Commit(Command):
    """`monday` as `2026-11-30`; `commitment` is made in the witness's browser, which keeps the
    value to itself."""

    monday: str
    commitment: str


@usecase(Role.WITNESS)
def commit(uow: UnitOfWork, actor: Actor, command: Commit, now: datetime) -> str:
    """One commitment for one Monday; it enters the files of all its draws and the public log.

    Returns it, also when it is sent again. Raises Denied `monday_unknown`,
    `commitment_late` from the freeze on, `commitment_given` for another one, `commitment_used` for
    one anybody has used before, also one to a value that has been shown; Invalid
    `commitment_form`.
    """
    monday, party = _opened(uow, command.monday), party_of(uow, actor)
    promised = command.commitment.strip().lower()
    if not shape.is_hash(promised):
        raise Invalid("commitment_form", field="commitment")
    uow.witnesses.lock(monday)
    stored = uow.witnesses.word(monday, party)
    if stored is not None and stored.commitment == promised:
        return promised
    if now >= week_of(uow, monday).freeze_at:
        raise Denied("commitment_late")
    if stored is not None:
        raise Denied("commitment_given")
    if uow.witnesses.is_used(party, promised):
        raise Denied("commitment_used")
    if not uow.witnesses.commit(monday, party, promised, now):
        raise Denied("commitment_late")
    body: dict[str, object] = {"monday": iso(monday), "party": party, "commitment": promised}
    uow.log.append(Kind.COMMITMENT, body, now)
    uow.publish("draws")
    return promised


class ShowValue(Command):
    monday: str
    value: str


@usecase(Role.WITNESS)
def show_value(uow: UnitOfWork, actor: Actor, command: ShowValue, now: datetime) -> None:
    """The value behind one's commitment, in the hours of the reveals; the same one sent once more
    has been shown already.

    Raises Denied `nothing_committed`, `value_early` before those hours,
    `value_given`, `value_late`, `value_used`; Invalid `value_form` and `value_differs`.
    """
    monday, party = _opened(uow, command.monday), party_of(uow, actor)
    value = "".join(command.value.split()).lower()
    if not shape.is_hash(value):
        raise Invalid("value_form", field="value")
    uow.witnesses.lock(monday)
    stored = uow.witnesses.word(monday, party)
    window = reveal_window(uow, monday)
    if stored is None:
        raise Denied("nothing_committed")
    if window is None or now < window.opens_at:
        raise Denied("value_early")
    if stored.value is not None:
        if stored.value == value:
            return
        raise Denied("value_given")
    if now >= window.closes_at or is_closed(uow, monday):
        raise Denied("value_late")
    if not may_reveal(uow, monday, now):
        raise Denied("value_early")
    if commitment(party, value) != stored.commitment:
        raise Invalid("value_differs", field="value")
    if value in uow.witnesses.shown_values():
        raise Denied("value_used")
    uow.witnesses.show(monday, party, value, now)
    body: dict[str, object] = {"monday": iso(monday), "party": party, "value": value}
    uow.log.append(Kind.REVEAL, body, now)
    uow.publish("draws")


@dataclass(frozen=True, slots=True)
class WitnessMonday:
    """One Monday through a witness's eyes."""

    on: date
    commit_until: datetime
    mine: Committed | None
    shows_at: datetime
    """From when the values are shown."""
    show_until: datetime
    is_over: bool
    """Nobody's value is awaited any more."""


@dataclass(frozen=True, slots=True)
class WitnessDesk:
    party: str
    mondays: tuple[WitnessMonday, ...]
    """The next draw first; those that are over last."""


@usecase(Role.WITNESS)
def witness_desk(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> WitnessDesk:
    """What this witness can do now, and what became of the last times."""
    party = party_of(uow, actor)
    found = [_monday(uow, monday, party) for monday in uow.draw_figures.mondays(SHOWN_MONDAYS)]
    coming = [one for one in reversed(found) if not one.is_over]
    gone = [one for one in found if one.is_over and one.mine is not None]
    return WitnessDesk(party, (*coming, *gone))


def _monday(uow: UnitOfWork, monday: date, party: str) -> WitnessMonday:
    week = week_of(uow, monday)
    window = reveal_window(uow, monday) or Window(week.reveals_from, week.reveals_until)
    return WitnessMonday(
        on=monday,
        commit_until=week.freeze_at,
        mine=uow.witnesses.word(monday, party),
        shows_at=window.opens_at,
        show_until=window.closes_at,
        is_over=is_closed(uow, monday),
    )


def party_of(uow: UnitOfWork, actor: Actor) -> str:
    """The name under which an account commits: its user name. Denied("not_your_role")."""
    account = uow.accounts.get(actor.account_id) if actor.account_id else None
    if account is None or not is_witness_name(account.username):
        raise Denied("not_your_role")
    return account.username


def _opened(uow: UnitOfWork, text: str) -> date:
    try:
        monday = date.fromisoformat(text)
    except ValueError:
        raise Denied("monday_unknown") from None
    if not uow.draw_figures.of(monday):
        raise Denied("monday_unknown")
    return monday
