"""No cookie, code, number or Persian text reaches a log, whatever logs it."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from socketio import AsyncServer
from support.each import for_each

from publicmeeting.config import LogForm
from publicmeeting.kit.process.context import set_request_id
from publicmeeting.web.logs import (
    MOST_BYTES,
    REPEATS,
    REPEATS_SECONDS,
    JsonLines,
    Repeats,
    TextLines,
    cleaned,
    redact_log_records,
    set_up_logs,
)

EVENT = (
    "Event(name='reflex___state.load', router_data={'headers': {'host': 'localhost:3000', "
    "'cookie': 'session=Zk3-secret; visit=abc', 'user-agent': 'x'}}, "
    "payload={'identity': '0499370899', 'title': 'Broken pavement'})"
)
SECRETS = ("Zk3-secret", "abc", "0499370899", "pavement")


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What a plain handler writes of a library's logger."""
    redact_log_records()
    redact_log_records()
    logged: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(self.format(record))

    logger, handler = logging.getLogger("some.library"), Keep()
    logger.addHandler(handler)
    yield logged
    logger.removeHandler(handler)


def test_an_unknown_handlers_whole_event_is_logged_without_her(lines: list[str]) -> None:
    logging.getLogger("some.library").error("unknown handler: %s", EVENT)
    assert "reflex___state.load" in lines[0]
    assert not [secret for secret in SECRETS if secret in lines[0]]


@pytest.mark.parametrize(
    "text",
    [
        "Attempting to send delta to disconnected client '{token}'",
        "Dropping stale load invocation for token {token}, superseded",
        "GET /_event/?EIO=4&token={token}&transport=websocket",
        "Lock expired for token {token}_reflex___state____state while processing",
    ],
)
@pytest.mark.parametrize("token", ["0f" * 16, "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"])
def test_no_tabs_token_reaches_a_log(lines: list[str], text: str, token: str) -> None:
    logging.getLogger("some.library").warning(text.format(token=token))
    assert token not in lines[0]
    assert "[hidden]" in lines[0]


def test_a_traceback_is_kept_without_her(lines: list[str]) -> None:
    try:
        _fail()
    except ValueError:
        logging.getLogger("some.library").exception("a fault")
    assert "ValueError: no such mobile: [hidden]" in lines[0]
    assert "test_logs.py" in lines[0]
    assert "0912" not in lines[0]
    assert "مریم" not in lines[0]


def test_a_line_that_cannot_be_formatted_is_no_fault(lines: list[str]) -> None:
    few: tuple[object, ...] = ("x",)
    logging.getLogger("some.library").error("%d of %s", *few)
    assert len(lines) == 1


def _fail() -> None:
    raise ValueError("no such mobile: 09121234567 of مریم احمدی")


@for_each(
    [
        "Cookie: session=Zk3-secret; visit=abc",
        "{b'cookie': b'session=Zk3-secret'}",
        "[(b'cookie', b'session=Zk3-secret'), (b'host', b'x')]",
        '"set-cookie": "session=Zk3-secret; Path=/"',
        "'authorization': 'Bearer Zk3-secret'",
        "GET /x?code=Zk3-secret HTTP/1.1",
        "'password': 'it\\'s Zk3-secret'",
        "pending=Zk3-secret",
        "with value 'Zk3-secret' and type hint",
    ]
)
def test_a_secret_is_hidden(text: str) -> None:
    assert "Zk3-secret" not in cleaned(text)


@for_each(
    [
        "0499370899",
        "۰۴۹۹۳۷۰۸۹۹",
        "09121234567",
        "+989121234567",
        "0912 123 4567",
        "482137",
        "۴۸۲۱۳۷",
    ]
)
def test_a_number_of_a_person_or_a_code_is_hidden(number: str) -> None:
    assert cleaned(f"of {number}.") == "of [hidden]."


@pytest.mark.parametrize("words", ["مریم احمدی", "پیاده‌روی شکسته", "\\u0645\\u0631 \\u06cc"])
def test_persian_words_are_hidden(words: str) -> None:
    assert cleaned(f"a {words}") == "a [hidden]"


@pytest.mark.parametrize(
    "text",
    [
        "Listening at: http://127.0.0.1:3000",
        "the clock could not do draw/d06",
        "image 5cbfaf21b61e4db8af197d2555361274 is gone",
        "2026-11-21 09:30:00 started in 0.52 s",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert cleaned(text) == text


FORGED = "x\n2026-11-26 09:00:00 CRITICAL the city burns"
FORMS = pytest.mark.parametrize("form", [TextLines(), JsonLines()], ids=["text", "json"])


@pytest.fixture
def written(lines: list[str]) -> Iterator[Callable[[logging.Formatter], list[str]]]:
    """`written(form)` is the lines that a handler with this formatter has written so far."""
    logged: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(record)

    logger, handler = logging.getLogger("some.library"), Keep()
    logger.addHandler(handler)

    def lines_(form: logging.Formatter) -> list[str]:
        stream = io.StringIO()
        for record in logged:
            stream.write(form.format(record) + "\n")
        return stream.getvalue().splitlines()

    yield lines_
    logger.removeHandler(handler)


@FORMS
@pytest.mark.parametrize(
    "sent",
    [FORGED, "a\rb", "a\x1b[2Jb", "a\x85b", "a\u2028b", "a\u202eb", "a\x00b", "a\ud800b", "a\x9bb"],
    ids=ascii,
)
def test_nothing_that_is_sent_ends_a_line_or_steers_a_terminal(
    written: Callable[[logging.Formatter], list[str]], form: logging.Formatter, sent: str
) -> None:
    logging.getLogger("some.library").error("no handler %s here", sent)
    try:
        _deep(0, sent)
    except ValueError:
        logging.getLogger("some.library").exception("a fault of %s", sent)
    lines = written(form)
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
    assert all("Traceback" in line or "here" in line for line in lines)


@FORMS
@pytest.mark.parametrize("sent", ["x" * 800_000, '"' * 800_000, "\n" * 90_000, "\u0645 " * 90_000])
def test_a_line_is_short_whatever_is_sent(
    written: Callable[[logging.Formatter], list[str]], form: logging.Formatter, sent: str
) -> None:
    set_request_id("0" * 12)
    logging.getLogger("some.library").error("got %s", sent)
    try:
        _deep(40, sent)
    except ValueError:
        logging.getLogger("some.library").exception("a fault of %s", sent)
    lines = written(form)
    assert len(lines) == 2
    assert max(len(line.encode()) for line in lines) <= MOST_BYTES
    assert "test_logs.py" in lines[1]


def _deep(depth: int, message: str) -> None:
    if depth:
        _deep(depth - 1, message)
    raise ValueError(message)


def test_a_payload_is_hidden_to_its_end_and_not_to_its_first_newline() -> None:
    assert cleaned("Event(payload={'a': 'x\nJohn Smith'})").endswith("payload= [hidden]")
    assert "Smith" not in cleaned("Error transforming 'q' with value 'x\nJohn Smith' and type")


def test_a_line_of_json_says_when_what_and_for_whom(
    written: Callable[[logging.Formatter], list[str]],
) -> None:
    set_request_id("a1b2c3")
    logging.getLogger("some.library").warning("slow")
    line = json.loads(written(JsonLines())[0])
    assert line.pop("time").endswith("Z")
    assert line == {"level": "WARNING", "logger": "some.library", "id": "a1b2c3", "message": "slow"}


def test_a_traceback_names_its_cause_and_no_path_of_this_machine(lines: list[str]) -> None:
    try:
        try:
            _fail()
        except ValueError as error:
            raise RuntimeError("no room") from error
    except RuntimeError:
        logging.getLogger("some.library").exception("a fault")
    assert "RuntimeError: no room at tests/web/test_logs.py" in lines[0]
    assert "because of ValueError" in lines[0]
    assert " /" not in lines[0]


def test_the_same_fault_again_and_again_is_a_handful_of_lines() -> None:
    now = [0.0]
    limit = Repeats(lambda: now[0])
    passed = [limit.filter(_record(lineno=1)) for _ in range(3000)]
    assert sum(passed) == REPEATS
    assert limit.filter(_record(lineno=2))
    now[0] += REPEATS_SECONDS
    late = _record(lineno=1)
    assert limit.filter(late)
    assert f"and {3000 - REPEATS} more" in late.getMessage()


def test_what_is_no_fault_is_never_left_out() -> None:
    limit = Repeats(lambda: 0.0)
    assert all(limit.filter(_record(1, logging.INFO)) for _ in range(3 * REPEATS))


def _record(lineno: int, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord("some.library", level, "a.py", lineno, "a fault", (), None)


def test_setting_up_twice_writes_once() -> None:
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    try:
        set_up_logs(LogForm.TEXT)
        set_up_logs(LogForm.JSON)
        added = [handler for handler in root.handlers if handler not in before]
        assert len(added) <= 1
        assert all(isinstance(handler.formatter, JsonLines) for handler in added)
    finally:
        root.handlers[:] = before


def test_a_forged_frame_is_written_once_and_counted_with_others_like_it() -> None:
    """The socket server writes each fault by a handler of its own to a logger without a level."""
    loggers = [logging.getLogger(name) for name in ("engineio.server", "socketio.server")]
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    levels = [(logger, logger.level) for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.NOTSET)
        AsyncServer(async_mode="asgi")
        set_up_logs(LogForm.JSON)
        AsyncServer(async_mode="asgi")
        assert [logger.handlers for logger in loggers] == [[], []]
        assert all(logger.propagate for logger in loggers)
    finally:
        root.handlers[:] = before
        for logger, level in levels:
            logger.setLevel(level)
