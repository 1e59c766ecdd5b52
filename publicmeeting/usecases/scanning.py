"""The code on a citizen's phone, read at the door."""

import re
from datetime import datetime, timedelta

from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.store.unit import Work
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.wish import usecase

_AT_THE_END = re.compile(r"(?<![0-9])[0-9]{10}\Z")


@usecase(Role.RECEPTION, Role.DESK, *MEETING)
def may_scan(work: Work, actor: Actor, wish: Nothing, now: datetime) -> None:
    """Denied `not_your_role`, `session_ended`, or `too_many_requests` above two frames a second."""
    del wish, now
    work.codes.allow(f"scan/{actor.account_id}", 1200, timedelta(minutes=10))


def code_in(scanned: str) -> str:
    """The tracking code in what the QR of a receipt or pass says; empty when it is none of ours.

    What follows a `#` is for the holder's own browser.
    """
    found = _AT_THE_END.search(scanned.partition("#")[0])
    return found[0] if found and is_tracking_code(found[0]) else ""
