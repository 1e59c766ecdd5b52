"""Work that ends before one of its SQL statements, as if its process had been killed there."""

from collections.abc import Callable

from sqlalchemy import event

from publicmeeting.store.unit_of_work import UnitOfWork
from support.line import Line


class Killed(Exception):  # noqa: N818  (not an error, but what happens to a process)
    """Simulates that the process is killed."""


def dies_at(line: Line, statement: int, do: Callable[[UnitOfWork], object]) -> bool:
    """Do the work, killed after `statement` statements; return whether it finished before."""
    store = line.city.application.store
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen > statement:
            raise Killed

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        with store.unit_of_work(line.clock()) as uow:
            do(uow)
    except Killed:
        return False
    finally:
        event.remove(store.engine, "before_cursor_execute", count)
    return True
