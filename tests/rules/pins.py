"""Rules about packages: every package is pinned, and what we import is pinned as our own."""

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .sources import Found, Project, Source, rule

_PRODUCT, _TESTS = "requirements.txt", "tests/requirements.txt"
_LOCK = "reflex.lock/package.json"
# Our own package, and modules that tests share.
_OWN = frozenset({"publicmeeting", "support", "contract", "conftest", "rules", "tests"})
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([A-Za-z_]\w*)", re.MULTILINE)
"""Finds the imports of tests, which are not parsed for this one question."""
_WITHOUT_RELEASES, _MAINTAINED = "httpx", "httpx2"


@rule
def exact_pins(project: Project) -> Iterator[Found]:
    """Every package is pinned to one version."""
    for name in (_PRODUCT, _TESTS):
        for line, pin in _pins(project.sources[name]):
            if not re.fullmatch(r"==[^,*]+", str(pin.specifier)):
                yield Found(name, line, f"{pin} is not one version")


@rule
def brought_pins(project: Project) -> Iterator[Found]:
    """Dependencies of packages are pinned too, so that pip installs the same on every machine."""
    pinned = {canonicalize_name(pin.name) for _, _, pin in _all_pins(project)}
    for name, line, pin in _all_pins(project):
        for brought in sorted(_brought(pin) - pinned):
            yield Found(name, line, f"{pin.name} brings {brought}, which is not pinned")


def _brought(pin: Requirement) -> set[str]:
    extras = ["", *pin.extras]
    try:
        wanted = [Requirement(text) for text in distribution(pin.name).requires or []]
    except PackageNotFoundError:
        return set()
    return {
        canonicalize_name(requirement.name)
        for requirement in wanted
        if requirement.marker is None
        or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)
    }


@rule
def installed_pins(project: Project) -> Iterator[Found]:
    """The installed version of a package is the pinned one."""
    for name, line, pin in _all_pins(project):
        try:
            version = distribution(pin.name).version
        except PackageNotFoundError:
            yield Found(name, line, f"{pin.name} is not installed")
            continue
        if not pin.specifier.contains(version, prereleases=True):
            yield Found(name, line, f"{pin} is pinned, {version} is installed")


@rule
def own_pins(project: Project) -> Iterator[Found]:
    """What we import is pinned as our own, not only as a dependency of another package."""
    product = {canonicalize_name(pin.name) for _, pin in _pins(project.sources[_PRODUCT])}
    for_pages = _direct(project.sources[_PRODUCT])
    for_tests = product | _direct(project.sources[_TESTS])
    distributions = packages_distributions()
    for source in project.package:
        yield from _unpinned(source, _parsed_imports(source), for_pages, distributions)
    for source in project.below("tests/"):
        imports = {found[1]: source.line(found.start(1)) for found in _IMPORT.finditer(source.text)}
        yield from _unpinned(source, imports, for_tests, distributions)


def _unpinned(
    source: Source,
    imports: Mapping[str, int],
    known: set[str],
    distributions: Mapping[str, list[str]],
) -> Iterator[Found]:
    for module in sorted(imports.keys() - sys.stdlib_module_names - _OWN):
        names = {canonicalize_name(name) for name in distributions.get(module, [])}
        # Reflex still depends on httpx; Starlette and we use its maintained successor.
        if module == _WITHOUT_RELEASES:
            yield Found(source.name, imports[module], f"is without releases: use {_MAINTAINED}")
        for name in sorted(names - known):
            yield Found(source.name, imports[module], f"imports {name}, which is not our own pin")


def _parsed_imports(source: Source) -> dict[str, int]:
    """Return package → line for each import of a file."""
    found: dict[str, int] = {}
    for whole in source.nodes(ast.Import):
        found |= {alias.name.partition(".")[0]: whole.lineno for alias in whole.names}
    for part in source.nodes(ast.ImportFrom):
        if part.module and not part.level:
            found[part.module.partition(".")[0]] = part.lineno
    return found


def _all_pins(project: Project) -> list[tuple[str, int, Requirement]]:
    return [
        (name, line, pin)
        for name in (_PRODUCT, _TESTS)
        for line, pin in _pins(project.sources[name])
    ]


def _pins(source: Source) -> list[tuple[int, Requirement]]:
    """Return the pinned packages of a list, with their lines."""
    lines = enumerate(source.text.splitlines(), start=1)
    return [(number, Requirement(line)) for number, line in lines if line and line[0] not in "#-"]


def _direct(source: Source) -> set[str]:
    """Return the first part of a list: the packages that we import or start ourselves."""
    first_part = source.text.split("# What those bring")[0]
    return {
        canonicalize_name(pin.name)
        for line, pin in _pins(source)
        if line <= first_part.count("\n") + 1
    }


@rule
def lock_lines(project: Project) -> Iterator[Found]:
    """The pages' lock file has one package a line, unlike the form that a build writes."""
    text = project.sources[_LOCK].text
    if text != json.dumps(json.loads(text), indent=2) + "\n":
        yield Found(_LOCK, 1, f"git checkout {_LOCK}")
