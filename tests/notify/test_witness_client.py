"""Requests to a witness: `add-checkpoint` over HTTPS to public addresses only."""

from collections.abc import Sequence

import httpx2
import pytest

from publicmeeting.notify.phone import NotSentError, UnansweredError
from publicmeeting.notify.witnesses import Asked, WitnessClient

NOTE = "example.ir/log\n1\nAAAA\n\n— example.ir/log AAAA\n"
URL = "https://witness.example.ir/w"


def client(
    answer: httpx2.Response | Exception, addresses: Sequence[str] = ("93.184.216.34",)
) -> tuple[WitnessClient, list[httpx2.Request]]:
    seen: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        stream = httpx2.ByteStream(answer.content)
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=stream)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return WitnessClient(httpx2.MockTransport(handle), resolve), seen


def test_it_asks_as_the_protocol_says() -> None:
    witness_client, seen = client(httpx2.Response(200, text="— w.ir/w AAAA\n"))
    assert witness_client.add_checkpoint(URL, 3, ["AQ==", "Ag=="], NOTE) == Asked(
        ("— w.ir/w AAAA",)
    )
    (request,) = seen
    assert request.content.decode() == f"old 3\nAQ==\nAg==\n\n{NOTE}"
    assert str(request.url) == "https://93.184.216.34/w/add-checkpoint"
    assert request.headers["host"] == "witness.example.ir"
    assert request.extensions["sni_hostname"] == "witness.example.ir"


def test_a_conflict_tells_the_size_it_knows() -> None:
    headers = {"Content-Type": "text/x.tlog.size"}
    witness_client, _ = client(httpx2.Response(409, text="42\n", headers=headers))
    assert witness_client.add_checkpoint(URL, 0, [], NOTE) == Asked(known_size=42)


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(409, text="42\n"),
        httpx2.Response(409, text="-1\n", headers={"Content-Type": "text/x.tlog.size"}),
        httpx2.Response(409, text="9" * 99, headers={"Content-Type": "text/x.tlog.size"}),
        httpx2.Response(200, text="no line end"),
        httpx2.Response(302, headers={"Location": "http://127.0.0.1/"}),
        httpx2.Response(403),
        httpx2.Response(422),
        httpx2.Response(500),
        httpx2.Response(200, content=b"\xff\xfe\n"),
        httpx2.Response(200, content=b"x" * 100_000 + b"\n"),
        httpx2.Response(200, headers={"Content-Encoding": "gzip"}, content=b""),
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
    ],
)
def test_an_answer_that_is_none(answer: httpx2.Response | Exception) -> None:
    witness_client, seen = client(answer)
    with pytest.raises((NotSentError, UnansweredError)):
        witness_client.add_checkpoint(URL, 0, [], NOTE)
    assert len(seen) == 1, "it is followed nowhere"


@pytest.mark.parametrize(
    "addresses",
    [
        (),
        ("127.0.0.1",),
        ("::1",),
        ("10.0.0.1",),
        ("192.168.1.1",),
        ("169.254.169.254",),
        ("fd00::1",),
        ("fe80::1%eth0",),
        ("0.0.0.0",),
        ("::ffff:127.0.0.1",),
        ("93.184.216.34", "10.0.0.1"),
    ],
)
def test_a_name_that_leads_into_our_own_network_is_not_asked(addresses: Sequence[str]) -> None:
    witness_client, seen = client(httpx2.Response(200, text="— w AAAA\n"), addresses)
    with pytest.raises((NotSentError, UnansweredError)):
        witness_client.add_checkpoint(URL, 0, [], NOTE)
    assert not seen


def test_an_address_of_ipv6_and_a_port_of_its_own() -> None:
    witness_client, seen = client(httpx2.Response(200, text="— w AAAA\n"), ["2606:2800:220:1::1"])
    witness_client.add_checkpoint("https://witness.example.ir:8443", 0, [], NOTE)
    assert str(seen[0].url) == "https://[2606:2800:220:1::1]:8443/add-checkpoint"
    assert seen[0].headers["host"] == "witness.example.ir:8443"
