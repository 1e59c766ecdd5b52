"""Officials in the public log: the unit in clear, the account as an unlinkable keyed hash."""

import re

import pytest
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.line import Line

from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.database.vault import Vault
from publicmeeting.turns.formulas import officer
from publicmeeting.turns.kinds import Check, fits
from publicmeeting.usecases.lifecycle.effects.entries import officer_mark


def mark(line: Line, name: str, role: Role) -> str:
    account = line.city.as_(name).account_id
    now, request = line.clock(), line.file(1)[0].request
    event = Event(Action.ACCEPT, role, now, Stage.SUBMITTED, Stage.WAITING, account_id=account)
    with line.reading() as uow:
        return officer_mark(uow, event, request, now)


@in_one_city(
    "name, role, unit",
    [
        ("desk", Role.DESK, "desk-06"),
        ("desk", Role.JUDGE, "desk-06"),
        ("technical", Role.UNIT, "d06-technical"),
        ("services", Role.JUDGE, "d06-urban-services"),
        ("reception", Role.RECEPTION, "reception-06"),
        ("overseer", Role.OVERSEER, "overseer"),
    ],
)
def test_the_unit_is_in_clear_and_the_form_is_the_logs(
    line: Line, name: str, role: Role, unit: str
) -> None:
    found = mark(line, name, role)
    assert fits(Check.OFFICER, found)
    assert found.partition("/")[0] == unit


def test_two_officers_of_a_desk_have_two_marks_and_each_keeps_his(line: Line) -> None:
    first, second = mark(line, "desk", Role.DESK), mark(line, "second_desk", Role.DESK)
    assert first != second
    assert first == mark(line, "desk", Role.DESK)


def test_the_mark_changes_with_the_jalali_year(city: City, clock: FixedClock) -> None:
    secret = "0" * 64
    assert officer("desk-06", secret, "one", 1405) != officer("desk-06", secret, "one", 1406)
    with pytest.raises(ValueError, match="unit"):
        officer("Desk 6", secret, "one", 1405)


def test_clock_and_citizen_have_none(line: Line) -> None:
    now, request = line.clock(), line.file(1)[0].request
    event = Event(Action.TAKE_IN, Role.CLOCK, now, Stage.SUBMITTED, Stage.WAITING)
    with line.reading() as uow:
        assert officer_mark(uow, event, request, now) == ""


def test_another_master_key_leaves_the_marks(line: Line) -> None:
    new = Vault(b"n" * 32)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        before = uow.officer_marks.mark("desk-06", "one", 1405)
        uow.officer_marks.keep_secret(new)
        stored = bytes.fromhex(uow.facts.get("officer_secret"))
    secret = new.open("fact.value", "officer_secret", stored)
    assert re.fullmatch("[0-9a-f]{64}", secret)
    assert officer("desk-06", secret, "one", 1405) == before
