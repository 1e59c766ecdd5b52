"""Which press of a page is carried out: it may come twice, and its commands are performed once.

A browser that got no answer sends a press again (`ui/shell/redelivery.py`). Each of its commands
has a name that is the same then, which is stored with what the command changes.
"""

from contextvars import ContextVar
from itertools import count

_current: ContextVar["Press | None"] = ContextVar("press", default=None)


class Press:
    """One carrying out of what a person pressed."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._numbers = count(1)

    def name_of_command(self) -> str:
        """Of the next command; of the same press sent again its first one has the same name as
        here, and so on."""
        return f"press/{self._key}/{next(self._numbers)}"


def set_press(key: str) -> None:
    """From now on in this context; with an empty key nothing can come twice."""
    _current.set(Press(key) if key else None)


def press() -> Press | None:
    """None where nobody pressed anything, or it is not sent twice."""
    return _current.get()
