"""Counts of what waits for an official in each part of the work, for the navigation."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.viewer import here
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.districts.texts import proposals_to_decide
from publicmeeting.usecases.line.rules_by_two import rules_to_decide
from publicmeeting.usecases.meetings.coming.preparing import unprepared
from publicmeeting.usecases.orders.briefs import briefs_owed
from publicmeeting.usecases.orders.lists import questions_to
from publicmeeting.usecases.oversight.promises import waiting_for_city
from publicmeeting.usecases.screening.calls import called_districts
from publicmeeting.usecases.screening.inbox import without_own_declines


@dataclass(frozen=True, slots=True)
class Workplaces:
    """The parts of an official's work, with the counts shown beside them."""

    roles: frozenset[Role]
    district: int
    """The district of his pages; 0 for none and for city-wide roles."""
    to_screen: int
    to_call: int
    questions: int
    """Orders that wait for a unit's answer."""
    briefs: int
    """Visitors of the coming Monday about whom no unit has written yet."""
    lanes_to_judge: int
    for_the_city: int
    account_news: int
    """Changes that others made to his account since he last read them."""
    unprepared: int
    """Needs of tomorrow's or today's visitors that reception has not prepared."""
    texts: int
    """Proposals for the district's texts by somebody else."""
    rules: int
    """Proposals for the city's rules by somebody else."""


@usecase(*ANYONE)
def workplaces(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> Workplaces:
    """Return the parts of this actor's work; empty for somebody who is no official."""
    desk, called = actor.districts(Role.DESK), called_districts(actor)
    screening = without_own_declines(Filter(districts=desk, stages=(Stage.SUBMITTED,)), actor)
    return Workplaces(
        roles=frozenset(grant.role for grant in actor.grants),
        district=here(actor),
        to_screen=uow.lists.count(screening) if desk else 0,
        to_call=uow.outbox.count_calls(called) if called else 0,
        questions=questions_to(uow, actor, now),
        briefs=briefs_owed(uow, actor),
        lanes_to_judge=len(uow.lanes.waiting_for(actor.account_id)) if actor.account_id else 0,
        for_the_city=_count_for_overseer(uow, actor, now),
        account_news=_account_news(uow, actor),
        unprepared=unprepared(uow, actor, now),
        texts=proposals_to_decide(uow, actor),
        rules=rules_to_decide(uow, actor, now),
    )


def _account_news(uow: UnitOfWork, actor: Actor) -> int:
    if actor.account_id is None:
        return 0
    since = uow.accounts.changes_read_at(actor.account_id)
    return uow.account_events.count_by_others(actor.account_id, since)


def _count_for_overseer(uow: UnitOfWork, actor: Actor, now: datetime) -> int:
    """Count what the overseer has to decide, and what is late beyond its mayor."""
    if not actor.has(Role.OVERSEER):
        return 0
    return sum(len(cases) for cases in waiting_for_city(uow, actor, now).values())
