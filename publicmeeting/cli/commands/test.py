"""`test`: runs all checks of the project; steps that mostly wait run beside the others."""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import groupby
from pathlib import Path
from typing import IO

from publicmeeting.cli.machine.debian import PRODUCTION, provide, provide_headless
from publicmeeting.cli.near_tests import changed_files, near_tests
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, bare_environment

_JOURNEYS = "tests/journeys"
_PRODUCTION = "tests/production"
ARTIFACTS = PROJECT / "artifacts"
"""Output of tests; its folder `steps` has the output of each step that ran beside others."""
# Tests use this data folder, not the demo's; logs stay here for debugging.
_DATA = ARTIFACTS / "data"
FAILED_FILES = "TEST_FAILED_FILES"
"""Environment variable with the file to which pytest writes the names of its failed files.

One name a line; see `tests/conftest.py`.
"""
_POLL_SECONDS = 1.0
"""Interval for polling the steps that run beside the others."""
_RUN_AGAIN_MOST = 3
"""At most this many failed files may be due to a busy machine, and are run again."""

_JOURNEYS_AT_ONCE = min(8, 2 * (os.cpu_count() or 1))
_BESIDE_EACH_OTHER = ("--numprocesses=logical", "--maxprocesses=8", "--dist=worksteal")
_UNIT = (
    "-m",
    "pytest",
    "tests",
    f"--ignore={_JOURNEYS}",
    f"--ignore={_PRODUCTION}",
    *_BESIDE_EACH_OTHER,
)


class Round(IntEnum):
    """Round of a step; a round begins when all steps of the round before have ended."""

    READ = 1
    """Read the files before the build, which rewrites some of them temporarily."""
    RUN = 2
    WALK = 3
    """Steps that need the built pages of the demo."""


_SEED = """
import sys
sys.path.append("tests")
from support.served_city import seeded_city
seeded_city()
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One check: its name for `--only`, and the arguments for Python."""

    name: str
    arguments: tuple[str, ...]
    folder: str = ""
    """Folder of tests with browsers or servers; its failed files are run again, alone."""
    round: Round = Round.RUN
    is_beside: bool = False
    """Whether it is one process that mostly waits.

    Such steps run one after another, beside the steps that are not.
    """

    @property
    def is_pytest(self) -> bool:
        return "pytest" in self.arguments


STEPS = (
    Step("format", ("-m", "ruff", "format", "--check", "."), round=Round.READ),
    Step("lint", ("-m", "ruff", "check", "."), round=Round.READ),
    # Checks that read every file of the project, each once.
    Step("rules", ("-m", "tests.rules"), round=Round.READ),
    Step("types", ("-m", "mypy")),
    Step("imports", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    # One process for each processor; a process that is done takes over waiting tests.
    Step("unit", (*_UNIT, "--engine=sqlite")),
    # Tests that differ by engine: the store, locks, and enough others to send every statement once.
    # `--all` after the dashes runs all tests with a database.
    Step("postgresql", (*_UNIT, "--engine=postgresql")),
    # A release, two processes of it, and every part around them failing in turn; it mostly waits.
    # Before the build, because it builds a real city's pages in place of the demo's.
    Step(
        "production",
        ("-m", "pytest", "--force-enable-socket", "--randomly-dont-reorganize", _PRODUCTION),
        folder=_PRODUCTION,
        is_beside=True,
    ),
    Step("build", ("-m", "publicmeeting.cli.app", "build"), is_beside=True),
    # The journeys' city, so that their second process need not wait for the first.
    Step("city", ("-c", _SEED), is_beside=True),
    # Playwright and asyncio tests cannot share an event loop. The files are not shuffled and not
    # split: each has one city, whose clock only goes forward. The journeys themselves decide which
    # file is first. A journey waits for its page half of the time, so there are two for each
    # processor.
    Step(
        "journeys",
        (
            "-m",
            "pytest",
            "--force-enable-socket",
            "--randomly-dont-reorganize",
            f"--numprocesses={_JOURNEYS_AT_ONCE}",
            "--dist=loadfile",
            "--no-loadscope-reorder",
            _JOURNEYS,
        ),
        folder=_JOURNEYS,
        round=Round.WALK,
    ),
)
_LONG = frozenset({"journeys", "production"})
"""Steps that need programs of the machine."""
_NOT_FAST = _LONG | {"city"}
"""Steps that `--fast` omits."""
_OF_CHANGED = frozenset({"format", "lint", "rules", "types", "imports", "unit"})
"""Steps that `--changed` runs."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("test", help="run every check and test")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--only", choices=[step.name for step in STEPS], help="run one step and nothing else"
    )
    choice.add_argument("--fast", action="store_true", help="leave out journeys and production")
    choice.add_argument(
        "--changed",
        nargs="?",
        const="HEAD",
        metavar="COMMIT",
        help="read all files, and run the tests near what differs from that commit (HEAD)",
    )
    parser.add_argument(
        "more", nargs="*", metavar="-- ARGUMENT", help="with --only: what pytest is given besides"
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> int:
    if importlib.util.find_spec("pytest") is None:
        raise StopError("The tests' packages are missing: pip install -r tests/requirements.txt.")
    steps = chosen(only=arguments.only, fast=arguments.fast, more=tuple(arguments.more))
    if arguments.changed:
        steps = near(changed_files(PROJECT, arguments.changed))
    if any(step.name == "production" for step in steps):
        provide(PRODUCTION, "The tests of production")
    if any(step.name in _LONG for step in steps):
        provide_headless()
    shutil.rmtree(_DATA, ignore_errors=True)
    environment = bare_environment({"PUBLICMEETING_DATA": str(_DATA)})
    # Otherwise every process of the tests would compile every module.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return run_steps(steps, environment)


def chosen(
    *, only: str | None = None, fast: bool = False, more: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Return the steps to run, in their order; a pytest step also gets the arguments `more`."""
    if only:
        step = next(step for step in STEPS if step.name == only)
        if more and not step.is_pytest:
            raise StopError(f"The step {only} is not pytest, so it takes no arguments of pytest's.")
        return (replace(step, arguments=(*step.arguments, *more)),)
    if more:
        raise StopError("Arguments for pytest need one step that takes them: --only STEP -- …")
    return tuple(step for step in STEPS if not (fast and step.name in _NOT_FAST))


def near(changed: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps that read all files, and the unit tests close to the changes, if any."""
    tests = near_tests(PROJECT, changed)
    return tuple(
        replace(step, arguments=_instead(step, "tests", tests)) if step.name == "unit" else step
        for step in STEPS
        if step.name in _OF_CHANGED and (tests or step.name != "unit")
    )


@dataclass(slots=True)
class _Run:
    """Results of the steps so far."""

    environment: dict[str, str]
    verdicts: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_over: bool = False
    """Ctrl-C was pressed: no further step begins."""


def run_steps(steps: Sequence[Step], environment: dict[str, str]) -> int:
    """Run all steps, print times and failures; return 1 if any failed, else 0.

    If the build fails, the journeys are omitted. Other failures stop nothing, so one run shows
    everything that is wrong. The output of a step that runs beside others is printed when it is
    done.
    """
    run = _Run(environment)
    for _, of_round in groupby(steps, key=lambda step: step.round):
        _run_round(run, tuple(of_round))
    print("\n".join(["", *run.verdicts]), flush=True)
    if run.failed:
        print(f"\nFAILED: {', '.join(run.failed)}", flush=True)
    return 1 if run.failed else 0


def _run_round(run: _Run, steps: Sequence[Step]) -> None:
    """Run the steps of a round, the waiting ones beside the others.

    Each of those is printed when it is done, between two others.
    """
    ordinary = [step for step in steps if not step.is_beside]
    beside = [step for step in steps if step.is_beside]
    if not ordinary:
        ordinary, beside = beside, []
    done: list[Path] = []
    lane = threading.Thread(target=_run_beside, args=(run, beside, done))
    lane.start()
    try:
        for step in ordinary:
            _run_step(run, step)
            _show(done)
        while lane.is_alive():
            lane.join(_POLL_SECONDS)
            _show(done)
    except BaseException:
        run.is_over = True
        lane.join()
        raise


def _run_beside(run: _Run, steps: Sequence[Step], done: list[Path]) -> None:
    """Run steps one after another; add the output file of each finished one to `done`."""
    folder = ARTIFACTS / "steps"
    folder.mkdir(parents=True, exist_ok=True)
    for step in steps:
        if run.is_over:
            return
        written = folder / f"{step.name}.txt"
        with written.open("w", encoding="utf-8") as output:
            _run_step(run, step, output)
        done.append(written)


def _show(done: list[Path]) -> None:
    while done:
        print(done.pop(0).read_text(encoding="utf-8", errors="replace"), end="", flush=True)


def _run_step(run: _Run, step: Step, output: IO[str] | None = None) -> None:
    """Run one step, with its output to `output` or to this terminal."""
    if step.name == "journeys" and "build" in run.failed:
        run.verdicts.append(f"  {step.name:<10} left out, there are no pages")
        return
    print(f"\n=== {step.name}", file=output, flush=True)
    begun = time.monotonic()
    failed_files = ARTIFACTS / "steps" / f"{step.name}.failed"
    failed_files.unlink(missing_ok=True)
    environment = {**run.environment, FAILED_FILES: str(failed_files)}
    passed = _passes(step.arguments, environment, output)
    unsteady = () if passed else _failed_files(step, failed_files)
    if unsteady:
        print(f"\n=== {step.name}, once more: {' '.join(unsteady)}", file=output, flush=True)
        passed = _passes(_alone(step, unsteady), environment, output)
    verdict = "ok" if passed else "failed"
    lines = [f"  {step.name:<10} {verdict:<7} {time.monotonic() - begun:6.1f} s"]
    if not passed:
        run.failed.append(step.name)
    elif unsteady:
        lines.append(f"  {'':<10} UNSTEADY, passed only alone: {' '.join(unsteady)}")
    run.verdicts += lines


def _passes(arguments: Sequence[str], environment: dict[str, str], output: IO[str] | None) -> bool:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        check=False,
    )
    return done.returncode == 0


def _failed_files(step: Step, named: Path) -> tuple[str, ...]:
    """Return the failed files that are worth a second run: few, with browsers or servers."""
    if not step.folder or not named.exists():
        return ()
    files = tuple(named.read_text(encoding="utf-8").split())
    return files if len(files) <= _RUN_AGAIN_MOST else ()


def _alone(step: Step, files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the step's arguments for these files only, in one process."""
    return (*_instead(step, step.folder, files), "--numprocesses=0")


def _instead(step: Step, folder: str, files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the step's arguments with these files in place of the folder."""
    at = step.arguments.index(folder)
    return (*step.arguments[:at], *files, *step.arguments[at + 1 :])
