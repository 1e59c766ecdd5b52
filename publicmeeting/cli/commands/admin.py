"""`admin`: staff accounts (create, import, change, confirm, dismiss) and security events."""

import argparse
import csv
import getpass
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.opening import opened
from publicmeeting.cli.stop import (
    StopError,
    by_problem,
    in_words,
    line_from_stdin,
    reading_table,
)
from publicmeeting.config import settings
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.officials.credentials import first_password
from publicmeeting.domain.roles import CITY_WIDE, COMMAND_LINE, NEVER_GRANTED, OFFICIALS, Role
from publicmeeting.usecases.officials.table import (
    COLUMNS,
    RowFault,
    TableRow,
    decoded,
    fault_of,
    form,
    read_table,
)

if TYPE_CHECKING:
    from publicmeeting.application import Application
    from publicmeeting.usecases.accounts.staff_accounts import ManyAccounts

_TABLE_WORDS = {
    "username_taken": "the user name stands there twice, or is taken",
    "district_unknown": "there is no such district in this city",
    "unit_unknown": "there is no such unit in this city",
    "form_broken": "the user name has more than 64 letters",
}
_FAULTS = {
    RowFault.USERNAME: "a user name is needed",
    RowFault.NAME: "a name is needed",
    RowFault.ROLE: f"the role is one of {', '.join(OFFICIALS)}",
    RowFault.NUMBER: "the district is a number",
    RowFault.NEEDS_UNIT: "this role needs a unit like d06-technical",
    RowFault.NO_UNIT: "only the role unit has a unit",
    RowFault.NO_DISTRICT: "this role is the whole city's and has no district",
    RowFault.NEEDS_DISTRICT: "this role needs a district",
}


def add_import(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help=f"CSV with the columns {', '.join(COLUMNS)}",
    )
    which.add_argument("--form", action="store_true", help="print a table to fill in")
    parser.add_argument(
        "--passwords",
        type=Path,
        metavar="NEW_FILE",
        help="make them, and write their first passwords here; without it they are only looked at",
    )


def import_accounts(application: "Application", file: Path, passwords: Path | None) -> str:
    """Check the table, and create its accounts if `passwords` names a new file.

    Returns the text to print. Raises StopError with every bad row; then no account was created and
    no file written.
    """
    rows = read(file)
    problems = {row.line: _FAULTS[fault] for row in rows if (fault := fault_of(row))}
    from publicmeeting.usecases.accounts.staff_accounts import hash_password, refused_accounts

    # Only a check, so any password will do.
    command = _command(rows, [hash_password(first_password())] * len(rows))
    for place, refusal in application.query_as(COMMAND_LINE, refused_accounts, command).items():
        problems.setdefault(rows[place].line, _TABLE_WORDS[refusal.key])
    if problems:
        raise StopError("\n".join([*by_problem(problems), "No account was made."]))
    counts = Counter(row.role for row in rows)
    whom = ", ".join(f"{count} {role}" for role, count in sorted(counts.items()))
    if passwords is None:
        return f"{len(rows)} accounts can be made: {whom}. Say so with --passwords NEW_FILE."
    _make(application, rows, passwords)
    return (
        f"{len(rows)} accounts were made: {whom}. Their first passwords are in {passwords}: "
        "hand each to its owner, then delete the file."
    )


def read(file: Path) -> list[TableRow]:
    """Return the rows of a table without blank lines; raises StopError for any other file."""
    with reading_table(file, COLUMNS):
        table = read_table(decoded(file.read_bytes()))
    if table.odd:
        odd = by_problem({line: f"{n} columns instead of {len(COLUMNS)}" for line, n in table.odd})
        raise StopError("\n".join([*odd, "No account was made."]))
    return list(table.rows)


def _make(application: "Application", rows: Sequence[TableRow], passwords: Path) -> None:
    from publicmeeting.usecases.accounts.staff_accounts import add_accounts, hash_password

    chosen = [first_password() for _ in rows]
    with ThreadPoolExecutor() as threads:
        hashes = list(threads.map(hash_password, chosen))
    try:
        # Before the accounts: unused passwords are better than accounts with unknown passwords.
        _write_private(passwords, rows, chosen)
    except FileExistsError:
        raise StopError(f"{passwords} exists: name a new file. No account was made.") from None
    except OSError as problem:
        raise StopError(
            f"{passwords} cannot be written: {problem.strerror}. No account was made."
        ) from None
    try:
        application.execute_as(COMMAND_LINE, add_accounts, _command(rows, hashes))
    except BaseException as error:
        passwords.unlink(missing_ok=True)
        if isinstance(error, Refusal) and error.key in _TABLE_WORDS:
            raise StopError(f"Meanwhile {_TABLE_WORDS[error.key]}. No account was made.") from None
        raise


def _write_private(file: Path, rows: Sequence[TableRow], passwords: Sequence[str]) -> None:
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as opened:
            table = csv.writer(opened, lineterminator="\n")
            table.writerow(["username", "name", "password"])
            for row, password in zip(rows, passwords, strict=True):
                table.writerow([row.username.lower(), row.name, password])
            opened.flush()
            os.fsync(opened.fileno())
    except OSError:
        file.unlink(missing_ok=True)  # a full disk: an incomplete file would look complete
        raise


def _command(rows: Sequence[TableRow], hashes: Sequence[str]) -> "ManyAccounts":
    from publicmeeting.usecases.accounts.staff_accounts import AddAccount, ManyAccounts

    return ManyAccounts(
        accounts=tuple(
            AddAccount(
                username=row.username,
                name=row.name,
                password_hash=password_hash,
                roles=((row.role, row.number, row.unit or None),),
            )
            for row, password_hash in zip(rows, hashes, strict=True)
        )
    )


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
_NO_PAGE = "There is no such page of security events."
_NO_EVENTS = "There are no security events."


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
    what = "let an account act again that was changed in the database, if its history agrees"
    _action(actions, "confirm", what, _confirm)


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


def _confirm(arguments: argparse.Namespace) -> None:
    _at_the_office(lambda application, _: confirm(application, arguments.username))
    print(f"{arguments.username} may act as its history says.")


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
    """Return one line for each group of security events, the newest first; times are UTC."""
    from publicmeeting.usecases.oversight.security_events import AskEvents, security_events

    try:
        command = AskEvents(kind=arguments.kind or "", page=arguments.page)
        listed = application.query_as(COMMAND_LINE, security_events, command)
    except Refusal:
        raise StopError(_NO_PAGE) from None
    if not listed.events and arguments.page > 1:
        raise StopError(_NO_PAGE)
    if not listed.events:
        return ["There are no security events of this kind." if listed.kind else _NO_EVENTS]
    return [
        f"{event.last_at:%Y-%m-%d %H:%M:%S}  {event.count:>6} x {event.kind}  {event.who or '-'}  "
        f"{event.address or '-'}  {event.device or '-'}  {event.what}".rstrip()
        for event in listed.events
    ]


def _at_the_office(
    do: Callable[["Application", str], None], asking: argparse.Namespace | None = None
) -> None:
    """Open the city and run a command, with a password if the arguments say how to ask for one."""
    with opened(settings()) as application:
        # Asked after the city is open, so that nobody invents a password in vain.
        password = (
            "" if asking is None else line_from_stdin() if asking.password_stdin else _typed()
        )
        do(application, password)


@in_words(_WORDS)
def create(application: "Application", arguments: argparse.Namespace, password: str) -> None:
    """Create the account the arguments describe; raises StopError with the refusal."""
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
    command = AddAccount(
        username=arguments.username,
        name=arguments.name,
        password_hash=hash_password(password, arguments.username, arguments.name),
        roles=(role,),
    )
    application.execute_as(COMMAND_LINE, add_account, command)


@in_words(_WORDS)
def change(application: "Application", username: str, password: str) -> None:
    """Change an account's password; raises StopError with the refusal."""
    from publicmeeting.usecases.accounts.staff_accounts import (
        ChangePassword,
        change_password,
        hash_password,
    )

    command = ChangePassword(username=username, password_hash=hash_password(password, username))
    application.execute_as(COMMAND_LINE, change_password, command)


@in_words(_WORDS)
def dismiss(application: "Application", username: str) -> None:
    """Dismiss an account; raises StopError with the refusal."""
    from publicmeeting.usecases.accounts.staff_accounts import DismissAccount, dismiss_account

    application.execute_as(COMMAND_LINE, dismiss_account, DismissAccount(username=username))


@in_words(_WORDS)
def reset_second_step(application: "Application", username: str) -> None:
    """Remove the second factor of an account; raises StopError with the refusal."""
    from publicmeeting.usecases.accounts.factors.keys import OneOfficial, reset_at_the_server

    command = OneOfficial(username=username)
    application.execute_as(COMMAND_LINE, reset_at_the_server, command)


@in_words(_WORDS)
def confirm(application: "Application", username: str) -> None:
    """Tag an account as it is now; raises StopError with what contradicts its history."""
    from publicmeeting.usecases.oversight.held_accounts import ConfirmAccount, confirm_account

    command = ConfirmAccount(username=username)
    wrong = application.execute_as(COMMAND_LINE, confirm_account, command)
    if wrong:
        lines = [f"{finding.where}: {finding.what}." for finding in wrong]
        raise StopError("\n".join([*lines, "Nothing was changed."]))


def _require(value: object, option: str) -> None:
    if value is None:
        raise StopError(f"This role needs {option}.")


def _typed() -> str:
    """Ask twice, because the terminal does not show what is typed."""
    if not sys.stdin.isatty():
        raise StopError("There is no terminal to ask for a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise StopError("The two passwords differ: nothing was changed.")
    return password
