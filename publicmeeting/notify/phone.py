"""Channels that reach a mobile: an SMS gateway, or the console and the demo's own screen."""

import logging
from collections import deque
from typing import Protocol

from publicmeeting.text.sms import code_in

_log = logging.getLogger(__name__)


class Phone(Protocol):
    """Sends one text to one mobile (E.164); raises OSError if the gateway did not take it."""

    def send(self, mobile: str, text: str) -> None: ...


class DemoPhone:
    """Keeps the last texts in memory, so that the demo bar can show them like a phone's screen."""

    def __init__(self, keep: int = 200) -> None:
        self.sent: deque[tuple[str, str]] = deque(maxlen=keep)

    def send(self, mobile: str, text: str) -> None:
        self.sent.append((mobile, text))

    def texts(self, mobile: str) -> list[str]:
        return [text for number, text in self.sent if number == mobile]


class ConsolePhone:
    """Writes to the program's log instead of sending: a machine without a gateway.

    Mobile and code are masked, because logs are kept.
    """

    def send(self, mobile: str, text: str) -> None:
        masked = f"{mobile[:6]}…{mobile[-2:]}"
        code = code_in(text)
        shown = text.replace(code, "•" * len(code)) if code else text
        _log.info("SMS to %s: %s", masked, shown)
