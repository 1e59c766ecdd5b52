"""The store refuses to write an entry that no reader of the log could read."""

import pytest
from support.clock import FixedClock
from support.each import in_one_city
from support.log_bodies import skipped

from publicmeeting.application import Application
from publicmeeting.turns.kinds import Kind


@pytest.mark.on_postgresql
@in_one_city(
    "body",
    [
        {},
        {**skipped(), "name": "sara"},
        {key: value for key, value in skipped().items() if key != "officer"},
        {**skipped(), "ticket": "a"},
        {**skipped(), "officer": ""},
        {**skipped(), "draw": 7},
    ],
)
def test_a_body_out_of_form_is_refused_and_nothing_is_written(
    application: Application, clock: FixedClock, body: dict[str, object]
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        before = uow.log.head().seq
        with pytest.raises(ValueError, match="skip: no such entry"):
            uow.log.append(Kind.SKIP, body, clock())
        assert uow.log.head().seq == before
        assert uow.log.append(Kind.SKIP, skipped(), clock()).seq == before + 1
