"""One test for many values of a table; a test item for each would cost more than the check."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def for_each(
    items: Iterable[Any], ids: Callable[[Any], str] = str
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Turn a check of one value into one test of all values, which names each value that fails.

    Use it for checks of a table that start nothing and leave nothing behind. If the check has
    several parameters, each item is unpacked into them.
    """

    values = tuple(items)

    def wrap(check: Callable[..., None]) -> Callable[[], None]:
        takes_apart = len(inspect.signature(check).parameters) > 1

        def test() -> None:
            failed: dict[str, str] = {}
            assert values
            for item in values:
                try:
                    check(*item) if takes_apart else check(item)
                except (AssertionError, pytest.fail.Exception) as error:
                    failed[ids(item)] = str(error)
                except BaseException as error:
                    error.add_note(f"at {ids(item)}")
                    raise
            assert not failed, "\n\n".join(f"{name}: {why}" for name, why in failed.items())

        test.__name__ = check.__name__
        test.__doc__ = check.__doc__
        test.__module__ = check.__module__
        return test

    return wrap
