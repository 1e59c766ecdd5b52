"""`--statements`: check that every statement the product sends is sent on PostgreSQL too.

It records which statements each test makes the product send. Statements that differ only in values
or in the length of lists count as one. The run fails if a statement is sent only by tests that
PostgreSQL does not run, and names the test to mark `on_postgresql`. `python -m
tests.support.statement_cover` chooses tests from what the last whole runs recorded: those that
cover the rest in the least time.
"""

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from .engines import has_both_engines, is_chosen

_PROJECT = Path(__file__).resolve().parents[2]
_PRODUCT, _TESTS = str(_PROJECT / "publicmeeting"), str(_PROJECT / "tests")
RECORDED = _PROJECT / "artifacts" / "statements"
COPY_SECONDS = 0.1
"""Cost of a test before it begins: a copy of a database, a connection, its end."""

_SESSION = re.compile(r"(PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|EXPLAIN)\b", re.IGNORECASE)
_VALUE = re.compile(r"%\(\w+\)s|'(?:[^']|'')*'|\b\d+\b")
_LIST = re.compile(r"(\?(?:::\w+)?)(?:, \?(?:::\w+)?)+")
_ROWS = re.compile(r"\(\?\)(?:, \(\?\))+")


@cache
def normalised(text: str) -> str:
    """Return a statement without its values, the length of its lists and the number of its rows."""
    plain = _VALUE.sub("?", " ".join(text.split()))
    return _ROWS.sub("(?)", _LIST.sub(r"\1", plain))


@dataclass(slots=True)
class Run:
    """What one test sent."""

    test: str
    is_chosen: bool
    """The ordinary run on PostgreSQL includes this test."""
    has_both_engines: bool
    seconds: float = 0.0
    statements: set[str] = field(default_factory=set)

    @property
    def function(self) -> str:
        return self.test.partition("[")[0]


class StatementCover:
    """The pytest plugin: it records in each worker process, and judges in the controlling one."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._current: Run | None = None
        self._missing: list[str] = []
        self.runs: list[Run] = []

    def pytest_sessionstart(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, connection: Connection, _cursor: object, text: str, *_: object) -> None:
        run = self._current
        if run is None or text in run.statements or _SESSION.match(text):
            return
        # Which test fills a template is chance, so its statements count for none.
        name = Path(connection.engine.url.database or "").name
        is_template = name.startswith("template_") or name.endswith(".draft")
        if not is_template and _is_sent_by_product():
            run.statements.add(text)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        begun = time.perf_counter()
        run = Run(item.nodeid, is_chosen(item), has_both_engines(item))
        self._current = run
        try:
            return (yield)
        finally:
            self._current = None
            if run.statements:
                run.seconds = time.perf_counter() - begun
                run.statements = {normalised(text) for text in run.statements}
                self.runs.append(run)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["statements"] = json.dumps(_packed(self.runs))
            return
        option = self._config.option
        if option.keyword or option.markexpr:
            return
        RECORDED.mkdir(parents=True, exist_ok=True)
        file = RECORDED / f"{option.engine}.json"
        file.write_text(json.dumps(_packed(self.runs)), encoding="utf-8")
        self._missing = [] if session.testsfailed else proposals(self.runs)
        if self._missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self._missing:
            terminalreporter.write_line(line, red=True)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        packed = getattr(node, "workeroutput", {}).get("statements")
        if packed:
            self.runs += _unpacked(json.loads(packed))


def proposals(runs: Sequence[Run]) -> list[str]:
    """Return a line for each test to mark, in the order of their worth; none if nothing is missing.

    Statements that only tests of one engine send are left out; their authors chose the engine. The
    cost of a test is the time of all its cases. Tests that send the most missing statements a
    second are taken first, and left out again if later ones send the same.
    """
    on_both = [run for run in runs if run.has_both_engines]
    missing = set().union(*(run.statements for run in on_both))
    missing -= set().union(*(run.statements for run in on_both if run.is_chosen))
    sent: dict[str, set[str]] = defaultdict(set)
    seconds: dict[str, float] = defaultdict(float)
    for run in on_both:
        sent[run.function] |= run.statements & missing
        seconds[run.function] += run.seconds + COPY_SECONDS
    left, taken = set(missing), []
    while left:
        taken.append(max(sent, key=lambda one: len(sent[one] & left) / seconds[one]))
        left -= sent[taken[-1]]
    for one in sorted(taken, key=lambda one: -seconds[one]):
        if sent[one] <= set().union(*(sent[other] for other in taken if other != one)):
            taken.remove(one)
    return [
        f"mark on_postgresql: {one} ({len(sent[one])} statements, {seconds[one]:.1f} s): "
        f"{min(sent[one])[:200]}"
        for one in taken
    ]


def _is_sent_by_product() -> bool:
    """Return whether the nearest frame of our own code is the product's, not a test's."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(_PRODUCT):
            return True
        if name.startswith(_TESTS):
            return False
        frame = frame.f_back
    return False


def _packed(runs: Iterable[Run]) -> dict[str, Any]:
    numbers: dict[str, int] = {}
    rows = []
    for run in runs:
        row = asdict(run)
        row["statements"] = sorted(
            numbers.setdefault(text, len(numbers)) for text in run.statements
        )
        rows.append(row)
    return {"statements": list(numbers), "runs": rows}


def _unpacked(packed: dict[str, Any]) -> list[Run]:
    texts = packed["statements"]
    return [
        Run(**{**row, "statements": {texts[number] for number in row["statements"]}})
        for row in packed["runs"]
    ]


def main() -> None:
    """Print which tests to mark, from the last recorded run of every engine."""
    runs = [
        run
        for file in sorted(RECORDED.glob("*.json"))
        for run in _unpacked(json.loads(file.read_text(encoding="utf-8")))
    ]
    sys.stdout.write("\n".join([*proposals(runs), f"{len(runs)} recorded tests\n"]))


if __name__ == "__main__":
    main()
