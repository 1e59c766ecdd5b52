"""A city is set up: districts with their halls and seats, units, and the first rules."""

from datetime import date, datetime

from publicmeeting.domain.districts import district
from publicmeeting.domain.records import Unit
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.subjects import UNIT_KINDS
from publicmeeting.store.unit import Work
from publicmeeting.turns.announced import DEFAULT_RULES, announceable
from publicmeeting.usecases.rules import announce
from publicmeeting.usecases.wish import Wish, usecase


class Found(Wish):
    """One district's facts: number, address, hall, mayor's name, usual start times `HH:MM`."""

    districts: tuple[tuple[int, str, str, str, tuple[str, ...]], ...]
    rules_from: date


@usecase(Role.ADMINISTRATOR)
def found_city(work: Work, actor: Actor, wish: Found, now: datetime) -> None:
    """Once per installation; each district gets its standard units (editable later)."""
    del actor
    for number, address, hall, mayor, seats in wish.districts:
        work.city.add_district(
            district(number).number, address=address, hall=hall, mayor=mayor, seats=seats
        )
        for kind in UNIT_KINDS:
            work.city.add_unit(Unit(f"d{number:02d}-{kind.code}", number, kind.code, kind.name))
    announce(work, announceable(DEFAULT_RULES), wish.rules_from, now)
