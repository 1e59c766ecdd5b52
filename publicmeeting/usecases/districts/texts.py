"""Texts of a district: one official proposes a version, another one puts it in force.

A proposal is a complete version, compared field by field with the one it follows. A district has at
most one that waits. Seats follow from start times: for a change of these the mayor or her deputy
must be one of the two officials, and only unopened Mondays change, because opened ones are in the
public log. A change of building or hall for a Monday whose seats are given needs one of them too,
and holders of its seats are notified of the new place.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from publicmeeting.domain.districts.texts import (
    EDITORS,
    LIMITS,
    NOTE_MOST,
    UNITS_MOST,
    Difference,
    DistrictTexts,
    TextField,
    TextState,
    TextVersion,
    differences,
    next_code,
    read_line,
    read_point,
    read_seats,
    read_unit,
    twice,
)
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.mondays import ON, DrawState
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import CLOCK, Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import day_words, weekday_day
from publicmeeting.kit.letters import clean
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, FormValidator, Query, usecase
from publicmeeting.usecases.meetings.day_place import (
    Spot,
    holders_to_notify,
    notified_at,
    notify_moved,
)

_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
DAYS_AHEAD, MONDAYS_AHEAD = 14, 12
"""How many days, and then Mondays, an editor may choose from."""
HISTORY = 40
"""How many versions are shown below the form."""


class OneDistrict(Query):
    """A district; 0 for the actor's first one."""

    district: int = 0


class ProposeTexts(Command):
    """A complete version as typed. `base` is the version with which the editor began.

    `units` has code and name of each unit; `new_unit` is the name of a unit to add, or empty.
    """

    district: int
    base: int
    from_on: str = ""
    address: str = ""
    hall: str = ""
    hours: str = ""
    bring: str = ""
    point: str = ""
    seats: str = ""
    units: tuple[tuple[str, str], ...] = ()
    new_unit: str = ""


class DecideTexts(Command):
    """A decision on the shown `version`; `note` is the reason of a no, or a remark with a yes."""

    version: int
    is_yes: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """The day from which a version holds or would have held.

    `moves` is whether it moves a drawn Monday to another place. `notified_at` is when the first
    message about that is sent; None if as soon as it has settled.
    """

    from_on: date
    moves: bool = False
    notified_at: datetime | None = None


class OneVersion(Command):
    version: int


@dataclass(frozen=True, slots=True)
class NamedVersion:
    """A version with the names of its proposer and decider, and its changes.

    `from_on` is the day from which it holds, or would hold if put in force now.
    """

    version: TextVersion
    proposed_by: str
    decided_by: str
    changes: tuple[Difference, ...]
    from_on: date
    moved: tuple["MovedMonday", ...] = ()
    """For a waiting version: Mondays ahead, with seats given, whose place it would change."""


@dataclass(frozen=True, slots=True)
class MovedMonday:
    """A drawn Monday that would be held elsewhere; `people` have a seat and would be notified."""

    on: date
    people: int


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """The page of a district; a proposal is compared with `newest`, now or soon in force."""

    district: int
    others: tuple[int, ...]
    """Further districts of this actor."""
    newest: TextVersion
    waiting: NamedVersion | None
    is_own: bool
    """Whether this actor proposed the waiting version."""
    refused: Denied | None
    """Why this actor cannot put it in force now; None if he can."""
    history: tuple[NamedVersion, ...]
    days: tuple[date, ...]
    """Days from which a proposal may hold."""
    seats_from: date
    """The first unopened Monday."""
    today: date


@usecase(*EDITORS)
def district_texts(
    uow: UnitOfWork, actor: Actor, query: OneDistrict, now: datetime
) -> DistrictPage:
    """Return a district's texts, the proposal that waits, and earlier versions.

    Denied("not_found") for a district that is not the actor's.
    """
    own = sorted(actor.districts(*EDITORS))
    district = query.district or own[0]
    newest = _newest(uow, actor, district)
    today = tehran_day(now)
    waiting = uow.district_texts.proposed(district)
    decided = uow.district_texts.history(district, HISTORY + 1)
    versions = (*decided, waiting) if waiting else decided
    by = {one for version in versions for one in (version.proposed_by, version.decided_by) if one}
    names = uow.accounts.names(by)
    return DistrictPage(
        district=district,
        others=tuple(other for other in own if other != district),
        newest=newest,
        waiting=_with_moved(uow, _named(names, waiting, newest, today), now) if waiting else None,
        is_own=waiting is not None and waiting.proposed_by == actor.account_id,
        refused=_why_not(uow, actor, waiting, newest, now) if waiting else None,
        history=_history(names, decided),
        days=_days(newest, today),
        seats_from=_seats_from(uow, today),
        today=today,
    )


@usecase(*EDITORS)
def preview_texts(
    uow: UnitOfWork, actor: Actor, command: ProposeTexts, now: datetime
) -> tuple[Difference, ...]:
    """Return what a proposal would change, refused as by `propose_texts`, without writing."""
    newest, texts, _ = _composed(uow, actor, command, now)
    return differences(newest.texts, texts)


@usecase(*EDITORS)
def propose_texts(uow: UnitOfWork, actor: Actor, command: ProposeTexts, now: datetime) -> date:
    """Propose a version for a second official; return the day from which it is to hold.

    Raises FormError with every unreadable field; Denied `text_same`; `text_stale` if another
    version was decided since the form was opened; `text_waiting` while a proposal waits.
    """
    uow.district_texts.lock(command.district)
    _, texts, from_on = _composed(uow, actor, command, now)
    assert actor.account_id is not None
    uow.district_texts.add(command.district, texts, from_on, by=actor.account_id, at=now)
    return from_on


@usecase(*EDITORS)
def decide_texts(uow: UnitOfWork, actor: Actor, command: DecideTexts, now: datetime) -> Decided:
    """Put somebody else's proposal in force, or refuse it.

    If it changes the place of a drawn Monday, everybody who counts on that day is notified. Denied
    `not_found`; `text_decided` when it no longer waits; `text_own`; `same_person` if both have one
    name or mobile; `text_mayor_only` for start times; `text_place_mayor` for the place of a drawn
    Monday; `text_monday_opened` with the first possible Monday; Invalid `need_note` for a no
    without a reason, `text_too_long`.
    """
    waiting, newest = _waiting(uow, actor, command.version)
    note = " ".join(clean(command.note).split())
    if len(note) > NOTE_MOST:
        raise Invalid("text_too_long", field="note", length=len(note), limit=NOTE_MOST)
    if waiting.proposed_by == actor.account_id:
        raise Denied("text_own")
    by = actor.account_id
    assert by is not None
    if not command.is_yes:
        if not note:
            raise Invalid("need_note", field="note")
        uow.district_texts.decide(waiting, TextState.REFUSED, by=by, at=now, note=note)
        return Decided(waiting.from_on)
    for day in _drawn_ahead(uow, waiting, now):
        uow.witnesses.lock(day.on)  # concurrently a seat may be given or the day closed
    refused = _why_not(uow, actor, waiting, newest, now)
    if refused is not None:
        raise refused
    today = tehran_day(now)
    from_on = max(waiting.from_on, today)
    moved = _moved(uow, waiting, now)
    uow.district_texts.decide(
        waiting, TextState.APPROVED, by=by, at=now, from_on=from_on, note=note
    )
    uow.district_texts.begin(today)
    for day, before in moved:  # two officials decided it, so the city takes the step
        notify_moved(uow, CLOCK, day, before, Spot.of(waiting.texts), now)
    later = [notified_at(day, now) for day, _ in moved]
    first = None if None in later else min(filter(None, later), default=None)
    return Decided(from_on, bool(moved), first)


@usecase(*EDITORS)
def withdraw_texts(uow: UnitOfWork, actor: Actor, command: OneVersion, now: datetime) -> None:
    """Withdraw one's own proposal. Denied `not_found`, `text_decided`, `text_not_own`."""
    waiting, _ = _waiting(uow, actor, command.version)
    if waiting.proposed_by != actor.account_id:
        raise Denied("text_not_own")
    uow.district_texts.decide(waiting, TextState.WITHDRAWN, by=waiting.proposed_by, at=now)


def begin_texts(uow: UnitOfWork, now: datetime) -> None:
    """Put versions in force whose day has come, as the clock."""
    uow.district_texts.begin(tehran_day(now))


def proposals_to_decide(uow: UnitOfWork, actor: Actor) -> int:
    """Return how many proposals wait for this actor's decision."""
    districts = actor.districts(*EDITORS)
    waiting = uow.district_texts.waiting(districts) if districts else []
    return sum(version.proposed_by != actor.account_id for version in waiting)


def _newest(uow: UnitOfWork, actor: Actor, district: int) -> TextVersion:
    newest = uow.district_texts.newest(district)
    if district not in actor.districts(*EDITORS) or newest is None:
        if newest is not None:
            uow.note_refused_object("district", str(district))
        raise Denied("not_found")
    return newest


def _waiting(uow: UnitOfWork, actor: Actor, version: int) -> tuple[TextVersion, TextVersion]:
    """Return a waiting proposal and the version it follows, locked.

    Denied `not_found` for an unknown version, `text_decided` for one that no longer waits.
    """
    found = uow.district_texts.get(version)
    if found is None:
        raise Denied("not_found")
    newest = _newest(uow, actor, found.district)
    uow.district_texts.lock(found.district)
    waiting = uow.district_texts.proposed(found.district)
    if waiting is None or waiting.id != version:
        raise Denied("text_decided")
    return waiting, newest


def _why_not(
    uow: UnitOfWork, actor: Actor, waiting: TextVersion, newest: TextVersion, now: datetime
) -> Denied | None:
    """Return why this actor cannot put a proposal in force; None if he can."""
    if uow.accounts.are_one_person(waiting.proposed_by, actor.account_id or ""):
        is_own = waiting.proposed_by == actor.account_id
        return Denied("text_own" if is_own else "same_person")
    has_mayor = any(
        _speaks_for_mayor(uow, account, waiting.district, now)
        for account in (actor.account_id, waiting.proposed_by)
    )
    if not has_mayor and (moved := _moved(uow, waiting, now)):
        return Denied("text_place_mayor", day=weekday_day(moved[0][0].on))
    if waiting.texts.seats == newest.texts.seats:
        return None
    if not has_mayor:
        return Denied("text_mayor_only")
    first = _seats_from(uow, tehran_day(now))
    if waiting.from_on < first - _WEEK + _DAY:
        return Denied("text_monday_opened", day=weekday_day(first))
    return None


def _speaks_for_mayor(
    uow: UnitOfWork, account_id: str | None, district: int, now: datetime
) -> bool:
    """Return whether the account is the mayor, or a deputy named for a Monday that is not over.

    One administrator alone can make a deputy, so the role by itself does not represent the mayor.
    """
    account = uow.accounts.get(account_id) if account_id else None
    roles = (
        {grant.role for grant in account.grants if grant.district == district} if account else set()
    )
    if Role.MAYOR in roles:
        return True
    return Role.DEPUTY in roles and any(
        day.held_by == account_id
        for day in uow.city.mondays(district=district, from_on=tehran_day(now))
    )


def _drawn_ahead(uow: UnitOfWork, waiting: TextVersion, now: datetime) -> list[Monday]:
    """Return Mondays with given seats that are not over, for which this version would hold."""
    today = tehran_day(now)
    first = max(waiting.from_on, today)
    published = uow.draws.published(waiting.district)
    drawn = {draw.monday for draw in published if draw.state is DrawState.DRAWN}
    return [
        day
        for day in uow.city.mondays(district=waiting.district, from_on=first)
        if day.state in ON and not day.has_ended and day.on in drawn
    ]


def _moved(uow: UnitOfWork, waiting: TextVersion, now: datetime) -> list[tuple[Monday, Spot]]:
    """Return those of them that would be held elsewhere, each with its current place.

    A Monday with a place of its own stays there.
    """
    found = []
    for day in _drawn_ahead(uow, waiting, now):
        before = Spot.of(uow.district_texts.on(day.district, day.on))
        if not day.place and before != Spot.of(waiting.texts):
            found.append((day, before))
    return found


def _with_moved(uow: UnitOfWork, named: NamedVersion, now: datetime) -> NamedVersion:
    moved = (
        MovedMonday(day.on, len(holders_to_notify(uow, CLOCK, day, now)))
        for day, _ in _moved(uow, named.version, now)
    )
    return replace(named, moved=tuple(moved))


def _seats_from(uow: UnitOfWork, today: date) -> date:
    """Return the first Monday whose start times are not published."""
    opened = uow.city.last_monday()
    coming = today + timedelta(days=(-today.weekday()) % 7)
    return max(coming, opened + _WEEK) if opened else coming


def _days(newest: TextVersion, today: date) -> tuple[date, ...]:
    first = max(today, newest.from_on)
    days = [first + days_ahead * _DAY for days_ahead in range(DAYS_AHEAD)]
    monday = days[-1] + timedelta(days=7 - days[-1].weekday())
    return (*days, *(monday + weeks * _WEEK for weeks in range(MONDAYS_AHEAD)))


def _composed(
    uow: UnitOfWork, actor: Actor, command: ProposeTexts, now: datetime
) -> tuple[TextVersion, DistrictTexts, date]:
    newest = _newest(uow, actor, command.district)
    if uow.district_texts.proposed(command.district) is not None:
        raise Denied("text_waiting")
    texts, from_on = _read(uow, command, newest, now)
    if command.base != newest.id:
        raise Denied("text_stale")
    if texts == newest.texts:
        raise Denied("text_same")
    return newest, texts, from_on


def _read(
    uow: UnitOfWork, command: ProposeTexts, newest: TextVersion, now: datetime
) -> tuple[DistrictTexts, date]:
    form = FormValidator()
    lines = {
        limit: form.field(limit.value, partial(read_line, limit), getattr(command, limit.value))
        for limit in LIMITS
    }
    point = form.field(TextField.POINT.value, read_point, command.point)
    seats = form.field(TextField.SEATS.value, read_seats, command.seats)
    units = _units(form, command, newest.texts)
    from_on = form.field(
        "from_on", lambda typed: _day(typed, newest, tehran_day(now)), command.from_on
    )
    if seats is not None and from_on is not None and seats != newest.texts.seats:
        _check_seats(uow, form, seats, from_on, now)
    form.done()
    assert point is not None
    assert seats is not None
    assert from_on is not None
    address, hall, hours, bring = (
        lines[field] or ""
        for field in (TextField.ADDRESS, TextField.HALL, TextField.HOURS, TextField.BRING)
    )
    return DistrictTexts(address, hall, hours, bring, point, seats, units), from_on


def _units(
    form: FormValidator, command: ProposeTexts, before: DistrictTexts
) -> tuple[tuple[str, str], ...]:
    """Return the units; every unit stays, and one missing in the form keeps its name."""
    typed = dict(command.units)
    if not typed.keys() <= dict(before.units).keys():
        raise Denied("form_broken")
    units = [
        (code, form.field(unit_field(code), read_unit, typed.get(code, name)) or name)
        for code, name in before.units
    ]
    if command.new_unit.strip():
        added = form.field("new_unit", read_unit, command.new_unit)
        if len(units) >= UNITS_MOST:
            form.refuse("new_unit", "units_many", limit=UNITS_MOST)
        elif added:
            units.append((next_code(units), added))
    known = dict(before.units)
    if (same := twice(units)) is not None:
        form.refuse(unit_field(same) if same in known else "new_unit", "unit_twice")
    return tuple(units)


def unit_field(code: str) -> str:
    """Return the name of the field for a unit's name."""
    return f"unit-{code}"


def _day(typed: str, newest: TextVersion, today: date) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid("text_day_missing") from None
    first = max(today, newest.from_on)
    if day < first:
        raise Invalid("text_day_early", day=day_words(first))
    if day > _days(newest, today)[-1]:
        raise Invalid("text_day_missing")
    return day


def _check_seats(
    uow: UnitOfWork, form: FormValidator, seats: tuple[str, ...], from_on: date, now: datetime
) -> None:
    first = _seats_from(uow, tehran_day(now))
    if from_on < first - _WEEK + _DAY:
        form.refuse("from_on", "text_monday_opened", day=weekday_day(first))
    rules = uow.city.rules_on(max(first, from_on))
    quotas = sum(rules.lanes.values()) if rules else 0
    if len(seats) <= quotas:
        form.refuse(TextField.SEATS.value, "seats_all_lanes", seats=len(seats), quotas=quotas)


def _named(
    names: dict[str, str], version: TextVersion, before: TextVersion | None, today: date
) -> NamedVersion:
    waits = version.state is TextState.PROPOSED
    return NamedVersion(
        version=version,
        proposed_by=names.get(version.proposed_by, ""),
        decided_by=names.get(version.decided_by or "", ""),
        changes=differences(before.texts, version.texts) if before else (),
        from_on=max(version.from_on, today) if waits else version.from_on,
    )


def _history(names: dict[str, str], versions: list[TextVersion]) -> tuple[NamedVersion, ...]:
    """Compare each version with the one that was decided before it."""
    named = []
    for at, version in enumerate(versions):
        before = next(
            (
                older
                for older in versions[at + 1 :]
                if older.state in {TextState.APPROVED, TextState.IN_FORCE, TextState.REPLACED}
            ),
            None,
        )
        named.append(_named(names, version, before, version.from_on))
    return tuple(named[:HISTORY])
