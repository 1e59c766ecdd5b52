"""The cookies of this installation: their names, which values it has issued, and sealed texts.

A browser keeps such a text between two forms, for its visit and for some minutes, since a form
cannot store state. Nobody can read it, change it, or bring it back to another place.
"""

import base64
import hmac
from datetime import datetime, timedelta
from functools import lru_cache

from publicmeeting.domain.roles import Actor
from publicmeeting.kit.browsers import LONGEST as AGENT_LONGEST
from publicmeeting.kit.codes import token
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.vault import Vault, WrongKey
from publicmeeting.store.unit_of_work import UnitOfWork

SESSION = "session"
VISIT = "visit"
DEVICE = "device"
LONGEST = 200
_HOST_ONLY = "__Host-"
_KNOWN = 2048
"""How many cookie headers have their keys cached."""
_TAG = 32
"""Length of a keyed hash in hexadecimal digits: 128 bits."""


class Cookies:
    """Reads cookies from a header, the same way for pages and routes, and creates visits.

    Over https every name begins with `__Host-`. A browser accepts such a cookie only from this very
    host, so neither a sister site nor a plain connection can plant one. Over plain http (the demo)
    no browser would store it.
    """

    def __init__(self, vault: Vault, *, is_https: bool) -> None:
        self._vault = vault
        self.is_https = is_https
        # Every event of an open page has the header with which its socket was opened.
        self._known = lru_cache(maxsize=_KNOWN)(self._keys)

    def name(self, cookie: str) -> str:
        """Return the cookie's name in the browser."""
        return f"{_HOST_ONLY}{cookie}" if self.is_https else cookie

    def read(self, header: str, cookie: str) -> str:
        """Return one cookie's value; empty if it is missing, too long, or sent with two values.

        Of two different values one cannot be ours. The parser is lenient: an odd cookie of another
        program on this host must not sign anybody out.
        """
        found = {
            value.strip().strip('"')
            for name, is_pair, value in (part.partition("=") for part in header.split(";"))
            if is_pair and name.strip() == self.name(cookie)
        }
        text = found.pop() if len(found) == 1 else ""
        return text if len(text) <= LONGEST else ""

    def keys(self, header: str, address: str = "", agent: str = "") -> Keys:
        """Return a request's cookies and origin; the visit only if this installation issued it.

        Session and device are looked up on the server each time. `agent` is the browser's own name,
        truncated.
        """
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
        """Return a new random visit; its keyed hash proves that this installation issued it."""
        name = token()
        return f"{name}.{self._tag(name)}"

    def visit_after(self, session: str) -> str:
        """Return the visit that follows a sign-in, derived from its session.

        Both answers to a double tap therefore lead to the same visit, with what she had begun.
        """
        name = self._vault.tag("visit of a session", session)
        return f"{name}.{self._tag(name)}"

    def is_own_visit(self, visit: str) -> bool:
        name, _, tag = visit.partition(".")
        return tag.isascii() and hmac.compare_digest(tag, self._tag(name))

    def _tag(self, name: str) -> str:
        return self._vault.tag("visit", name)[:_TAG]


__all__ = ["DEVICE", "SESSION", "VISIT", "Cookies", "Keys"]


def seal_for_visit(uow: UnitOfWork, actor: Actor, place: str, text: str, stays: timedelta) -> str:
    """Return the cookie's value; `place` names what the text is for."""
    until = uow.machine_now + stays
    sealed = uow.vault.seal(place, actor.visit, f"{text} {until.isoformat()}")
    return base64.urlsafe_b64encode(sealed).decode()


def open_of_visit(uow: UnitOfWork, actor: Actor, place: str, sealed: str) -> str | None:
    """Return the text; None if it is old, of another visit or place, or not issued here."""
    try:
        text = uow.vault.open(place, actor.visit, base64.urlsafe_b64decode(sealed))
        text, _, until = text.rpartition(" ")
        return text if datetime.fromisoformat(until) > uow.machine_now else None
    except (WrongKey, ValueError):
        return None
