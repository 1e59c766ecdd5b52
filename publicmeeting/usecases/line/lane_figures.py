"""How often each district gives each lane: the figure that would show two colluding officers."""

from datetime import datetime

from publicmeeting.domain.line.lanes import LaneRate
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.base import ANYONE, usecase


@usecase(*ANYONE)
def lane_rates(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> tuple[LaneRate, ...]:
    """Of every district and lane in which one was asked for, by district and lane."""
    return tuple(uow.lanes.rates(now))
