"""One test for many values; a test item for each would cost more than the check."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Check = Callable[..., None]


def for_each(items: Iterable[Any], ids: Callable[[Any], str] = str) -> Callable[[Check], Check]:
    """Turn a check of one value into one test of all values, which names each value that fails.

    Use it for checks of a table that start nothing and leave nothing behind. If the check has
    several parameters, each item is unpacked into them.
    """

    values = tuple(items)

    def wrap(check: Check) -> Check:
        takes_apart = len(inspect.signature(check).parameters) > 1

        def test() -> None:
            _check_all(
                (ids(item), lambda item=item: check(*item) if takes_apart else check(item))
                for item in values
            )

        return _named_as(check, test)

    return wrap


def in_one_city(names: str, rows: Iterable[Any]) -> Callable[[Check], Check]:
    """As `pytest.mark.parametrize`, but all rows meet the same city, in one test.

    Use it for what leaves nothing in the city: a refusal, a question. What the city is at the
    beginning is often dearer than the row.
    """

    takes = [name.strip() for name in names.split(",")]
    values = [row if len(takes) > 1 else (row,) for row in rows]

    def wrap(check: Check) -> Check:
        signature = inspect.signature(check)

        def test(**fixtures: object) -> None:
            _check_all(
                (str(row), lambda row=row: check(**fixtures, **dict(zip(takes, row, strict=True))))
                for row in values
            )

        others = [one for name, one in signature.parameters.items() if name not in takes]
        test.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return _named_as(check, test)

    return wrap


def _check_all(checks: Iterable[tuple[str, Callable[[], None]]]) -> None:
    """Make every check; fail with the names of all that failed."""
    failed: dict[str, str] = {}
    is_empty = True
    for name, check in checks:
        is_empty = False
        try:
            check()
        except (AssertionError, pytest.fail.Exception) as error:
            failed[name] = str(error)
        except BaseException as error:
            error.add_note(f"at {name}")
            raise
    assert not is_empty
    assert not failed, "\n\n".join(f"{name}: {why}" for name, why in failed.items())


def _named_as(check: Check, test: Check) -> Check:
    test.__name__ = check.__name__
    test.__doc__ = check.__doc__
    test.__module__ = check.__module__
    test.pytestmark = getattr(check, "pytestmark", [])  # type: ignore[attr-defined]
    return test
