"""«تلفنی خبر دهید»: whom no message reaches, and who of the desk has told her."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.delivery import Delivery
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.notify.words import About, about
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import Work
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.base import Wish, usecase


class OneCall(Wish):
    notice: int


@dataclass(frozen=True, slots=True)
class Call:
    """One notice to be told by telephone or at the door; its sentence as for the app.

    No name and no number: see `whom_to_call`.
    """

    id: int
    code: str
    title: str
    """What she has asked the city for, so that she is greeted with it."""
    at: datetime
    about: About
    has_number: bool
    """A message was tried in vain; without it nothing but the door reaches her."""


@dataclass(frozen=True, slots=True)
class ToldCall:
    call: Call
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Calls:
    """`told` is what was told today."""

    waiting: tuple[Call, ...]
    told: tuple[ToldCall, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Whom:
    """Shown to the one officer who calls her, once that is written down."""

    notice: int
    name: str
    mobile: str


@usecase(Role.DESK)
def calls(work: Work, actor: Actor, wish: Nothing, now: datetime) -> Calls:
    """The notices of the officer's own districts that reach nobody by themselves, oldest first."""
    del wish
    mine = actor.districts(Role.DESK)
    waiting = work.outbox.calls(mine)
    told = work.outbox.told_since(mine, at_tehran(tehran_day(now), "00:00"))
    titles = work.lists.headings({notice.request_id for notice in (*waiting, *told)})
    return Calls(
        tuple(_call(work, notice, titles) for notice in waiting),
        tuple(
            ToldCall(_call(work, notice, titles), _teller(work, notice), notice.told_at)
            for notice in told
            if notice.told_at is not None
        ),
        now,
    )


@usecase(Role.DESK)
def called(work: Work, actor: Actor, wish: OneCall, now: datetime) -> None:
    """She has been told, by this officer and now. Denied `not_found` for a notice that is not on
    the officer's list, `already_told` when a colleague was faster."""
    notice, request = _mine(work, actor, wish.notice)
    if not work.outbox.called(notice.id, actor.account_id, now):
        told = work.outbox.get(notice.id).state == Delivery.TOLD
        raise Denied("already_told" if told else "not_found")
    _ring(work, request)


@usecase(Role.DESK)
def not_called(work: Work, actor: Actor, wish: OneCall, now: datetime) -> None:
    """Ticked by mistake: back on the list. Denied `not_found` for what nobody has ticked."""
    del now
    notice, request = _mine(work, actor, wish.notice)
    if notice.state != Delivery.TOLD:
        raise Denied("not_found")
    has_mobile = work.people.get(request.person_id).mobile is not None
    work.outbox.not_called(notice.id, has_mobile=has_mobile)
    _ring(work, request)


@usecase(Role.DESK)
def whom_to_call(work: Work, actor: Actor, wish: OneCall, now: datetime) -> Whom:
    """Her name and number, for the call alone. The opening is written down for her to read, and
    whoever knows a name cannot screen the case any more.

    Denied `not_found` for a notice that is not on the list, or has no number behind it.
    """
    notice, request = _mine(work, actor, wish.notice)
    person = work.people.get(request.person_id)
    if not notice.by_telephone or person.mobile is None:
        raise Denied("not_found")
    work.requests.opened(request, actor, Role.DESK.value, now, with_name=True)
    return Whom(notice.id, person.name, person.mobile)


def _mine(work: Work, actor: Actor, notice_id: int) -> tuple[Notice, Request]:
    try:
        notice = work.outbox.get(notice_id)
    except KeyError:
        raise Denied("not_found") from None
    request = work.requests.by_id(notice.request_id)
    if request.district not in actor.districts(Role.DESK) or notice.person_id is None:
        raise Denied("not_found")
    return notice, request


def _ring(work: Work, request: Request) -> None:
    """The list of the desk, and her own page, which says how she was told."""
    work.ring(f"district:{request.district}", f"person:{request.person_id}")


def _call(work: Work, notice: Notice, titles: Mapping[str, tuple[str, str]]) -> Call:
    facts = about(work, notice)
    title = titles[notice.request_id][1]
    has_number = notice.state != Delivery.TO_CALL
    return Call(notice.id, facts.code, title, notice.at, facts, has_number)


def _teller(work: Work, notice: Notice) -> str:
    account = work.accounts.get(notice.told_by) if notice.told_by else None
    return account.name if account else ""
