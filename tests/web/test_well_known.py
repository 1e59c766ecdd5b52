"""Addresses with a fixed meaning: for search engines and for reporters of vulnerabilities."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from browsers import Browser, compose

from publicmeeting.application import Application
from publicmeeting.config import Settings, SettingsError

CONTACT = "mailto:security@meeting.example"


def test_search_engines_are_kept_from_personal_pages(browser: Browser) -> None:
    answer = browser.get("/robots.txt").text
    assert {"Disallow: /mine/", "Disallow: /receipt/", "Disallow: /images/"} <= set(
        answer.splitlines()
    )


def test_whoever_finds_a_hole_reads_whom_to_tell(
    browser: Browser, application: Application, settings: Settings, built: Path
) -> None:
    address = "/.well-known/security.txt"
    assert browser.get(address).status_code == 404
    named = replace(settings, security_contact=CONTACT)
    with closing(Browser(compose(application, named, built), named)) as there:
        answer = there.get(address)
    assert answer.headers["content-type"].startswith("text/plain")
    found = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = application.clock() + timedelta(days=90)
    assert (found["Contact"], found["Expires"]) == (CONTACT, f"{expires:%Y-%m-%dT%H:%M:%SZ}")
    assert found["Canonical"] == named.public_url + address


@pytest.mark.parametrize(
    "typed",
    ["security@meeting.example", "mailto:nobody", "http://meeting.example", f"{CONTACT}\nX: y"],
)
def test_a_contact_that_is_no_address_stops_the_start(typed: str) -> None:
    with pytest.raises(SettingsError, match="PUBLICMEETING_SECURITY_CONTACT"):
        Settings.from_environment({"PUBLICMEETING_SECURITY_CONTACT": typed})


def test_a_keeper_of_passwords_finds_where_one_is_changed(browser: Browser) -> None:
    answer = browser.get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/")
