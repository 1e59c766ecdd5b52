"""What the demo city takes for a printed figure: no figure of any exchange."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from publicmeeting.kit.hashing import sha
from publicmeeting.kit.jalali import iso
from publicmeeting.turns.late_value import DICE, Source, source_of

_LEAST, _SPREAD, _SIDES = 2_000_000, 400_000, 6


def printed(day: date, body: Mapping[str, Any]) -> str:
    """The same for the same day, in the form the rules announce."""
    digest = sha("publicmeeting/pretend-exchange", iso(day))
    if source_of(body) is Source.DICE:
        return "".join(str(int(digit, 16) % _SIDES + 1) for digit in digest[:DICE])
    return str(_LEAST + int(digest[:8], 16) % _SPREAD)
