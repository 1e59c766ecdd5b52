"""A person has at most one live request; a displaced person cannot begin one."""

from publicmeeting.domain.errors import Denied
from publicmeeting.store.unit_of_work import UnitOfWork


def refuse_second_live(uow: UnitOfWork, person_id: str) -> None:
    """Check that a request may come back to life, under the lock of its person.

    She may have filed another meanwhile. Denied("person_displaced"), or as in `refuse_beside_live`.
    """
    refuse_displaced(uow, person_id)
    refuse_beside_live(uow, person_id)


def refuse_displaced(uow: UnitOfWork, person_id: str) -> None:
    """Raise Denied("person_displaced") if the person's identity is proved to be another's.

    This also holds while a request of his waits for a draw before it is removed. The lock prevents
    a displacement until the transaction ends.
    """
    uow.people.lock(person_id)
    if uow.people.is_displaced(person_id):
        raise Denied("person_displaced")


def refuse_beside_live(uow: UnitOfWork, person_id: str) -> None:
    """Raise Denied("one_live_request", code) for a person with a live request."""
    live = uow.requests.live_code(person_id)
    if live:
        raise Denied("one_live_request", code=live)
