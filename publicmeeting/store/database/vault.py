"""Protection of personal fields at rest: AES-GCM sealing, lookup by keyed hash, blind search index.

HKDF (RFC 5869) derives a key for each purpose from one master key. A sealed value is `key id |
nonce | ciphertext`, with table, column and row as associated data, so that a value copied to
another row does not open.
"""

import hmac
import os
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import NoReturn, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.exc import DataError, NoResultFound

from publicmeeting.kit.letters import LEAST, search_prefixes, search_words

_KEY_ID = b"\x01"
_NONCE = 12
_TAG = 16
MARK = 10
"""Bytes of a search mark; collisions of two words are not expected in any city."""
_WORD = 64
_AT_ONCE = 1 << 20
"""Bytes of a file encrypted per call; a call holds the interpreter lock while others wait."""


class WrongKey(Exception):  # noqa: N818  (it is a finding about the installation)
    """The master key is not the one that this database was sealed with."""


class Vault:
    """Seals and opens personal fields with one master key (32 bytes)."""

    forgives = False

    def __init__(self, master: bytes) -> None:
        self._aead = AESGCM(_derive(master, b"encrypt"))
        self._lookup = _derive(master, b"look-up")
        self._search = _derive(master, b"search")
        self._draw = AESGCM(_derive(master, b"draw"))
        self._tag = _derive(master, b"tag")
        self._file = AES(_derive(master, b"file"))
        self._file_name = AESSIV(_derive(master, b"file-name", 64))
        self._page = AESGCM(_derive(master, b"page"))
        self.check = hmac.digest(_derive(master, b"check"), b"publicmeeting", "sha256").hex()

    def __reduce__(self) -> NoReturn:
        """Refuse pickling: keys must not reach another process or the state of a page."""
        raise TypeError("a vault holds keys and cannot be pickled")

    def seal(self, place: str, row: str, text: str) -> bytes:
        """Seal a text for one row, without lone surrogates; `place` is `table.column`."""
        nonce = os.urandom(_NONCE)
        # A field that cuts an emoji in two leaves half a surrogate pair, which has no UTF-8. The
        # rest is stored; `clean` removes it from texts that are no drafts.
        plain = text.encode(errors="ignore")
        sealed = self._aead.encrypt(nonce, plain, f"{place}/{row}".encode())
        return _KEY_ID + nonce + sealed

    def open(self, place: str, row: str, sealed: bytes) -> str:
        """Return the text; `WrongKey` if key, place or row differ from those it was sealed for."""
        try:
            nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
            return self._aead.decrypt(nonce, body, f"{place}/{row}".encode()).decode()
        except (InvalidTag, ValueError) as fault:  # a truncated value lacks nonce or tag
            raise WrongKey(place) from fault

    def seal_word(self, place: str, row: str, word: str) -> bytes:
        """Seal one of a few known words, padded so that the length reveals nothing."""
        length = len(word.encode())
        return self.seal(place, row, word + " " * (-length % _WORD if length else _WORD))

    def open_word(self, place: str, row: str, sealed: bytes) -> str:
        return self.open(place, row, sealed).rstrip(" ")

    def seal_secret(self, name: str, value: str) -> bytes:
        """Seal the city's draw secret under a key of its own."""
        nonce = os.urandom(_NONCE)
        return _KEY_ID + nonce + self._draw.encrypt(nonce, value.encode(), name.encode())

    def open_secret(self, name: str, sealed: bytes) -> str:
        try:
            body = sealed[1 + _NONCE :]
            return self._draw.decrypt(sealed[1 : 1 + _NONCE], body, name.encode()).decode()
        except (InvalidTag, ValueError) as fault:  # a truncated value lacks nonce or tag
            raise WrongKey(name) from fault

    def seal_file(self, sha: str, data: bytes) -> bytes:
        """Seal a file named by the SHA-256 of its plain bytes: `key id | nonce | data | tag`."""
        nonce = os.urandom(_NONCE)
        sealing = Cipher(self._file, GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(sha.encode())
        plain = memoryview(data)
        sealed = [sealing.update(plain[at : at + _AT_ONCE]) for at in range(0, len(data), _AT_ONCE)]
        return b"".join((_KEY_ID, nonce, *sealed, sealing.finalize(), sealing.tag))

    def open_file(self, sha: str, sealed: bytes) -> bytes:
        """Return the file's bytes; `WrongKey` if key or name differ, or any bit has changed."""
        if not sealed.startswith(_KEY_ID):
            raise WrongKey(sha)
        nonce, tag = sealed[1 : 1 + _NONCE], sealed[-_TAG:]
        body = memoryview(sealed)[1 + _NONCE : -_TAG]
        try:
            opening = Cipher(self._file, GCM(nonce, tag)).decryptor()
            opening.authenticate_additional_data(sha.encode())
            parts = range(0, len(body), _AT_ONCE)
            plain = [opening.update(body[at : at + _AT_ONCE]) for at in parts]
            return b"".join((*plain, opening.finalize()))
        except (InvalidTag, ValueError) as fault:  # a truncated file lacks nonce or tag
            raise WrongKey(sha) from fault

    def seal_name(self, sha: str) -> str:
        """Return a deterministic name on disk for a file, which reveals nothing of its hash."""
        return self._file_name.encrypt(bytes.fromhex(sha), None).hex()

    def open_name(self, name: str) -> str:
        try:
            return self._file_name.decrypt(bytes.fromhex(name), None).hex()
        except (InvalidTag, ValueError) as fault:
            raise WrongKey(name) from fault

    def seal_page(self, key: str, data: bytes) -> bytes:
        """Seal what is stored of an open page at a key outside the database."""
        nonce = os.urandom(_NONCE)
        return _KEY_ID + nonce + self._page.encrypt(nonce, data, key.encode())

    def open_page(self, key: str, sealed: bytes) -> bytes | None:
        """Return what `seal_page` sealed for this key; None for anything else."""
        try:
            return self._page.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], key.encode())
        except (InvalidTag, ValueError):  # a truncated value lacks nonce or tag
            return None

    def lookup(self, kind: str, value: str) -> str:
        """Return a keyed hash that finds a person or a mobile without storing it readable."""
        return _hashed(self._lookup, kind, value)

    def tag(self, kind: str, value: str) -> str:
        """Return a keyed hash for cookies and tokens.

        No stored data depends on it, so another master key may invalidate it.
        """
        return _hashed(self._tag, kind, value)

    @property
    def lookup_key(self) -> str:
        """The lookup key, to find data written under it after the master key has changed."""
        return self._lookup.hex()

    @staticmethod
    def lookup_by(key: str, kind: str, value: str) -> str:
        """Return `lookup` with a key that `lookup_key` returned."""
        return _hashed(bytes.fromhex(key), kind, value)

    def request_marks(self, texts: Iterable[str], code: str) -> bytes:
        """Return the search marks of a request: words, their prefixes, and the whole code.

        Each mark has `MARK` bytes; they are sorted, so that their order reveals nothing of the
        text.
        """
        return self.joined(self.search_marks(" ".join(texts)), code)

    def joined(self, marks: AbstractSet[bytes], code: str) -> bytes:
        """Return `request_marks` for a text whose marks are known."""
        return b"".join(sorted({*marks, *self.query_marks(code)[:1]}))

    def search_marks(self, text: str) -> set[bytes]:
        """Return keyed hashes of a text's words and of their prefixes of at least three letters."""
        return {self._mark(word) for word in search_prefixes(text) if len(word) >= LEAST}

    def query_marks(self, query: str) -> list[bytes]:
        """Return the marks that every hit must have; empty if no word is long enough."""
        return [self._mark(word) for word in search_words(query) if len(word) >= LEAST]

    def _mark(self, word: str) -> bytes:
        return hmac.digest(self._search, word.encode(), "sha256")[:MARK]


UNREADABLE = (WrongKey, KeyError, ValueError, TypeError, DataError)
"""Exceptions from reading a damaged row, for example after a bad block or a partial backup.

`DataError` is of PostgreSQL's driver, for an instant such as `infinity`.
"""


DAMAGED = (
    *UNREADABLE,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    NoResultFound,
)
"""Everything that a row may raise which somebody has filled to make the program fail.

Too much to catch anywhere but in a check, which makes a finding of it.
"""


class Opens(Protocol):
    """An object that opens sealed texts."""

    @property
    def forgives(self) -> bool:
        """Whether unreadable texts are skipped instead of raising."""

    def open(self, place: str, row: str, sealed: bytes) -> str: ...

    def open_word(self, place: str, row: str, sealed: bytes) -> str: ...


class Forgiving:
    """Opens what can be opened, and returns an empty text for the rest.

    For code that works without the texts: a case with damaged texts keeps its place in the line.
    """

    forgives = True

    def __init__(self, vault: Opens) -> None:
        self._vault = vault

    def open(self, place: str, row: str, sealed: bytes) -> str:
        """Return the text, or an empty one."""
        try:
            return self._vault.open(place, row, sealed)
        except (WrongKey, TypeError):
            return ""

    def open_word(self, place: str, row: str, sealed: bytes) -> str:
        """Return the word, or an empty one."""
        return self.open(place, row, sealed).rstrip(" ")


def _hashed(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(key, f"{kind}\n{value}".encode(), "sha256").hex()


def _derive(master: bytes, purpose: bytes, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, None, b"publicmeeting/" + purpose + b"/v1").derive(master)
