"""How view models go to the browser: blank ones as nothing, small ones without empty fields."""

import copy
from dataclasses import dataclass, field

from contract.surface import states
from reflex.state import State
from reflex_base.utils.format import json_dumps
from support.each import for_each

from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move
from publicmeeting.ui.design.models import Badge, MapTile, Photo, Row, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Answer

BYTES_MOST = 160
"""Of each state, framework and router included, when a page is sent everything again."""


@dataclass(frozen=True)
class Shown(ViewModel):
    title: str = ""
    photo: Photo = field(default_factory=Photo)
    times: int = 0


@for_each(
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
    ]
)
def test_a_blank_view_is_nothing_and_a_small_thing_has_no_empty_fields(view, sent):
    assert json_dumps(view) == sent


def test_our_states_begin_with_names_and_blanks_and_stay_small_even_sent_in_full():
    root = State(_reflex_internal_init=True).dict(initial=True)
    ours = {state.get_full_name(): root[state.get_full_name()] for state in states()}
    for state, begins in ours.items():
        assert [name for name, value in begins.items() if "{" in json_dumps(value)] == [], state
    assert len(json_dumps(ours, separators=(",", ":")).encode()) <= BYTES_MOST * len(ours)


def test_a_page_that_connects_again_gets_everything_in_few_bytes_for_each_state():
    """With the longest own address, and all that browsers and proxies send along."""
    root = State(_reflex_internal_init=True)
    address = "https://molaqat.tehran.example"
    browser = {"user-agent": "Mozilla" * 20, "accept-language": "fa" * 20, "x-forwarded-for": "1"}
    asked = {
        "pathname": "/mine/[code]",
        "asPath": "/mine/0506445147/",
        "query": {"code": "0506445147"},
        "token": "a" * 32,
        "headers": {"origin": address, "host": address, "x-socket": "secret", **browser},
        "ip": "2001:db8::1",
        "sid": "b" * 20,
    }
    root._update_router_vars(asked, {})
    ours = {state.get_full_name() for state in states()}
    whole = {
        name: values
        for name, values in root.dict(initial=False).items()
        if name in ours or name.rpartition(".")[2].startswith("reflex___")
    }
    sent = json_dumps(whole, separators=(",", ":"))
    assert ours < whole.keys(), "states of tests apart, all are told"
    assert address in sent
    assert [one for one in ("secret", "Mozilla", "a" * 32) if one in sent] == []
    assert len(sent.encode()) <= BYTES_MOST * len(ours)


def test_a_copy_of_a_view_is_the_view_for_nobody_changes_one():
    view = Shown(times=2)
    assert copy.copy(view) is view
    assert copy.deepcopy([view])[0] is view


def test_no_view_of_ours_can_be_changed():
    """All pages begin with the same ones."""
    assert states()
    below = [ViewModel]
    for kind in below:
        below += kind.__subclasses__()
    ours = [kind for kind in below[1:] if kind.__module__.startswith("publicmeeting.")]
    assert len(ours) > 10
    assert [kind for kind in ours if not kind.__dataclass_params__.frozen] == []
