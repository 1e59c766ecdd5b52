"""Open sockets of this process: whose they are, how many may exist, and what ends with them.

The socket layer opens an id for each socket and puts it into the request's headers. Background work
of a page registers its task under that id. All calls come from the event loop.
"""

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from publicmeeting.live.at_once import AtOnce, Place
from publicmeeting.live.pubsub import published

SOCKET_HEADER = "x-socket"
"""Request header with the socket's id. The layer sets it; a client's value is dropped."""

PAGE = "publicmeeting.page"
"""Key of a socket's ASGI scope under which the layer puts its `Page`."""
POLICY_VIOLATION, SERVICE_RESTART, TRY_AGAIN_LATER = 1008, 1012, 1013
"""Close codes of a socket: it may not go on, its page is read anew, it cannot be served now."""

FRAME_BYTES = 128 * 1024
"""Maximum frame: a form with four thousand letters, each escaped as six characters."""
TREE_SECONDS = 600.0
"""How long a page's state outlives its socket, so that a phone may change networks."""
UNREAD_MOST = 60
"""Messages that may wait for a reader, a minute of the busiest page; then its socket is closed.

The server stores them. A stranger who reads nothing could otherwise ask for more without end.
"""
FAULTS_MOST = 100
"""Our own pages send no faulty events; after this many the socket is closed and may reconnect."""
GATHERING_SECONDS = 0.05
"""Session ends reported within this time become one query to the database."""
STAFF_SECONDS = 12 * 3600.0
"""As `TREE_SECONDS`, for officials: after a break they find what they had typed."""
STAFF_MOST = 500
"""Maximum number of those; the oldest are dropped first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many pages may exist: open ones, and those whose state this process still holds.

    In all, closed pages count only if their state is in this process and not in Redis; by owner and
    address they always count until it is dropped. An idle page takes about 100 kB. Thousands of
    honest phones share one address of their operator, so anonymous pages have a high limit by
    address, and above it the page that closed first makes room: one of those phones can open and
    close pages faster than they expire. Signed-in people have a limit by owner and none by address,
    and the last places are reserved for them.
    """

    per_owner: int = 100
    """Of one account or mobile."""
    per_address: int = 3000
    """Of anonymous pages, from one address."""
    nobodys: int = 10_000
    """Of anonymous pages, in all."""
    most: int = 12_000
    """In all."""


@dataclass(eq=False, slots=True)
class Page:
    """One open socket, or the page behind one that has closed recently.

    `token` names its state, `owner` whose it is (empty if anonymous), `session` the sign-in with
    which it was opened, `visit` the browser. `closing` receives the code with which to close the
    socket.
    """

    token: str = ""
    owner: str = ""
    session: str = ""
    visit: str = ""
    address: str = ""
    is_staff: bool = False
    closing: "asyncio.Future[int] | None" = None
    tasks: dict[str, "asyncio.Task[Any]"] = field(default_factory=dict)
    faults: int = 0
    """Events that no page sends, or that no handler could process."""
    under_way: deque[Place] = field(default_factory=deque)
    """Places of its events, oldest first."""

    @property
    def group(self) -> str:
        """Return the key by which the number of pages is limited."""
        return self.owner or f"address {self.address}"


@dataclass(frozen=True, slots=True)
class _Stale:
    """Since when a page waits to be read again, and whether only a part was missing."""

    since: float
    part_missing: bool


@dataclass(slots=True)
class _State:
    """The state of a page, and how many sockets use it.

    `page` is the one that opened it first. Its address counts the state, also when a telephone
    comes back from another network.
    """

    page: Page
    uses: int = 0


class Sockets:
    """Ids of open sockets, each with its page and its running tasks by name."""

    def __init__(
        self,
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        states_in_redis: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self.at_once = AtOnce()
        self._states_in_redis = states_in_redis
        self._now = monotonic
        self._pages: dict[str, Page] = {}
        self._stale: dict[str, _Stale] = {}
        """Sockets whose page could not be read, oldest first."""
        self._states: dict[str, _State] = {}
        """By token."""
        self._groups: Counter[str] = Counter()
        """Owner or address → number of states."""
        self._signed_in = 0
        """Number of states with an owner."""
        self._open: Counter[bool] = Counter()
        """Number of states with an open socket, by whether they have an owner."""
        self._suspects: set[str] = set()
        self._suspected = asyncio.Event()
        self._closed: dict[str, float] = {}
        """Tokens of states without an open socket, and when the last one closed, oldest first."""
        self._strangers: dict[str, dict[str, None]] = {}
        """Address → those tokens of its anonymous pages, oldest first."""
        self._dropped: list[str] = []
        """Tokens of states that made room for others, until `take_dropped`."""
        self._staff: OrderedDict[str, float] = OrderedDict()
        """Tokens of officials' closed pages, and when they closed."""

    def is_full(self, page: Page) -> bool:
        """Return whether there is no room for this page.

        A page that comes back has its place still; in all, only if its state is in this process.
        The oldest closed page of a stranger's address is dropped for a new one.
        """
        self._forget_old()
        most, state = self.limits, self._states.get(page.token)
        if state is not None and (state.uses or not self._states_in_redis):
            return False
        known = self._signed_in
        nobodys = len(self._states) - known
        if self._states_in_redis:
            known, nobodys = self._open[True], self._open[False]
        if known + nobodys >= most.most or (not page.owner and nobodys >= most.nobodys):
            return True
        most_of_group = most.per_owner if page.owner else most.per_address
        if state is not None or self._groups[page.group] < most_of_group:
            return False
        return bool(page.owner) or not self._make_room(page.group)

    def open(self, socket: str, page: Page | None = None) -> None:
        """Open a socket; tasks may be registered under its id from now on."""
        page = page or Page()
        self._pages[socket] = page
        state = self._states.get(page.token)
        if state is None:
            state = self._states[page.token] = _State(page)
            self._groups[page.group] += 1
            self._signed_in += bool(page.owner)
        self._open[bool(page.owner)] += not state.uses
        state.uses += 1
        self._forget_closing(state.page)
        self._staff.pop(page.token, None)

    def close(self, socket: str) -> None:
        """Close a socket: cancel its tasks and refuse new ones."""
        self._stale.pop(socket, None)
        page = self._pages.pop(socket, None)
        if page is None:
            return
        for task in page.tasks.values():
            task.cancel()
        state = self._states[page.token]
        state.uses -= 1
        self._open[bool(page.owner)] -= not state.uses
        if state.uses:
            return
        now = self._closed[page.token] = self._now()
        if not page.owner:
            self._strangers.setdefault(state.page.group, {})[page.token] = None
        if page.is_staff:
            self._staff[page.token] = now
            if len(self._staff) > STAFF_MOST:
                self._staff.popitem(last=False)

    def mark_stale(self, socket: str, *, part_missing: bool = False) -> None:
        """Record that this socket's page could not be read, so that it is read again later.

        `part_missing`: only because a part of the service did not answer.
        """
        if socket in self._pages:
            self._stale.setdefault(socket, _Stale(self._now(), part_missing))

    def reload(self, socket: str) -> None:
        """Close this socket; its browser reconnects and gets the whole page."""
        page = self._pages.get(socket)
        if page is not None:
            close_page(page, SERVICE_RESTART)

    def count_fault(self, socket: str) -> None:
        """Count a faulty event of this socket; after `FAULTS_MOST` it is closed."""
        page = self._pages.get(socket)
        if page is None:
            return
        page.faults += 1
        if page.faults > FAULTS_MOST:
            close_page(page, POLICY_VIOLATION)

    def end_event(self, socket: str) -> None:
        """Give back the place of the oldest event of this socket that is under way."""
        page = self._pages.get(socket)
        if page is not None and page.under_way:
            page.under_way.popleft().give_back()

    def stale(self) -> int:
        """Return how many pages wait to be read again."""
        return len(self._stale)

    def end_stale(self, pause: float, short: float, most: int) -> int:
        """Close at most `most` stale sockets, oldest first; return how many.

        A socket must have waited `pause` seconds, or `short` seconds if only a part was missing.
        Its browser reconnects and gets the whole page.
        """
        now = self._now()
        old = [
            socket
            for socket, one in self._stale.items()
            if now - one.since >= (short if one.part_missing else pause)
        ][:most]
        for socket in old:
            del self._stale[socket]
            close_page(self._pages[socket], SERVICE_RESTART)
        return len(old)

    def register(self, socket: str, name: str, task: "asyncio.Task[Any]") -> bool:
        """Let the task end with the socket; an older task of the same name is cancelled.

        Returns False if no such socket is open: the caller must end the task itself.
        """
        page = self._pages.get(socket)
        if page is None:
            return False
        older = page.tasks.get(name)
        page.tasks[name] = task
        if older is not None and older is not task:
            older.cancel()
        task.add_done_callback(lambda done: _forget(page, name, done))
        return True

    def is_open(self, socket: str) -> bool:
        return socket in self._pages

    def tasks(self) -> int:
        """Return how many registered tasks run now, for figures and tests."""
        return sum(len(page.tasks) for page in self._pages.values())

    def states(self) -> int:
        """Return how many states live: of open pages, and of those closed recently."""
        self._forget_old()
        return len(self._states)

    def staff_tokens(self) -> list[str]:
        """Return tokens of officials' closed pages whose states stay stored."""
        over = self._now() - STAFF_SECONDS
        while self._staff and next(iter(self._staff.values())) < over:
            self._staff.popitem(last=False)
        return list(self._staff)

    def sessions(self) -> set[str]:
        """Return ids of the sessions with which pages are open."""
        return {page.session for page in self._pages.values() if page.session}

    def suspect(self, session: str) -> None:
        """Mark a session as possibly ended."""
        self._suspects.add(session)
        self._suspected.set()

    async def suspects(self, within: float) -> set[str]:
        """Wait for sessions that may have ended; after `within` seconds return all open ones."""
        if not await published(self._suspected, within):
            return self.sessions()
        await asyncio.sleep(GATHERING_SECONDS)
        self._suspected.clear()
        found, self._suspects = self._suspects, set()
        return found

    def end_sessions(self, ended: frozenset[str]) -> None:
        """Close the sockets of these sessions."""
        for page in list(self._pages.values()):
            if page.session in ended:
                close_page(page, POLICY_VIOLATION)

    def end_visit(self, visit: str) -> None:
        """Close anonymous sockets of a visit, because its browser has another one."""
        for page in list(self._pages.values()):
            if visit and page.visit == visit and not page.session:
                close_page(page, POLICY_VIOLATION)

    def __len__(self) -> int:
        return len(self._pages)

    def take_dropped(self) -> list[str]:
        """Return tokens of states that made room since the last call and are not in use again."""
        dropped, self._dropped = self._dropped, []
        return [token for token in dropped if token not in self._states]

    def _make_room(self, group: str) -> bool:
        """Drop the closed page of this address that closed first; False if all are open."""
        oldest = next(iter(self._strangers.get(group, ())), None)
        if oldest is None:
            return False
        self._drop(oldest)
        self._dropped.append(oldest)
        return True

    def _forget_old(self) -> None:
        """Drop states that have expired, to make room."""
        over = self._now() - TREE_SECONDS
        while self._closed and (oldest := next(iter(self._closed.items())))[1] < over:
            self._drop(oldest[0])

    def _drop(self, token: str) -> None:
        page = self._states.pop(token).page
        self._forget_closing(page)
        self._groups[page.group] -= 1
        self._signed_in -= bool(page.owner)
        if not self._groups[page.group]:
            del self._groups[page.group]

    def _forget_closing(self, page: Page) -> None:
        """Forget that this page has closed: it is open again, or dropped."""
        self._closed.pop(page.token, None)
        left = self._strangers.get(page.group, {})
        left.pop(page.token, None)
        if not left:
            self._strangers.pop(page.group, None)


def close_page(page: Page, code: int) -> None:
    """Close the socket of a page with this code; its browser connects again."""
    if page.closing is not None and not page.closing.done():
        page.closing.set_result(code)


def _forget(page: Page, name: str, done: "asyncio.Task[Any]") -> None:
    if page.tasks.get(name) is done:
        del page.tasks[name]
