"""SHA-256 in lower-case hex, and one canonical JSON text per value, so that all hashes agree."""

import hashlib
import json

MOST_COUNTED = 2**53 - 1
"""The largest integer that a browser represents exactly; beyond it two verifiers could differ."""


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys, separators `,` and `:`, and no ASCII escaping.

    Raises ValueError for everything that languages write differently: floats, integers too large
    for a browser, keys that are not text, and text that is not valid Unicode.
    """
    _refuse_ambiguous(value)
    text = _ENCODER.encode(value)
    text.encode()  # a lone surrogate has no UTF-8; UnicodeEncodeError is a ValueError
    return text


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def _refuse_ambiguous(value: object) -> None:
    if type(value) is str or value is None or isinstance(value, str):
        return
    if isinstance(value, int) and abs(value) <= MOST_COUNTED:
        return
    if not isinstance(value, dict | list | tuple):
        raise ValueError(f"no canonical form for {value!r}")  # noqa: TRY004  (kit raises ValueError)
    if isinstance(value, dict) and not _has_text_keys(value):
        raise ValueError("a key must be text")
    for item in value.values() if isinstance(value, dict) else value:
        # Most items of a long list: a recursive call for each would cost more than encoding it.
        if type(item) is str or (type(item) is int and -MOST_COUNTED <= item <= MOST_COUNTED):
            continue
        _refuse_ambiguous(item)


def _has_text_keys(value: dict[object, object]) -> bool:
    return set(map(type, value)) == {str} or all(isinstance(key, str) for key in value)


_SEPARATOR = "\n"


def sha(*parts: str) -> str:
    """Return the hash of the UTF-8 parts joined by one line feed.

    Raises ValueError if a part contains one, since two different lists would have equal hashes.
    """
    if any(_SEPARATOR in part for part in parts):
        raise ValueError("a part of a hash may not contain a line feed")
    return sha_bytes(_SEPARATOR.join(parts).encode())


def sha_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
