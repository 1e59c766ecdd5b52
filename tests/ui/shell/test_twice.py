"""A plain form tapped twice is sent once, and can be sent again later."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser_scripts import Scripts

SECOND = 1000


@pytest.fixture
def scripts(tmp_path: Path) -> Iterator[Scripts]:
    with Scripts(tmp_path, "shell/connection/twice.js") as scripts:
        yield scripts


def is_twice(scripts: Scripts, at: int, button: str | None = "send", form: str = "code") -> bool:
    event = {"target": form, "submitter": button}
    return bool(scripts.run("(event, at) => isTwice(event, at)", event, at))


def test_the_second_tap_is_kept_back_and_the_first_never(scripts: Scripts) -> None:
    assert [is_twice(scripts, at) for at in (0, 200, 1900)] == [False, True, True]


def test_another_button_or_form_is_another_press(scripts: Scripts) -> None:
    assert not is_twice(scripts, 0, "agree")
    assert not is_twice(scripts, 200, "refuse")
    assert not is_twice(scripts, 300, None, "search")
    assert is_twice(scripts, 400, None, "search")


def test_the_same_one_may_be_pressed_again_after_a_while(scripts: Scripts) -> None:
    """The first one may be lost on the line; repeated presses must not postpone the next."""
    pressed = [is_twice(scripts, at * SECOND) for at in (0, 3, 6, 9)]
    assert pressed == [False, True, True, False]


def test_a_clock_that_the_telephone_sets_back_locks_nobody_out(scripts: Scripts) -> None:
    day = 24 * 3600 * SECOND
    scripts.run(
        "(day) => { let at = day; Date.now = () => at; isTwice({submitter: 'send'}); at = 0;"
        " performance.now = () => 1e9; }",
        day,
    )
    assert not scripts.run("() => isTwice({submitter: 'send'})")


def test_a_page_that_has_come_back_is_new(scripts: Scripts) -> None:
    assert not is_twice(scripts, 0)
    scripts.run("() => { mayPressAgain(); }")
    assert not is_twice(scripts, 200)
