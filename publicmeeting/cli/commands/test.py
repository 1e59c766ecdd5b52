"""`test`: every check of the project in the order of their price, in processes of their own."""

import argparse
import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from publicmeeting.cli.machine.chromium import provide_headless
from publicmeeting.cli.machine.debian import PRODUCTION, provide
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, bare_environment

_JOURNEYS = "tests/journeys"
_PRODUCTION = "tests/production"
# Nothing a test does touches the data of the demo; logs stay here for whoever looks for them.
_DATA = PROJECT / "artifacts" / "data"
FAILED_FILES = PROJECT / "artifacts" / "failed_files"
"""The files in which tests of the last pytest run failed, a line each (`tests/conftest.py`)."""
_FEW = 3
"""So many failed files may be a busy machine; more are a fault."""

_BESIDE_EACH_OTHER = ("--numprocesses=logical", "--maxprocesses=8", "--dist=worksteal")
_UNIT = (
    "-m",
    "pytest",
    "tests",
    f"--ignore={_JOURNEYS}",
    f"--ignore={_PRODUCTION}",
    *_BESIDE_EACH_OTHER,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One check: its name for `--only`, and what Python is given to run it."""

    name: str
    arguments: tuple[str, ...]
    folder: str = ""
    """Where the tests of browsers and servers lie; failed files of it are run once more, alone."""

    @property
    def is_pytest(self) -> bool:
        return "pytest" in self.arguments


STEPS = (
    Step("format", ("-m", "ruff", "format", "--check", ".")),
    Step("lint", ("-m", "ruff", "check", ".")),
    Step("types", ("-m", "mypy")),
    Step("imports", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    # What holds for every file of the project; each is read once.
    Step("rules", ("-m", "tests.rules")),
    # A process for each processor; whoever is done early takes over what waits for another.
    Step("unit", (*_UNIT, "--engine=sqlite")),
    # What differs by engine: the store, locks, commands, and so many tests of use cases and pages
    # that every statement is sent once; `--all` after the dashes runs all that have a database.
    Step("postgresql", (*_UNIT, "--engine=postgresql")),
    Step("build", ("-m", "publicmeeting.cli.app", "build")),
    # Playwright and asyncio tests do not share an event loop. As written, not shuffled, and each
    # file as a whole: its city is one, and its clock only goes forward. The journeys themselves say
    # which file begins. Two browsers are enough for two processors; more of them would only wait
    # for each other.
    Step(
        "journeys",
        (
            "-m",
            "pytest",
            "--force-enable-socket",
            "--randomly-dont-reorganize",
            "--numprocesses=2",
            "--dist=loadfile",
            "--no-loadscope-reorder",
            _JOURNEYS,
        ),
        folder=_JOURNEYS,
    ),
    # A release, two processes of it, and every part around them, one after the other failing. Last,
    # for it builds the pages of a real city in the place of the demo's.
    Step(
        "production",
        ("-m", "pytest", "--force-enable-socket", "--randomly-dont-reorganize", _PRODUCTION),
        folder=_PRODUCTION,
    ),
)
_LONG = frozenset({"journeys", "production"})
"""Need programs of the machine; `--fast` leaves them out."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("test", help="run every check and test")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--only", choices=[step.name for step in STEPS], help="run one step and nothing else"
    )
    choice.add_argument("--fast", action="store_true", help="leave out journeys and production")
    parser.add_argument(
        "more", nargs="*", metavar="-- ARGUMENT", help="with --only: what pytest is given besides"
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> int:
    if importlib.util.find_spec("pytest") is None:
        raise StopError("The tests' packages are missing: pip install -r tests/requirements.txt.")
    steps = chosen(only=arguments.only, fast=arguments.fast, more=tuple(arguments.more))
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
    """Return the steps to run, in their order; one that is pytest is given `more` besides."""
    if only:
        step = next(step for step in STEPS if step.name == only)
        if more and not step.is_pytest:
            raise StopError(f"The step {only} is not pytest, so it takes no arguments of pytest's.")
        return (replace(step, arguments=(*step.arguments, *more)),)
    if more:
        raise StopError("Arguments for pytest need one step that takes them: --only STEP -- …")
    return tuple(step for step in STEPS if not (fast and step.name in _LONG))


def run_steps(steps: Sequence[Step], environment: dict[str, str]) -> int:
    """Run all steps, tell their times, and return 1 if any failed, else 0.

    Pages that could not be built spare us the journeys; other failures stop nothing, so one
    run tells everything that is wrong.
    """
    verdicts: list[str] = []
    failed: set[str] = set()
    for step in steps:
        if step.name == "journeys" and "build" in failed:
            verdicts.append(f"  {step.name:<10} left out, there are no pages")
            continue
        print(f"\n=== {step.name}", flush=True)
        begun = time.monotonic()
        FAILED_FILES.unlink(missing_ok=True)
        passed = _passes(step.arguments, environment)
        unsteady = () if passed else _failed_files(step)
        if unsteady:
            print(f"\n=== {step.name}, once more: {' '.join(unsteady)}", flush=True)
            passed = _passes(_alone(step, unsteady), environment)
        verdict = "ok" if passed else "failed"
        verdicts.append(f"  {step.name:<10} {verdict:<7} {time.monotonic() - begun:6.1f} s")
        if not passed:
            failed.add(step.name)
        elif unsteady:
            verdicts.append(f"  {'':<10} UNSTEADY, passed only alone: {' '.join(unsteady)}")
    print("\n".join(["", *verdicts]), flush=True)
    return 1 if failed else 0


def _passes(arguments: Sequence[str], environment: dict[str, str]) -> bool:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


def _failed_files(step: Step) -> tuple[str, ...]:
    """Those worth a second run: few, and of a step that has browsers or servers."""
    if not step.folder or not FAILED_FILES.exists():
        return ()
    files = tuple(FAILED_FILES.read_text(encoding="utf-8").split())
    return files if len(files) <= _FEW else ()


def _alone(step: Step, files: tuple[str, ...]) -> tuple[str, ...]:
    """The step's arguments for these files only, with no process beside them."""
    at = step.arguments.index(step.folder)
    return (*step.arguments[:at], *files, *step.arguments[at + 1 :], "--numprocesses=0")
