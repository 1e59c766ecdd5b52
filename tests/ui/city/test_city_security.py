"""The administrator's page of security events."""

import asyncio
from typing import Any

import pytest
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.officials import security_text
from publicmeeting.ui.city.security import SecurityState
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.usecases.accounts.person.card_in_hand import Reach
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.filing.assisting import TO_FILE
from publicmeeting.usecases.identity import AT_THE_DOOR
from publicmeeting.usecases.oversight.security_events import PAGE


@pytest.fixture(autouse=True)
def _failed_sign_ins(application: Application, city: City) -> None:
    for username in ("mayor", "nobody-we-know"):
        for _ in range(2):
            command = SignIn(username=username, password="x")
            application.execute_now(sign_in, Keys(visit="v", address="192.0.2.7"), command)


def opened(
    application: Application, query: str = "", username: str = "administrator"
) -> tuple[Tab, Any]:
    tab = Tab(application, username)
    state = tab.opens(SecurityState, f"/city/security/{query}")
    return tab, state


def test_who_from_where_what_and_when(application: Application) -> None:
    tab, state = opened(application)
    assert {line.kind for line in state.shown.lines} == {"گذرواژهٔ نادرست"}
    assert {line.who for line in state.shown.lines} == {"حساب mayor", security_text.NOBODY}
    assert {line.where for line in state.shown.lines} == {"192.0.2.7"}
    assert all(line.when.startswith("۲ بار") for line in state.shown.lines)
    assert (state.shown.newer, state.shown.older) == ("", "")
    assert "/city/security/" in [place.href for place in tab.state(Rail).places]


def test_a_kind_and_a_page_stand_in_the_address(
    application: Application, clock: FixedClock
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        for number in range(PAGE + 1):
            kind = SecurityKind.COMMAND
            uow.security.record(kind, "command:root", f"{number}", address="server", device="")
    _, state = opened(application, "?kind=command")
    assert len(state.shown.lines) == PAGE
    assert state.shown.older == "/city/security/?kind=command&page=2"
    assert state.shown.chosen.endswith(security_text.KIND[SecurityKind.COMMAND])
    _, state = opened(application, "?kind=command&page=2")
    assert [line.who for line in state.shown.lines] == ["فرمان در سرور، root"]
    assert state.shown.newer == "/city/security/?kind=command&page=1"
    leads = asyncio.run(do(state, SecurityState.choose, "sign_in_failed"))
    assert "/city/security/?kind=sign_in_failed&page=1" in str(leads)


def test_what_followed_a_card_is_in_her_language(
    application: Application, clock: FixedClock
) -> None:
    ways = {*Reach, "look", AT_THE_DOOR, TO_FILE}
    with application.store.unit_of_work(clock()) as uow:
        for what in ways:
            uow.security.record(
                SecurityKind.CARD_SEEN, "account:desk", str(what), address="192.0.2.7", device=""
            )
    _, state = opened(application, "?kind=card_seen")
    assert {line.what for line in state.shown.lines} == set(security_text.OF_CARD.values())
    assert len(security_text.OF_CARD) == len(ways)


@in_one_city("query", ["?kind=x", "?page=0", "?page=-1", "?page=۹۹۹", "?page=x"])
def test_an_odd_address_is_the_nearest_page(application: Application, query: str) -> None:
    _, state = opened(application, query)
    assert (state.refused, state.missing) == ("", False)


def test_nobody_else_sees_them(application: Application) -> None:
    tab, state = opened(application, username="mayor")
    assert (state.shown.lines, state.missing) == ((), True)
    assert "/city/security/" not in [place.href for place in tab.state(Rail).places]
