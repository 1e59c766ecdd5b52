"""A press is answered with one message, in the order in which its page changes."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.state import StateUpdate
from reflex.utils.token_manager import LocalTokenManager, SocketRecord
from reflex_base.event import Event
from socketio.packet import Packet

from publicmeeting.kit.process.context import set_press
from publicmeeting.live.sockets import PAGE, UNREAD_MOST, Page
from publicmeeting.ui.reflex import sending
from publicmeeting.ui.reflex.sending import PRESS, REDIRECT, SendingLess

TAB, SOCKET, KEY = "a tab", "a socket", "0a" * 12
LEADS = StateUpdate(events=[Event(name=REDIRECT, payload={"path": "/receipt/1/"})])
FOCUS = StateUpdate(events=[Event(name=sending.FOCUS, payload={"ref": "note"})])


def changed(value: int) -> StateUpdate:
    return StateUpdate(delta={"state": {"step": value}})


class Pages(SendingLess):
    """The sockets of one process with one open page; `received` is what its browser gets."""

    takes_nothing = False

    def __init__(self) -> None:
        self.namespace = "/_event"
        self.received: list[list[Any]] = []
        self.page = Page(closing=asyncio.Future())
        self._answers = {}
        self._token_manager = LocalTokenManager()
        here = self._token_manager.instance_id
        self._token_manager.token_to_socket[TAB] = SocketRecord(instance_id=here, sid=SOCKET)
        manager = SimpleNamespace(eio_sid_from_sid=lambda sid, _: {SOCKET: "eio"}.get(sid))
        self.server = SimpleNamespace(
            manager=manager,
            packet_class=Packet,
            _send_packet=self._receive,
            eio=SimpleNamespace(sockets={"eio": SimpleNamespace(queue=asyncio.Queue())}),
            get_environ=lambda _sid, _: {"asgi.scope": {PAGE: self.page}},
        )

    async def _receive(self, receiver: str, packet: Packet) -> None:
        assert receiver == "eio"
        self.received.append(packet.data)
        if self.takes_nothing:
            self.server.eio.sockets[receiver].queue.put_nowait(packet)

    async def presses(self, *updates: StateUpdate, key: str = KEY) -> bool:
        """Carry out one press in a task of its own; return whether its key was sent along."""

        async def handler() -> None:
            await self.hold_answer(TAB)
            for update in updates:
                await self.emit_update(update, TAB)

        task = asyncio.create_task(handler())
        await task
        return await self.send_answer(TAB, task, key)


def received(*updates: StateUpdate, key: str = KEY) -> tuple[list[list[Any]], bool]:
    async def asked() -> tuple[list[list[Any]], bool]:
        pages = Pages()
        with_key = await pages.presses(*updates, key=key)
        assert not pages._answers
        return pages.received, with_key

    return asyncio.run(asked())


def test_changes_their_redirect_and_the_key_are_one_message() -> None:
    both = StateUpdate(delta=changed(2).delta, events=LEADS.events)
    assert received(changed(2), LEADS) == ([["event", both, KEY]], True)


def test_what_looks_for_the_changes_comes_after_them() -> None:
    expected = [["event", changed(2)], ["event", FOCUS, KEY]]
    assert received(changed(2), FOCUS) == (expected, True)


@pytest.mark.parametrize("key", [KEY, ""])
def test_the_focus_that_a_press_asks_for_names_its_press(key: str) -> None:
    """Also in an answer of several messages; background work has no press."""

    async def asked() -> list[list[Any]]:
        pages = Pages()
        set_press(key)
        asks = StateUpdate(events=[Event(name=sending.FOCUS, payload={"ref": "note"})])
        for update in (asks, changed(2)):
            await pages.emit_update(update, TAB)
        return pages.received

    [[_, first], second] = asyncio.run(asked())
    assert first.events[0].payload.get(PRESS, "") == key
    assert second == ["event", changed(2)]


@pytest.mark.parametrize("first", [changed(2), LEADS])
def test_later_changes_are_a_later_message(first: StateUpdate) -> None:
    expected = [["event", first], ["event", changed(3), KEY]]
    assert received(first, changed(3)) == (expected, True)


def test_a_press_that_changes_nothing_has_no_message_for_its_key() -> None:
    assert received() == ([], False)


def test_a_cancelled_press_sends_its_changes_without_its_key() -> None:
    assert received(changed(2), key="") == ([["event", changed(2)]], False)


def test_changes_of_the_page_by_others_do_not_overtake_the_press() -> None:
    async def asked() -> list[list[Any]]:
        pages = Pages()

        async def handler() -> None:
            await pages.hold_answer(TAB)
            await pages.emit_update(changed(1), TAB)
            await asyncio.create_task(pages.emit_update(changed(2), TAB))

        task = asyncio.create_task(handler())
        await task
        assert not await pages.send_answer(TAB, task, KEY)
        await pages.emit_update(changed(3), TAB)
        return pages.received

    assert asyncio.run(asked()) == [["event", changed(n)] for n in (1, 2, 3)]


def test_a_second_press_neither_overtakes_the_first_nor_takes_its_answer() -> None:
    async def asked() -> tuple[list[list[Any]], list[bool]]:
        pages = Pages()

        async def handler(value: int) -> None:
            await pages.hold_answer(TAB)
            await pages.emit_update(changed(value), TAB)

        tasks = [asyncio.create_task(handler(value)) for value in (1, 2)]
        await asyncio.gather(*tasks)
        return pages.received, [await pages.send_answer(TAB, task, KEY) for task in tasks]

    messages, with_key = asyncio.run(asked())
    assert messages == [["event", changed(1)], ["event", changed(2), KEY]]
    assert with_key == [False, True]


def test_a_page_that_is_gone_gets_nothing_and_holds_nothing() -> None:
    async def asked() -> list[list[Any]]:
        pages = Pages()
        await pages.emit("answered", KEY, to="another socket")
        pages._token_manager.token_to_socket.pop(TAB)
        assert not await pages.presses(changed(2))
        assert not pages._answers
        return pages.received

    assert asyncio.run(asked()) == []


@pytest.mark.parametrize("takes_nothing", [False, True])
def test_whoever_asks_for_more_and_reads_nothing_is_closed(*, takes_nothing: bool) -> None:
    async def asked() -> bool:
        pages = Pages()
        pages.takes_nothing = takes_nothing
        closing = pages.page.closing
        assert closing is not None
        for step in range(UNREAD_MOST):
            await pages.emit_update(changed(step), TAB)
        assert not closing.done()
        await pages.emit_update(changed(UNREAD_MOST), TAB)
        return closing.done()

    assert asyncio.run(asked()) is takes_nothing
