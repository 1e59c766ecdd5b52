"""What nothing in the package uses is deleted, even where a test would still call it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from contract.project_files import PACKAGE, for_each, name_of, nodes, python_files, tree

CODE = [
    path
    for path in python_files(PACKAGE)
    if PACKAGE / "store" / "migrations" not in path.parents and path.name != "__init__.py"
]
KNOWN = {
    "publicmeeting/kit/codes.py": {"pin"},  # of requests that the telephone line files
    "publicmeeting/office.py": {"use"},  # the door of tests
    "publicmeeting/ui/design/framework_words.py": {"in_persian"},  # rxconfig.py, for the build
}
"""Names that somebody else than the package reads."""
COMMAND = "register"
"""`cli` finds its commands by the names of their files."""


@for_each(CODE, ids=name_of)
def test_whatever_a_module_defines_something_uses(path: Path) -> None:
    """Whoever is reached by a decorator (a serializer, a listener) needs no other user."""
    here = {
        node.id
        for node in nodes(path)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    used = here | _imported().get(_dotted(path), set()) | KNOWN.get(name_of(path), set())
    if path.parent == PACKAGE / "cli":
        used.add(COMMAND)
    assert sorted(set(_defined(path)) - used) == []


def _defined(path: Path) -> Iterator[str]:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not any(_registers(one) for one in node.decorator_list):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [one for target in targets for one in ast.walk(target)]
            yield from (
                one.id
                for one in names
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
                if not one.id.startswith("__")
            )


def _registers(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith(("rx.serializer", "event.listens_for"))


def _dotted(path: Path) -> str:
    return name_of(path).removesuffix(".py").replace("/", ".")


@cache
def _imported() -> dict[str, set[str]]:
    """Module → the names that other modules take out of it."""
    found: dict[str, set[str]] = {}
    for path in python_files(PACKAGE):
        modules: dict[str, str] = {}
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    found.setdefault(node.module, set()).add(alias.name)
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.Import):
                modules |= {alias.asname or alias.name: alias.name for alias in node.names}
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                module = modules.get(node.value.id)
                if module:
                    found.setdefault(module, set()).add(node.attr)
    return found
