"""Figures that would reveal wrongs of the city, counted from the log's entries."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from contract.project_files import PROJECT
from support.city import City
from support.clock import FixedClock
from support.triggers import change_past_the_program

from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.public_record.log import (
    PROGRAM,
    LogFigures,
    acts_in_names,
    districts_of,
    log_figures,
)

WEEKS = timedelta(weeks=8)
DRAW, LATER = "d06-1405-09-16", "d06-1405-09-23"
OFFICER = "reception/00000000"


def log(city: City, clock: FixedClock, kind: Kind, **body: Any) -> int:
    with city.application.store.unit_of_work(clock()) as uow:
        return uow.log.append(kind, body, clock()).seq


def figures(city: City, clock: FixedClock) -> LogFigures:
    with city.application.store.unit_of_work(clock(), reading=True) as uow:
        return log_figures(uow, clock() - WEEKS, clock())


def filed(city: City, clock: FixedClock, ticket: str, level: str) -> int:
    body = {"district": 6, "by": "citizen", "level": level, "prefers": "any"}
    return log(city, clock, Kind.FILED, ticket=ticket, **body)


def missed(city: City, clock: FixedClock, ticket: str, draw: str = DRAW) -> int:
    return log(city, clock, Kind.NO_SHOW, ticket=ticket, draw=draw, time="09:00", officer=OFFICER)


def test_typed_identities_are_counted_among_all_that_were_filed(
    city: City, clock: FixedClock
) -> None:
    for at, level in enumerate(("typed", "typed", "matched", "verified")):
        filed(city, clock, f"{at:064x}", level)
    found = figures(city, clock)
    assert (found.filed, found.typed) == (4, 2)


def test_who_was_missed_twice_is_one_person_and_who_came_late_was_not_missed(
    city: City, clock: FixedClock
) -> None:
    once, twice, late = ("a" * 64, "b" * 64, "c" * 64)
    missed(city, clock, once)
    missed(city, clock, twice)
    missed(city, clock, twice, LATER)
    missed(city, clock, late)
    log(
        city,
        clock,
        Kind.CAME_LATE,
        ticket=late,
        draw=DRAW,
        time="09:00",
        officer=OFFICER,
        because=[4],
    )
    found = figures(city, clock)
    assert (found.missed, found.missed_twice) == (3, 1)


def test_contests_of_absences_and_those_that_were_upheld(city: City, clock: FixedClock) -> None:
    hers = "a" * 64
    absence = missed(city, clock, hers)
    late = {"draw": DRAW, "time": "09:00", "why": "citizen", "until": ""}
    given_up = log(city, clock, Kind.SEAT_GIVEN_UP, ticket=hers, **late)
    for cause, second in ((absence, "yes"), (absence, "no"), (given_up, "yes")):
        contest = log(city, clock, Kind.CONTESTED, ticket=hers, because=[cause])
        for officer, verdict in (("desk-06/aaaaaaaa", "yes"), ("d06-civil/bbbbbbbb", second)):
            judged = {"verdict": verdict, "officer": officer, "because": [contest]}
            log(city, clock, Kind.CONTEST_JUDGED, ticket=hers, **judged)
    found = figures(city, clock)
    assert (found.contested, found.upheld) == (2, 1)


def test_acts_in_her_name_are_hers_alone_and_so_is_undoing_them(
    city: City, clock: FixedClock
) -> None:
    hers = "a" * 64
    for why in ("withdrawn", "accepted", "declined", "info_asked"):
        log(city, clock, Kind.TAKEN_OUT, ticket=hers, why=why, officer="")
    for why in ("citizen", "moved"):
        given_up = {"draw": DRAW, "time": "09:00", "why": why, "until": ""}
        log(city, clock, Kind.SEAT_GIVEN_UP, ticket=hers, **given_up)
    log(city, clock, Kind.OFFER_REFUSED, ticket=hers, draw=DRAW, time="09:00")
    log(city, clock, Kind.MONDAY_EXCLUDED, ticket=hers, monday="1405-09-16")
    found = figures(city, clock)
    assert (found.in_her_name, found.undone) == (6, 0)
    log(city, clock, Kind.TAKEN_IN, ticket=hers, why="undone", because=[1])
    log(city, clock, Kind.TAKEN_IN, ticket=hers, why="objected", because=[3])
    log(city, clock, Kind.MONDAY_INCLUDED, ticket=hers, monday="1405-09-16")
    found = figures(city, clock)
    assert (found.in_her_name, found.undone) == (6, 2)


def test_who_was_displaced_is_counted(city: City, clock: FixedClock) -> None:
    for ticket, why in (("a" * 64, "displaced"), ("b" * 64, "withdrawn")):
        log(city, clock, Kind.TAKEN_OUT, ticket=ticket, why=why, officer="")
    assert figures(city, clock).displaced == 1


def test_what_is_older_than_eight_weeks_counts_no_more(city: City, clock: FixedClock) -> None:
    filed(city, clock, "a" * 64, "typed")
    missed(city, clock, "a" * 64)
    clock.forward(days=WEEKS.days + 1)
    found = figures(city, clock)
    assert (found.filed, found.missed, found.contested, found.in_her_name) == (0, 0, 0, 0)
    assert found.seq >= 2


def test_a_quorum_is_more_than_half_of_the_witnesses(city: City, clock: FixedClock) -> None:
    found = figures(city, clock)
    assert found.witnesses == 2, "a test city has two"
    for witnesses, quorum in ((1, 1), (2, 2), (3, 2), (4, 3)):
        assert replace(found, witnesses=witnesses).quorum == quorum


def test_the_mark_of_the_offline_program_is_of_the_file_that_is_served() -> None:
    served = (PROJECT / "assets" / "verify_draw.py").read_bytes()
    assert sha256(served).hexdigest() == PROGRAM


def test_a_ticket_is_of_the_district_that_the_log_names_last(city: City, clock: FixedClock) -> None:
    hers, old, new, unknown = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
    filed(city, clock, hers, "typed")
    because = [filed(city, clock, old, "typed")]
    body = {"district": 4, "officer": "desk-06/00000000", "because": because}
    log(city, clock, Kind.REDIRECTED, old=old, new=new, **body)
    for ticket in (hers, new, unknown):
        log(city, clock, Kind.TAKEN_OUT, ticket=ticket, why="withdrawn", officer="")
    with city.application.store.unit_of_work(clock(), reading=True) as uow:
        acts = acts_in_names(uow, clock() - WEEKS)
        where = districts_of(uow, acts.done)
    assert (acts.done, acts.undone) == ((hers, new, unknown), ())
    assert where == {hers: 6, new: 4, unknown: 0}


ROWS = (
    "UPDATE public_log SET kind = 'skip' WHERE kind = 'no_show'",
    "UPDATE public_log SET at = '2020-01-01T00:00:00Z' WHERE kind = 'taken_out'",
    """UPDATE public_log SET body = replace(body, '"typed"', '"matched"') WHERE kind = 'filed'""",
)


@pytest.mark.on_postgresql
def test_no_row_of_the_log_that_is_changed_later_makes_a_figure_prettier(
    city: City, clock: FixedClock
) -> None:
    filed(city, clock, "a" * 64, "typed")
    missed(city, clock, "a" * 64)
    log(city, clock, Kind.TAKEN_OUT, ticket="a" * 64, why="withdrawn", officer="")
    before = figures(city, clock)
    assert (before.filed, before.typed, before.missed, before.in_her_name) == (1, 1, 1, 1)
    for statement in ROWS:
        change_past_the_program(city.application.store.engine, statement)
    assert figures(city, clock) == before
