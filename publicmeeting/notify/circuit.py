"""A circuit breaker before an SMS gateway, and what it knows of the gateway for operators.

A gateway that hangs or is gone is left alone for a while: whoever wants a message meanwhile is told
so at once, instead of waiting for a time-out. Afterwards one message tries it for all.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publicmeeting.kit.clock import Clock, utc_now
from publicmeeting.notify.phone import NotSentError, UnansweredError, UnreachableError

FAILURES = 5
"""So many in a row open the circuit."""

PAUSE_SECONDS = 10.0
"""How long an open circuit lets nothing pass before one message tries the gateway again."""


class CircuitState(StrEnum):
    CLOSED = "closed"
    """Messages pass."""
    OPEN = "open"
    """Nothing passes until the pause is over."""
    PROBING = "probing"
    """The pause is over: one message tries the gateway, all others are refused."""


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """One gateway as this process has seen it. An open circuit is a fault to be reported, and no
    reason to take the server out of service: every other server has the same gateway."""

    name: str
    circuit: CircuitState
    succeeded_at: datetime | None
    """When a message was taken last."""
    failed_at: datetime | None
    """When the gateway was last unreachable, or gave no answer."""
    taken: int
    """Messages since this process began; likewise the next three."""
    refused: int
    """The gateway answered, and rejected this message."""
    unreachable: int
    unanswered: int
    """The gateway may have taken these: no answer came in time."""
    seconds: float | None
    """How long the newest answer took."""
    in_flight: int


class Circuit:
    """Lets calls of one gateway pass, or not. Threads may share it.

    Only what concerns every message opens it: a gateway that says no to one number works.
    """

    def __init__(
        self, name: str, clock: Clock = utc_now, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures_in_a_row = 0
        self._opened_at = 0.0
        self._is_probing = False
        self._succeeded_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._taken = self._refused = self._unreachable = self._unanswered = 0
        self._latency: float | None = None
        self._in_flight = 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around one call of the gateway; `UnreachableError` without one where it is open."""
        self._enter()
        began = self._seconds()
        try:
            yield
        except (UnreachableError, UnansweredError) as failure:
            self._leave(began, failure)
            raise
        except NotSentError as refusal:
            self._leave(began, refusal)
            raise
        except BaseException:
            with self._lock:
                self._in_flight -= 1
                self._is_probing = False
            raise
        self._leave(began, None)

    @property
    def is_refusing(self) -> bool:
        """Whether the next call would be refused without being made."""
        with self._lock:
            return self._state() is not CircuitState.CLOSED and not self._may_probe()

    def status(self) -> GatewayStatus:
        with self._lock:
            return GatewayStatus(
                self._name,
                self._state(),
                self._succeeded_at,
                self._failed_at,
                self._taken,
                self._refused,
                self._unreachable,
                self._unanswered,
                self._latency,
                self._in_flight,
            )

    def _state(self) -> CircuitState:
        if self._failures_in_a_row < FAILURES:
            return CircuitState.CLOSED
        is_over = self._seconds() - self._opened_at >= PAUSE_SECONDS
        return CircuitState.PROBING if is_over else CircuitState.OPEN

    def _may_probe(self) -> bool:
        return self._state() is CircuitState.PROBING and not self._is_probing

    def _enter(self) -> None:
        with self._lock:
            if self._state() is not CircuitState.CLOSED:
                if not self._may_probe():
                    raise UnreachableError("the SMS gateway is left alone for a while")
                self._is_probing = True
            self._in_flight += 1

    def _leave(self, began: float, failure: OSError | None) -> None:
        with self._lock:
            self._in_flight -= 1
            self._is_probing = False
            if isinstance(failure, UnreachableError | UnansweredError):
                self._failures_in_a_row += 1
                self._opened_at = self._seconds()
                self._failed_at = self._clock()
                self._unreachable += isinstance(failure, UnreachableError)
                self._unanswered += isinstance(failure, UnansweredError)
                return
            self._latency = self._seconds() - began
            self._failures_in_a_row = 0
            if failure is None:
                self._taken += 1
                self._succeeded_at = self._clock()
            else:
                self._refused += 1
