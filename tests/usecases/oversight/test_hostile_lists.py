"""One row with a time that no program reads takes a list from nobody."""

import tracemalloc
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from support.hall import TECHNICAL, Hall
from support.line import DISTRICT as LINE_DISTRICT
from support.line import MONDAY as LINE_MONDAY
from support.line import WEDNESDAY, Line
from support.triggers import change_past_the_program, write
from support.witnesses import Witness

from publicmeeting.domain.roles import NOBODY, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.districts import texts
from publicmeeting.ui.mayor.orders import order_rows
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.districts.closing import city_calendar
from publicmeeting.usecases.line.ceremony.late_value import value_desk
from publicmeeting.usecases.line.offers import offers_due
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list, open_monday
from publicmeeting.usecases.meetings.in_hall.displays import hall_settings
from publicmeeting.usecases.meetings.in_hall.hall import screen_of
from publicmeeting.usecases.officials.listing import AskOfficials, officials
from publicmeeting.usecases.officials.own_account import own_account
from publicmeeting.usecases.orders.lists import OrdersList, orders_list
from publicmeeting.usecases.oversight.audit import SearchAudit, search_audit
from publicmeeting.usecases.oversight.security_events import AskEvents, security_events
from publicmeeting.usecases.public_record import ceremony
from publicmeeting.usecases.public_record.log import InDistrict, draw_list
from publicmeeting.usecases.screening.inbox import Inbox, inbox
from publicmeeting.usecases.screening.lane_judging import lane_list
from publicmeeting.usecases.tracking.timeline import timeline_page

MONDAY = (
    'INSERT INTO monday (district, "on", seats, state, rules, why, place, guest, ranges_held,'
    " ranges_shown, tag) VALUES (6, :never, '', 'open', 1, '', '', '', 0, 0, '')"
)
DISTRICT = "INSERT INTO district (number, mayor) VALUES (-1, '')"
DRAW = "INSERT INTO draw (id, district, monday, state, file) VALUES ('x', 6, :never, 'open', '{}')"
FROZEN = "UPDATE draw SET frozen_at = :never WHERE district = 4"
STEP = "UPDATE account_event SET at = :never"
FILED = "UPDATE request SET filed_at = :never WHERE id = :request"
ROLE = "UPDATE role_grant SET until_on = :never WHERE role = 'overseer'"
ORDER = "UPDATE mayor_order SET stage_at = :never WHERE request_id = :request"

PROPOSAL = (
    "INSERT INTO account_decision (id, kind, body, proposed_by, proposed_at, not_before, state,"
    " tag) VALUES ('x', 'role', '{}', 'x', :never, :never, 'proposed', '')"
)
LINK = (
    "INSERT INTO invitation (id, account_id, kind, by_account, tag, created_at, expires_at)"
    " SELECT 'x', id, 'x', 'x', '', :never, :never FROM account WHERE username = 'desk'"
)
QUESTION = (
    "INSERT INTO lane_ask (id, request_id, district, contest, asked_at, due_at, case_name)"
    " VALUES ('x', :request, 6, 0, :never, :never, '')"
)
JUDGE = (
    "INSERT INTO lane_judge (ask_id, account_id, tag)"
    " SELECT 'x', id, '' FROM account WHERE username = 'desk4'"
)
TEXTS = "UPDATE district_text SET from_on = :never WHERE district = 4"
DECIDED = "UPDATE district_text SET decided_by = 'zzz', decided_at = NULL WHERE district = 4"
BODY = "UPDATE district_text SET body = '[]' WHERE district = 4"
SCREEN = (
    "INSERT INTO hall_display (id, district, made_by, made_at, expires_at)"
    " VALUES ('x', 6, 'x', :never, :never)"
)
NOTED = "UPDATE security_event SET at = :never"
MANY = {
    "sqlite": "UPDATE role_grant SET district = 4611686018427387904 WHERE role = 'phone'",
    "postgresql": "UPDATE role_grant SET district = 2147483647 WHERE role = 'phone'",
}
NO_TEXT = {
    "sqlite": "UPDATE person SET level = CAST(x'fffe' AS TEXT)",
    "postgresql": "UPDATE person SET level = '\ufffd'",
}


def never(engine: Engine) -> str:
    return "infinity" if engine.dialect.name == "postgresql" else "zzz"


def spoil(hall: Hall, statement: str) -> None:
    engine = hall.application.store.engine
    values = {"never": never(engine), "request": hall.guests[0].request.id}
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    change_past_the_program(engine, statement, **used)


@pytest.mark.on_postgresql
def test_everybodys_pages_leave_it_out(hall: Hall) -> None:
    for statement in (MONDAY, DISTRICT, DRAW, FROZEN):
        spoil(hall, statement)
    query, administrator = hall.application.query_as, hall.as_("administrator")
    assert {tile.district for tile in query(NOBODY, city_board, Nothing()).lines} >= {4, 6}
    assert query(NOBODY, draw_list, InDistrict())
    assert query(NOBODY, ceremony.draw_list, ceremony.MondaysBefore()).mondays
    query(administrator, value_desk, Nothing())


@pytest.mark.on_postgresql
def test_officials_lists_leave_it_out(hall: Hall) -> None:
    orders = [hall.met(guest, TECHNICAL)[0].number for guest in hall.guests[:2]]
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        uow.security.report_forged("a row")
    for statement in (STEP, ORDER, ROLE, PROPOSAL, LINK, QUESTION, JUDGE, NOTED, DECIDED):
        spoil(hall, statement)
    spoil(hall, MANY[hall.application.store.engine.dialect.name])
    query, administrator = hall.application.query_as, hall.as_("administrator")
    assert hall.application.execute_as(administrator, search_audit, SearchAudit()).entries
    assert query(administrator, officials, AskOfficials())
    query(administrator, own_account, Nothing())
    assert query(administrator, security_events, AskEvents()).events == ()
    assert query(hall.as_("desk4"), lane_list, Nothing()).lines == ()
    with hall.reading() as uow:
        assert [order.number for order in uow.orders.listed(limit=10)] == orders[1:]


@pytest.mark.on_postgresql
@pytest.mark.parametrize("statement", [TEXTS, BODY])
def test_the_texts_of_one_district_end_no_page_of_another(hall: Hall, statement: str) -> None:
    spoil(hall, statement)
    assert set(hall.query(NOBODY, city_board, Nothing()).texts) == {6}


@pytest.mark.on_postgresql
def test_forged_texts_change_no_seats(hall: Hall) -> None:
    """The next Monday opens with the seats of the newest genuine version."""
    fewer = (
        "INSERT INTO district_text (district, body, from_on, state, proposed_by, proposed_at)"
        " SELECT district, :body, '2026-11-24', state, proposed_by, proposed_at FROM district_text"
        " WHERE district = 6"
    )
    before = hall.query(NOBODY, city_board, Nothing()).texts[6]
    body = texts._body(replace(before, seats=before.seats[:1]))
    change_past_the_program(hall.application.store.engine, fewer, body=body)
    after = hall.query(NOBODY, city_board, Nothing()).texts[6]
    assert (after.seats, after.is_genuine) == (before.seats, False)


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seat SET time = 'zzz' WHERE request_id = :request",
        "UPDATE request SET subject = 'zzz' WHERE id = :request",
        "UPDATE draw SET file = 'zzz' WHERE district = 6",
    ],
)
def test_one_visitor_of_nonsense_takes_the_monday_from_nobody(hall: Hall, statement: str) -> None:
    """Her own line stays: the city knows who she is."""
    spoil(hall, statement)
    codes = {one.code for one in hall.guests}
    assert {one.code for one in hall.query("reception", monday_list, ADay()).visitors} == codes
    assert {one.code for one in hall.query("mayor", agenda, ADay()).board.visitors} == codes
    with hall.reading() as uow:
        screen_of(uow, LINE_DISTRICT, hall.clock.now)
    hall.arrive(hall.guests[1])


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("statement", "is_left_out"),
    [
        (FILED, False),
        ("UPDATE event SET order_id = NULL WHERE request_id = :request AND action = 'issue'", True),
        ("UPDATE event SET payload = '{}' WHERE request_id = :request AND action = 'issue'", True),
    ],
)
def test_one_case_takes_no_order_of_others_from_a_unit_or_a_mayor(
    hall: Hall, statement: str, *, is_left_out: bool
) -> None:
    orders = [hall.met(guest, TECHNICAL)[0].number for guest in hall.guests[:2]]
    spoil(hall, statement)
    found = hall.query("technical", orders_list, OrdersList())
    assert {line.number for line in found.lines} == {*orders[is_left_out:]}
    hall.query("mayor", agenda, ADay())


@pytest.mark.on_postgresql
def test_two_visitors_whose_rows_are_exchanged_go_in_at_their_own_times(hall: Hall) -> None:
    def listed() -> list[tuple[str, str]]:
        found = hall.query("reception", monday_list, ADay()).visitors
        return [(one.code, one.time) for one in found]

    before = listed()
    for own, time in zip(hall.guests[:2], (before[1][1], before[0][1]), strict=True):
        change = "UPDATE seat SET time = :time, state = 'x' WHERE request_id = :request"
        values = {"time": time, "request": own.request.id}
        change_past_the_program(hall.application.store.engine, change, **values)
    change_past_the_program(
        hall.application.store.engine, "UPDATE seat SET state = 'held' WHERE state = 'x'"
    )
    assert listed() == before


@pytest.mark.on_postgresql
@pytest.mark.parametrize(("day", "state"), [("9999-12-31", "open"), ("never", "drawn")])
def test_the_day_of_one_draw_stops_no_filing_and_ends_no_page_of_others(
    hall: Hall, day: str, state: str
) -> None:
    day = never(hall.application.store.engine) if day == "never" else day
    line = Line(hall.city, hall.clock)
    (before,) = line.file(1, accepted=False)
    change = (
        "UPDATE draw SET monday = :day WHERE id ="
        " (SELECT max(id) FROM draw WHERE district = 6 AND state = :state)"
    )
    change_past_the_program(hall.application.store.engine, change, day=day, state=state)
    (after,) = line.file(1)
    for one in (before, after):
        hall.query(one.actor, timeline_page, OneCase(code=one.code))
    hall.query(hall.guests[0].actor, timeline_page, OneCase(code=hall.guests[0].code))
    hall.query("administrator", city_calendar, Nothing())


LONG = 20_000_000


@pytest.mark.on_postgresql
def test_no_page_reads_an_endless_cell(hall: Hall) -> None:
    hall.application.worker.read_log()
    hall.query(NOBODY, city_board, Nothing())
    for statement in (
        "UPDATE rules SET body = :long",
        "UPDATE monday SET why = :long, place = :long WHERE district = 4",
        "UPDATE district_text SET body = :long WHERE district = 4",
    ):
        change_past_the_program(hall.application.store.engine, statement, long="x" * LONG)
    tracemalloc.start()
    board = hall.query(NOBODY, city_board, Nothing())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 6 in {line.district for line in board.lines}
    assert most < LONG


@pytest.mark.on_postgresql
@pytest.mark.parametrize("column", ["payload", "role"])
def test_no_list_of_a_monday_reads_an_endless_step(hall: Hall, column: str) -> None:
    """Its tag was computed for each place that it might have in its case."""
    hall.query("reception", monday_list, ADay())
    change = f"UPDATE event SET {column} = :long WHERE request_id = :request AND action = 'accept'"
    values = {"long": "x" * (LONG // 10), "request": hall.guests[0].request.id}
    change_past_the_program(hall.application.store.engine, change, **values)
    tracemalloc.start()
    found = hall.query("reception", monday_list, ADay()).visitors
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {one.code for one in hall.guests[1:]} <= {one.code for one in found}
    assert most < LONG // 10


@pytest.mark.on_postgresql
def test_a_screen_that_cannot_be_read_ends_no_hall(hall: Hall) -> None:
    spoil(hall, SCREEN)
    assert hall.query("reception", hall_settings, Nothing()).displays == ()


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE draw SET drawn_at = :never WHERE district = 4",
        "UPDATE draw SET monday = '9999-12-31' WHERE district = 4 AND state = 'drawn'",
    ],
)
def test_a_drawn_row_that_cannot_be_read_stops_no_offer_of_others(
    hall: Hall, statement: str
) -> None:
    spoil(hall, statement)
    with hall.reading() as uow:
        drawn = uow.draws.drawn_since(tehran_day(hall.clock.now))
        assert [district for district, *_ in drawn] == [6]
        offers_due(uow, hall.clock.now)


@pytest.mark.on_postgresql
def test_an_opening_that_cannot_be_read_closes_no_list(hall: Hall) -> None:
    guest = hall.guests[0]
    for who in ("reception", "reception"):
        hall.execute(who, open_monday, ADay())
        spoil(hall, "UPDATE opening SET at = :never, case_at = :never")
    with hall.reading() as uow:
        ids, now = [one.request.id for one in hall.guests], hall.clock.now
        desk = hall.as_("desk")
        assert uow.requests.opened_by_others(ids, desk, Role.RECEPTION, now) == {}
        assert uow.requests.openings(guest.request) == []


@pytest.mark.on_postgresql
def test_a_person_who_cannot_be_read_closes_no_monday(hall: Hall) -> None:
    hall.execute("reception", open_monday, ADay())
    guest = hall.guests[0]
    change = "UPDATE person SET displaced_at = :never WHERE id = :person"
    person, engine = guest.request.person_id, hall.application.store.engine
    change_past_the_program(engine, change, never=never(engine), person=person)
    board = hall.execute("reception", open_monday, ADay())
    assert len(board.visitors) >= len(hall.guests) - 1
    assert all(one.name for one in board.visitors if one.code != guest.code)


@pytest.mark.on_postgresql
def test_a_witness_whose_times_cannot_be_read_holds_up_no_draw(line: Line) -> None:
    line.file(2)
    council = Witness(line, "council")
    council.commits()
    engine = line.city.application.store.engine
    spoiled = "UPDATE witness_commitment SET committed_at = :never, shown_at = :never"
    change_past_the_program(engine, spoiled, never=never(engine))
    with line.reading() as uow:
        (seen,) = uow.witnesses.of(LINE_MONDAY)
        assert (seen.party, seen.shown_at) == ("council", None)
    line.until(WEDNESDAY, "20:00")
    assert line.draw().state == "drawn"
    assert line.city.application.query_as(
        NOBODY, ceremony.draw_list, ceremony.MondaysBefore()
    ).mondays


@pytest.mark.on_postgresql
def test_a_text_that_is_no_utf8_ends_no_page(hall: Hall) -> None:
    """PostgreSQL stores none; SQLite does, and its driver then ends the whole statement."""
    spoil(hall, NO_TEXT[hall.application.store.engine.dialect.name])
    hall.query("reception", monday_list, ADay())
    hall.query("mayor", agenda, ADay())


@pytest.mark.on_postgresql
def test_a_desk_still_sees_all_others(line: Line) -> None:
    spoiled, other = line.file(2, accepted=False)
    engine, before = line.city.application.store.engine, spoiled.request
    change_past_the_program(engine, FILED, never=never(engine), request=before.id)
    page = line.city.application.query_as(line.city.as_("desk"), inbox, Inbox())
    assert [one.line.code for one in page.lines] == [other.code]
    change_past_the_program(engine, FILED, never=f"{before.filed_at:%F %T}", request=before.id)


@pytest.mark.on_postgresql
def test_a_code_or_a_day_that_nobody_can_have_ends_no_monday_and_no_list(hall: Hall) -> None:
    """PostgreSQL takes both: its news of a commit must be shorter, and no page shows the day."""
    (order,) = hall.met(hall.guests[0])
    write(hall, "UPDATE mayor_order SET due_on = '0001-01-01' WHERE number = :n", n=order.number)
    longest, spoiled = "UPDATE request SET code = :code WHERE id = :id", hall.guests[1].request.id
    write(hall, longest, code="7" * 9_000, id=spoiled)
    assert len(hall.execute("reception", open_monday, ADay()).visitors) == len(hall.guests)
    found = hall.query("mayor", orders_list, OrdersList())
    assert [row.end for row in order_rows(found, "")]
