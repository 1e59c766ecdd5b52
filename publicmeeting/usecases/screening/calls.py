"""Citizens to inform by telephone, because no message reaches them («تلفنی خبر دهید»).

The list shows which officer has called. A desk sees its districts, the telephone line all of them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.guards import no_show_contestable
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.records import Case, Request
from publicmeeting.domain.roles import CLOCK, Actor, Role
from publicmeeting.domain.stages import UNCONFIRMED, Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.notify.wording import About, about
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.read_out_codes import HELPERS
from publicmeeting.usecases.alone import readable, readable_requests
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.unreached import is_asker, is_notice_of_question

_SEATS = (Action.SEAT, Action.OFFER)


class OneCall(Command):
    notice: int


class Consequence(StrEnum):
    """What depends on a call."""

    OPEN = "open"
    """It asks for an answer, or may be objected to; nothing ends before it reaches her."""
    SEAT = "seat"
    """It asks whether she comes; without an answer the seat goes to another."""
    CONTEST = "contest"
    """She may contest the loss of her weeks, informed or not, for three days only."""


@dataclass(frozen=True, slots=True)
class Call:
    """One notice to give by telephone or at the door, in the app's words.

    It has no name and no number: see `whom_to_call`.
    """

    id: int
    code: str
    title: str
    """The title of her request, for the greeting."""
    at: datetime
    about: About
    has_number: bool
    """Whether a message to her number failed; without a number only the door reaches her."""
    consequence: Consequence | None = None
    is_own: bool = False
    """Whether the reader asked or recorded it himself, so that a colleague must inform her."""


@dataclass(frozen=True, slots=True)
class FinishedCall:
    call: Call
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls that wait; `done` are those made today."""

    waiting: tuple[Call, ...]
    more: int
    """How many wait after these."""
    done: tuple[FinishedCall, ...]
    now: datetime
    unread: int = 0
    """Number of notices that can no longer be decrypted and are left out."""


@dataclass(frozen=True, slots=True)
class CallContact:
    """Name and number, shown to the one officer who calls her, after that is recorded."""

    notice: int
    name: str
    mobile: str


@usecase(*HELPERS)
def calls(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> Calls:
    """Return the first waiting calls of the officer's districts, and those made today.

    In the order of `store.lifecycle.sending.call_order`.
    """
    districts = called_districts(actor)
    waiting = uow.outbox.calls(districts)
    done = uow.outbox.called_since(districts, at_tehran(tehran_day(now), "00:00"))
    ids = {notice.request_id for notice in (*waiting, *done)}
    titles = uow.lists.headings(ids)
    # Read together, so that each call finds its request and entry.
    with suppress(*UNREADABLE):  # each is read separately then
        uow.requests.read_checked(ids)
    requests = {request.id: request.ticket for request in readable_requests(uow, sorted(ids))}
    uow.log_index.newest_of(list(requests.values()))
    read_call = partial(one_call, uow, actor, titles=titles, now=now)
    found = readable(uow, "a call", _of(requests, waiting), read_call)
    read_done = partial(_finished, uow, read_call)
    finished = readable(uow, "a call", _of(requests, done), read_done)
    return Calls(
        current_calls(found, now),
        uow.outbox.count_calls(districts) - len(waiting),
        tuple(call for call in finished if call is not None),
        now,
        unread=uow.unread,
    )


def _of(requests: Collection[str], notices: Iterable[Notice]) -> Iterator[Notice]:
    return (notice for notice in notices if notice.request_id in requests)


def _finished(
    uow: UnitOfWork, read_call: Callable[[Notice], Call], notice: Notice
) -> FinishedCall | None:
    if notice.called_at is None:
        return None
    return FinishedCall(read_call(notice), _caller_name(uow, notice), notice.called_at)


@usecase(*HELPERS)
def mark_called(uow: UnitOfWork, actor: Actor, command: OneCall, now: datetime) -> None:
    """Record that this officer has informed her now.

    Denied `not_found` for a notice that is not on the officer's list; `informed_already` if a
    colleague was faster. If something depends on it (`consequence_of`): `asked_yourself` for the
    officer who asked or recorded it; `number_unread` if she has a number that he has not opened
    today; `caller_unproved` if she has none. That she came he records on her page, after she has
    proved who she is (`mark_heard`).
    """
    notice, request = _mine(uow, actor, command.notice)
    case = _case(uow, notice, request)
    if notice.by_telephone and (consequence := consequence_of(case, notice, now)):
        if is_own_call(actor, case, notice, consequence):
            raise Denied("asked_yourself")
        if notice.state == Delivery.TO_CALL:
            raise Denied("caller_unproved")
        if not uow.requests.named_today({request.id}, actor, now):
            raise Denied("number_unread")
    if not uow.outbox.mark_called(notice.id, actor.account_id, now):
        marked = uow.outbox.get(notice.id)
        if marked.state != Delivery.CALLED:
            raise Denied("not_found")
        if marked.called_by != actor.account_id:
            raise Denied("informed_already")
        return  # tapped twice: it is done
    _publish(uow, request)


@usecase(*HELPERS)
def unmark_called(uow: UnitOfWork, actor: Actor, command: OneCall, now: datetime) -> None:
    """Put a call that was marked by mistake back on the list, on the same day.

    Later her silence has been counted from it, and nothing else records who marked it. Denied
    `not_found` for one that was not marked today, `asked_yourself` as in `mark_called`.
    """
    notice, request = _mine(uow, actor, command.notice)
    marked_at = notice.called_at
    if marked_at is None or tehran_day(marked_at) != tehran_day(now):
        raise Denied("not_found")
    case = _case(uow, notice, request)
    if (consequence := consequence_of(case, notice, now)) and is_own_call(
        actor, case, notice, consequence
    ):
        raise Denied("asked_yourself")
    has_mobile = uow.people.get(request.person_id).mobile is not None
    uow.outbox.unmark_called(notice.id, has_mobile=has_mobile)
    _publish(uow, request)


@usecase(*HELPERS)
def whom_to_call(uow: UnitOfWork, actor: Actor, command: OneCall, now: datetime) -> CallContact:
    """Return her name and number, for the call alone, and record the opening for her to read.

    An officer who knows a name can no longer screen the case. Denied("not_found") for a notice that
    is not on the list, or has no number.
    """
    notice, request = _mine(uow, actor, command.notice)
    person = uow.people.get(request.person_id)
    if not notice.by_telephone or person.mobile is None:
        raise Denied("not_found")
    role = Role.DESK if request.district in actor.districts(Role.DESK) else Role.PHONE
    uow.requests.record_opening(request, actor, role.value, now, with_name=True)
    return CallContact(notice.id, person.name, person.mobile)


def called_districts(actor: Actor) -> frozenset[int]:
    """Return the districts whose citizens this officer calls."""
    if actor.has(Role.PHONE):
        return frozenset(district.number for district in DISTRICTS)
    return actor.districts(Role.DESK)


def _mine(uow: UnitOfWork, actor: Actor, notice_id: int) -> tuple[Notice, Request]:
    try:
        notice = uow.outbox.get(notice_id)
    except KeyError:
        raise Denied("not_found") from None
    request = uow.requests.by_id(notice.request_id)
    if request.district not in called_districts(actor) or notice.person_id is None:
        raise Denied("not_found")
    return notice, request


def _publish(uow: UnitOfWork, request: Request) -> None:
    """Publish to the desk's list, and to her own page, which shows how she was informed."""
    uow.publish(f"district:{request.district}", f"person:{request.person_id}")


def current_calls(found: Iterable[Call], now: datetime) -> tuple[Call, ...]:
    """Drop calls that are no longer true, such as a reminder of a cancelled Monday."""
    return tuple(call for call in found if not is_late(call.about.true_until, now))


def one_call(
    uow: UnitOfWork,
    actor: Actor,
    notice: Notice,
    titles: Mapping[str, tuple[str, str]],
    now: datetime,
) -> Call:
    """Return a notice as a call; `titles` as returned by `Lists.headings`."""
    facts = about(uow, notice, now)
    title = titles[notice.request_id][1]
    request = uow.requests.by_id(notice.request_id)
    case = _case(uow, notice, request)
    consequence = consequence_of(case, notice, now)
    return Call(
        id=notice.id,
        code=facts.code,
        title=title,
        at=facts.at,
        about=facts,
        has_number=notice.state != Delivery.TO_CALL,
        consequence=consequence,
        is_own=consequence is not None and is_own_call(actor, case, notice, consequence),
    )


_LOSES_WEEKS = frozenset({Action.NO_SHOW.value, Action.GIVE_UP_SEAT.value})


def consequence_of(case: Case, notice: Notice, now: datetime) -> Consequence | None:
    """Return what depends on this notice; None if she may hear of it today or next month."""
    if is_notice_of_question(case, notice):
        return Consequence.OPEN
    if notice.action in _SEATS and case.stage in UNCONFIRMED:
        return Consequence.SEAT
    if notice.action in _LOSES_WEEKS and no_show_contestable(case, CLOCK, now) is None:
        return Consequence.CONTEST
    return None


def is_own_call(actor: Actor, case: Case, notice: Notice, consequence: Consequence) -> bool:
    """Return whether the actor alone would confirm that she was informed of his own act."""
    if consequence is Consequence.OPEN:
        return is_asker(actor, case)
    by = next((event.account_id for event in case.history if event.id == notice.event_id), None)
    return by is not None and by == actor.account_id


def _case(uow: UnitOfWork, notice: Notice, request: Request) -> Case:
    return uow.orders.by_id(notice.order_id) if notice.order_id else request


def _caller_name(uow: UnitOfWork, notice: Notice) -> str:
    account = uow.accounts.get(notice.called_by) if notice.called_by else None
    return account.name if account else ""
