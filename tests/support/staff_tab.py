"""One browser tab without a browser: it calls handlers as Reflex would."""

import asyncio
import inspect
from typing import Any, TypeVar, cast

import reflex as rx
from reflex.istate.data import RouterData

from publicmeeting import application as applications
from publicmeeting.application import Application
from publicmeeting.domain.people import Door
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.ui.reflex.whereabouts import note_page
from publicmeeting.ui.shell.act import Asking
from publicmeeting.ui.shell.connection.redelivery import comes_too_late

S = TypeVar("S", bound=rx.State)


def session_of(application: Application, username: str) -> str:
    """Sign an account in and return the session cookie."""
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username(username)
        assert account is not None
        return uow.sessions.open_for_account(account, Door.PASSWORD)


class Tab:
    """The tab of an official, or of whoever has these keys.

    `go` navigates; `state` returns any state of the tab.
    """

    def __init__(
        self, application: Application, username: str = "", *, keys: Keys | None = None
    ) -> None:
        applications.use(application)
        state: Any = rx.State
        self._root = state(_reflex_internal_init=True)
        self._cookie = f"session={session_of(application, username)}" if username else ""
        if keys is not None:
            self._cookie = f"session={keys.session}; visit={keys.visit}"
        self.go("/")

    def signs_in(self, username: str) -> None:
        """Sign another official in, in the same tab."""
        self._cookie = f"session={session_of(applications.application(), username)}"

    def go(self, address: str) -> None:
        path = address.partition("?")[0]
        self._root.router = RouterData.from_router_data(
            {
                "pathname": path,
                "asPath": address,
                "headers": {"cookie": self._cookie, "origin": "http://localhost"},
            }
        )

    def state(self, kind: type[S]) -> S:
        return cast("S", self._root.get_substate(kind.get_full_name().split(".")))

    def opens(self, kind: type[S], address: str) -> S:
        """Open a page, and return its state after loading."""
        self.go(address)
        state = self.state(kind)
        asyncio.run(_load(state, cast("Any", kind).load))
        return state


async def _load(state: rx.State, handler: Any) -> None:
    await note_page(state)
    await do(state, handler)


async def do(state: rx.State, handler: Any, *arguments: Any) -> Any:
    """Call a handler of this state, unless the page shows another address by now."""
    payload = inspect.signature(handler.fn).bind(state, *arguments).arguments
    if isinstance(state, Asking) and await comes_too_late(state, handler.fn.__name__, payload):
        return None
    return await handler.fn(state, *arguments)


def sent(state: rx.State, action: str, **typed: object) -> None:
    """Choose a step, and send its form as it was typed."""
    page: Any = type(state)
    asyncio.run(do(state, page.choose, action))
    asyncio.run(do(state, page.send, typed))
