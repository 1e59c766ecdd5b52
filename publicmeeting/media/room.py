"""Memory that decoders share: whoever needs much waits until others have given theirs back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """So many bytes for all threads together, handed out in the order of asking."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._used = 0
        self._freed = threading.Condition()
        self._line = threading.Lock()

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Hold `size` bytes; ValueError for more than there are at all."""
        if size > self.size:
            raise ValueError("more than the whole room")
        with self._line, self._freed:
            self._freed.wait_for(lambda: self._used + size <= self.size)
            self._used += size
        try:
            yield
        finally:
            with self._freed:
                self._used -= size
                self._freed.notify_all()
