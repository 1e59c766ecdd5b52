"""The layer before the pages' sockets."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive, Scope, Send

from publicmeeting.office import Office
from publicmeeting.web.socket import PageSockets

Page = Callable[[Scope, Receive, Send], Awaitable[None]]


def through(office: Office, page: Page, headers: list[tuple[bytes, bytes]]) -> list[Message]:
    """One socket through the layer, before this page; what was sent to the client."""
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/_event", "headers": headers, "query_string": b""}
    asyncio.run(PageSockets(page, lambda: office)(scope, receive, send))
    return told


def test_a_socket_has_an_id_of_ours_while_it_is_open(office: Office) -> None:
    seen: list[str] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        ids = [value.decode() for name, value in scope["headers"] if name == b"x-socket"]
        assert [office.sockets.is_open(one) for one in ids] == [True]
        seen.extend(ids)

    for _ in range(2):
        through(office, page, [(b"x-socket", b"mine"), (b"X-Socket", b"mine too")])
    assert len(set(seen)) == 2
    assert not {"mine", "mine too"} & set(seen)
    assert len(office.sockets) == 0


def test_what_works_for_a_page_ends_with_its_socket(office: Office) -> None:
    tasks: list[asyncio.Task[bool]] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        socket = dict(scope["headers"])[b"x-socket"].decode()
        tasks.append(asyncio.create_task(asyncio.Event().wait()))
        assert office.sockets.register(socket, "watch", tasks[-1])

    through(office, page, [])
    assert tasks[0].cancelled()
