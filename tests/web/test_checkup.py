"""Health is answered at once, even if a part hangs, and names what each part reports."""

import contextlib
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from browsers import Browser, Browsers, compose
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from support.city import City
from support.clock import SATURDAY
from support.each import in_one_city

from publicmeeting.application import READERS, WRITERS, Application
from publicmeeting.config import Settings
from publicmeeting.domain.errors import Unavailable
from publicmeeting.notify.circuit import FAILURES, REFUSALS, Circuit, CircuitState
from publicmeeting.notify.phone import NotSentError, UnreachableError
from publicmeeting.store import unit_of_work
from publicmeeting.turns.kinds import Kind
from publicmeeting.web import checkup
from publicmeeting.web.checkup import LEAST_ROOM, ROOM, Verdict
from publicmeeting.worker.health import Examination, note_backup, note_examination

PATIENCE = 30
"""Seconds; only something that never comes takes so long."""


@contextmanager
def everybody_waits(application: Application) -> Iterator[None]:
    """Occupy all threads of the service and every connection of its pool."""
    may_end = threading.Event()
    with ExitStack() as taken:
        for threads, many in ((application._writers, WRITERS), (application._readers, READERS)):
            for executor in threads.executors:
                for _ in range(many):
                    executor.submit(may_end.wait, PATIENCE)
        pool = application.store.engine.pool
        for _ in range(pool.size() + pool._max_overflow):
            taken.enter_context(application.store.engine.connect())
        taken.callback(may_end.set)
        yield


@in_one_city("path", ["/live", "/ready", "/health"])
def test_health_waits_for_nobody(
    browser: Browser, application: Application, city: City, path: str
) -> None:
    application.worker.tick()
    with everybody_waits(application):
        assert browser.get(path).status_code == 200


def test_a_locked_table_is_told_and_not_waited_for(
    browser: Browser, application: Application, city: City
) -> None:
    application.worker.tick()
    is_sqlite = application.store.engine.dialect.name == "sqlite"
    with application.store.engine.connect() as connection:
        if not is_sqlite:  # in SQLite readers wait for no writer
            connection.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
        answer = browser.get("/ready")
    assert answer.json()["database"] == ("ok" if is_sqlite else "fault")
    assert answer.status_code == (200 if is_sqlite else 503)


@pytest.mark.on_postgresql
def test_a_database_that_only_reads_is_named_and_takes_no_process_out(
    browser: Browser, application: Application, city: City
) -> None:
    """Otherwise `/health` would be well while nobody could file, confirm or draw."""
    application.worker.tick()
    engine = application.store.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        if not is_sqlite:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            stopped = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
            connection.execute(text(stopped))
    answer = browser.get("/health")
    assert answer.json()["writing"] == ("ok" if is_sqlite else "fault")
    assert answer.status_code == (200 if is_sqlite else 503)
    assert browser.get("/ready").status_code == 200


def test_a_full_disk_of_the_database_is_named_until_a_minute_after(
    browser: Browser, application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the clock writes has room in the pages that are there, so it notices nothing."""
    application.worker.tick()
    store = application.store
    full = OperationalError("INSERT", None, psycopg.errors.DiskFull("No space left on device"))
    with (
        pytest.raises(Unavailable, match="storage_full"),
        store.unit_of_work(application.clock()),
    ):
        raise full
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["writing"]) == (503, "fault")
    assert browser.get("/ready").status_code == 200
    monkeypatch.setattr(unit_of_work, "_FULL_SECONDS", 0)
    assert store.has_room()


def test_a_folder_that_may_not_be_written_has_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checkup.disk(tmp_path).is_well
    monkeypatch.setattr(checkup.os, "access", lambda folder, _how: folder != tmp_path)
    assert checkup.disk(tmp_path) == checkup.Finding(Verdict.FAULT, {"free_mb": 0})


def test_only_what_this_process_cannot_do_without_takes_it_out(
    browser: Browser, city: City
) -> None:
    """A worker that stands still in every process must not stop the pages."""
    answer = browser.get("/ready")
    assert answer.status_code == 200
    assert answer.json()["worker"] == "fault"
    assert browser.get("/health").status_code == 503


def test_figures_of_health_are_for_the_own_network(browsers: Browsers, city: City) -> None:
    assert "free_mb" in browsers("10.0.0.3").get("/health").json()["figures"]["disk"]
    far = browsers("5.200.200.9").get("/health").json()
    assert "figures" not in far
    assert far["database"] == "ok"


@contextmanager
def a_redis(path: Path, to_set: bytes) -> Iterator[str]:
    """Give the URL of a Redis that answers SET with this line; with none it says nothing."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            with client:
                while received := client.recv(4096):
                    if to_set:
                        client.sendall(b"+OK\r\n" * received.count(b"SETINFO"))
                        client.sendall(b"+PONG\r\n" * received.count(b"PING"))
                        client.sendall(to_set * received.count(b"$3\r\nSET\r\n"))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"unix://{path}"


@pytest.mark.parametrize(
    ("to_set", "status", "word"),
    [
        (b"+OK\r\n", 200, "ok"),
        (b"", 503, "fault"),
        (b"-OOM command not allowed when used memory > 'maxmemory'.\r\n", 503, "fault"),
    ],
)
def test_a_redis_that_is_silent_or_takes_nothing_takes_the_process_out(
    application: Application,
    settings: Settings,
    built: Path,
    city: City,
    tmp_path: Path,
    to_set: bytes,
    status: int,
    word: str,
) -> None:
    with a_redis(tmp_path / "redis", to_set) as url:
        behind = replace(settings, redis_url=url)
        browser = Browser(compose(application, behind, built), behind)
        answer = browser.get("/ready")
        browser.close()
    assert (answer.status_code, answer.json()["redis"]) == (status, word)


def test_a_redis_that_is_gone_takes_the_process_out(
    application: Application, settings: Settings, built: Path, city: City, tmp_path: Path
) -> None:
    behind = replace(settings, redis_url=f"unix://{tmp_path / 'nothing'}")
    browser = Browser(compose(application, behind, built), behind)
    assert browser.get("/ready").status_code == 503
    browser.close()


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        (ROOM, Verdict.OK),
        (ROOM - 1, Verdict.LOW),
        (LEAST_ROOM, Verdict.LOW),
        (LEAST_ROOM - 1, Verdict.FAULT),
        (0, Verdict.FAULT),
    ],
)
def test_room_on_the_disk(
    free: int, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    assert checkup.disk(tmp_path).verdict is verdict


@pytest.mark.parametrize(
    ("ahead", "verdict"),
    [(0, Verdict.OK), (4, Verdict.OK), (-4, Verdict.OK), (7, Verdict.FAULT), (-7, Verdict.FAULT)],
)
def test_a_clock_apart_from_the_databases_is_a_fault(ahead: int, verdict: Verdict) -> None:
    answer = checkup.clock(timedelta(seconds=ahead))
    assert answer.verdict is verdict
    assert answer.figures == {"drift_seconds": ahead}


def test_a_gateway_that_nothing_passes_to_is_a_fault_that_takes_no_process_out(
    browser: Browser, application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.worker.tick()
    circuit = Circuit("text")
    monkeypatch.setattr(application, "gateways", lambda: (circuit.status(),))
    assert browser.get("/health").json()["gateway"] == "ok"
    for _ in range(FAILURES):
        with contextlib.suppress(OSError), circuit.passing():
            raise UnreachableError("nobody there")
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["gateway"]) == (503, "fault")
    assert answer.json()["figures"]["gateway"]["text_circuit"] == "open"
    assert browser.get("/ready").status_code == 200


@pytest.mark.parametrize(
    ("findings", "hours", "by_night", "by_hand"),
    [
        (None, 0, Verdict.LOW, Verdict.UNUSED),
        (0, 1, Verdict.OK, Verdict.OK),
        (2, 1, Verdict.LOW, Verdict.LOW),
        (0, 48, Verdict.OK, Verdict.OK),
        (0, 49, Verdict.LOW, Verdict.OK),
    ],
)
def test_what_doctor_found_and_a_night_that_it_missed_are_low(
    findings: int | None, hours: int, by_night: Verdict, by_hand: Verdict
) -> None:
    """A demo city has no timer."""
    newest = None if findings is None else Examination(SATURDAY, findings)
    now = SATURDAY + timedelta(hours=hours)
    assert checkup.doctor(newest, now, is_nightly=True).verdict is by_night
    assert checkup.doctor(newest, now, is_nightly=False).verdict is by_hand


def test_the_newest_run_of_doctor_is_shown(
    browser: Browser, application: Application, city: City
) -> None:
    assert browser.get("/health").json()["doctor"] == "low"
    note_examination(application.store, application.clock(), 0)
    assert browser.get("/health").json()["doctor"] == "ok"
    note_examination(application.store, application.clock(), 1)
    answer = browser.get("/health").json()
    assert (answer["doctor"], answer["figures"]["doctor"]["findings"]) == ("low", 1)


@pytest.mark.parametrize(
    ("hours", "by_night", "by_hand"),
    [
        (None, Verdict.LOW, Verdict.UNUSED),
        (36, Verdict.OK, Verdict.OK),
        (37, Verdict.LOW, Verdict.OK),
    ],
)
def test_a_backup_that_missed_a_night_is_low(
    hours: int | None, by_night: Verdict, by_hand: Verdict
) -> None:
    newest = None if hours is None else SATURDAY - timedelta(hours=hours)
    assert checkup.backup(newest, SATURDAY, is_nightly=True).verdict is by_night
    assert checkup.backup(newest, SATURDAY, is_nightly=False).verdict is by_hand


def test_the_newest_backup_is_shown(browser: Browser, application: Application, city: City) -> None:
    assert browser.get("/health").json()["backup"] == "low"
    note_backup(application.store, application.clock() - timedelta(hours=1))
    answer = browser.get("/health").json()
    assert (answer["backup"], answer["figures"]["backup"]["seconds_ago"]) == ("ok", 3600)


def test_a_gateway_that_rejects_every_message_is_a_fault_until_it_accepts_one() -> None:
    """As it does when its credit is used up: it answers, so messages go on passing to it."""
    circuit = Circuit("text")

    def verdict() -> Verdict:
        return checkup.gateway([circuit.status()]).verdict

    def reject(times: int) -> None:
        for _ in range(times):
            with contextlib.suppress(NotSentError), circuit.passing():
                raise NotSentError

    reject(REFUSALS - 1)
    assert verdict() is Verdict.OK
    with circuit.passing():
        pass
    reject(REFUSALS - 1)
    assert verdict() is Verdict.OK, "some numbers are rejected, others are not"
    reject(1)
    assert verdict() is Verdict.FAULT
    assert circuit.status().circuit is CircuitState.CLOSED, "the next message may pass"
    with circuit.passing():
        pass
    assert verdict() is Verdict.OK


def test_without_a_gateway_nothing_can_be_wrong_with_it() -> None:
    assert checkup.gateway(()).verdict is Verdict.UNUSED


@pytest.mark.parametrize(("findings", "verdict"), [(0, "ok"), (2, "low")])
def test_what_the_clock_s_own_audit_found_is_told(
    browsers: Browsers, application: Application, city: City, findings: int, verdict: str
) -> None:
    """It alarms nobody, since a witness who did not sign is a finding too."""
    near = browsers("10.0.0.3")
    assert near.get("/ready").json()["audit"] == "unused"
    with application.store.unit_of_work(application.clock()) as uow:
        body: dict[str, object] = {"size": 3, "findings": findings, "report": "0" * 64}
        uow.log.append(Kind.AUDITED, body, application.clock())
    found = near.get("/ready").json()
    assert found["audit"] == verdict
    figures = near.get("/health").json()["figures"]["audit"]
    assert figures == {"findings": findings, "read": 3}
