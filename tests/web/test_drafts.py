"""A step's form sent before the page is alive is stored on the server, and leads on."""

import pytest
from browsers import Browser, Browsers
from signed_in import keys

from publicmeeting.application import Application
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import filing_page


def draft(browser: Browser, application: Application) -> dict[str, str]:
    return application.query_now(filing_page, keys(browser), Nothing()).fields


def test_what_was_typed_is_kept_and_the_next_step_comes(
    browser: Browser, application: Application
) -> None:
    fields = {"step": "2", "subject": "street", "title": "پیاده‌روی شکسته", "text": "الف"}
    answer = browser.post("/draft", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/request/?step=3")
    stored = draft(browser, application)
    assert (stored["title"], stored["text"]) == ("پیاده‌روی شکسته", "الف")


def test_several_marks_of_one_question_are_kept_together(
    browser: Browser, application: Application
) -> None:
    browser.post("/draft", {"step": "3", "needs": ["step_free", "companion"]})
    assert draft(browser, application)["needs"] == "step_free,companion"


def test_identity_and_mobile_are_never_kept(browser: Browser, application: Application) -> None:
    browser.post("/draft", {"identity": "0499370899", "mobile": "09121234567", "name": "مریم"})
    assert draft(browser, application) == {"name": "مریم"}


def test_too_long_a_text_leads_back_and_is_kept_to_be_shortened(
    browser: Browser, application: Application
) -> None:
    answer = browser.post("/draft", {"step": "2", "title": "عنوان", "text": "الف" * 1500})
    assert answer.headers["location"] == ("/request/?step=2&e=text_too_long&limit=4000&length=4500")
    assert draft(browser, application)["title"] == "عنوان"
    assert draft(browser, application)["text"] == "الف" * 1500


def test_what_is_longer_than_any_draft_costs_only_itself(
    browser: Browser, application: Application
) -> None:
    answer = browser.post("/draft", {"step": "2", "title": "عنوان", "text": "الف" * 7000})
    assert answer.headers["location"].endswith("e=text_too_long&limit=4000&length=21000")
    stored = draft(browser, application)
    assert (stored["title"], "text" in stored) == ("عنوان", False)


@pytest.mark.parametrize("step", ["4", "x"])
def test_a_step_that_does_not_exist_is_the_first(browser: Browser, step: str) -> None:
    answer = browser.post("/draft", {"step": step, "district": "6"})
    assert answer.headers["location"] == "/request/?step=2"


def test_without_a_visit_nothing_is_kept(browsers: Browsers) -> None:
    answer = browsers(fresh=True).post("/draft", {"step": "1", "district": "6"})
    assert answer.headers["location"] == "/request/?step=1&e=not_ready"


def test_a_draft_is_its_visits_own(browsers: Browsers, application: Application) -> None:
    hers, his = browsers(), browsers()
    hers.post("/draft", {"title": "نوشتهٔ او"})
    assert draft(his, application) == {}
