"""Notices as their readers find them: the citizen's inbox, and whom the desk has to telephone."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.notify.words import About, about
from publicmeeting.store.outbox import Notice
from publicmeeting.store.unit import Work
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.wish import Wish, usecase


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


class InDistrict(Wish):
    district: int


class Called(Wish):
    notice: int


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to be told by telephone or at the door; her sentence as for the app.

    No name and no number: who calls opens the case, which is written down.
    """

    id: int
    code: str
    at: datetime
    about: About


@usecase(Role.DESK)
def calls_to_make(work: Work, actor: Actor, wish: InDistrict, now: datetime) -> tuple[Call, ...]:
    """Notices of a district that reach nobody by themselves, oldest first.

    Denied `not_found` for another district than the officer's own.
    """
    del now
    if wish.district not in actor.districts(Role.DESK):
        raise Denied("not_found")
    found = ((notice, about(work, notice)) for notice in work.outbox.calls(wish.district))
    return tuple(Call(notice.id, facts.code, notice.at, facts) for notice, facts in found)


@usecase(Role.DESK)
def called(work: Work, actor: Actor, wish: Called, now: datetime) -> None:
    """She has been told. Denied `not_found` for a notice that is not on the officer's list."""
    del now
    try:
        notice = work.outbox.get(wish.notice)
    except KeyError:
        raise Denied("not_found") from None
    request = work.requests.by_id(notice.request_id)
    if request.district not in actor.districts(Role.DESK) or not notice.by_telephone:
        raise Denied("not_found")
    work.outbox.called(notice.id)
    work.ring(f"district:{request.district}")


def _letter(work: Work, notice: Notice) -> Letter:
    return Letter(notice.id, notice.at, about(work, notice), notice.seen_at is not None)
