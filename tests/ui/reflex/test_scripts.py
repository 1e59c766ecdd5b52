"""Scripts beside their modules are linked as Reflex links its own."""

import importlib.util
import re
import sys

import pytest

from publicmeeting.config import PROJECT
from publicmeeting.ui.reflex import scripts
from publicmeeting.ui.reflex.scripts import link_script

MODULE = "publicmeeting_beside"
TEXT = """
import reflex as rx
reflexs = rx.asset("one.js", shared=True).importable_path
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module that links its script by Reflex, in a project of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scripts, "PROJECT", tmp_path)
    monkeypatch.delenv("REFLEX_BACKEND_ONLY", raising=False)
    (tmp_path / "one.js").write_text("export const one = 1")
    (tmp_path / "two.js").write_text("export const two = 2")
    file = tmp_path / "beside.py"
    file.write_text(TEXT)
    spec = importlib.util.spec_from_file_location(MODULE, file)
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, MODULE, made)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "assets/external" / MODULE


def test_a_script_has_the_path_and_the_link_that_reflex_gives_it(module, folder):
    (theirs,) = folder.iterdir()
    before = theirs.readlink()
    theirs.unlink()
    assert link_script(MODULE, "one.js") == module.reflexs
    assert (folder / "one.js").readlink() == before


def test_a_link_that_leads_elsewhere_is_replaced_and_nothing_else_is_left(module, folder):
    (folder / "one.js").unlink()
    (folder / "one.js").symlink_to("/elsewhere")
    for name in ("one.js", "two.js", "two.js"):
        link_script(MODULE, name)
    assert {one.name: one.resolve().name for one in folder.iterdir()} == {
        "one.js": "one.js",
        "two.js": "two.js",
    }


def test_a_server_that_builds_nothing_writes_no_link(module, folder, monkeypatch):
    monkeypatch.setenv("REFLEX_BACKEND_ONLY", "1")
    assert link_script(MODULE, "two.js").endswith(f"/{MODULE}/two.js")
    assert not (folder / "two.js").exists()


def test_a_script_that_is_not_there_is_missed_at_once(module):
    with pytest.raises(FileNotFoundError, match=r"three\.js"):
        link_script(MODULE, "three.js")


def test_no_page_makes_a_formatter_for_a_number():
    """Making one takes a millisecond, four on a cheap phone, for each number and rendering."""
    sources = {p for e in ("*.py", "*.js") for p in (PROJECT / "publicmeeting/ui").rglob(e)}
    costly = re.compile(r"\.toLocale\w+\(|Intl\.")
    assert sources
    assert [p.name for p in sources if costly.search(p.read_text(encoding="utf-8"))] == []
