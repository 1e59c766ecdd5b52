"""The national service that knows whose a mobile is: one HTTP call described by settings."""

from concurrent.futures import TimeoutError as NeverEnded

import httpx2

from publicmeeting.domain.people import local_mobile
from publicmeeting.kit.http_call import SmsGateway
from publicmeeting.notify.circuit import Circuit, GatewayStatus
from publicmeeting.notify.gateway import ask, run
from publicmeeting.notify.phone import NotSentError, UnansweredError, UnreachableError

SECONDS = 3.0
"""Time limit; nobody waits for the answer, and the next person can be asked about."""


class Matcher:
    """Asks whether a mobile belongs to an identity; thread-safe."""

    def __init__(
        self,
        service: SmsGateway,
        a_day: int = 0,
        transport: httpx2.AsyncBaseTransport | None = None,
        *,
        seconds: float = SECONDS,
    ) -> None:
        """`a_day` is the number of questions that the city pays for in a day; 0 for no limit."""
        self._service, self.a_day = service, a_day
        self._circuit = Circuit("matching")
        self._seconds = seconds
        self._client = httpx2.AsyncClient(transport=transport)

    @property
    def is_refusing(self) -> bool:
        """Return whether the service gets no calls for now."""
        return self._circuit.is_refusing

    def is_owner(self, identity: str, mobile: str) -> bool:
        """Return whether the service confirms that this mobile (E.164) belongs to this identity.

        Raises `UnreachableError` or `UnansweredError` if it gives no answer.
        """
        values = {"identity": identity, "mobile": local_mobile(mobile)}
        try:
            with self._circuit.passing():
                future = run(ask(self._client, self._service, values, self._seconds))
                try:
                    future.result(2 * self._seconds)
                except NeverEnded:
                    future.cancel()
                    raise UnansweredError("the matching service gave no answer") from None
        except UnreachableError:
            raise
        except NotSentError:
            return False
        return True

    def status(self) -> GatewayStatus:
        return self._circuit.status()
