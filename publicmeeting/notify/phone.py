"""What reaches a mobile: an SMS gateway, or the demo's own screen."""

from collections import deque
from typing import Protocol


class Phone(Protocol):
    """Sends one text to one mobile (E.164); raises whatever it likes if it was not taken."""

    def send(self, mobile: str, text: str) -> None: ...


class DemoPhone:
    """Keeps the last texts in memory, so that the demo bar can show them like a phone's screen."""

    def __init__(self, keep: int = 200) -> None:
        self.sent: deque[tuple[str, str]] = deque(maxlen=keep)

    def send(self, mobile: str, text: str) -> None:
        self.sent.append((mobile, text))

    def texts(self, mobile: str) -> list[str]:
        return [text for number, text in self.sent if number == mobile]
