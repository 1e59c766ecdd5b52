"""Rules about unused code and unused sentences."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from .sources import PACKAGE, Found, Project, Source, rule
from .texts import TEXT, refusals

_MIGRATIONS = f"{PACKAGE}store/database/migrations/"
_COMMANDS = f"{PACKAGE}cli/commands/"
_KNOWN = {
    f"{PACKAGE}application.py": {"use"},  # tests set the application in use with it
    f"{PACKAGE}store/database/rows/city.py": {"ListObjectionRow"},  # no migration drops a table
    f"{PACKAGE}text/notices/sms_text.py": {"sms_parts"},  # tests count the parts of every notice
    f"{PACKAGE}ui/reflex/bundle.py": {"SmallBundle"},  # rxconfig.py needs it for the build
}
"""Names that only files outside the package use."""
_COMMAND = "register"
"""The function of a command; `cli` finds commands by the names of their files."""

_IN_TEXT = "publicmeeting.text"
_STORIES = f"{PACKAGE}ui/stories/"
_IN_STORIES = "publicmeeting.ui.stories"


@rule
def unused(project: Project) -> Iterator[Found]:
    """Code that nothing in the package uses is deleted, even if a test still calls it.

    A function registered by a decorator (a serializer, a listener) needs no other user. A story
    shows what pages have, and does not count as a user.
    """
    imported = _imported([one for one in project.package if not one.name.startswith(_STORIES)])
    for story, taken in _imported(project.below(_STORIES)).items():
        if story.startswith(_IN_STORIES):
            imported[story] |= taken
    for source in project.package:
        if source.name.startswith(_MIGRATIONS) or source.name.endswith("/__init__.py"):
            continue
        here = {node.id for node in source.nodes(ast.Name) if isinstance(node.ctx, ast.Load)}
        used = here | imported[source.module] | _KNOWN.get(source.name, set())
        if source.name.rpartition("/")[0] + "/" == _COMMANDS:
            used.add(_COMMAND)
        for name, line in _defined(source):
            if name not in used:
                yield Found(source.name, line, f"nothing uses {name}")


def _imported(sources: Iterable[Source]) -> dict[str, set[str]]:
    """Return module → the names that these files import from it."""
    found: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        modules: dict[str, str] = {}
        for taken in source.nodes(ast.ImportFrom):
            if taken.module:
                for alias in taken.names:
                    found[taken.module].add(alias.name)
                    modules[alias.asname or alias.name] = f"{taken.module}.{alias.name}"
        for whole in source.nodes(ast.Import):
            modules |= {alias.asname or alias.name: alias.name for alias in whole.names}
        for node in source.nodes(ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id in modules:
                found[modules[node.value.id]].add(node.attr)
    return found


def _defined(source: Source) -> Iterator[tuple[str, int]]:
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            needs_a_user = not any(_registers(one) for one in node.decorator_list)
            yield from [(node.name, node.lineno)] if needs_a_user else []
        for name in _names(node):
            if isinstance(name.ctx, ast.Store) and not name.id.startswith("__"):
                yield name.id, name.lineno


def _registers(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith(("rx.serializer", "event.listens_for"))


def _names(node: ast.stmt) -> list[ast.Name]:
    """Return the names to which a statement assigns."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [one for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]


@rule
def unspoken(project: Project) -> Iterator[Found]:
    """Every public name of a module of texts is used somewhere.

    A story only shows what pages say, so it does not count as a user. A name that only its own
    module needs is private; tests may call a function all the same.
    """
    readers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source in project.package:
        for word in _named_of_text(source):
            readers[word].add(source.name)
    for source in project.below(TEXT):
        module = source.module.removeprefix(f"{_IN_TEXT}.")
        inside = {node.id for node in source.nodes(ast.Name) if isinstance(node.ctx, ast.Load)}
        for name, line, is_function in _public(source):
            reading = readers[module, name]
            is_shown = any(not reader.startswith(_STORIES) for reader in reading)
            is_needed = bool(reading) and (name in inside or is_shown)
            if not is_needed and not (is_function and (reading or name in inside)):
                yield Found(source.name, line, f"nobody says {name}")


def _named_of_text(source: Source) -> Iterator[tuple[str, str]]:
    """Yield module of `text/` and name, for each that a file reads."""
    modules: dict[str, str] = {}
    for taken in source.nodes(ast.ImportFrom):
        if (taken.module or "").startswith(f"{_IN_TEXT}."):
            place = str(taken.module).removeprefix(f"{_IN_TEXT}.")
            for alias in taken.names:
                if "." in place:
                    yield place, alias.name
                else:
                    modules[alias.asname or alias.name] = f"{place}.{alias.name}"
    for node in source.nodes(ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in modules:
            yield modules[node.value.id], node.attr


def _public(source: Source) -> Iterator[tuple[str, int, bool]]:
    """Yield each public name of a module, its line, and whether it is more than a plain value."""
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno, True
        for name in _names(node):
            if not name.id.startswith("_"):
                yield name.id, name.lineno, False


@rule
def unraised(project: Project) -> Iterator[Found]:
    """Every sentence of a refusal belongs to a refusal in the code, by key or shape of key."""
    known = refusals(project)
    code = [source for source in project.package if not source.name.startswith(TEXT)]
    words = {
        node.value
        for source in code
        for node in source.nodes(ast.Constant)
        if isinstance(node.value, str)
    }
    together = _put_together(project)
    for key, sentence in known.items():
        base, _, kind = key.rpartition("_")
        is_of_a_kind = base in known and base in words and kind in words
        if key not in words and not is_of_a_kind and not together.fullmatch(key):
            yield Found(sentence.path, sentence.line, f"nothing refuses with {key}")


def _put_together(project: Project) -> re.Pattern[str]:
    """Return a pattern of keys that the code composes, such as `need_...` and `..._missing`."""
    shapes = {
        "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
            for part in argument.values
        )
        for source in project.package
        for name, call in source.calls()
        if name in {"Denied", "Invalid", "refuse"}
        for argument in call.args[:2]
        if isinstance(argument, ast.JoinedStr)
    }
    return re.compile("|".join(sorted(shapes)))
