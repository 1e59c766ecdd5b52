"""The choice of tests for PostgreSQL covers every statement and every race."""

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest
from rules.sources import PROJECT, last_name
from support import statement_cover
from support.engines import MARK, WHOLE_FOLDERS, is_chosen
from support.statement_cover import Run, StatementCover, normalised, proposals

WITH_A_DATABASE = ("cli", "notify", "ui", "usecases", "web")
RACES = {"together", "ThreadPoolExecutor"}
"""Names that start acts of several people at once; on SQLite such acts run one after the other."""


def ran(test: str, *statements: str, chosen: bool = False, both: bool = True) -> Run:
    return Run(test, chosen, both, 1.0, set(statements))


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("SELECT a FROM b WHERE c IN (?, ?, ?)", "SELECT a FROM b WHERE c IN (?)"),
        ("INSERT INTO b (c, d) VALUES (?, ?), (?, ?)", "INSERT INTO b (c, d) VALUES (?)"),
        ("SELECT a\nFROM b LIMIT 20 OFFSET 40", "SELECT a FROM b LIMIT ? OFFSET ?"),
        ("SELECT a1 FROM b WHERE c = 'it''s'", "SELECT a1 FROM b WHERE c = ?"),
        (
            "UPDATE b SET c=%(c)s::VARCHAR WHERE d = %(d_1)s",
            "UPDATE b SET c=?::VARCHAR WHERE d = ?",
        ),
        ("SELECT a FROM b WHERE c IN (%(c_1)s, %(c_2)s)", "SELECT a FROM b WHERE c IN (?)"),
        (
            "SELECT a FROM b WHERE c IN (%(c_1)s::INT, %(d)s::INT)",
            "SELECT a FROM b WHERE c IN (?::INT)",
        ),
    ],
)
def test_a_statement_counts_once_whatever_its_values(sent: str, counted: str) -> None:
    assert normalised(sent) == counted


def test_statements_of_chosen_tests_need_no_other() -> None:
    assert proposals([ran("a", "one", "two", chosen=True), ran("b", "two"), ran("c", "one")]) == []


def test_the_test_that_sends_most_of_what_is_missing_is_proposed() -> None:
    runs = [ran("a", "one", chosen=True), ran("b", "one", "two"), ran("c[1]", "two", "three")]
    (line,) = proposals(runs)
    assert line.startswith("mark on_postgresql: c (2 statements, ")


def test_a_test_of_one_engine_covers_nothing_and_asks_for_nothing() -> None:
    alone = ran("a", "one", chosen=True, both=False)
    assert proposals([alone]) == []
    assert len(proposals([alone, ran("b", "one")])) == 1


@pytest.mark.parametrize(
    ("run", "status"), [(ran("a", "one", chosen=True), 0), (ran("a", "one"), 1)]
)
def test_a_run_fails_if_a_statement_is_missing(
    run: Run, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_cover, "RECORDED", tmp_path)
    option = SimpleNamespace(keyword="", markexpr="", engine="sqlite")
    cover = StatementCover(SimpleNamespace(option=option))
    cover.runs.append(run)
    session = SimpleNamespace(testsfailed=0, exitstatus=0)
    cover.pytest_sessionfinish(session)
    assert session.exitstatus == status


def test_whoever_acts_at_the_same_instant_does_so_on_postgresql() -> None:
    lost = [
        f"{path.parent.name}/{path.name}::{test.name}"
        for folder in WITH_A_DATABASE
        for path in sorted((PROJECT / "tests" / folder).rglob("test_*.py"))
        for tree in [ast.parse(path.read_text(encoding="utf-8"))]
        if not _is_marked_whole(tree)
        for test in tree.body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        if RACES & {last_name(one.func) for one in ast.walk(test) if isinstance(one, ast.Call)}
        if not any(MARK in ast.unparse(one) for one in test.decorator_list)
    ]
    assert lost == []


def _is_marked_whole(tree: ast.Module) -> bool:
    return any(
        isinstance(stmt, ast.Assign)
        and ast.unparse(stmt.targets[0]) == "pytestmark"
        and MARK in ast.unparse(stmt.value)
        for stmt in tree.body
    )


def test_folders_run_as_wholes_exist() -> None:
    assert [folder for folder in WHOLE_FOLDERS if not (PROJECT / "tests" / folder).is_dir()] == []


@pytest.mark.on_postgresql(rows=(1,))
@pytest.mark.parametrize(("first", "second"), [("a", "x"), ("a", "y"), ("b", "x")])
def test_of_a_parametrised_test_only_the_marked_rows_are_chosen(
    request: pytest.FixtureRequest, first: str, second: str
) -> None:
    assert is_chosen(request.node) is ((first, second) == ("a", "y"))
