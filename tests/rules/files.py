"""Rules about whole files: their length, their place, and what no file may name."""

import ast
import re
from collections.abc import Iterator

from .sources import PACKAGE, Found, Project, Source, rule

_MODULE_MOST = 600
_SHEET_MOST = 300
# Concatenated, so that this file does not break its own rule.
_HOSTS = ("registry." + "npmjs", "npm" + "mirror", "python" + "hosted", "pypi" + ".org/simple")
_MACHINE_PATH = re.compile(rb"(?<![\w./])/(home|root|work)/\w")
_MERGE_MARKER = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)
_ENVIRONMENT = frozenset({"environ", "environb", "getenv"})
_READ_THE_ENVIRONMENT = frozenset({f"{PACKAGE}config.py", f"{PACKAGE}__main__.py"})
_PACKAGE_FILE = "/__init__.py"
_TOP = frozenset(
    {
        *(".ci", ".gitignore", ".npmrc", "README.md", "assets", "bunfig.toml", "deploy", "docs"),
        *("publicmeeting", "pyproject.toml", "reflex.lock", "requirements.txt", "rxconfig.py"),
        "tests",
    }
)


@rule
def top_level(project: Project) -> Iterator[Found]:
    """Nothing lies beside the folders and files that the project begins with."""
    for name in project.sources:
        if name.split("/")[0] not in _TOP:
            yield Found(name, 1, "belongs into one of the folders, or nowhere")


@rule
def merge_markers(project: Project) -> Iterator[Found]:
    """No file contains both sides of an unresolved merge."""
    for source in project.sources.values():
        for match in _MERGE_MARKER.finditer(source.content):
            line = source.content.count(b"\n", 0, match.start()) + 1
            yield Found(source.name, line, "resolve the merge")


@rule
def module_length(project: Project) -> Iterator[Found]:
    """A module has at most 600 lines; a migration, which nobody edits, has as many as it makes."""
    for source in project.below(PACKAGE, "tests/"):
        if "/migrations/" in source.name:
            continue
        lines = source.content.count(b"\n")
        if lines > _MODULE_MOST:
            yield Found(source.name, _MODULE_MOST, f"{lines} lines; split it at a seam of its own")


@rule
def names_once(project: Project) -> Iterator[Found]:
    """A module gives a name one value, or computes the next value from the one before."""
    for source in project.below(PACKAGE, "tests/"):
        seen: set[str] = set()
        for node in source.tree.body:
            if not isinstance(node, ast.Assign):
                continue
            carried_on = {name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)}
            names = [name for target in node.targets for name in ast.walk(target)]
            for name in names:
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    if name.id in seen - carried_on:
                        yield Found(source.name, node.lineno, f"{name.id} has another value above")
                    seen.add(name.id)


@rule
def sheet_length(project: Project) -> Iterator[Found]:
    """A style sheet has at most 300 lines."""
    for source in project.below("assets/look/", ending=".css"):
        lines = len(source.text.splitlines())
        if lines > _SHEET_MOST:
            yield Found(source.name, _SHEET_MOST, f"{lines} lines; most are {_SHEET_MOST}")


@rule
def package_sentence(project: Project) -> Iterator[Found]:
    """A package's `__init__.py` is one sentence and no code."""
    for source in project.below(PACKAGE):
        if source.name.endswith(_PACKAGE_FILE):
            words = ast.get_docstring(source.tree) or ""
            if len(source.tree.body) != 1 or not re.fullmatch(r"[^\n]+\.", words):
                yield Found(source.name, 1, "must be one sentence on one line, and nothing else")


@rule
def readme_map(project: Project) -> Iterator[Found]:
    """README lists each package with the sentence of its `__init__.py`."""
    readme = project.sources["README.md"]
    for source in project.below(PACKAGE):
        parts = source.name.split("/")
        if len(parts) == 3 and source.name.endswith(_PACKAGE_FILE):
            line = re.search(rf"^[\s│├└─]*{parts[1]}/\s+(.+)$", readme.text, re.MULTILINE)
            if not line:
                yield Found(source.name, 1, f"README's map has no line for {parts[1]}/")
            elif _plain(line[1]) != _plain(ast.get_docstring(source.tree) or ""):
                at = readme.line(line.start(1))
                yield Found(source.name, 1, f"says another sentence than line {at} of README")


def _plain(sentence: str) -> str:
    return sentence.strip().rstrip(".").casefold()


@rule
def registries(project: Project) -> Iterator[Found]:
    """No file names a package registry: the person who builds chooses it."""
    for binary in _without_binaries(project):
        content = binary.content.lower()
        for host in _HOSTS:
            at = content.find(host.encode())
            if at >= 0:
                yield Found(binary.name, content.count(b"\n", 0, at) + 1, f"names {host}")


@rule
def machine_paths(project: Project) -> Iterator[Found]:
    """No file names a folder of one machine."""
    for binary in _without_binaries(project):
        for found in _MACHINE_PATH.finditer(binary.content):
            line = binary.content.count(b"\n", 0, found.start()) + 1
            yield Found(binary.name, line, f"names {found[0].decode()}…")


def _without_binaries(project: Project) -> list[Source]:
    return [source for source in project.sources.values() if b"\0" not in source.content]


@rule
def environment(project: Project) -> Iterator[Found]:
    """Only the settings and the launcher read the environment."""
    for source in project.package:
        if source.name not in _READ_THE_ENVIRONMENT:
            lines = [
                node.lineno for node in source.nodes(ast.Attribute) if node.attr in _ENVIRONMENT
            ]
            lines += [node.lineno for node in source.nodes(ast.alias) if node.name in _ENVIRONMENT]
            for line in lines:
                yield Found(source.name, line, "reads the environment; ask the settings")
