"""The database or the disk fails under a page: she reads one sentence and loses nothing.

She goes on when it is back. The server and the database are real; the server cannot reach it.
tests/production tries Redis, kill -9 and the proxy.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from filing_steps import TEXT, TITLE, chooses_district, fill_in_matter
from person import PATIENT, Person
from pictures import photo
from playwright.sync_api import Browser, expect
from support.outages import no_database, no_room
from support.served_city import Served
from support.services import postgresql
from support.small_town import small_town

from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import FAULTS, refusal

SAID = refusal("part_missing")
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A city over PostgreSQL."""
    # PostgreSQL's package looks for a runtime folder when it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    with (
        tempfile.TemporaryDirectory(prefix="pm-") as folder,
        postgresql(Path(folder)) as url,
        small_town(tmp_path_factory.mktemp("town"), {"DATABASE_URL": url}) as served,
    ):
        yield served


def status(town: Served, path: str) -> int:
    return httpx2.get(f"{town.origin}{path}", timeout=30).status_code


@pytest.fixture
def her(chromium: Browser, town: Served) -> Iterator[Person]:
    context = chromium.new_context(
        locale="fa-IR",
        viewport={"width": 360, "height": 740},
        base_url=town.origin,
        has_touch=True,
    )
    yield Person("her", context)
    context.close()


def sentence_over(person: Person, words: str) -> None:
    expect(person.page.locator("output.trouble")).to_have_text(words, timeout=PATIENT)


def test_without_a_database_a_press_says_so_and_works_afterwards(town: Served, her: Person) -> None:
    her.goes("/request/")
    chooses_district(her, 6)
    fill_in_matter(her)
    with no_database(town.settings.database_url):
        her.button(filing_text.KEEP_ON).click()
        sentence_over(her, SAID)
        her.shot("no-database")
        assert status(town, "/live") == 200
        assert status(town, "/ready") == status(town, "/health") == 503
        plain = httpx2.get(f"{town.origin}/plain/mine/", headers=HTML)
        assert plain.status_code == 503
        assert FAULTS[503][0] in plain.text
    expect(her.page.locator("[name=title]")).to_have_value(TITLE)
    expect(her.page.locator("[name=text]")).to_have_value(TEXT)
    her.button(filing_text.KEEP_ON).click()
    sentence_over(her, "")
    expect(her.page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()


def test_a_page_opened_without_a_database_comes_by_itself(town: Served, her: Person) -> None:
    with no_database(town.settings.database_url):
        her.page.goto("/draws/")
        # Without a database no new socket is accepted, and an accepted one cannot be answered.
        sentence = her.page.get_by_text(chrome_text.OFFLINE).or_(
            her.page.get_by_text(chrome_text.OUT_OF_REACH)
        )
        expect(sentence.first).to_be_visible(timeout=2 * PATIENT)
    her.is_alive()
    expect(sentence).to_have_count(0, timeout=PATIENT)


def test_on_a_full_disk_a_photo_is_refused_in_words_and_goes_when_there_is_room(
    town: Served, her: Person
) -> None:
    her.goes("/request/")
    chooses_district(her, 6)
    with no_room(town.processes[0]):
        her.adds_photo(photo())
        her.sees(refusal("storage_full"))
        her.shot("no-room")
    her.button(chrome_text.PHOTO_AGAIN).click()
    expect(her.page.get_by_role("button", name=filing_text.REMOVE_PHOTO)).to_be_visible(
        timeout=2 * PATIENT
    )
