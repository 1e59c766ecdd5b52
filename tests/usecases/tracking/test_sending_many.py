"""Messages of hundreds of filings in one hour are read and recorded together."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from support.line import Line
from support.plans import statements_sent

from publicmeeting.notify.outbox import CLAIM, deliver
from publicmeeting.store.lifecycle.outbox import Notice, Outbox

MANY = 10
EACH = 11
"""Most statements of a message, with its share of the batch; single messages took fifteen."""


@pytest.fixture
def statements(line: Line) -> Iterator[list[str]]:
    with statements_sent(line.city.application.store) as sent:
        yield sent


def test_a_message_costs_few_statements_where_many_wait(line: Line, statements: list[str]) -> None:
    line.file(MANY, accepted=False)
    statements.clear()
    assert deliver(line.city.application, line.clock()) == MANY
    assert len(statements) <= MANY * EACH
    assert deliver(line.city.application, line.clock()) == 0


@pytest.mark.on_postgresql
def test_where_many_cannot_be_written_down_together_each_is_alone_and_none_is_sent_twice(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = line.city.application
    line.file(MANY, accepted=False)
    mark_sent, first = Outbox.mark_sent, list[int]()

    def fails(self: Outbox, *notices: Notice) -> None:
        first.extend(notice.id for notice in notices[: not first])
        if any(notice.id in first for notice in notices):
            raise RuntimeError("this one cannot be written")
        mark_sent(self, *notices)

    monkeypatch.setattr(Outbox, "mark_sent", fails)
    with pytest.raises(RuntimeError, match="this one"):
        deliver(application, line.clock())
    monkeypatch.undo()
    line.clock.forward(seconds=(CLAIM + timedelta(seconds=1)).total_seconds())
    assert deliver(application, line.clock()) == 1, "only what could not be written is sent again"
