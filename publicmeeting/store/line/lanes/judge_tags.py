"""Tags of judges: the database owner can neither appoint a judge nor answer in his place.

Each row of `lane_judge` has a keyed hash over its question, its officer, and one event: the pick
that made him a judge or, once he has answered, his answer. Without a valid tag he is no judge, and
his answer does not count. A row that is restored unchanged, with the events of that time, is valid
again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.line.lanes import UNIT
from publicmeeting.domain.stages import Need
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.accounts.row_tags import plain
from publicmeeting.store.database.repository import readable_rows
from publicmeeting.store.database.rows.cases import EventRow, LaneAskRow, LaneJudgeRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Vault

_TAGGED = (
    "ask_id",
    "request_id",
    "contest",
    "contested_seq",
    "asked_at",
    "due_at",
    "case_name",
    "account_id",
    "answered_at",
    "event_id",
    "event_request",
    "event_account",
    "event_action",
    "event_at",
    "event_payload",
)

_JUDGES: sqlalchemy.Select[*tuple[Any, ...]] = (
    sqlalchemy.select(
        col(LaneAskRow.id).label("ask_id"),
        col(LaneAskRow.request_id),
        col(LaneAskRow.contest),
        col(LaneAskRow.contested_seq),
        col(LaneAskRow.asked_at),
        col(LaneAskRow.due_at),
        col(LaneAskRow.case_name),
        col(LaneAskRow.decided_at),
        col(LaneJudgeRow.account_id),
        col(LaneJudgeRow.answered_at),
        col(LaneJudgeRow.event_id),
        col(LaneJudgeRow.logged_seq),
        col(LaneJudgeRow.tag),
        col(EventRow.request_id).label("event_request"),
        col(EventRow.account_id).label("event_account"),
        col(EventRow.action).label("event_action"),
        col(EventRow.at).label("event_at"),
        col(EventRow.payload).label("event_payload"),
    )
    .select_from(LaneJudgeRow)
    .join(LaneAskRow, col(LaneAskRow.id) == col(LaneJudgeRow.ask_id))
    .outerjoin(EventRow, col(EventRow.id) == col(LaneJudgeRow.event_id))
    .order_by(col(LaneJudgeRow.ask_id), col(LaneJudgeRow.account_id))
)
OF_ASK = _JUDGES.where(col(LaneAskRow.id) == bindparam("ask"))
OF_REQUESTS = _JUDGES.where(col(LaneAskRow.request_id).in_(bindparam("requests", expanding=True)))
OF_UNDECIDED = _JUDGES.where(col(LaneAskRow.decided_at).is_(None))
OF_ACCOUNT = OF_UNDECIDED.where(col(LaneJudgeRow.account_id) == bindparam("account"))
OF_ALL = _JUDGES

_RETAG = (
    sqlalchemy.update(LaneJudgeRow)
    .where(col(LaneJudgeRow.ask_id) == bindparam("ask"))
    .where(col(LaneJudgeRow.account_id) == bindparam("account"))
    .values(tag=bindparam("new"))
)


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge of a question, as his row names him."""

    ask_id: str
    account_id: str
    answered_at: datetime | None
    event_id: int | None
    logged_seq: int | None
    is_decided: bool
    has_tag: bool
    """False also for a row that was refused before (`refuse` of `questions.py`)."""
    is_confirmed: bool
    """Whether the tag fits."""
    payload: Mapping[str, object]
    """Payload of the event; empty if the tag does not fit."""

    @property
    def is_forged(self) -> bool:
        """Whether the row was written past this program.

        One without a tag and an answer was refused already.
        """
        return not self.is_confirmed and (self.has_tag or self.answered_at is not None)

    @property
    def verdict(self) -> Verdict:
        return Verdict(str(self.payload[Need.VERDICT.value]))

    @property
    def unit(self) -> str:
        return str(self.payload[UNIT])


def judge_tag(vault: Vault, facts: Mapping[str, Any]) -> str:
    """Return the tag of a judge's row, given the columns of `_TAGGED`."""
    return vault.lookup("lane_judge.tag", canonical_json([plain(facts[name]) for name in _TAGGED]))


def judges_of(
    transaction: Transaction,
    which: sqlalchemy.Select[*tuple[Any, ...]] = OF_ALL,
    values: Mapping[str, object] | None = None,
) -> Iterator[Judge]:
    """Yield the judges of these questions, with whether their tags fit."""
    for row in readable_rows(transaction, which, "a judge", values or {}):
        facts = row._asdict()
        is_confirmed = facts["tag"] == judge_tag(transaction.vault, facts)
        yield Judge(
            facts["ask_id"],
            facts["account_id"],
            facts["answered_at"],
            facts["event_id"],
            facts["logged_seq"],
            facts["decided_at"] is not None,
            bool(facts["tag"]),
            is_confirmed,
            read_object(facts["event_payload"]) if is_confirmed else {},
        )


def confirmed_answers(transaction: Transaction, request_ids: Collection[str]) -> set[int]:
    """Return the ids of the events by which a judge of these requests has answered."""
    found = judges_of(transaction, OF_REQUESTS, {"requests": list(request_ids)})
    return {
        judge.event_id
        for judge in found
        if judge.is_confirmed and judge.answered_at is not None and judge.event_id is not None
    }


def retag_judges(transaction: Transaction, new: Vault) -> None:
    """Tag for another key every row whose tag fits this one's."""
    rows = transaction.execute(OF_ALL).mappings().all()
    for facts in map(dict, rows):
        if facts["tag"] == judge_tag(transaction.vault, facts):
            key = {"ask": facts["ask_id"], "account": facts["account_id"]}
            transaction.execute(_RETAG, {**key, "new": judge_tag(new, facts)})


def tagged_columns(
    ask: LaneAskRow, judge: LaneJudgeRow, event: Mapping[str, object]
) -> dict[str, object]:
    """Return the columns of `_TAGGED` from rows that this transaction holds.

    `event` has the columns of the event that the judge's row names.
    """
    return {
        "ask_id": ask.id,
        "request_id": ask.request_id,
        "contest": ask.contest,
        "contested_seq": ask.contested_seq,
        "asked_at": ask.asked_at,
        "due_at": ask.due_at,
        "case_name": ask.case_name,
        "account_id": judge.account_id,
        "answered_at": judge.answered_at,
        "event_id": judge.event_id,
        "event_request": event["request_id"],
        "event_account": event["account_id"],
        "event_action": event["action"],
        "event_at": event["at"],
        "event_payload": event["payload"],
    }
