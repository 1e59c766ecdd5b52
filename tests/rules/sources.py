"""The files of the project, each read and parsed once, and the decorator that makes a rule."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = "publicmeeting/"
# Folders that .gitignore leaves out.
_NOT_OURS = frozenset(
    {".git", ".web", ".states", ".venv", ".venv-dev", ".bin", ".hypothesis", "artifacts"}
)
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Source:
    """One file, named by its path in the project."""

    name: str
    content: bytes

    @cached_property
    def text(self) -> str:
        return self.content.decode("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in ast.walk(self.tree):
            found.setdefault(type(node), []).append(node)
        return found

    def nodes(self, kind: type[Node]) -> list[Node]:
        """Return all nodes of exactly this kind, outer ones first."""
        return [node for node in self._by_kind.get(kind, ()) if isinstance(node, kind)]

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Yield every call with the last part of the called name: `write` of `door.write(...)`."""
        for node in self.nodes(ast.Call):
            yield last_name(node.func), node

    def line(self, at: int) -> int:
        """Return the number of the line that contains this offset of the text."""
        return self.text.count("\n", 0, at) + 1

    @property
    def module(self) -> str:
        """The name under which other files import it."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True)
class Project:
    """Every file that a clone has."""

    sources: Mapping[str, Source]

    @classmethod
    def of(cls, folder: Path = PROJECT) -> "Project":
        names = sorted(path.relative_to(folder).as_posix() for path in project_files(folder))
        return cls({name: Source(name, (folder / name).read_bytes()) for name in names})

    def planted(self, files: Mapping[str, str]) -> "Project":
        """Return the same project with these files added or replaced."""
        changed = {name: Source(name, text.encode()) for name, text in files.items()}
        return Project({**self.sources, **changed})

    def below(self, *folders: str, ending: str = ".py") -> list[Source]:
        return [
            source
            for source in self.sources.values()
            if source.name.startswith(folders) and source.name.endswith(ending)
        ]

    @property
    def package(self) -> list[Source]:
        return self.below(PACKAGE)


@dataclass(frozen=True, slots=True)
class Found:
    """One place that breaks a rule, and how."""

    path: str
    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, its meaning, and the function that finds violations."""

    name: str
    meaning: str
    find: Callable[[Project], Iterable[Found]]


RULES: dict[str, Rule] = {}
"""Every rule by its name, as `@rule` has registered it."""


def rule(find: Callable[[Project], Iterable[Found]]) -> Callable[[Project], Iterable[Found]]:
    """Register a function as a rule, with its name and the first line of its docstring."""
    name = find.__name__.replace("_", "-")
    RULES[name] = Rule(name, (find.__doc__ or "").partition("\n")[0], find)
    return find


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def strings(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def project_files(folder: Path = PROJECT) -> Iterator[Path]:
    """Yield every file that a clone has, also in a copy without git."""
    for path in folder.iterdir():
        name = path.name
        if name in _NOT_OURS or path == PROJECT / "data" or name.endswith("_cache"):
            continue
        if path.is_dir() and name != "__pycache__":
            yield from project_files(path)
        elif path.is_file():
            yield path
