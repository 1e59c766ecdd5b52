"""`seed`: fills the database with the demo city."""

import argparse
import sys
from importlib import import_module

from publicmeeting.cli.commands.bench import TESTS, refuse_without_tests
from publicmeeting.cli.machine.lock import no_server
from publicmeeting.cli.prepare import Fill, Show, forget, prepare
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, settings

LARGE = 50_000
"""Default number of requests in a large city: two years of Tehran."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("seed", help="fill an empty demo database")
    parser.add_argument("--reset", action="store_true", help="forget everything and fill it anew")
    parser.add_argument(
        "--large",
        type=_size,
        nargs="?",
        const=LARGE,
        metavar="N",
        help=f"a city of N requests ({LARGE}) and years of Mondays, without pictures",
    )
    parser.set_defaults(perform=_perform)


def _size(text: str) -> int:
    """Return a whole number from 1; anything else is an error of use."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"no number of requests: {text}")
    return int(text)


def _perform(arguments: argparse.Namespace) -> None:
    refuse_outside_demo(settings())
    fill = None if arguments.large is None else large_city(arguments.large)
    with no_server(settings(), "seeding"):
        if arguments.reset:
            forget(settings())
        prepare(settings(), fill=fill)
    print("The demo city is there.")


def large_city(requests: int) -> Fill:
    """Return the function that fills a large city; it is in `tests/bench`, which measures with it.

    Raises StopError if the benches are missing.
    """
    refuse_without_tests(TESTS)
    sys.path.append(str(TESTS))
    fill_large = import_module("bench.large.fill").fill_large

    def fill(settings: Settings, show: Show) -> None:
        fill_large(settings, requests, show)

    return fill


def refuse_outside_demo(settings: Settings) -> None:
    """Raise StopError outside the demo, so that a real city gets no invented people."""
    if not settings.is_demo:
        raise StopError(
            f"seed belongs to the demo, and PUBLICMEETING_ENV is {settings.env}: nothing was done."
        )
