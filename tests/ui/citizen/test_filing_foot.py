"""The strip at the foot of a filing's steps: there where it holds a button."""

import pytest

from publicmeeting.ui.citizen.request.page import foot
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.request.views import Applicant
from publicmeeting.ui.first import filling
from publicmeeting.ui.first.markup import render_markup

MOBILE = "09120000001"


def drawn(step: int, *, mobile: str = "", live_one: str = "", refused: str = "") -> str:
    """What a browser draws there."""
    tree = foot().render()
    root = filling._new_root("/request/")
    state = root.get_substate(BookingState.get_full_name().split("."))
    state.step, state.ready, state.refused = step, True, refused
    state.applicant = Applicant(mobile=mobile, live_one=live_one)
    found = filling._vars_of(root, filling._states_of(tree))
    scope = filling._scope_of(found)
    return render_markup(tree, scope, lambda *_: "", filling._INVISIBLE, is_draft=True)


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
