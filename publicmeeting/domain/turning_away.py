"""Until when somebody who filed in time may be turned away before the list of her line is fixed.

A word said minutes before the freeze would cost a draw even where it is taken back later, and no
week can be given back: weeks are what the published lists say. So it is said while there is time
to say no to it, and whoever says no stands in the list.
"""

from datetime import datetime

from publicmeeting.domain.records import Case, Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action


def time_to_insist(case: Case, actor: Actor, now: datetime) -> str | None:
    """No answer instead of a meeting when she can no longer insist on it before the freeze."""
    del actor
    late = isinstance(case, Request) and any(now >= one.screened_by for one in case.open_lines)
    return "list_near" if late else None


def time_to_object(case: Case, actor: Actor, now: datetime) -> str | None:
    """The same for a refusal; the second one is final whenever it is said, so it may come late."""
    return None if case.count(Action.OBJECT) else time_to_insist(case, actor, now)
