"""Every page, drawn once for all tests that search through the result.

A page costs 30 ms of processor time, all of them some two seconds.
"""

import json
from functools import cache
from typing import Any
from unittest.mock import patch

import reflex as rx
from reflex_base.utils import console

from publicmeeting.ui.routes import PAGES


@cache
def page_of(path: str) -> rx.Component:
    """Return a page; nothing may change it.

    Fails if it is drawn with something that the next release of Reflex removes.
    """
    (page,) = (page for page in PAGES if page.path == path)
    with patch.object(console, "deprecate", _refuse):
        return page.draw()


def _refuse(**deprecated: Any) -> None:
    raise AssertionError(f"{deprecated['feature_name']}: {deprecated['reason']}")


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
