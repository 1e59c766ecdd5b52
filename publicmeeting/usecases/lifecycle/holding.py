"""Whether anybody may receive the visitors of a Monday: without one nobody is called to a door that
nobody opens, and nobody is absent from a meeting that nobody holds."""

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import CALLS, Action
from publicmeeting.store.unit_of_work import UnitOfWork

TO_THE_ROOM = frozenset({*CALLS, Action.RING, Action.REACH, Action.CALL_IN, Action.NO_SHOW})


def refuse_without_holder(uow: UnitOfWork, request: Request, action: Action) -> None:
    """Denied("nobody_holds") for a step to the room, or because she did not come to it, while the
    district has neither a mayor nor the deputy who was named for the day."""
    if action not in TO_THE_ROOM or uow.accounts.with_role(Role.MAYOR, request.district):
        return
    deputies = {one.id for one in uow.accounts.with_role(Role.DEPUTY, request.district)}
    if request.day_held_by not in deputies:
        raise Denied("nobody_holds")
