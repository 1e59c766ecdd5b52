"""The house laws about files: their length, their place, and what may stand in them."""

import ast
import re
from pathlib import Path

from contract.project_files import (
    PACKAGE,
    PROJECT,
    for_each,
    name_of,
    nodes,
    project_files,
    python_files,
    tree,
)

LONGEST = 600
PACKAGES = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))
ARABIC_OR_LATIN = re.compile("[يكة0-9٠-٩]")
# Put together here, so that this file does not break its own law.
HOSTS = ["registry." + "npmjs", "npm" + "mirror", "python" + "hosted", "pypi" + ".org/simple"]
MACHINE_PATH = re.compile(rb"(?<![\w./])/(home|root|work)/\w")


@for_each(python_files(PACKAGE, PROJECT / "tests"), ids=name_of)
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    lines = path.read_bytes().count(b"\n")
    assert lines <= LONGEST


@for_each(PACKAGES, ids=name_of)
def test_a_package_says_one_sentence_and_has_no_code(package: Path) -> None:
    (sentence,) = tree(package / "__init__.py").body
    words = ast.get_docstring(tree(package / "__init__.py"))
    assert isinstance(sentence, ast.Expr)
    assert words
    assert re.fullmatch(r"[^\n]+\.", words)


@for_each([package for package in PACKAGES if package.parent == PACKAGE], ids=name_of)
def test_the_map_in_the_readme_is_what_the_packages_say(package: Path) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^[\s│├└─]*{package.name}/\s+(.+)$", readme, re.MULTILINE)
    assert found, f"README's map has no line for {package.name}/"
    words = ast.get_docstring(tree(package / "__init__.py"))
    assert found[1].strip().rstrip(".").casefold() == str(words).rstrip(".").casefold()


@for_each(python_files(PACKAGE / "text"), ids=name_of)
def test_persian_text_has_persian_letters_and_digits(path: Path) -> None:
    """Docstrings are English, and a pattern is code."""
    not_shown = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)} | {
        id(argument)
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")
        for argument in node.args
    }
    sentences = [
        node.value
        for node in nodes(path)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in not_shown
        and re.search("[آ-ی]", node.value)
    ]
    # A fact's name in braces is code, not Persian.
    shown = [re.sub(r"\{[^}]*\}", "", sentence) for sentence in sentences]
    assert [sentence for sentence in shown if ARABIC_OR_LATIN.search(sentence)] == []


def test_no_file_names_a_package_registry() -> None:
    """Whoever builds chooses the registry."""
    naming = [
        f"{name_of(path)}: {host}"
        for path, content in _texts()
        for host in HOSTS
        if host.encode() in content.lower()
    ]
    assert naming == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert [name_of(path) for path, content in _texts() if MACHINE_PATH.search(content)] == []


def _texts() -> list[tuple[Path, bytes]]:
    contents = [(path, path.read_bytes()) for path in project_files()]
    return [(path, content) for path, content in contents if b"\0" not in content]


@for_each(python_files(PACKAGE), ids=name_of)
def test_only_the_settings_and_the_launcher_read_the_environment(path: Path) -> None:
    readers = [
        node.lineno
        for node in nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (isinstance(node, ast.alias) and node.name in {"environ", "environb", "getenv"})
    ]
    assert not readers or name_of(path) in {
        "publicmeeting/config.py",
        "publicmeeting/__main__.py",
    }, readers


@for_each(
    [path for path in python_files(PACKAGE) if PACKAGE / "domain" not in path.parents], ids=name_of
)
def test_nothing_but_the_domain_decides_by_a_stage(path: Path) -> None:
    """A query may select by stage; what follows from a stage is read from the tables."""
    module = tree(path)
    names = {"Stage", "OrderStage"} | {
        alias.asname
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in {"Stage", "OrderStage"} and alias.asname
    }
    deciding = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(module)
        if isinstance(node, ast.Compare | ast.MatchValue)
        and _names_a_member(node, names)
        and not _is_of_a_column(node)
    ]
    assert deciding == []


@for_each(python_files(PACKAGE), ids=name_of)
def test_nothing_decides_by_a_sentence(path: Path) -> None:
    """A refusal has a key; its words may be written anew on any day."""
    deciding = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in nodes(path)
        if (
            isinstance(node, ast.Compare)
            and any(_is_said(side) for side in (node.left, *node.comparators))
            and not any(isinstance(one, ast.Constant) for one in node.comparators)
        )
        or (isinstance(node, ast.DictComp) and _is_said(node.key))
        or (isinstance(node, ast.Dict) and any(key and _is_said(key) for key in node.keys))
    ]
    assert deciding == []


def _is_said(node: ast.expr) -> bool:
    """The words of a refusal: of a state, or out of their table."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "refusal"
    return isinstance(node, ast.Attribute) and node.attr == "refused"


def _is_of_a_column(node: ast.AST) -> bool:
    """`RequestRow.stage == …` is a condition for the database, not a decision."""
    return any(isinstance(part, ast.Name) and part.id.endswith("Row") for part in ast.walk(node))


def _names_a_member(node: ast.Compare | ast.MatchValue, enums: set[str]) -> bool:
    sides = (node.left, *node.comparators) if isinstance(node, ast.Compare) else (node.value,)
    members = [
        side.value if isinstance(side, ast.Attribute) and side.attr == "value" else side
        for side in (
            part
            for side in sides
            for part in (side.elts if isinstance(side, ast.Tuple | ast.Set | ast.List) else (side,))
        )
    ]
    return any(
        isinstance(member, ast.Attribute)
        and isinstance(member.value, ast.Name)
        and member.value.id in enums
        for member in members
    )
