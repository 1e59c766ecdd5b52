"""Built pages paint first and run their scripts afterwards."""

import gzip
import re
from pathlib import Path

import brotli
import pytest

from publicmeeting.ui.first.late_start import PICTURED, STYLE, start_after_paint
from publicmeeting.ui.routes import PAGES
from publicmeeting.web.layers.headers import Policies, inline_scripts

PAGE = """<!DOCTYPE html><html><head><meta charSet="utf-8"/>\
<link as="style" href="/assets/a-1.css" rel="preload"/>\
<link rel="modulepreload" href="/assets/manifest-1.js"/>\
<link rel="modulepreload" href="/assets/entry-1.js"/>\
<script>colours()</script><link href="/assets/a-1.css" rel="stylesheet" type="text/css"/></head>\
<body><div class="page">x</div><script>context()</script>\
<script type="module" async="">import "/assets/manifest-1.js";
import * as route0 from "/assets/root-1.js";
import * as route1 from "/assets/page-1.js";

  window.__reactRouterRouteModules = {"root":route0,"routes/_index":route1};

import("/assets/entry-1.js");</script><script>stream()</script></body></html>"""


@pytest.fixture
def client(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a-1.css").write_text(".page{top:0}.other{top:1px}")
    (tmp_path / "track").mkdir()
    for name in ("index.html", "track/index.html", "track.html", "desk.html"):
        (tmp_path / name).write_text(PAGE)
        (tmp_path / f"{name}.br").write_bytes(b"old")
    return tmp_path


def test_nothing_of_the_scripts_is_asked_for_before_the_paint(client: Path) -> None:
    start_after_paint(client)
    html = (client / "track" / "index.html").read_text()
    assert "modulepreload" not in html.partition("<script>")[0]
    assert 'type="module"' not in html
    assert 'rel="preload"' not in html


def test_the_starter_stands_in_the_place_of_the_module(client: Path) -> None:
    """React counts the scripts of head and body, so none may be added or missing."""
    start_after_paint(client)
    scripts = re.findall(r"<script>(.*?)</script>", (client / "index.html").read_text(), re.DOTALL)
    assert [script[:10] for script in scripts] == [
        "colours()",
        "context()",
        "((sheet, f",
        "stream()",
    ]
    assert scripts[2].endswith(
        '("/assets/a-1.css","/assets/manifest-1.js",'
        '{"root": "/assets/root-1.js", "routes/_index": "/assets/page-1.js"},'
        '"/assets/entry-1.js",["/assets/manifest-1.js", "/assets/entry-1.js"])'
    )


def test_the_policy_of_a_page_allows_its_starter(client: Path) -> None:
    start_after_paint(client)
    html = (client / "index.html").read_bytes()
    assert all(script in Policies(client, ()).of("/") for script in inline_scripts(html))


def test_the_page_carries_what_it_meets_and_names_the_whole_sheet_without_scripts(
    client: Path,
) -> None:
    start_after_paint(client)
    html = (client / "index.html").read_text()
    whole = '<noscript><link rel="stylesheet" href="/assets/a-1.css"/></noscript>'
    assert f"{STYLE}.page{{top:0}}</style>{whole}" in html


def test_what_was_compressed_is_compressed_anew(client: Path) -> None:
    start_after_paint(client)
    for name in ("index.html", "track/index.html", "track.html"):
        html = (client / name).read_bytes()
        assert brotli.decompress((client / f"{name}.br").read_bytes()) == html
        assert gzip.decompress((client / f"{name}.gz").read_bytes()) == html


def test_other_pages_stay_as_they_are(client: Path) -> None:
    start_after_paint(client)
    assert (client / "desk.html").read_text() == PAGE


@pytest.mark.parametrize(
    "other",
    [("async", "defer"), ('import "/assets/manifest', 'from "/assets/manifest'), ("root", "r")],
)
def test_a_page_written_in_another_way_stops_the_build(
    client: Path, other: tuple[str, str]
) -> None:
    (client / "index.html").write_text(PAGE.replace(*other).replace('{"r":', "{r:"))
    with pytest.raises(ValueError, match=r"in a built page|in another way"):
        start_after_paint(client)


def test_the_pages_are_those_of_the_table_that_anybody_may_open() -> None:
    anybodys = {f"{page.path.rstrip('/')}/" for page in PAGES if not page.roles}
    assert set(PICTURED) <= anybodys
