"""`admin import`: the accounts of a whole city from one table, all of them or none."""

import argparse
import csv
import io
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.domain.districts import DISTRICTS, UNIT_KINDS, unit_id
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.roles import CITY_WIDE, COMMAND_LINE, NEVER_GRANTED, Role
from publicmeeting.kit.codes import first_password
from publicmeeting.kit.digits import ascii_digits

if TYPE_CHECKING:
    from publicmeeting.application import Application
    from publicmeeting.usecases.accounts.staff_accounts import ManyAccounts

COLUMNS = ("username", "name", "role", "district", "unit")
_DISTRICT_ROLES = (Role.DESK, Role.RECEPTION, Role.MAYOR, Role.DEPUTY)
_CITY_ROLES = (Role.OVERSEER, Role.PHONE)
_GRANTED = tuple(role for role in Role if role not in NEVER_GRANTED)

_WORDS = {
    "username_taken": "the user name stands there twice, or is taken",
    "district_unknown": "there is no such district in this city",
    "unit_unknown": "there is no such unit in this city",
    "party_name": "a witness's user name is a-z, then a-z, 0-9 or hyphens; city is taken",
    "form_broken": "the user name has more than 64 letters",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `line` counts as an editor does."""

    line: int
    username: str
    name: str
    role: str
    district: str
    unit: str


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


def form() -> str:
    """A table of a whole city's offices with user names, and the people to be filled in."""
    output = io.StringIO()
    table = csv.writer(output, lineterminator="\n")
    table.writerow(COLUMNS)
    for role in _CITY_ROLES:
        table.writerow([role.value, "", role.value, "", ""])
    for district in (one.number for one in DISTRICTS):
        for role in _DISTRICT_ROLES:
            table.writerow([f"{role.value}{district}", "", role.value, district, ""])
        for kind in UNIT_KINDS:
            unit = unit_id(district, kind.code)
            table.writerow([unit, "", Role.UNIT.value, "", unit])
    return output.getvalue()


def import_accounts(application: "Application", file: Path, passwords: Path | None) -> str:
    """Look at the table, and make its accounts where `passwords` names a new file.

    Gives the text to print. Raises `StopError` naming every bad row at once; then nothing was
    made and no file written.
    """
    rows = read(file)
    problems = {row.line: problem for row in rows if (problem := _problem(row))}
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


def read(file: Path) -> list[Row]:
    """The rows of a table; blank lines are none. `StopError` where it is no such table."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StopError(f"{file} is not UTF-8: save the table as CSV UTF-8.") from None
    table = csv.reader(io.StringIO(text, newline=""))
    head = [cell.strip().lower() for cell in next(table, [])]
    if head != list(COLUMNS):
        raise StopError(f"The first line of {file} must be: {','.join(COLUMNS)}")
    rows, odd = [], []
    for cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(COLUMNS):
            odd.append(f"Line {table.line_num}: {len(cells)} columns instead of {len(COLUMNS)}.")
            continue
        rows.append(Row(table.line_num, *(cell.strip() for cell in cells)))
    if odd:
        raise StopError("\n".join([*odd, "No account was made."]))
    if not rows:
        raise StopError(f"{file} names no account.")
    return rows


def _problem(row: Row) -> str:
    """What the row itself lacks, whatever the city is like."""
    is_unit, is_city = row.role == Role.UNIT, row.role in CITY_WIDE
    wrong = (
        (not row.username, "a user name is needed"),
        (not row.name, "a name is needed"),
        (row.role not in _GRANTED, f"the role is one of {', '.join(_GRANTED)}"),
        (row.district and _number(row) is None, "the district is a number"),
        (is_unit and not row.unit, "this role needs a unit like d06-technical"),
        (row.unit and not is_unit, "only the role unit has a unit"),
        (row.district and is_city, "this role is the whole city's and has no district"),
        (not row.district and not is_city and not is_unit, "this role needs a district"),
    )
    return next((words for is_so, words in wrong if is_so), "")


def _make(application: "Application", rows: Sequence[Row], passwords: Path) -> None:
    from publicmeeting.usecases.accounts.staff_accounts import add_accounts, hash_password

    chosen = [first_password() for _ in rows]
    with ThreadPoolExecutor() as threads:
        hashes = list(threads.map(hash_password, chosen))
    try:
        # Before the accounts: a password nobody has is worse than one that opens nothing.
        _write_private(passwords, rows, chosen)
    except FileExistsError:
        raise StopError(f"{passwords} exists: name a new file. No account was made.") from None
    try:
        application.execute_as(COMMAND_LINE, add_accounts, _command(rows, hashes))
    except BaseException as error:
        passwords.unlink(missing_ok=True)
        if isinstance(error, Refusal):
            raise StopError(f"Meanwhile {_WORDS[error.key]}. No account was made.") from None
        raise


def _write_private(file: Path, rows: Sequence[Row], passwords: Sequence[str]) -> None:
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened, lineterminator="\n")
        table.writerow(["username", "name", "password"])
        for row, password in zip(rows, passwords, strict=True):
            table.writerow([row.username.lower(), row.name, password])
        opened.flush()
        os.fsync(opened.fileno())


def _command(rows: Sequence[Row], hashes: Sequence[str]) -> "ManyAccounts":
    from publicmeeting.usecases.accounts.staff_accounts import AddAccount, ManyAccounts

    return ManyAccounts(
        accounts=tuple(
            AddAccount(
                username=row.username,
                name=row.name,
                password_hash=password_hash,
                roles=((row.role, _number(row), row.unit or None),),
            )
            for row, password_hash in zip(rows, hashes, strict=True)
        )
    )


def _number(row: Row) -> int | None:
    """The district; None where there is none, or where the row is refused for it anyhow."""
    digits = ascii_digits(row.district)
    return int(digits) if digits.isascii() and digits.isdigit() else None
