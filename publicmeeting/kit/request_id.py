"""The id of the current request or page event, which every log line of it has."""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def set_request_id(request_id: str) -> None:
    """Set the id of this context."""
    _current.set(request_id)


def request_id() -> str:
    """Return the id; empty for work that nobody requested, as in the worker."""
    return _current.get()
