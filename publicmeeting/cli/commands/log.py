"""`log`: the keys with which the city signs its public log."""

import argparse
import secrets
import sys
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.config import settings
from publicmeeting.domain.errors import Refusal

if TYPE_CHECKING:
    from publicmeeting.application import Application

_WORDS = {
    "not_found": "The log has no key yet: set the city up with the found command.",
    "log_key_malformed": "This is not the reserve key of this log: nothing was changed.",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("log", help="show, make and name the public log's keys")
    which = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    keys = which.add_parser("keys", help="print the keys, for posters and witnesses")
    keys.set_defaults(perform=_with_application, what=show_keys)
    made = which.add_parser(
        "make-reserve", help="make a reserve key, best where no network is; stores nothing"
    )
    made.add_argument("origin", metavar="ORIGIN", help="the log's name: HOST/log")
    made.set_defaults(perform=lambda arguments: print(make_reserve(arguments.origin)))
    named = which.add_parser("set-reserve", help="name the reserve key by its public half")
    named.add_argument("key", metavar="KEY", help="name+id+base64")
    named.set_defaults(perform=_with_application, what=set_reserve)
    used = which.add_parser(
        "use-reserve",
        help="the daily key is lost or stolen: read the reserve's private half from standard input",
    )
    used.set_defaults(perform=_with_application, what=use_reserve)


def _with_application(arguments: argparse.Namespace) -> None:
    from publicmeeting.application import open_application
    from publicmeeting.store.database.migrate import needs_upgrade

    if needs_upgrade(settings()):
        raise StopError("The database is not ready: run the migrate command first.")
    application = open_application(settings())
    try:
        print(arguments.what(application, arguments))
    except Refusal as refusal:
        raise StopError(_WORDS.get(refusal.key, refusal.key)) from None
    finally:
        application.store.close()


def make_reserve(origin: str) -> str:
    """A new key, told and forgotten."""
    from publicmeeting.turns.checkpoint import city_key
    from publicmeeting.turns.note import SEED

    seed = secrets.token_bytes(SEED)
    return (
        f"private, on paper, sealed at a witness:  {seed.hex()}\n"
        f"public, for set-reserve and posters:     {city_key(origin, seed).vkey}"
    )


def show_keys(application: "Application", _arguments: argparse.Namespace) -> str:
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.base import Nothing
    from publicmeeting.usecases.public_record.tree import city_keys

    keys = application.query_as(COMMAND_LINE, city_keys, Nothing())
    return f"origin:  {keys.origin}\ndaily:   {keys.daily}\nreserve: {keys.reserve or 'none yet'}"


def set_reserve(application: "Application", arguments: argparse.Namespace) -> str:
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.public_record.tree import ReserveKey, set_reserve_key

    application.execute_as(COMMAND_LINE, set_reserve_key, ReserveKey(key=arguments.key))
    return "The reserve key is named; rules announced from now on have it."


def use_reserve(application: "Application", _arguments: argparse.Namespace) -> str:
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.public_record.tree import PrivateKey, use_reserve_key

    seed = sys.stdin.readline()
    application.execute_as(COMMAND_LINE, use_reserve_key, PrivateKey(seed=seed))
    return "The reserve key signs now. Make another reserve, and announce rules with both."
