"""Personal fields at rest: sealed with AES-GCM, looked up by keyed hash, searched by blind index.

One master key; each purpose has its own key by HKDF (RFC 5869). A sealed value is
`key id | nonce | ciphertext` with table, column and row as associated data, so that a value copied
to another row does not open.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from publicmeeting.kit.letters import search_prefixes, search_words

_KEY_ID = b"\x01"
_NONCE = 12


class WrongKey(Exception):  # noqa: N818  (it is a finding about the installation)
    """The master key is not the one this database was sealed with."""


class Vault:
    """Seals and opens personal fields for one master key (32 bytes)."""

    def __init__(self, master: bytes) -> None:
        self._aead = AESGCM(_derive(master, b"encrypt"))
        self._lookup = _derive(master, b"look-up")
        self._search = _derive(master, b"search")
        self._draw = AESGCM(_derive(master, b"draw"))
        self.check = hmac.digest(_derive(master, b"check"), b"publicmeeting", "sha256").hex()

    def seal(self, place: str, row: str, text: str) -> bytes:
        """Seal a text for one row; `place` is `table.column`."""
        nonce = os.urandom(_NONCE)
        sealed = self._aead.encrypt(nonce, text.encode(), f"{place}/{row}".encode())
        return _KEY_ID + nonce + sealed

    def open(self, place: str, row: str, sealed: bytes) -> str:
        """The text again; `WrongKey` if key, place or row differ from those it was sealed for."""
        try:
            nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
            return self._aead.decrypt(nonce, body, f"{place}/{row}".encode()).decode()
        except InvalidTag as fault:
            raise WrongKey(place) from fault

    def seal_secret(self, name: str, value: str) -> bytes:
        """The city's draw secret, under a key of its own."""
        nonce = os.urandom(_NONCE)
        return _KEY_ID + nonce + self._draw.encrypt(nonce, value.encode(), name.encode())

    def open_secret(self, name: str, sealed: bytes) -> str:
        try:
            body = sealed[1 + _NONCE :]
            return self._draw.decrypt(sealed[1 : 1 + _NONCE], body, name.encode()).decode()
        except InvalidTag as fault:
            raise WrongKey(name) from fault

    def lookup(self, kind: str, value: str) -> str:
        """A keyed hash by which a person or a mobile is found without storing it readable."""
        return hmac.digest(self._lookup, f"{kind}\n{value}".encode(), "sha256").hex()

    def search_marks(self, text: str) -> set[str]:
        """Keyed hashes of a text's words and of their prefixes of three letters and more."""
        return {self._mark(word) for word in search_prefixes(text)}

    def query_marks(self, query: str) -> list[str]:
        """The marks every hit must carry; empty when no word is long enough to search for."""
        return [self._mark(word) for word in search_words(query) if len(word) > 2]  # noqa: PLR2004  (prefixes of three)

    def _mark(self, word: str) -> str:
        return hmac.digest(self._search, word.encode(), "sha256").hex()[:20]


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"publicmeeting/" + purpose + b"/v1").derive(master)
