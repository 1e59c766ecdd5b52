"""Which servers of journeys may be forked from a process that has imported the program."""

import io

import pytest
from support.standing_by import Ready

_STANDS_BY = {"PATH": "/bin", "REFLEX_STATE_MANAGER_MODE": "memory", "PUBLICMEETING_PORT": "1"}


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        (
            {"PUBLICMEETING_PORT": "2", "DATABASE_URL": "sqlite:///x", "PYTEST_CURRENT_TEST": "y"},
            True,
        ),
        ({"REFLEX_STATE_MANAGER_MODE": "redis"}, False),
        ({"REFLEX_REDIS_TOKEN_EXPIRATION": "3"}, False),
        ({"TZ": "Asia/Tehran"}, False),
    ],
)
def test_whoever_differs_in_a_librarys_variable_is_begun_by_herself(
    changes: dict[str, str], *, may: bool
) -> None:
    """A library reads its variables while it is imported, our program its settings later."""
    ready = Ready(io.StringIO(), io.StringIO(), _STANDS_BY)
    assert ready.may_begin({**_STANDS_BY, **changes}) is may
