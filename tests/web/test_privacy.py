"""The privacy page agrees with the rules and numbers of the program."""

from dataclasses import fields
from html import unescape

import pytest
from browsers import Browser
from support.each import for_each

from publicmeeting.domain.lifecycle.access import Sight, sight_of
from publicmeeting.domain.roles import OFFICIALS, Role
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.tracking import privacy_text
from publicmeeting.web.plain.citizens.privacy import period_numbers, sees

_CASES = {"reads_while_screened", "reads_with_seat", "reads_what_came_to_the_city"}
SEES: dict[Role, set[str]] = {
    Role.DESK: _CASES,
    Role.RECEPTION: {*_CASES, "name_with_seat"},
    Role.PHONE: set(),
    Role.UNIT: _CASES,
    Role.MAYOR: {*_CASES, "name_with_seat"},
    Role.DEPUTY: {*_CASES, "name_with_seat"},
    Role.OVERSEER: {"reads_what_came_to_the_city"},
    Role.ADMINISTRATOR: set(),
}


@for_each(OFFICIALS)
def test_what_the_page_says_of_an_office_is_what_the_rules_of_access_say(role: Role) -> None:
    """A changed rule fails here, so that the text for citizens is changed too."""
    sight = sight_of(role)
    assert {field.name for field in fields(Sight) if getattr(sight, field.name)} == SEES[role]


def test_nobody_reads_a_name_before_there_is_a_seat_or_in_another_district() -> None:
    for role in OFFICIALS:
        assert not sight_of(role).name_while_screened
        assert not sight_of(role).reads_elsewhere


def test_the_page_names_every_office_and_every_number_it_has(browser: Browser) -> None:
    seen = unescape(browser.get("/privacy/").text)
    for role in OFFICIALS:
        assert ROLE[role] in seen
        for sentence in sees(role):
            assert sentence in seen
    numbers = period_numbers()
    for what, long in privacy_text.STAYS.values():
        assert what in seen
        assert long.format(**numbers) in seen
    assert numbers["erasable"] == persian("30")
    assert 'href="/mine/data/"' in seen


@pytest.mark.parametrize("method", ["post", "delete"])
def test_it_is_only_read(browser: Browser, method: str) -> None:
    assert getattr(browser, method)("/privacy/").status_code in (404, 405)
