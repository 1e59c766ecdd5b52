"""The pinned packages are complete, and what we import is pinned as our own."""

import ast
import re
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

from contract.project_files import PACKAGE, PROJECT, for_each, nodes, python_files
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LISTS = ("requirements.txt", "tests/requirements.txt")
# Ours, and what the tests share among themselves.
OWN = frozenset({"publicmeeting", "support", "contract", "conftest"})


def pins(name: str) -> list[Requirement]:
    """Return the pinned packages of a list, in its order."""
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and line[0] not in "#-"]


def direct(name: str) -> set[str]:
    """Return the first part of a list: what we import or start ourselves."""
    first_part = (PROJECT / name).read_text(encoding="utf-8").split("# What those bring")[0]
    return {
        canonicalize_name(pin.name)
        for pin in pins(name)
        if re.search(rf"^{re.escape(pin.name)}(\[|==)", first_part, re.MULTILINE)
    }


PINNED = {canonicalize_name(pin.name): pin for name in LISTS for pin in pins(name)}


@for_each(LISTS)
def test_every_package_is_pinned_to_one_version(name: str) -> None:
    assert [
        str(pin) for pin in pins(name) if not re.fullmatch(r"==[^,*]+", str(pin.specifier))
    ] == []


@for_each(sorted(PINNED))
def test_what_a_package_brings_is_pinned_too(name: str) -> None:
    """pip then has nothing to choose, so every machine gets the same."""
    pin = PINNED[name]
    extras = ["", *pin.extras]
    wanted = [Requirement(text) for text in distribution(name).requires or []]
    brought = {
        canonicalize_name(one.name)
        for one in wanted
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras)
    }
    assert brought - PINNED.keys() == set()


@for_each(sorted(PINNED))
def test_the_installed_version_is_the_pinned_one(name: str) -> None:
    assert PINNED[name].specifier.contains(distribution(name).version, prereleases=True)


def test_what_we_import_is_pinned_as_our_own() -> None:
    assert imported(PACKAGE) - direct("requirements.txt") == set()


def test_the_tests_import_what_they_or_the_product_pin() -> None:
    product = {canonicalize_name(pin.name) for pin in pins("requirements.txt")}
    assert imported(PROJECT / "tests") - product - direct("tests/requirements.txt") == set()


def test_nothing_of_ours_imports_the_library_without_releases() -> None:
    """Reflex still brings httpx; Starlette and we speak through its maintained successor."""
    assert "httpx" not in imported(PACKAGE) | imported(PROJECT / "tests")
    assert "httpx2" in imported(PACKAGE) & direct("requirements.txt")


def imported(folder: Path) -> set[str]:
    """Return the packages whose modules the files of a folder name."""
    modules = {
        module.partition(".")[0]
        for path in python_files(folder)
        for node in nodes(path)
        for module in _modules(node)
    }
    distributions = packages_distributions()
    return {
        canonicalize_name(name)
        for module in modules - sys.stdlib_module_names - OWN
        for name in distributions.get(module, [])
    }


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []
