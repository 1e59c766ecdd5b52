"""The browser's «back» shows public pages from its memory, without anything that was typed."""

from collections.abc import Iterator

import pytest
from person import Person
from playwright.sync_api import Browser, expect
from support.served_city import Served

from publicmeeting.cli.machine.debian import provide_chromium
from publicmeeting.text.districts import home_text

_WATCH = 'addEventListener("pageshow", ({persisted}) => (window.from_memory = persisted))'
ELSEWHERE = "/plain/"
_PUT_AWAY = "failed: Page entered Back-Forward Cache."


@pytest.fixture(scope="module")
def remembering(chromium: Browser) -> Iterator[Browser]:
    """A browser that keeps pages for «back», which other tests switch off."""
    browser = chromium.browser_type.launch(
        executable_path=provide_chromium(),
        headless=True,
        args=["--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture
def visitor(remembering: Browser, town: Served) -> Iterator[Person]:
    context = remembering.new_context(locale="fa-IR", base_url=town.origin)
    person = Person("visitor", context)
    person.page.add_init_script(_WATCH)
    yield person
    # A page left before its socket was open reports that, and opens another socket later.
    assert [problem for problem in person.problems if _PUT_AWAY not in problem] == []
    context.close()


def goes_back(person: Person) -> bool:
    """Go back; return whether the page came from memory."""
    person.page.go_back(wait_until="commit")
    person.page.wait_for_function("window.from_memory !== undefined")
    return bool(person.page.evaluate("window.from_memory"))


def test_home_stands_there_at_once_and_answers(visitor: Person) -> None:
    visitor.goes("/")
    visitor.page.goto(ELSEWHERE)
    assert goes_back(visitor)
    visitor.page.locator(".map button").nth(5).click()
    visitor.sees(home_text.NAME.format(district="۶"))


@pytest.mark.parametrize(("path", "where"), [("/track/", "[name=code]"), ("/verify/", "#ticket")])
def test_what_was_typed_is_gone(visitor: Person, path: str, where: str) -> None:
    visitor.goes(path)
    field = visitor.page.locator(where).first
    field.fill("0512000007")
    visitor.page.goto(ELSEWHERE)
    visitor.page.go_back()
    visitor.is_alive()
    expect(field).to_have_value("")


def test_the_ticket_of_a_receipt_is_gone(visitor: Person) -> None:
    ticket = visitor.page.locator("#ticket")
    visitor.goes(f"/verify/#d=6&t={'ab' * 32}")
    expect(ticket).to_have_value("ab" * 32)
    visitor.page.goto(ELSEWHERE)
    visitor.page.go_back()
    visitor.is_alive()
    expect(ticket).to_have_value("")


def test_a_page_she_walked_to_is_read_anew(visitor: Person) -> None:
    visitor.goes("/")
    visitor.page.locator("a[href='/request/']").first.click()
    visitor.page.wait_for_url("**/request/")
    visitor.page.goto(ELSEWHERE)
    assert not goes_back(visitor)
