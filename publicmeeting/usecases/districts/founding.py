"""Setup of a city: districts with halls and seats, units, and the first rules."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from publicmeeting.domain.calendar import mondays
from publicmeeting.domain.districts.city import UNIT_KINDS, district, unit_id
from publicmeeting.domain.districts.texts import DistrictTexts, TextState
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.records import Unit
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.filing import slips_text
from publicmeeting.turns.rules.announced import DEFAULT_RULES, check_rules
from publicmeeting.turns.shape import is_start
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.line.rules import announce, with_log

_DAY = timedelta(days=1)


class Found(Command):
    """Facts of each district: number, address, hall, mayor's name, usual start times `HH:MM`."""

    districts: tuple[tuple[int, str, str, str, tuple[str, ...]], ...]
    rules_from: date | None = None
    """The first Monday with a line is on or after this day; by default the coming one."""
    origin: str = "localhost/log"
    """The name of the public log: the site's host and `/log`."""
    witnesses: tuple[tuple[str, str, str, str], ...] = ()
    """Party, organisation, key and address of each witness; later rules may name others."""
    reserve: str = ""
    """The log's reserve key, `name+id+base64`, made on another machine; may come later."""


@usecase(Role.ADMINISTRATOR)
def found_city(uow: UnitOfWork, _actor: Actor, command: Found, now: datetime) -> int:
    """Set the city up, once per installation; return the number of districts.

    Each district gets its standard units. The public log is opened with a key made here. Raises
    Denied `founded_before`; Invalid `district_unknown`, `district_twice`, `place_missing`,
    `seats_malformed` with the district's number, `log_key_malformed` for a reserve key that does
    not belong to this log.
    """
    if uow.city.districts():
        raise Denied("founded_before")
    for fault in faults(command):
        raise fault
    for number, address, hall, mayor, seats in command.districts:
        uow.city.add_district(number, mayor=mayor)
        for kind in UNIT_KINDS:
            unit = Unit(unit_id(number, kind.code), number, kind.code, kind.name)
            uow.city.add_unit(unit)
        texts = DistrictTexts(
            address=address,
            hall=hall,
            hours="",
            bring=slips_text.BRING,
            point="",
            seats=seats,
            units=tuple((kind.code, kind.name) for kind in UNIT_KINDS),
        )
        uow.district_texts.add(
            number, texts, tehran_day(now), by="", at=now, state=TextState.IN_FORCE
        )
    try:
        uow.log.open(command.origin, command.reserve, now)
    except ValueError:
        raise Invalid("log_key_malformed", field="reserve") from None
    (first,) = mondays(command.rules_from or tehran_day(now) + _DAY, 1)
    names = ("party", "org", "vkey", "url")
    witnesses = [dict(zip(names, witness, strict=True)) for witness in command.witnesses]
    body = {**with_log(uow, DEFAULT_RULES), "witnesses": witnesses}
    announce(uow, check_rules(body), first, now)
    return len(command.districts)


def faults(command: Found) -> Iterator[Invalid]:
    """Yield what is wrong with the districts, in their order; several for one district."""
    seen = set()
    for number, address, hall, mayor, seats in command.districts:
        try:
            district(number)
        except Invalid as unknown:
            yield unknown
        if number in seen:
            yield Invalid("district_twice", number=number)
        seen.add(number)
        if not (address.strip() and hall.strip() and mayor.strip()):
            yield Invalid("place_missing", number=number)
        ascending = all(earlier < later for earlier, later in pairwise(seats))
        if not seats or not ascending or not all(map(is_start, seats)):
            yield Invalid("seats_malformed", number=number)
