"""The page that a proxy shows while no process answers needs no other file."""

import re

from contract.project_files import PROJECT

HTML = (PROJECT / "assets" / "unavailable.html").read_text(encoding="utf-8")


def test_it_is_persian_and_tries_again_by_itself() -> None:
    assert '<html lang="fa" dir="rtl">' in HTML
    assert '<meta http-equiv="refresh"' in HTML


def test_it_needs_nothing_else_and_runs_nothing() -> None:
    asked = r"<script|<link|<img|@import|url\(|\bsrc=|\bhref=\"[^\"]|https?:|\bon\w+="
    assert not re.search(asked, HTML)
    assert len(HTML.encode()) < 4096
