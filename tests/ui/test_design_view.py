"""How view models go to the browser: blank ones as nothing, small ones without empty fields."""

import copy
from dataclasses import dataclass, field

import pytest
from contract.surface import states
from reflex.state import State
from reflex_base.utils.format import json_dumps

from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move
from publicmeeting.ui.design.models import Badge, MapTile, Photo, Row, Tile
from publicmeeting.ui.design.view import View
from publicmeeting.ui.shell.act import Answer


@dataclass(frozen=True)
class Shown(View):
    title: str = ""
    photo: Photo = field(default_factory=Photo)
    times: int = 0


@pytest.mark.parametrize(
    ("view", "told"),
    [
        (Shown(), "null"),
        (Shown(times=2), '{"title": "", "photo": null, "times": 2}'),
        (MapTile(0, "۰"), '{"number": 0, "text": "۰", "kind": "plain"}'),
        (Row("نامه"), '{"title": "نامه"}'),
        (Row("نامه", tile=Tile("late")), '{"title": "نامه", "tile": {"kind": "late", "text": ""}}'),
        (
            Row("", badge=Badge("تازه")),
            '{"title": "", "badge": {"word": "تازه", "tone": "neutral", "icon": ""}}',
        ),
        (NO_MOVE, "null"),
        (Move(key="/call", at_once=True), '{"key": "/call", "at_once": true}'),
        (Answer(), "null"),
    ],
)
def test_a_blank_view_is_nothing_and_a_small_thing_has_no_empty_fields(view, told):
    assert json_dumps(view) == told


def test_our_states_begin_with_names_and_blanks_and_fit_into_six_kilobytes_even_told_in_full():
    root = State(_reflex_internal_init=True).dict(initial=True)  # type: ignore[call-arg]
    ours = {state.get_full_name(): root[state.get_full_name()] for state in states()}
    for state, begins in ours.items():
        assert [name for name, value in begins.items() if "{" in json_dumps(value)] == [], state
    assert len(json_dumps(ours, separators=(",", ":")).encode()) <= 6 * 1024


def test_a_copy_of_a_view_is_the_view_for_nobody_changes_one():
    view = Shown(times=2)
    assert copy.copy(view) is view
    assert copy.deepcopy([view])[0] is view


def test_no_view_of_ours_can_be_changed():
    """All pages begin with the same ones."""
    assert states()
    below = [View]
    for kind in below:
        below += kind.__subclasses__()
    ours = [kind for kind in below[1:] if kind.__module__.startswith("publicmeeting.")]
    assert len(ours) > 10
    assert [kind for kind in ours if not kind.__dataclass_params__.frozen] == []
