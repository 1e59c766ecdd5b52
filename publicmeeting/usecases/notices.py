"""The citizen's inbox of notices."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.notify.words import About, about
from publicmeeting.store.outbox import Notice
from publicmeeting.store.unit import Work
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.wish import usecase


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice; `notify.words.in_words` gives its title and sentence."""

    id: int
    at: datetime
    about: About
    seen: bool


@usecase(Role.CITIZEN)
def my_notices(work: Work, actor: Actor, wish: Nothing, now: datetime) -> tuple[Letter, ...]:
    """What she was told, the newest first; the twenty newest."""
    del wish, now
    if actor.person_id is None:
        raise Denied("session_ended")
    return tuple(_letter(work, notice) for notice in work.outbox.inbox(actor.person_id))


@usecase(Role.CITIZEN)
def see_notices(work: Work, actor: Actor, wish: Nothing, now: datetime) -> None:
    """She has looked at them."""
    del wish
    if actor.person_id is None:
        raise Denied("session_ended")
    work.outbox.seen(actor.person_id, now)
    work.ring(f"person:{actor.person_id}")


def _letter(work: Work, notice: Notice) -> Letter:
    return Letter(notice.id, notice.at, about(work, notice), notice.seen_at is not None)
