"""A press that a browser sends again, because no answer came, is executed once."""

import asyncio
from contextvars import copy_context

import pytest
from sqlmodel import update
from support.citizens import a_form, citizen, someone
from support.together import together

from publicmeeting.application import Application
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.people import Door
from publicmeeting.kit.process.context import set_press
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.people import SessionRow
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import filing_page
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft, submit

pytestmark = pytest.mark.on_postgresql

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


def test_a_press_twice_at_once_is_executed_once(application: Application) -> None:
    keys = citizen(application, HER.mobile)

    def press_once() -> str:
        return presses(application, keys, KEY, "پیاده‌روی شکسته")[0]

    answers, _ = together(press_once, press_once)
    assert sorted(map(str, answers)) == ["done_before", "filed"]


def test_a_press_after_her_session_has_ended_elsewhere_is_refused_and_may_come_again(
    application: Application,
) -> None:
    keys = citizen(application, HER.mobile)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.sessions.end(keys.session)
    refused = presses(application, keys, KEY, "پیاده‌روی شکسته")
    assert refused == presses(application, keys, KEY, "پیاده‌روی شکسته") == ["session_ended"]


def test_a_press_with_a_session_written_by_the_owner_of_the_database_is_refused(
    application: Application,
) -> None:
    keys = citizen(application, HER.mobile)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.session.exec(update(SessionRow).values(door=Door.SSO))
    assert presses(application, keys, KEY, "پیاده‌روی شکسته") == ["session_ended"]


def test_two_tabs_of_one_draft_lose_nothing_of_each_other(application: Application) -> None:
    keys = citizen(application, HER.mobile, visit="two tabs")
    fields = {"title": "پیاده‌روی شکسته", "text": "سنگ‌فرش شکسته است.", "district": "6"}
    saves = [SaveDraft(fields={name: value}) for name, value in fields.items()]
    together(*(lambda save=save: application.execute_now(save_draft, keys, save) for save in saves))
    assert application.query_now(filing_page, keys, Nothing()).fields == fields
