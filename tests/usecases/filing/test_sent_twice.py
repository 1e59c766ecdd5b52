"""A press that a browser sends again, because no answer came, is executed once."""

import asyncio
from contextvars import copy_context

from support.citizens import a_form, citizen, someone

from publicmeeting.application import Application
from publicmeeting.domain.errors import Refusal
from publicmeeting.kit.process.context import set_press
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.filing.submitting import submit

KEY, OTHER = "a" * 24, "b" * 24
HER = someone(1)


def presses(application: Application, keys: Keys, key: str, *titles: str) -> list[str]:
    """Return the results of one press whose commands file requests with these titles."""

    async def handler() -> list[str]:
        set_press(key)
        answers = []
        for title in titles:
            try:
                await application.execute(submit, keys, a_form(HER, title=title))
                answers.append("filed")
            except Refusal as word:
                answers.append(word.key)
        return answers

    return copy_context().run(asyncio.run, handler())


def test_a_press_that_comes_again_is_refused_in_words_before_any_rule(
    application: Application,
) -> None:
    keys = citizen(application, HER.mobile)
    assert presses(application, keys, KEY, "پیاده‌روی شکسته") == ["filed"]
    assert presses(application, keys, KEY, "پیاده‌روی شکسته") == ["done_before"]
    assert presses(application, keys, OTHER, "پیاده‌روی شکسته") != ["done_before"]


def test_a_refused_command_may_come_again_and_one_press_may_have_several(
    application: Application,
) -> None:
    keys = citizen(application, HER.mobile)
    refused = presses(application, keys, KEY, "", "پیاده‌روی شکسته")
    assert refused[1] == "filed"
    assert presses(application, keys, KEY, "", "پیاده‌روی شکسته") == [refused[0], "done_before"]
