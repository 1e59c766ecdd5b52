"""Everything that README and docs/ name exists: pages, headings, files, commands, settings."""

import re
import shlex
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from contract.project_files import PACKAGE, PROJECT, name_of
from contract.test_deploy import read_settings
from rules.sources import project_files

from publicmeeting.cli.app import commands

DOCS = PROJECT / "docs"
PAGES = [PROJECT / "README.md", *sorted(DOCS.rglob("*.md"))]
NAMES = [name_of(path) for path in PAGES]
TEXTS = {name_of(path): path.read_text(encoding="utf-8") for path in PAGES}
HISTORY = "docs/decisions/"
"""Decisions speak of the files of their day; the line of their date names those of now."""
OTHERS = (HISTORY, "docs/operations.md")
"""Pages that may name files of others: decisions, and the page for operators."""

FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
ENDINGS = "py|js|css|md|toml|cfg|sh|txt|service|timer|svg|html|ttf"
"""Endings of files that are ours; tables, keys and releases belong to somebody else."""
OF_NOW = re.compile(r"(?m)^\*\d{4}-\d\d-\d\d.*$")
FILE = re.compile(rf"[\w.@-]+(?:/[\w.@-]+)*\.(?:{ENDINGS})")
NAME = re.compile(r"@?[A-Za-z_][\w.]*(?:\([\w, =.…\"*]*\))?")
FOREIGN = {
    "libfribidi0",
    "WebKit2",
    "WebKitGTKOptions",
    "binary_location",
    "set_default_font_size",
}
"""A package of Debian, and names of WebKit."""
SOURCES = {".py", ".js", ".css", ".sh", ".toml", ".cfg", ".service", ".timer", ".txt"}
NAMES_IN_FILE = re.compile(rf"((?:`[\w.]+`(?:, | and ))*`[\w.]+`) in `([\w/]+\.(?:{ENDINGS}))`")
FOLDER = re.compile(r"(?:[\w.-]+/)+")
ROOTS = (PROJECT, PACKAGE, PROJECT / "tests", PACKAGE / "ui", DOCS)
MADE = {"artifacts", "data"}
"""Folders that a run creates."""
OUR_FOLDERS = {
    path.name for path in (*PROJECT.iterdir(), *PACKAGE.iterdir(), *(PROJECT / "tests").iterdir())
} - MADE
CALL = re.compile(r"(?:publicmeeting\.sh|python3? -m publicmeeting) ([^#>|&`\n]+)")


def calls() -> list[str]:
    """Return commands of the program, from shell blocks and between backticks."""
    found = [
        call
        for text in TEXTS.values()
        for part in [*(two for one, two in FENCE.findall(text) if one == "sh"), *CODE.findall(text)]
        for call in CALL.findall(part)
    ]
    return sorted({call.partition(" > ")[0].strip() for call in found})


def anchors(text: str) -> set[str]:
    """Return the names by which a page's headings are linked."""
    headings = re.findall(r"(?m)^#+ (.+)$", FENCE.sub("", text))
    plain = [re.sub(r"[^\w\- ]", "", heading.replace("`", "")).lower() for heading in headings]
    return {one.replace(" ", "-") for one in plain}


@pytest.mark.parametrize("page", NAMES)
def test_every_link_leads_to_a_page_and_a_heading(page):
    lost = []
    for link in LINK.findall(FENCE.sub("", TEXTS[page])):
        if "://" in link:
            continue
        path, _, heading = link.partition("#")
        target = (PROJECT / page).parent / path if path else PROJECT / page
        there = target.exists() and PROJECT in target.resolve().parents
        if not there or (heading and heading not in anchors(target.read_text(encoding="utf-8"))):
            lost.append(link)
    assert lost == []


def text_of_now(page: str) -> str:
    text = FENCE.sub("", TEXTS[page])
    return "\n".join(OF_NOW.findall(text)) if page.startswith(HISTORY) else text


@pytest.mark.parametrize("page", NAMES)
def test_every_file_of_ours_exists(page):
    """A path begins at the top, the package, the tests or `ui`; a bare name is a file anywhere."""
    known = {path.name for path in project_files()}
    lost = []
    for code in CODE.findall(text_of_now(page)):
        for word in re.split(r"[\s,]+|::", code):
            if word.partition("/")[0] in MADE:
                continue
            if FILE.fullmatch(word):
                is_there = word in known if "/" not in word else exists(word)
                lost += [] if is_there else [word]
            elif FOLDER.fullmatch(word) and word.partition("/")[0] in OUR_FOLDERS:
                lost += [] if exists(word) else [word]
    assert lost == []


@pytest.mark.parametrize("page", NAMES)
def test_every_name_is_in_the_file_beside_it(page):
    """As `HttpPhone` in `notify/gateway.py`; a dotted name has its own place."""
    lost = []
    for names, file in NAMES_IN_FILE.findall(text_of_now(page)):
        if exists(file):  # else it is another program's, or lost
            words = set(re.findall(r"\w+", found(file).read_text(encoding="utf-8")))
            lost += [
                (name, file)
                for name in CODE.findall(names)
                if "." not in name and name not in words
            ]
    assert lost == []


@pytest.mark.parametrize("page", [name for name in NAMES if not name.startswith(OTHERS)])
def test_every_name_of_the_code_is_in_the_code(page):
    """A name is what stands alone between backticks, dotted or called."""
    spans = CODE.findall(FENCE.sub("", TEXTS[page]))
    named = [span for span in spans if NAME.fullmatch(span) and not FILE.fullmatch(span)]
    parts = {part for one in named for part in re.findall(r"\w+", one)} - FOREIGN
    assert sorted(part for part in parts if part not in words_of_the_code()) == []


@cache
def words_of_the_code() -> frozenset[str]:
    ours = [path for path in project_files() if path.suffix in SOURCES]
    return frozenset(
        word for path in ours for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    )


def test_every_test_that_is_named_is_defined():
    named = [
        pair for text in TEXTS.values() for pair in re.findall(r"`([\w/]+\.py)::(test_\w+)`", text)
    ]
    assert named
    lost = [
        (file, test)
        for file, test in named
        if f"def {test}(" not in found(file).read_text(encoding="utf-8")
    ]
    assert lost == []


def exists(name: str) -> bool:
    return any((root / name).exists() for root in ROOTS)


def found(name: str) -> Path:
    return next(root / name for root in ROOTS if (root / name).exists())


@pytest.mark.parametrize("call", calls())
def test_every_command_is_one_of_the_programs(call):
    words = shlex.split(call)
    try:
        assert commands(words[0]).parse_args(words).perform
    except SystemExit:
        # The text names the command only, without its arguments.
        assert len(words) == 1
        assert words[0] in commands().format_help()


def test_commands_are_found_at_all():
    assert {shlex.split(call)[0] for call in calls()} >= {
        "run",
        "test",
        "lifecycle",
        "release",
        "migrate",
        "found",
        "admin",
        "serve",
        "doctor",
    }


def test_the_order_of_the_subjects_is_the_one_that_is_checked():
    """Each line of the block begins as a layer of the contract, which names every subject."""
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    name = "publicmeeting.usecases"
    (layers,) = [
        contract["layers"] for contract in contracts if contract.get("containers") == [name]
    ]
    blocks = [block for _, block in FENCE.findall(TEXTS["docs/architecture.md"])]
    (order,) = [block.splitlines() for block in blocks if block.startswith(layers[0])]
    assert [line.partition("  ")[0] for line in order] == layers


def test_every_setting_is_named():
    text = TEXTS["docs/settings.md"]
    whole = set(re.findall(r"`([A-Z0-9_]+)`", text))
    groups = tuple(re.findall(r"`([A-Z0-9_]+_)(?:<NAME>_)?\*`", text))
    missing = {name for name in read_settings() - whole if not name.startswith(groups)}
    assert missing == set()


def test_no_setting_is_named_that_nothing_reads():
    """`_*` stands for a group. The launcher and the servers' script have settings of their own."""
    script = (PROJECT / "deploy" / "publicmeeting.sh").read_text(encoding="utf-8")
    own = set(re.findall(r"PUBLICMEETING_[A-Z_]+", script))
    read = read_settings() | {"PUBLICMEETING_VENV"} | own
    named = set(re.findall(r"PUBLICMEETING_[A-Z0-9_]+", " ".join(TEXTS.values())))
    unread = named - read
    assert {one for one in unread if not one.endswith("_")} == set()
    assert {one for one in unread if not any(name.startswith(one) for name in read)} == set()


def test_the_readme_is_read_in_a_few_minutes():
    assert len(TEXTS["README.md"].encode()) <= 10 * 1024


@pytest.mark.parametrize("page", [name for name in NAMES if name.startswith(HISTORY)])
def test_every_decision_has_its_date(page):
    """The date is below the heading; in files of the older form it begins the list item."""
    if page.endswith("README.md"):
        return
    lines = [line for line in TEXTS[page].splitlines() if line.strip()]
    for line, following in pairwise([*lines, ""]):
        if line.startswith("### "):
            assert re.match(r"\*\d{4}-\d\d-\d\d", following), line
        elif line.startswith("- **"):
            assert re.match(r"- \*\*\d{4}-\d\d-\d\d · ", line), line


def rows_with_tests(text: str) -> list[str]:
    """Return the rows of every table whose last column is headed `test`."""
    rows, is_inside = [], False
    for line in text.splitlines():
        if line.startswith("| ") and is_inside:
            rows.append(line)
        elif line.startswith("| "):
            is_inside = line.split(" | ")[-1] == "test |"
        elif not line.startswith("|-"):
            is_inside = False
    return rows


def test_every_row_of_the_security_tables_names_tests_that_exist():
    """A bare `::test_name` belongs to the file named before it in the cell."""
    rows = rows_with_tests(TEXTS["docs/security.md"])
    assert len(rows) > 150
    for row in rows:
        named = re.findall(r"`([\w/]+\.py|)(?:::(\w+))?`", row.split(" | ")[-1])
        assert named, row
        file = ""
        for path, test in named:
            file = path or file
            assert (PROJECT / "tests" / file).is_file(), row
            if test:
                text = (PROJECT / "tests" / file).read_text(encoding="utf-8")
                assert f"def {test}(" in text, (test, row)


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page not in TEXTS:
            continue
        reached.add(page)
        for link in LINK.findall(TEXTS[page]):
            target = ((PROJECT / page).parent / link.partition("#")[0]).resolve()
            if target.is_file() and PROJECT in target.parents:
                waiting.append(name_of(target))
    assert sorted(set(TEXTS) - reached) == []
