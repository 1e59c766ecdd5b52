"""Judges, answers, other steps and delays that releases before migrations 0068 to 0071 wrote."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import DateTime, TextClause, bindparam, text
from sqlalchemy.exc import IntegrityError

from publicmeeting.store.database.engine import connect
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.database.vault import Vault, WrongKey
from publicmeeting.store.unit_of_work import Store
from publicmeeting.usecases.oversight.held_events import events_tagged

KEY = b"k" * 32
AT = datetime(2026, 11, 26, 9, 30, 15, 250000, tzinfo=UTC)
PERSON = (
    "INSERT INTO person (id, kind, identity_hash, identity, name, created_at)"
    " VALUES ('p', 'national', 'h', :none, :none, :at)"
)
REQUEST = (
    "INSERT INTO request (id, code, district, stage, version, person_id, subject, title, text,"
    " needs, prefers, lane, waited, debt, given_up, unanswered, missed, salt, ticket, filed_at,"
    " stage_at) VALUES ('r', 'c', 6, 'waiting', 5, 'p', 'other', :none, :none, :none, 'any',"
    " :none, 0, 0, 0, 0, 0, :none, 't', :at, :at)"
)
ACCOUNT = (
    "INSERT INTO account (id, username, name, password_hash, active, created_at)"
    " VALUES (:id, :id, :id, '', :yes, :at)"
)
ASK = (
    "INSERT INTO lane_ask (id, request_id, district, lane, asked_at, due_at, case_name, contest,"
    " decided_at, verdict)"
    " VALUES (:id, 'r', 6, :none, :at, :at, 'case', :contest, :decided, :verdict)"
)
JUDGE = "INSERT INTO lane_judge (ask_id, account_id, answered_at) VALUES (:ask, :account, :at)"
EVENT = (
    "INSERT INTO event (request_id, action, role, from_stage, to_stage, account_id, payload, at)"
    " VALUES ('r', :action, 'judge', 'waiting', 'waiting', :account, :payload, :at)"
)

NOTICE = (
    "INSERT INTO outbox (event_id, request_id, action, facts, role, person_id, at, state, tries,"
    " next_try_at) SELECT min(id), 'r', :action, :facts, 'citizen', 'p', :at, 'waiting', 0, :at"
    " FROM event"
)
LATE = '{"earliest":"2026-11-26T09:20:00+03:30","latest":"2026-11-26T09:40:00+03:30","minutes":20}'


def dated(statement: str) -> TextClause:
    """Return a statement whose instants are passed as the program passes them."""
    kinds = [name for name in ("at", "decided") if f":{name}" in statement]
    instant = DateTime(timezone=True)
    return text(statement).bindparams(*(bindparam(one, type_=instant) for one in kinds))


def of_before(url: str) -> None:
    """Write a decided lane, a decided contest of the same instant, and an open question."""
    upgrade_url(url, "0067", Vault(KEY))
    engine = connect(url)
    every = {"none": b"", "at": AT, "yes": True}

    def add(statement: str, **values: object) -> None:
        given = {name: value for name, value in (every | values).items() if f":{name}" in statement}
        connection.execute(dated(statement), given)

    with engine.begin() as connection:
        add(PERSON)
        add(REQUEST)
        for account in ("a", "b"):
            add(ACCOUNT, id=account)
        decided = {"decided": AT, "verdict": "yes"}
        add(ASK, id="lane", contest=0, **decided)
        add(ASK, id="contest", contest=1, **decided)
        add(ASK, id="open", contest=2, decided=None, verdict=None)
        for ask in ("lane", "contest", "open"):
            add(JUDGE, ask=ask, account="a")
            add(JUDGE, ask=ask, account="b")
        for account in ("a", "b"):
            said = {"verdict": "yes"}
            add(EVENT, account=account, action="judge_lane", payload=json.dumps(said))
            for contest in (1, 2):
                about = json.dumps({**said, "contest": contest})
                add(EVENT, account=account, action="judge_no_show", payload=about)
    engine.dispose()


def test_answers_of_a_decided_question_count_and_those_of_an_open_one_are_given_again(
    engine_url: str,
) -> None:
    of_before(engine_url)
    upgrade_url(engine_url, vault=Vault(KEY))
    with closing(Store(engine_url, KEY)) as store, store.unit_of_work(AT, reading=True) as uow:
        judges = {(one.ask_id, one.account_id): one for one in uow.lanes.all_judges()}
        actions = {
            one.id: (one.action, one.payload)
            for one in uow.connection.execute(text("SELECT id, action, payload FROM event"))
        }
    confirmed = {key for key, judge in judges.items() if judge.is_confirmed}
    assert confirmed == {(ask, account) for ask in ("lane", "contest") for account in ("a", "b")}
    for (ask, account), judge in judges.items():
        assert (judge.answered_at is None) == (ask == "open")
        if ask != "open":
            action, payload = actions[judge.event_id]
            assert action == ("judge_lane" if ask == "lane" else "judge_no_show"), account
            assert json.loads(payload).get("contest", 0) == (ask == "contest")
    upgrade_url(engine_url, "0067", Vault(KEY))


def test_events_of_older_releases_are_believed_and_tagged_by_migration_0070(
    engine_url: str,
) -> None:
    of_before(engine_url)
    for _ in range(2):
        upgrade_url(engine_url, vault=Vault(KEY))
        with closing(Store(engine_url, KEY)) as store, store.unit_of_work(AT, reading=True) as uow:
            assert uow.connection.execute(text("SELECT count(*) FROM event")).scalar_one() == 6
            assert list(events_tagged(uow, AT)) == []
            with pytest.raises(IntegrityError, match="append-only"):
                uow.connection.execute(text("UPDATE event SET role = 'mayor'"))
        upgrade_url(engine_url, "0069", Vault(KEY))


def test_how_late_a_monday_ran_in_a_notice_of_an_older_release_is_believed(
    engine_url: str,
) -> None:
    of_before(engine_url)
    upgrade_url(engine_url, "0070", Vault(KEY))
    engine = connect(engine_url)
    with engine.begin() as connection:
        damaged = [("lateness", facts) for facts in ("", "{", "[1]", "7", "[" * 100_000)]
        for action, facts in (("lateness", LATE), ("seat", ""), *damaged):
            connection.execute(dated(NOTICE), {"action": action, "facts": facts, "at": AT})
    engine.dispose()
    for _ in range(2):
        upgrade_url(engine_url, vault=Vault(KEY))
        with closing(Store(engine_url, KEY)) as store, store.unit_of_work(AT, reading=True) as uow:
            assert uow.outbox.warned_of(["r"], AT) == {"r": 20}
        upgrade_url(engine_url, "0070", Vault(KEY))


@pytest.mark.parametrize("vault", [None, Vault(b"o" * 32)])
def test_with_another_key_no_answer_is_tagged(engine_url: str, vault: Vault | None) -> None:
    of_before(engine_url)
    engine = connect(engine_url)
    with engine.begin() as connection:
        values = {"check": Vault(KEY).check}
        known = "INSERT INTO fact (key, value) VALUES ('key_check', :check)"
        connection.execute(text(known), values)
    engine.dispose()
    with pytest.raises(WrongKey):
        upgrade_url(engine_url, vault=vault)
