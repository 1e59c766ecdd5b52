"""Which tests are close to changed files, for `test --changed`.

Those that import a changed module, or a module that imports it, those in the same folder, and those
of the same name. They find a fault early; only the whole run is decisive.
"""

import re
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from publicmeeting.cli.stop import StopError

_PACKAGE, _TESTS = "publicmeeting", "tests"
_SLOW = ("tests/journeys/", "tests/production/", "tests/bench/")
"""Folders of tests that have steps and commands of their own."""
_PARTS_OF_A_LAYER = 2
"""Number of parts in the path of a layer's folder, as `publicmeeting/web`."""
_IMPORTED_BY_MOST = 12
"""Modules with more importers are general tools: only their own tests are selected."""
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]*))",
    re.MULTILINE,
)
_NAME = re.compile(r"[\w.]+")
_ALWAYS = ("tests/contract/test_surface.py", "tests/contract/test_text.py")
"""Tests that read every page, handler and sentence, so they fail if a change is incomplete."""
_OF_PLACE = {
    "docs/": "tests/contract/test_docs.py",
    "README.md": "tests/contract/test_docs.py",
    "deploy/": "tests/contract/test_deploy.py",
    "assets/look/": "tests/ui/design/test_design_look.py",
    "assets/verify_draw.py": "tests/turns/test_verifiers.py",
}
"""Tests for files that are not modules, by the beginning of the path."""


def changed_files(project: Path, since: str) -> tuple[str, ...]:
    """Return the paths in the project that differ from that commit, and untracked files.

    Raises StopError if there is no such commit, or no git.
    """
    differing = ("git", "diff", "--name-only", "--relative", since, "--")
    unknown = ("git", "ls-files", "--others", "--exclude-standard")
    found = set[str]()
    for command in (differing, unknown):
        try:
            answer = subprocess.run(
                command, cwd=project, capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError) as fault:
            raise StopError(f"git does not say what has changed since {since}.") from fault
        found |= set(answer.stdout.splitlines())
    return tuple(sorted(found))


def near_tests(project: Path, changed: Collection[str]) -> tuple[str, ...]:
    """Return the sorted test files close to these paths, without those of browsers and servers."""
    imports = {
        file.relative_to(project).as_posix(): _imports(file)
        for folder in (_PACKAGE, _TESTS)
        for file in sorted((project / folder).rglob("*.py"))
    }
    tests = {
        path
        for path in imports
        if PurePosixPath(path).name.startswith("test_") and not path.startswith(_SLOW)
    }
    found = {test for path in changed for test in _near(path, imports, tests)}
    if any(path.startswith(f"{_PACKAGE}/") for path in changed):
        found |= tests & set(_ALWAYS)
    return tuple(sorted(found))


def _near(path: str, imports: Mapping[str, Collection[str]], tests: Collection[str]) -> set[str]:
    if path in tests:
        return {path}
    near = {test for place, test in _OF_PLACE.items() if path.startswith(place)} & set(tests)
    if path.startswith(f"{_TESTS}/") and not path.startswith(_SLOW):
        near |= _helped(path, imports, tests)
    elif path.startswith(f"{_PACKAGE}/"):
        near |= _of_module(path, imports, tests)
    return near


def _of_module(
    path: str, imports: Mapping[str, Collection[str]], tests: Collection[str]
) -> set[str]:
    importing = _importing(path, imports)
    if len(importing) <= _IMPORTED_BY_MOST:
        importing |= {far for near in importing for far in _importing(near, imports)}
    name = f"test_{PurePosixPath(path).stem}"
    named = {test for test in tests if PurePosixPath(test).name.startswith(name)}
    layer, subject = _beside(path, tests)
    near = (importing & set(tests)) | named | subject
    return near or layer


def _helped(path: str, imports: Mapping[str, Collection[str]], tests: Collection[str]) -> set[str]:
    """Return the tests that use a helper of the tests, directly or not.

    A `conftest` selects its whole folder.
    """
    found, asked = set[str](), [path]
    while asked:
        file = PurePosixPath(asked.pop())
        if str(file) not in found:
            found.add(str(file))
            asked += _importing(str(file), imports)
            if file.suffix != ".py" or file.name == "conftest.py":
                asked += [test for test in tests if PurePosixPath(test).is_relative_to(file.parent)]
    return found & set(tests)


def _importing(path: str, imports: Mapping[str, Collection[str]]) -> set[str]:
    """Return the files that import a module directly."""
    names = _names(path)
    return {file for file, imported in imports.items() if not names.isdisjoint(imported)}


def _beside(path: str, tests: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the tests of the layer's own folder, and the tests of the module's subject.

    The latter are those in and below the nearest folder with tests. One of the two is empty.
    """
    for folder in PurePosixPath(path).parents:
        of_tests = PurePosixPath(_TESTS, *folder.parts[1:])
        own = {test for test in tests if PurePosixPath(test).parent == of_tests}
        if len(folder.parts) <= _PARTS_OF_A_LAYER:
            return own, set()
        if own:
            return set(), {test for test in tests if PurePosixPath(test).is_relative_to(of_tests)}
    return set(), set()


def _names(path: str) -> frozenset[str]:
    """Return the names by which a file is imported.

    A module of the program has its full name; a module of the tests may also be imported from a
    folder on pytest's path, which may be its own.
    """
    parts = PurePosixPath(path).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    if parts[0] != _TESTS:
        return frozenset({".".join(parts)})
    return frozenset({".".join(parts[1:]), parts[-1]})


def _imports(file: Path) -> frozenset[str]:
    """Return the imported modules, and the names taken from them.

    It uses a regular expression, because parsing all files takes seconds. An import quoted in a
    text counts too.
    """
    found = set[str]()
    for module, names, plain in _IMPORT.findall(file.read_text(encoding="utf-8")):
        if module:
            found |= {module, *(f"{module}.{name}" for name in _NAME.findall(names))}
        found |= set(_NAME.findall(plain))
    return frozenset(found)
