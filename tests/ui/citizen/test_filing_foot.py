"""The strip at the foot of a filing step is shown only if it holds a button."""

import pytest
import reflex as rx

from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.request.page import foot
from publicmeeting.ui.citizen.request.parts import live_one
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.request.views import Applicant
from publicmeeting.ui.first import filling
from publicmeeting.ui.first.markup import render_markup

MOBILE = "09120000001"


def drawn(
    step: int,
    *,
    mobile: str = "",
    live_one: str = "",
    refused: str = "",
    signed_out: bool = False,
) -> str:
    """Return what a browser draws of the strip."""
    return _drawn_of(
        foot(), step, mobile=mobile, live_one=live_one, refused=refused, signed_out=signed_out
    )


def _drawn_of(
    part: rx.Component,
    step: int,
    *,
    mobile: str = "",
    live_one: str = "",
    refused: str = "",
    signed_out: bool = False,
) -> str:
    tree = part.render()
    root = filling._new_root("/request/")
    state = root.get_substate(BookingState.get_full_name().split("."))
    state.step, state.ready, state.refused = step, True, refused
    state.signed_out = signed_out
    state.applicant = Applicant(mobile=mobile, live_one=live_one)
    found = filling._vars_of(root, filling._states_of(tree))
    scope = filling._scope_of(found)
    return render_markup(tree, scope, lambda *_: "", filling._INVISIBLE, is_draft=True)


@pytest.mark.parametrize("step", [1, 3])
def test_a_screen_with_an_open_request_leads_to_it_once(step: int) -> None:
    shown = _drawn_of(live_one(), step, live_one="0506123457") + drawn(step, live_one="0506123457")
    assert f"{filing_text.LIVE_ONE}</strong>" in shown
    assert filing_text.LIVE_ONE.endswith("."), "a sentence follows in the same line"
    assert "فقط یک درخواست باز می‌تواند" in filing_text.LIVE_ONE_WHY, "of what, and that it may be"
    assert shown.count(filing_text.SEE_IT) == 1


@pytest.mark.parametrize(
    ("step", "more", "has_foot"),
    [
        (2, {}, True),
        (3, {}, False),
        (3, {"mobile": MOBILE}, True),
        (3, {"refused": "نه"}, True),
        (3, {"live_one": "0506123457"}, True),
        (4, {"mobile": MOBILE}, True),
    ],
)
def test_a_step_without_a_button_has_no_strip_below(
    step: int,
    more: dict[str, str],
    has_foot: bool,  # noqa: FBT001
) -> None:
    assert ('class="foot foot-sticky"' in drawn(step, **more)) is has_foot


@pytest.mark.parametrize(("step", "mobile"), [(3, MOBILE), (3, ""), (4, MOBILE)])
def test_whose_session_has_ended_reads_it_beside_the_button_she_pressed(
    step: int, mobile: str
) -> None:
    """On a phone the head of the page is far above it."""
    ended = refusal("session_ended")
    at_button = drawn(step, mobile=mobile, refused=ended, signed_out=True)
    assert ended in at_button
    assert 'href="/request/?step=3"' in at_button
    assert filing_text.SIGN_IN_AGAIN in at_button
    assert filing_text.SIGN_IN_AGAIN not in drawn(step, mobile=mobile)
