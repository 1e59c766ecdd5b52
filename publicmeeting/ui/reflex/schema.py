"""Stored page states of another release are not read where what they hold has another shape.

Redis holds the states of open pages beyond the release that wrote them. Reflex compares only names
of vars and of their classes, and of no var that the server alone knows. So a new field was missing
in what an older release had stored. Of a class with slots the values are stored in order without
names: each stood in its neighbour's place. Such a state now begins anew, and a page that was built
for other views loads itself again.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, get_args, get_origin

from reflex.state import BaseState

_OURS = "publicmeeting"


def compare_shapes() -> None:
    """Extend Reflex's two schemas: of one stored state, and of all that pages are built for.

    Call it before the app is created, which the build compiles in.
    """
    by_name: Any = BaseState._to_schema.__func__.__wrapped__  # type: ignore[attr-defined]  # noqa: SLF001
    of_pages: Any = BaseState._to_frontend_schema.__func__  # type: ignore[attr-defined]  # noqa: SLF001

    def to_schema(cls: type[BaseState]) -> str:
        return _hash(by_name(cls), _stored(cls))

    def to_frontend_schema(cls: type[BaseState]) -> str:
        return _of_pages(cls, of_pages(cls))

    replaced: Any = BaseState
    cached: Any = lru_cache(to_schema)
    replaced._to_schema = classmethod(cached)  # noqa: SLF001
    replaced._to_frontend_schema = classmethod(to_frontend_schema)  # noqa: SLF001


@lru_cache
def _of_pages(root: type[BaseState], names: str) -> str:
    """Return the hash of all that is sent; computed once, because each socket asks for it."""
    return _hash(names, (sent for state in _tree(root) for sent in _sent(state)))


def _hash(names: str, shapes: Iterator[str]) -> str:
    return sha256("\n".join([names, *sorted(shapes)]).encode()).hexdigest()


def _tree(state: type[BaseState]) -> Iterator[type[BaseState]]:
    yield state
    for substate in state.get_substates():
        yield from _tree(substate)


def _stored(state: type[BaseState]) -> Iterator[str]:
    every: dict[str, Any] = dict(state.__fields__)
    for name, field in every.items():
        if field._owner is state:  # noqa: SLF001
            yield f"{name}: {shape(field.annotated_type)}"


def _sent(state: type[BaseState]) -> Iterator[str]:
    every: dict[str, Any] = dict(state.__fields__)
    prefix = state.get_full_name()
    for name in state.base_vars:
        yield f"{prefix} {name}: {shape(every[name].annotated_type)}"
    for name, computed in state.computed_vars.items():
        yield f"{prefix} {name}: {shape(computed._var_type)}"  # noqa: SLF001


def shape(kind: Any) -> str:
    """Return a type's name with those of all its fields, and of theirs."""
    return "; ".join(_shapes(kind, set()))


def _shapes(kind: Any, seen: set[type]) -> Iterator[str]:
    yield _name(kind)
    for inner in get_args(kind):
        yield from _shapes(inner, seen)
    if not isinstance(kind, type) or kind in seen:
        return
    seen.add(kind)
    for name, inner in _fields(kind):
        yield f".{name}"
        yield from _shapes(inner, seen)


def _name(kind: Any) -> str:
    named = get_origin(kind) or kind
    return f"{named.__module__}.{named.__qualname__}" if isinstance(named, type) else f"{named}"


def _fields(kind: type) -> Iterator[tuple[str, Any]]:
    if is_dataclass(kind):
        yield from ((field.name, field.type) for field in fields(kind))
    elif kind.__module__.startswith(_OURS):  # a named tuple, or a dictionary of named values
        yield from getattr(kind, "__annotations__", {}).items()
