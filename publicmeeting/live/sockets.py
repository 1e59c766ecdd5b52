"""Open sockets of this process, and the background tasks that end with them.

The socket layer opens an id for each socket and puts it into the request's headers; whatever works
for a page in the background registers its task under that id. All calls are from the event loop.
"""

import asyncio
from typing import Any

SOCKET_HEADER = "x-socket"
"""Request header with the socket's id. The layer sets it; what a client sends there is dropped."""


class Sockets:
    """Ids of open sockets, each with its running tasks by name."""

    def __init__(self) -> None:
        self._tasks: dict[str, dict[str, asyncio.Task[Any]]] = {}
        self._stale: set[str] = set()
        """Sockets whose page could not be read."""

    def open(self, socket: str) -> None:
        """Tasks may be registered under this id from now on."""
        self._tasks.setdefault(socket, {})

    def close(self, socket: str) -> None:
        """The socket is gone: cancel its tasks and refuse new ones."""
        self._stale.discard(socket)
        for task in self._tasks.pop(socket, {}).values():
            task.cancel()

    def mark_stale(self, socket: str) -> None:
        """The page of this socket could not be read; it is to be read anew when it can be."""
        if socket in self._tasks:
            self._stale.add(socket)

    def register(self, socket: str, name: str, task: asyncio.Task[Any]) -> bool:
        """Let the task end with the socket; an older one of the same name is cancelled.

        False when no such socket is open: the caller must end by itself, nobody else would.
        """
        tasks = self._tasks.get(socket)
        if tasks is None:
            return False
        older = tasks.get(name)
        tasks[name] = task
        if older is not None and older is not task:
            older.cancel()
        task.add_done_callback(lambda done: self._forget(socket, name, done))
        return True

    def is_open(self, socket: str) -> bool:
        return socket in self._tasks

    def tasks(self) -> int:
        """How many registered tasks run now, for figures and tests."""
        return sum(len(tasks) for tasks in self._tasks.values())

    def __len__(self) -> int:
        return len(self._tasks)

    def _forget(self, socket: str, name: str, done: asyncio.Task[Any]) -> None:
        tasks = self._tasks.get(socket)
        if tasks is not None and tasks.get(name) is done:
            del tasks[name]
