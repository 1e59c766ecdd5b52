"""Limits the bytes of simultaneous uploads on disk, in total and for each address.

They are stored before anybody has checked whose they are.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.types import Message

from publicmeeting.domain.errors import TooBusy
from publicmeeting.web import browser

SPOOLED_MOST, OF_AN_ADDRESS = 2**30, 2**28
"""Maximum bytes in one process, in total and for one address.

An operator's telephones share one address. 800 of them may each send a photo of the page's script
at once, or 61 a photo of four megabytes.
"""


class Spool:
    """Bytes of the uploads in progress, in total and by address."""

    def __init__(self, most: int = SPOOLED_MOST, of_an_address: int = OF_AN_ADDRESS) -> None:
        self.most, self.of_an_address = most, of_an_address
        self._lying = Counter[str]()

    @contextmanager
    def counting(self, request: Request) -> Iterator[Request]:
        """Yield the same request; reading it raises TooBusy if the limit is reached."""
        address, came = browser.address(request), 0

        async def counted() -> Message:
            nonlocal came
            message = await request.receive()
            size = len(message.get("body", b""))
            if (
                self._lying[address] + size > self.of_an_address
                or self._lying.total() + size > self.most
            ):
                raise TooBusy
            came += size
            self._lying[address] += size
            return message

        try:
            yield Request(request.scope, counted)
        finally:
            self._lying[address] -= came
            self._lying += Counter()  # removes addresses with zero bytes


@contextmanager
def counting(request: Request) -> Iterator[Request]:
    """Apply `Spool.counting` with the spool of this process."""
    spool: Spool = request.app.state.spool
    with spool.counting(request) as counted:
        yield counted
