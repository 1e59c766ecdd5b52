"""Let a page that reconnects keep its state although its old socket still counts as open.

Two tabs may send the same token, because a browser copies the token with a tab. Reflex then gives
the second one another token and an empty state. But a page may also reconnect before the server
knows that its old socket is gone: its process was killed, or the telephone changed networks. Such a
page sends the id of its old socket (`bundle.names_its_socket`), which a copied tab does not know.
"""

import logging
from typing import Any
from urllib.parse import parse_qsl

from reflex import app
from reflex.app import EventNamespace
from reflex.utils.token_manager import RedisTokenManager, SocketRecord, TokenManager

_TOKEN, _WAS = "token", "was"
_log = logging.getLogger(__name__)


class SamePages(EventNamespace):
    """Socket namespace in place of Reflex's own."""

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        if was := query.get(_WAS):
            try:
                await take_over(self._token_manager, query.get(_TOKEN, ""), was, sid)
            except Exception as fault:  # noqa: BLE001  (Redis fails: Reflex continues without it)
                _log.warning("a page could not take over its state (%s)", type(fault).__name__)
        await super().on_connect(sid, environ, auth)


async def take_over(manager: TokenManager, token: str, was: str, sid: str) -> None:
    """Assign the token to the new socket `sid`, if the token's socket is still `was`."""
    shared = manager if isinstance(manager, RedisTokenManager) else None
    if shared:
        record = await shared._fetch_socket_record(token)  # noqa: SLF001  (as Reflex's own)
    else:
        record = manager.token_to_socket.get(token)
    if record is None or record.sid != was:
        return
    manager.sid_to_token.pop(was, None)
    mine = SocketRecord(instance_id=manager.instance_id, sid=sid)
    # Reflex then finds the token linked already.
    manager.token_to_socket[token], manager.sid_to_token[sid] = mine, token
    if shared:
        shared._ensure_socket_record_task()  # noqa: SLF001
        await shared._store_socket_record(token, mine)  # noqa: SLF001


def keep_same_pages() -> None:
    """Replace Reflex's namespace. Call it before the app is created, which makes its namespace."""
    app.EventNamespace = SamePages
