"""A missing or forbidden file: a page for people, a sentence for programs."""

from collections.abc import Callable

from browsers import Browser, Browsers
from signed_in import sign_in
from support.citizens import someone
from support.city import City
from support.each import in_one_city
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
PICTURE = "image/avif,image/webp,image/png,*/*;q=0.8"
FILES = (
    "/orders/14050909999.pdf",
    "/receipt/0506123457.png",
    "/pass/0506123457.ics",
    "/proof/0506123457.txt",
    "/qr/0506123457.svg",
    "/images/none",
    "/images/none/thumb",
    "/images/a/b/c",
    "/verify/draws/none.json",
)


@in_one_city("path", FILES)
def test_whoever_opens_a_missing_file_reads_a_page_in_the_sites_own_look(
    browser: Browser, city: City, path: str
) -> None:
    answer = browser.get(path, accept=HTML)
    assert answer.status_code == 404
    assert '<html lang="fa" dir="rtl">' in answer.text
    assert chrome_text.NOT_FOUND in answer.text
    assert chrome_text.NOT_FOUND_WHY in answer.text
    assert 'href="/"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" not in answer.headers["content-security-policy"]


@in_one_city("path", FILES)
@in_one_city("accept", ["*/*", PICTURE, "application/json"])
def test_a_program_or_a_page_that_shows_the_picture_gets_the_bare_sentence(
    browser: Browser, city: City, path: str, accept: str
) -> None:
    answer = browser.get(path, accept=accept)
    assert (answer.status_code, answer.text) == (404, refusal("not_found"))


def test_the_page_does_not_tell_whether_the_file_is_somebody_elses(
    browsers: Browsers, application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    another, code = browsers(), a_request().code
    sign_in(another, application, someone(2))
    papers = (f"/receipt/{code}.png", "/receipt/0506123457.png")
    answers = {another.get(paper, accept=HTML).text for paper in papers}
    assert len(answers) == 1
