"""Work that ends before one of its SQL statements, as if its process had been killed there."""

from collections import Counter
from collections.abc import Callable

from sqlalchemy import event

from publicmeeting.store.unit_of_work import UnitOfWork
from support.line import Line


class Killed(Exception):  # noqa: N818  (not an error, but what happens to a process)
    """Simulates that the process is killed."""


_TIMES = 3
"""How often the work is killed before the same statement, which it sends for each citizen."""


def dies_after(line: Line, statement: int, do: Callable[[UnitOfWork], object]) -> int | None:
    """Do the work, killed before a later statement than this one, counted from 1.

    Return the number of the statement; None if the work finished.
    """
    store = line.city.application.store
    sent = Counter[str]()

    def count(_connection: object, _cursor: object, text: str, *_: object) -> None:
        sent[text] += 1
        if sent.total() > statement and sent[text] <= _TIMES:
            raise Killed

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        with store.unit_of_work(line.clock()) as uow:
            do(uow)
    except Killed:
        return sent.total()
    finally:
        event.remove(store.engine, "before_cursor_execute", count)
    return None
