"""No Persian sentence stands in `text/` that nobody says: what no page needs goes with it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from contract.project_files import PACKAGE, for_each, name_of, nodes, python_files, tree

from publicmeeting.text.refusals import REFUSALS

TEXT = PACKAGE / "text"
STORIES = PACKAGE / "ui" / "stories"
IN_TEXT = "publicmeeting.text"


def _named_of_text(path: Path) -> Iterator[tuple[str, str]]:
    """Module of `text/` and name, for each that a file reads; whole modules never travel."""
    modules = {}
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module == IN_TEXT:
            modules |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{IN_TEXT}."):
            for alias in node.names:
                yield str(node.module).removeprefix(f"{IN_TEXT}."), alias.name
    for node in nodes(path):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in modules
        ):
            yield modules[node.value.id], node.attr


@cache
def _readers() -> dict[tuple[str, str], set[Path]]:
    found = defaultdict(set)
    for path in python_files(PACKAGE):
        for said in _named_of_text(path):
            found[said].add(path)
    return found


def _public(path: Path) -> Iterator[tuple[str, bool]]:
    """Each name that a module gives to others, and whether it is a function or a class."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, True
        for target in _targets(node):
            yield from (
                (part.id, False)
                for part in ast.walk(target)
                if isinstance(part, ast.Name) and not part.id.startswith("_")
            )


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) else []


@for_each(python_files(TEXT), ids=name_of)
def test_whatever_a_module_of_texts_gives_somebody_says(path: Path) -> None:
    """A story shows what pages say; a sentence that only a story says is on no page. What only its
    own module needs is private to it; a function of it may be tried by tests as well."""
    inside = {node.id for node in nodes(path) if isinstance(node, ast.Name) and _is_read(node)}
    unsaid = []
    for name, is_function in _public(path):
        readers = _readers()[path.stem, name]
        outside = readers and (name in inside or any(STORIES not in one.parents for one in readers))
        if not outside and not (is_function and (readers or name in inside)):
            unsaid.append(name)
    assert unsaid == []


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


@cache
def _literals() -> set[str]:
    return {
        node.value
        for path in python_files(PACKAGE)
        if TEXT not in path.parents
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def _put_together() -> re.Pattern[str]:
    """Keys like `need_…` and `…_missing`, in the calls that refuse."""
    shapes = {
        "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
            for part in one.values
        )
        for path in python_files(PACKAGE)
        for node in nodes(path)
        if isinstance(node, ast.Call)
        for one in node.args[:2]
        if isinstance(one, ast.JoinedStr) and _refuses(node)
    }
    return re.compile("|".join(sorted(shapes)))


def _refuses(call: ast.Call) -> bool:
    return ast.unparse(call.func).rpartition(".")[2] in {"Denied", "Invalid", "refuse"}


@for_each(REFUSALS)
def test_every_sentence_of_a_refusal_has_a_refusal(key: str) -> None:
    words = _literals()
    base, _, kind = key.rpartition("_")
    is_of_a_kind = base in REFUSALS and base in words and kind in words
    assert key in words or is_of_a_kind or _put_together().fullmatch(key), key
