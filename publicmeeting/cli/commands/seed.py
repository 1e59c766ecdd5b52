"""`seed`: fills the database with the demo city."""

import argparse

from publicmeeting.cli.machine.lock import no_server
from publicmeeting.cli.prepare import forget, prepare
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, settings

LARGE = 50_000
"""Requests of a large city: two years of Tehran."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("seed", help="fill an empty demo database")
    parser.add_argument("--reset", action="store_true", help="forget everything and fill it anew")
    parser.add_argument(
        "--large",
        type=int,
        nargs="?",
        const=LARGE,
        metavar="N",
        help=f"a city of N requests ({LARGE}) and years of Mondays, without pictures",
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    refuse_outside_demo(settings())
    with no_server(settings(), "seeding"):
        if arguments.reset:
            forget(settings())
        prepare(settings(), large=arguments.large)
    print("The demo city is there.")


def refuse_outside_demo(settings: Settings) -> None:
    """Keep invented people out of a real city's database."""
    if not settings.is_demo:
        raise StopError(
            f"seed belongs to the demo, and PUBLICMEETING_ENV is {settings.env}: nothing was done."
        )
