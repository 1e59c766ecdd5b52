"""Whom the demo's invented sign-on provider knows: two newcomers, and somebody who has filed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.demo.playing import DISTRICT, MARK, STAGES


class DemoKind(StrEnum):
    """Which way of coming in somebody shows."""

    NEW = "new"
    WITHOUT_MOBILE = "without_mobile"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`mobile` in E.164, empty for none; `key` is how the provider calls her."""

    kind: DemoKind
    identity: str
    name: str
    mobile: str = ""

    @property
    def key(self) -> str:
        return self.kind.value


_NEWCOMERS = (
    DemoPerson(DemoKind.NEW, "0076229645", "نرگس کاویانی", "+989350001401"),
    DemoPerson(DemoKind.WITHOUT_MOBILE, "0013542419", "یوسف بهرامی"),
)


@usecase(*ANYONE)
def demo_people(
    uow: UnitOfWork, _actor: Actor, _query: Nothing, _now: datetime
) -> tuple[DemoPerson, ...]:
    """Denied("not_found") in a real city."""
    if uow.facts.get(MARK) is None:
        raise Denied("not_found")
    for stage in STAGES:
        lines = uow.lists.requests(Filter(stages=(stage,)), limit=50)
        lines.sort(key=lambda line: line.district != DISTRICT)
        for line in lines:
            person = uow.people.get(line.person_id)
            if person.mobile:
                known = DemoPerson(DemoKind.KNOWN, person.identity, person.name, person.mobile)
                return (*_NEWCOMERS, known)
    return _NEWCOMERS
