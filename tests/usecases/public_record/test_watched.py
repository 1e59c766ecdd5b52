"""«Nobody can move anybody in secret» is shown only where it is true."""

from collections.abc import Mapping
from typing import Any

import pytest
from support.city import City
from support.clock import FixedClock
from support.witness_keys import key_of

from publicmeeting.domain.calendar import next_monday
from publicmeeting.kit.clock import tehran_day
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.turns.tree.note import SEED, Key, KeyType
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.line.rules import announce, with_log
from publicmeeting.usecases.public_record.log import FAULT_SHOWN_FOR, is_watched
from publicmeeting.usecases.public_record.open_risks import open_risks


def witness(party: str, org: str, key: Key) -> dict[str, str]:
    return {"party": party, "org": org, "vkey": key.vkey, "url": ""}


COUNCIL = witness("council", "shora.example.ir", key_of("council"))
INSPECTION = witness("press", "press.example.ir", key_of("press"))
OTHER_KEY = Key.of("shora.example.ir/other", KeyType.COSIGNATURE, bytes(SEED))
SECOND_KEY = witness("councils-other", "shora.example.ir", OTHER_KEY)
DRAW = "d06-1405-09-16"
REPORT = "0" * 64


def watched_by(city: City, clock: FixedClock, *witnesses: Mapping[str, str]) -> None:
    body = {**DEFAULT_RULES, "version": 2, "witnesses": list(witnesses)}
    with city.application.store.unit_of_work(clock()) as uow:
        rules = Rules.from_body(with_log(uow, body))
        announce(uow, rules, next_monday(tehran_day(clock())), clock())


def log(city: City, clock: FixedClock, kind: Kind, **body: Any) -> None:
    with city.application.store.unit_of_work(clock()) as uow:
        uow.log.append(kind, body, clock())


def watched_everywhere(city: City, clock: FixedClock) -> bool:
    with city.application.store.unit_of_work(clock(), reading=True) as uow:
        is_watched_now = is_watched(uow, clock())
    board = city.application.query_now(city_board, Keys(), Nothing())
    assert board.is_watched == is_watched_now
    assert city.application.query_now(open_risks, Keys(), Nothing()).is_watched == is_watched_now
    return is_watched_now


@pytest.mark.parametrize(
    ("witnesses", "stands"),
    [
        ((), False),
        ((COUNCIL,), False),
        ((COUNCIL, SECOND_KEY), False),
        ((COUNCIL, INSPECTION), True),
    ],
    ids=["none", "one", "one_with_two_keys", "two"],
)
def test_it_takes_two_organisations(
    city: City, clock: FixedClock, witnesses: tuple[Mapping[str, str], ...], *, stands: bool
) -> None:
    watched_by(city, clock, *witnesses)
    assert watched_everywhere(city, clock) is stands


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Kind.BOOKS_DIFFER, {"draw": DRAW, "report": REPORT}),
        (Kind.AUDITED, {"size": 9, "findings": 1, "report": REPORT}),
    ],
)
def test_a_known_fault_takes_it_away_for_eight_weeks(
    city: City, clock: FixedClock, kind: Kind, body: dict[str, Any]
) -> None:
    watched_by(city, clock, COUNCIL, INSPECTION)
    log(city, clock, Kind.AUDITED, size=8, findings=0, report=REPORT)
    assert watched_everywhere(city, clock)
    log(city, clock, kind, **body)
    assert not watched_everywhere(city, clock)
    if kind is Kind.AUDITED:
        log(city, clock, kind, size=10, findings=0, report=REPORT)
        assert watched_everywhere(city, clock)
        return
    clock.forward(days=1)
    assert not watched_everywhere(city, clock)
    clock.forward(days=FAULT_SHOWN_FOR.days)
    assert watched_everywhere(city, clock)


def test_what_an_audit_found_stands_until_another_finds_nothing(
    city: City, clock: FixedClock
) -> None:
    watched_by(city, clock, COUNCIL, INSPECTION)
    log(city, clock, Kind.AUDITED, size=8, findings=3, report=REPORT)
    clock.forward(days=FAULT_SHOWN_FOR.days + 1)
    assert not watched_everywhere(city, clock)
    log(city, clock, Kind.AUDITED, size=9, findings=0, report=REPORT)
    assert watched_everywhere(city, clock)
