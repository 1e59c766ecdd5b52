"""What a witness does for a Monday: commit until the freeze, roll the dice, show the value."""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.jalali import day_words, iso
from publicmeeting.store.line.witnesses import Committed, Dice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns import shape
from publicmeeting.turns.announced import rolls_dice
from publicmeeting.turns.formulas import commitment, is_witness_name
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of
from publicmeeting.usecases.line.reveals import barred_until, complete_at, revealed_at, shown_until

DICE = 10
_SIDES = frozenset("123456")
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
    one anybody has used before, also one to a value that has been shown, and `witness_barred`;
    Invalid `commitment_form`.
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
    barred = barred_until(uow, party)
    if barred is not None and now < barred:
        raise Denied("witness_barred", until=day_words(tehran_day(barred)))
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


class RollDice(Command):
    monday: str
    digits: str


@usecase(Role.WITNESS)
def roll_dice(uow: UnitOfWork, actor: Actor, command: RollDice, now: datetime) -> str:
    """Ten dice, rolled on camera and typed by a witness before anybody has shown a value.

    Raises Denied `dice_not_announced`, `dice_not_yet`, `dice_given`, `dice_late` once a value has
    been shown; Invalid `dice_form`.
    """
    monday, party = _opened(uow, command.monday), party_of(uow, actor)
    digits = "".join(ascii_digits(command.digits).split())
    if len(digits) != DICE or not set(digits) <= _SIDES:
        raise Invalid("dice_form", field="digits")
    uow.witnesses.lock(monday)
    if not dice_announced(uow, monday):
        raise Denied("dice_not_announced")
    if revealed_at(uow, monday) is not None:
        raise Denied("dice_late")
    if now < week_of(uow, monday).dice_at:
        raise Denied("dice_not_yet")
    if uow.witnesses.dice(monday) is not None:
        raise Denied("dice_given")
    uow.witnesses.roll(monday, digits, party, now)
    body: dict[str, object] = {"monday": iso(monday), "party": party, "digits": digits}
    uow.log.append(Kind.DICE, body, now)
    uow.publish("draws")
    return digits


class ShowValue(Command):
    monday: str
    value: str


@usecase(Role.WITNESS)
def show_value(uow: UnitOfWork, actor: Actor, command: ShowValue, now: datetime) -> None:
    """The value behind one's commitment, after the city's own and until half past twelve; the
    same one sent once more has been shown already.

    Raises Denied `nothing_committed`, `value_early` before the city has shown its own,
    `value_given`, `value_late`, `value_used`; Invalid `value_form` and `value_differs`.
    """
    monday, party = _opened(uow, command.monday), party_of(uow, actor)
    value = "".join(command.value.split()).lower()
    if not shape.is_hash(value):
        raise Invalid("value_form", field="value")
    uow.witnesses.lock(monday)
    stored = uow.witnesses.word(monday, party)
    until = shown_until(uow, monday)
    if stored is None:
        raise Denied("nothing_committed")
    if until is None:
        raise Denied("value_early")
    if stored.value is not None:
        if stored.value == value:
            return
        raise Denied("value_given")
    if stored.named_at is not None or now >= until:
        raise Denied("value_late")
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
    dice_at: datetime | None
    """When ten dice are rolled, if they are announced."""
    dice: Dice | None
    city_shows_at: datetime
    city_shown_at: datetime | None
    show_until: datetime | None
    is_over: bool
    """Nobody's value is awaited any more."""


@dataclass(frozen=True, slots=True)
class WitnessDesk:
    party: str
    barred_until: datetime | None
    mondays: tuple[WitnessMonday, ...]
    """The next draw first; those that are over last."""


@usecase(Role.WITNESS)
def witness_desk(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> WitnessDesk:
    """What this witness can do now, and what became of the last times."""
    party = party_of(uow, actor)
    barred = barred_until(uow, party)
    found = [_monday(uow, monday, party) for monday in uow.draw_figures.mondays(SHOWN_MONDAYS)]
    coming = [one for one in reversed(found) if not one.is_over]
    gone = [one for one in found if one.is_over and one.mine is not None]
    return WitnessDesk(party, barred if barred and now < barred else None, (*coming, *gone))


def _monday(uow: UnitOfWork, monday: date, party: str) -> WitnessMonday:
    week = week_of(uow, monday)
    return WitnessMonday(
        on=monday,
        commit_until=week.freeze_at,
        mine=uow.witnesses.word(monday, party),
        dice_at=week.dice_at if rolls_dice(week.body) else None,
        dice=uow.witnesses.dice(monday),
        city_shows_at=week.draw_at,
        city_shown_at=revealed_at(uow, monday),
        show_until=shown_until(uow, monday),
        is_over=complete_at(uow, monday) is not None,
    )


def party_of(uow: UnitOfWork, actor: Actor) -> str:
    """The name under which an account commits: its user name. Denied("not_your_role")."""
    account = uow.accounts.get(actor.account_id) if actor.account_id else None
    if account is None or not is_witness_name(account.username):
        raise Denied("not_your_role")
    return account.username


def dice_announced(uow: UnitOfWork, monday: date) -> bool:
    """Whether the rules in the frozen files have dice; before the freeze nobody rolls."""
    draws = uow.draw_figures.of(monday)
    if not draws or any(one.state == "open" for one in draws):
        return False
    frozen = uow.draws.get(draws[0].district, monday)
    return frozen is not None and rolls_dice(frozen.file["rules"])


def _opened(uow: UnitOfWork, text: str) -> date:
    try:
        monday = date.fromisoformat(text)
    except ValueError:
        raise Denied("monday_unknown") from None
    if not uow.draw_figures.of(monday):
        raise Denied("monday_unknown")
    return monday
