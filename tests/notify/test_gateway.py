"""An SMS provider described by settings: which request is sent, and which answer means sent."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest

from publicmeeting.kit.outside.http_call import SmsGateway, call
from publicmeeting.notify.circuit import FAILURES
from publicmeeting.notify.gateway import HttpPhone, accepted
from publicmeeting.notify.phone import NotSentError, UnansweredError, UnreachableError
from publicmeeting.text.notices.sms_text import code_in, code_text

MOBILE = "+989121234567"
TEXT = 'ملاقات مردمی: "نوبت" {code} \\ شما'
WORDS = {"mobile": "09121234567", "text": TEXT, "code": "482137"}


def gateway(**other: str) -> SmsGateway:
    fields = {
        "url": "http://localhost/send",
        "method": "POST",
        "headers": '{"X-API-KEY": "secret"}',
        "body": '{"to": "{mobile}", "parameters": [{"name": "CODE", "value": "{code}"}], "n": 3}',
        "body_format": "json",
        "success": "status=1",
    }
    return SmsGateway(**{**fields, **other})


def test_placeholders_are_filled_inside_the_values() -> None:
    made = call(gateway(), WORDS)
    assert made["json"] == {
        "to": "09121234567",
        "parameters": [{"name": "CODE", "value": "482137"}],
        "n": 3,
    }
    assert made["headers"] == {"X-API-KEY": "secret"}


def test_no_text_changes_the_shape_of_the_call() -> None:
    made = call(gateway(body='{"message": "{text}"}', body_format="form"), WORDS)
    assert made["data"] == {"message": TEXT}


def test_an_address_is_quoted_and_unknown_placeholders_stay() -> None:
    made = call(gateway(url="http://localhost/{key}?to={mobile}&text={text}"), WORDS)
    assert made["url"].startswith("http://localhost/{key}?to=09121234567&text=%D9%85")
    assert " " not in made["url"]


@pytest.mark.parametrize("wrong", ["[]", "no json"])
def test_headers_that_are_no_object_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        call(gateway(headers=wrong), WORDS)


@pytest.mark.parametrize(
    ("success", "answer", "is_accepted"),
    [
        ("", "anything", True),
        ("status=1", '{"status": 1}', True),
        ("status=1", '{"status": 0}', False),
        ("return.status=200", '{"return": {"status": 200}}', True),
        ("messages.0.ok=True", '{"messages": [{"ok": true}]}', True),
        ("return.status=200", '{"return": null}', None),
        ("return.status=200", "<html>", None),
        ("return.status=200", "[" * 60_000, None),
    ],
)
def test_the_answer_is_read_by_its_path(
    success: str,
    answer: str,
    is_accepted: bool | None,  # noqa: FBT001  (a column of the table)
) -> None:
    assert accepted(gateway(success=success), answer) is is_accepted


class Provider:
    """A provider that gives the test's answer and records requests."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.status, self.text = 200, '{"status": 1}'
        self.refused: ssl.SSLError | None = None

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = request.content.decode()
        read = json.loads(body) if "json" in request.headers["Content-Type"] else parse_qs(body)
        self.asked.append((request.url.path, read))
        if self.refused:
            raise httpx2.ConnectError(f"failed: {request.url}") from self.refused
        if not self.status:
            raise httpx2.ConnectTimeout(f"timed out: {request.url}")
        return httpx2.Response(self.status, text=self.text)


@pytest.fixture
def provider() -> Provider:
    return Provider()


def reaching(provider: Provider, *gateways: SmsGateway) -> HttpPhone:
    return HttpPhone(*gateways, transport=httpx2.MockTransport(provider))


def test_codes_go_by_their_own_gateway_and_texts_by_the_other(provider: Provider) -> None:
    texts = gateway(url="http://localhost/text", body='{"message": "{text}"}')
    codes = gateway(url="http://localhost/code", body='{"code": "{code}"}', body_format="form")
    phone = reaching(provider, texts, codes)
    phone.send(MOBILE, code_text("482137", "localhost"), "1")
    phone.send(MOBILE, TEXT, "1")
    assert provider.asked == [("/code", {"code": ["482137"]}), ("/text", {"message": TEXT})]


def test_without_a_gateway_for_codes_they_go_as_texts(provider: Provider) -> None:
    texts = gateway(url="http://localhost/text", body='{"message": "{text}"}')
    reaching(provider, texts).send(MOBILE, code_text("482137", ""), "1")
    assert provider.asked == [("/text", {"message": "کد ورود شما: 482137\nبه کسی نگویید."})]


def test_a_message_keeps_its_id_whenever_it_is_sent(provider: Provider) -> None:
    texts = gateway(url="http://localhost/text", body='{"message": "{text}", "localid": "{id}"}')
    phone = reaching(provider, texts)
    for _ in range(2):
        phone.send(MOBILE, TEXT, "123456789012345678")
    (first, second) = provider.asked
    assert first == second
    assert first[1]["localid"] == "123456789012345678"


def test_of_a_refused_certificate_the_reason_is_named_and_no_address(provider: Provider) -> None:
    """«ConnectError» alone would send an operator to a provider whose service is up."""
    provider.refused = ssl.SSLCertVerificationError()
    provider.refused.verify_message = "certificate has expired"
    with pytest.raises(UnreachableError) as raised:
        reaching(provider, gateway()).send(MOBILE, TEXT, "1")
    assert str(raised.value) == (
        "the SMS gateway failed: its certificate is refused: certificate has expired"
    )
    provider.refused = ssl.SSLError("another fault of TLS at http://localhost/?key=1")
    with pytest.raises(UnreachableError) as raised:
        reaching(provider, gateway()).send(MOBILE, TEXT, "1")
    assert str(raised.value) == "the SMS gateway failed: ConnectError"


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (400, NotSentError),
        (422, NotSentError),
        (401, UnreachableError),
        (429, UnreachableError),
        (302, UnreachableError),
        (500, UnreachableError),
        (503, UnreachableError),
        (504, UnansweredError),
        (0, UnreachableError),
    ],
)
def test_what_a_gateway_says_of_one_message_is_told_from_what_it_says_of_all(
    provider: Provider, status: int, fault: type[OSError]
) -> None:
    provider.status = status
    with pytest.raises(OSError) as raised:
        reaching(provider, gateway()).send(MOBILE, TEXT, "1")
    assert type(raised.value) is fault


@pytest.mark.parametrize("fault", [httpx2.ReadTimeout, httpx2.ReadError, httpx2.WriteTimeout])
def test_a_broken_connection_after_the_call_began_says_nothing(fault: type[Exception]) -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        raise fault("the key of the provider")

    phone = HttpPhone(gateway(), transport=httpx2.MockTransport(broken))
    with pytest.raises(UnansweredError) as raised:
        phone.send(MOBILE, TEXT, "1")
    assert "key" not in str(raised.value)


class Drip(httpx2.AsyncByteStream):
    """A gateway that sends a few bytes again and again, and never the end."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)


async def hang(request: httpx2.Request) -> httpx2.Response:
    await asyncio.Event().wait()
    raise AssertionError


async def drip(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, stream=Drip())


async def flood(request: httpx2.Request) -> httpx2.Response:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65536

    return httpx2.Response(200, content=endless())


@pytest.mark.parametrize("lying", [hang, drip])
def test_a_call_ends_however_slowly_the_gateway_answers(lying: Any) -> None:
    transport = httpx2.MockTransport(lying)
    phone = HttpPhone(gateway(), transport=transport, code_seconds=0.1, text_seconds=0.1)
    for text in (TEXT, code_text("482137", "localhost")):
        with pytest.raises(UnansweredError):
            phone.send(MOBILE, text, "1")
    assert [gateway_status.unanswered for gateway_status in phone.status()] == [1, 1]


def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    phone = HttpPhone(gateway(success=""), transport=httpx2.MockTransport(flood))
    phone.send(MOBILE, TEXT, "1")
    assert phone.status()[0].taken == 1


def test_a_gateway_that_hangs_is_left_alone_after_a_few(provider: Provider) -> None:
    provider.status = 0
    phone = reaching(provider, gateway())
    for _ in range(3 * FAILURES):
        with pytest.raises(UnreachableError):
            phone.send(MOBILE, TEXT, "1")
    assert len(provider.asked) == FAILURES


@pytest.mark.parametrize(
    ("status", "text"), [(500, ""), (200, '{"status": 0}'), (401, '{"status": 1}'), (0, "")]
)
def test_what_a_gateway_did_not_take_is_an_error_without_the_providers_key(
    provider: Provider, status: int, text: str
) -> None:
    provider.status, provider.text = status, text
    phone = reaching(provider, gateway(url="http://localhost/v1/very-secret-key/send"))
    with pytest.raises(OSError, match="SMS gateway") as failure:
        phone.send(MOBILE, TEXT, "1")
    assert "very-secret-key" not in str(failure.value)
    assert failure.value.__cause__ is None


@pytest.mark.parametrize(
    ("status", "why"), [(200, "2xx without status=1"), (402, "402"), (503, "503")]
)
def test_the_journal_has_the_status_of_a_page_that_answers_in_the_gateways_place(
    provider: Provider, status: int, why: str
) -> None:
    """A captive portal, or a provider whose credit has ended, answers 200 with words."""
    provider.status, provider.text = status, "<html>very-secret-words</html>"
    with pytest.raises(NotSentError, match=f": {why}$"):
        reaching(provider, gateway()).send(MOBILE, TEXT, "1")


def test_an_address_that_cannot_be_called_is_the_same_error(provider: Provider) -> None:
    phone = reaching(provider, gateway(url="http://é..very-secret-key/"))
    with pytest.raises(OSError, match="SMS gateway") as failure:
        phone.send(MOBILE, TEXT, "1")
    assert "very-secret-key" not in str(failure.value)


def test_a_text_is_read_back_for_its_code() -> None:
    assert code_in(code_text("482137", "localhost")) == "482137"
    assert code_in("نوبت شما ۹:۰۰ است") == ""
