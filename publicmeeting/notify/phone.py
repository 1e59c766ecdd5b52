"""What reaches a mobile: an SMS gateway, or the demo's own screen."""

from collections import deque
from typing import Protocol


class NotSentError(OSError):
    """This message was certainly not sent: the gateway rejected it."""


class UnreachableError(NotSentError):
    """No message is sent now: the gateway cannot be reached, or takes nothing from anybody."""


class UnansweredError(OSError):
    """The gateway gave no answer in time. Whether it sends the message nobody knows."""


def message_id(digest: str) -> str:
    """An id made of a hash in hex; providers want whole numbers of 18 digits at most."""
    return str(int(digest, 16) % 10**18)


class Phone(Protocol):
    """Sends one text to one mobile (E.164).

    `message_id` names the message, 18 digits at most: a gateway that gets one of the same id again
    can know that it is the same. Raises `UnansweredError` where the message may have been sent all
    the same, and whatever else it likes where it was not.
    """

    def send(self, mobile: str, text: str, message_id: str) -> None: ...


class DemoPhone:
    """Keeps the last texts in memory, so that the demo bar can show them like a phone's screen."""

    def __init__(self, limit: int = 200) -> None:
        self.sent: deque[tuple[str, str]] = deque(maxlen=limit)

    def send(self, mobile: str, text: str, message_id: str = "") -> None:
        del message_id
        self.sent.append((mobile, text))

    def texts(self, mobile: str) -> list[str]:
        return [text for number, text in self.sent if number == mobile]
