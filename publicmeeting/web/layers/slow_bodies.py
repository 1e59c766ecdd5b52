"""Layer that ends requests whose body arrives too slowly."""

import asyncio
import time
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAUSE_SECONDS = 30.0
"""Longest pause between two parts of a body, in seconds; a phone in a lift is back by then."""

GRACE_SECONDS, BYTES_A_SECOND = 60.0, 500
"""After the grace period a body must average this rate: half of a bad 2G connection."""

LONGEST_SECONDS = 45 * 60.0
"""Maximum duration of a body, in seconds, so that endless uploads cannot occupy the disk."""

_TOO_SLOW = 408


class PatientBodies:
    """Stops reading a body that stalls or trickles, with `HTTPException` 408."""

    def __init__(
        self,
        app: ASGIApp,
        pause: float = PAUSE_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self.pause = pause
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.seconds()
        came = 0
        is_whole = False

        async def patient() -> Message:
            nonlocal came, is_whole
            if is_whole:  # complete: wait for the disconnect, without a limit
                return await receive()
            try:
                async with asyncio.timeout(self.pause):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(_TOO_SLOW) from None
            came += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            lasted = self.seconds() - began
            is_slow = lasted > GRACE_SECONDS and came < BYTES_A_SECOND * lasted
            if not is_whole and (is_slow or lasted > LONGEST_SECONDS):
                raise HTTPException(_TOO_SLOW)
            return message

        await self.app(scope, patient, send)
