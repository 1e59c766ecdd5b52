"""The id of what is being done: every log line of one request or one event of a page carries it."""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def set_request_id(request_id: str) -> None:
    """From now on in this context."""
    _current.set(request_id)


def request_id() -> str:
    """Empty where nobody asked for what is done, as in the worker."""
    return _current.get()
