"""Reader of the outbox: sends notices by day only, each once, and retries failed ones later."""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.lifecycle.notices import EVEN_AT_NIGHT, OF_THE_MINUTE, Delivery
from publicmeeting.domain.records import Person
from publicmeeting.kit.clock import at_tehran, in_tehran, tehran_day
from publicmeeting.notify.codes import Parts
from publicmeeting.notify.phone import NotSentError, UnansweredError, message_id
from publicmeeting.notify.wording import ForgedNoticeError, about, notice_text
from publicmeeting.store.database.engine import is_unreachable
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import UnitOfWork

QUIET_FROM, QUIET_UNTIL = 22, 8
"""Hours in Tehran between which notices wait; codes are requested and sent immediately."""

WOKEN_FROM = 6
"""From this hour until midnight a notice may wake somebody whose Monday is the coming morning's.

The notice is that the Monday is called off or held elsewhere. At eight, when the quiet hours end,
it would be too late for a citizen with a seat at nine and a long way.
"""

CLAIM = timedelta(minutes=2)
"""How long a process owns a notice; if it dies while sending, the next process sends it."""

PARALLEL = 12
"""Messages on their way at the same time: 40 a second if the gateway takes 300 ms."""

AT_ONCE = 4 * PARALLEL
"""Notices claimed at once: few enough to finish within the claim even if each one times out."""

GATHERED = timedelta(seconds=1)
"""How long new notices are gathered behind others that are being sent."""

_log = logging.getLogger(__name__)


class Publisher(Protocol):
    """Wakes open pages after a commit."""

    def publish(self, topics: Collection[str]) -> None: ...


class Channels(Parts, Protocol):
    """The parts of the application that sending notices needs."""

    host: str
    """Host of the site, for texts that refer to it."""

    @property
    def pubsub(self) -> Publisher: ...


@dataclass(frozen=True, slots=True)
class _Letter:
    notice: Notice
    mobile: str | None
    text: str
    message_id: str
    is_over: bool
    """Whether it is no longer true, or concerns nobody who can be informed."""
    true_until: datetime | None = None
    """After this the desk does not inform her either."""
    is_forged: bool = False
    """Whether the database owner could have chosen its words; it is not sent."""


def is_quiet(city_now: datetime) -> bool:
    """Return whether notices wait because people sleep."""
    hour = in_tehran(city_now).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def _morning(city_now: datetime) -> date:
    """Return the day on which this night ends."""
    evening = in_tehran(city_now).hour >= QUIET_FROM
    return tehran_day(city_now) + timedelta(days=1 if evening else 0)


def by_day(city_now: datetime, action: str = "", monday: date | None = None) -> datetime:
    """Return the first instant from `city_now` on at which a notice about a Monday may be sent."""
    if not is_quiet(city_now):
        return city_now
    morning = _morning(city_now)
    if action not in EVEN_AT_NIGHT or monday != morning:
        return at_tehran(morning, f"{QUIET_UNTIL:02d}:00")
    return city_now if may_wake(city_now) else at_tehran(morning, f"{WOKEN_FROM:02d}:00")


def may_wake(city_now: datetime) -> bool:
    """Return whether a citizen who must know before leaving home is notified now."""
    return in_tehran(city_now).hour >= WOKEN_FROM


def deliver(application: Channels, city_now: datetime) -> int:
    """Send what waits in the outbox; return how many notices were sent.

    A citizen without a mobile is telephoned: her notices go to the desk's list. If a process dies
    after sending a notice and before recording it, the notice is sent twice rather than never; the
    gateway can recognise it by its id. The notices of one citizen never overtake each other.

    By night only citizens who must know about the coming morning's Monday get notices. All of
    theirs are sent in order, so that no older notice contradicts them in the morning.

    `city_now` is the time at which sending begins. Behind a slow gateway it goes on for hours, so
    each claim checks again whether people sleep and what is still true.

    It goes on for notices that were due when it began, or have been due for a second. Newer ones
    leave together in the next second, because a claim costs as much as several notices.
    """
    begun, left = application.clock(), 0
    ahead = city_now - begun
    while may_wake(at := application.clock() + ahead) and (
        letters := _claim(application, at, max(begun, application.clock() - GATHERED))
    ):
        if len(letters) == 1:
            left += _write(application, [(letters[0], _outcome(application, letters[0]))])
        else:
            left += _send_side_by_side(application, letters)
    return left


def _claim(application: Channels, city_now: datetime, since: datetime) -> list[_Letter]:
    """Claim what is due, if anything has been due since `since` (machine time)."""
    night = _morning(city_now) if is_quiet(city_now) else None
    with application.store.unit_of_work(since, reading=True) as uow:
        if not uow.outbox.has_due(night):
            return []
    with application.store.unit_of_work(application.clock()) as uow:
        claimed = uow.outbox.claim(CLAIM, AT_ONCE, night)
    # A reading transaction, so that no writer waits for the wording.
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        _read_cases(uow, claimed)
        return [_letter(uow, notice, application.host, city_now) for notice in claimed]


def _read_cases(uow: UnitOfWork, notices: Sequence[Notice]) -> None:
    """Load what the notices are about by a few statements for all: their requests, with the tags of
    their events checked, the entries about these, and whom they go to.

    If one of them cannot be read, each is read separately later.
    """
    try:
        uow.requests.read_checked({notice.request_id for notice in notices})
        cases = [uow.requests.by_id(notice.request_id) for notice in notices]
        uow.log_index.newest_of({case.ticket for case in cases})
        uow.people.several({notice.person_id for notice in notices if notice.person_id})
    except Exception as fault:
        if is_unreachable(fault):
            raise


def _send_side_by_side(application: Channels, letters: Sequence[_Letter]) -> int:
    """Send several notices in parallel; return how many were sent.

    Outcomes that arrive at the same moment are recorded together, without delay, so that only
    notices in flight are sent twice when a process dies. After all are done, the error of the first
    failed recording is raised.
    """
    left, faults = 0, list[Exception]()
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="notice") as threads:
        tried = {threads.submit(_outcome, application, letter): letter for letter in letters}
        waiting: set[Future[Delivery]] = set(tried)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            left += _write_each(
                application, [(tried[future], future.result()) for future in done], faults
            )
    if faults:
        raise faults[0]
    return left


def _write_each(
    application: Channels, outcomes: Sequence[tuple[_Letter, Delivery]], faults: list[Exception]
) -> int:
    """Record outcomes together, or if that fails each alone, so that none is sent again."""
    try:
        return _write(application, outcomes)
    except Exception as fault:  # noqa: BLE001  (raised again once all are written)
        if len(outcomes) == 1:
            faults.append(fault)
            return 0
    return sum(_write_each(application, [outcome], faults) for outcome in outcomes)


def _letter(uow: UnitOfWork, notice: Notice, host: str, city_now: datetime) -> _Letter:
    """Compose the message of a notice; one without text or recipient stays unsent.

    Any fault in it is logged and does not stop the others, which would otherwise be claimed
    together with it again and again.
    """
    assert notice.person_id is not None
    text, until, is_placeholder, is_forged = "", None, False, False
    try:
        facts = about(uow, notice, city_now)
        text, until = notice_text(facts, host).sms, facts.true_until
    except ForgedNoticeError:
        is_forged = True
    except Exception as fault:
        if is_unreachable(fault):
            raise
        _log.exception("notice %s has no words", notice.id)
    try:
        person = uow.people.get(notice.person_id)
        mobile, is_placeholder = person.mobile, _is_placeholder(uow, notice, person)
    except Exception as fault:
        if is_unreachable(fault):
            raise
        _log.exception("notice %s has no reader", notice.id)
        mobile, text = "", ""
    is_over = is_placeholder or is_late(until, city_now)
    return _Letter(notice, mobile, text, _message_id(uow, notice), is_over, until, is_forged)


def _is_placeholder(uow: UnitOfWork, notice: Notice, person: Person) -> bool:
    """Return whether a notice belongs to a placeholder of a lost request, whom nobody can call.

    Its identity is its ticket.
    """
    is_unreached = person.mobile is None
    return is_unreached and person.identity == uow.requests.by_id(notice.request_id).ticket


def _message_id(uow: UnitOfWork, notice: Notice) -> str:
    """Return the message's id, the same at every try and after a restore that does it again.

    So it has no number of a row, which then may be that of another notice.
    """
    about = f"{notice.request_id}/{notice.order_id or ''}/{notice.action}"
    named = f"{about}/{int(notice.at.timestamp())}"
    return message_id(uow.vault.lookup("message", named))


def _outcome(application: Channels, letter: _Letter) -> Delivery:
    """Return the outcome of a message.

    A notice that is true for a minute never goes to the desk: a citizen without a mobile sits in
    the hall, whose screen calls her.
    """
    is_idle = letter.mobile is None and letter.notice.action in OF_THE_MINUTE
    return Delivery.SHOWN if letter.is_over or is_idle else _try_send(application, letter)


def _write(application: Channels, outcomes: Sequence[tuple[_Letter, Delivery]]) -> int:
    """Record the outcomes; return how many were sent."""
    sent = [letter.notice for letter, outcome in outcomes if outcome is Delivery.SENT]
    with application.store.unit_of_work(application.clock()) as uow:
        if sent:
            uow.outbox.mark_sent(*sent)
        for letter, outcome in outcomes:
            if letter.is_forged:
                uow.security.report_forged(f"notice {letter.notice.id}")
            if outcome is Delivery.SHOWN:
                uow.outbox.mark_shown(letter.notice)
            elif outcome is Delivery.TO_CALL:
                uow.outbox.hand_to_desk(letter.notice, letter.true_until)
            elif outcome is Delivery.FAILED:
                uow.outbox.mark_failed(
                    letter.notice, letter.true_until, has_words=bool(letter.text)
                )
            elif outcome is Delivery.WAITING:
                uow.outbox.mark_unanswered(letter.notice, letter.true_until)
    application.pubsub.publish(uow.topics_to_publish)
    return len(sent)


def _try_send(application: Channels, letter: _Letter) -> Delivery:
    """Return the outcome of one try; still WAITING if it is unknown."""
    if letter.mobile is None:
        return Delivery.TO_CALL
    if not letter.text:
        return Delivery.FAILED
    try:
        application.phone.send(letter.mobile, letter.text, letter.message_id)
    except UnansweredError as unknown:
        _log.warning("notice %s may not have been sent: %s", letter.notice.id, unknown)
        return Delivery.WAITING
    except NotSentError as refusal:
        _log.warning("notice %s could not be sent: %s", letter.notice.id, refusal)
        return Delivery.FAILED
    except Exception as fault:  # noqa: BLE001  (a notice that did not go out must not go astray)
        # The error's text may hold the mobile, so it is not logged.
        _log.warning("notice %s could not be sent: %s", letter.notice.id, type(fault).__name__)
        return Delivery.FAILED
    return Delivery.SENT
