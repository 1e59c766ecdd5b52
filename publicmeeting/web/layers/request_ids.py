"""Layer that gives each request an id, for its log lines and its answer."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.kit.codes import token
from publicmeeting.kit.context import set_request_id

HEADER = "X-Request-Id"
_BYTES = 9


class RequestIds:
    """Outermost layer. An id sent by the client is ignored."""

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
