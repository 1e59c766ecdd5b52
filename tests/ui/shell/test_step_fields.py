"""A step's form has the fields of its row in the table, on every page."""

import pytest

from publicmeeting.domain.lifecycle.tables import STEP_FOR, AnyAction
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.shell.steps.state import first_field
from publicmeeting.ui.shell.steps.views import (
    missing_fields,
    read_fields,
    step_form,
    step_named,
    takes,
)


def test_only_what_the_row_names_is_read_and_what_was_not_drawn_is_left_out() -> None:
    sent = {"note": "بازدید شد.", "reason": None, "identity": "1234", "code": "14050909063"}
    assert read_fields(takes(STEP_FOR[Action.DECLINE]), sent) == {"note": "بازدید شد."}


@pytest.mark.parametrize(
    ("sent", "photos"),
    [({}, ()), ({"photos": "a"}, ("a",)), ({"photos": ["a", "", None, "b"]}, ("a", "b"))],
    ids=["none", "one", "several"],
)
def test_photographs_are_all_that_were_sent(sent: dict[str, object], photos: tuple[str]) -> None:
    assert read_fields((Need.PHOTOS,), sent) == {"photos": photos}


@pytest.mark.parametrize(
    ("action", "sent", "missing"),
    [
        (Action.REDIRECT, {}, ["district", "note"]),
        (Action.REDIRECT, {"district": "7", "note": " \u200c\u200f "}, ["note"]),
        (Action.ASK_LANE, {"lane": "access", "photos": ()}, ["photos"]),
        (Action.ASK_LANE, {"lane": "access", "photos": ("a",)}, []),
        (OrderAction.SAY_DONE, {"verdict": "no"}, []),
    ],
    ids=["both", "invisible", "no photo", "photo", "may have a note"],
)
def test_what_is_missing_is_named_in_the_order_of_the_row(
    action: AnyAction, sent: dict[str, object], missing: list[str]
) -> None:
    found = missing_fields(STEP_FOR[action], sent)
    assert list(found.items()) == [(name, refusal(f"need_{name}")) for name in missing]


@pytest.mark.parametrize(
    ("action", "field"),
    [
        (Action.ARRIVE, "identity"),
        (Action.DECLINE, "reason"),
        (Action.CALL_IN, "skip"),
        (Action.CHECK_ORIGINAL, "original"),
        (OrderAction.COMMENT, "audience"),
        (OrderAction.REASSIGN, "unit"),
        (OrderAction.RETRY, "due_on"),
        (OrderAction.REPORT, "note"),
        (Action.NO_SHOW, "send-step"),
    ],
)
def test_the_first_question_of_a_form_has_the_focus(action: AnyAction, field: str) -> None:
    """A user of keys or of a screen reader would pass by a question above the focus."""
    units = (Choice("d06-green", "فضای سبز"),)
    assert first_field(step_form(STEP_FOR[action], units=units)) == field


def test_a_word_that_is_no_action_is_no_step() -> None:
    assert step_named("decline") is STEP_FOR[Action.DECLINE]
    assert step_named("fly") is None
