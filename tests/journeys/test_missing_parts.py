"""The database, Redis or the disk fails under a page: she reads one sentence, loses nothing she
has typed, and goes on when it is back. A real server, with real services it cannot reach."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from filing_steps import TEXT, TITLE, chooses_district, tells_matter
from person import PATIENT, Person
from pictures import photo
from playwright.sync_api import Browser, expect
from support.outages import no_database, no_redis, no_room
from support.small_town import small_town

from publicmeeting.cli.bench_city import Served
from publicmeeting.cli.bench_services import Services, services
from publicmeeting.kit.digits import persian
from publicmeeting.text import filing as filing_text
from publicmeeting.text import sending as sending_text
from publicmeeting.text import shell as shell_text
from publicmeeting.text.faults import FAULTS
from publicmeeting.text.refusals import refusal

SAID = refusal("part_missing")
HTML = {"accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Town:
    services: Services
    served: Served

    def status(self, path: str) -> int:
        return httpx2.get(f"{self.served.origin}{path}", timeout=30).status_code


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Over PostgreSQL and Redis."""
    # The package of PostgreSQL looks for a runtime folder when it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    with services() as shared:
        more = {"DATABASE_URL": shared.database_url, "REDIS_URL": shared.redis_url}
        with small_town(tmp_path_factory.mktemp("town"), more) as served:
            yield Town(shared, served)


@pytest.fixture
def her(chromium: Browser, town: Town) -> Iterator[Person]:
    context = chromium.new_context(
        locale="fa-IR", viewport={"width": 360, "height": 740}, base_url=town.served.origin,
        has_touch=True,
    )  # fmt: skip
    yield Person("her", context)
    context.close()


def sentence_over(person: Person, words: str) -> None:
    expect(person.page.locator("output.trouble")).to_have_text(words, timeout=PATIENT)


def tile(person: Person, district: int) -> None:
    name = filing_text.TILE_SAYS.format(district=persian(district))
    person.page.get_by_role("button", name=name, exact=True).click()


def test_without_a_database_a_press_says_so_and_works_afterwards(town: Town, her: Person) -> None:
    her.goes("/request/")
    chooses_district(her, 6)
    tells_matter(her)
    with no_database(town.services):
        her.button(filing_text.KEEP_ON).click()
        sentence_over(her, SAID)
        her.shot("no-database")
        assert town.status("/live") == 200
        assert town.status("/ready") == town.status("/health") == 503
        plain = httpx2.get(f"{town.served.origin}/plain/mine/", headers=HTML)
        assert plain.status_code == 503
        assert FAULTS[503][0] in plain.text
    expect(her.page.locator("[name=title]")).to_have_value(TITLE)
    expect(her.page.locator("[name=text]")).to_have_value(TEXT)
    her.button(filing_text.KEEP_ON).click()
    sentence_over(her, "")
    expect(her.page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()


def test_a_page_opened_without_a_database_comes_by_itself(town: Town, her: Person) -> None:
    with no_database(town.services):
        her.page.goto("/draws/")
        expect(her.page.get_by_text(shell_text.OFFLINE)).to_be_visible(timeout=PATIENT)
    her.is_alive()
    expect(her.page.get_by_text(shell_text.OFFLINE)).to_have_count(0)


def test_without_redis_a_tap_says_so_and_works_afterwards(town: Town, her: Person) -> None:
    her.goes("/request/")
    with no_redis(town.services):
        tile(her, 6)
        sentence_over(her, SAID)
        her.shot("no-redis")
        assert town.status("/ready") == 503
    sentence_over(her, "")
    chooses_district(her, 6)


def test_a_page_opened_without_redis_comes_by_itself(town: Town, her: Person) -> None:
    with no_redis(town.services):
        her.page.goto("/draws/")
        sentence_over(her, SAID)
    her.is_alive()
    sentence_over(her, "")


def test_on_a_full_disk_a_photo_is_refused_in_words_and_goes_when_there_is_room(
    town: Town, her: Person
) -> None:
    her.goes("/request/")
    chooses_district(her, 6)
    with no_room(town.served.processes[0]):
        her.gives_photo(photo())
        her.sees(refusal("storage_full"))
        her.shot("no-room")
    her.button(sending_text.AGAIN).click()
    expect(her.page.get_by_role("button", name=filing_text.REMOVE_PHOTO)).to_be_visible(
        timeout=2 * PATIENT
    )
