"""Whether the service does its work, for the people who run it; no person's data."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit import Work
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.wish import ANYONE, usecase

HEARTBEAT = "worker"
"""The job whose `done_at` (machine time) the clock's worker renews."""


@dataclass(frozen=True, slots=True)
class Health:
    worker_seen_at: datetime | None
    machine_now: datetime
    notices_waiting: int


@usecase(*ANYONE)
def health(work: Work, actor: Actor, wish: Nothing, now: datetime) -> Health:
    """That this answers says that the database does."""
    del actor, wish, now
    return Health(work.clockwork.done_at(HEARTBEAT), work.machine_now, work.outbox.waiting())
