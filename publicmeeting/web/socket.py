"""The layer before the pages' sockets: what each of them is called inside this process."""

from starlette.types import ASGIApp, Receive, Scope, Send

from publicmeeting.kit.codes import token
from publicmeeting.live.sockets import SOCKET_HEADER
from publicmeeting.web.browser import OfficeOf

_HEADER = SOCKET_HEADER.encode()


class PageSockets:
    """Gives each socket a random id, by which background tasks of its page end with it."""

    def __init__(self, app: ASGIApp, office: OfficeOf) -> None:
        self.app = app
        self.office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        socket = token()
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != _HEADER]
        sockets = self.office().sockets
        sockets.open(socket)
        try:
            told = {**scope, "headers": [*headers, (_HEADER, socket.encode())]}
            await self.app(told, receive, send)
        finally:
            sockets.close(socket)
