"""The table of late promises: for the overseer alone, without any personal text."""

import pytest
from browsers import Browser
from signed_in import sign_in_staff

from publicmeeting.application import Application
from publicmeeting.domain.calendar import LateIn, Lateness
from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.kit.clock import utc_now
from publicmeeting.text.orders import promises_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.oversight.promises import CityLine
from publicmeeting.web.routes.tables import written

ADDRESS = "/city/late-promises.csv"


def test_nobody_but_the_overseer_gets_the_table(browser: Browser, city: object) -> None:
    del city
    sign_in_staff(browser, "mayor")
    assert browser.get(ADDRESS).status_code == 404
    browser.post("/auth/leave")
    sign_in_staff(browser, "overseer")
    answer = browser.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.text.lstrip("\ufeff").strip() == ",".join(promises_text.LATE_HEADS)


def test_whoever_has_been_signed_out_is_led_to_the_door_and_back_to_the_list(
    browser: Browser, city: object
) -> None:
    del city
    answer = browser.get(ADDRESS)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in/?next=%2Fcity%2Fpromises%2F%3Ftab%3Dclimbed"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_busy_city_is_no_missing_table(
    browser: Browser, application: Application, accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise TooBusy

    monkeypatch.setattr(application, "query", busy)
    answer = browser.get(ADDRESS, accept=accept)
    assert answer.status_code == 503
    assert refusal("too_busy") in answer.text
    assert answer.headers["retry-after"] == "30"


def test_a_line_holds_no_text_of_a_person() -> None:
    line = CityLine(
        code="0506123456",
        number="1405090906001-2",
        district=6,
        subject="dues",
        title="چراغ کوچه",
        unit="=1+1",
        came_at=utc_now(),
        due_at=None,
        late=Lateness(7, LateIn.WORK),
        level=Level.CITY,
    )
    table = written([line])
    assert "چراغ" not in table
    assert ",'=1+1," in table, "a district types the names of its units"
    assert "0506123456" not in table
    assert "1405090906001-2" in table
    assert ",7," in table
