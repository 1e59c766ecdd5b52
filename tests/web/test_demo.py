"""The demo's door makes a visitor anybody with one tap, and exists only in the demo."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsers import HTTP, Browser, compose
from signed_in import keys
from support.city import City
from support.each import in_one_city
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.config import Env, Settings
from publicmeeting.domain.stages import Stage
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import mark_demo


@pytest.fixture
def in_env(application: Application, built: Path) -> Iterator[Callable[[Env], Browser]]:
    made: list[Browser] = []

    def one(env: Env) -> Browser:
        settings = replace(Settings.from_environment(HTTP), env=env)
        made.append(Browser(compose(application, settings, built), settings))
        return made[-1]

    yield one
    for browser in made:
        browser.close()


@pytest.fixture
def marked(application: Application, city: City) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        mark_demo(uow, application.clock())


@pytest.mark.usefixtures("marked")
def test_an_official_of_the_pretend_city_begins_at_work(
    in_env: Callable[[Env], Browser], application: Application
) -> None:
    browser = in_env(Env.DEMO)
    answer = browser.post("/auth/demo", {"who": "desk"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/")
    assert application.query_now(viewer, keys(browser), Nothing()).name == "desk"


@pytest.mark.usefixtures("marked")
def test_a_witness_has_a_key_and_no_account_to_be_played(in_env: Callable[[Env], Browser]) -> None:
    browser = in_env(Env.DEMO)
    for who in ("witness", "witness/council", "council"):
        assert browser.post("/auth/demo", {"who": who}).status_code == 404


@pytest.mark.usefixtures("marked")
def test_a_citizen_of_the_pretend_city_begins_at_her_case(
    in_env: Callable[[Env], Browser], application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.WAITING)
    browser = in_env(Env.DEMO)
    answer = browser.post("/auth/demo", {"who": "citizen/waiting"})
    assert answer.headers["location"] == f"/mine/{walked.code}/"
    assert application.query_now(viewer, keys(browser), Nothing()).is_citizen


@pytest.mark.parametrize("env", [Env.PRODUCTION, Env.TEST])
@pytest.mark.usefixtures("marked")
def test_outside_the_demo_nobody_is_let_in(env: Env, in_env: Callable[[Env], Browser]) -> None:
    answer = in_env(env).post("/auth/demo", {"who": "desk"})
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_a_real_citys_database_lets_nobody_in_even_where_the_settings_are_wrong(
    in_env: Callable[[Env], Browser], city: City
) -> None:
    answer = in_env(Env.DEMO).post("/auth/demo", {"who": "desk"})
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


@in_one_city("who", ["", "clock", "citizen/", "citizen/closed", "phone1"])
@pytest.mark.usefixtures("marked")
def test_nobody_of_that_kind_is_nobody(in_env: Callable[[Env], Browser], who: str) -> None:
    assert in_env(Env.DEMO).post("/auth/demo", {"who": who}).status_code == 404


@pytest.mark.usefixtures("marked")
def test_another_sites_button_does_not_sign_in(in_env: Callable[[Env], Browser]) -> None:
    browser = in_env(Env.DEMO)
    headers = {"origin": "https://evil.example"}
    assert browser.post("/auth/demo", {"who": "desk"}, headers=headers).status_code == 403
