"""Texts that go to a mobile by themselves: the one-time code."""

_BEGINS = "کد ورود شما: "


def code_text(code: str, host: str) -> str:
    """ASCII digits, and a last line that the browser itself can read (WebOTP); one SMS of 70."""
    first = f"{_BEGINS}{code}"
    return f"{first}\n@{host} #{code}" if host else first


def code_in(text: str) -> str:
    """The code of a text made by `code_text`; empty for every other text.

    Providers send codes by a template of their own, which needs the bare digits.
    """
    first = text.partition("\n")[0]
    return first.removeprefix(_BEGINS) if first.startswith(_BEGINS) else ""
