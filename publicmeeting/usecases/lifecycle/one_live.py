"""A person has one request that goes on; whoever was displaced as another's begins none."""

from publicmeeting.domain.errors import Denied
from publicmeeting.store.unit_of_work import UnitOfWork


def refuse_second_live(uow: UnitOfWork, person_id: str) -> None:
    """Before a request comes back to life, under the lock of its person, who may have filed another
    meanwhile. Denied `person_displaced`, or as `refuse_beside_live`."""
    refuse_displaced(uow, person_id)
    refuse_beside_live(uow, person_id)


def refuse_displaced(uow: UnitOfWork, person_id: str) -> None:
    """Denied `person_displaced` for whoever's identity is proved to be another's, also while a
    request of his waits for a draw before it goes. From here on nobody displaces this person in
    the same instant."""
    uow.people.lock(person_id)
    if uow.people.is_displaced(person_id):
        raise Denied("person_displaced")


def refuse_beside_live(uow: UnitOfWork, person_id: str) -> None:
    """Denied `one_live_request`, with its code, for whoever has one already."""
    live = uow.requests.live_code(person_id)
    if live:
        raise Denied("one_live_request", code=live)
