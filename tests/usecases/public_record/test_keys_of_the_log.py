"""The city's two keys: the daily one signs, only the reserve key can replace it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.city import City
from support.each import in_one_city
from support.hall import Hall
from support.log_bodies import stated
from support.triggers import change_past_the_program, write

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied, Invalid, Unavailable
from publicmeeting.domain.roles import COMMAND_LINE, NOBODY
from publicmeeting.store.public_record.log import Log
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.tree.checkpoint import city_key
from publicmeeting.turns.tree.note import Key, KeyType, SignedNote
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.receipts import paper_mark
from publicmeeting.usecases.line.rules import RulesForm, preview_rules, rules_draft, with_log
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.public_record.cosigning import witness_weeks
from publicmeeting.usecases.public_record.tree import (
    PrivateKey,
    ReserveKey,
    city_keys,
    log_now,
    set_reserve_key,
    use_reserve_key,
)

SEED = b"\x07" * 32


@contextmanager
def log_of(application: Application) -> Iterator[Log]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        yield uow.log


def named(application: Application) -> str:
    origin = application.query_as(COMMAND_LINE, city_keys, Nothing()).origin
    reserve = city_key(origin, SEED).vkey
    application.execute_as(COMMAND_LINE, set_reserve_key, ReserveKey(key=f" {reserve}\n"))
    return reserve


@pytest.mark.on_postgresql
def test_the_reserve_signs_once_the_daily_key_is_lost(application: Application, city: City) -> None:
    reserve = named(application)
    before = application.query_as(COMMAND_LINE, city_keys, Nothing())
    assert before.reserve == reserve
    with log_of(application) as log:
        text = SignedNote.read(log.checkpoint() or "").text
    application.execute_as(COMMAND_LINE, use_reserve_key, PrivateKey(seed=SEED.hex()))
    after = application.query_as(COMMAND_LINE, city_keys, Nothing())
    assert (after.origin, after.daily, after.reserve) == (before.origin, reserve, "")
    with log_of(application) as log:
        note = SignedNote.read(log.checkpoint() or "")
    assert list(note.signed_by([Key.read(reserve)])) == [Key.read(reserve)]
    assert note.text == text, "the same size keeps its root"
    with application.store.unit_of_work(application.clock()) as uow:
        uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(1), application.clock())
    with log_of(application) as log:
        assert SignedNote.read(log.checkpoint() or "").signed_by([Key.read(reserve)])


WRONG = [
    "",
    "x",
    city_key("other.ir/log", SEED).vkey,
    Key.of("localhost/log", KeyType.COSIGNATURE, SEED).vkey,
]


@in_one_city("key", WRONG)
def test_a_key_that_is_none_of_this_log_is_not_named(
    application: Application, city: City, key: str
) -> None:
    with pytest.raises(Invalid, match="log_key_malformed"):
        application.execute_as(COMMAND_LINE, set_reserve_key, ReserveKey(key=key))


def test_the_daily_key_is_no_reserve(application: Application, city: City) -> None:
    daily = application.query_as(COMMAND_LINE, city_keys, Nothing()).daily
    with pytest.raises(Invalid, match="log_key_malformed"):
        application.execute_as(COMMAND_LINE, set_reserve_key, ReserveKey(key=daily))


def test_another_private_key_than_the_reserves_signs_nothing(
    application: Application, city: City
) -> None:
    named(application)
    before = application.query_as(COMMAND_LINE, city_keys, Nothing())
    for seed in ("", "zz", "07" * 31, "08" * 32, "07" * 33):
        with pytest.raises(Invalid, match="log_key_malformed"):
            application.execute_as(COMMAND_LINE, use_reserve_key, PrivateKey(seed=seed))
    assert application.query_as(COMMAND_LINE, city_keys, Nothing()) == before


@in_one_city("username", ["desk", "mayor", "overseer"])
def test_nobody_else_looks_at_or_changes_keys(
    application: Application, city: City, username: str
) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        application.query_as(city.as_(username), city_keys, Nothing())
    with pytest.raises(Denied, match="not_your_role"):
        application.execute_as(city.as_(username), set_reserve_key, ReserveKey(key=""))
    with pytest.raises(Denied, match="not_your_role"):
        application.execute_as(city.as_(username), use_reserve_key, PrivateKey(seed=""))


def test_rules_made_after_another_reserve_key_was_named_have_it(
    application: Application, city: City
) -> None:
    reserve = named(application)
    admin = city.as_("administrator")
    draft = application.query_as(admin, rules_draft, Nothing())
    before = draft.newest.rules.body["log"]
    form = RulesForm.model_validate({**draft.form, "from_on": draft.mondays[0].isoformat()})
    made = application.query_as(admin, preview_rules, form)
    assert made.rules.body["log"] == {**before, "keys": [*before["keys"], reserve]}


def set_cell(application: Application, column: str, value: object) -> None:
    change = f"UPDATE log_head SET {column} = :value"
    change_past_the_program(application.store.engine, change, value=value)


def found(application: Application) -> list[str]:
    results = application.query_as(COMMAND_LINE, examine, Checkup())
    return [finding.what for result in results for finding in result.findings]


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("column", ["reserve", "key"])
def test_the_database_owner_announces_no_key_of_his_own(
    application: Application, city: City, column: str
) -> None:
    named(application)
    truth = application.query_as(COMMAND_LINE, city_keys, Nothing())
    set_cell(application, column, city_key(truth.origin, b"\x08" * 32).vkey)
    announced = [truth.daily, truth.reserve]
    assert application.query_as(COMMAND_LINE, city_keys, Nothing()) == truth
    assert application.query_as(NOBODY, log_now, Nothing()).keys == announced
    assert list(application.query_as(NOBODY, witness_weeks, Nothing()).keys) == announced
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert with_log(uow, {})["log"]["keys"] == announced
    assert "its row names other keys than this program has set" in found(application)


def test_while_nobody_knows_its_keys_the_city_announces_none(
    application: Application, city: City
) -> None:
    origin = application.query_as(COMMAND_LINE, city_keys, Nothing()).origin
    his = city_key(origin, b"\x08" * 32).vkey
    set_cell(application, "seed", None)
    set_cell(application, "reserve", his)
    assert "its row names other keys than this program has set" in found(application)
    for key in (his, ""):
        set_cell(application, "key", key)
        for announces in (log_now, witness_weeks):
            with pytest.raises(Unavailable, match="log_behind"):
                application.query_as(NOBODY, announces, Nothing())
        with pytest.raises(Unavailable, match="log_behind"):
            application.query_as(COMMAND_LINE, city_keys, Nothing())
        with log_of(application) as log, pytest.raises(Unavailable, match="log_behind"):
            log.set_reserve(his)


def test_nor_does_a_paper_of_that_time_name_one(hall: Hall) -> None:
    guest = hall.guests[0]
    with hall.reading() as uow:
        assert paper_mark(uow, guest.request.ticket).key
        his = city_key(uow.log.keys().origin, b"\x08" * 32).vkey
    write(hall, "UPDATE log_head SET seed = NULL, key = :key", key=his)
    with hall.reading() as uow:
        assert paper_mark(uow, guest.request.ticket).key == ""


def test_a_key_that_is_none_ends_no_check_with_a_traceback(
    application: Application, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    set_cell(application, "key", "zzz")
    assert "its row names other keys than this program has set" in found(application)
    assert not [record for record in caplog.records if record.exc_info]
