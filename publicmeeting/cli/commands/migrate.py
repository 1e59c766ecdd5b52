"""`migrate`: brings the database's tables up to date."""

import argparse
import sys

from publicmeeting.cli.machine.lock import no_server
from publicmeeting.cli.opening import add_adopt
from publicmeeting.cli.prepare import update
from publicmeeting.config import settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("migrate", help="bring the database up to date")
    add_adopt(parser)
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    with no_server(settings(), "migrating", here_only=True):
        try:
            update(settings(), adopt=arguments.adopt)
        except (KeyboardInterrupt, BrokenPipeError):  # as after Ctrl-C, or `| head`
            print("Interrupted: run migrate again.", file=sys.stderr)
            raise
    print("The database is up to date.")
