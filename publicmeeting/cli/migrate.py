"""`migrate`: brings the tables of the database up to date."""

import argparse

from publicmeeting.cli.lock import no_server
from publicmeeting.config import settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("migrate", help="bring the database up to date")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    from publicmeeting.store.migrate import upgrade

    with no_server(settings(), "migrating"):
        upgrade(settings())
    print("The database is up to date.")
