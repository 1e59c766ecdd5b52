"""`admin`: accounts at the server, above all the first one; who leaves, and a new password."""

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from publicmeeting.cli.commands.accounts_file import add_import, import_accounts
from publicmeeting.cli.stop import StopError
from publicmeeting.config import settings
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.roles import CITY_WIDE, COMMAND_LINE, NEVER_GRANTED, Role
from publicmeeting.domain.security import SecurityKind
from publicmeeting.usecases.officials.table import form

if TYPE_CHECKING:
    from publicmeeting.application import Application

_ROLES = tuple(role.value for role in Role if role not in NEVER_GRANTED)

_WORDS = {
    "username_taken": "This user name is taken: choose another.",
    "password_short": "The password needs at least {least} characters.",
    "password_plain": "The password is one pattern or a row of keys: take a few unrelated words.",
    "password_common": "Everybody tries this password first: take a few unrelated words.",
    "password_own": "The password is made of the user name, the name or the city: take others.",
    "district_unknown": "There is no such district in this city: name one with --district.",
    "unit_unknown": "There is no such unit in this city: name one like d06-technical with --unit.",
    "form_broken": "A user name and a name are needed.",
    "last_administrator": "No administrator would be left: make another one first.",
    "not_found": "Nobody who may sign in has this user name.",
}
_NO_NEED = "No account of this name needs another: doctor names those that do."


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("admin", help="make, change and end accounts at the server")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    create = _action(actions, "create", "make an account; asks for its password", _create)
    create.add_argument("--name", required=True, help="as colleagues read it")
    create.add_argument("--role", required=True, choices=_ROLES)
    create.add_argument("--district", type=int, help="1 to 22, for roles of one district")
    create.add_argument("--unit", help="for the role unit, like d06-technical")
    word = _action(actions, "password", "change a password; asks for the new one", _password)
    for one in (create, word):
        one.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
    add_import(
        imported := actions.add_parser("import", help="make the accounts of a table, all or none")
    )
    imported.set_defaults(perform=_import)
    listed = actions.add_parser("events", help="print the newest security events")
    listed.add_argument("--kind", choices=[kind.value for kind in SecurityKind])
    listed.add_argument("--page", type=int, default=1, help="30 on each, 1 is the newest")
    listed.set_defaults(perform=_events)
    _action(actions, "dismiss", "end an account and sign it out at once", _dismiss)
    lost = "let an official who has lost authenticator and recovery codes set up anew; signs out"
    _action(actions, "second-step", lost, _second_step)
    what = "give an account another user name, where doctor says that its own cannot be typed"
    _action(actions, "rename", what, _rename).add_argument("--to", required=True)


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    what: str,
    perform: Callable[[argparse.Namespace], None],
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=what)
    parser.add_argument("--username", required=True)
    parser.set_defaults(perform=perform)
    return parser


def _create(arguments: argparse.Namespace) -> None:
    _at_the_office(
        lambda application, password: create(application, arguments, password), arguments
    )
    print(f"{arguments.username} may sign in as {arguments.role}.")


def _password(arguments: argparse.Namespace) -> None:
    _at_the_office(
        lambda application, password: change(application, arguments.username, password), arguments
    )
    print(f"{arguments.username} signs in with the new password only, and was signed out.")


def _dismiss(arguments: argparse.Namespace) -> None:
    _at_the_office(lambda application, _: dismiss(application, arguments.username))
    print(f"{arguments.username} was signed out and cannot sign in any more.")


def _second_step(arguments: argparse.Namespace) -> None:
    _at_the_office(lambda application, _: reset_second_step(application, arguments.username))
    print(f"{arguments.username} was signed out and sets up a second step at the next sign-in.")


def _rename(arguments: argparse.Namespace) -> None:
    _at_the_office(lambda application, _: rename(application, arguments.username, arguments.to))
    print(f"{arguments.to} may sign in, with the same password as before.")


def _import(arguments: argparse.Namespace) -> None:
    if arguments.form:
        print(form(), end="")
        return
    _at_the_office(
        lambda application, _: print(
            import_accounts(application, arguments.file, arguments.passwords)
        )
    )


def _events(arguments: argparse.Namespace) -> None:
    _at_the_office(lambda application, _: print("\n".join(events(application, arguments))))


def events(application: "Application", arguments: argparse.Namespace) -> list[str]:
    """One line for each group of security events, the newest first; times are UTC."""
    from publicmeeting.usecases.oversight.security_events import AskEvents, security_events

    try:
        command = AskEvents(kind=arguments.kind or "", page=arguments.page)
        listed = application.query_as(COMMAND_LINE, security_events, command)
    except Refusal:
        raise StopError("There is no such page of security events.") from None
    return [
        f"{one.last_at:%Y-%m-%d %H:%M:%S}  {one.count:>6} x {one.kind}  {one.who or '-'}  "
        f"{one.address or '-'}  {one.device or '-'}  {one.what}".rstrip()
        for one in listed.events
    ]


def _at_the_office(
    do: Callable[["Application", str], None], asking: argparse.Namespace | None = None
) -> None:
    """With a password where these arguments say how to ask for one."""
    from publicmeeting.application import open_application
    from publicmeeting.store.database.migrate import needs_upgrade

    if needs_upgrade(settings()):
        raise StopError("The database is not ready: run the migrate command first.")
    password = "" if asking is None else _from_stdin() if asking.password_stdin else _typed()
    application = open_application(settings())
    try:
        do(application, password)
    finally:
        application.store.close()


def create(application: "Application", arguments: argparse.Namespace, password: str) -> None:
    """Make the account the arguments describe. `StopError` with the refusal in plain words."""
    from publicmeeting.usecases.accounts.staff_accounts import (
        AddAccount,
        add_account,
        hash_password,
    )

    role = (arguments.role, arguments.district, arguments.unit)
    if arguments.role != Role.UNIT and Role(arguments.role) not in CITY_WIDE:
        _require(arguments.district, "--district")
    if arguments.role == Role.UNIT:
        _require(arguments.unit, "--unit")
    try:
        command = AddAccount(
            username=arguments.username,
            name=arguments.name,
            password_hash=hash_password(password, arguments.username, arguments.name),
            roles=(role,),
        )
        application.execute_as(COMMAND_LINE, add_account, command)
    except Refusal as refusal:
        raise _stop_for(refusal) from None


def change(application: "Application", username: str, password: str) -> None:
    """Give an account another password. `StopError` with the refusal in plain words."""
    from publicmeeting.usecases.accounts.staff_accounts import (
        ChangePassword,
        change_password,
        hash_password,
    )

    try:
        command = ChangePassword(username=username, password_hash=hash_password(password, username))
        application.execute_as(COMMAND_LINE, change_password, command)
    except Refusal as refusal:
        raise _stop_for(refusal) from None


def dismiss(application: "Application", username: str) -> None:
    """End an account. `StopError` with the refusal in plain words."""
    from publicmeeting.usecases.accounts.staff_accounts import DismissAccount, dismiss_account

    try:
        application.execute_as(COMMAND_LINE, dismiss_account, DismissAccount(username=username))
    except Refusal as refusal:
        raise _stop_for(refusal) from None


def reset_second_step(application: "Application", username: str) -> None:
    """Take the second step of an account away. `StopError` with the refusal in plain words."""
    from publicmeeting.usecases.accounts.factors.lost_keys import OneOfficial, reset_at_the_server

    try:
        command = OneOfficial(username=username)
        application.execute_as(COMMAND_LINE, reset_at_the_server, command)
    except Refusal as refusal:
        raise _stop_for(refusal) from None


def rename(application: "Application", username: str, to: str) -> None:
    """Give an account a name that can be typed. `StopError` with the refusal in plain words."""
    from publicmeeting.usecases.accounts.staff_accounts import RenameAccount, rename_account

    try:
        command = RenameAccount(username=username, to=to)
        application.execute_as(COMMAND_LINE, rename_account, command)
    except Refusal as refusal:
        raise _stop_for(refusal, not_found=_NO_NEED) from None


def _stop_for(refusal: Refusal, **own_words: str) -> StopError:
    return StopError((_WORDS | own_words)[refusal.key].format(**refusal.facts))


def _require(value: object, option: str) -> None:
    if value is None:
        raise StopError(f"This role needs {option}.")


def _typed() -> str:
    """Asked twice, because nobody sees what is typed."""
    if not sys.stdin.isatty():
        raise StopError("There is no terminal to ask for a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise StopError("The two passwords differ: nothing was changed.")
    return password


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")
