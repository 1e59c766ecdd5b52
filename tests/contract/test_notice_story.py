"""The story of all notices shows every notice and what it costs to send."""

import json

import pytest

from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.text.notices.notices_text import NOTICE
from publicmeeting.text.notices.sms_text import code_text, sms_length, sms_parts
from publicmeeting.ui.stories.notice_story import every_notice, notices
from publicmeeting.ui.stories.pages import STORIES


def in_script(text: str) -> str:
    """Return a text as the rendered page's script contains it."""
    return json.dumps(text)[1:-1]


def test_every_pair_that_the_tables_tell_is_shown_once() -> None:
    in_tables = [(step.action, role) for step in STEP_FOR.values() for role in step.notifies]
    shown = [notice.key for notice in every_notice()]
    assert shown == [(action.value, role.value) for action, role in in_tables]
    assert {(action.value, role.value) for action, role in NOTICE} == set(shown)


def test_the_page_shows_title_sentence_and_sms_of_each() -> None:
    drawn = str(notices())
    for notice in every_notice():
        for text in (
            notice.notice.title,
            notice.notice.text,
            notice.notice.sms,
            notice.after,
            notice.to,
        ):
            assert in_script(text) in drawn, notice.key
        if notice.notice.sms:
            assert in_script(f"{persian(sms_length(notice.notice.sms))} نویسه") in drawn
    for line in code_text("482137", "meeting.example").splitlines():
        assert in_script(line) in drawn
    assert STORIES["notices"][1] is notices


def test_a_citizen_is_always_told_by_telephone_too_and_officials_never() -> None:
    for notice in every_notice():
        assert bool(notice.notice.sms) == (notice.key[1] == Role.CITIZEN.value), notice.key
        assert sms_parts(notice.notice.sms) <= 2, notice.key
        assert "{" not in notice.notice.text + notice.notice.sms


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("ا" * 70, 1),
        ("ا" * 71, 2),
        ("ا" * 134, 2),
        ("ا" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_text_in_persian_letters_is_counted_as_telephone_companies_do(
    text: str, parts: int
) -> None:
    assert sms_parts(text) == parts


@pytest.mark.parametrize("host", ["meeting.example", "localhost"])
def test_a_code_ends_with_the_line_that_a_browser_reads(host: str) -> None:
    """WebOTP needs exactly `@host #code` in ASCII as the last line."""
    text = code_text("482137", host)
    assert text.rsplit("\n", 1)[1] == f"@{host} #482137"
    assert text.isascii() is False
    assert text.splitlines()[-1].isascii()
    assert sms_parts(text) == 1
