"""The page of a mayor's tablet without a network is the same for everybody."""

import json
import re

from browsers import Browser
from signed_in import sign_in_staff
from support.city import City
from support.walk import a_request

from publicmeeting.domain.stages import Stage
from publicmeeting.text.meetings import offline_text
from publicmeeting.web.routes.unsent import WORKER


def test_the_worker_is_the_same_for_everybody_and_answers_for_the_mayors_pages_only(
    browser: Browser, city: City
) -> None:
    before = browser.get(WORKER)
    a_request(city, Stage.IN_ROOM)
    sign_in_staff(browser, "mayor")
    answer = browser.get(WORKER)
    assert answer.text == before.text
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache", "a newer one replaces it at once"
    assert "service-worker-allowed" not in answer.headers
    assert "caches" not in answer.text
    assert "importScripts" not in answer.text


def test_its_page_is_persian_opens_itself_and_runs_and_fetches_nothing(browser: Browser) -> None:
    found = re.search(r"const PAGE = (\".*\");", browser.get(WORKER).text)
    assert found is not None
    page = json.loads(found[1])
    assert '<html lang="fa" dir="rtl">' in page
    assert '<meta http-equiv="refresh"' in page
    for words in (offline_text.NO_NETWORK, offline_text.NO_NETWORK_SAFE):
        assert words in page
    asked = r"<script|<link|<img|@import|url\(|\bsrc=|\bhref=\"[^\"]|https?:|\bon\w+="
    assert not re.search(asked, page)
    assert "default-src 'none'" in browser.get(WORKER).text
