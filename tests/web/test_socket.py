"""The layer before the sockets of pages: origin check and limits for strangers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.types import Message, Receive, Scope, Send
from support.citizens import citizen, own_visit, someone
from support.city import KEY
from support.clock import FixedClock
from support.doors import enter
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.domain.people import Door, parse_mobile
from publicmeeting.kit.process.figures import FIGURES
from publicmeeting.live.at_once import MOST, AtOnce
from publicmeeting.live.sockets import PAGE, SOCKET_HEADER, Limits, close_page
from publicmeeting.store.accounts.sessions import Holder, Keys
from publicmeeting.store.unit_of_work import Store
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    SignOut,
    sign_out,
    sign_out_everywhere,
)
from publicmeeting.usecases.accounts.staff_accounts import DismissAccount, dismiss_account
from publicmeeting.usecases.base import Nothing
from publicmeeting.web.layers import socket as layer
from publicmeeting.web.layers.socket import FRAME_BYTES, PageSockets, close_ended

CALL = '42/_event,["event",{"name":"x"}]'
Page = Callable[[Scope, Receive, Send], Awaitable[None]]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Act like a page of engine.io: receive until the client is gone."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


@dataclass
class Client:
    """One socket through the layer; `told` is what reaches the client."""

    application: Application
    page: Page = echo
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    query: str = "EIO=4&token=tab&transport=websocket"
    address: str = "192.0.2.7"
    takes_nothing: bool = False
    """Whether no message after the first is ever taken from the server."""
    sent: list[Message] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    receiving: int = 0
    """How many calls wait for a frame of this client."""

    def __post_init__(self) -> None:
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._sent.put_nowait({"type": "websocket.connect"})

    def holding(self, keys: Keys) -> "Client":
        self.headers.append((b"cookie", f"session={keys.session}; visit={keys.visit}".encode()))
        return self

    def sends(self, text: str) -> None:
        self._sent.put_nowait({"type": "websocket.receive", "text": text})

    def goes(self) -> None:
        self._sent.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def runs(self) -> None:
        async def page(scope: Scope, receive: Receive, send: Send) -> None:
            self.scopes.append(scope)
            await self.page(scope, receive, send)

        async def receive() -> Message:
            self.receiving += 1
            try:
                return await self._sent.get()
            finally:
                self.receiving -= 1

        async def send(message: Message) -> None:
            if message["type"] == "websocket.close":
                await until(lambda: not self.receiving)  # as the server that production runs
            self.sent.append(message)
            if self.takes_nothing and message["type"] != "websocket.accept":
                await asyncio.Event().wait()

        scope = {
            "type": "websocket",
            "path": "/_event/",
            "headers": self.headers,
            "query_string": self.query.encode(),
            "client": (self.address, 1),
        }
        await PageSockets(page, lambda: self.application)(scope, receive, send)

    @property
    def token(self) -> str:
        """Token of the page's state behind the layer; empty if the page was not reached."""
        if not self.scopes:
            return ""
        (found,) = parse_qs(self.scopes[0]["query_string"].decode())["token"]
        return found

    @property
    def echoes(self) -> list[str]:
        return [mapping["text"] for mapping in self.sent if mapping["type"] == "websocket.send"]

    @property
    def code(self) -> int | None:
        """Code with which the server closed it, or None."""
        codes = [mapping["code"] for mapping in self.sent if mapping["type"] == "websocket.close"]
        return codes[-1] if codes else None


def once_more(application: Application, number: int) -> Keys:
    """Sign in again, as somebody who has signed in before."""
    with application.store.unit_of_work(application.clock()) as uow:
        return Keys(uow.sessions.open_for_mobile(parse_mobile(someone(number).mobile), Door.CODE))


def visited(*clients: Client) -> list[str]:
    """Let each client connect and leave; return the tokens of their pages."""

    async def all_() -> None:
        for client in clients:
            client.goes()
            await client.runs()

    asyncio.run(all_())
    return [client.token for client in clients]


async def until(true: Callable[[], Any]) -> None:
    """Wait for another task of this loop or of the threads; fail after ten seconds."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 (whatever it is, it has no event)
            await asyncio.sleep(0.01)


def test_a_page_belongs_to_tab_and_holder(application: Application, city: object) -> None:
    anna, bita = citizen(application, someone(1).mobile), citizen(application, someone(2).mobile)
    again = once_more(application, 1)
    nobody = Keys(visit=anna.visit)
    first, other_tab, others, second, out = visited(
        Client(application).holding(anna),
        Client(application, query="token=other").holding(anna),
        Client(application).holding(bita),
        Client(application).holding(again),
        Client(application).holding(nobody),
    )
    assert len({first, other_tab, others, out, "tab"}) == 5
    assert second == first, "what she typed is hers after she has signed in again"


def test_a_page_is_found_by_every_process_and_after_a_restart(
    application: Application, city: object, database_url: str
) -> None:
    keys = citizen(application, someone(1).mobile)
    (here,) = visited(Client(application).holding(keys))
    store, application.store = application.store, Store(database_url, KEY)
    (there,) = visited(Client(application).holding(keys))
    application.store.close()
    application.store = store
    assert there == here


def test_a_bare_token_opens_nothing_twice(application: Application) -> None:
    """Without a cookie of ours, no two sockets find the same page."""
    forged = Keys(visit="made by somebody else")
    tokens = visited(
        *(Client(application).holding(keys) for keys in (Keys(), Keys(), forged, forged))
    )
    assert len(set(tokens)) == 4


def test_the_same_visit_finds_its_page_again(application: Application) -> None:
    keys = Keys(visit=own_visit(application, "hers"))
    tokens = visited(*(Client(application).holding(keys) for _ in range(2)))
    assert len(set(tokens)) == 1


@in_one_city(
    "query",
    ["", "EIO=4", "token=", "token=a&token=b", "token=a&EIO=4&token=a", f"token={'a' * 65}"],
)
def test_a_socket_without_its_one_token_is_refused(application: Application, query: str) -> None:
    client = Client(application, query=query)
    asyncio.run(client.runs())
    assert (client.token, client.code) == ("", 1008)


def test_an_id_of_ours_goes_in_and_no_header_the_page_has_no_use_for(
    application: Application,
) -> None:
    seen: list[bool] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(application.sockets.is_open(dict(scope["headers"])[b"x-socket"].decode()))

    client = Client(application, page)
    client.headers += [(b"X-Socket", b"mine"), (b"x-socket", b"mine"), (b"host", b"here")]
    client.headers += [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"user-agent", b"x" * 4000)]
    asyncio.run(client.runs())
    headers = client.scopes[0]["headers"]
    assert seen == [True]
    assert len(application.sockets) == 0
    assert sorted(name for name, _ in headers) == [b"cookie", b"host", b"x-socket"]
    assert dict(headers)[b"cookie"] == b"a=1; b=2"
    assert dict(headers)[b"x-socket"] != b"mine"


def test_what_works_for_a_page_ends_with_its_socket(application: Application) -> None:
    tasks: list[asyncio.Task[bool]] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        socket = dict(scope["headers"])[b"x-socket"].decode()
        tasks.append(asyncio.create_task(asyncio.Event().wait()))
        assert application.sockets.register(socket, "watch", tasks[-1])

    asyncio.run(Client(application, page).runs())
    assert tasks[0].cancelled()


def test_a_telephone_that_is_gone_without_a_word_keeps_no_socket(application: Application) -> None:
    async def without_pongs(scope: Scope, receive: Receive, send: Send) -> None:
        """Act like engine.io with a client that answers no ping."""
        del scope
        await receive()
        await send({"type": "websocket.accept"})
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await receive()
        await send({"type": "websocket.close", "code": 1000})

    gone = Client(application, without_pongs)
    asyncio.run(gone.runs())
    assert (gone.code, len(application.sockets)) == (1000, 0)


@pytest.mark.parametrize("is_left", [False, True])
def test_whoever_takes_no_message_keeps_no_socket(
    application: Application, monkeypatch: pytest.MonkeyPatch, *, is_left: bool
) -> None:
    """Also if the page ends for another reason while a message waits to be taken."""
    monkeypatch.setattr(layer, "TAKEN_SECONDS", 600.0 if is_left else 0.01)
    monkeypatch.setattr(layer, "LEFT_SECONDS", 0.5)

    client = Client(application, takes_nothing=True)
    client.sends("x")

    async def all_() -> None:
        async with asyncio.timeout(10):
            open_ = asyncio.create_task(client.runs())
            await until(lambda: client.echoes)
            if is_left:
                close_page(client.scopes[0][PAGE], 1008)
            await open_

    asyncio.run(all_())
    assert (client.code, len(application.sockets)) == (1008 if is_left else 1013, 0)


def ends(
    application: Application, keys: Keys, end: Callable[[], object], net: float = 600.0
) -> Client:
    """Hold a page of these keys open while something ends; return once it was closed."""
    client = Client(application).holding(keys)

    async def all_() -> None:
        closing = asyncio.create_task(close_ended(lambda: application))
        open_ = asyncio.create_task(client.runs())
        client.sends("before")
        await until(lambda: client.echoes)
        await asyncio.to_thread(end)
        async with asyncio.timeout(10):
            await open_
        closing.cancel()

    before, layer.NET_SECONDS = layer.NET_SECONDS, net
    try:
        asyncio.run(all_())
    finally:
        layer.NET_SECONDS = before
    return client


def test_an_open_page_ends_with_its_session(application: Application, city: object) -> None:
    """At once by the published topic, long before the periodic check."""
    keys = citizen(application, someone(1).mobile)
    command = SignOut(session=keys.session)
    left = ends(application, keys, lambda: application.execute_now(sign_out, keys, command))
    assert (left.code, left.echoes) == (1008, ["before"])


@pytest.mark.on_postgresql
def test_an_open_page_ends_when_she_leaves_everywhere_on_another_device(
    application: Application, city: object
) -> None:
    here, there = (once_more(application, 1) for _ in range(2))
    out = ends(
        application, here, lambda: application.execute_now(sign_out_everywhere, there, Nothing())
    )
    assert out.code == 1008


def test_an_open_page_ends_when_its_official_is_dismissed(
    application: Application, city: Any
) -> None:
    keys = Keys(session=enter(application)[0])
    command = DismissAccount(username="desk")
    admin = city.as_("administrator")
    out = ends(application, keys, lambda: application.execute_as(admin, dismiss_account, command))
    assert out.code == 1008


def test_an_open_page_ends_when_nobody_uses_it(
    application: Application, city: object, clock: FixedClock
) -> None:
    keys = Keys(session=enter(application)[0])
    out = ends(application, keys, lambda: clock.forward(minutes=30), net=0.05)
    assert out.code == 1008


@pytest.mark.parametrize(("frame", "is_use"), [(CALL, True), ("3", False), ("40/_event,", False)])
def test_only_what_a_person_does_keeps_her_session(
    application: Application, city: object, clock: FixedClock, frame: str, *, is_use: bool
) -> None:
    """Answers to pings and new connections come from a page by itself too."""
    keys = Keys(session=enter(application)[0])

    async def all_() -> None:
        client = Client(application).holding(keys)
        clock.forward(minutes=29)
        open_ = asyncio.create_task(client.runs())
        client.sends(frame)
        await until(lambda: client.echoes)
        client.goes()
        await open_
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

    asyncio.run(all_())
    clock.forward(minutes=29)
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert bool(uow.sessions.holder(keys).session) is is_use


def test_nobodys_pages_of_a_renewed_visit_are_closed(application: Application) -> None:
    keys = Keys(visit=own_visit(application, "hers"))
    visit = application.query_now(
        layer.page_holder, Keys(), layer.PresentedCookies(visit=keys.visit)
    ).visit
    client = Client(application).holding(keys)

    async def all_() -> None:
        open_ = asyncio.create_task(client.runs())
        client.sends("x")
        await until(lambda: client.echoes)
        application.sockets.end_visit("another")
        application.sockets.end_visit("")
        assert not open_.done()
        application.sockets.end_visit(visit)
        async with asyncio.timeout(10):
            await open_

    asyncio.run(all_())
    assert client.code == 1008


@in_one_city(
    "frame, passes",
    [
        ("x" * FRAME_BYTES, True),
        ("x" * (FRAME_BYTES + 1), False),
        ("ش" * (FRAME_BYTES // 2), True),
        ("ش" * (FRAME_BYTES // 2 + 1), False),
        ("\ud800" * 10, True),
    ],
)
def test_a_frame_has_a_largest_size(application: Application, frame: str, *, passes: bool) -> None:
    client = Client(application)
    client.sends(frame)
    client.goes()
    asyncio.run(client.runs())
    assert client.echoes == ([frame] if passes else [])
    assert client.code == (None if passes else 1009)


def test_whoever_sends_too_much_waits_and_loses_nothing(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(layer.asyncio, "sleep", sleep)
    monkeypatch.setattr(layer.time, "monotonic", lambda: 7.0)
    client = Client(application)
    for number in range(100):
        client.sends(str(number))
    client.goes()
    asyncio.run(client.runs())
    assert client.echoes == [str(number) for number in range(100)]
    assert slept == pytest.approx([number / 20 for number in range(1, 41)])


def test_an_address_has_few_events_under_way_and_keeps_no_other_waiting(
    application: Application,
) -> None:
    application.sockets.at_once = AtOnce(seconds=3600.0)

    async def check() -> None:
        busy = [Client(application) for _ in range(MOST + 2)]
        other = Client(application, address="192.0.2.8")
        clients = [*busy, other]
        running = [asyncio.create_task(client.runs()) for client in clients]
        for client in clients:
            client.sends(CALL)
            client.sends("3")  # what a page answers to a ping
        await until(lambda: len(other.echoes) == 2 and all(client.scopes for client in busy))
        await until(lambda: sum(len(client.echoes) for client in busy) == 2 * MOST)
        waiting = [client for client in busy if not client.echoes]
        assert len(waiting) == 2
        close_page(waiting[0].scopes[0][PAGE], 1013)
        await until(lambda: waiting[0].code == 1013)
        done = next(client for client in busy if client.echoes)
        application.sockets.end_event(_socket_id(done))
        await until(lambda: len(waiting[1].echoes) == 2)
        for client in clients:
            client.goes()
        await asyncio.wait(running)

    asyncio.run(check())


def test_whoever_opens_sockets_without_end_keeps_no_other_address_waiting(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a query of whose it is, before anything of the page is carried out."""
    application.sockets.at_once = AtOnce(seconds=3600.0)
    begun = list[Keys]()
    holder_of = layer._holder

    async def check() -> None:
        answered = asyncio.Event()

        async def slow(application: Application, keys: Keys) -> Holder:
            begun.append(keys)
            await answered.wait()
            return await holder_of(application, keys)

        monkeypatch.setattr(layer, "_holder", slow)
        many = [Client(application) for _ in range(MOST + 3)]
        other = Client(application, address="192.0.2.8")
        running = [asyncio.create_task(client.runs()) for client in [*many, other]]
        await until(lambda: len(begun) == MOST + 1)
        for client in many[:MOST]:
            client.goes()
        running[MOST].cancel()  # it waits, and leaves
        answered.set()
        await until(
            lambda: other.scopes and sum(bool(client.scopes) for client in many) == MOST + 2
        )
        for client in [*many[MOST:], other]:
            client.goes()
        await asyncio.wait(running)

    asyncio.run(check())
    assert len(begun) == MOST + 3


def _socket_id(client: Client) -> str:
    return next(
        value.decode()
        for name, value in client.scopes[0]["headers"]
        if name == SOCKET_HEADER.encode()
    )


def test_nobody_is_limited_by_address_and_the_signed_in_by_themselves(
    application: Application, city: object
) -> None:
    application.sockets.limits = Limits(per_owner=2, per_address=3, nobodys=5, most=7)
    hers = citizen(application, someone(1).mobile)

    def codes(*clients: Client) -> list[int | None]:
        visited(*clients)
        return [client.code for client in clients]

    def nobody(number: int, address: str = "192.0.2.7") -> Client:
        keys = Keys(visit=own_visit(application, f"visit {number}"))
        return Client(application, address=address).holding(keys)

    # States live on for a while: closed pages count too, the same page only once. Of an address
    # the one that closed first makes room.
    refused = FIGURES.get_sample_value("publicmeeting_sockets_full_total")
    assert codes(*(nobody(number) for number in range(4)), nobody(0)) == [None] * 5
    assert application.sockets.states() == 3
    assert codes(*(nobody(number, "192.0.2.8") for number in range(4, 7))) == [None, None, 1013]
    counted = FIGURES.get_sample_value("publicmeeting_sockets_full_total")
    assert counted == refused + 1, "Prometheus sees it"
    assert codes(*(Client(application, query=f"token={n}").holding(hers) for n in range(3))) == [
        None,
        None,
        1013,
    ]
    other = citizen(application, someone(2).mobile)
    assert codes(Client(application).holding(other)) == [1013], "the house is full"


def test_without_the_database_nobody_is_let_in(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(application, "query_now", gone)
    client = Client(application)
    asyncio.run(client.runs())
    assert (client.token, client.code) == ("", 1013)
