"""Send less often over a page's socket: one message for one press, and no task for a message.

Reflex sends the changes that a handler made in one message and the redirect that follows in
another, and our acknowledgement of the press would be a third. Each wakes the sender, the browser
and the phone's radio. What a press sends last is therefore held back until its task ends, which is
after its state has been saved. It then leaves in one message together with the press's key.

python-socketio starts a task for each receiver of a message and waits for all of them. A page is
one receiver, so its message is sent directly.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from reflex.app import EventNamespace
from reflex.state import StateUpdate
from reflex_base.constants import SocketEvent

from publicmeeting.kit.process.context import press
from publicmeeting.live.sockets import PAGE, TRY_AGAIN_LATER, UNREAD_MOST, close_page

REDIRECT = "_redirect"
"""Name of the only event of the browser that may share a message with the changes before it: others
look for what these changes show, which is drawn only afterwards."""

FOCUS, PRESS = "_set_focus", "press"
"""Name of the event that moves the browser's focus, and where its payload has the key of the press
that it answers. A page whose user has gone on since then leaves the focus where it is."""

_EVENT = 2
"""Number of the kind of packet that carries a message, in the protocol of Socket.IO."""


@dataclass(slots=True)
class _Answer:
    """What a press has sent to its page last; None until it sends something."""

    task: "asyncio.Task[Any] | None"
    update: StateUpdate | None = None


class SendingLess(EventNamespace):
    """Socket namespace whose presses are answered in one message."""

    def __init__(self, namespace: str, app: Any) -> None:
        super().__init__(namespace, app)
        self._answers: dict[str, _Answer] = {}
        """Tokens of pages whose press is being carried out."""

    async def hold_answer(self, token: str) -> None:
        """Hold back what the current task sends last to this page, until `send_answer`."""
        await self._send_held(token)
        self._answers[token] = _Answer(asyncio.current_task())

    async def send_answer(self, token: str, task: "asyncio.Task[Any]", key: str) -> bool:
        """Send what this press held back; return whether its key was sent with it.

        An empty `key` sends the update alone.
        """
        answer = self._answers.get(token)
        if answer is None or answer.task is not task:
            return False
        del self._answers[token]
        if answer.update is None:
            return False
        socket = self._token_manager.token_to_socket.get(token)
        is_here = socket is not None and socket.instance_id == self._token_manager.instance_id
        if not key or socket is None or not is_here:
            await super().emit_update(answer.update, token)
            return False
        await self.emit(str(SocketEvent.EVENT), (answer.update, key), to=socket.sid)
        return True

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        _note_press(update)
        answer = self._answers.get(token)
        if answer is None:
            await super().emit_update(update, token)
            return
        if answer.task is not asyncio.current_task():
            # It changes the page later than the press did, so it is sent later too.
            await self._send_held(token)
            await super().emit_update(update, token)
            return
        before, answer.update = answer.update, update
        if before is None:
            return
        if _leads_on_from(before, update):
            answer.update = StateUpdate(delta=before.delta, events=update.events)
        else:
            await super().emit_update(before, token)

    async def _send_held(self, token: str) -> None:
        answer = self._answers.pop(token, None)
        if answer is not None and answer.update is not None:
            await super().emit_update(answer.update, token)

    async def emit(self, event: str, data: Any = None, to: str | None = None, **more: Any) -> None:
        """Send a message to one socket, or nothing if it is gone.

        A page whose reader has left too many messages unread is closed.
        """
        if to is None or more:
            await super().emit(event, data, to=to, **more)
            return
        try:
            receiver = self.server.manager.eio_sid_from_sid(to, self.namespace)
        except KeyError:  # no page has connected yet
            return
        if receiver is None:
            return
        arguments = data if isinstance(data, tuple) else () if data is None else (data,)
        packet = self.server.packet_class(
            _EVENT, namespace=self.namespace, data=[event, *arguments]
        )
        await self.server._send_packet(receiver, packet)  # noqa: SLF001
        socket = self.server.eio.sockets.get(receiver)
        if socket is not None and socket.queue.qsize() > UNREAD_MOST:
            asked_by = self.server.get_environ(to, self.namespace)["asgi.scope"]
            close_page(asked_by[PAGE], TRY_AGAIN_LATER)


def _note_press(update: StateUpdate) -> None:
    """Tell the browser which press asks for the focus, and note where the press leads."""
    answered = press()
    if answered is None:
        return
    for event in update.events:
        if event.name == FOCUS:
            event.payload[PRESS] = answered.key
        elif event.name == REDIRECT and not event.payload["external"]:
            answered.leads_to = event.payload["path"]


def _leads_on_from(before: StateUpdate, after: StateUpdate) -> bool:
    """Return whether `after` is only a redirect, and `before` only changes."""
    return (
        not before.events
        and not after.delta
        and all(event.name == REDIRECT for event in after.events)
    )
