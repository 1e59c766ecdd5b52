"""Metrics of this process: for the own network only, and without names."""

import contextlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from browsers import Browser, Browsers
from prometheus_client.parser import text_string_to_metric_families
from signed_in import sign_in
from support.citizens import someone
from support.city import City

from publicmeeting.application import Application
from publicmeeting.config import PROJECT
from publicmeeting.notify.circuit import FAILURES, Circuit
from publicmeeting.notify.phone import UnreachableError
from publicmeeting.web import checkup

ALERTS = PROJECT / "deploy" / "prometheus-alerts.yml"
Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def figures(browser: Browser) -> Figures:
    answer = browser.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("publicmeeting_"), tuple(sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of(found: Figures, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0)


@pytest.fixture
def grown(browsers: Browsers) -> Callable[[], Callable[..., float]]:
    """`grown()` notes all figures; its result returns how much a figure has grown since."""
    near = browsers("127.0.0.1")

    def begun() -> Callable[..., float]:
        before = figures(near)
        return lambda name, **labels: of(figures(near), name, **labels) - of(before, name, **labels)

    return begun


def test_figures_are_for_the_own_network(browsers: Browsers, city: City) -> None:
    assert browsers("127.0.0.1").get("/metrics").headers["content-type"].startswith("text/plain")
    assert browsers("5.200.200.9").get("/metrics").status_code == 404


def test_answers_are_counted_and_timed(
    browser: Browser, city: City, grown: Callable[[], Callable[..., float]]
) -> None:
    more = grown()
    browser.post("/auth/confirm", {"code": "1"})
    browser.get("/nowhere/at/all")
    assert more("answers_total", kind="auth", method="POST", status="303") == 1
    assert more("answers_total", kind="page", method="GET", status="404") == 1
    assert more("answer_seconds_count", kind="auth", method="POST") == 1
    assert more("answer_seconds_bucket", kind="auth", method="POST", le="+Inf") == 1


def test_use_cases_are_counted_by_how_they_end(
    browser: Browser,
    application: Application,
    city: City,
    grown: Callable[[], Callable[..., float]],
) -> None:
    more = grown()
    sign_in(browser, application, someone(1))
    browser.post("/auth/staff", {"username": "desk", "password": "wrong password"})
    found = figures(browser)
    names = {labels for name, labels in found if name == "usecases_total"}
    assert ("outcome", "done") in {label for labels in names for label in labels}
    assert more("refusals_total", key="password_wrong") == 1
    timed = {dict(labels)["usecase"] for name, labels in found if name == "usecase_seconds_count"}
    assert {dict(labels)["usecase"] for labels in names} == timed


def test_parts_threads_pool_and_sockets_are_told(browser: Browser, city: City) -> None:
    found = figures(browser)
    assert of(found, "database_up") == 1
    assert of(found, "part_well", part="database") == 1
    assert of(found, "part_well", part="worker") == 0
    assert of(found, "database_connections_most") == 24
    assert of(found, "websockets") == 0
    assert ("notices_waiting", ()) in found
    assert ("notices_failing", ()) in found
    assert of(found, "disk_free_megabytes") > 0
    assert of(found, "threads_awaited", pool="write") == 0
    assert ("process_resident_memory_bytes", ()) in found
    assert ("redis_up", ()) not in found


def test_gateways_are_told(
    browser: Browser, application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    circuit = Circuit("text")
    with circuit.passing():
        pass
    for _ in range(FAILURES):
        with contextlib.suppress(OSError), circuit.passing():
            raise UnreachableError("nobody there")
    monkeypatch.setattr(application, "gateways", lambda: (circuit.status(),))
    found = figures(browser)
    assert of(found, "gateway_messages_total", gateway="text", outcome="taken") == 1
    assert of(found, "gateway_messages_total", gateway="text", outcome="unreachable") == FAILURES
    assert of(found, "gateway_open", gateway="text") == 1
    assert ("gateway_seconds", (("gateway", "text"),)) in found


def test_no_label_is_a_persons(
    browser: Browser,
    application: Application,
    city: City,
    grown: Callable[[], Callable[..., float]],
) -> None:
    who = someone(1)
    sign_in(browser, application, who)
    answer = browser.get("/metrics").text
    assert who.mobile[-10:] not in answer
    assert answer.isascii()


def test_alerts_ask_for_figures_that_exist(
    browser: Browser, application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prometheus reports no error for a misspelt name: the alert just never fires."""
    monkeypatch.setattr(application, "gateways", lambda: (Circuit("text").status(),))
    drift = checkup.clock(timedelta(seconds=1))  # only PostgreSQL has a clock of its own
    monkeypatch.setattr(checkup.Checkup, "_clock", lambda _: drift)
    asked = set(re.findall(r"publicmeeting_\w+", ALERTS.read_text(encoding="utf-8")))
    families = list(text_string_to_metric_families(browser.get("/metrics").text))
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    shown = {family.name + end for family in families for end in ends[family.type]}
    assert len(asked) > 8
    assert asked <= shown


def test_a_part_that_is_low_is_a_figure(
    browser: Browser, application: Application, city: City
) -> None:
    application.worker.tick()
    with application.store.unit_of_work(application.clock()) as uow:
        uow.facts.put("sweep_stopped", "too_many 51")
    found = figures(browser)
    assert of(found, "part_low", part="files") == of(found, "part_well", part="files") == 1
    assert of(found, "part_low", part="database") == 0
