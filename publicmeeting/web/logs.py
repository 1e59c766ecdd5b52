"""Logging without personal data: cookies, codes, numbers and Persian words are removed.

Libraries log what browsers sent: Reflex logs the whole event, with the headers of its request, if
it does not know a handler's name. So every record of every logger is cleaned when it is created,
and becomes one short line. Newlines and terminal control characters cannot forge log lines.
"""

import json
import logging
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from publicmeeting.config import PROJECT, LogForm
from publicmeeting.kit.process.context import request_id

MOST_BYTES = 2048
"""Maximum length of a log line, in bytes."""

REPEATS, REPEATS_SECONDS = 5, 60.0
"""Lines of the same fault written per period, and the period in seconds; more are counted."""

_HIDDEN = "[hidden]"
_NAMES = r"(?:set-)?cookie|authorization|session|visit|pending|password|identity|mobile|code"
# A key as in a mapping, a header list or a form, and its quoted value.
_QUOTED = re.compile(rf"""(?i)(\b(?:{_NAMES})\b['"]?\s*[:=,]\s*b?)(['"])(?:\\.|(?!\2).)*\2""")
# The payload of a browser's event: it may contain newlines, so everything after the key.
_PAYLOAD = re.compile(r"(?is)(\bpayload\b['\"]?\s*[:=]|\bwith value\b|\bevent data\b\s*:).*")
_BARE = re.compile(r"(?i)\b(session|visit|pending|password|code|mobile)=[^\s;&,'\")\]}]+")
# The token of a tab's state, by the names that Reflex uses.
_TOKEN = re.compile(r"(?i)\b(client|token)((?:\s+|=|: ?)['\"]?)[0-9a-z_-]{16,}")
# Six digits are a code, ten a person or a case; in any digits, with or without separators.
_DIGIT = "[0-9۰-۹٠-٩]"
_DATE = r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2})?"
_NUMBER = re.compile(
    rf"(?P<date>{_DATE})|(?<![0-9A-Za-z])\+?{_DIGIT}(?:[ -]?{_DIGIT}){{5,}}(?![0-9A-Za-z])"
)
_WORDS = re.compile(
    r"[\u0600-\u06FF\uFB50-\uFDFF\uFE70-\uFEFF][\u0600-\u06FF\u200c\uFB50-\uFEFC ]*"
)
# Persian letters as repr() and JSON escape them.
_ESCAPED = re.compile(r"(?:\\u0[67][0-9a-fA-F]{2}|\\u200c)(?:\\u0[67][0-9a-fA-F]{2}|\\u200c| )*")
# Line ends, terminal control characters, marks of writing direction, and lone surrogates.
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_READ = 8 * MOST_BYTES
"""Number of characters of a message that are examined; the rest is not written."""
_MESSAGE_BYTES, _TRACE_BYTES = 640, 1100
"""Maximum bytes of a message with a traceback, and of the traceback.

A message without a traceback may use both.
"""
_CAUSES = 3
_CUT = "..."
_QUIET = ("httpx", "httpx2", "httpcore", "httpcore2")
"""Libraries that log each request with its full address; only their warnings are written."""

_OWN_HANDLERS = ("engineio.server", "socketio.server")
"""Libraries that add a handler of their own to a logger without a level.

It would write a line for each frame that a stranger forges, past `Repeats` and in another form.
"""

Factory = Callable[..., logging.LogRecord]


def cleaned(text: str) -> str:
    """Return the text without cookies, secrets, long numbers and Persian words."""
    text = _QUOTED.sub(rf"\1\2{_HIDDEN}\2", text)
    text = _PAYLOAD.sub(rf"\1 {_HIDDEN}", text)
    text = _BARE.sub(rf"\1={_HIDDEN}", text)
    text = _TOKEN.sub(rf"\1\2{_HIDDEN}", text)
    text = _NUMBER.sub(lambda found: found["date"] or _HIDDEN, text)
    return _WORDS.sub(_HIDDEN, _ESCAPED.sub(_HIDDEN, text))


def one_line(text: str) -> str:
    """Return the text as one line, with control characters escaped."""
    return _STEERING.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


def redact_log_records() -> None:
    """Clean every log record of this process from now on; idempotent."""
    made_by = logging.getLogRecordFactory()
    if not isinstance(made_by, _Cleaning):
        logging.setLogRecordFactory(_Cleaning(made_by))


def set_up_logs(form: LogForm) -> None:
    """Log to standard error, our modules from INFO and libraries from WARNING on.

    Calling it again only changes the format.
    """
    redact_log_records()
    root = logging.getLogger()
    ours = next((handler for handler in root.handlers if isinstance(handler, _Ours)), None)
    if ours is None:
        ours = _Ours(sys.stderr)
        ours.addFilter(Repeats())
        root.addHandler(ours)
    ours.setFormatter(JsonLines() if form is LogForm.JSON else TextLines())
    logging.getLogger("publicmeeting").setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        logger.handlers.clear()  # the socket server may have been made before


class _Ours(logging.StreamHandler[Any]):
    """The only handler of this process."""


class _Cleaning:
    """Record factory that removes personal data from the message and the traceback."""

    def __init__(self, make: Factory) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401  (the factory's own signature)
        record = self._make(*args, **kwargs)
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            message = "a log line that could not be formatted"
        text, fault, trace = one_line(cleaned(message[:_READ])), "", ""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            # Handlers would otherwise format the original traceback.
            fault, trace = _place(error), _trace(error)
            record.exc_info = None
        most = _MESSAGE_BYTES if trace else _MESSAGE_BYTES + _TRACE_BYTES
        record.msg, record.args = f"{_cut(text, most)} {_cut(trace, _TRACE_BYTES)}".rstrip(), ()
        record.__dict__.update(request_id=request_id(), fault=fault)
        return record


class TextLines(logging.Formatter):
    """Format for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%SZ")
        request = getattr(record, "request_id", "")
        named = f"{record.name} [{request}]" if request else record.name
        return f"{at} {record.levelname} {named} {record.getMessage()}"


class JsonLines(logging.Formatter):
    """One JSON object a line, in ASCII.

    Keys: time (UTC), level, logger, id of the request or event, message with its traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        return json.dumps(
            {
                "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": record.levelname,
                "logger": record.name,
                "id": getattr(record, "request_id", ""),
                "message": record.getMessage(),
            }
        )


@dataclass(slots=True)
class _Window:
    began: float
    written: int = 0
    left_out: int = 0


class Repeats(logging.Filter):
    """Lets the first few lines of the same fault through, and logs once how many more there were.

    Lines are the same if they come from one log call, with one type of error from one place. So a
    thousand events of an attacker, or a second without a database, make only a few lines.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seconds = seconds
        self._windows: dict[tuple[object, ...], _Window] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        key = (record.name, record.pathname, record.lineno, getattr(record, "fault", ""))
        now = self._seconds()
        with self._lock:
            window = self._windows.setdefault(key, _Window(now))
            more = 0
            if now - window.began >= REPEATS_SECONDS:
                more, window.left_out = window.left_out, 0
                window.began, window.written = now, 0
            if window.written >= REPEATS:
                window.left_out += 1
                return False
            window.written += 1
            is_last = window.written == REPEATS
        if more:
            record.msg = f"(and {more} more like this until now) {record.getMessage()}"
        elif is_last:
            record.msg = f"(more like this are only counted for a minute) {record.getMessage()}"
        return True


def _trace(error: BaseException | None) -> str:
    """Return an error's message, where it was raised, its callers, and the same for its causes.

    Without lines of source code: they would take space and hide nothing.
    """
    causes: list[str] = []
    while error is not None and len(causes) < _CAUSES:
        text = one_line(cleaned(f"{type(error).__name__}: {error}"[:_READ]))
        causes.append(f"{_cut(text, _TRACE_BYTES // 3)} at {' < '.join(_frames(error))}")
        context = None if error.__suppress_context__ else error.__context__
        inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
        error = error.__cause__ or context or inner
    return f"Traceback: {'; because of '.join(causes)}"


def _place(error: BaseException) -> str:
    """Return the type of an error and where it was raised."""
    return f"{type(error).__name__} {next(iter(_frames(error)), '')}"


def _frames(error: BaseException) -> list[str]:
    """Return file, line and function of each frame, the innermost first."""
    frames = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return frames[::-1]


def _short(path: str) -> str:
    """Return a file's path relative to the project or to site-packages."""
    for before in (f"{PROJECT}/", "site-packages/"):
        path = path.rpartition(before)[2]
    return path


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text, at most that many bytes as JSON."""
    while len(json.dumps(text)) > most:
        text = text[: len(text) * most // len(json.dumps(text)) - 1 - len(_CUT)] + _CUT
    return text
