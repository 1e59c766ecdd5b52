"""The audit: one list merged from all tables that record acts of officials.

Each source is read by an index on its timestamp, newest first, and only for the length of a page.
Pages continue by key. Account events and commands are stored in machine time and shown in city
time; the two differ in the demo only.
"""

import heapq
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from publicmeeting.domain.officials.audit import (
    AUDIT_READINGS,
    AccountEventKind,
    AuditEntry,
    AuditFilter,
    AuditKey,
    AuditKind,
    AuditSource,
    OfficeAct,
    SecurityKind,
)
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository, readable_rows
from publicmeeting.store.database.rows.cases import (
    CustodyRow,
    EventRow,
    OpeningRow,
    OrderRow,
    RequestRow,
)
from publicmeeting.store.database.rows.city import DistrictTextRow
from publicmeeting.store.database.rows.doors import AccountEventRow
from publicmeeting.store.database.rows.people import AccountRow, SecurityEventRow

_SOURCES = tuple(AuditSource)
_READINGS = [kind.value for kind in AUDIT_READINGS]
_OF_CITIZENS = [
    kind.value for kind in (AccountEventKind.CITIZEN_REACHED, AccountEventKind.CITIZEN_STANDS)
]
_DIGITS = 19
"""Digits of a row number in a key, padded so that keys compare as text."""

Columns = Select[*tuple[Any, ...]]
Column = Mapped[Any] | ColumnElement[Any]


class AuditTrail(Repository):
    def page(
        self, wanted: AuditFilter, before: AuditKey | None, most: int, ahead: timedelta
    ) -> list[AuditEntry]:
        """Return the newest entries after `before`; `ahead` is the offset of the city's clock."""
        read = {
            AuditSource.STEP: self._steps,
            AuditSource.OPENING: self._openings,
            AuditSource.DOCUMENT: self._documents,
            AuditSource.TEXT_PROPOSED: self._proposed,
            AuditSource.TEXT_DECIDED: self._decided,
            AuditSource.ACCOUNT: self._accounts,
            AuditSource.COMMAND: self._commands,
        }
        found = [
            read[source](wanted, _Bounds.of(wanted, before, source, most, ahead))
            for source in _SOURCES
        ]
        return list(heapq.merge(*found, key=_place, reverse=True))[:most]

    def usernames(self, accounts: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return account id → (user name, name)."""
        rows = self._session.exec(
            select(AccountRow.id, AccountRow.username, AccountRow.name).where(
                col(AccountRow.id).in_(sorted(accounts))
            )
        )
        return {id_: (username, name) for id_, username, name in rows}

    def officials(self) -> list[tuple[str, str, str]]:
        """Return (account id, user name, name) of all officials, past and present, by user name."""
        rows = self._session.exec(
            select(AccountRow.id, AccountRow.username, AccountRow.name).order_by(
                AccountRow.username
            )
        )
        return list(rows.all())

    def codes(self, requests: Collection[str]) -> dict[str, tuple[str, int]]:
        """Return request id → (tracking code, district)."""
        rows = self._session.exec(
            select(RequestRow.id, RequestRow.code, RequestRow.district).where(
                col(RequestRow.id).in_(sorted(requests))
            )
        )
        return {id_: (code, district) for id_, code, district in rows}

    def numbers(self, orders: Collection[str]) -> dict[str, str]:
        """Return order id → number."""
        rows = self._session.exec(
            select(OrderRow.id, OrderRow.number).where(col(OrderRow.id).in_(sorted(orders)))
        )
        return dict(rows.all())

    def _steps(self, wanted: AuditFilter, bounds: "_Bounds") -> list[AuditEntry]:
        what, order = col(EventRow.action), col(EventRow.order_id)
        return self._of_cases(wanted, bounds, AuditKind.STEP, EventRow, what, order)

    def _documents(self, wanted: AuditFilter, bounds: "_Bounds") -> list[AuditEntry]:
        what, order = col(CustodyRow.part), col(CustodyRow.sheet)
        return self._of_cases(wanted, bounds, AuditKind.DOCUMENT, CustodyRow, what, order)

    def _of_cases(
        self,
        wanted: AuditFilter,
        bounds: "_Bounds",
        kind: AuditKind,
        row: type[EventRow] | type[CustodyRow],
        what: Column,
        order: Column,
    ) -> list[AuditEntry]:
        """Return officials' acts on requests and orders; `order` is the column of the order."""
        if not _is_wanted(wanted, kind):
            return []
        by, request = col(row.account_id), col(row.request_id)
        query = sqlalchemy.select(
            col(row.id), col(row.at), by, col(row.role), what, request, order
        ).where(by.is_not(None))
        query = _of(_of(query, by, wanted.account), request, wanted.request)
        return [
            AuditEntry(
                place=bounds.place(at, id_),
                kind=kind,
                what=done,
                by=account,
                role=role,
                request=case,
                order=of_order or "",
            )
            for id_, at, account, role, done, case, of_order in self._rows(
                bounds.within(query, col(row.at), col(row.id)), bounds
            )
        ]

    def _openings(self, wanted: AuditFilter, bounds: "_Bounds") -> list[AuditEntry]:
        if not _is_wanted(wanted, AuditKind.OPENING):
            return []
        row = OpeningRow
        query = sqlalchemy.select(
            col(row.request_id), col(row.account_id), col(row.at), col(row.role), col(row.with_name)
        )
        query = _of(query, col(row.account_id), wanted.account)
        query = _of(query, col(row.request_id), wanted.request)
        key = col(row.request_id) + col(row.account_id)
        return [
            AuditEntry(
                place=bounds.place(at, request + by),
                kind=AuditKind.OPENING,
                what="",
                by=by,
                role=role,
                request=request,
                with_name=with_name,
            )
            for request, by, at, role, with_name in self._rows(
                bounds.within(query, col(row.at), key), bounds
            )
        ]

    def _proposed(self, wanted: AuditFilter, bounds: "_Bounds") -> list[AuditEntry]:
        row = DistrictTextRow
        return self._texts(
            wanted,
            bounds,
            col(row.proposed_at),
            col(row.proposed_by),
            sqlalchemy.literal("proposed"),
        )

    def _decided(self, wanted: AuditFilter, bounds: "_Bounds") -> list[AuditEntry]:
        row = DistrictTextRow
        return self._texts(wanted, bounds, col(row.decided_at), col(row.decided_by), col(row.state))

    def _texts(
        self,
        wanted: AuditFilter,
        bounds: "_Bounds",
        at: Column,
        by: Column,
        what: Column,
    ) -> list[AuditEntry]:
        if not _is_wanted(wanted, AuditKind.TEXTS) or wanted.request is not None:
            return []
        row = DistrictTextRow
        query = sqlalchemy.select(col(row.id), at, by, what, col(row.district))
        query = query.where(by != "", at.is_not(None))
        query = _of(query, by, wanted.account)
        return [
            AuditEntry(
                place=bounds.place(when, id_),
                kind=AuditKind.TEXTS,
                what=reply,
                by=who,
                district=district,
            )
            for id_, when, who, reply, district in self._rows(
                bounds.within(query, at, col(row.id)), bounds
            )
        ]

    def _accounts(self, wanted: AuditFilter, bounds: "_Bounds") -> list[AuditEntry]:
        row = AccountEventRow
        query = sqlalchemy.select(
            col(row.id),
            col(row.at),
            col(row.account_id),
            col(row.by_account),
            col(row.kind),
            col(row.body),
        ).where(col(row.kind).not_in(_OF_CITIZENS))
        readings = col(row.kind).in_(_READINGS)
        is_act = col(row.kind) == AccountEventKind.OFFICE_ACT.value
        if wanted.kind is AuditKind.ACCOUNT:
            query = query.where(~is_act)
        elif wanted.kind is AuditKind.OFFICE:
            query = query.where(or_(is_act, readings))
        elif wanted.kind is not None:
            query = query.where(readings)
        if wanted.account is not None:
            query = query.where(
                or_(
                    col(row.account_id) == wanted.account,
                    col(row.by_account) == wanted.account,
                    and_(readings, col(row.body).contains(f'"{wanted.account}"', autoescape=True)),
                )
            )
        if wanted.request is not None:
            query = query.where(
                readings, col(row.body).contains(f'"case":"{wanted.code}"', autoescape=True)
            )
        found = []
        rows = self._rows(bounds.within(query, col(row.at), col(row.id)), bounds)
        for id_, at, about, by, kind, typed in rows:
            body, place = _read_body(typed), bounds.place(at, id_)
            if kind == AccountEventKind.OFFICE_ACT.value:
                what, number = OfficeAct(str(body.get("what"))).value, body.get("district")
                where = number if isinstance(number, int) else 0
                act = AuditEntry(place, AuditKind.OFFICE, what, by or "", district=where, body=body)
                found.append(act)
                continue
            subject = AuditKind.READING if kind in _READINGS else AuditKind.ACCOUNT
            found.append(AuditEntry(place, subject, kind, by or "", about=about or "", body=body))
        return found

    def _commands(self, wanted: AuditFilter, bounds: "_Bounds") -> list[AuditEntry]:
        if not _is_wanted(wanted, AuditKind.COMMAND) or wanted.account or wanted.request:
            return []
        row = SecurityEventRow
        query = sqlalchemy.select(
            col(row.id), col(row.last_at), col(row.who), col(row.what), col(row.address)
        ).where(col(row.kind) == SecurityKind.COMMAND.value)
        return [
            AuditEntry(
                place=bounds.place(at, id_),
                kind=AuditKind.COMMAND,
                what=what,
                by="",
                body={"by": who.removeprefix("command:"), "at": address},
            )
            for id_, at, who, what, address in self._rows(
                bounds.within(query, col(row.last_at), col(row.id)), bounds
            )
        ]

    def _rows(self, query: Columns, bounds: "_Bounds") -> Iterable[Any]:
        return readable_rows(self._transaction, query, "a step", most=bounds.most)


_BY_MACHINE = frozenset({AuditSource.ACCOUNT, AuditSource.COMMAND})


class _Bounds:
    """Page limits for one source, in its own time and keys."""

    def __init__(
        self,
        source: AuditSource,
        since: datetime | None,
        until: datetime | None,
        at: datetime | None,
        key: str | None,
        most: int,
        shift: timedelta,
    ) -> None:
        """Entries come strictly after (`at`, `key`).

        Without a key no entry of that instant is included.
        """
        self.most = most
        self._source, self._shift = source, shift
        self._since, self._until, self._at, self._key = since, until, at, key

    @classmethod
    def of(
        cls,
        wanted: AuditFilter,
        before: AuditKey | None,
        source: AuditSource,
        most: int,
        ahead: timedelta,
    ) -> "_Bounds":
        shift = ahead if source in _BY_MACHINE else timedelta(0)
        since = wanted.since - shift if wanted.since else None
        until = wanted.until - shift if wanted.until else None
        if before is None:
            return cls(source, since, until, None, None, most, shift)
        own, its = _SOURCES.index(source), _SOURCES.index(before.source)
        at = before.at - shift
        if own > its:  # all entries of that instant come after it
            earlier = at + timedelta(microseconds=1)
            until = min(until, earlier) if until else earlier
            return cls(source, since, until, None, None, most, shift)
        return cls(source, since, until, at, before.key if own == its else None, most, shift)

    def place(self, at: datetime, key: object) -> AuditKey:
        text = f"{key:0{_DIGITS}d}" if isinstance(key, int) else str(key)
        return AuditKey(at + self._shift, self._source, text)

    def within(self, query: Columns, at: Column, key: Column) -> Columns:
        """Restrict the query to one page of this source, using the index on its timestamp."""
        if self._since is not None:
            query = query.where(at >= self._since)
        if self._until is not None:
            query = query.where(at < self._until)
        if self._at is not None and self._key is None:
            query = query.where(at < self._at)
        elif self._at is not None:
            number: object = (
                self._key if self._source is AuditSource.OPENING else int(self._key or 0)
            )
            query = query.where(at <= self._at, or_(at < self._at, key < number))
        return query.order_by(at.desc(), key.desc())


def _read_body(body: str) -> dict[str, Any]:
    """Return the facts of an account's event; none if they cannot be read."""
    try:
        return read_object(body)
    except ValueError:
        return {}


def _is_wanted(wanted: AuditFilter, kind: AuditKind) -> bool:
    return wanted.kind in {None, kind}


def _of(query: Columns, column: Column, value: str | None) -> Columns:
    return query if value is None else query.where(column == value)


def _place(entry: AuditEntry) -> tuple[datetime, int, str]:
    place = entry.place
    return place.at, -_SOURCES.index(place.source), place.key
