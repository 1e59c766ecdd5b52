"""Text as a browser sends it: a field that is not drawn comes as nothing, never as a word."""


def text_of(sent: object) -> str:
    """What was typed; empty for anything that is no text."""
    return sent if isinstance(sent, str) else ""
