"""What reaches a mobile: an SMS gateway, or the demo's own screen."""

from collections import deque
from typing import Protocol


class NotSentError(OSError):
    """This message was certainly not sent: the gateway rejected it."""


class UnreachableError(NotSentError):
    """No message can be sent now: the gateway is unreachable or rejects everything."""


class UnansweredError(OSError):
    """The gateway gave no answer in time, so it is unknown whether it sends the message."""


def message_id(digest: str) -> str:
    """Make an id of a hexadecimal hash; providers accept whole numbers of at most 18 digits."""
    return str(int(digest, 16) % 10**18)


class Phone(Protocol):
    """Sends one text to one mobile (E.164).

    `message_id` names the message with at most 18 digits, so that a gateway can recognise a
    repeated one. Raises `UnansweredError` if the message may have been sent, and any other error if
    it was not.
    """

    def send(self, mobile: str, text: str, message_id: str) -> None: ...


class DemoPhone:
    """Stores the last texts in memory, for the demo bar, which shows them like a phone."""

    def __init__(self) -> None:
        self.sent: deque[tuple[str, str]] = deque(maxlen=200)

    def send(self, mobile: str, text: str, message_id: str = "") -> None:
        del message_id
        self.sent.append((mobile, text))

    def texts(self, mobile: str) -> list[str]:
        return [text for number, text in self.sent if number == mobile]
