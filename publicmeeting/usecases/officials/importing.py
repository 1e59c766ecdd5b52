"""Import of up to 400 officials from one table: previewed first, then all or none.

No passwords are made; each official gets her own link. A role that needs two administrators is
proposed to another one, whose agreement makes the link (`proposals.py`).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.officials.invitations import TWO_TO_GIVE
from publicmeeting.domain.people import parse_name
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import role_body, take_turn
from publicmeeting.usecases.accounts.staff_accounts import grant_of
from publicmeeting.usecases.base import Command, Query, usecase
from publicmeeting.usecases.officials.invitations import make_link
from publicmeeting.usecases.officials.managing import read_username
from publicmeeting.usecases.officials.proposals import RoleAsked, propose_role, refuse_alone
from publicmeeting.usecases.officials.table import TableRow, fault_of, read_table

ROWS_MOST = 400
ONE_BY_ONE = frozenset({Role.ADMINISTRATOR, Role.OVERSEER})
"""Roles of which a city has a few; a table of many would hide one."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that prevents the import, with its `fault` by itself or the city's `refusal`.

    The other one is empty. `columns` is the row's number of columns if that is wrong.
    """

    line: int
    username: str = ""
    fault: str = ""
    refusal: Refusal | None = None
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would add; `counts` by role."""

    count: int
    counts: Mapping[Role, int]
    bad: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class NewOfficial:
    """An added official; `key` is the secret of her link, shown once.

    It is empty until another administrator agrees.
    """

    username: str
    name: str
    grant: Grant
    key: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Added officials, or none and the reasons."""

    preview: Preview
    made: tuple[NewOfficial, ...]


class LookAtTable(Query):
    table: str
    """CSV with the columns of `table.py`."""


class ImportTable(Command):
    table: str


@usecase(Role.ADMINISTRATOR)
def preview_import(uow: UnitOfWork, actor: Actor, query: LookAtTable, _now: datetime) -> Preview:
    """Return what the table would add, and every wrong row, without adding.

    Denied `table_long` above 400 rows, and what `read_table` raises.
    """
    return _checked(uow, actor, query.table)[0]


@usecase(Role.ADMINISTRATOR)
def import_officials(
    uow: UnitOfWork, actor: Actor, command: ImportTable, _now: datetime
) -> Imported:
    """Add all officials in one transaction, each with a link or proposal.

    If one row is wrong, nobody is added.
    """
    take_turn(uow, actor)
    preview, good = _checked(uow, actor, command.table)
    if preview.bad:
        return Imported(preview, ())
    made = []
    for username, name, grant in good:
        granted = () if grant.role in TWO_TO_GIVE else (grant,)
        account = uow.accounts.add(username, name, "", granted)
        roles = [role_body(grant) for grant in granted]
        body = {"username": username, "roles": roles, "password_mark": ""}
        uow.account_events.add(AccountEventKind.ADDED, account.id, actor.account_id, body)
        if granted:
            key = make_link(uow, actor, account, "")
        else:
            key = propose_role(uow, actor, account, RoleAsked(grant, None, None)).key
        made.append(NewOfficial(username, name, grant, key))
    return Imported(preview, tuple(made))


_Good = list[tuple[str, str, Grant]]


def _checked(uow: UnitOfWork, actor: Actor, text: str) -> tuple[Preview, _Good]:
    table = read_table(text)
    count = len(table.rows) + len(table.odd)
    if count > ROWS_MOST:
        raise Denied("table_long", count=count, limit=ROWS_MOST)
    bad = [BadRow(line, fault="columns", columns=columns) for line, columns in table.odd]
    good: _Good = []
    taken = {account.username for account in uow.accounts.all()}
    for row in table.rows:
        fault = fault_of(row)
        if fault is not None:
            bad.append(BadRow(row.line, row.username, fault=fault.value))
            continue
        try:
            username, name, grant = _read(uow, row, taken)
            if grant.role in TWO_TO_GIVE:
                refuse_alone(uow, actor)
        except Refusal as refusal:
            bad.append(BadRow(row.line, row.username, refusal=refusal))
            continue
        taken.add(username)
        good.append((username, name, grant))
    counts = Counter(grant.role for _, _, grant in good)
    bad.sort(key=lambda bad_row: bad_row.line)
    return Preview(count, counts, tuple(bad)), good


def _read(uow: UnitOfWork, row: TableRow, taken: Collection[str]) -> tuple[str, str, Grant]:
    username, name = read_username(row.username), parse_name(row.name)
    grant = grant_of(uow, row.role, row.number, row.unit or None)
    if username in taken:
        raise Denied("username_taken")
    if grant.role in ONE_BY_ONE:
        raise Denied("table_two")
    return username, name, grant
