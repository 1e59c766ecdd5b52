"""A small demo city, made by the demo's own seeder."""

import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from publicmeeting.application import Application
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.live.pubsub import PubSub
from publicmeeting.media.files import Files, FolderStore
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.seeder.fill import seed_city
from publicmeeting.seeder.plan import Scope
from publicmeeting.seeder.simulation import SimulationClock
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.log import Entry
from support.audited import all_draws

ON_A_MONDAY = frozenset({Stage.ARRIVED, Stage.IN_ROOM})
"""Stages that the seeded story does not contain, because it ends on a Saturday."""
EVERY_STAGE = {*Stage, *OrderStage} - ON_A_MONDAY


def _silent(progress: str) -> None:
    del progress


_MARK = re.compile(r'("officer":"[a-z0-9-]+)/[0-9a-f]{8}|("report":")[0-9a-f]{64}')


def unmarked(entry: Entry) -> str:
    """Return an entry as published, without what each city computes with its own secret.

    That is the keyed hash of an officer, and the hash of a report that names the log's root.
    """
    return _MARK.sub(r"\1\2", entry.data.decode())


@dataclass(frozen=True, slots=True)
class DemoCity:
    """A city as the seeder left it; `refused` lists the steps that use cases refused."""

    application: Application
    refused: tuple[str, ...]

    def public(self) -> dict[str, object]:
        """Return what anybody may see of the city, and what a visitor of the demo would notice."""
        with self.application.store.unit_of_work(self.application.clock(), reading=True) as uow:
            requests = uow.lists.requests(Filter(), limit=1000)
            whole = [uow.requests.by_id(request.id) for request in requests]
            return {
                "log": [unmarked(entry) for entry in uow.log.after(0, 100_000)],
                "requests": [(r.code, r.stage, r.title, r.filed_at) for r in requests],
                "lines": [(r.ticket, r.waited) for r in whole],
                "seats": [(r.code, r.seat) for r in requests if r.seat],
                "draws": [draw.file for draw in all_draws(uow)],
                "orders": [(o.number, o.stage, o.text) for o in uow.orders.listed(limit=1000)],
            }

    def sealed(self) -> list[str]:
        """Return a keyed hash made with this city's own key."""
        return [self.application.store.vault.lookup("mobile", "+989120000000")]


def stages(application: Application, district: int | None = None) -> Counter[Stage | OrderStage]:
    """Count requests and orders by stage, in one district or in the whole city."""
    where = None if district is None else frozenset({district})
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = Counter[Stage | OrderStage]()
        for stage in Stage:
            found[stage] = uow.lists.count(Filter(where, (stage,)))
        found.update(o.stage for o in uow.orders.listed(district=district, limit=1000))
    return +found  # without the stages of nothing


def demo_city(url: str, folder: Path, scope: Scope) -> DemoCity:
    """Seed this scope into an empty, migrated database, with a new key."""
    clock = SimulationClock(at_tehran(scope.first, "07:00"))
    store = Store(url, os.urandom(32))
    files = Files(FolderStore(folder.parent), store.vault)
    application = Application(store, DemoPhone(), files, PubSub(), clock, demo=True)
    with ThreadPoolExecutor(1) as composers:
        walked = seed_city(application, clock, scope, composers, "http://localhost:3000", _silent)
    return DemoCity(application, tuple(walked.refused))
