"""Public addresses by which people and programs check the turns."""

from datetime import timedelta

import pytest
from browsers import Browser
from support.city import City
from support.each import in_one_city
from support.log_bodies import stated
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.errors import Invalid
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns import verification
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import verify_chain
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.public_record.log import PAGE, Mark, log_place


def test_the_log_is_published_as_one_whole(browser: Browser, drawn: WalkedCase) -> None:
    answer = browser.get("/verify/log.json?after=0")
    entries = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert entries[0]["kind"] == "log_opened"
    assert verify_chain(entries) == ()
    kinds = {entry["kind"] for entry in entries}
    assert {"rules_announced", "monday_opened", "filed", "freeze", "reveal", "draw"} <= kinds
    tickets = {entry["body"].get("ticket") for entry in entries}
    assert drawn.request.ticket in tickets


def test_the_log_goes_on_where_a_reader_stopped(browser: Browser, drawn: WalkedCase) -> None:
    every = browser.get("/verify/log.json").json()
    rest = browser.get(f"/verify/log.json?after={every[4]['seq']}").json()
    assert rest == every[5:]
    assert verify_chain(rest, first=6) == ()
    assert browser.get(f"/verify/log.json?after={every[-1]['seq']}").json() == []


def test_a_full_page_names_the_next(browser: Browser, city: City, application: Application) -> None:
    def fill(uow: UnitOfWork) -> None:
        for step in range(PAGE + 5):
            at = uow.machine_now + timedelta(seconds=step)
            uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(step), at)

    with application.store.unit_of_work(application.clock()) as uow:
        fill(uow)
    first = browser.get("/verify/log.json")
    assert len(first.json()) == PAGE
    assert first.headers["link"] == f'</verify/log.json?after={PAGE}>; rel="next"'
    assert "immutable" in first.headers["cache-control"]
    second = browser.get(f"/verify/log.json?after={PAGE}")
    assert "link" not in second.headers
    assert second.headers["cache-control"] == "public, no-cache"
    assert verify_chain([*first.json(), *second.json()]) == ()


@in_one_city("after", ["-1", "x", "1.5", "۱", "9" * 40])
def test_a_number_that_is_none_is_refused(browser: Browser, city: City, after: str) -> None:
    answer = browser.get(f"/verify/log.json?after={after}")
    assert answer.status_code == 400
    assert answer.text.startswith("عدد این نشانی خوانده نشد")
    assert browser.get(f"/verify/draws.json?district={after}").status_code == 400


def test_a_district_the_city_has_not_is_not_found(browser: Browser, city: City) -> None:
    assert browser.get("/verify/draws.json?district=22").status_code == 200
    for district in ("0", "23", "99"):
        assert browser.get(f"/verify/draws.json?district={district}").status_code == 404


def test_every_draw_is_listed_and_its_file_verifies(browser: Browser, drawn: WalkedCase) -> None:
    listed = browser.get("/verify/draws.json?district=6").json()
    assert {one["district"] for one in listed} == {6}
    assert {one["state"] for one in listed} >= {"open", "drawn"}
    for one in listed:
        answer = browser.get(one["file"])
        assert verification.verify(answer.json()) == ()
        assert answer.json()["draw"] == one["draw"]
        is_immutable = "immutable" in answer.headers["cache-control"]
        assert is_immutable == (one["state"] == "drawn")
    assert len(browser.get("/verify/draws.json").json()) > len(listed)


@in_one_city("draw", ["d06-1400-01-01", "x", "..%5c"])
def test_a_draw_that_is_none_is_not_found(browser: Browser, city: City, draw: str) -> None:
    assert browser.get(f"/verify/draws/{draw}.json").status_code == 404


def test_the_files_name_nobody(browser: Browser, drawn: WalkedCase) -> None:
    read = browser.get("/verify/log.json").text + "".join(
        browser.get(one["file"]).text for one in browser.get("/verify/draws.json").json()
    )
    for secret in (drawn.code, drawn.who.name, drawn.who.identity, drawn.who.mobile):
        assert secret not in read


@pytest.mark.on_postgresql
def test_what_a_receipt_says_of_the_log_is_found_in_it(
    application: Application, drawn: WalkedCase
) -> None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        mark = uow.log.mark(3)
    found = application.query_now(log_place, Keys(), Mark(letters=mark.printed))
    assert (found.entry.seq, found.log) == (3, mark)
    assert found.newest > 3
    for letters in (
        mark.short,
        f" {mark.printed.upper()} ",
        f"3-{mark.root}",
        "3",
        "۳",
        f"\u2066{mark.short}\u2069",
    ):
        assert application.query_now(log_place, Keys(), Mark(letters=letters)) == found


@in_one_city(
    "letters, word",
    [
        ("", "mark_broken"),
        ("0", "mark_broken"),
        ("-3", "mark_broken"),
        ("3-", "mark_broken"),
        ("3-abc", "mark_broken"),
        ("zzzzzzzz", "mark_broken"),
        ("%" * 8, "mark_broken"),
        ("3-" + "f" * 65, "mark_broken"),
        ("9" * 40, "mark_broken"),
        ("9" * 15, "mark_unknown"),
        ("3-" + "0" * 16, "mark_unknown"),
    ],
)
def test_letters_that_are_in_no_chain_are_told(
    application: Application, drawn: WalkedCase, letters: str, word: str
) -> None:
    with pytest.raises(Invalid) as refused:
        application.query_now(log_place, Keys(), Mark(letters=letters))
    assert refused.value.key == word
