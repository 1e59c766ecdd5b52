"""The witness's program goes on when the network or a malicious city answers badly."""

import gzip
import io
from dataclasses import dataclass
from email.message import Message
from http.client import BadStatusLine, IncompleteRead
from types import ModuleType
from typing import Self
from urllib.error import HTTPError

import pytest

PACKED = gzip.compress(b"a checkpoint" * 99)
FORGED = "\x1b[2J\nامضا شد: ۹ ثبت.\u202e"


@dataclass
class Answer:
    """An answer of a server; its content is read, or raised if it is an error."""

    data: bytes | Exception
    headers = {"Content-Encoding": "gzip"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Do nothing: there is nothing to close."""

    def read(self, most: int) -> bytes:
        if isinstance(self.data, Exception):
            raise self.data
        return self.data[:most]


@pytest.mark.parametrize(
    "data",
    [
        PACKED[:-9],
        PACKED[:12] + bytes(9) + PACKED[21:],
        gzip.compress(bytes((64 << 20) + 1), 1),
        IncompleteRead(b"half"),
        BadStatusLine(FORGED),
    ],
    ids=["cut off", "overwritten", "endless", "connection lost", "forged status"],
)
def test_a_damaged_answer_ends_no_witness(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, data: bytes | Exception
) -> None:
    """The program must ask again a minute later; if it ended, its witness would be silent."""
    monkeypatch.setattr(module.urllib.request, "urlopen", lambda *_a, **_k: Answer(data))
    with pytest.raises(module.NotNow) as away:
        module.City("https://city.example").get("checkpoint")
    assert "\x1b" not in str(away.value)


def test_a_refusal_of_the_citys_speaks_for_nobody(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses(*_asked: object, **_more: object) -> None:
        words = io.BytesIO(f"no{FORGED}no".encode())
        raise HTTPError("https://city.example", 409, FORGED, Message(), words)

    monkeypatch.setattr(module.urllib.request, "urlopen", refuses)
    assert module.City("https://city.example").post("rules", b"{}", "application/json") is None
    shown = capsys.readouterr().out
    assert shown.count("\n") == 1
    assert not {"\x1b", "\u202e"} & {*shown}
