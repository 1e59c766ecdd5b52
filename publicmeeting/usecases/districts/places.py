"""The city's own table of streets, squares and stations: replaced as a whole, and searched."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.districts import Place, find_places
from publicmeeting.domain.places import NamedPlace
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase

LONGEST_QUERY = 60
LISTED = 12
"""Places shown for one name."""


class PlaceTable(Command):
    """The whole table, every line read."""

    places: tuple[NamedPlace, ...]


@dataclass(frozen=True, slots=True)
class TableChange:
    """What a table adds to the present one and takes from it; a changed line is both."""

    new: tuple[NamedPlace, ...]
    gone: tuple[NamedPlace, ...]


@usecase(Role.ADMINISTRATOR)
def compare_places(
    uow: UnitOfWork, _actor: Actor, command: PlaceTable, _now: datetime
) -> TableChange:
    """What replacing the table by this one would change."""
    present = uow.places.all()
    wanted, had = set(command.places), set(present)
    return TableChange(
        tuple(place for place in command.places if place not in had),
        tuple(place for place in present if place not in wanted),
    )


@usecase(Role.ADMINISTRATOR)
def replace_places(uow: UnitOfWork, _actor: Actor, command: PlaceTable, _now: datetime) -> None:
    """The table takes the place of the one before."""
    uow.places.replace(command.places)


@dataclass(frozen=True, slots=True)
class PlacesFound:
    """Places of this name, the best match first."""

    places: tuple[Place, ...] = ()
    has_more: bool = False
    """There are more; a longer name would narrow them."""


class FindPlaces(Query):
    """What was typed so far."""

    query: str = ""


@usecase(*ANYONE)
def search_places(uow: UnitOfWork, _actor: Actor, query: FindPlaces, _now: datetime) -> PlacesFound:
    """Neighbourhoods, and what the city's table knows, by this name."""
    sought = query.query[:LONGEST_QUERY]
    table = uow.places.gazetteer() if sought.strip() else None
    found = find_places(sought, LISTED + 1, others=table.find(sought) if table else ())
    return PlacesFound(found[:LISTED], has_more=len(found) > LISTED)
