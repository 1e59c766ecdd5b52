"""`migrate`: brings the tables of the database up to date."""

import argparse

from publicmeeting.cli.lock import no_server
from publicmeeting.cli.prepare import update
from publicmeeting.config import settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("migrate", help="bring the database up to date")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    with no_server(settings(), "migrating"):
        update(settings())
    print("The database is up to date.")
