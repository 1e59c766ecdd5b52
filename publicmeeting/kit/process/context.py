"""What the current context works for: a request or page event, and the press that caused it.

A browser without an answer sends a press again (`ui/shell/connection/redelivery.py`). Each command
of a press has a name that is the same in the repetition, so it is executed once. The name is stored
with the command's changes.
"""

from contextvars import ContextVar
from itertools import count

_request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request or page event, which every log line of it has."""


def set_request_id(request_id: str) -> None:
    """Set the id of this context."""
    _request_id.set(request_id)


def request_id() -> str:
    """Return the id; empty for work that nobody requested, as in the worker."""
    return _request_id.get()


_press: ContextVar["Press | None"] = ContextVar("press", default=None)


class Press:
    """The execution of one press."""

    def __init__(self, key: str) -> None:
        self.key = key
        """What the browser calls the press; a repetition has the same key."""
        self.leads_to = ""
        """Address to which its answer leads; "" if the page stays."""
        self._numbers = count(1)

    def name_of_command(self) -> str:
        """Return the name of the press's next command.

        A repeated press yields the same names in the same order.
        """
        return f"press/{self.key}/{next(self._numbers)}"


def set_press(key: str) -> None:
    """Set the press of this context; with an empty key, repetitions are not recognised."""
    _press.set(Press(key) if key else None)


def press() -> Press | None:
    """Return the current press; None in background work, or if the press cannot be repeated."""
    return _press.get()
