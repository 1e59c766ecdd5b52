"""Each part in turn is killed, stopped, slow, full or wrong.

Nobody loses what she wrote, the page says what is wrong, and everything goes on by itself when the
part is back.
"""

import shutil
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from filing_steps import (
    TITLE,
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
)
from parts import DISTRICT, PATIENCE, Mood, Process, until
from pictures import photo
from playwright.sync_api import expect
from support.citizens import someone
from visitor import Visitor

from publicmeeting.domain.stages import Action
from publicmeeting.text.filing import filing_text, receipt_text
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.refusals.refusals_text import refusal

UNAVAILABLE = "سامانه چند لحظه در دسترس نیست"


def until_review(person: Visitor, number: int) -> None:
    """Fill in the form up to the review."""
    who = someone(number)
    person.has_mobile(who.mobile)
    person.goes("/request/")
    chooses_district(person, DISTRICT)
    fill_in_matter(person)
    leaves_matter(person)
    confirms_mobile(person, who)
    fill_in_herself(person, who)


def test_her_process_is_killed_while_she_writes_and_she_files_in_the_other_one(town, meet):
    citizen, who = meet("sara"), someone(201)
    citizen.has_mobile(who.mobile)
    citizen.goes("/request/")
    chooses_district(citizen, DISTRICT)
    fill_in_matter(citizen)
    citizen.page.locator("[name=text]").blur()  # text typed within a second of a kill is lost
    citizen.settles()
    hers = town.processes[town.proxy.holder()]
    hers.is_killed()
    try:
        citizen.button(filing_text.KEEP_ON).click()
        there = citizen.page.get_by_role("heading", name=filing_text.SELF_TITLE)
        expect(there).to_be_visible(timeout=PATIENCE * 1000)
        confirms_mobile(citizen, who)
        fill_in_herself(citizen, who)
        citizen.sees(TITLE)
        code = presses_file(citizen)
    finally:
        hers.starts()
    citizen.goes(f"/mine/{code}/")
    citizen.sees(DONE[Action.SUBMIT])


def rests_in_redis(town) -> None:
    """Wait until no process holds a page's lock, so that Redis has the state of every page."""
    with redis.from_url(town.redis.url) as connection:
        until(lambda: not connection.keys("*_lock"), "pages at rest")


@pytest.mark.parametrize("is_committed", [False, True])
def test_her_process_is_killed_under_her_press_and_she_sees_the_receipt_of_one_request(
    town, meet, is_committed
):
    """Before her filing is committed, or between the commit and its answer."""
    citizen = meet("elham")
    until_review(citizen, 225 + is_committed)
    rests_in_redis(town)
    before = requests(town)
    hers = town.processes[town.proxy.holder()]
    hold = town.postgres.keeps_commits_to_itself if is_committed else town.postgres.lets_no_one_file
    with hold():
        citizen.button(filing_text.FILE).click()
        until(lambda: asked(town, COMMITTED if is_committed else WAITING) == "1", "her filing")
        hers.is_killed()
    try:
        citizen.page.wait_for_url("**/receipt/*/", timeout=PATIENCE * 1000)
        citizen.sees(receipt_text.TITLE)
    finally:
        hers.starts()
    assert requests(town) == before + 1


_WRITING = "relation = 'request'::regclass AND mode = 'RowExclusiveLock'"
COMMITTED = f"""
SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE {_WRITING} AND wait_event = 'SyncRep'
"""
WAITING = f"SELECT count(DISTINCT pid) FROM pg_locks WHERE {_WRITING} AND NOT granted"


def test_the_database_is_stopped_under_her_press_and_she_files_once_when_it_is_back(town, meet):
    citizen = meet("zahra")
    until_review(citizen, 222)
    before = requests(town)
    town.postgres.stops()
    try:
        citizen.button(filing_text.FILE).click()
        citizen.reads_trouble()
        town.proxy.sees(up=0)
        status, headers, text = town.proxy.get("/")
        assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert UNAVAILABLE in text
    finally:
        town.postgres.starts()
    town.proxy.sees(up=2)
    presses_file(citizen)
    assert requests(town) == before + 1


def requests(town) -> int:
    return int(asked(town, "SELECT count(*) FROM request"))


def asked(town, question: str) -> str:
    return town.postgres.runs("psql", "-Atc", question, town.postgres.url("city")).strip()


def test_redis_is_stopped_under_her_press_and_she_files_once(town, meet):
    """A process may still hold her page; if not, she is told so and presses again."""
    citizen = meet("narges")
    until_review(citizen, 223)
    before = requests(town)
    town.redis.stops()
    try:
        citizen.button(filing_text.FILE).click()
        refused = citizen.page.get_by_text(refusal("part_missing"))
        either = refused.or_(citizen.page.get_by_text(receipt_text.TITLE)).locator("visible=true")
        expect(either.first).to_be_visible(timeout=PATIENCE * 1000)
        town.proxy.sees(up=0)
        assert UNAVAILABLE in town.proxy.get("/")[2]
    finally:
        town.redis.starts()
    town.proxy.sees(up=2)
    if requests(town) == before:
        # Her page was in Redis. Her text is in the database, except for her identity, which is
        # stored nowhere before the request is filed.
        citizen.goes("/request/")
        who = citizen.page.get_by_role("heading", name=filing_text.SELF_TITLE)
        expect(who.or_(citizen.page.locator("main").get_by_text(TITLE)).first).to_be_visible()
        if who.is_visible():
            fill_in_herself(citizen, someone(223))
        citizen.sees(TITLE)
        presses_file(citizen)
    assert requests(town) == before + 1


def test_with_a_full_disk_a_photo_is_refused_in_words_and_the_request_goes_through(town, meet):
    citizen, who = meet("fateme"), someone(204)
    citizen.has_mobile(who.mobile)
    citizen.goes("/request/")
    chooses_district(citizen, DISTRICT)
    fill_in_matter(citizen)
    ballast = fills_up(town.data)
    try:
        citizen.adds_photo(photo())
        citizen.sees(refusal("storage_full"))
        assert town.one.asked("/health")[1]["disk"] == "fault"
        leaves_matter(citizen)
        confirms_mobile(citizen, who)
        fill_in_herself(citizen, who)
        presses_file(citizen)
    finally:
        ballast.unlink()
    until(lambda: town.one.asked("/health")[1]["disk"] != "fault", "room on the disk")


def fills_up(folder: Path) -> Path:
    """Return a file that uses every free byte."""
    file = folder / "ballast"
    with file.open("wb", buffering=0) as opened:
        for size in (1 << 20, 4096, 1):
            try:
                while opened.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    assert shutil.disk_usage(folder).free == 0
    return file


def test_a_machine_whose_clock_is_ahead_draws_nothing_and_says_so(town):
    before = public_log(town)
    wrong = Process("ahead", town.release, town.settings, town.logs / "ahead.log", clock="+6d")
    wrong.starts(ready=False)
    try:
        until(
            lambda: wrong.asked("/health")[1].get("clock") == "fault", "the wrong clock in /health"
        )
        until(
            lambda: "clock is wrong" in (town.logs / "ahead.log").read_text(), "a line in the log"
        )
        assert town.one.asked("/health")[1]["clock"] == "ok"
    finally:
        wrong.is_killed()
    assert public_log(town) == before


def public_log(town) -> str:
    return asked(town, "SELECT count(*), max(seq) FROM public_log")


def asks_code(town, number: int) -> str:
    """Ask for a code without scripts; return the refusal's key, or `sent`."""
    status, headers, _ = town.proxy.posts(
        "/auth/code", mobile=someone(number).mobile, next="/mine/"
    )
    assert status == 303, status
    query = parse_qs(urlsplit(headers["location"]).query)
    return query.get("e", ["sent"])[0]


def test_nobody_waits_for_a_slow_gateway_but_those_who_want_a_code(town):
    """Forty ask, more than the service has threads.

    Some of them still wait when a page and /ready have been answered. Those whom the circuit
    breaker refuses are told so at once.
    """
    town.gateway.is_in(Mood.SLOW)
    order: list[str] = []
    asking = [
        threading.Thread(target=lambda n=n: order.append(asks_code(town, 300 + n)))
        for n in range(40)
    ]
    for thread in asking:
        thread.start()
    until(lambda: len(town.gateway.messages) >= 2, "calls at the gateway")
    assert town.proxy.get("/")[0] == 200
    assert [process.asked("/ready")[0] for process in town.processes.values()] == [200, 200]
    assert len(order) < len(asking)
    for thread in asking:
        thread.join()
    assert "sent" not in order


def test_a_gateway_that_fails_or_lies_is_told_and_costs_her_nothing(town):
    for number, mood in ((350, Mood.FAILING), (351, Mood.LYING)):
        town.gateway.is_in(mood)
        until(lambda n=number: asks_code(town, n) == "code_not_sent", f"a word about {mood}")
        town.gateway.is_in(Mood.WELL)
        until(lambda n=number: asks_code(town, n) == "sent", "the gateway again")
        assert town.gateway.code_for(someone(number).mobile)
