"""The cookies of this installation: their names, and which values it has issued."""

import hmac
from functools import lru_cache

from publicmeeting.kit.codes import token
from publicmeeting.kit.user_agent import LONGEST as AGENT_LONGEST
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.vault import Vault

SESSION = "session"
VISIT = "visit"
DEVICE = "device"
LONGEST = 200
_HOST_ONLY = "__Host-"
_KNOWN = 2048
"""Cookie headers whose keys are cached."""
_TAG = 32
"""Hexadecimal digits: 128 bits nobody can guess."""


class Cookies:
    """Reads cookies out of a header, the same for pages and routes, and makes visits.

    Over https every name begins with `__Host-`: a browser takes such a cookie from this very host
    only, so no sister site and no plain connection can plant one. Over plain http (the demo) no
    browser would keep it.
    """

    def __init__(self, vault: Vault, *, is_https: bool) -> None:
        self._vault = vault
        self.is_https = is_https
        # Every event of an open page brings the header its socket came with.
        self._known = lru_cache(maxsize=_KNOWN)(self._keys)

    def name(self, cookie: str) -> str:
        """The cookie's name in the browser."""
        return f"{_HOST_ONLY}{cookie}" if self.is_https else cookie

    def read(self, header: str, cookie: str) -> str:
        """One cookie's value; empty when it is missing, too long, or sent with two different
        values, of which one cannot be ours.

        Read leniently: a cookie of another program on this host, however odd, signs nobody out.
        """
        found = {
            value.strip().strip('"')
            for name, is_pair, value in (part.partition("=") for part in header.split(";"))
            if is_pair and name.strip() == self.name(cookie)
        }
        text = found.pop() if len(found) == 1 else ""
        return text if len(text) <= LONGEST else ""

    def keys(self, header: str, address: str = "", agent: str = "") -> Keys:
        """The session and the device as sent, looked up on the server each time; the visit only
        if it was made here. `agent`: the browser's name of itself, of which the beginning is
        kept."""
        return self._known(header, address, agent[:AGENT_LONGEST])

    def _keys(self, header: str, address: str, agent: str) -> Keys:
        visit = self.read(header, VISIT)
        return Keys(
            session=self.read(header, SESSION),
            visit=visit if self.is_own_visit(visit) else "",
            device=self.read(header, DEVICE),
            address=address,
            agent=agent,
        )

    def new_visit(self) -> str:
        """A new random visit; its tag proves that this installation issued it."""
        name = token()
        return f"{name}.{self._tag(name)}"

    def visit_after(self, session: str) -> str:
        """The visit of whoever has just signed in; the same for both answers to whoever tapped
        twice, so that what she had begun is where the second one leads."""
        name = self._vault.tag("visit of a session", session)
        return f"{name}.{self._tag(name)}"

    def is_own_visit(self, visit: str) -> bool:
        name, _, tag = visit.partition(".")
        return tag.isascii() and hmac.compare_digest(tag, self._tag(name))

    def _tag(self, name: str) -> str:
        return self._vault.tag("visit", name)[:_TAG]


__all__ = ["DEVICE", "SESSION", "VISIT", "Cookies", "Keys"]
