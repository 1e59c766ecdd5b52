"""An open page whose session ends does not claim to be up to date."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen import mine
from publicmeeting.ui.citizen.timeline import forms, page
from publicmeeting.ui.citizen.timeline.forms import answer_line, ended_session_line
from publicmeeting.ui.citizen.timeline.moves import TURN
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.first import filling
from publicmeeting.ui.first.markup import render_markup
from publicmeeting.ui.shell.act import Asking
from publicmeeting.ui.shell.navigation import why_enter
from publicmeeting.ui.shell.session import Session
from publicmeeting.ui.staff.desk.state import DeskState

ENDED = refusal("session_ended")


@pytest.fixture(autouse=True)
def _door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the address that the browser computes."""
    monkeypatch.setattr(forms, "door_from_here", "{}?next=/mine/".format)


def drawn(
    part: rx.Component,
    *,
    signed_out: bool,
    place: str = "",
    state_of: type[Asking] = TimelineState,
    ready: bool = True,
    refused: str = "",
    reader: str = "",
) -> str:
    """Return what a connected browser draws of a part; not `ready`, what the first bytes show."""
    tree = part.render()
    root = filling._new_root("/mine/0506123457/")
    state = root.get_substate(state_of.get_full_name().split("."))
    state.ready, state.signed_out, state.refused = ready, signed_out, refused
    session = root.get_substate(Session.get_full_name().split("."))
    session.reader = replace(session.reader, name=reader)
    if place:
        state.place = place
    scope = filling._scope_of(filling._vars_of(root, filling._states_of(tree)))
    scope["connectErrors"] = []
    return render_markup(tree, scope, lambda *_: "", filling._INVISIBLE, is_draft=True)


def test_a_case_that_is_not_read_again_says_so_above_it() -> None:
    assert ENDED in drawn(ended_session_line(TimelineState), signed_out=True)
    assert ENDED not in drawn(ended_session_line(TimelineState), signed_out=False)


def test_a_press_is_answered_so_beside_its_button_alone() -> None:
    both = rx.fragment(ended_session_line(TimelineState), answer_line(TimelineState, TURN))
    assert drawn(both, signed_out=True, place=TURN).count(ENDED) == 1


@pytest.mark.parametrize(
    ("bar", "state_of"), [(page.bar, TimelineState), (mine.bar, mine.MineState)]
)
def test_the_bar_of_an_ended_session_promises_nothing_and_reports_no_lost_connection(
    bar: Callable[[], rx.Component], state_of: type[Asking]
) -> None:
    live, ended = (
        drawn(bar(), signed_out=signed_out, state_of=state_of) for signed_out in (False, True)
    )
    assert (chrome_text.LIVE in live, chrome_text.NOT_LIVE in live) == (True, False)
    assert (chrome_text.LIVE in ended, chrome_text.NOT_LIVE in ended) == (False, False)


@pytest.mark.parametrize(
    ("bar", "state_of"), [(page.bar, TimelineState), (mine.bar, mine.MineState)]
)
def test_a_page_that_shows_nothing_yet_claims_nothing(
    bar: Callable[[], rx.Component], state_of: type[Asking]
) -> None:
    """As a browser without scripts shows it for ever."""
    assert chrome_text.LIVE not in drawn(bar(), signed_out=False, state_of=state_of, ready=False)


def test_an_official_reads_why_he_is_out_whatever_name_the_page_has_read_before() -> None:
    no_role = refusal("session_ended", kind="roleless")
    for refused, read in ((ENDED, ENDED), (no_role, no_role), ("", staff_text.NO_WAY_IN)):
        why = rx.el.p(why_enter(DeskState))
        page = drawn(why, signed_out=True, state_of=DeskState, refused=refused, reader="کارشناس")
        assert (read in page, refusal("account_no_term") in page) == (True, False)
