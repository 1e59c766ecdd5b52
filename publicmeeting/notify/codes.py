"""Sender of one-time codes: immediate, in its own threads, with an outcome for each code.

Somebody waits for the answer. Within seconds she learns whether the code was sent, and a slow
gateway never holds a thread that reads pages or files requests.
"""

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from typing import Protocol

from publicmeeting.kit.clock import Clock
from publicmeeting.notify.phone import NotSentError, Phone, UnansweredError, message_id
from publicmeeting.store.unit_of_work import CodeMessage, Store

THREADS = 16
WAITING_MOST = 64
"""How many codes may wait for a thread; further ones are refused immediately."""
LONGEST_WAIT = 2.0
"""Seconds after which a waiting code is not sent: she has waited long enough for an answer."""
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """Outcome of a code; the last two are keys of `text.refusals`."""

    SENT = "code_sent"
    UNANSWERED = "code_unanswered"
    """The gateway did not answer in time: the code may still reach her."""
    NOT_SENT = "code_not_sent"


UNSENT = frozenset({Outcome.UNANSWERED, Outcome.NOT_SENT})


class Parts(Protocol):
    """The parts of the application that sending needs."""

    store: Store
    phone: Phone
    clock: Clock


class CodeSender:
    """Sends codes; one per process."""

    def __init__(self, application: Parts) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="code")
        self._room = threading.BoundedSemaphore(THREADS + WAITING_MOST)

    def send(self, message: CodeMessage) -> "Future[Outcome]":
        """Begin sending; the future never raises. Blocks only for the database."""
        if not self._room.acquire(blocking=False):
            _log.warning("a code could not be sent: too many wait for the gateway")
            refused: Future[Outcome] = Future()
            refused.set_result(self._undone(message, Outcome.NOT_SENT))
            return refused
        asked_at = time.monotonic()
        sending = self._threads.submit(self._send, message, asked_at)
        sending.add_done_callback(lambda _: self._room.release())
        return sending

    def _send(self, message: CodeMessage, asked_at: float) -> Outcome:
        return self._undone(message, self._outcome(message, asked_at))

    def _outcome(self, message: CodeMessage, asked_at: float) -> Outcome:
        if time.monotonic() - asked_at > LONGEST_WAIT:
            _log.warning("a code could not be sent: it waited too long")
            return Outcome.NOT_SENT
        try:
            self._application.phone.send(message.mobile, message.text, message_id(message.digest))
        except UnansweredError as unknown:
            _log.warning("a code may not have been sent: %s", unknown)
            return Outcome.UNANSWERED
        except NotSentError as refusal:
            _log.warning("a code could not be sent: %s", refusal)
            return Outcome.NOT_SENT
        except Exception as fault:  # noqa: BLE001  (whatever it was: she can ask once more)
            # The error's text may hold the code, so it is not logged.
            _log.warning("a code could not be sent: %s", type(fault).__name__)
            return Outcome.NOT_SENT
        return Outcome.SENT

    def _undone(self, message: CodeMessage, outcome: Outcome) -> Outcome:
        """Undo the counts of a code that was not sent, so that she may ask again immediately."""
        if outcome is Outcome.SENT:
            return outcome
        undo = message.if_not_sent if outcome is Outcome.NOT_SENT else message.if_unanswered
        try:
            with self._application.store.unit_of_work(self._application.clock()) as uow:
                undo(uow)
        except Exception:  # noqa: BLE001  (she gets an answer all the same)
            _log.warning("a code that was not sent is still counted", exc_info=True)
        return outcome
