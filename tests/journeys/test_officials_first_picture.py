"""An official's page: what is in sight stays where it is while the page loads."""

import pytest
from first_look import came_alive, watch
from person import Meet

MOVED_MOST = 0.1
"""Limit of the layout shift, as browsers compute it, above which people notice a jump."""


@pytest.mark.parametrize(
    ("who", "path", "size"),
    [
        ("mayor6", "/mayor/orders/", "phone"),
        ("mayor6", "/mayor/profile/", "phone"),
        ("desk6", "/desk/calls/", "desk"),
    ],
)
def test_nothing_jumps_while_the_page_of_an_official_loads(
    meet: Meet, who: str, path: str, size: str
) -> None:
    official = meet(who, size)
    official.has_come_in_as(who)
    watch(official.page)
    official.goes(path)
    assert came_alive(official, MOVED_MOST).moved == []
