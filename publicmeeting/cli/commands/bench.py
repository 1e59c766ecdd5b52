"""`bench`: runs measurements, prints a table, and fails if a limit is exceeded.

The benches are in `tests/bench`, because they serve the demo city and open browsers as tests do.
Each runs in a process of its own.
"""

import argparse
import os
from pathlib import Path

from publicmeeting.cli.machine.processes import child
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, child_environment

BENCHES = (
    "audit",
    "bundle",
    "draw",
    "estimate",
    "filing",
    "first",
    "growth",
    "images",
    "live",
    "log",
    "verify",
    "visits",
)
TESTS = PROJECT / "tests"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("bench", help="measure pages, filing, photos or draws")
    add_arguments(parser)
    parser.set_defaults(perform=_perform)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command, which `tests/bench` uses too."""
    parser.add_argument("what", choices=BENCHES)
    parser.add_argument(
        "--many",
        type=int,
        help="pages (500), citizens (100), photos (10), rows (5000), requests, visits (3), weeks",
    )
    parser.add_argument(
        "--wire", action="store_true", help="filing: from the page to the receipt, over sockets"
    )
    parser.add_argument(
        "--monday", action="store_true", help="live: calls, 300 telephones and the halls' screens"
    )
    parser.add_argument(
        "--shared",
        action="store_true",
        help="filing --wire, live: two processes over one PostgreSQL and one Redis",
    )


def _perform(arguments: argparse.Namespace) -> int:
    refuse_without_tests(TESTS)
    environment = child_environment({"PYTHONPATH": os.pathsep.join(map(str, (PROJECT, TESTS)))})
    with child("bench", environment, None, *_typed(arguments)) as bench:
        return bench.wait()


def refuse_without_tests(tests: Path) -> None:
    """Raise StopError if the tests' folder has no benches, as on a server."""
    if not (tests / "bench" / "__main__.py").exists():
        raise StopError(
            "The benches lie in tests/bench, which a release does not bring: "
            "start this in a copy of the project."
        )


def _typed(arguments: argparse.Namespace) -> list[str]:
    """Return the arguments as they were typed."""
    many = [] if arguments.many is None else ["--many", str(arguments.many)]
    return [
        arguments.what,
        *many,
        *(f"--{name}" for name in ("wire", "monday", "shared") if getattr(arguments, name)),
    ]
