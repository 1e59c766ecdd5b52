"""A stand-in for the state that Reflex passes to a background handler."""

from typing import Any, Self

import reflex as rx


class Held:
    """A state as a background handler gets it: an async context manager that locks it."""

    def __init__(self, state: Any) -> None:
        object.__setattr__(self, "_state", state)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        del error

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._state, name)
        is_own = hasattr(found, "__func__") and not hasattr(rx.State, name)
        return found.__func__.__get__(self) if is_own else found

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._state, name, value)
