"""The database owner writes judges and their answers, and gives nobody a lane by it."""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text
from support.city import KEY
from support.contests import answer, contest_id, judges_of, missed_on_second_monday
from support.documents import DESKS, UNITS, Documents, granted_lane
from support.line import MONDAY, Citizen, Line
from support.triggers import write

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.line.lanes import open_contests, open_lane_ask, reasons_given
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.line.lanes import judge_tags
from publicmeeting.store.rekey import rekey
from publicmeeting.store.unit_of_work import Store
from publicmeeting.usecases.officials.managing import OneOfficial, lift, suspend
from publicmeeting.usecases.oversight.books import lanes_judged
from publicmeeting.usecases.screening.lane_judging import OneAsk, open_lane

DAY = timedelta(days=1)
NIGHT = MONDAY - 8 * DAY
"""The midnight after the lanes of these tests were asked for."""
YES = {"verdict": "yes", "reason": "certified"}
UNIT_OF = {"desk": "desk-06", "second_desk": "desk-06", "technical": "d06-technical"}


def write_event(
    line: Line, citizen: Citizen, action: Action, account: str | None, payload: Mapping[str, object]
) -> int:
    """Write a step into her history, and return its number."""
    line.clock.forward(seconds=1)
    values = {
        "request": citizen.request.id,
        "action": action.value,
        "role": "judge" if account else "clock",
        "stage": citizen.stage,
        "account": account,
        "payload": canonical_json(payload),
        "at": line.clock().strftime("%Y-%m-%d %H:%M:%S.%f"),
    }
    columns = "request_id, action, role, from_stage, to_stage, account_id, payload, at"
    named = ":request, :action, :role, :stage, :stage, :account, :payload, :at"
    write(line, f"INSERT INTO event ({columns}) VALUES ({named})", **values)
    with line.reading() as uow:
        return int(uow.connection.execute(text("SELECT max(id) FROM event")).scalar_one())


def write_answer(line: Line, citizen: Citizen, ask_id: str, judge: Actor, **said: object) -> None:
    """Answer in a judge's place, in the history and in his row."""
    action = Action.JUDGE_NO_SHOW if "contest" in said else Action.JUDGE_LANE
    payload = {**YES, "unit": UNIT_OF.get(judge.name, "d06-services"), **said}
    event = write_event(line, citizen, action, judge.account_id, payload)
    of = {"event": event, "ask": ask_id, "account": judge.account_id}
    answered = "answered_at = (SELECT at FROM event WHERE id = :event), event_id = :event"
    where = "ask_id = :ask AND account_id = :account"
    write(line, f"UPDATE lane_judge SET {answered} WHERE {where}", **of)


def write_decision(line: Line, citizen: Citizen, ask_id: str) -> None:
    payload = {"lane": "access", "verdict": "yes"}
    event = write_event(line, citizen, Action.DECIDE_LANE, None, payload)
    decided = "decided_at = (SELECT at FROM event WHERE id = :event), verdict = 'yes'"
    write(line, f"UPDATE lane_ask SET {decided} WHERE id = :ask", event=event, ask=ask_id)


def reported(line: Line) -> set[str]:
    with line.reading() as uow:
        events = uow.security.page((SecurityKind.JUDGE_REFUSED,), most=20)
    return {event.what for event in events}


def found(line: Line) -> list[str]:
    """Return what `doctor` says about lanes and their judges."""
    with line.reading() as uow:
        return [f"{one.where} {one.what}" for one in lanes_judged(uow, line.clock())]


@pytest.mark.on_postgresql
def test_two_answers_written_by_the_database_owner_give_no_lane(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    ask_id = documents.ask_id(asked)
    for judge in documents.judges(asked):
        write_answer(line, asked, ask_id, judge)
    write_decision(line, asked, ask_id)
    assert len([one for one in found(line) if "was not written so by this program" in one]) == 2
    assert reasons_given(asked.request) == ()
    line.until(NIGHT, "00:10")
    assert len(line.entries("lane_asked")) == 1
    assert (line.entries("lane_judged"), line.entries("lane_granted")) == ([], [])
    assert asked.request.lane == Lane.GENERAL
    assert reported(line) == {f"question {ask_id}"}
    assert f"request {asked.code} has the lane general, was given access" in found(line)
    with line.reading() as uow:
        assert uow.lanes.first_unlogged() is None, "the clock would try again every minute"


@pytest.mark.on_postgresql
def test_an_answer_written_for_a_judge_decides_nothing_and_he_answers_himself(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    ask_id = documents.ask_id(asked)
    first, second = documents.judges(asked)
    write_answer(line, asked, ask_id, first)
    documents.judge(second, ask_id, "yes")
    assert granted_lane(asked) is Lane.GENERAL
    line.worker.tick()
    assert reported(line) == {f"question {ask_id}"}
    assert {judge.name for judge in documents.judges(asked)} == {first.name, second.name}
    assert documents.tasks(first.name) == [ask_id]
    documents.judge(first, ask_id, "no")
    assert open_lane_ask(asked.request) is None
    line.until(NIGHT, "00:10")
    assert sorted(entry["verdict"] for entry in line.entries("lane_judged")) == ["no", "yes"]
    assert line.entries("lane_granted") == []
    assert found(line) == []


@pytest.mark.on_postgresql
def test_a_no_that_is_written_over_is_no_yes(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    documents.decide(asked, "no", "yes")
    write(line, "UPDATE event SET payload = replace(payload, '\"no\"', '\"yes\"')")
    write(line, "UPDATE lane_ask SET verdict = 'yes'")
    line.until(NIGHT, "00:10")
    assert [entry["verdict"] for entry in line.entries("lane_judged")] == ["yes"]
    assert line.entries("lane_granted") == []
    assert reported(line)


def outsider(line: Line, picked: list[Actor]) -> Actor:
    """Return an officer of the district whom the clock has not picked."""
    names = sorted((DESKS | UNITS) - {judge.name for judge in picked})
    return line.city.as_(names[0])


@pytest.mark.on_postgresql
def test_nobody_judges_whom_the_clock_has_not_picked(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    ask_id, picked = documents.ask_id(asked), documents.judges(asked)
    gone, stays = picked
    friend = outsider(line, picked)
    named = [friend.account_id, stays.account_id]
    write_event(line, asked, Action.PICK_JUDGES, None, {"judges": named})
    replaced = {"friend": friend.account_id, "gone": gone.account_id}
    write(line, "UPDATE lane_judge SET account_id = :friend WHERE account_id = :gone", **replaced)
    assert documents.tasks(friend.name) == []
    with pytest.raises(Denied, match="not_found"):
        line.city.application.execute_as(friend, open_lane, OneAsk(id=ask_id))
    with pytest.raises(Denied, match="not_found"):
        documents.judge(friend, ask_id, "yes")
    assert reported(line) == {f"question {ask_id}"}
    assert len(found(line)) == 1
    line.worker.tick()
    assert {judge.name for judge in documents.judges(asked)} == {judge.name for judge in picked}
    documents.decide(asked, "yes", "yes")
    line.until(NIGHT, "00:10")
    assert asked.request.lane == Lane.ACCESS
    assert found(line) == []


def rows(line: Line, statement: str) -> list[dict[str, object]]:
    with line.reading() as uow:
        return [dict(row) for row in uow.connection.execute(text(statement)).mappings()]


def test_a_judge_who_was_replaced_is_none_again_by_his_former_row(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    application, administrator = line.city.application, line.city.as_("administrator")
    ask_id, (gone, stays) = documents.ask_id(asked), documents.judges(asked)
    former = rows(line, "SELECT * FROM lane_judge")
    (his,) = (row for row in former if row["account_id"] == gone.account_id)
    suspended = OneOfficial(account=str(gone.account_id))
    application.execute_as(administrator, suspend, suspended)
    line.until(MONDAY - 6 * DAY, "11:00")
    (other,) = (one for one in documents.judges(asked) if one.name != stays.name)
    assert other.name != gone.name
    application.execute_as(administrator, lift, suspended)
    write_event(
        line, asked, Action.PICK_JUDGES, None, {"judges": [gone.account_id, stays.account_id]}
    )
    write(line, "DELETE FROM lane_judge WHERE account_id = :other", other=other.account_id)
    columns, named = ", ".join(his), ", ".join(f":{name}" for name in his)
    write(line, f"INSERT INTO lane_judge ({columns}) VALUES ({named})", **his)
    with pytest.raises(Denied, match="not_found"):
        documents.judge(gone, ask_id, "yes")
    assert reported(line) == {f"question {ask_id}"}


def test_the_answer_of_a_judge_who_was_replaced_is_not_logged(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    """His row with its tag is there again, after the other two have answered."""
    ask_id, (gone, stays) = documents.ask_id(asked), documents.judges(asked)
    documents.judge(gone, ask_id, "yes")
    named = {"judges": [stays.account_id, outsider(line, [gone, stays]).account_id]}
    write_event(line, asked, Action.PICK_JUDGES, None, named)
    line.until(NIGHT, "00:10")
    assert line.entries("lane_judged") == []
    assert reported(line) == {f"question {ask_id}"}


SWAP = (
    "UPDATE lane_ask SET request_id = CASE request_id WHEN :hers THEN :his ELSE :hers END"
    " WHERE request_id IN (:hers, :his)"
)
IS_YES = "UPDATE lane_ask SET verdict = 'yes' WHERE request_id = :his"
OTHERS = "SELECT other.case_name FROM lane_ask other WHERE other.request_id = :hers"
MOVED = {
    "the question": [SWAP],
    "its case": [f"UPDATE lane_ask SET case_name = ({OTHERS}) WHERE request_id = :his", IS_YES],
    "the answers": [
        "DELETE FROM lane_judge WHERE ask_id = :ask_his",
        "UPDATE lane_judge SET ask_id = :ask_his WHERE ask_id = :ask_hers",
        IS_YES,
    ],
    "the ticket": [
        "UPDATE request SET ticket = 'none' WHERE id = :his",
        "UPDATE request SET ticket = :ticket_his WHERE id = :hers",
        "UPDATE request SET ticket = :ticket_hers WHERE id = :his",
    ],
}


@pytest.mark.on_postgresql(rows=(1, 3))
@pytest.mark.parametrize("what", MOVED)
def test_a_lane_that_was_judged_for_her_goes_to_nobody_else(
    line: Line, documents: Documents, what: str
) -> None:
    hers, his = line.file(2)
    for citizen, verdicts in ((hers, ("yes", "yes")), (his, ("no", "no"))):
        documents.ask(citizen)
        documents.decide(citizen, *verdicts)
    tickets = {citizen.request.ticket for citizen in (hers, his)}
    values = {
        "hers": hers.request.id,
        "his": his.request.id,
        "ask_hers": documents.ask_id(hers),
        "ask_his": documents.ask_id(his),
        "ticket_hers": hers.request.ticket,
        "ticket_his": his.request.ticket,
    }
    for statement in MOVED[what]:
        named = {key: value for key, value in values.items() if f":{key}" in statement}
        write(line, statement, **named)
    line.until(NIGHT, "00:10")
    granted = {entry["ticket"] for entry in line.entries("lane_granted")}
    assert granted <= {values["ticket_hers"]}
    assert tickets > granted
    assert reported(line)
    line.overlooked.update({"request ", "lane", "step_not_allowed"})
    assert not line.worker._backing_off, "the clock would try again every minute"


def test_a_contest_is_not_decided_by_an_answer_that_was_written_for_a_judge(line: Line) -> None:
    (citizen,) = line.begun(missed_on_second_monday)
    citizen.does(Action.CONTEST_NO_SHOW, note="در سالن بودم.")
    ask_id, (first, second) = contest_id(line, citizen), judges_of(line, citizen)
    write_answer(line, citizen, ask_id, first, contest=1, reason="was_there")
    answer(line, second, ask_id, "yes")
    assert line.entries("weeks_back") == line.entries("contest_judged") == []
    line.worker.tick()
    (contest,) = open_contests(citizen.request)
    assert [one.account_id for one in contest.answers] == [second.account_id]
    answer(line, first, ask_id, "no")
    assert line.entries("weeks_back") == []
    assert sorted(one["verdict"] for one in line.entries("contest_judged")) == ["no", "yes"]


@pytest.mark.on_postgresql
def test_answers_go_on_counting_under_another_key_of_the_city(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    first, second = documents.judges(asked)
    documents.judge(first, documents.ask_id(asked), "yes")
    forged = "UPDATE lane_judge SET tag = 'none' WHERE account_id = :his"
    write(line, forged, his=second.account_id)
    store = line.city.application.store
    rekey(store, Vault(b"n" * 32), {})
    with (
        closing(Store(str(store.engine.url), b"n" * 32)) as after,
        after.unit_of_work(line.clock(), reading=True) as uow,
    ):
        judges = {one.account_id: one.is_confirmed for one in uow.lanes.all_judges()}
        assert judges == {first.account_id: True, second.account_id: False}
    with closing(Store(str(store.engine.url), b"n" * 32)) as after:
        rekey(after, Vault(KEY), {})


@pytest.mark.on_postgresql
def test_a_judge_whom_an_older_release_has_picked_is_picked_again_and_accuses_nobody(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    ask_id, picked = documents.ask_id(asked), documents.judges(asked)
    write(line, "UPDATE lane_judge SET tag = '', event_id = NULL")
    assert documents.tasks(picked[0].name) == []
    with pytest.raises(Denied, match="not_found"):
        documents.judge(picked[0], ask_id, "yes")  # from a page that was open during the upgrade
    line.worker.tick()
    assert {judge.name for judge in documents.judges(asked)} == {judge.name for judge in picked}
    assert documents.tasks(picked[0].name) == [ask_id]
    assert reported(line) == set()


def test_the_clock_checks_no_judge_of_a_question_that_nobody_answers_any_more(
    line: Line, documents: Documents, asked: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that left the line leaves its question open, year after year."""
    checked: list[object] = []

    def tag(_vault: Vault, facts: Mapping[str, object]) -> str:
        checked.append(facts["ask_id"])
        return "none"

    monkeypatch.setattr(judge_tags, "judge_tag", tag)
    with line.reading() as uow:
        assert {one.ask_id for one in uow.lanes.unjudged()} == {documents.ask_id(asked)}
    assert len(checked) == 2
    checked.clear()
    asked.does(Action.WITHDRAW)
    checked.clear()
    with line.reading() as uow:
        assert uow.lanes.unjudged() == []
    assert checked == []


@pytest.mark.on_postgresql(rows=(0, 2))
@pytest.mark.parametrize("cell", ["decided_at = asked_at", "contest = 1", "district = 4"])
def test_a_question_that_its_row_says_otherwise_is_named(line: Line, cell: str) -> None:
    """Of one that counts as decided no judge hears, so that she would get no lane."""
    (citizen,), documents = line.file(1), Documents(line)
    documents.ask(citizen)
    case = citizen.request.id
    write(line, f"UPDATE lane_ask SET {cell} WHERE request_id = :id", id=case)
    with line.reading() as uow:
        found = [str(one.where) for one in lanes_judged(uow, line.clock())]
    assert f"request {citizen.code}" in found
    if "district" in cell:
        judge = documents.judges(citizen)[0]
        assert documents.tasks(judge.name) == [documents.ask_id(citizen)]
    cure = "UPDATE lane_ask SET decided_at = NULL, contest = 0, district = 6 WHERE request_id = :id"
    write(line, cure, id=case)


@pytest.mark.on_postgresql
def test_a_decision_of_no_question_is_named_and_hides_no_lane_that_it_gives(line: Line) -> None:
    (citizen,) = line.file(1)
    write_event(line, citizen, Action.DECIDE_LANE, None, {"lane": "access", "verdict": "yes"})
    write_event(line, citizen, Action.DECIDE_NO_SHOW, None, {"contest": "x", "verdict": "yes"})
    line.clock.forward(days=1)
    named = [one for one in found(line) if one.startswith(f"request {citizen.code} ")]
    assert len([one for one in named if "not asked or decided" in one]) == 2
    assert f"request {citizen.code} has the lane general, was given access" in named
