"""Uploads that come at once lie on the disk before anybody has asked whose they are: only so many
bytes of them, in all and from one address."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.types import Message

from publicmeeting.domain.errors import TooBusy
from publicmeeting.web import browser

SPOOLED_MOST, OF_AN_ADDRESS = 2**30, 2**28
"""Bytes of one process. An operator's telephones are one address: eight hundred of them may send a
photo of their page's script at once, or sixty one of four megabytes."""


class Spool:
    """What has come of the uploads under way, and from which address."""

    def __init__(self, most: int = SPOOLED_MOST, of_an_address: int = OF_AN_ADDRESS) -> None:
        self.most, self.of_an_address = most, of_an_address
        self._lying = Counter[str]()

    @contextmanager
    def counting(self, request: Request) -> Iterator[Request]:
        """The same request, whose reading raises `TooBusy` where there is no room for more."""
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
            self._lying += Counter()  # forgets whoever has nothing there


@contextmanager
def counting(request: Request) -> Iterator[Request]:
    """`Spool.counting` by the spool of this process."""
    spool: Spool = request.app.state.spool
    with spool.counting(request) as counted:
        yield counted
