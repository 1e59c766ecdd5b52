"""The city's table of streets, squares and stations: replaced as a whole, and searched."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.districts.names import Place, find_places
from publicmeeting.domain.districts.places import NamedPlace, similar_places
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase

LONGEST_QUERY = 60
LISTED = 12
"""Maximum places shown for one name."""


class PlaceTable(Command):
    """The whole table, parsed."""

    places: tuple[NamedPlace, ...]


@dataclass(frozen=True, slots=True)
class TableChange:
    """Places that a table adds and removes; a changed line is both."""

    new: tuple[NamedPlace, ...]
    gone: tuple[NamedPlace, ...]


@usecase(Role.ADMINISTRATOR)
def compare_places(
    uow: UnitOfWork, _actor: Actor, command: PlaceTable, _now: datetime
) -> TableChange:
    """Return what replacing the current table by this one would change."""
    present = uow.places.all()
    wanted, had = set(command.places), set(present)
    return TableChange(
        tuple(place for place in command.places if place not in had),
        tuple(place for place in present if place not in wanted),
    )


@usecase(Role.ADMINISTRATOR)
def replace_places(uow: UnitOfWork, _actor: Actor, command: PlaceTable, _now: datetime) -> None:
    """Replace the table."""
    uow.places.replace(command.places)


@dataclass(frozen=True, slots=True)
class PlacesFound:
    """Places of this name, best match first."""

    places: tuple[Place, ...] = ()
    has_more: bool = False
    """Whether there are more; a longer name would narrow them."""
    is_similar: bool = False
    """Whether no name has these letters, and these are nearly so."""


class FindPlaces(Query):
    """Text typed so far."""

    query: str = ""


@usecase(*ANYONE)
def search_places(uow: UnitOfWork, _actor: Actor, query: FindPlaces, _now: datetime) -> PlacesFound:
    """Return neighbourhoods, and places of the city's table, by this name or a similar one."""
    sought = query.query[:LONGEST_QUERY]
    table = uow.places.gazetteer() if sought.strip() else None
    found = find_places(sought, LISTED + 1, others=table.find(sought) if table else ())
    if not found and (similar := similar_places(sought, table)):
        return PlacesFound(similar, is_similar=True)
    return PlacesFound(found[:LISTED], has_more=len(found) > LISTED)
