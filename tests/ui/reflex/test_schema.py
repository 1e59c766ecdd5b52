"""A state that another release has stored begins anew if what it holds has another shape."""

from dataclasses import dataclass, fields
from typing import Any

import pytest
import reflex as rx
from reflex.state import BaseState
from reflex.utils.exceptions import StateSchemaMismatchError

from publicmeeting import publicmeeting
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.mayor.meeting.draft import Draft
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.reflex import schema
from publicmeeting.ui.shell.act import Answer
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper

assert publicmeeting.app


@dataclass(frozen=True)
class _Added:
    fresh: str = ""


def forget_schemas() -> None:
    BaseState._to_schema.cache_clear()
    schema._of_pages.cache_clear()


@pytest.mark.parametrize(
    ("kind", "view", "is_sent"),
    [
        pytest.param(MeetingState, Answer, True, id="a view"),
        pytest.param(MeetingState, Draft, False, id="what only the server knows"),
        pytest.param(TimelineState, CheckedPaper, False, id="an item of a dictionary"),
    ],
)
def test_a_state_with_a_field_more_is_not_read(
    monkeypatch: pytest.MonkeyPatch, *, kind: type[rx.State], view: type, is_sent: bool
) -> None:
    """Values with slots are stored without names: each would stand in its neighbour's place."""
    made: Any = kind
    stored = made(init_substates=False, _reflex_internal_init=True)._serialize()
    pages = rx.State._to_frontend_schema()
    assert type(BaseState._deserialize(stored)) is kind
    more = {field.name: field for field in (*fields(_Added), *fields(view))}
    monkeypatch.setattr(view, "__dataclass_fields__", more)
    forget_schemas()
    try:
        with pytest.raises(StateSchemaMismatchError):
            BaseState._deserialize(stored)
        assert (rx.State._to_frontend_schema() != pages) is is_sent
    finally:
        monkeypatch.undo()
        forget_schemas()
    assert type(BaseState._deserialize(stored)) is kind
    assert rx.State._to_frontend_schema() == pages
