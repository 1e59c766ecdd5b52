"""A line of a list keeps its identity when the list changes, and so the focus."""

from collections.abc import Iterator
from typing import Any

from support.each import for_each
from support.pages import tree_of

from publicmeeting.domain.roles import Role
from publicmeeting.ui.routes import PAGES, Page

OFFICIALS = [page for page in PAGES if page.roles not in ((), (Role.CITIZEN,))]
_BY_PLACE = "key:index_"
ANSWERS_A_SEARCH = "/assist"
"""A page whose places are listed again by each search; two places may have one name."""


def inside(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list | tuple):
        for one in node:
            yield from inside(one)
    elif isinstance(node, dict):
        yield node
        for one in node.values():
            yield from inside(one)


def is_pressed(node: Any) -> bool:
    return any("onClick:" in str(one.get("props", "")) for one in inside(node))


@for_each([page for page in OFFICIALS if page.path != ANSWERS_A_SEARCH], ids=lambda page: page.path)
def test_what_is_pressed_in_a_line_is_never_somebody_elses_a_moment_later(page: Page) -> None:
    """A button named by its place would belong to the next person once a line disappears.

    Enter would then be pressed for her.
    """
    lines = [
        child
        for node in inside(tree_of(page.path))
        if "iterable" in node
        for child in node["children"]
        if child.get("name") == '"li"' and is_pressed(child)
    ]
    assert [line["props"] for line in lines if _BY_PLACE in str(line["props"])] == []
