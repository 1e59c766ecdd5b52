"""How a fact stands inside a sentence."""

import re

from publicmeeting.kit.digits import persian

_LTR, _END = "\u2066", "\u2069"
_NUMBER_WITH_HYPHEN = re.compile("[0-9]+[-\u2011][0-9]+")


def in_order(text: str) -> str:
    """A run of Latin letters and digits that keeps its order between Persian words."""
    return f"{_LTR}{text}{_END}"


def shown(fact: object) -> object:
    """Whole numbers and codes in Persian digits; words, dates already in words and hashes as is.

    A number with a hyphen is isolated: its halves would change places in right-to-left text.
    """
    if isinstance(fact, int) or (isinstance(fact, str) and fact.isdecimal()):
        return persian(fact)
    if isinstance(fact, str) and _NUMBER_WITH_HYPHEN.fullmatch(fact):
        return in_order(str(persian(fact)))
    return fact
