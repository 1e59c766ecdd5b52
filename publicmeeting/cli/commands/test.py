"""`test`: every check of the project, what leaves a processor idle beside the others."""

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

from publicmeeting.cli.changed import changed_files, near_tests
from publicmeeting.cli.machine.debian import PRODUCTION, provide, provide_headless
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, bare_environment

_JOURNEYS = "tests/journeys"
_PRODUCTION = "tests/production"
ARTIFACTS = PROJECT / "artifacts"
"""What each step that runs beside others has written lies in `steps` in it."""
# Nothing a test does touches the data of the demo; logs stay here for whoever looks for them.
_DATA = ARTIFACTS / "data"
FAILED_FILES = "TEST_FAILED_FILES"
"""The variable that names the file in which a run of pytest leaves the names of its failed files,
a line each (`tests/conftest.py`)."""
_A_LOOK = 1.0
"""Seconds."""
_FEW = 3
"""So many failed files may be a busy machine; more are a fault."""

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
    """Whatever is of one round is over before the next one begins."""

    READ = 1
    """The files as they are: building the pages writes some of them anew for a moment."""
    RUN = 2
    WALK = 3
    """What needs the built pages of the demo."""


_SEED = """
import sys
sys.path.append("tests")
from support.served_city import seeded_city
seeded_city()
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One check: its name for `--only`, and the arguments Python runs it with."""

    name: str
    arguments: tuple[str, ...]
    folder: str = ""
    """Where the tests of browsers and servers lie; failed files of it are run once more, alone."""
    round: Round = Round.RUN
    is_beside: bool = False
    """Of one process that often waits: it runs beside the steps that are not, with the others of
    its kind one after the other."""

    @property
    def is_pytest(self) -> bool:
        return "pytest" in self.arguments


STEPS = (
    Step("format", ("-m", "ruff", "format", "--check", "."), round=Round.READ),
    Step("lint", ("-m", "ruff", "check", "."), round=Round.READ),
    # What holds for every file of the project; each is read once.
    Step("rules", ("-m", "tests.rules"), round=Round.READ),
    Step("types", ("-m", "mypy")),
    Step("imports", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    # A process for each processor; whoever is done early takes over what waits for another.
    Step("unit", (*_UNIT, "--engine=sqlite")),
    # What differs by engine: the store, locks, commands, and so many tests of use cases and pages
    # that every statement is sent once; `--all` after the dashes runs all that have a database.
    Step("postgresql", (*_UNIT, "--engine=postgresql")),
    # A release, two processes of it, and every part around them, one after the other failing; most
    # of it waits. Before the build, for it builds the pages of a real city in the place of the
    # demo's.
    Step(
        "production",
        ("-m", "pytest", "--force-enable-socket", "--randomly-dont-reorganize", _PRODUCTION),
        folder=_PRODUCTION,
        is_beside=True,
    ),
    Step("build", ("-m", "publicmeeting.cli.app", "build"), is_beside=True),
    # The journeys' city, so that their second process has not to wait for the first.
    Step(
        "city",
        (
            "-c",
            _SEED,
        ),
        is_beside=True,
    ),
    # Playwright and asyncio tests do not share an event loop. As written, not shuffled, and each
    # file as a whole: its city is one, and its clock only goes forward. The journeys themselves say
    # which file begins. Half of a journey's time it waits for its page, so each processor has two.
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
"""Need programs of the machine."""
_NOT_FAST = _LONG | {"city"}
"""`--fast` leaves them out."""
_BETWEEN_TWO_THOUGHTS = frozenset({"format", "lint", "rules", "types", "imports", "unit"})
"""What `--changed` runs."""


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
    # Every process of the tests would compile every module anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return run_steps(steps, environment)


def chosen(
    *, only: str | None = None, fast: bool = False, more: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Return the steps to run, in their order; one that is pytest gets `more` besides."""
    if only:
        step = next(step for step in STEPS if step.name == only)
        if more and not step.is_pytest:
            raise StopError(f"The step {only} is not pytest, so it takes no arguments of pytest's.")
        return (replace(step, arguments=(*step.arguments, *more)),)
    if more:
        raise StopError("Arguments for pytest need one step that takes them: --only STEP -- …")
    return tuple(step for step in STEPS if not (fast and step.name in _NOT_FAST))


def near(changed: Sequence[str]) -> tuple[Step, ...]:
    """What reads all files, and the unit tests near these, if there are any."""
    tests = near_tests(PROJECT, changed)
    return tuple(
        replace(step, arguments=_instead(step, "tests", tests)) if step.name == "unit" else step
        for step in STEPS
        if step.name in _BETWEEN_TWO_THOUGHTS and (tests or step.name != "unit")
    )


@dataclass(slots=True)
class _Run:
    """What the steps of a run have come to."""

    environment: dict[str, str]
    verdicts: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_over: bool = False
    """Somebody has pressed Ctrl-C: nothing more begins."""


def run_steps(steps: Sequence[Step], environment: dict[str, str]) -> int:
    """Run all steps, print their times and which failed, and return 1 if any did, else 0.

    Pages that could not be built spare us the journeys; other failures stop nothing, so one
    run names everything that is wrong. A step that runs beside another speaks when that is done.
    """
    run = _Run(environment)
    for _, of_round in groupby(steps, key=lambda step: step.round):
        _run_round(run, tuple(of_round))
    print("\n".join(["", *run.verdicts]), flush=True)
    if run.failed:
        print(f"\nFAILED: {', '.join(run.failed)}", flush=True)
    return 1 if run.failed else 0


def _run_round(run: _Run, steps: Sequence[Step]) -> None:
    """Those of one process beside the others; each of them is shown once it is done, between two of
    the others."""
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
            lane.join(_A_LOOK)
            _show(done)
    except BaseException:
        run.is_over = True
        lane.join()
        raise


def _run_beside(run: _Run, steps: Sequence[Step], done: list[Path]) -> None:
    """One after the other; what each has written is added to `done`."""
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
    """It speaks to `output`, else to this terminal."""
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
    """Those worth a second run: few, and of a step that has browsers or servers."""
    if not step.folder or not named.exists():
        return ()
    files = tuple(named.read_text(encoding="utf-8").split())
    return files if len(files) <= _FEW else ()


def _alone(step: Step, files: tuple[str, ...]) -> tuple[str, ...]:
    """The step's arguments for these files only, with no process beside them."""
    return (*_instead(step, step.folder, files), "--numprocesses=0")


def _instead(step: Step, folder: str, files: tuple[str, ...]) -> tuple[str, ...]:
    """The step's arguments, for these files in the place of the folder."""
    at = step.arguments.index(folder)
    return (*step.arguments[:at], *files, *step.arguments[at + 1 :])
