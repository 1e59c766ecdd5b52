"""The list of draws beyond its newest Mondays, without any script."""

import re
from datetime import timedelta
from html import unescape

import pytest
from browsers import Browser
from support.line import MONDAY, Line

from publicmeeting.kit.jalali import iso
from publicmeeting.text.public_record.ceremony_text import OLDER_ADDRESS
from publicmeeting.usecases.public_record import ceremony


def test_each_page_leads_to_the_mondays_before_its_own(
    browser: Browser, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceremony, "SHOWN", 1)
    line.until(MONDAY - timedelta(days=1), "12:00")
    with line.reading() as uow:
        mondays = [iso(monday) for monday in uow.draw_figures.mondays(100)]
    assert len(mondays) > 2, "otherwise there is nothing to turn"
    address, seen = [OLDER_ADDRESS], []
    while address:
        text = unescape(browser.get(address[0]).text)
        seen += re.findall(r"/ceremony/\?monday=([0-9-]+)", text)
        address = re.findall(rf"{OLDER_ADDRESS}\?before=[0-9-]+", text)
    assert seen == mondays
    last = browser.get(f"{OLDER_ADDRESS}?before={mondays[-1]}")
    assert (last.status_code, "/ceremony/" in last.text) == (200, False)
    for wrong in ("1405-13-01", "9999-12-29", "0000-01-01", "' or 1"):
        assert browser.get(f"{OLDER_ADDRESS}?before={wrong}").status_code == 404, wrong
