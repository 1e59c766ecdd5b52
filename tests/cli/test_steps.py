"""The `test` command: which steps it runs, the arguments of pytest, and what a failure does."""

from pathlib import Path

import pytest

from publicmeeting.cli.app import commands
from publicmeeting.cli.commands import test as runner
from publicmeeting.cli.commands.test import FAILED_FILES, STEPS, Round, Step, chosen, run_steps
from publicmeeting.cli.stop import StopError
from publicmeeting.config import bare_environment


@pytest.fixture(autouse=True)
def _own_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test runs beside the step that writes the real artifacts."""
    monkeypatch.setattr(runner, "ARTIFACTS", tmp_path / "artifacts")


CHECKS = ("format", "lint", "rules", "types", "imports", "unit", "postgresql")


def asked(*words: str) -> tuple[Step, ...]:
    """Return the steps that these words of a command line choose."""
    arguments = commands("test").parse_args(["test", *words])
    return chosen(only=arguments.only, fast=arguments.fast, more=tuple(arguments.more))


def test_what_stands_after_the_dashes_is_given_to_pytest() -> None:
    (unit,) = asked("--only", "unit")
    (narrowed,) = asked("--only", "unit", "--", "-k", "no_show", "--fast")
    assert narrowed.arguments == (*unit.arguments, "-k", "no_show", "--fast")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), [*CHECKS, "production", "build", "city", "journeys"]),
        (("--fast",), [*CHECKS, "build"]),
        (("--only", "unit"), ["unit"]),
    ],
)
def test_the_steps_of_a_test_run(words: tuple[str, ...], names: list[str]) -> None:
    assert [step.name for step in asked(*words)] == names


@pytest.mark.parametrize("step", [step.name for step in STEPS if not step.is_pytest])
def test_a_step_that_is_no_pytest_takes_nothing_of_it(step: str) -> None:
    assert len(asked("--only", step)) == 1
    with pytest.raises(StopError, match=f"The step {step} is not pytest"):
        asked("--only", step, "--", "-k", "no_show")


@pytest.mark.parametrize("words", [(), ("--fast",)])
def test_arguments_for_pytest_need_one_step(words: tuple[str, ...]) -> None:
    with pytest.raises(StopError, match="need one step"):
        asked(*words, "--", "-k", "no_show")


def test_one_failed_step_fails_the_run_and_stops_no_other(
    capfd: pytest.CaptureFixture[str],
) -> None:
    environment = bare_environment({})
    good = Step("unit", ("-c", "print('seen')"))
    bad = Step("lint", ("-c", "raise SystemExit(3)"))
    assert run_steps([good], environment) == 0
    assert run_steps([bad, good], environment) == 1
    shown = capfd.readouterr().out
    assert shown.count("seen") == 2
    assert "lint       failed" in shown
    assert shown.endswith("\nFAILED: lint\n")


def test_pages_are_built_when_the_files_were_read_and_before_journeys_need_them() -> None:
    rounds = [step.round for step in STEPS]
    assert rounds == sorted(rounds)
    assert {step.name for step in STEPS if step.round is Round.READ} == {"format", "lint", "rules"}
    beside = [step.name for step in STEPS if step.is_beside]
    assert beside == ["production", "build", "city"]
    assert STEPS[-1].name == "journeys"
    assert STEPS[-1].round > max(step.round for step in STEPS if step.is_beside)


_MEETS = """
import pathlib, sys, time
mine, other = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
mine.touch()
until = time.monotonic() + 60
while not other.exists() and time.monotonic() < until:
    time.sleep(0.01)
print("begins", mine.name)
print("met" if other.exists() else "alone", mine.name)
"""
"""A script that ends once both processes have begun."""


def test_what_often_waits_runs_beside_the_others_and_speaks_when_they_do_not(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    steps = [
        Step("unit", ("-c", _MEETS, one, two)),
        Step("production", ("-c", _MEETS, two, one), is_beside=True),
        Step("build", ("-c", "raise SystemExit(1)"), is_beside=True),
        Step("journeys", ("-c", "print('walked')"), round=Round.WALK),
    ]
    assert run_steps(steps, bare_environment({})) == 1
    shown = capfd.readouterr().out
    assert "=== unit\nbegins one\nmet one\n" in shown
    assert "=== production\nbegins two\nmet two\n" in shown
    assert "walked" not in shown
    assert shown.endswith("\nFAILED: build\n")


_WAVERS = """
import os, pathlib, sys
files, tries = pathlib.Path(os.environ["TEST_FAILED_FILES"]), pathlib.Path(sys.argv[1])
tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
print("given", *sys.argv[2:])
if len(tries.read_text()) < int(sys.argv[2]):
    files.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(sys.argv[3])
    raise SystemExit(1)
"""
"""A script that fails, naming files, until it has run as often as told."""


@pytest.mark.parametrize(
    ("passes_at", "files", "folder", "runs", "fails"),
    [
        (2, "tests/a/test_x.py", "tests/a", 2, 0),
        (3, "tests/a/test_x.py", "tests/a", 2, 1),
        (2, "tests/a/test_x.py", "", 1, 1),
        (2, " ".join(f"tests/a/test_{n}.py" for n in range(4)), "tests/a", 1, 1),
        (2, "", "tests/a", 1, 1),
    ],
)
def test_few_failed_files_of_browsers_are_run_once_more_alone_and_named(
    passes_at: int,
    files: str,
    folder: str,
    runs: int,
    fails: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert FAILED_FILES == "TEST_FAILED_FILES"
    monkeypatch.setattr("publicmeeting.cli.commands.test.ARTIFACTS", tmp_path)
    tries = tmp_path / "tries"
    arguments = ("-c", _WAVERS, str(tries), str(passes_at), files, "tests/a")
    assert run_steps([Step("journeys", arguments, folder)], bare_environment({})) == fails
    assert tries.read_text() == "x" * runs
    shown = capfd.readouterr().out
    assert ("UNSTEADY, passed only alone: " + files in shown) is (fails == 0)
    assert (f"given {passes_at} {files} {files} --numprocesses=0" in shown) is (runs == 2)


def test_journeys_are_left_out_when_there_are_no_pages(capfd: pytest.CaptureFixture[str]) -> None:
    steps = [
        Step("build", ("-c", "raise SystemExit(1)")),
        Step("journeys", ("-c", "print('walked')"), round=Round.WALK),
    ]
    assert run_steps(steps, bare_environment({})) == 1
    assert "walked" not in capfd.readouterr().out
