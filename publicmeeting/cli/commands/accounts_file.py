"""`admin import`: the accounts of a whole city from one table, all of them or none."""

import argparse
import csv
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.roles import COMMAND_LINE, OFFICIALS
from publicmeeting.kit.codes import first_password
from publicmeeting.usecases.officials.table import (
    COLUMNS,
    RowFault,
    TableRow,
    decoded,
    fault_of,
    read_table,
)

if TYPE_CHECKING:
    from publicmeeting.application import Application
    from publicmeeting.usecases.accounts.staff_accounts import ManyAccounts

_WORDS = {
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
_TABLE = {
    "table_encoding": "{file} is not UTF-8: save the table as CSV UTF-8.",
    "table_head": f"The first line of {{file}} must be: {','.join(COLUMNS)}",
    "table_empty": "{file} names no account.",
    "table_broken": "{file} is no table: save it as CSV UTF-8.",
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
    """Look at the table, and make its accounts where `passwords` names a new file.

    Gives the text to print. Raises `StopError` naming every bad row at once; then nothing was
    made and no file written.
    """
    rows = read(file)
    problems = {row.line: _FAULTS[fault] for row in rows if (fault := fault_of(row))}
    from publicmeeting.usecases.accounts.staff_accounts import hash_password, refused_accounts

    # Only looked at: any password does.
    command = _command(rows, [hash_password(first_password())] * len(rows))
    for place, refusal in application.query_as(COMMAND_LINE, refused_accounts, command).items():
        problems.setdefault(rows[place].line, _WORDS[refusal.key])
    if problems:
        lines = [f"Line {line}: {problem}." for line, problem in sorted(problems.items())]
        raise StopError("\n".join([*lines, "No account was made."]))
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
    """The rows of a table; blank lines are none. `StopError` where it is no such table."""
    try:
        table = read_table(decoded(file.read_bytes()))
    except OSError as problem:
        raise StopError(f"{file} cannot be read: {problem.strerror}.") from None
    except Refusal as refusal:
        raise StopError(_TABLE[refusal.key].format(file=file)) from None
    if table.odd:
        odd = [f"Line {line}: {n} columns instead of {len(COLUMNS)}." for line, n in table.odd]
        raise StopError("\n".join([*odd, "No account was made."]))
    return list(table.rows)


def _make(application: "Application", rows: Sequence[TableRow], passwords: Path) -> None:
    from publicmeeting.usecases.accounts.staff_accounts import add_accounts, hash_password

    chosen = [first_password() for _ in rows]
    with ThreadPoolExecutor() as threads:
        hashes = list(threads.map(hash_password, chosen))
    try:
        # Before the accounts: a password nobody has is worse than one that opens nothing.
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
        if isinstance(error, Refusal):
            raise StopError(f"Meanwhile {_WORDS[error.key]}. No account was made.") from None
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
        file.unlink(missing_ok=True)  # a full disk: half of it would be taken for all
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
