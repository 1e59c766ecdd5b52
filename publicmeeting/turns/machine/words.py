"""Whether a witness's word in the log carries her signature (docs/turns.md 3)."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.state import Entry

_WORDS = {Kind.COMMITMENT: ("commitment",), Kind.VALUE: ("day", "value")}


def signed_lines(origin: str, entry: Entry) -> bytes:
    """What is signed: each line ends with a line feed."""
    said = [entry.text(key) for key in _WORDS[entry.kind]]
    parts = ["publicmeeting/said/v1", origin, entry.kind.value, entry.text("monday")]
    return "".join(f"{part}\n" for part in [*parts, entry.text("party"), *said]).encode()


def is_signed(origin: str, entry: Entry, rules: Mapping[str, Any]) -> bool:
    """The city's words carry no signature of their own: the log is hers."""
    party, signature = entry.text("party"), entry.text("sig")
    if party == CITY:
        return signature == ""
    keys = [one["vkey"] for one in rules.get("witnesses", ()) if one["party"] == party]
    try:
        public = base64.b64decode(str(keys[0]).split("+", 2)[2], validate=True)[1:]
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(raw, signed_lines(origin, entry))
    except (IndexError, ValueError, binascii.Error, InvalidSignature):
        return False
    return True
