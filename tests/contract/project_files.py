"""Which files make up the project, for the laws that hold for all of them."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PROJECT = Path(__file__).resolve().parent.parent.parent
PACKAGE = PROJECT / "publicmeeting"
# What .gitignore leaves out; a copy without git has the same laws.
NOT_OURS = frozenset(
    {".git", ".web", ".states", ".venv", ".venv-dev", ".bin", ".hypothesis", "artifacts"}
)


def project_files() -> list[Path]:
    """Return every file a clone would have, by path."""
    found: list[Path] = []
    folders = [PROJECT]
    while folders:
        for path in folders.pop().iterdir():
            if path.name in NOT_OURS or path == PROJECT / "data" or path.name.endswith("_cache"):
                continue
            if path.is_dir() and path.name != "__pycache__":
                folders.append(path)
            elif path.is_file():
                found.append(path)
    return sorted(found)


def python_files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a file's tree; every law looks through it, so it is walked once."""
    return tuple(ast.walk(tree(path)))


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def for_each(
    items: Iterable[T], ids: Callable[[T], str] = str
) -> Callable[[Callable[[T], None]], Callable[[], None]]:
    """Turn a check of one thing into one test of all of them, which names each that fails.

    Thousands of items of their own would cost more than what they check.
    """

    def wrap(check: Callable[[T], None]) -> Callable[[], None]:
        def test() -> None:
            failed: dict[str, str] = {}
            for item in items:
                try:
                    check(item)
                except AssertionError as error:
                    failed[ids(item)] = str(error)
            assert not failed, "\n\n".join(f"{name}: {why}" for name, why in failed.items())

        test.__name__, test.__doc__, test.__module__ = (
            check.__name__,
            check.__doc__,
            check.__module__,
        )
        return test

    return wrap
