"""Which files make up the project, for the laws that hold for all of them."""

import ast
from functools import cache
from pathlib import Path

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
