"""Officers who may judge a question of one request: who works in its district, and since when."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import and_, exists, or_
from sqlmodel import col, select

from publicmeeting.domain.lifecycle.guards import accounts_knowing_her
from publicmeeting.domain.line.lanes import Officer, pick_judges
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.accounts.accounts import holds, may_act, person_marks
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import LaneAskRow, LaneJudgeRow, OpeningRow
from publicmeeting.store.database.rows.city import UnitRow
from publicmeeting.store.database.rows.doors import AccountEventRow
from publicmeeting.store.database.rows.people import AccountRow, GrantRow, PersonRow
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.line.lanes.judge_tags import OF_REQUESTS, judges_of

LINK_USED = (
    exists()
    .where(
        col(AccountEventRow.account_id) == col(AccountRow.id),
        col(AccountEventRow.kind) == AccountEventKind.INVITATION_USED.value,
        col(AccountEventRow.at) >= col(LaneAskRow.asked_at),
    )
    .correlate(AccountRow, LaneAskRow)
)
NEW_FOR = timedelta(days=14)
"""A role this new judges only if the district has no two other officers.

One administrator can grant it. Roles from the city's own first days count as old.
"""
AWAY_FOR = timedelta(days=7)
"""How long an officer counts as such another one after a suspension or the end of a role.

One administrator can do that as well. By then all earlier questions are due.
"""
OLD_FOR = NEW_FOR + timedelta(days=2)
"""How recently a role may have ended for a new grant not to count as new.

Otherwise an administrator could regrant all roles but those of two friends.
"""
_FIRST_ACCOUNT: sqlalchemy.Select[Any] = sqlalchemy.select(
    sqlalchemy.func.min(col(AccountRow.created_at))
)


class JudgingOfficers(Repository):
    def officers(self, request: Request) -> list[Officer]:
        """Return the officers of the request's district (desk or units) who may judge it.

        Excluded are the citizen herself, and officers who filed for her, saw her name or acted for
        her, also by another account of their name or mobile. If there are others, including some
        who cannot act today or are excluded by name or mobile alone, which one administrator sets,
        officers with a role from this or last week are excluded too. A judge who is suspended, has
        no password, used a link or lost the role stays until the question is due. After that, an
        officer who used a link since it was asked is excluded if there are two others. Two accounts
        with one name or mobile count as one unit, because one person has both.
        """
        today = self._transaction.city_day()
        rows = self._rows(request, today)
        values = {"requests": [request.id]}
        own = {
            judge.account_id
            for judge in judges_of(self._transaction, OF_REQUESTS, values)
            if judge.is_confirmed and not judge.is_decided
        }
        read = self._has_read(request)
        barred = accounts_knowing_her(request)
        barred_marks = {f"mobile {self._mobile_of_person(request)}"}
        for row in self._accounts(barred):
            barred_marks |= person_marks(self._vault, row.id, row.name, row.mobile)
        has_units, able, old = defaultdict[str, set[str]](set), set[str](), set[str]()
        works_in = defaultdict[str, set[str]](set)
        who = dict[str, frozenset[str]]()
        for row in rows:
            if row.id in barred:
                continue
            is_staying = row.stays and row.id in own
            if is_staying or not row.is_new:
                old.add(row.id)
            if row.until_on and row.until_on <= today - AWAY_FOR:
                continue
            who[row.id] = person_marks(self._vault, row.id, row.name, row.mobile)
            unit = row.unit_id or Role.DESK.value
            has_units[row.id].add(unit)
            if row.acts:
                works_in[row.id].add(unit)
            if (row.acts or is_staying) and not who[row.id] & barred_marks:
                able.add(row.id)
        units = {key: frozenset(works_in.get(key, has_units[key])) for key in has_units}
        known = [Officer(key, units[key]) for key in units if key in old]
        asked = able & old if pick_judges(request.person_id, known) else able
        found = [Officer(key, units[key] | who[key], key in read) for key in units if key in asked]
        linked = {row.id for row in rows if row.came_by_link}
        others = [officer for officer in found if officer.account_id not in linked]
        return others if pick_judges(request.person_id, others) else found

    def _rows(self, request: Request, today: date) -> Sequence[sqlalchemy.Row[Any]]:
        """Return the roles of the district, with what bars or keeps the account."""
        desk = and_(
            col(GrantRow.role) == Role.DESK.value, col(GrantRow.district) == request.district
        )
        unit = and_(
            col(GrantRow.role) == Role.UNIT.value, col(UnitRow.district) == request.district
        )
        acts = and_(may_act(), holds(today))
        stays = exists().where(
            col(LaneJudgeRow.account_id) == col(AccountRow.id),
            col(LaneJudgeRow.ask_id) == col(LaneAskRow.id),
            col(LaneAskRow.request_id) == request.id,
            col(LaneAskRow.decided_at).is_(None),
            or_(acts, col(LaneAskRow.due_at) > self.day_begun()),
        )
        answers = exists().where(
            col(LaneJudgeRow.account_id) == col(AccountRow.id),
            col(LaneJudgeRow.ask_id) == col(LaneAskRow.id),
            col(LaneJudgeRow.answered_at).is_not(None),
        )
        came_by_link = exists().where(
            col(LaneAskRow.request_id) == request.id,
            col(LaneAskRow.decided_at).is_(None),
            col(LaneAskRow.due_at) <= self.day_begun(),
            LINK_USED,
            ~answers.correlate(AccountRow, LaneAskRow),
        )
        suspended_at = col(AccountRow.suspended_at)
        given_at = sqlalchemy.func.coalesce(col(GrantRow.given_at), col(AccountRow.created_at))
        return self._transaction.execute(
            sqlalchemy.select(
                col(AccountRow.id),
                col(AccountRow.name),
                col(AccountRow.mobile),
                col(GrantRow.unit_id),
                col(GrantRow.until_on),
                acts.label("acts"),
                stays.label("stays"),
                (given_at > self._new_since()).label("is_new"),
                came_by_link.label("came_by_link"),
            )
            .join(GrantRow, col(GrantRow.account_id) == col(AccountRow.id))
            .join(UnitRow, col(UnitRow.id) == col(GrantRow.unit_id), isouter=True)
            .where(col(AccountRow.active))
            .where(or_(col(GrantRow.from_on).is_(None), col(GrantRow.from_on) <= today))
            .where(or_(col(GrantRow.until_on).is_(None), col(GrantRow.until_on) > today - OLD_FOR))
            .where(
                or_(suspended_at.is_(None), suspended_at > self._transaction.machine_now - AWAY_FOR)
            )
            .where(or_(desk, unit))
        ).all()

    def _accounts(self, ids: Collection[str]) -> Sequence[sqlalchemy.Row[Any]]:
        columns = (col(AccountRow.id), col(AccountRow.name), col(AccountRow.mobile))
        query = sqlalchemy.select(*columns).where(col(AccountRow.id).in_(ids))
        return self._transaction.execute(query).all() if ids else []

    def _mobile_of_person(self, request: Request) -> str:
        """Return her mobile; empty if there is none, or it is unreadable."""
        row = self._session.get(PersonRow, request.person_id)
        sealed = row.mobile if row else None
        try:
            return self._vault.open("person.mobile", request.person_id, sealed) if sealed else ""
        except UNREADABLE:
            return ""

    def day_begun(self) -> datetime:
        return at_tehran(self._transaction.city_day())

    def _new_since(self) -> datetime:
        """Roles granted later are new."""
        return max(self._transaction.machine_now - NEW_FOR, self.founded())

    def founded(self) -> datetime:
        """Return the end of the city's own first days."""
        first = self._transaction.value(_FIRST_ACCOUNT)
        return first + NEW_FOR if first else self._transaction.machine_now

    def _has_read(self, request: Request) -> set[str]:
        rows = self._session.exec(
            select(OpeningRow.account_id)
            .where(OpeningRow.request_id == request.id)
            .where(OpeningRow.role != Role.JUDGE.value)
        )
        return set(rows)
