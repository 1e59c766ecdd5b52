"""How view models are sent to the browser.

An empty one has only what its page needs, small ones have no empty fields.
"""

import asyncio
import copy
import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from types import SimpleNamespace
from typing import Any

from contract.surface import states
from reflex import state as reflex_state
from reflex.state import State
from reflex_base.event import Event
from reflex_base.utils.format import json_dumps
from support.each import for_each

from publicmeeting import ui
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move
from publicmeeting.ui.design.models import Badge, MapTile, Photo, Row, Tile
from publicmeeting.ui.reflex.bundle import AGAIN, defaults_named
from publicmeeting.ui.reflex.first_state import FirstState
from publicmeeting.ui.reflex.page_load import PageLoad
from publicmeeting.ui.reflex.view_model import OmitEmpty, ViewModel
from publicmeeting.ui.shell.act import Answer

AGAIN_MOST = 512
"""Most bytes of all states for a page that reconnects, before anything is loaded."""
WHOLE_MOST = 156
"""Most bytes of each state for a page of an earlier build, framework and router included."""


@dataclass(frozen=True)
class Shown(ViewModel):
    title: str = ""
    photo: Photo = field(default_factory=Photo)
    times: int = 0


@dataclass(frozen=True)
class Sorted(ViewModel):
    order: str = "newest"
    shown: Shown = field(default_factory=Shown)
    page: int = 0


@dataclass(frozen=True)
class Around(ViewModel):
    title: str = ""
    inner: Sorted = field(default_factory=Sorted)


@for_each(
    [
        (Shown(), "null"),
        (Sorted(), '{"order": "newest"}'),
        (Sorted(page=1), '{"order": "newest", "shown": null, "page": 1}'),
        (Around(), '{"inner": {"order": "newest"}}'),
        (Shown(times=2), '{"title": "", "photo": null, "times": 2}'),
        (MapTile(0, "۰"), '{"number": 0, "text": "۰", "kind": "plain"}'),
        (Row("نامه"), '{"title": "نامه"}'),
        (Row("نامه", tile=Tile("late")), '{"title": "نامه", "tile": {"kind": "late", "text": ""}}'),
        (
            Row("", badge=Badge("تازه")),
            '{"title": "", "badge": {"word": "تازه", "tone": "", "icon": ""}}',
        ),
        (NO_MOVE, "null"),
        (Move(key="/call", at_once=True), '{"key": "/call", "at_once": true}'),
        (Answer(), "null"),
    ]
)
def test_a_blank_view_is_nothing_and_a_small_thing_has_no_empty_fields(view, sent):
    assert json_dumps(view) == sent


def kinds() -> Iterator[type]:
    """Yield every class of view models."""
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        importlib.import_module(module.name)
    waiting: list[type] = [ViewModel, OmitEmpty]
    while waiting:
        found = waiting.pop().__subclasses__()
        waiting += found
        yield from (kind for kind in found if kind.__module__.startswith(ui.__name__))


def what_differs(default: Any, sent: Any) -> list[str]:
    """Yield fields that the browser would read as empty although they are not."""
    if not is_dataclass(default):
        return [] if (sent if default else not sent) else [repr(default)]
    got = sent or {}
    return [
        f"{one.name}.{found}"
        for one in fields(default)
        for found in what_differs(getattr(default, one.name), got.get(one.name))
    ]


@for_each(sorted({kind for kind in kinds() if issubclass(kind, ViewModel)}, key=repr))
def test_no_default_of_a_blank_view_is_undefined_in_the_browser(kind):
    blank = kind()
    assert what_differs(blank, json.loads(json_dumps(blank))) == []


@for_each(sorted({kind for kind in kinds() if issubclass(kind, OmitEmpty)}, key=repr))
def test_nothing_is_left_out_of_a_small_thing_that_holds_something(kind):
    needed = {one.name: "" for one in fields(kind) if one.default is one.default_factory}
    one = kind(**needed)
    assert what_differs(one, json.loads(json_dumps(one))) == []


def test_our_states_begin_with_names_and_blanks_and_stay_small_even_sent_in_full():
    root = State(_reflex_internal_init=True).dict(initial=True)
    ours = {state.get_full_name(): root[state.get_full_name()] for state in states()}
    for state, begins in ours.items():
        sent = {name: value for name, value in begins.items() if "{" in json_dumps(value)}
        assert [name for name, value in sent.items() if not isinstance(value, ViewModel)] == [], (
            state
        )
    assert len(json_dumps(ours, separators=(",", ":")).encode()) <= WHOLE_MOST * len(ours)


def test_a_page_that_connects_again_is_told_in_few_bytes_what_its_server_knows():
    """With the longest address, and all headers that browsers and proxies send."""
    root = State(_reflex_internal_init=True)
    reflex_state.cache_initial_snapshot(State, root.dict(initial=True))
    known = reflex_state._initial_snapshot_cache[State]
    named = list(defaults_named(known.hashes))
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
    app = SimpleNamespace(get_load_events=lambda _path: [None])
    event = Event(name=f"{State.get_full_name()}.hydrate_and_load")
    ours = {state.get_full_name() for state in states()}
    sizes = {}
    for kind, names_sent in (
        ("again", [AGAIN, *named]),
        ("of an earlier build", [AGAIN, *named[3:]]),
        ("whole", []),
    ):
        event.payload["hashes"] = names_sent
        root.is_hydrated = True  # the state is alive: what the page loads comes afterwards
        answer = asyncio.run(FirstState(PageLoad()).preprocess(app, root, event))
        assert bool(answer) is (kind != "whole")
        delta = {
            name: values
            for name, values in (answer.delta if answer else root.dict(initial=False)).items()
            if name in ours or name.rpartition(".")[2].startswith("reflex___")
        }
        sent = json_dumps(delta, separators=(",", ":"))
        assert "/mine/[code]" in sent
        assert [one for one in ("secret", "Mozilla", "a" * 32, address) if one in sent] == []
        sizes[kind] = len(sent.encode())
    assert sizes["again"] <= AGAIN_MOST, sizes
    assert sizes["of an earlier build"] <= AGAIN_MOST + 3 * WHOLE_MOST, sizes
    assert sizes["whole"] <= WHOLE_MOST * len(ours), sizes


def test_a_copy_of_a_view_is_the_view_for_nobody_changes_one():
    view = Shown(times=2)
    assert copy.copy(view) is view
    assert copy.deepcopy([view])[0] is view


def test_no_view_of_ours_can_be_changed():
    """All pages share the same default views."""
    assert states()
    below = [ViewModel]
    for kind in below:
        below += kind.__subclasses__()
    ours = [kind for kind in below[1:] if kind.__module__.startswith("publicmeeting.")]
    assert len(ours) > 10
    assert [kind for kind in ours if not kind.__dataclass_params__.frozen] == []
