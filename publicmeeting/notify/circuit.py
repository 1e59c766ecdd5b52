"""A circuit breaker for an SMS gateway, and its state for operators.

A gateway that hangs or is down gets no calls for a while. Meanwhile messages fail immediately
instead of waiting for a timeout. Afterwards one message tries the gateway for all.
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
"""How many failures in a row open the circuit."""

PAUSE_SECONDS = 10.0
"""How long an open circuit refuses all messages before one message tries the gateway."""

REFUSALS = 10
"""How many rejected messages in a row count as a gateway that accepts nothing.

Then the account there has ended, its credit is used up, or the address answers something else.
"""


class CircuitState(StrEnum):
    CLOSED = "closed"
    """Messages pass."""
    OPEN = "open"
    """Nothing passes until the pause is over."""
    PROBING = "probing"
    """The pause is over: one message tries the gateway, all others are refused."""


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """One gateway as this process sees it.

    An open circuit is a fault to report, but no reason to take the server out of service, because
    every other server uses the same gateway.
    """

    name: str
    circuit: CircuitState
    succeeded_at: datetime | None
    """When a message was last accepted."""
    failed_at: datetime | None
    """When the gateway was last unreachable, or gave no answer."""
    taken: int
    """Messages since this process began, as are the next three counts."""
    refused: int
    """The gateway answered and rejected this message."""
    refused_in_a_row: int
    """Messages that it rejected since it last accepted one."""
    unreachable: int
    unanswered: int
    """The gateway may have accepted these: no answer came in time."""
    seconds: float | None
    """Duration of the newest answer."""
    in_flight: int

    @property
    def accepts_messages(self) -> bool:
        """Return whether messages pass, and not every one of the newest was rejected."""
        return self.circuit is CircuitState.CLOSED and self.refused_in_a_row < REFUSALS


class Circuit:
    """Lets calls of one gateway pass, or refuses them. Thread-safe.

    Only failures that concern every message open it: a gateway that rejects one number works.
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
        self._refused_in_a_row = 0
        self._latency: float | None = None
        self._in_flight = 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Guard one call of the gateway; `UnreachableError` without a call if it is open."""
        self._enter()
        began = self._seconds()
        try:
            yield
        except (UnreachableError, UnansweredError, NotSentError) as failure:
            self._leave(began, failure)
            raise
        except BaseException:
            with self._lock:
                self._in_flight -= 1
                self._is_probing = False
            raise
        self._leave(began, None)

    @property
    def is_refusing(self) -> bool:
        """Return whether the next call would be refused without being made."""
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
                self._refused_in_a_row,
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
                self._refused_in_a_row = 0
                self._succeeded_at = self._clock()
            else:
                self._refused += 1
                self._refused_in_a_row += 1
