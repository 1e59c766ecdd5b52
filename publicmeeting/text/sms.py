"""Texts that go to a mobile by themselves: the one-time code."""

import re

_FIRST_LINE = re.compile("کد ورود شما: ([0-9]+)")


def code_text(code: str, host: str) -> str:
    """ASCII digits, and a last line that the browser itself can read (WebOTP); one SMS of 70."""
    first = f"کد ورود شما: {code}"
    return f"{first}\n@{host} #{code}" if host else first


def code_in(text: str) -> str:
    """The code of a text made by `code_text`; empty for every other text.

    Providers send codes by a template of their own, which needs the bare digits.
    """
    found = _FIRST_LINE.match(text)
    return found[1] if found else ""
