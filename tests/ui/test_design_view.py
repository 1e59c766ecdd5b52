"""How view models go to the browser: blank ones as nothing, small ones without empty fields."""

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
