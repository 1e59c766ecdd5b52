"""Weeks, debts and counts are computed again from what everybody can read."""

import pytest
from support.hall import Hall
from test_books import damage, only

from publicmeeting.usecases.oversight.books import tables_follow


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("waited = waited + 1", "has waited 1, the log says 0"),
        ("given_up = 2", "has given_up 2, the log says 0"),
        ("unanswered = 1", "has unanswered 1, the log says 0"),
        ("debt = 1", "has debt 1, the log says 0"),
    ],
)
def test_weeks_or_a_debt_given_past_the_log_are_found(hall: Hall, change: str, finding: str):
    code = hall.guests[0].code
    damage(hall, f"UPDATE request SET {change} WHERE code = :code", code=code)
    assert only(hall, tables_follow) == f"request {code}: {finding}"
