"""C2SP signed notes: a text, followed by Ed25519 signatures.

A signature by an unknown key is ignored. A wrong signature by a known key refuses the note, because
somebody has forged it.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED = 32
"""Bytes of a private key."""
NOTE_MOST = 1 << 20
SIGNATURES_MOST = 100

_PUBLIC, _ID, _SIGNATURE, _SECONDS = 32, 4, 64, 8
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
"""All control characters but the line feed."""


class NoteError(ValueError):
    """Malformed or forged: `note_malformed`, `key_malformed`, `signature_wrong`."""


class KeyType(IntEnum):
    """What the signatures of a key cover."""

    NOTE = 1
    """The note's text itself."""
    COSIGNATURE = 4
    """The text together with the time at which it was seen (tlog-cosignature)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key as announced; its text form is `name+id+base64`."""

    name: str
    type: KeyType
    public: bytes

    @property
    def id(self) -> bytes:
        parts = self.name.encode(), b"\n", bytes([self.type]), self.public
        return hashlib.sha256(b"".join(parts)).digest()[:_ID]

    @property
    def vkey(self) -> str:
        data = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{data}"

    @classmethod
    def of(cls, name: str, type_: KeyType, seed: bytes) -> "Key":
        """Return the public half of a private key."""
        return cls(name, type_, _private(seed).public_key().public_bytes_raw())

    @classmethod
    def read(cls, vkey: str) -> "Key":
        """Parse a key; NoteError `key_malformed` for other text or a wrong id."""
        found = _VKEY.fullmatch(vkey)
        if found is None:
            raise NoteError("key_malformed")
        name, id_, text = found.groups()
        data = _unpacked(text, "key_malformed")
        if len(data) != 1 + _PUBLIC or data[0] not in set(KeyType):
            raise NoteError("key_malformed")
        key = cls(name, KeyType(data[0]), data[1:])
        if key.id.hex() != id_:
            raise NoteError("key_malformed")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note, not verified yet."""

    name: str
    id: bytes
    data: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {base64.b64encode(self.id + self.data).decode()}"

    @classmethod
    def read(cls, line: str) -> "Signature":
        """Parse a line; raises NoteError `note_malformed`."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise NoteError("note_malformed")
        data = _unpacked(found[2], "note_malformed")
        if len(data) <= _ID:
            raise NoteError("note_malformed")
        return cls(found[1], data[:_ID], data[_ID:])

    @property
    def seconds(self) -> int | None:
        """The time stated by a cosignature, in seconds since 1970; None for another form."""
        is_one = len(self.data) == _SECONDS + _SIGNATURE
        return int.from_bytes(self.data[:_SECONDS]) if is_one else None


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text that ends with a line feed, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{signature.line}\n" for signature in self.signatures)

    @classmethod
    def read(cls, data: str | bytes) -> "SignedNote":
        """Parse a note; raises NoteError `note_malformed`."""
        text = _decoded(data)
        body, gap, below = text.rpartition("\n\n")
        if not gap or not below.endswith("\n") or _CONTROL.search(text):
            raise NoteError("note_malformed")
        lines = below[:-1].split("\n")
        if len(lines) > SIGNATURES_MOST:
            raise NoteError("note_malformed")
        return cls(f"{body}\n", tuple(Signature.read(line) for line in lines))

    def signed_by(self, keys: Iterable[Key]) -> dict[Key, Signature]:
        """Return which of these keys have signed, each with its first signature.

        Raises NoteError `signature_wrong` if a signature by one of them does not fit the text.
        """
        known = {(key.name, key.id): key for key in keys}
        found: dict[Key, Signature] = {}
        for signature in self.signatures:
            key = known.get((signature.name, signature.id))
            if key is None:
                continue
            if not is_signed(self.text, signature, key):
                raise NoteError("signature_wrong")
            found.setdefault(key, signature)
        return found


def is_signed(text: str, signature: Signature, key: Key) -> bool:
    """Whether this key made this signature of this text."""
    data, signed = signature.data, text.encode()
    if key.type is KeyType.COSIGNATURE:
        if signature.seconds is None:
            return False
        signed, data = _cosigned(text, signature.seconds), data[_SECONDS:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(data, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def _private(seed: bytes) -> Ed25519PrivateKey:
    """Cached per key, because deriving takes as long as signing."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def sign(text: str, name: str, seed: bytes) -> Signature:
    """Sign a text with a private key; ValueError for a text that does not end with a line feed."""
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends with a line feed")
    data = _private(seed).sign(text.encode())
    return Signature(name, Key.of(name, KeyType.NOTE, seed).id, data)


def cosign(text: str, name: str, seed: bytes, seconds: int) -> Signature:
    """Return a witness's signature.

    It states that at this time the checkpoint continued the last one that the witness had seen.
    """
    data = _private(seed).sign(_cosigned(text, seconds))
    id_ = Key.of(name, KeyType.COSIGNATURE, seed).id
    return Signature(name, id_, seconds.to_bytes(_SECONDS) + data)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _decoded(data: str | bytes) -> str:
    try:
        text = data if isinstance(data, str) else data.decode()
        is_short = len(text.encode()) <= NOTE_MOST
    except UnicodeError:
        raise NoteError("note_malformed") from None
    if not is_short:
        raise NoteError("note_malformed")
    return text


def _unpacked(text: str, fault: str) -> bytes:
    """Decode standard base64, refusing all but its one canonical spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise NoteError(fault) from None
    if base64.b64encode(data).decode() != text:
        raise NoteError(fault)
    return data
