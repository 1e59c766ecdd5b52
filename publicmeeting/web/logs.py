"""Logs without people: cookies, codes, numbers and Persian words never reach one.

Libraries log what browsers sent: Reflex prints the whole event, with its request's headers, when it
does not know a handler's name. So every record of every logger is cleaned while it is made.
"""

import logging
import re
import traceback
from collections.abc import Callable
from typing import Any

_HIDDEN = "[hidden]"
_NAMES = r"(?:set-)?cookie|authorization|session|visit|pending|password|identity|mobile|code"
# A key as in a mapping, a header list or a form, and its quoted value.
_QUOTED = re.compile(rf"""(?i)(\b(?:{_NAMES})\b['"]?\s*[:=,]\s*b?)(['"])(?:\\.|(?!\2).)*\2""")
# What a browser sent with an event, to the end of the line.
_PAYLOAD = re.compile(r"(?i)(\bpayload\b['\"]?\s*[:=]|\bwith value\b).*")
_BARE = re.compile(r"(?i)\b(session|visit|pending|password|code|mobile)=[^\s;&,'\")\]}]+")
# Six digits are a code, ten a person or a case; in any digits, however they are set apart.
_DIGIT = "[0-9۰-۹٠-٩]"
_DATE = r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2})?"
_NUMBER = re.compile(
    rf"(?P<date>{_DATE})|(?<![0-9A-Za-z])\+?{_DIGIT}(?:[ -]?{_DIGIT}){{5,}}(?![0-9A-Za-z])"
)
_WORDS = re.compile(
    r"[\u0600-\u06FF\uFB50-\uFDFF\uFE70-\uFEFF][\u0600-\u06FF\u200c\uFB50-\uFEFC ]*"
)
# What repr() and JSON make of Persian letters.
_ESCAPED = re.compile(r"(?:\\u0[67][0-9a-fA-F]{2}|\\u200c)(?:\\u0[67][0-9a-fA-F]{2}|\\u200c| )*")

Factory = Callable[..., logging.LogRecord]


def cleaned(text: str) -> str:
    """The text without cookies, secrets, long numbers and Persian words."""
    text = _QUOTED.sub(rf"\1\2{_HIDDEN}\2", text)
    text = _PAYLOAD.sub(rf"\1 {_HIDDEN}", text)
    text = _BARE.sub(rf"\1={_HIDDEN}", text)
    text = _NUMBER.sub(lambda found: found["date"] or _HIDDEN, text)
    return _WORDS.sub(_HIDDEN, _ESCAPED.sub(_HIDDEN, text))


def keep_people_out() -> None:
    """From now on every log record of this process is cleaned. Calling it again changes nothing."""
    made_by = logging.getLogRecordFactory()
    if not isinstance(made_by, _Cleaning):
        logging.setLogRecordFactory(_Cleaning(made_by))


class _Cleaning:
    """Makes a record, then takes people out of its message and of its traceback."""

    def __init__(self, make: Factory) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401  (the factory's own signature)
        record = self._make(*args, **kwargs)
        try:
            record.msg, record.args = cleaned(record.getMessage()), ()
        except (TypeError, ValueError, KeyError):
            record.msg, record.args = "a log line that could not be formatted", ()
        if record.exc_info and record.exc_info[0] is not None:
            # Left to the handlers, the traceback would be written as it is.
            trace = "".join(traceback.format_exception(*record.exc_info))
            record.msg, record.exc_info = f"{record.msg}\n{cleaned(trace)}", None
        return record
