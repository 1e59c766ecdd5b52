"""The table of pages: path, page, title, who it is for, and what it reads when it opens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.roles import Role
from publicmeeting.ui.shell.session import Session


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `roles` is for the reader of this table: the use cases are what refuse."""

    path: str
    draw: Callable[[], rx.Component]
    title: str
    on_load: tuple[Any, ...] = ()
    roles: tuple[Role, ...] = ()


PAGES: tuple[Page, ...] = ()


def add_to(app: rx.App) -> None:
    """Add every page to the app; each loads the session first."""
    for page in PAGES:
        app.add_page(
            page.draw, route=page.path, title=page.title, on_load=[Session.load, *page.on_load]
        )
