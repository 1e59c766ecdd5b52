"""Texts that go to a mobile by themselves: the one-time code."""


def code_text(code: str, host: str) -> str:
    """ASCII digits, and a last line that the browser itself can read (WebOTP); one SMS of 70."""
    first = f"کد ورود شما: {code}"
    return f"{first}\n@{host} #{code}" if host else first
