"""Public pages filled on the server from one reading: personal for nobody, and never broken."""

import asyncio
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.city import City
from support.each import in_one_city

from publicmeeting import application as applications
from publicmeeting.application import Application
from publicmeeting.text.districts import home_text
from publicmeeting.ui import routes
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.first import filling
from publicmeeting.ui.first.filling import FilledPage, FilledPages
from publicmeeting.ui.first.late_start import PICTURED, STYLE
from publicmeeting.ui.first.markup import ANYTHING, render_markup
from publicmeeting.ui.public import draws
from publicmeeting.web.layers import first_picture

HOSTILE = '</script><img src=x onerror=alert(1)><!--"\u2028'
_SEED = re.compile(r'<script type="application/json" id="first-state">(.*?)</script>', re.DOTALL)
Fill = Callable[[str], str]


def _page(path: str) -> routes.Page:
    return next(page for page in routes.PAGES if f"{page.path.rstrip('/')}/" == path)


def _as_at_the_build(path: str) -> str:
    """Return what React renders of a page whose states have their defaults."""
    tree = _page(path).draw().render()
    root = filling._new_root(path)
    blank = filling._vars_of(root, filling._states_of(tree))
    inside = render_markup(
        tree, filling._scope_of(blank), lambda *_: "<i>ours</i>", filling._INVISIBLE, is_draft=True
    ).replace(f"<{ANYTHING}></{ANYTHING}>", "<b>the browser's</b>")
    head = (
        f'<head>{STYLE}</style><noscript><link rel="stylesheet" href="/a.css"/></noscript></head>'
    )
    return f"<!DOCTYPE html><html>{head}<body>{inside}<script>x</script></body></html>"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "a.css").write_text(".page{top:0}.map{top:1px}.gone{top:2px}")
    for path in PICTURED:
        file = tmp_path / path.strip("/") / "index.html"
        file.parent.mkdir(exist_ok=True)
        file.write_text(_as_at_the_build(path), encoding="utf-8")
    return tmp_path


@pytest.fixture
def fill(built: Path, application: Application, city: City) -> Fill:
    applications.use(application)
    return lambda path: asyncio.run(FilledPage(_page(path), built, demo=False).fill())


def seed(html: str) -> dict[str, dict[str, Any]]:
    found = _SEED.search(html)
    assert found is not None
    state_vars: dict[str, dict[str, Any]] = json.loads(found[1])
    return state_vars


def test_layer_and_build_mean_the_same_pages() -> None:
    assert set(PICTURED) == first_picture.PICTURED


@in_one_city("path", PICTURED)
def test_every_page_for_strangers_is_filled(fill: Fill, path: str) -> None:
    html = fill(path)
    assert "state____state" not in html.replace(_SEED.findall(html)[0], "")
    assert seed(html)


def test_home_shows_the_week_and_the_map(fill: Fill) -> None:
    html = fill("/")
    assert home_text.SOONEST.partition("{")[0] in html
    assert html.count("data-walk") > 1
    (board,) = (one for name, one in seed(html).items() if name.endswith("home_state"))
    assert board["board_rx_state_"]["week"]


def test_only_signs_that_a_page_shows_come_with_it(fill: Fill, built: Path) -> None:
    file = built / "index.html"
    sheet = "".join(
        f'<symbol id="{name}" viewBox="0 0 1 1"><path d="M0 0"></path></symbol>'
        for name in ("mark", "i-wheelchair")
    )
    html = file.read_text(encoding="utf-8").replace("<body>", f"<body><svg>{sheet}</svg>")
    file.write_text(html, encoding="utf-8")
    html = fill("/")
    assert '<symbol id="mark"' in html
    assert "i-wheelchair" not in html


def test_rules_for_what_is_shown_come_with_the_page(fill: Fill) -> None:
    html = fill("/")
    assert f"{STYLE}.page{{top:0}}.map{{top:1px}}</style>" in html


def test_the_seed_tells_nothing_of_the_framework_and_nothing_a_page_knows(fill: Fill) -> None:
    state_vars = seed(fill("/rules/"))
    assert filling._ROOT not in state_vars
    assert all("headers" not in name for values in state_vars.values() for name in values)
    assert [name for name in state_vars if name.endswith("rules_state")]


def test_a_text_is_never_markup_and_never_ends_the_block(
    fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draws, "draw_rows", lambda _: [Row(title=HOSTILE, href="/ceremony/")])
    html = fill("/draws/")
    assert "<img src=x" not in html
    (state_vars,) = (one for name, one in seed(html).items() if name.endswith("draws_state"))
    assert state_vars["rows_rx_state_"][0]["title"] == HOSTILE


def test_a_page_that_react_draws_in_another_way_is_shown_as_it_was_built(
    built: Path, application: Application, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    home_file = built / "index.html"
    home_file.write_text(home_file.read_text().replace('class="page"', 'class="page new"'))
    pages = FilledPages(built, demo=False)
    with caplog.at_level(logging.ERROR):
        pages.prepare()
    assert asyncio.run(pages.fill("/")) is None
    assert "/ is shown as it was built" in caplog.text
    assert set(pages._pages) == set(PICTURED) - {"/"}


def test_until_it_is_prepared_a_page_is_shown_as_it_was_built(built: Path) -> None:
    assert asyncio.run(FilledPages(built, demo=False).fill("/")) is None
