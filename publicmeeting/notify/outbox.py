"""Reads the outbox and sends: by day only, each notice once, again later where a try failed."""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.notices import EVEN_AT_NIGHT, OF_THE_MINUTE, Delivery
from publicmeeting.domain.records import Person
from publicmeeting.kit.clock import Clock, at_tehran, in_tehran, tehran_day
from publicmeeting.notify.phone import NotSentError, Phone, UnansweredError, message_id
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.store.database.engine import is_unreachable
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import Store, UnitOfWork

QUIET_FROM, QUIET_UNTIL = 22, 8
"""Hours of Tehran between which nobody is woken; codes are asked for and go at once."""

WOKEN_FROM = 6
"""And until midnight: then somebody is woken all the same, by word that the coming morning's Monday
is called off or held elsewhere. The day is too late for whoever has a seat at nine and a long way.
"""

CLAIM = timedelta(minutes=2)
"""How long a notice is ours: a process that dies while sending leaves it to the next one."""

PARALLEL = 12
"""Messages on their way at the same time: 40 a second where the gateway takes 300 ms."""

AT_ONCE = 4 * PARALLEL
"""So few that even a gateway which lets every one of them wait is done within the claim."""

_log = logging.getLogger(__name__)


class Publisher(Protocol):
    """Wakes the open pages, once something has been committed."""

    def publish(self, topics: Collection[str]) -> None: ...


class Channels(Protocol):
    """The parts of the application that sending needs."""

    store: Store
    phone: Phone
    clock: Clock
    host: str
    """Where the site is found, for a text that sends somebody there."""

    @property
    def pubsub(self) -> Publisher: ...


@dataclass(frozen=True, slots=True)
class _Letter:
    notice: Notice
    mobile: str | None
    text: str
    message_id: str
    is_over: bool
    """What it says is not true any more, or concerns nobody who can be informed."""
    true_until: datetime | None = None
    """From then on nobody at the desk informs her either."""


def is_quiet(city_now: datetime) -> bool:
    """Whether people sleep."""
    hour = in_tehran(city_now).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def _morning(city_now: datetime) -> date:
    """The day on which a night ends."""
    evening = in_tehran(city_now).hour >= QUIET_FROM
    return tehran_day(city_now) + timedelta(days=1 if evening else 0)


def by_day(city_now: datetime, action: str = "", monday: date | None = None) -> datetime:
    """The first instant from then on at which a notice about a Monday may be sent."""
    if not is_quiet(city_now):
        return city_now
    morning = _morning(city_now)
    if action not in EVEN_AT_NIGHT or monday != morning:
        return at_tehran(morning, f"{QUIET_UNTIL:02d}:00")
    return city_now if may_wake(city_now) else at_tehran(morning, f"{WOKEN_FROM:02d}:00")


def may_wake(city_now: datetime) -> bool:
    """Whether somebody who has to know before she leaves the house is notified now."""
    return in_tehran(city_now).hour >= WOKEN_FROM


def deliver(application: Channels, city_now: datetime) -> int:
    """Send what waits in the outbox; returns how many notices left it.

    Whoever has no mobile is called: her notices go to the desk's list. What was sent
    and not yet written down when a process dies is sent twice, never not at all, and the gateway
    can know it by its id. No one's notices overtake each other.

    By night they go to whoever has to know what becomes of the coming morning's Monday; hers go in
    their order, so that none of the evening says something else when the day begins.

    `city_now` is the time at which it begins. Behind a slow gateway it goes on for hours: each
    claim asks again whether people sleep, and what is still true by then.
    """
    ahead, left = city_now - application.clock(), 0
    while may_wake(at := application.clock() + ahead) and (letters := _claim(application, at)):
        if len(letters) == 1:
            left += _write(application, [(letters[0], _outcome(application, letters[0]))])
        else:
            left += _send_side_by_side(application, letters)
    return left


def _claim(application: Channels, city_now: datetime) -> list[_Letter]:
    night = _morning(city_now) if is_quiet(city_now) else None
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        if not uow.outbox.has_due(night):
            return []
    with application.store.unit_of_work(application.clock()) as uow:
        claimed = uow.outbox.claim(CLAIM, AT_ONCE, night)
    # Nobody who writes waits for the words.
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        _read_cases(uow, claimed)
        return [_letter(uow, notice, application.host, city_now) for notice in claimed]


def _read_cases(uow: UnitOfWork, notices: Sequence[Notice]) -> None:
    """What they are about, by few statements however many they are. Where one of them cannot be
    read, each is read by itself."""
    try:
        uow.requests.by_ids(sorted({notice.request_id for notice in notices}))
    except Exception as fault:
        if is_unreachable(fault):
            raise


def _send_side_by_side(application: Channels, letters: Sequence[_Letter]) -> int:
    """What has become of several in the same moment is written down together, and at once: only
    what is on its way when a process dies is sent twice. Returns how many were sent; raises, once
    all are done, what the first failed writing has raised."""
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
    """All together; where that fails, each alone, so that none is sent again for another's sake."""
    try:
        return _write(application, outcomes)
    except Exception as fault:  # noqa: BLE001  (raised again once all are written)
        if len(outcomes) == 1:
            faults.append(fault)
            return 0
    return sum(_write_each(application, [outcome], faults) for outcome in outcomes)


def _letter(uow: UnitOfWork, notice: Notice, host: str, city_now: datetime) -> _Letter:
    """One that has no words or no reader, whatever the fault, stays unsent, and does not keep the
    others from going: they would be claimed together again and again."""
    assert notice.person_id is not None
    until, is_nobody = None, False
    try:
        facts = about(uow, notice, city_now)
        text, until = notice_text(facts, host).sms, facts.true_until
    except Exception as fault:
        if is_unreachable(fault):
            raise
        _log.exception("notice %s has no words", notice.id)
        text = ""
    try:
        person = uow.people.get(notice.person_id)
        mobile, is_nobody = person.mobile, _is_nobody(uow, notice, person)
    except Exception as fault:
        if is_unreachable(fault):
            raise
        _log.exception("notice %s has no reader", notice.id)
        mobile, text = "", ""
    is_over = is_nobody or is_late(until, city_now)
    return _Letter(notice, mobile, text, _message_id(uow, notice), is_over, until)


def _is_nobody(uow: UnitOfWork, notice: Notice, person: Person) -> bool:
    """Of what stands in for a lost request the ticket is the identity; nobody can be called."""
    is_unreached = person.mobile is None
    return is_unreached and person.identity == uow.requests.by_id(notice.request_id).ticket


def _message_id(uow: UnitOfWork, notice: Notice) -> str:
    """The same at every try; another after a restored backup has assigned the row's number anew."""
    named = f"{notice.request_id}/{notice.id}/{notice.at.timestamp()}"
    return message_id(uow.vault.lookup("message", named))


def _outcome(application: Channels, letter: _Letter) -> Delivery:
    """Of the minute is nothing for the desk: whoever has no mobile sits in the hall, which calls
    her by its own screen."""
    is_idle = letter.mobile is None and letter.notice.action in OF_THE_MINUTE
    return Delivery.SHOWN if letter.is_over or is_idle else _tried(application, letter)


def _write(application: Channels, outcomes: Sequence[tuple[_Letter, Delivery]]) -> int:
    """What has become of them; returns how many were sent."""
    sent = [letter.notice for letter, outcome in outcomes if outcome is Delivery.SENT]
    with application.store.unit_of_work(application.clock()) as uow:
        if sent:
            uow.outbox.mark_sent(*sent)
        for letter, outcome in outcomes:
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


def _tried(application: Channels, letter: _Letter) -> Delivery:
    """What became of one try; still WAITING where nobody knows."""
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
        # Never the fault's words: they may hold the mobile.
        _log.warning("notice %s could not be sent: %s", letter.notice.id, type(fault).__name__)
        return Delivery.FAILED
    return Delivery.SENT
