"""How each citizen stands, in the history of accounts: what her row says, as far as it is proved.

A row alone proves nothing: the database owner could have written it. A level holds that the public
log has of a ticket which her number makes. Any other is asked of her again: at a desk, at her next
sign-on, or of the national service. Until then a code to her mobile alone opens nothing of hers.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlmodel import UTCDateTime

from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Person
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.accounts.standings import body_of, read_person
from publicmeeting.store.database.vault import UNREADABLE, Vault, WrongKey
from publicmeeting.store.facts import KEY_CHECK, PAPER_KEY, first_key_of, genuine
from publicmeeting.turns.formulas import is_ticket_of
from publicmeeting.turns.kinds import Kind

revision = "0078"
down_revision = "0077"

_INSTANT = UTCDateTime()
_person = sa.table(
    "person",
    *(sa.column(name, sa.String) for name in ("id", "kind", "level", "proven_by")),
    *(sa.column(name, sa.LargeBinary) for name in ("identity", "name", "mobile")),
    *(sa.column(name, _INSTANT) for name in ("proven_at", "displaced_at", "match_due_at")),
)
_ONE = sa.select(_person).where(_person.c.id == sa.bindparam("who"))
_event = sa.table(
    "account_event",
    sa.column("id", sa.Integer),
    sa.column("at", _INSTANT),
    *(sa.column(name, sa.String) for name in ("account_id", "kind", "body")),
)
_request = sa.table(
    "request",
    *(sa.column(name, sa.String) for name in ("id", "person_id", "ticket")),
    sa.column("salt", sa.LargeBinary),
    sa.column("district", sa.Integer),
)
_log = sa.table("public_log", *(sa.column(name, sa.String) for name in ("kind", "body")))
_fact = sa.table("fact", *(sa.column(name, sa.String) for name in ("key", "value", "tag")))
_OF_MOBILE = _event.c.kind == AccountEventKind.CITIZEN_REACHED.value
_UNKNOWN = "?"
"""No mobile: what was set last is not in the row."""


def upgrade() -> None:
    bind, now = op.get_bind(), datetime.now(UTC)
    reached = _reached(bind)
    people = bind.scalars(
        sa.select(_person.c.id).where(
            sa.or_(
                _person.c.level != Level.TYPED.value,
                _person.c.displaced_at.is_not(None),
                _person.c.id.in_(sa.select(_event.c.account_id).where(_OF_MOBILE)),
            )
        )
    ).all()
    if not people:
        return
    vault = _vault(bind)
    key, logged = _first_key(bind, vault), _logged(bind)
    lowered, events = [], []
    for who in people:
        try:
            row = bind.execute(_ONE, {"who": who}).one()
            person = read_person(vault, row)
        except UNREADABLE:
            continue  # `doctor` names it
        tickets = _tickets(bind, vault, person) if person.level is not Level.TYPED else ()
        best = max((logged.get(ticket, 0) for ticket in tickets), default=0)
        if person.level.rank > best or (person.level is Level.MATCHED and row.id in reached):
            person = replace(person, level=Level.TYPED)
            lowered.append({"person": row.id, "due": now if row.mobile else None})
        if row.id in reached:
            mark = Vault.lookup_by(key, "contact", f"{row.id}/{person.mobile or ''}")
            if reached[row.id] != canonical_json({"mark": mark}):
                person = replace(person, mobile=_UNKNOWN)
        events.append(
            {
                "at": now,
                "account_id": row.id,
                "kind": AccountEventKind.CITIZEN_STANDS.value,
                "body": canonical_json(body_of(key, person, row.proven_by, row.proven_at, 1)),
            }
        )
    if lowered:
        typed = sa.update(_person).where(_person.c.id == sa.bindparam("person"))
        due = sa.bindparam("due", type_=_INSTANT)
        bind.execute(typed.values(level=Level.TYPED.value, match_due_at=due), lowered)
    if events:
        op.bulk_insert(_event, events)


def _reached(bind: sa.Connection) -> Mapping[str, str]:
    """Return person → the event of her mobile that was written last."""
    query = sa.select(_event.c.account_id, _event.c.body).order_by(_event.c.id)
    return {row.account_id: row.body for row in bind.execute(query.where(_OF_MOBILE))}


def _logged(bind: sa.Connection) -> Mapping[str, int]:
    """Return ticket → rank of the best level that the public log has of it."""
    kinds = (Kind.FILED.value, Kind.VERIFIED.value)
    found: dict[str, int] = {}
    for kind, body in bind.execute(
        sa.select(_log.c.kind, _log.c.body).where(_log.c.kind.in_(kinds))
    ):
        with suppress(*UNREADABLE):  # `doctor` names it
            entry = json.loads(body)
            level = Level.VERIFIED if kind == Kind.VERIFIED.value else Level(entry["level"])
            found[entry["ticket"]] = max(found.get(entry["ticket"], 0), level.rank)
    return found


def _tickets(bind: sa.Connection, vault: Vault, person: Person) -> Iterator[str]:
    """Yield the tickets of a person that her number makes."""
    columns = _request.c.id, _request.c.ticket, _request.c.salt, _request.c.district
    for key, ticket, sealed, district in bind.execute(
        sa.select(*columns).where(_request.c.person_id == person.id)
    ):
        try:
            salt = vault.open("request.salt", key, sealed)
        except UNREADABLE:
            continue
        if is_ticket_of(ticket, salt, person.identity, district):
            yield ticket


def _vault(bind: sa.Connection) -> Vault:
    """Raises `WrongKey` if it is not the one that this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    row = bind.execute(sa.select(_fact.c.value).where(_fact.c.key == KEY_CHECK)).first()
    if vault is None or (row is not None and row.value != vault.check):
        raise WrongKey(KEY_CHECK)
    return vault


def _first_key(bind: sa.Connection, vault: Vault) -> str:
    row: Any = bind.execute(sa.select(_fact).where(_fact.c.key == PAPER_KEY)).first()
    stored = genuine(vault, PAPER_KEY, row.value, row.tag) if row else None
    return first_key_of(vault, stored)
