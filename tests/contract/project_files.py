"""The modules of the package, each read once, for tests that compare them with what they import."""

import ast
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PACKAGE = PROJECT / "publicmeeting"


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def python_files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a file's tree, walked once."""
    return tuple(ast.walk(tree(path)))
