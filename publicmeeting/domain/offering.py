"""A standby offer is not a seat yet: what ends before she has accepted it was never hers."""

from collections.abc import Iterable

from publicmeeting.domain.lifecycle import AnyAction
from publicmeeting.domain.stages import Action

_GIVES_OR_TAKES = (Action.SEAT, Action.OFFER, Action.TAKE_FREE, Action.CONFIRM)


def is_offered(acts: Iterable[AnyAction | None]) -> bool:
    """Whether after these acts of a request what it holds is an offer nobody has accepted."""
    last = [act for act in acts if act in _GIVES_OR_TAKES][-1:]
    return last == [Action.OFFER]
