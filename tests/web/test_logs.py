"""No cookie, code, number or Persian word reaches a log, whoever writes it."""

import logging
from collections.abc import Iterator

import pytest

from publicmeeting.web.logs import cleaned, keep_people_out

EVENT = (
    "Event(name='reflex___state.load', router_data={'headers': {'host': 'localhost:3000', "
    "'cookie': 'session=Zk3-secret; visit=abc', 'user-agent': 'x'}}, "
    "payload={'identity': '0499370899', 'title': 'Broken pavement'})"
)
SECRETS = ("Zk3-secret", "abc", "0499370899", "pavement")


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What a plain handler writes of a library's logger."""
    keep_people_out()
    keep_people_out()
    kept: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(self.format(record))

    logger, handler = logging.getLogger("some.library"), Keep()
    logger.addHandler(handler)
    yield kept
    logger.removeHandler(handler)


def test_an_unknown_handlers_whole_event_is_logged_without_her(lines: list[str]) -> None:
    logging.getLogger("some.library").error("unknown handler: %s", EVENT)
    assert "reflex___state.load" in lines[0]
    assert not [secret for secret in SECRETS if secret in lines[0]]


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


@pytest.mark.parametrize(
    "text",
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
    ],
)
def test_a_secret_is_hidden(text: str) -> None:
    assert "Zk3-secret" not in cleaned(text)


@pytest.mark.parametrize(
    "number",
    [
        "0499370899",
        "۰۴۹۹۳۷۰۸۹۹",
        "09121234567",
        "+989121234567",
        "0912 123 4567",
        "482137",
        "۴۸۲۱۳۷",
    ],
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
