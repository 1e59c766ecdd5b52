"""Layer that answers a few requests of one address at a time, so that others need not wait for all.

The sockets of pages have places of their own (`live/at_once.py`).
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.live.at_once import AtOnce
from publicmeeting.web.browser import address_of


class FewAtOnce:
    """Lets a request begin when its address has a place; other addresses never wait for it.

    A request that waits for its sender, or whose answer waits for its reader, holds no place.
    """

    def __init__(self, app: ASGIApp, places: AtOnce | None = None) -> None:
        self.app = app
        self._places = places or AtOnce()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        address = address_of(scope)
        place = await self._places.take(address)

        async def received() -> Message:
            nonlocal place
            place.give_back()
            message = await receive()
            if message["type"] == "http.request":
                place = await self._places.take(address)
            return message

        async def sent(message: Message) -> None:
            place.give_back()
            await send(message)

        try:
            await self.app(scope, received, sent)
        finally:
            place.give_back()
