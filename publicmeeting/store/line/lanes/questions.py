"""Lane requests and contests as questions that two officers judge independently."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import and_, bindparam, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from publicmeeting.domain.choices import Lane, Original, Verdict
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.lanes import JUDGES, BlindAsk, LaneRate
from publicmeeting.domain.officials.audit import AccountEventKind, SecurityKind
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.randomness import hex_digits
from publicmeeting.store.accounts.accounts import holds
from publicmeeting.store.database.repository import new_id, readable_rows
from publicmeeting.store.database.rows.cases import (
    EventRow,
    LaneAskRow,
    LaneJudgeRow,
    OpeningRow,
    RequestRow,
)
from publicmeeting.store.database.rows.city import UnitRow
from publicmeeting.store.database.rows.doors import AccountEventRow
from publicmeeting.store.database.rows.people import AccountRow, GrantRow
from publicmeeting.store.database.transaction import Note
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.database.words import is_instant, word, words
from publicmeeting.store.lifecycle.events import event_row
from publicmeeting.store.line.lanes.figures import count_asks, count_checks, last_check
from publicmeeting.store.line.lanes.judge_tags import (
    OF_ACCOUNT,
    OF_ASK,
    OF_UNDECIDED,
    Judge,
    judge_tag,
    judges_of,
    tagged_columns,
)
from publicmeeting.store.line.lanes.judging_officers import LINK_USED, JudgingOfficers

_LANES_AT = [stage.value for stage in STEP_FOR[Action.JUDGE_LANE].at]
_CONTESTS_AT = [stage.value for stage in STEP_FOR[Action.JUDGE_NO_SHOW].at]
_IS_LANE = col(LaneAskRow.contest) == 0
_JUDGED_AT = or_(
    and_(_IS_LANE, col(RequestRow.stage).in_(words(_LANES_AT))),
    and_(~_IS_LANE, col(RequestRow.stage).in_(words(_CONTESTS_AT))),
)

_NAME_SEEN = exists().where(
    col(OpeningRow.request_id) == col(LaneAskRow.request_id),
    col(OpeningRow.account_id) == col(LaneJudgeRow.account_id),
    col(OpeningRow.with_name),
)
_HOLDS = exists().where(
    col(GrantRow.account_id) == col(LaneJudgeRow.account_id),
    col(GrantRow.role).in_(words([Role.DESK, Role.UNIT])),
    holds(bindparam("today", type_=sqlalchemy.Date)),
)
_OF_HER_DISTRICT = (
    exists()
    .where(col(GrantRow.account_id) == col(LaneJudgeRow.account_id))
    .where(col(GrantRow.role).in_(words([Role.DESK, Role.UNIT])))
    .where(
        or_(
            col(GrantRow.district) == col(RequestRow.district),
            exists().where(
                col(UnitRow.id) == col(GrantRow.unit_id),
                col(UnitRow.district) == col(RequestRow.district),
            ),
        )
    )
)
"""Whether the judge has had a role where her request is now, whatever the question's row says."""
_SPOKE = exists().where(
    col(EventRow.request_id) == col(LaneAskRow.request_id),
    col(EventRow.role) == word(Role.CITIZEN),
    col(EventRow.account_id) == col(LaneJudgeRow.account_id),
)
_KNOWS_HER = or_(_NAME_SEEN, _SPOKE)
"""The same condition as `guards.accounts_knowing_her`."""
LINK_BEFORE = timedelta(days=2)
"""An officer who used an invitation link this long before the question, or later, cannot answer.

One administrator creates the link, and could have signed in with it. The official notices by the
next day.
"""
_IS_AWAY = or_(
    col(AccountRow.suspended_at).is_not(None),
    col(AccountRow.password_hash) == "",
    ~_HOLDS,
    LINK_USED,
)
_LOST = and_(
    col(LaneJudgeRow.answered_at).is_(None),
    or_(
        ~col(AccountRow.active),
        and_(_IS_AWAY, col(LaneAskRow.due_at) <= bindparam("begun")),
        _KNOWS_HER,
    ),
)
"""Condition: an unanswered judge must be replaced.

One who is suspended or used a link stays until the question is due. Otherwise an administrator
could suspend judges for a minute until the two he wants are picked.
"""
_OTHER = aliased(LaneJudgeRow)
_STUCK = ~exists().where(
    col(_OTHER.ask_id) == col(LaneAskRow.id), col(_OTHER.answered_at).is_(None)
)
"""Both have answered without a decision, because they now work in one unit."""
_LANE = "lane_ask.lane"
_CASE = 16
_UNGRANTED = (
    _IS_LANE,
    col(LaneAskRow.verdict) == word(Verdict.YES),
    col(LaneAskRow.granted_at).is_(None),
)
FIRST_UNLOGGED: tuple[sqlalchemy.Select[Any], ...] = (
    sqlalchemy.select(sqlalchemy.func.min(col(LaneAskRow.asked_at))).where(
        col(LaneAskRow.logged_at).is_(None), _IS_LANE, is_instant(col(LaneAskRow.asked_at))
    ),
    sqlalchemy.select(sqlalchemy.func.min(col(LaneJudgeRow.answered_at)))
    .join(LaneAskRow, col(LaneAskRow.id) == col(LaneJudgeRow.ask_id))
    .where(_IS_LANE, is_instant(col(LaneJudgeRow.answered_at)))
    .where(col(LaneJudgeRow.logged_seq).is_(None)),
    sqlalchemy.select(sqlalchemy.func.min(col(LaneAskRow.decided_at)))
    .join(RequestRow, col(RequestRow.id) == col(LaneAskRow.request_id))
    .where(*_UNGRANTED, is_instant(col(LaneAskRow.decided_at))),
)
FIRST_UNDECIDED: sqlalchemy.Select[Any] = sqlalchemy.select(
    sqlalchemy.func.min(col(LaneAskRow.asked_at))
).where(col(LaneAskRow.decided_at).is_(None), is_instant(col(LaneAskRow.asked_at)))
_NOBODY = col(LaneJudgeRow.account_id).is_(None)
_MOVED = col(LaneAskRow.district) != col(RequestRow.district)
_UNDECIDED = (
    sqlalchemy.select(
        col(LaneAskRow.id),
        col(LaneAskRow.request_id),
        col(LaneAskRow.asked_at),
        col(LaneAskRow.contest),
    )
    .join(RequestRow, col(RequestRow.id) == col(LaneAskRow.request_id))
    .where(col(LaneAskRow.decided_at).is_(None))
    .where(_JUDGED_AT)
    .order_by(col(LaneAskRow.id))
)
_UNJUDGED = (
    _UNDECIDED.join(LaneJudgeRow, col(LaneJudgeRow.ask_id) == col(LaneAskRow.id), isouter=True)
    .join(AccountRow, col(AccountRow.id) == col(LaneJudgeRow.account_id), isouter=True)
    .where(or_(_NOBODY, _LOST, _MOVED, _STUCK))
    .distinct()
)
_OF_JUDGED_NOW = OF_UNDECIDED.join(
    RequestRow, col(RequestRow.id) == col(LaneAskRow.request_id)
).where(_JUDGED_AT)
"""Without the questions of requests that have left the line: these stay open."""
_UNCONFIRMED = _UNDECIDED.where(col(LaneAskRow.id).in_(bindparam("asks", expanding=True)))

Asked = TypeVar("Asked", bound=BlindAsk)


@dataclass(frozen=True, slots=True)
class LaneTask:
    """A question as its judge may see it; `request_id` stays on the server."""

    id: str
    request_id: str
    lane: Lane
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    contest: int = 0
    """Number of her contest; 0 for a lane request."""
    contested_seq: int = 0
    """Number of the `contested` entry in the public log."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A question without a judge, and when it was asked."""

    at: datetime
    ask_id: str
    request_id: str
    contest: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A judge's answer that is not in the public log yet."""

    case: str
    request_id: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Agreed:
    """A lane that both judges agreed to, as the rows say, and whose entry is missing in the log."""

    ask_id: str
    request_id: str
    lane: Lane
    causes: tuple[int, ...]
    """Log entries of both answers."""
    answers: frozenset[int]
    """Events of both answers; empty unless this program has written both and both are yes."""


class Lanes(JudgingOfficers):
    def first_unlogged(self) -> datetime | None:
        """Return the time of the oldest question, answer or decision that is not in the log."""
        found = map(self._transaction.value, FIRST_UNLOGGED)
        times = [time for time in found if time is not None]
        return min(times, default=None)

    def unlogged_requests(self, before: datetime) -> set[str]:
        """Return the ids of requests with unlogged questions, answers or decisions before then."""
        asks = select(LaneAskRow.request_id).where(_IS_LANE)
        answers = asks.join(LaneJudgeRow, col(LaneJudgeRow.ask_id) == col(LaneAskRow.id))
        queries = (
            asks.where(col(LaneAskRow.logged_at).is_(None), col(LaneAskRow.asked_at) < before),
            answers.where(
                col(LaneJudgeRow.logged_seq).is_(None), col(LaneJudgeRow.answered_at) < before
            ),
            asks.where(*_UNGRANTED),
        )
        return {row for query in queries for row in self._session.exec(query)}

    def unlogged_asks(self, before: datetime) -> list[tuple[str, str, Lane]]:
        """Return (question id, case, lane) of unlogged lane requests."""
        rows = self._session.exec(
            select(LaneAskRow)
            .where(_IS_LANE)
            .where(col(LaneAskRow.logged_at).is_(None))
            .where(LaneAskRow.asked_at < before)
        )
        asks = ((row.id, row.case_name, self._lane(row)) for row in rows)
        return [(key, case, lane) for key, case, lane in asks if lane is not None]

    def unlogged_answers(self, before: datetime) -> list[Answered]:
        rows = self._session.exec(
            select(LaneAskRow)
            .join(LaneJudgeRow, col(LaneJudgeRow.ask_id) == col(LaneAskRow.id))
            .where(_IS_LANE)
            .where(col(LaneJudgeRow.logged_seq).is_(None))
            .where(col(LaneJudgeRow.answered_at) < before)
            .distinct()
        )
        return [
            Answered(ask.case_name, ask.request_id, judge)
            for ask in rows
            if ask.logged_at or self._lane(ask)
            for judge in judges_of(self._transaction, OF_ASK, {"ask": ask.id})
            if judge.logged_seq is None and judge.answered_at and judge.answered_at < before
        ]

    def to_grant(self, before: datetime) -> list[Agreed]:
        """Return the lanes that were decided for her before then and are to be granted, by case.

        Citizens who have left the line are included: every reader must see a lane left out.
        """
        rows = self._session.exec(
            select(LaneAskRow)
            .join(RequestRow, col(RequestRow.id) == col(LaneAskRow.request_id))
            .where(*_UNGRANTED)
            .where(col(LaneAskRow.decided_at) < before)
            .order_by(col(LaneAskRow.case_name))
        )
        found = []
        for row in rows:
            both = list(judges_of(self._transaction, OF_ASK, {"ask": row.id}))
            causes = tuple(judge.logged_seq for judge in both if judge.logged_seq is not None)
            lane = self._lane(row)
            if lane is not None:
                answers = frozenset(
                    judge.event_id
                    for judge in both
                    if judge.is_confirmed and judge.event_id and judge.verdict is Verdict.YES
                )
                is_agreed = len(causes) == len(both) == len(answers) == JUDGES
                answers = answers if is_agreed else frozenset()
                found.append(Agreed(row.id, row.request_id, lane, causes, answers))
        return found

    def mark_asked(self, ask_id: str, now: datetime) -> None:
        row = self._ask(ask_id)
        row.logged_at = now
        self._session.add(row)

    def mark_granted(self, ask_id: str, now: datetime) -> None:
        row = self._ask(ask_id)
        row.granted_at = now
        self._session.add(row)

    def mark_judged(self, ask_id: str, account_id: str, seq: int) -> None:
        row = self._session.get(LaneJudgeRow, (ask_id, account_id))
        assert row is not None, "only a judge answers"
        row.logged_seq = seq
        self._session.add(row)

    def open(
        self,
        request: Request,
        lane: Lane,
        now: datetime,
        due_at: datetime,
        *,
        contest: int = 0,
        contested_seq: int | None = None,
    ) -> str:
        """Add a question without judges; return its id."""
        key = new_id()
        row = LaneAskRow(
            id=key,
            request_id=request.id,
            district=request.district,
            lane=self._vault.seal_word(_LANE, key, lane),
            asked_at=now,
            due_at=due_at,
            case_name=hex_digits(_CASE) if not contest else "",
            contest=contest,
            contested_seq=contested_seq,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def appoint(
        self,
        ask_id: str,
        judges: Collection[str],
        district: int,
        picked: tuple[int, Event],
        stay: Collection[str],
    ) -> None:
        """Set the two judges; those of them in `stay` keep their row, with an answer if any.

        `picked` is the event of the pick, with its id.
        """
        ask = self._ask(ask_id)
        ask.district = district
        self._session.add(ask)
        judges_by_account = {judge.account_id: judge for judge in self._judges(ask_id)}
        for account_id, lane_judge_row in judges_by_account.items():
            if account_id not in judges:
                self._session.delete(lane_judge_row)
        for account_id in set(judges) - set(stay):
            judge = judges_by_account.get(account_id) or LaneJudgeRow(
                ask_id=ask_id, account_id=account_id
            )
            judge.answered_at = judge.logged_seq = None
            self._tag(ask, judge, *picked)
        self._session.flush()

    def _tag(self, ask: LaneAskRow, judge: LaneJudgeRow, event_id: int, event: Event) -> None:
        judge.event_id = event_id
        facts = tagged_columns(ask, judge, event_row(ask.request_id, None, event))
        judge.tag = judge_tag(self._vault, facts)
        self._session.add(judge)

    def confirmed(self, ask_id: str, ask: Asked) -> Asked:
        """Return an open question with only those judges whom this program has picked.

        A judge whose row was restored after he was replaced is none of them.
        """
        answers = {answer.id for answer in ask.answers}
        own = {
            judge.account_id
            for judge in judges_of(self._transaction, OF_ASK, {"ask": ask_id})
            if judge.is_confirmed
            and judge.event_id is not None
            and (
                judge.event_id in answers
                if judge.answered_at
                else judge.event_id >= ask.picked.get(judge.account_id, judge.event_id + 1)
            )
        }
        return replace(ask, picked={key: at for key, at in ask.picked.items() if key in own})

    def is_forged(self, ask_id: str) -> bool:
        """Return whether a judge or an answer was written past this program, or one was deleted."""
        both = list(judges_of(self._transaction, OF_ASK, {"ask": ask_id}))
        return len(both) == 1 or any(judge.is_forged for judge in both)

    def refuse(self, ask_id: str, account_id: str | None = None) -> None:
        """Clear an answer, or all answers, to a question, and turn a decision for her into a no.

        They were not written by this program. While the question is open, the clock picks again.
        """
        for judge in self._judges(ask_id):
            if account_id in {None, judge.account_id}:
                judge.answered_at = judge.event_id = None
                judge.tag = ""
                self._session.add(judge)
        ask = self._ask(ask_id)
        if ask.verdict is not None:
            ask.verdict = Verdict.NO.value
            self._session.add(ask)

    def get_visible(self, ask_id: str, actor: Actor) -> LaneTask:
        """Return a question that the officer was picked for, else raise `not_found`.

        This also refuses an officer who may have signed in by another person's link.
        """
        found = judges_of(self._transaction, OF_ASK, {"ask": ask_id})
        judge = next((asked for asked in found if asked.account_id == actor.account_id), None)
        if actor.account_id is None or judge is None:
            raise Denied("not_found")
        if not judge.is_confirmed:
            raise self.no_judge(ask_id) if judge.is_forged else Denied("not_found")
        ask = self._ask(ask_id)
        is_answered = judge.answered_at is not None
        if not (is_answered or self._may_answer(ask, self._linked_at(actor.account_id))):
            raise Denied("not_found")
        return self._task(ask, judge.answered_at)

    def no_judge(self, ask_id: str) -> Denied:
        """Return the refusal of a judge whom this program has not picked, and note it."""
        self._transaction.notes.append(Note(SecurityKind.JUDGE_REFUSED, "", f"question {ask_id}"))
        return Denied("not_found")

    def _may_answer(self, ask: LaneAskRow, linked_at: datetime | None) -> bool:
        """After a recent link the officer may answer only on the day after the question is due."""
        is_of_late = linked_at is not None and linked_at >= ask.asked_at - LINK_BEFORE
        return not is_of_late or ask.due_at <= self.day_begun()

    def _linked_at(self, account_id: str) -> datetime | None:
        """Return when this account last used a link; None in the city's own first days."""
        return self._session.exec(
            select(AccountEventRow.at)
            .where(AccountEventRow.account_id == account_id)
            .where(AccountEventRow.kind == AccountEventKind.INVITATION_USED.value)
            .where(col(AccountEventRow.at) > self.founded())
            .order_by(col(AccountEventRow.at).desc())
        ).first()

    def waiting_for(self, account_id: str) -> list[LaneTask]:
        """Return what this officer has still to answer, most urgent first."""
        waiting = (
            select(LaneAskRow)
            .join(LaneJudgeRow, col(LaneJudgeRow.ask_id) == col(LaneAskRow.id))
            .join(RequestRow, col(RequestRow.id) == col(LaneAskRow.request_id))
            .where(LaneJudgeRow.account_id == account_id)
            .where(col(LaneJudgeRow.answered_at).is_(None))
            .where(col(LaneAskRow.decided_at).is_(None))
            .where(_OF_HER_DISTRICT)
            .where(_JUDGED_AT)
            .order_by(col(LaneAskRow.due_at), col(LaneAskRow.id))
        )
        found = readable_rows(self._transaction, waiting, "a question", as_objects=True)
        rows = [row for (row,) in found]
        linked_at = self._linked_at(account_id) if rows else None
        found_judges = judges_of(self._transaction, OF_ACCOUNT, {"account": account_id})
        own = {judge.ask_id for judge in found_judges if judge.is_confirmed} if rows else set()
        rows = [row for row in rows if row.id in own]
        tasks = ((row, self._lane(row)) for row in rows if self._may_answer(row, linked_at))
        return [self._task(row, None) for row, lane in tasks if lane is not None]

    def newest(self, request: Request) -> tuple[str, datetime] | None:
        """Return id and deadline of a request's newest lane question, or None."""
        row = self._session.exec(
            select(LaneAskRow)
            .where(_IS_LANE)
            .where(LaneAskRow.request_id == request.id)
            .order_by(col(LaneAskRow.decided_at).is_not(None), col(LaneAskRow.asked_at).desc())
        ).first()
        return (row.id, row.due_at) if row else None

    def of_contests(self, request: Request) -> dict[int, tuple[str, datetime]]:
        """Return number of a contest → (question id, deadline)."""
        rows = self._session.exec(
            select(LaneAskRow).where(~_IS_LANE).where(LaneAskRow.request_id == request.id)
        )
        return {row.contest: (row.id, row.due_at) for row in rows}

    def contested_seq(self, ask_id: str) -> int:
        """Return the log entry of the contest that is judged here."""
        seq = self._ask(ask_id).contested_seq
        assert seq is not None, "a lane is no contest"
        return seq

    def record_answer(self, ask_id: str, account_id: str, event_id: int, event: Event) -> None:
        row = self._session.get(LaneJudgeRow, (ask_id, account_id))
        assert row is not None, "only a judge answers"
        row.answered_at = event.at
        self._tag(self._ask(ask_id), row, event_id, event)

    def record_decision(self, ask_id: str, verdict: Verdict, now: datetime) -> None:
        row = self._ask(ask_id)
        row.decided_at, row.verdict = now, verdict.value
        self._session.add(row)

    def unjudged(self) -> list[Unjudged]:
        """Return questions that lack a judge: none was picked, or one cannot answer any more.

        His account ended, he cannot act on the day after it was due, he has learned her name, the
        request has moved to another district, or this program has not picked or answered so.
        """
        if self._transaction.has_read_none(FIRST_UNDECIDED):
            return []
        values = {"today": self._transaction.city_day(), "begun": self.day_begun()}
        rows = readable_rows(self._transaction, _UNJUDGED, "a question", values)
        confirmed = Counter[str]()
        for judge in judges_of(self._transaction, _OF_JUDGED_NOW):
            confirmed[judge.ask_id] += judge.is_confirmed
        broken = {ask_id for ask_id, count in confirmed.items() if count < JUDGES}
        broken -= {row.id for row in rows}
        if broken:
            asks = {"asks": sorted(broken)}
            rows += readable_rows(self._transaction, _UNCONFIRMED, "a question", asks)
        return [Unjudged(at, ask_id, request_id, number) for ask_id, request_id, at, number in rows]

    def all_judges(self) -> Iterator[Judge]:
        """Yield the judges of all questions, also of decided ones."""
        yield from judges_of(self._transaction)

    def rates(self, until: datetime) -> list[LaneRate]:
        """Return the figures of each district and lane with a lane request, up to `until`."""
        counts = count_asks(self._transaction, until, self._opened)
        for which, checked in count_checks(self._transaction, until).items():
            counts[which].update(came=checked["came"], seen=checked[Original.SEEN])
        return [
            LaneRate(district, lane, **found) for (district, lane), found in sorted(counts.items())
        ]

    def not_hers(self, now: datetime) -> Counter[int]:
        """Return district → citizens with a lane seat whose document was not theirs."""
        found = Counter[int]()
        for (district, _), checked in count_checks(self._transaction, now).items():
            found[district] += checked[Original.NOT_HERS]
        return found

    def last_check(self, person_id: str) -> Original | None:
        """Return reception's newest result for the original of her document."""
        return last_check(self._transaction, person_id)

    def _lane(self, row: LaneAskRow) -> Lane | None:
        """Return the lane; None if it is unreadable, so that the question is left out."""
        return self._opened(row.id, row.lane)

    def _opened(self, ask_id: str, sealed: bytes) -> Lane | None:
        try:
            return Lane(self._vault.open_word(_LANE, ask_id, sealed))
        except UNREADABLE:
            self._transaction.leave_out("an ask of a lane")
            return None

    def _task(self, row: LaneAskRow, answered_at: datetime | None) -> LaneTask:
        lane = Lane(self._vault.open_word(_LANE, row.id, row.lane))
        return LaneTask(
            row.id,
            row.request_id,
            lane,
            row.asked_at,
            row.due_at,
            answered_at,
            row.contest,
            row.contested_seq or 0,
        )

    def _judges(self, ask_id: str) -> Iterable[LaneJudgeRow]:
        return self._session.exec(select(LaneJudgeRow).where(LaneJudgeRow.ask_id == ask_id)).all()

    def _ask(self, ask_id: str) -> LaneAskRow:
        row = self._session.get(LaneAskRow, ask_id)
        assert row is not None, "an ask that has judges is there"
        return row
