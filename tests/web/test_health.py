"""Health and readiness, for operators: the worker, the log, deadlines, tables and the proxy."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from browsers import HTTPS, Browser, Browsers, compose
from sqlalchemy import text
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.line import MONDAY, Line
from support.log_bodies import skipped
from support.triggers import drop_triggers
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Stage
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.line.line_book import LineBook
from publicmeeting.store.line.shared_book import SharedBook
from publicmeeting.store.public_record import log, statements
from publicmeeting.store.public_record.newest_note import NewestNote
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line import drawing
from publicmeeting.usecases.meetings.coming import reminders
from publicmeeting.web.checkup import IN_DATABASE
from publicmeeting.worker.health import health


def worker_reports(browser: Browser) -> tuple[int, str]:
    answer = browser.get("/health")
    return answer.status_code, answer.json()["worker"]


def test_a_service_at_work_is_well(browser: Browser, application: Application, city: City) -> None:
    application.worker.tick()
    answer = browser.get("/health")
    assert answer.status_code == 200
    assert {part: answer.json()[part] for part in ("database", "tables", "worker", "redis")} == {
        "database": "ok",
        "tables": "ok",
        "worker": "ok",
        "redis": "unused",
    }


def test_a_service_without_its_worker_is_not(browser: Browser, city: City) -> None:
    assert worker_reports(browser) == (503, "fault")


def test_a_worker_that_does_not_come_back_says_so(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    application.worker.tick()
    clock.forward(minutes=5)
    assert worker_reports(browser) == (200, "ok")
    clock.forward(seconds=1)
    assert worker_reports(browser) == (503, "fault")
    application.worker.tick()
    assert worker_reports(browser) == (200, "ok")


def test_a_worker_that_a_clock_set_back_has_stopped_is_a_fault(
    browser: Browser,
    application: Application,
    city: City,
    clock: FixedClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log is ahead of the clock, so nothing is done: for hours this was a small number."""
    application.worker.tick()
    clock.forward(hours=-3)
    assert worker_reports(browser) == (503, "fault")

    async def runs() -> None:
        running = asyncio.create_task(application.worker.run())
        for _ in range(500):
            if "behind" in caplog.text:
                break
            await asyncio.sleep(0.01)
        running.cancel()

    asyncio.run(runs())
    assert "this machine's clock is wrong: 3:00:00 behind" in caplog.text
    clock.forward(hours=3)
    application.worker.tick()
    assert worker_reports(browser) == (200, "ok")


@pytest.mark.parametrize("ends", [None, ValueError("no such entry")])
def test_a_new_process_is_ready_once_it_has_read_the_log(
    browser: Browser,
    application: Application,
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    ends: Exception | None,
) -> None:
    """Otherwise its first visitor would wait until years of entries are read.

    A log that cannot be read at all takes no process out of service.
    """
    begun, goes_on = threading.Event(), threading.Event()

    def slow(_: LineBook) -> None:
        begun.set()
        assert goes_on.wait(10)
        if ends is not None:
            raise ends

    async def starts() -> list[int]:
        running = asyncio.create_task(application.worker.run())
        await asyncio.to_thread(begun.wait, 10)
        seen = [(await asyncio.to_thread(browser.get, "/ready")).status_code]
        goes_on.set()
        for _ in range(500):
            if not application.worker.is_reading_log:
                break
            await asyncio.sleep(0.01)
        seen.append((await asyncio.to_thread(browser.get, "/ready")).status_code)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return seen

    monkeypatch.setattr(LineBook, "catch_up", slow)
    assert browser.get("/ready").status_code == 200, "where no worker runs nothing is waited for"
    assert asyncio.run(starts()) == [503, 200]


def test_a_deadline_left_lying_says_so(
    browser: Browser,
    application: Application,
    city: City,
    a_request: Callable[..., WalkedCase],
    clock: FixedClock,
) -> None:
    due_at = a_request(at=Stage.ANSWERED).request.due_at
    assert due_at is not None
    line = Line(city, clock)
    done = None
    while (at := line.due()) is not None and at < due_at:
        assert at != done, "it stays due"
        done = at
        clock.set(max(at, clock.now))
        line.worker.tick()
    clock.set(due_at + timedelta(minutes=5))
    application.worker.run_due_at = clock.now  # the worker is busy with other work
    assert worker_reports(browser) == (200, "ok")
    clock.forward(seconds=1)
    assert worker_reports(browser) == (503, "fault")


def test_a_list_that_cannot_be_fixed_says_so(
    browser: Browser,
    application: Application,
    city: City,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    line = Line(city, clock)
    line.worker.tick()
    line.until(MONDAY - timedelta(days=6), "11:59")
    with monkeypatch.context() as patched:
        patched.setattr(drawing, "freeze", broken)
        line.sleep_until(MONDAY - timedelta(days=3), "12:00")
        application.worker.tick()
        assert worker_reports(browser) == (503, "fault")
        with line.reading() as uow:
            assert health(uow, NOBODY, Nothing(), clock()).behind == timedelta(days=3)
    clock.forward(minutes=2)
    application.worker.tick()
    assert worker_reports(browser) == (200, "ok")


def test_old_tables_are_told_until_they_are_new(browser: Browser, application: Application) -> None:
    with application.store.engine.begin() as connection:
        newest = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert browser.get("/health").json()["tables"] == "fault"
    with application.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": newest})
    assert browser.get("/health").json()["tables"] == "ok"


def test_a_database_that_does_not_answer_is_told(
    browser: Browser, application: Application
) -> None:
    with application.store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE fact RENAME TO gone"))
    answer = browser.get("/health")
    assert answer.status_code == 503
    faults = {part for part, verdict in answer.json().items() if verdict == "fault"}
    assert faults == {"database"}, "whoever is woken mends one part, and fills no log"
    assert {answer.json()[part] for part in IN_DATABASE} == {"unknown"}
    assert browser.get("/ready").status_code == 503
    assert browser.get("/live").json() == {"process": "ok"}


def test_work_that_cannot_be_found_takes_no_process_out(
    browsers: Browsers, application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every process would see the same fault, so nobody would be served."""

    def broken(*_: object) -> None:
        raise RuntimeError

    application.worker.tick()
    monkeypatch.setattr(reminders, "next_reminder", broken)
    near = browsers("127.0.0.1")
    assert near.get("/ready").status_code == 200
    answer = near.get("/health")
    faults = {part for part, verdict in answer.json().items() if verdict == "fault"}
    assert (answer.status_code, faults) == (503, {"worker"})
    assert answer.json()["figures"]["worker"]["unfound"] == 1
    assert "publicmeeting_clock_unfound 1.0" in near.get("/metrics").text


def test_nor_does_health_that_cannot_be_found_out(
    browser: Browser, application: Application, city: City
) -> None:
    application.worker.tick()
    with application.store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO gone"))
    assert browser.get("/ready").status_code == 200
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["worker"]) == (503, "fault")
    faults = {part for part, verdict in answer.json().items() if verdict == "fault"}
    assert faults == {"worker"}, "the log is asked by itself"


@in_one_city("path", ["/metrics", "/health", "/live", "/ready"])
def test_they_name_no_secret(browsers: Browsers, city: City, path: str) -> None:
    answer = browsers("10.0.0.3").get(path).text
    assert "sqlite" not in answer
    assert "secret" not in answer


def test_a_sweep_that_waits_for_somebody_is_told_and_takes_nobody_out(
    browsers: Browsers, application: Application, city: City
) -> None:
    application.worker.tick()
    with application.store.unit_of_work(application.clock()) as uow:
        uow.facts.put("sweep_stopped", "too_many 51")
    answer = browsers("127.0.0.1").get("/health")
    assert (answer.status_code, answer.json()["files"]) == (200, "low")
    assert answer.json()["figures"]["files"] == {"sweep": "too_many 51"}
    assert "publicmeeting_sweep_stopped 1" in browsers("127.0.0.1").get("/metrics").text


def test_a_proxy_nobody_told_us_of_is_said_and_opens_no_figures(
    browsers: Browsers, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    near = browsers("127.0.0.1")
    assert near.get("/health").json()["figures"]["proxy"]["unexpected_forwarded"] == 0
    for _ in range(2):
        assert near.get("/metrics", **{"x-forwarded-for": "5.200.200.9"}).status_code == 404
    assert [message for message in caplog.messages if "PROXY_HOPS is 0" in message] == [
        caplog.messages[-1]
    ]
    answer = near.get("/health", **{"x-forwarded-for": "5.200.200.9"}).json()
    assert "figures" not in answer
    assert answer["proxy"] == "ok"  # over plain HTTP anybody may invent the header
    assert "publicmeeting_unexpected_forwarded 1" in near.get("/metrics").text


def test_over_https_an_untold_proxy_is_a_fault(https_browser: Browser, city: City) -> None:
    assert https_browser.get("/health").json()["proxy"] == "ok"
    https_browser.get("/", **{"x-forwarded-for": "5.200.200.9"})
    answer = https_browser.get("/health")
    assert (answer.status_code, answer.json()["proxy"]) == (503, "fault")


def test_fewer_proxies_than_were_told_of_are_a_fault_and_open_no_figures(
    application: Application, city: City, built: Path
) -> None:
    settings = Settings.from_environment({**HTTPS, "PUBLICMEETING_PROXY_HOPS": "2"})
    proxy = Browser(compose(application, settings, built), settings, "127.0.0.1")
    assert proxy.get("/health").json()["proxy"] == "ok"
    one = {"x-forwarded-for": "5.200.200.9"}
    assert proxy.get("/metrics", **one).status_code == 404
    assert "figures" not in proxy.get("/health", **one).json()
    answer = proxy.get("/health")
    assert (answer.status_code, answer.json()["proxy"]) == (503, "fault")
    proxy.close()


def test_an_entry_written_while_health_looks_at_the_log_is_no_fault(
    browser: Browser, application: Application, city: City, tmp_path: Path
) -> None:
    """Health had read the newest note, which is ahead of the log it had read before."""

    def write() -> None:
        with application.store.unit_of_work(application.clock()) as uow:
            uow.log.append(Kind.SKIP, skipped(), application.clock())

    class Busy(NewestNote):
        def read(self) -> Checkpoint | None:
            if meanwhile:
                meanwhile.pop()()
            return super().read()

    meanwhile = [write]
    application.store._newest_note = Busy(tmp_path / "note")
    assert browser.get("/health").json()["log"] == "ok"
    assert not meanwhile


def test_entries_that_are_not_the_signed_ones_are_a_fault(
    browser: Browser, application: Application, city: City
) -> None:
    """The clock's process finds them, and tries again after a minute."""
    with application.store.unit_of_work(application.clock()) as uow:
        drop_triggers(uow)
        uow.connection.execute(text("UPDATE public_log SET body = '{}' WHERE seq = 1"))
    assert browser.get("/health").json()["log"] == "ok"
    with pytest.raises(Unavailable, match="log_behind"):
        application.worker.read_log()
    application.worker.read_log()
    application.worker.tick()
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["log"]) == (503, "fault")


def test_a_process_beside_which_others_append_and_which_cannot_is_not_ready(
    browser: Browser,
    application: Application,
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An older release cannot open a newer seal of the log's key; if nobody can, pages are read."""
    application.worker.tick()
    assert browser.get("/ready").status_code == 200
    opened = statements.opened_keys

    def opens_none(_vault: Vault, _sealed: bytes) -> tuple[bytes, str, str]:
        raise ValueError("sealed otherwise")

    def is_older(*, older: bool) -> None:
        for module in (log, statements):
            monkeypatch.setattr(module, "opened_keys", opens_none if older else opened)

    is_older(older=True)
    answer = browser.get("/ready")
    assert (answer.status_code, answer.json()["log"]) == (200, "fault")
    is_older(older=False)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.log.append(Kind.SKIP, skipped(), application.clock())
    is_older(older=True)
    answer = browser.get("/ready")
    assert (answer.status_code, answer.json().get("appending")) == (503, "fault")
    assert "not ready: others append to the public log" in caplog.text
    is_older(older=False)
    assert browser.get("/ready").status_code == 200


class _Newer(StrEnum):
    """A kind of entry that this release does not know."""

    KIND = "seen_off"


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("kind", "body"), [(_Newer.KIND, {"ticket": "t"}), (Kind.SKIP, skipped() | {"until": "noon"})]
)
def test_a_process_whose_log_a_newer_release_continues_appends_nothing_more(
    browser: Browser,
    application: Application,
    city: City,
    settings: Settings,
    built: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: Kind,
    body: dict[str, object],
) -> None:
    """It passed over such an entry, filed on, and drew by another line than the newer one.

    One that was started on such a log may be all that the city has, so it is ready until others
    append.
    """
    newer, now = application.store.apart(), application.clock()

    def newer_appends() -> None:
        with monkeypatch.context() as newer_program, newer.unit_of_work(now) as uow:
            newer_program.setattr(log, "wrong_keys", lambda *_: ())
            uow.log.append(kind, body, now)

    def ready() -> tuple[int, str]:
        with pytest.raises(Unavailable, match="log_newer"):
            application.worker.read_log()
        application.worker._unreadable_until = 0.0  # the minute is over
        answer = browser.get("/ready")
        return answer.status_code, answer.json()["appending"]

    application.worker.read_log()
    newer_appends()
    assert ready() == (503, "fault")
    assert "theirs is a newer release" in caplog.text
    with (
        pytest.raises(Unavailable, match="log_newer"),
        application.store.unit_of_work(now) as uow,
    ):
        uow.log.append(Kind.SKIP, skipped(), now)

    application.store._shared_book = SharedBook()
    browser = Browser(compose(application, settings, built), settings)
    with closing(browser):
        assert ready() == (200, "ok")
        newer_appends()
        assert ready() == (503, "fault")
        assert browser.get("/health").json()["log"] == "fault"
