"""A citizen's own page: her requests, her notices, and the persons she acts for."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.people import masked_identity, masked_mobile
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.notify.outbox import by_day
from publicmeeting.notify.wording import About, ForgedNoticeError, about
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.person.recycled import served_here
from publicmeeting.usecases.alone import readable
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.tracking.timeline import MyRequest, requests_of

NOTICES = 20
"""How many of the newest notices the page shows."""


@dataclass(frozen=True, slots=True)
class MyNotice:
    """A notice with its delivery; `state` is that of the outbox (`Delivery`).

    All times are city time: `reached_at` is when it reached her, `next_at` the next try.
    """

    about: About
    at: datetime
    state: str
    is_new: bool
    tries: int = 0
    """How many tries have failed."""
    reached_at: datetime | None = None
    next_at: datetime | None = None
    by_night: bool = False
    """Whether it waits for the morning, so that nobody is woken."""


@dataclass(frozen=True, slots=True)
class MyPage:
    """Her page; mobile and identity are masked. Without a chosen person only `others` is filled.

    `mobile` is that of this sign-in, else the one that reaches her.
    """

    name: str
    identity: str
    mobile: str
    others: tuple[tuple[str, str], ...]
    """Id and name of the persons this mobile serves, as far as this browser may name them."""
    awaited: frozenset[str]
    """Those of the others for whom this session does not act and from whom the city waits for an
    answer: their own pages are a tap away."""
    is_asked: bool
    """Whether the mobile serves somebody more, who has not confirmed herself in this browser."""
    person_id: str | None
    requests: tuple[MyRequest, ...]
    notices: tuple[MyNotice, ...]
    has_draft: bool
    now: datetime


@usecase(*ANYONE)
def my_page(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> MyPage:
    """Return everything of the person for whom this session acts.

    Denied("session_ended") before a mobile has been confirmed, Denied("not_your_role") for an
    official.
    """
    mobile = uow.sessions.mobile(actor)
    if actor.account_id:
        raise Denied("not_your_role")
    if actor.person_id is None and mobile is None:
        raise Denied("session_ended")
    served = served_here(uow, actor, mobile)
    person = uow.people.get(actor.person_id) if actor.person_id else None
    begun = uow.drafts.read(actor)
    reached_by = mobile or (person.mobile if person else None)
    return MyPage(
        name=person.name if person else "",
        identity=masked_identity(person.identity) if person else "",
        mobile=masked_mobile(reached_by) if reached_by else "",
        others=tuple((person.id, person.name) for person in served.persons),
        awaited=frozenset(
            one.id
            for one in served.persons
            if one.id != actor.person_id and _is_awaited(uow, replace(actor, person_id=one.id), now)
        ),
        is_asked=served.asked > 0,
        person_id=person.id if person else None,
        requests=requests_of(uow, actor, now) if person else (),
        notices=_notices(uow, person.id, now) if person else (),
        has_draft=any(begun.get(name) for name in ("title", "text")),
        now=now,
    )


def _is_awaited(uow: UnitOfWork, person: Actor, now: datetime) -> bool:
    return any(request.is_awaited for request in requests_of(uow, person, now))


@usecase(Role.CITIZEN)
def read_notices(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> None:
    """Record that she has looked at her messages, so that none is new any more."""
    assert actor.person_id is not None
    uow.outbox.mark_seen(actor.person_id, now)


def _notices(uow: UnitOfWork, person_id: str, now: datetime) -> tuple[MyNotice, ...]:
    found = uow.outbox.inbox(person_id, NOTICES)
    if uow.is_reading:
        with suppress(*UNREADABLE):  # if one is unreadable, each is read separately
            requests = uow.requests.by_ids(sorted({notice.request_id for notice in found}))
            uow.log_index.newest_of([request.ticket for request in requests])
    shown = readable(uow, "a notice", found, lambda notice: _notice(uow, notice, now))
    return tuple(notice for notice in shown if notice is not None)


def _notice(uow: UnitOfWork, notice: Notice, now: datetime) -> MyNotice | None:
    """Return a notice; None for one that is not sent either, because its words are not sure.

    That is no fault of her page: nothing says then how late her Monday ran.
    """
    ahead = now - uow.machine_now  # offset from the machine's clock, which schedules the tries
    due = (
        notice.next_try_at + ahead
        if notice.state == Delivery.WAITING and notice.next_try_at
        else None
    )
    try:
        facts = about(uow, notice, now)
    except ForgedNoticeError:
        return None
    next_at = by_day(max(now, due), notice.action, facts.day) if due else None
    return MyNotice(
        about=facts,
        at=facts.at,
        state=notice.state,
        is_new=notice.seen_at is None,
        tries=notice.tries,
        reached_at=notice.called_at or notice.sent_at,
        next_at=next_at,
        by_night=next_at is not None and due is not None and next_at > max(now, due),
    )
