"""Every page, drawn once for all tests that search through the result.

A page costs 30 ms of processor time, all of them some two seconds.
"""

import json
from functools import cache
from typing import Any

import reflex as rx

from publicmeeting.ui.routes import PAGES


@cache
def page_of(path: str) -> rx.Component:
    """Return a page; nothing may change it."""
    (page,) = (page for page in PAGES if page.path == path)
    return page.draw()


@cache
def tree_of(path: str) -> dict[str, Any]:
    """Return a page as Reflex writes it; nothing may change it."""
    found: dict[str, Any] = page_of(path).render()
    return found


@cache
def drawn() -> dict[str, str]:
    """Return path → the rendered page as JSON."""
    return {
        page.path: json.dumps(tree_of(page.path), default=str, ensure_ascii=False) for page in PAGES
    }
