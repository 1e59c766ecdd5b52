"""Columns that repeat events: a change behind the program's back is found by the event."""

import pytest
from support.hall import Hall
from support.triggers import write
from test_books import found, only

from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.domain.stages import OrderAction
from publicmeeting.usecases.accounts.staff_accounts import (
    ChangePassword,
    DismissAccount,
    change_password,
    dismiss_account,
    hash_password,
)
from publicmeeting.usecases.officials.managing import OneOfficial, lift, suspend
from publicmeeting.usecases.oversight.held_accounts import accounts_match, accounts_tagged
from publicmeeting.usecases.oversight.rows import notices_match, promises_match, rows_match

_EARLIER = "2026-10-01 00:00:00+00:00"
_HERS = "WHERE request_id = :id AND role = 'citizen' AND action = 'seat'"
_ANOTHER = "(SELECT max(id) FROM person WHERE id <> person_id)"
_NEVER = "state = 'waiting', next_try_at = '2099-01-01 00:00:00+00:00'"


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (f"UPDATE request SET filed_at = '{_EARLIER}' WHERE id = :id", "its filing is 2026-10-01"),
        (
            f"UPDATE request SET stage_at = '{_EARLIER}' WHERE id = :id",
            "its stage's beginning is 2026-10-01",
        ),
        (
            "UPDATE request SET subject = 'trees' WHERE id = :id",
            "its subject is trees, its events say street",
        ),
        (
            f"UPDATE seat SET answer_by = '{_EARLIER}' WHERE request_id = :id",
            "was hers until 2026-10-01",
        ),
        (
            "UPDATE seat SET why = 'free' WHERE request_id = :id",
            "was given as free, its events say line",
        ),
        ("DELETE FROM request_mark WHERE request_id = :id", "its search marks are lost"),
    ],
)
def test_a_cell_that_its_events_did_not_make_is_found(hall: Hall, change: str, what: str):
    write(hall, change, id=hall.guests[0].request.id)
    assert what in only(hall, rows_match)


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (f"DELETE FROM outbox {_HERS}", "its citizen has no notice of event"),
        (f"UPDATE outbox SET person_id = {_ANOTHER} {_HERS}", "its citizen has no notice of event"),
        (f"UPDATE outbox SET person_id = {_ANOTHER} {_HERS}", "or goes to another person"),
        (f"UPDATE outbox SET action = 'decline' {_HERS}", "is not of its event"),
        (f"UPDATE outbox SET order_id = 'another' {_HERS}", "is not of its event"),
        (f"UPDATE outbox SET {_NEVER} {_HERS}", "waits longer than any notice"),
    ],
)
def test_a_notice_that_is_gone_or_goes_elsewhere_is_found(hall: Hall, change: str, what: str):
    write(hall, change, id=hall.guests[0].request.id)
    assert what in only(hall, notices_match)


def test_a_comment_among_officials_needs_no_notice(hall: Hall):
    number = hall.met(hall.guests[0])[0].number
    hall.step("technical", number, OrderAction.COMMENT, note="میان ما.", audience="internal")
    assert found(hall) == {}


_OF_A_DESK = "UPDATE account SET {} WHERE username = 'desk'"


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("password_hash = 'of another'", "has a password that nobody has chosen for it here"),
        ("active = (1 = 0)", "is off, its history says never ended"),
        (f"suspended_at = '{_EARLIER}'", "is suspended since 2026-10-01"),
    ],
)
def test_an_account_changed_past_the_program_is_found(hall: Hall, change: str, what: str):
    write(hall, _OF_A_DESK.format(change))
    assert what in only(hall, accounts_match, accounts_tagged)


def test_whom_the_program_has_ended_is_not_switched_on_by_a_row(hall: Hall):
    hall.application.execute_as(COMMAND_LINE, dismiss_account, DismissAccount(username="desk"))
    assert found(hall) == {}
    write(hall, _OF_A_DESK.format("active = (1 = 1)"))
    assert "desk: is on, its history says ended" in only(hall, accounts_match, accounts_tagged)


@pytest.mark.on_postgresql
def test_whom_the_program_has_suspended_is_as_his_history_says(hall: Hall):
    with hall.reading() as uow:
        (desk,) = (one.id for one in uow.accounts.all() if one.username == "desk")
    for act in (suspend, lift, suspend):
        hall.application.execute_as(COMMAND_LINE, act, OneOfficial(account=desk))
        assert found(hall) == {}
    write(hall, _OF_A_DESK.format("suspended_at = NULL"))
    what = "is suspended since None, its history says 2026"
    assert what in only(hall, accounts_match, accounts_tagged)


def test_a_password_chosen_by_the_program_is_hers(hall: Hall):
    command = ChangePassword(username="desk", password_hash=hash_password("سه‌تا واژهٔ نو اینجا"))
    hall.application.execute_as(COMMAND_LINE, change_password, command)
    assert found(hall) == {}


@pytest.mark.on_postgresql
def test_an_order_that_is_removed_with_everything_of_it_is_missed(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.met(guest)
    for table in ("outbox", "event", "custody", "image"):
        its = "sheet" if table == "custody" else "order_id"
        write(hall, f"DELETE FROM {table} WHERE {its} IS NOT NULL")
    write(hall, "DELETE FROM mayor_order")
    assert only(hall, promises_match) == (
        f"request {guest.code}: its meeting ended with an order, and there is no order"
    )
