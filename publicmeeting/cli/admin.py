"""`admin create`: an account made at the server, above all the first one."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.config import settings
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.roles import CITY_WIDE, Role

if TYPE_CHECKING:
    from publicmeeting.office import Office

_ROLES = tuple(role.value for role in Role if role not in {Role.CITIZEN, Role.CLOCK})

_WORDS = {
    "username_taken": "This user name is taken: choose another.",
    "password_short": "The password needs at least {least} characters.",
    "district_unknown": "There is no such district in this city: name one with --district.",
    "unit_unknown": "There is no such unit in this city: name one like d06-technical with --unit.",
    "party_name": "A witness's name is a-z, then a-z, 0-9 or hyphens; city is taken.",
    "form_broken": "A user name and a name are needed.",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("admin", help="make an account at the server")
    create = parser.add_subparsers(metavar="ACTION", required=True).add_parser(
        "create", help="make an account; asks for its password"
    )
    create.add_argument("--username", required=True)
    create.add_argument("--name", required=True, help="as colleagues read it")
    create.add_argument("--role", required=True, choices=_ROLES)
    create.add_argument("--district", type=int, help="1 to 22, for roles of one district")
    create.add_argument("--unit", help="for the role unit, like d06-technical")
    create.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    create.set_defaults(perform=_create)


def _create(arguments: argparse.Namespace) -> None:
    from publicmeeting.office import open_office
    from publicmeeting.store.migrate import needs_upgrade

    if needs_upgrade(settings()):
        raise StopError("The database is not ready: run the migrate command first.")
    password = _from_stdin() if arguments.password_stdin else _asked()
    office = open_office(settings())
    try:
        create(office, arguments, password)
    finally:
        office.store.close()
    print(f"{arguments.username} may sign in as {arguments.role}.")


def create(office: "Office", arguments: argparse.Namespace, password: str) -> None:
    """Make the account the arguments describe. `StopError` with the refusal in plain words."""
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.accounts import AddAccount, add_account, hashed

    role = (arguments.role, arguments.district, arguments.unit)
    if arguments.role != Role.UNIT and Role(arguments.role) not in CITY_WIDE:
        _require(arguments.district, "--district")
    if arguments.role == Role.UNIT:
        _require(arguments.unit, "--unit")
    try:
        wish = AddAccount(
            username=arguments.username, name=arguments.name, hashed=hashed(password), roles=(role,)
        )
        office.perform_as(COMMAND_LINE, add_account, wish)
    except Refusal as refusal:
        raise StopError(_WORDS[refusal.key].format(**refusal.facts)) from None


def _require(value: object, option: str) -> None:
    if value is None:
        raise StopError(f"This role needs {option}.")


def _asked() -> str:
    """Asked twice, because nobody sees what is typed."""
    if not sys.stdin.isatty():
        raise StopError("There is no terminal to ask for a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise StopError("The two passwords differ: nothing was made.")
    return password


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")
