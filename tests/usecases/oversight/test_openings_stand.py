"""After an audit has read who opened a case, the database owner cannot change that unseen."""

from datetime import timedelta

import pytest
from support.hall import Hall
from support.line import MONDAY
from support.triggers import write
from test_books import NAME_OF, found

from publicmeeting.kit.clock import tehran_day
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.oversight.books import histories_stand
from publicmeeting.usecases.public_record.auditing import audit_before
from publicmeeting.usecases.screening.inbox import open_case

CHANGES = {
    "removed": "DELETE FROM opening",
    "by another": "UPDATE opening SET account_id ="
    " (SELECT id FROM account WHERE username = 'mayor')",
    "invented": "INSERT INTO opening (request_id, account_id, day, role, at, with_name)"
    " SELECT request_id, account_id, '2026-11-02', role, at, with_name FROM opening",
}


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_opening_that_is_changed_after_the_audit_is_found(hall: Hall, change: str) -> None:
    hall.execute("desk", open_case, OneCase(code=hall.guests[0].code))
    hall.clock.forward(days=1)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        audit_before(uow, MONDAY + timedelta(weeks=1), hall.clock())
    hall.execute("desk", open_case, OneCase(code=hall.guests[1].code))
    assert NAME_OF[histories_stand] not in found(hall)
    write(hall, change)
    *_, one = found(hall)[NAME_OF[histories_stand]]
    assert one.where == "table opening"
    assert one.what.startswith(f"is not what had happened up to {MONDAY} when")


def test_a_day_that_is_not_over_is_left_to_the_next_audit(hall: Hall) -> None:
    with hall.reading() as uow:
        assert uow.histories.settled(hall.clock())["opening"] < tehran_day(hall.clock()).toordinal()
