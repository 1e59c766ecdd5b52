"""Layer in front of the Reflex sockets: binds a page to its session and limits its traffic.

Reflex stores the state of a page under a token of the browser's tab, and shows it to anyone who
brings that token. This layer replaces the token by a keyed hash of the token and of the session. So
another person, an ended session or a copied token gets a different, empty page, and no state must
be cleaned up. When a session ends, its open pages are closed; the browser reconnects by itself and
finds an empty page.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.application import Application
from publicmeeting.kit.codes import token
from publicmeeting.kit.process.figures import SOCKETS_FULL
from publicmeeting.live.at_once import AtOnce, Place
from publicmeeting.live.pubsub import published
from publicmeeting.live.sockets import (
    FRAME_BYTES,
    PAGE,
    POLICY_VIOLATION,
    SOCKET_HEADER,
    TRY_AGAIN_LATER,
    Page,
)
from publicmeeting.store.accounts.sessions import Holder, Keys, session_topic
from publicmeeting.usecases.accounts.sessions import (
    OpenSessions,
    PresentedCookies,
    ended_sessions,
    page_holder,
    prolong_session,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.web.browser import ApplicationOf, address_of

FRAMES_A_SECOND, FRAMES_AT_ONCE = 20.0, 60.0
"""Rate limit of frames per socket, and its burst; frames above it are delayed, not lost."""
NET_SECONDS = 15.0
"""Longest delay until an ended session is noticed without a message, in seconds."""
TAKEN_SECONDS = 60.0
"""Longest time in which a client takes one message, in seconds; the proxy waits as long."""
LEFT_SECONDS = 5.0
"""Longest wait for a client to take the close code, in seconds."""
TOO_BIG = 1009

_TOKEN = "token"  # noqa: S105  (the name of a field)
_LONGEST_TOKEN = 64
_HASH = 32
"""Length of the replaced token: 128 bits as hexadecimal digits."""
_EVENT, _CONNECT = "42", "40"
"""Start of a frame that a user's action has sent, which an idle page never does, and of the frame
in which a page connects and asks for what it loads."""
_HEADERS = frozenset(
    {
        b"host",
        b"origin",
        b"upgrade",
        b"connection",
        b"sec-websocket-key",
        b"sec-websocket-version",
        b"sec-websocket-protocol",
    }
)
"""Headers of the handshake that a state stores; others would only take memory."""
logger = logging.getLogger(__name__)


class PageSockets:
    """Accepts a socket, gives the page to its session's holder, and closes it with the session."""

    def __init__(self, app: ASGIApp, application: ApplicationOf) -> None:
        self.app = app
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        sent = _only_token(scope["query_string"])
        if not sent:
            await _refuse(send, POLICY_VIOLATION)
            return
        application = self.application()
        keys = application.cookies.keys(_cookies(scope))
        address = address_of(scope)
        # Whose it is takes a query, and whoever opens sockets without end would have all of them.
        place = await application.sockets.at_once.take(Page(address=address).group)
        try:
            holder = await _holder(application, keys)
        except Exception as fault:  # noqa: BLE001  (without its database the city knows nobody)
            logger.warning("a socket was refused: whose it is cannot be read (%s)", type(fault))
            await _refuse(send, TRY_AGAIN_LATER)
            return
        finally:
            place.give_back()
        page = Page(
            token=_page_token(application, sent, holder),
            owner=holder.name if holder.session else "",
            session=holder.session,
            visit=holder.visit,
            address=address,
            is_staff=holder.is_staff,
            closing=asyncio.get_running_loop().create_future(),
        )
        if application.sockets.is_full(page):
            SOCKETS_FULL.inc()
            logger.warning("a socket was refused: too many pages are open")
            await _refuse(send, TRY_AGAIN_LATER)
            return
        note_use = _Use(application, keys, holder).noted if holder.session else None
        guard = _Guard(page, application.sockets.at_once, receive, send, note_use)
        await self._serve(application, page, guard, scope)

    async def _serve(
        self, application: Application, page: Page, guard: "_Guard", scope: Scope
    ) -> None:
        socket = token()
        application.sockets.open(socket, page)
        listening = asyncio.create_task(_listen(application, page)) if page.session else None
        try:
            await self.app(_for_page(scope, page, socket), guard.receive, guard.send)
        finally:
            application.sockets.close(socket)
            if listening is not None:
                listening.cancel()
            await guard.close()


class _Guard:
    """Limits size and rate of frames between a client and its page, until the socket is closed.

    The page is ended through `receive`: sending a close message would leave it waiting there.
    """

    def __init__(
        self,
        page: Page,
        at_once: AtOnce,
        receive: Receive,
        send: Send,
        note_use: Callable[[], None] | None,
    ) -> None:
        """`note_use` is called for each frame that a user's action has sent."""
        assert page.closing is not None
        self._page = page
        self._at_once = at_once
        self._closing = page.closing
        self._closing.add_done_callback(self._end_sending)
        self._sending: asyncio.Timeout | None = None
        """Limit of the message that is being sent."""
        self._receive = receive
        self._send = send
        self._incoming: asyncio.Future[Message] | None = None
        self._is_closed = False
        self._left = FRAMES_AT_ONCE
        self._left_at = time.monotonic()
        self._note_use = note_use

    async def receive(self) -> Message:
        if self._incoming is None:
            self._incoming = asyncio.ensure_future(self._receive())
        both: set[asyncio.Future[Any]] = {self._incoming, self._closing}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if self._closing.done():
            return {"type": "websocket.disconnect", "code": self._closing.result()}
        message, self._incoming = self._incoming.result(), None
        if message["type"] != "websocket.receive":
            return message
        frame = message.get("text") or message.get("bytes") or ""
        if _bytes_of(frame) > FRAME_BYTES:
            self._closing.set_result(TOO_BIG)
            return {"type": "websocket.disconnect", "code": TOO_BIG}
        await self._pace()
        if isinstance(frame, str) and frame.startswith((_EVENT, _CONNECT)):
            if not await self._takes_place():
                return {"type": "websocket.disconnect", "code": self._closing.result()}
            if self._note_use is not None and frame.startswith(_EVENT):
                self._note_use()
        return message

    async def _takes_place(self) -> bool:
        """Wait until this page's address or owner may have another event carried out.

        Returns False if the page is closed meanwhile.
        """
        place = self._at_once.free(self._page.group) or await self._wait_for_place()
        if place is None:
            return False
        under_way = self._page.under_way
        while under_way and under_way[0].is_back:  # nothing has been heard of that event
            under_way.popleft()
        under_way.append(place)
        return True

    async def _wait_for_place(self) -> Place | None:
        place = asyncio.ensure_future(self._at_once.take(self._page.group))
        try:
            both: set[asyncio.Future[Any]] = {place, self._closing}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not place.done():
                place.cancel()
        return place.result() if place.done() else None

    async def send(self, message: Message) -> None:
        if self._closing.done():
            return  # nothing more is sent to a page whose session has ended
        self._is_closed = message["type"] == "websocket.close"
        if self._is_closed and self._incoming is not None:
            # The server closes no socket from which somebody still waits for a frame. A telephone
            # that is gone without a word sends none.
            self._incoming.cancel()
        try:
            async with asyncio.timeout(TAKEN_SECONDS) as self._sending:
                await self._send(message)
        except TimeoutError:
            if not self._closing.done():
                self._closing.set_result(TRY_AGAIN_LATER)
        finally:
            self._sending = None

    def _end_sending(self, _closing: object) -> None:
        """Give up a message that the client does not take: the page would wait for it."""
        if self._sending is not None and not self._sending.expired():
            self._sending.reschedule(asyncio.get_running_loop().time())

    async def close(self) -> None:
        """End the page; send the close code if the client has not closed first."""
        if self._incoming is not None:
            self._incoming.cancel()
        if self._closing.done() and not self._is_closed:
            with contextlib.suppress(Exception):  # the client has disconnected, or takes nothing
                async with asyncio.timeout(LEFT_SECONDS):
                    await self._send({"type": "websocket.close", "code": self._closing.result()})

    async def _pace(self) -> None:
        now = time.monotonic()
        self._left = min(self._left + (now - self._left_at) * FRAMES_A_SECOND, FRAMES_AT_ONCE) - 1
        self._left_at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / FRAMES_A_SECOND)


class _Use:
    """Records from time to time that a session is in use."""

    def __init__(self, application: Application, keys: Keys, holder: Holder) -> None:
        self._application = application
        self._keys = keys
        self._again_at = time.monotonic() + holder.noted_for
        self._noting: asyncio.Task[None] | None = None

    def noted(self) -> None:
        if self._noting is None and time.monotonic() >= self._again_at:
            self._noting = asyncio.create_task(self._note())

    async def _note(self) -> None:
        try:
            await self._application.execute(prolong_session, self._keys, Nothing())
            holder = await _holder(self._application, self._keys)
            self._again_at = time.monotonic() + holder.noted_for
        except Exception as fault:  # noqa: BLE001  (her doing goes on; at the next frame again)
            logger.warning("the use of a session could not be noted (%s)", type(fault))
        finally:
            self._noting = None


async def close_ended(office_of: ApplicationOf) -> None:
    """Close the sockets of ended sessions, until the process ends.

    A message on the session's topic closes them at once. Sessions without one, among them idle
    ones, are closed within `NET_SECONDS`. One query covers all sessions, independent of the number
    of pages.
    """
    application = office_of()
    while True:
        suspects = await application.sockets.suspects(NET_SECONDS)
        if not suspects:
            continue
        try:
            ended = await application.query(
                ended_sessions, Keys(), OpenSessions(ids=tuple(suspects))
            )
        except Exception as fault:  # noqa: BLE001  (the database is away: asked again)
            logger.warning("ended sessions could not be looked for (%s)", type(fault))
            continue
        application.sockets.end_sessions(ended)


async def _listen(application: Application, page: Page) -> None:
    """Mark this page's session as suspect at each message on its topic, until cancelled."""
    with application.pubsub.subscription(session_topic(page.session)) as subscription:
        while True:
            await published(subscription)
            subscription.clear()
            application.sockets.suspect(page.session)


async def _holder(application: Application, keys: Keys) -> Holder:
    query = PresentedCookies(session=keys.session, visit=keys.visit)
    return await application.query(page_holder, Keys(), query)


def _page_token(application: Application, sent: str, holder: Holder) -> str:
    """Return the token of the state of this tab and holder; a random one without a visit."""
    if not holder.name:
        return token()[:_HASH]
    return application.store.vault.tag("page", json.dumps([sent, holder.name]))[:_HASH]


def _for_page(scope: Scope, page: Page, socket: str) -> Scope:
    """Return the scope for the page: its own token, and only the headers it needs."""
    headers = [one for one in scope["headers"] if one[0].lower() in _HEADERS]
    headers.append((b"cookie", _cookies(scope).encode("latin-1")))
    headers.append((SOCKET_HEADER.encode(), socket.encode()))
    query = [(name, value) for name, value in _query(scope["query_string"]) if name != _TOKEN]
    query.append((_TOKEN, page.token))
    return {**scope, PAGE: page, "headers": headers, "query_string": urlencode(query).encode()}


def _only_token(query: bytes) -> str:
    """Return the token of the tab; empty if there is none or more than one."""
    found = [value for name, value in _query(query) if name == _TOKEN]
    return found[0] if len(found) == 1 and len(found[0]) <= _LONGEST_TOKEN else ""


def _query(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)


def _cookies(scope: Scope) -> str:
    """Return all cookies as one header, so that every reader sees the same ones."""
    return "; ".join(Headers(scope=scope).getlist("cookie"))


def _bytes_of(frame: str | bytes) -> int:
    if isinstance(frame, str) and len(frame) <= FRAME_BYTES:
        return len(frame.encode("utf-8", "surrogatepass"))
    return len(frame)


async def _refuse(send: Send, code: int) -> None:
    """Close before the socket is accepted: the client gets a 403."""
    await send({"type": "websocket.close", "code": code})
