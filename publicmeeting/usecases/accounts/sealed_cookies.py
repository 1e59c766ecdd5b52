"""Texts that a browser keeps between two forms, sealed for its visit and for some minutes.

A form cannot store state. Nobody can read the text, change it, or bring it back to another place.
"""

import base64
from datetime import datetime, timedelta

from publicmeeting.domain.roles import Actor
from publicmeeting.store.database.vault import WrongKey
from publicmeeting.store.unit_of_work import UnitOfWork


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
