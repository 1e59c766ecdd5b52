"""Unreadable rows, of a bad block or another release, are named, and the check goes on."""

import pytest
from support.hall import Hall
from support.line import MONDAY
from support.triggers import write
from test_books import NAME_OF, found, only

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.oversight import books
from publicmeeting.usecases.oversight.books import (
    Check,
    draws_hold,
    live_marks,
    log_holds,
    replays,
    sealed_opens,
    tables_follow,
)
from publicmeeting.usecases.oversight.rows import promises_match, rows_match

_OF_THIS = "WHERE id = (SELECT max(id) FROM event WHERE request_id = :id AND order_id IS NULL)"


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE event SET action = 'archive' {_OF_THIS}",
        f"UPDATE event SET to_stage = 'archived' {_OF_THIS}",
        f"UPDATE event SET role = 'archivist' {_OF_THIS}",
    ],
)
def test_a_step_of_another_release_is_named_and_ends_no_check(hall: Hall, change: str):
    """After a reverted upgrade the nightly check must not end in a traceback."""
    guest = hall.guests[0]
    write(hall, change, id=guest.request.id)
    whats = found(hall)[NAME_OF[replays]]
    assert [(what.where, what.what) for what in whats] == [
        (
            f"request {guest.code}",
            "has a step, a stage or a role that this release does not know",
        )
    ]


def test_an_order_at_a_step_of_another_release_is_named(hall: Hall):
    number = hall.met(hall.guests[0])[0].number
    write(hall, "UPDATE event SET action = 'archive' WHERE order_id IS NOT NULL")
    assert found(hall)[NAME_OF[replays]][0].where == f"order {number}"


def test_a_stage_of_another_release_is_named_and_ends_no_check(hall: Hall):
    code = hall.guests[0].code
    write(hall, "UPDATE request SET stage = 'archived' WHERE code = :code", code=code)
    findings = found(hall)
    assert list(findings) == [NAME_OF[replays], NAME_OF[tables_follow]]
    assert {one.where for one in findings[NAME_OF[replays]]} == {f"request {code}"}


def test_what_a_check_cannot_read_is_its_finding_and_the_next_ones_are_made(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
):
    def broken(_uow, _now):
        yield books.Finding("request 1", "is strange")
        raise KeyError("a word of a row")

    monkeypatch.setitem(books.CHECKS, NAME_OF[live_marks], broken)
    assert {name: [one.what for one in all_] for name, all_ in found(hall).items()} == {
        NAME_OF[live_marks]: ["is strange", "has ended here: KeyError 'a word of a row'"]
    }


def test_a_fault_of_the_program_is_no_finding(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    def broken(_uow, _now):
        raise RuntimeError
        yield

    monkeypatch.setitem(books.CHECKS, NAME_OF[live_marks], broken)
    with pytest.raises(RuntimeError):
        found(hall)


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("request", "title"),
        ("request", "text"),
        ("request", "needs"),
        ("mayor_order", "text"),
        ("person", "name"),
        ("person", "mobile"),
    ],
)
def test_a_text_that_cannot_be_opened_any_more_is_found(hall: Hall, table: str, column: str):
    number = hall.met(hall.guests[0])[0].number
    one = {"request": hall.guests[0].request.id, "person": hall.guests[0].request.person_id}
    key = "number" if table == "mayor_order" else "id"
    value = one.get(table, number)
    named = hall.guests[0].code if table == "request" else value
    for bad in (b"cut", None) if column == "needs" else (b"cut",):
        write(hall, f"UPDATE {table} SET {column} = :bad WHERE {key} = :key", bad=bad, key=value)
        assert only(hall, sealed_opens) == f"{table} {named}: its {column} cannot be opened"


def test_a_value_of_the_city_that_cannot_be_opened_is_found_before_its_draw(hall: Hall):
    write(hall, "UPDATE draw_secret SET value = :bad WHERE monday = '2026-11-30'", bad=b"cut")
    assert only(hall, sealed_opens) == ("draw_secret 2026-11-30: the city's value cannot be opened")


@pytest.mark.parametrize(("mark", "what"), [("mobile_hash", "a mobile"), ("identity_hash", "an")])
def test_a_person_found_by_the_mobile_or_number_of_another_is_named(
    hall: Hall, mark: str, what: str
):
    """Otherwise a database owner could open her cases with his own phone."""
    person, other = (hall.guests[at].request.person_id for at in (0, 1))
    theirs = f"(SELECT {mark} || '0' FROM person WHERE id = :other)"
    statement = f"UPDATE person SET {mark} = {theirs} WHERE id = :id"
    write(hall, statement, id=person, other=other)
    assert only(hall, sealed_opens).startswith(f"person {person}: is found by {what}")


def test_rules_that_the_log_never_announced_are_found_before_a_draw_runs_by_them(hall: Hall):
    write(hall, "UPDATE rules SET body = replace(body, '1', '2')")
    assert only(hall, tables_follow) == "rules 1: are not those that the log announced"


def test_a_seat_added_to_a_monday_past_the_log_is_found(hall: Hall):
    write(hall, "UPDATE monday SET seats = seats || ',13:45' WHERE district = 6")
    assert "its seats are not those that the log opened it with" in only(hall, tables_follow)


ADDED = """
INSERT INTO seat (district, monday, time, request_id, why, state, answer_by, assigned_at)
SELECT district, '2026-12-07', time, request_id, 'standby', 'refused', answer_by, assigned_at
FROM seat WHERE request_id = :id
"""


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(
    ("statement", "check", "what"),
    [
        (ADDED, rows_match, "was given as standby, its events say"),
        ("UPDATE seat SET assigned_at = answer_by WHERE request_id = :id", rows_match, "given at"),
        ("UPDATE draw SET requests = 1 WHERE id = 'd06-1405-09-09'", tables_follow, "not counted"),
        ("UPDATE draw SET seated = NULL WHERE id = 'd06-1405-09-09'", tables_follow, "not counted"),
    ],
)
def test_a_cell_that_pages_and_figures_read_is_compared(
    hall: Hall, statement: str, check: Check, what: str
) -> None:
    named = {"id": hall.guests[0].request.id} if ":id" in statement else {}
    write(hall, statement, **named)
    assert what in only(hall, check)


def test_how_the_seats_of_a_day_ended_is_compared(hall: Hall) -> None:
    hall.met(hall.guests[0])
    hall.clock.set(at_tehran(MONDAY, "09:45"))
    for action in (Action.CALL, Action.CALL, Action.NO_SHOW):
        hall.act("reception", hall.guests[1], action)
    hall.arrive(hall.guests[2])
    hall.ends()
    assert found(hall) == {}
    for guest in hall.guests:
        key = guest.request.id
        with hall.reading() as uow:
            (state,) = (one.state for one in uow.inspection.seats() if one.request_id == key)
        write(hall, "UPDATE seat SET state = 'released' WHERE request_id = :id", id=key)
        assert "by the log" in only(hall, tables_follow)
        write(hall, "UPDATE seat SET state = :was WHERE request_id = :id", id=key, was=state.value)


def test_the_file_of_a_draw_that_is_gone_or_unreadable_is_found(hall: Hall):
    write(hall, "UPDATE draw SET file = '{' WHERE id = 'd06-1405-09-09'")
    whats = {one.where: one.what for one in found(hall)[NAME_OF[draws_hold]]}
    assert whats == {"draw d06-1405-09-09": "its file cannot be read"}
    write(hall, "DELETE FROM draw WHERE id = 'd06-1405-09-09'")
    whats = {one.where: one.what for one in found(hall)[NAME_OF[draws_hold]]}
    assert whats == {"draw d06-1405-09-09": "is in the log, and its file is gone"}


@pytest.mark.on_postgresql(rows=(0, 1, 3))
@pytest.mark.parametrize(
    ("change", "many", "first"),
    [
        ("DELETE FROM log_index WHERE seq = 20", 1, 20),
        ("UPDATE log_index SET ticket = 'another' WHERE seq = 20", 1, 20),
        ("UPDATE log_index SET seq = 2000 WHERE seq = 20", 2, 20),
        (
            "INSERT INTO log_index SELECT 2000, ticket, about, kind FROM log_index WHERE seq = 20",
            1,
            2000,
        ),
    ],
)
def test_an_index_that_hides_or_makes_up_an_entry_of_the_log_is_found(
    hall: Hall, change: str, many: int, first: int
):
    """The next entry that needs it as a cause would be a fault of the city for ever."""
    write(hall, change)
    what = f"the index of {many} entries does not say what is in them: {first}"
    assert only(hall, log_holds) == f"public log: {what}"


def test_an_order_whose_picture_is_gone_is_found(hall: Hall):
    number = hall.met(hall.guests[0])[0].number
    write(hall, "UPDATE mayor_order SET image_id = 'gone' WHERE number = :one", one=number)
    assert only(hall, promises_match) == f"order {number}: its picture has no row"
