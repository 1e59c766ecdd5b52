"""Check the witness's signature on an entry of the log (docs/turns.md section 5)."""

from collections.abc import Mapping
from typing import Any

from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.state import Entry
from publicmeeting.turns.witness import is_statement_signed, statement_text, witnesses_of

_WORDS = {
    Kind.COMMITMENT: ("commitment",),
    Kind.VALUE: ("day", "value"),
    Kind.RULES_SIGNED: ("hash",),
}


def is_signed(origin: str, entry: Entry, rules: Mapping[str, Any]) -> bool:
    """Whether the signature is valid; the city's entries have none, since it signs the log."""
    party, signature = entry.text("party"), entry.text("sig")
    if party == CITY:
        return signature == ""
    words = (entry.text(key) for key in _WORDS[entry.kind])
    lines = statement_text(origin, entry.kind.value, entry.text("monday"), party, *words)
    try:
        keys = {witness.party: witness.key for witness in witnesses_of(rules)}
    except (KeyError, TypeError, ValueError):  # malformed rules name no witness
        return False
    return party in keys and is_statement_signed(keys[party], lines, signature)
