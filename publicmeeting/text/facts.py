"""How a fact stands inside a sentence."""

from publicmeeting.kit.digits import persian


def shown(fact: object) -> object:
    """Whole numbers and codes in Persian digits; words, dates already in words and hashes as is."""
    if isinstance(fact, int) or (isinstance(fact, str) and fact.isdecimal()):
        return persian(fact)
    return fact
