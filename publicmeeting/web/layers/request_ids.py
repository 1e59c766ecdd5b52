"""Each request gets an id; its log lines and its answer carry it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.kit.codes import token
from publicmeeting.kit.request_id import set_request_id

HEADER = "X-Request-Id"
_BYTES = 9


class RequestIds:
    """The outermost layer. What a client sends as an id is its own matter and not read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request_id = token(_BYTES)
        set_request_id(request_id)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self.app(scope, receive, named)
