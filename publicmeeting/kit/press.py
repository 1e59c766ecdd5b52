"""Identify a button press, so that a press that arrives twice is executed once.

A browser without an answer sends a press again (`ui/shell/redelivery.py`). Each command of a press
has a name that is the same in the repetition. The name is stored with the command's changes.
"""

from contextvars import ContextVar
from itertools import count

_current: ContextVar["Press | None"] = ContextVar("press", default=None)


class Press:
    """The execution of one press."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._numbers = count(1)

    def name_of_command(self) -> str:
        """Return the name of the press's next command.

        A repeated press yields the same names in the same order.
        """
        return f"press/{self._key}/{next(self._numbers)}"


def set_press(key: str) -> None:
    """Set the press of this context; with an empty key, repetitions are not recognised."""
    _current.set(Press(key) if key else None)


def press() -> Press | None:
    """Return the current press; None in background work, or if the press cannot be repeated."""
    return _current.get()
