"""The surface of the service: every handler that a browser may call, and the use cases behind."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import FunctionType

import reflex as rx
from contract.project_files import PACKAGE, nodes, python_files

from publicmeeting.ui.routes import PAGES
from publicmeeting.usecases.base import ROLES

OURS = "publicmeeting."
FRAMEWORKS = frozenset({"setvar"})
"""Handlers that Reflex gives every state; it calls those named `set_...`, and we write none."""
USECASES = ("publicmeeting.usecases", "publicmeeting.worker")
WORK = ("uow", "actor")
"""First parameters of a use case."""
SEVERAL = "caller"
"""First parameter of a function that executes several commands."""


@dataclass(frozen=True, slots=True)
class Handler:
    """One method that a browser can call by its full name."""

    state: type[rx.State]
    name: str

    @property
    def full_name(self) -> str:
        return f"{self.state.get_full_name()}.{self.name}"

    @property
    def line(self) -> str:
        taken = ", ".join(self.parameters)
        return f"{self.state.__module__}.{self.state.__name__}.{self.name}({taken})"

    @property
    def parameters(self) -> tuple[str, ...]:
        found = inspect.signature(self.state.event_handlers[self.name].fn).parameters
        return tuple(found)[1:]


def states() -> list[type[rx.State]]:
    """Return our states, sorted by name; importing the pages has defined all of them."""
    assert PAGES
    found = {one for one in _below(rx.State) if one.__module__.startswith(OURS)}
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def handlers() -> list[Handler]:
    return [
        Handler(state, name)
        for state in states()
        for name in sorted(state.event_handlers)
        if name not in FRAMEWORKS
    ]


def used() -> dict[str, tuple[str, ...]]:
    """Return the roles of each use case that a page or route imports; () stands for anyone."""
    return {
        f"{function.__module__}.{function.__qualname__}": tuple(
            role.value for role in ROLES[function]
        )
        for function in imported()
        if function in ROLES
    }


def undeclared() -> set[str]:
    """Return what looks like a use case, is imported by a page or route, and declares no roles."""
    return {
        function.__qualname__ for function in imported() - ROLES.keys() if _takes(function) == WORK
    }


def imported() -> set[FunctionType]:
    """Return the use cases that pages and routes import, directly or through other functions."""
    found: set[FunctionType] = set()
    for path in python_files(PACKAGE / "ui", PACKAGE / "web"):
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith(USECASES):
                module = import_module(str(node.module))
                found |= {
                    getattr(module, alias.name)
                    for alias in node.names
                    if isinstance(getattr(module, alias.name), FunctionType)
                }
    return found.union(*map(_performed, found))


def _performed(function: FunctionType) -> set[FunctionType]:
    """Return the use cases that a function of several commands executes."""
    if next(iter(inspect.signature(function).parameters), "") != SEVERAL:
        return set()
    known = (function.__globals__.get(name) for name in function.__code__.co_names)
    return {one for one in known if one in ROLES}


def _takes(function: FunctionType) -> tuple[str, ...]:
    """Return the first parameter names, without the underscore of unused ones."""
    names = tuple(inspect.signature(function).parameters)[: len(WORK)]
    return tuple(name.removeprefix("_") for name in names)


def _below(state: type[rx.State]) -> Iterator[type[rx.State]]:
    for substate in state.get_substates():
        yield substate
        yield from _below(substate)
