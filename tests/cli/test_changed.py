"""`test --changed`: which tests belong to the changed files."""

import subprocess
from pathlib import Path

import pytest

from publicmeeting.cli.commands import test as runner
from publicmeeting.cli.near_tests import changed_files, near_tests
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT

FILES = {
    "publicmeeting/store/seats.py": "",
    "publicmeeting/usecases/line/offers.py": "from publicmeeting.store import seats\n",
    "publicmeeting/ui/mayor/day.py": "from publicmeeting.usecases.line.offers import offer\n",
    "publicmeeting/web/routes/door.py": "",
    "tests/conftest.py": "import support.clock\n",
    "tests/support/clock.py": "",
    "tests/support/hall.py": "",
    "tests/store/test_rows.py": "",
    "tests/usecases/line/test_asking.py": "",
    "tests/usecases/line/shared_words.py": "",
    "tests/usecases/orders/test_orders.py": (
        "import shared_words\ndef test():\n    from publicmeeting.usecases.line import offers\n"
    ),
    "tests/ui/conftest.py": "from support.hall import Hall\n",
    "tests/ui/mayor/test_day.py": "",
    "tests/ui/citizen/test_home.py": "from publicmeeting.ui.mayor import day\n",
    "tests/web/test_door.py": "",
    "tests/web/test_headers.py": "",
    "tests/contract/test_text.py": "",
    "tests/contract/test_docs.py": "",
    "tests/journeys/test_road.py": "from support.hall import Hall\n",
}

ALL = {path for path in FILES if "/test_" in path and "journeys" not in path}
OF_PROGRAM = {"tests/contract/test_text.py"}
UI = {"tests/ui/mayor/test_day.py", "tests/ui/citizen/test_home.py"}
LINE = {"tests/usecases/line/test_asking.py", "tests/usecases/orders/test_orders.py"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "near"),
    [
        # Tests of importers of its importers, of its folder, and of its name.
        ("publicmeeting/usecases/line/offers.py", LINE | UI - {"tests/ui/mayor/test_day.py"}),
        ("publicmeeting/store/seats.py", LINE - {"tests/usecases/line/test_asking.py"}),
        ("publicmeeting/ui/mayor/day.py", UI),
        ("publicmeeting/web/routes/door.py", {"tests/web/test_door.py"}),
        # Nothing imports it, so the tests of its layer.
        ("publicmeeting/store/rows/new.py", {"tests/store/test_rows.py"}),
    ],
)
def test_of_a_module(project: Path, changed: str, near: set[str]) -> None:
    assert set(near_tests(project, [changed])) == near | OF_PROGRAM


@pytest.mark.parametrize(
    ("changed", "near"),
    [
        ("tests/web/test_headers.py", {"tests/web/test_headers.py"}),
        ("tests/usecases/line/shared_words.py", {"tests/usecases/orders/test_orders.py"}),
        ("tests/support/hall.py", UI),
        ("tests/support/clock.py", ALL),
        ("tests/web/answers.json", {"tests/web/test_door.py", "tests/web/test_headers.py"}),
        ("docs/turns.md", {"tests/contract/test_docs.py"}),
        ("tests/journeys/test_road.py", set[str]()),
        ("tests/web/test_gone.py", set[str]()),
    ],
)
def test_of_what_is_no_module(project: Path, changed: str, near: set[str]) -> None:
    assert set(near_tests(project, [changed])) == near


def test_what_is_written_and_not_yet_known_to_git_has_changed(project: Path) -> None:
    git = ("git", "-c", "user.name=n", "-c", "user.email=e@example.org")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *command], cwd=project, check=True)
    assert changed_files(project, "HEAD") == ()
    (project / "tests/web/test_door.py").write_text("import json\n", encoding="utf-8")
    (project / "publicmeeting/store/seats.py").unlink()
    (project / "publicmeeting/store/new.py").touch()
    assert changed_files(project, "HEAD") == (
        "publicmeeting/store/new.py",
        "publicmeeting/store/seats.py",
        "tests/web/test_door.py",
    )
    with pytest.raises(StopError, match="since no-such-commit"):
        changed_files(project, "no-such-commit")


def test_the_step_runs_the_chosen_files_alone() -> None:
    *_, unit = runner.near(["publicmeeting/cli/commands/test.py"])
    assert unit.name == "unit"
    assert "tests/cli/test_changed.py" in unit.arguments
    assert "tests" not in unit.arguments
    assert "tests/domain/test_ink.py" not in unit.arguments


def test_a_changed_word_of_no_test_runs_no_tests() -> None:
    assert {step.name for step in runner.near([".gitignore"])} == {
        "format",
        "lint",
        "rules",
        "types",
        "imports",
    }


def test_every_place_named_has_its_tests() -> None:
    for path in ("docs/turns.md", "deploy/haproxy.cfg", "assets/look/tokens.css"):
        assert (PROJECT / path).exists()
        assert near_tests(PROJECT, [path])
