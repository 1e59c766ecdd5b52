"""Isolation of one item in a batch, so that its fault does not stop the others."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from redis.exceptions import RedisError

from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.records import Request
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.media.objects import StorageUnavailable
from publicmeeting.store.database.engine import is_unreachable
from publicmeeting.store.database.transaction import refusal_in
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.unit_of_work import UnitOfWork


def is_part_missing(error: BaseException) -> bool:
    """Return whether the error means that the database, Redis or the picture store does not answer.

    Such an error is no bug of the program, and the work can be tried again.
    """
    return isinstance(error, RedisError | StorageUnavailable) or is_unreachable(error)


_log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def alone(uow: UnitOfWork, what: str) -> Iterator[None]:
    """Run the block in a savepoint; log a fault and swallow it, so that the caller can go on.

    Everything written inside the block is committed together or rolled back together. Errors that
    are not about this item are raised again, because repeating the whole work cures them: a part of
    the service that does not answer, or a race with another transaction. `what` names the item in
    the log.
    """
    is_begun = False
    try:
        with uow.savepoint():
            is_begun = True
            yield
    except Exception as fault:
        if not is_begun or _is_passing(fault):
            raise
        FAULTS.labels("case").inc()
        _log.exception("left as it was: %s", what)


def read_each(uow: UnitOfWork, request_ids: Collection[str]) -> list[Request]:
    """Read requests for the clock, in the order of the ids, leaving out unreadable ones."""
    try:
        with uow.savepoint():
            return uow.clock_requests.by_ids(list(request_ids))
    except Exception as fault:
        if _is_passing(fault):
            raise
    found = []
    for request_id in request_ids:
        with alone(uow, f"the reading of {request_id}"):
            found.append(uow.clock_requests.by_id(request_id))
    return found


def readable(uow: UnitOfWork, what: str, some: Iterable[T], read: Callable[[T], R]) -> list[R]:
    """Read every item of a list that can be decrypted; `uow.unread` counts those left out."""
    found = []
    for item in some:
        try:
            found.append(read(item))
        except UNREADABLE:
            uow.leave_out(what)
    return found


def readable_requests(uow: UnitOfWork, request_ids: Collection[str]) -> list[Request]:
    """Read requests for their officials, in the order of the ids, leaving out unreadable ones.

    The number of statements does not grow with the number of ids as long as none is damaged. As in
    `readable`, `uow.unread` counts what is left out.
    """
    ids = list(request_ids)
    try:
        return uow.requests.by_ids(ids)
    except UNREADABLE:
        return readable(uow, "a request", ids, uow.requests.by_id)


def _is_passing(fault: Exception) -> bool:
    refusal = refusal_in(fault)
    passes = isinstance(refusal, Unavailable) or (
        refusal is not None and refusal.key == "version_conflict"
    )
    return is_part_missing(fault) or passes
