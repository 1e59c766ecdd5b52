"""Constants of the program are written out in statements that never change."""

import pytest
from sqlalchemy import event
from support.clock import FixedClock

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.database.words import word, words


def test_they_are_written_out_in_one_order() -> None:
    assert [str(element) for element in words([Stage.WAITING, Stage.SUBMITTED])] == [
        "'submitted'",
        "'waiting'",
    ]
    assert [str(element) for element in words(Stage)] == [f"'{stage}'" for stage in sorted(Stage)]
    assert len(words(Action)) == len(Action)


@pytest.mark.parametrize("sent", ["", "it's", "a b", "x'--", "۱", "stage%", "A"])
def test_nothing_else_is_written_out(sent: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        word(sent)
    with pytest.raises(ValueError, match="no word"):
        words(["open", sent])


def test_a_list_of_them_is_no_list_of_values(application: Application, clock: FixedClock) -> None:
    """Otherwise the statement would be compiled again each time."""
    sent: list[tuple[str, object]] = []

    def note(*what: object) -> None:
        sent.append((str(what[2]), what[3]))

    with application.store.unit_of_work(clock(), reading=True) as uow:
        event.listen(application.store.engine, "before_cursor_execute", note)
        uow.clockwork.prefetch()
        uow.outbox.has_due()
        event.remove(application.store.engine, "before_cursor_execute", note)
    (prefetched, values), (due, _) = sent[-2:]
    assert "IN ('answered', 'invited', 'needs_info')" in prefetched
    assert "answered" not in str(values)
    assert "IN ('" in due
