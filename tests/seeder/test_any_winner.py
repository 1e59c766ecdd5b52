"""A demo city can be founded, no matter who wins its draws."""

from pathlib import Path

import pytest
from support.databases import SqliteTemplates
from support.demo_city import demo_city

from publicmeeting.domain.choices import UNHEARD, AccessNeed
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.seeder import filing
from publicmeeting.seeder.plan import LAST_MONDAY, Scope
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.store.lifecycle.lists import Filter

TWO_DISTRICTS = Scope((4, 9), (4,), weeks=2, requests=24, pictures=False)
HAVE_NEEDS = 0.08
"""The share of citizens who state needs, by which the seeder asks `happens`."""
DEAF = (AccessNeed.HARD_OF_HEARING.value,)


def coming(url: str, folder: Path) -> tuple[list[Request], tuple[str, ...]]:
    """Return who has a seat on the coming Monday in district 4, and all refusals."""
    city = demo_city(url, folder, TWO_DISTRICTS)
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        found = [uow.requests.by_id(id_) for id_ in uow.lists.ids(Filter(frozenset({4})))]
    city.application.store.close()
    return [one for one in found if one.seat and one.seat.monday > LAST_MONDAY], city.refused


@pytest.mark.parametrize("needs", [(DEAF,), (DEAF, ()), ((), DEAF)], ids=["all", "odd", "even"])
def test_only_a_citizen_who_hears_asks_for_the_telephone(
    needs: tuple[tuple[str, ...], ...],
    sqlite_templates: SqliteTemplates,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happens = Simulation.happens
    monkeypatch.setattr(filing, "_NEEDS", needs)
    monkeypatch.setattr(
        Simulation, "happens", lambda its, share: share == HAVE_NEEDS or happens(its, share)
    )
    seated, refused = coming(sqlite_templates.copy("empty"), tmp_path)
    asked = [one for one in seated if one.count(Action.ASK_CALL)]
    hearing = [one for one in seated if UNHEARD.isdisjoint(one.needs)]
    assert len(seated) > len(hearing)
    assert len(asked) == min(1, len(hearing))
    assert all(one in hearing for one in asked)
    assert set(refused) <= {"stage_moved"}
