"""The administrator's pages about officials: what each shows, and what forged events do."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.city import City, add_official
from support.doors import has_app
from support.each import in_one_city
from support.staff_tab import Tab, do

from publicmeeting import application as applications
from publicmeeting.application import Application
from publicmeeting.domain.officials.invitations import OfficialState
from publicmeeting.text.officials import people_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.city.people.state import OfficialPageState, PeopleState
from publicmeeting.ui.city.people.views import people
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.usecases.officials.listing import AskOfficials, officials

INVITED = {
    "username": "deputy5b",
    "name": "مریم کریمی",
    "mobile": "",
    "role": "deputy",
    "district": "5",
    "unit": "",
    "from_on": "",
    "until_on": "",
}


@pytest.fixture(autouse=True)
def _application_in_use(application: Application, city: City) -> None:
    applications.use(application)


def opened(application: Application, username: str = "administrator") -> tuple[Tab, Any]:
    tab = Tab(application, username)
    state = tab.opens(PeopleState, "/city/people/")
    return tab, state


def one(tab: Tab, account: str) -> Any:
    return tab.opens(OfficialPageState, f"/city/people/{account}/")


def test_the_list_says_who_may_do_what(application: Application) -> None:
    tab, state = opened(application)
    assert {line.username for line in state.seen.lines} >= {"mayor", "desk", "overseer"}
    mayor = next(line for line in state.seen.lines if line.username == "mayor")
    assert mayor.roles == ("شهردار منطقهٔ ۶",)
    technical = next(line for line in state.seen.lines if line.username == "technical")
    assert technical.roles == ("واحد فنی و عمران، منطقهٔ ۶",)
    assert next(one.value for one in state.seen.states) == OfficialState.ACTIVE
    assert "/city/people/" in [place.href for place in tab.state(Rail).places]


def test_the_list_names_the_districts_where_nobody_can_receive(
    application: Application, city: City
) -> None:
    seen = application.query_as(city.as_("administrator"), officials, AskOfficials())
    unheld = people(replace(seen, unheld=(date(2026, 11, 30), (6, 9)))).unheld
    assert "دوشنبه ۹ آذر" in unheld
    assert "منطقهٔ ۶ و ۹" in unheld
    both = people(replace(seen, unheld=None, no_reception=(date(2026, 11, 30), (7,)))).unheld
    assert "برای دوشنبه ۹ آذر در منطقهٔ ۷ پذیرش کارمند فعالی ندارد." in both
    assert people(replace(seen, unheld=None, no_reception=None)).unheld == ""
    assert "۲۱ پیام" in people(replace(seen, unsent=21)).unsent
    assert people(seen).unsent == ""


def test_the_list_names_the_units_whose_orders_nobody_reads(
    application: Application, city: City
) -> None:
    seen = application.query_as(city.as_("administrator"), officials, AskOfficials())
    alone = ((6, "فنی و عمران", 3), (9, "حقوقی", 1))
    unread = people(replace(seen, unread=alone)).unread
    assert "فنی و عمران منطقهٔ ۶ (۳ دستور)، حقوقی منطقهٔ ۹ (۱ دستور)" in unread
    assert people(replace(seen, unread=())).unread == ""


def test_a_link_is_shown_once(application: Application) -> None:
    tab, state = opened(application)
    asyncio.run(do(state, PeopleState.invite, INVITED))
    assert state.done == people_text.CHANGED
    assert "/invitation/?code=" in state.link.address
    assert [line.username for line in state.seen.lines] == ["deputy5b"]
    tab.opens(Rail, "/city/rules/")
    tab.opens(PeopleState, "/city/people/")
    assert state.link.address == ""


def test_a_link_that_is_shown_once_stays_for_whoever_tapped_twice(
    application: Application, city: City
) -> None:
    """The second press is refused, and the link could never be read again."""
    tab, state = opened(application)
    for _ in range(2):
        asyncio.run(do(state, PeopleState.invite, INVITED))
        assert state.link.address
    assert state.errors
    add_official(application, "second", ("administrator", None, None), name="مدیر دوم")
    account = city.as_("desk").account_id or ""
    overseer = {"role": "overseer", "district": "", "unit": "", "from_on": "", "until_on": ""}
    asyncio.run(do(one(tab, account), OfficialPageState.give, overseer))
    agreeing = Tab(application, "second").opens(PeopleState, "/city/people/")
    (waiting,) = agreeing.seen.proposals
    for _ in range(2):
        asyncio.run(do(agreeing, PeopleState.agree, waiting.id))
        assert agreeing.link.address
    assert agreeing.refused == refusal("decision_over")


def test_a_role_given_by_a_double_click_shows_that_it_is_given(
    application: Application, city: City
) -> None:
    add_official(application, "second", ("administrator", None, None), name="مدیر دوم")
    tab, _ = opened(application)
    state = one(tab, city.as_("desk").account_id or "")
    days = {"unit": "", "from_on": "", "until_on": ""}
    deputy = {"role": "deputy", "district": "6", **days}
    overseer = {"role": "overseer", "district": "", **days}
    for form, result in (deputy, people_text.CHANGED), (overseer, people_text.PROPOSED):
        for _ in range(2):
            asyncio.run(do(state, OfficialPageState.give, form))
            assert (state.done, state.refused) == (result, "")
    agreeing = Tab(application, "second").opens(PeopleState, "/city/people/")
    (waiting,) = agreeing.seen.proposals
    asyncio.run(do(agreeing, PeopleState.agree, waiting.id))
    asyncio.run(do(state, OfficialPageState.give, overseer))
    assert (state.done, state.refused) == (people_text.CHANGED, "")
    asyncio.run(do(state, OfficialPageState.give, deputy))
    assert (state.done, state.refused) == ("", refusal("already_so")), "not the second of two taps"
    other = one(tab, city.as_("reception").account_id or "")
    asyncio.run(do(other, OfficialPageState.give, deputy))
    assert other.done == people_text.CHANGED


def test_each_wrong_field_is_named_and_what_was_typed_stays(application: Application) -> None:
    _, state = opened(application)
    asyncio.run(do(state, PeopleState.invite, {**INVITED, "mobile": "12", "name": "م"}))
    assert set(state.errors) == {"mobile", "name"}
    assert (state.form_turn, state.link.address) == (0, "")


def test_one_official_is_suspended_and_lifted(application: Application, city: City) -> None:
    tab, _ = opened(application)
    state = one(tab, city.as_("desk").account_id or "")
    assert (state.seen.name, state.seen.is_suspended) == ("desk", False)
    asyncio.run(do(state, OfficialPageState.suspend))
    assert state.seen.is_suspended
    assert state.seen.history[0].what.startswith(people_text.event_words("suspended"))
    asyncio.run(do(state, OfficialPageState.lift))
    asyncio.run(do(state, OfficialPageState.lift))
    assert state.refused == refusal("already_so")


def test_a_role_taken_by_mistake_is_named_with_the_way_back_and_so_is_who_has_none(
    application: Application, city: City
) -> None:
    tab, _ = opened(application)
    state = one(tab, city.as_("desk").account_id or "")
    assert state.seen.note == ""
    asyncio.run(do(state, OfficialPageState.end_role, state.seen.terms[0].id))
    assert state.done == people_text.ROLE_ENDED.format(role=state.seen.terms[0].words)
    assert state.seen.note == people_text.NO_ROLE_TODAY
    _, listed = opened(application)
    (line,) = (line for line in listed.seen.lines if line.username == "desk")
    assert (line.roles, line.note) == ((), people_text.NO_ROLE_TODAY), "not «no role yet»"


@in_one_city("account", ["", "x", "a" * 400, "../desk", "\u06f6"])
def test_nobody_of_that_id_is_no_page(application: Application, account: str) -> None:
    tab, _ = opened(application)
    state = one(tab, account)
    assert (state.missing, state.seen.name) == (True, "")
    asyncio.run(do(state, OfficialPageState.end))
    assert state.refused == refusal("not_found")


@in_one_city(
    "form",
    [
        {},
        {"username": ["a"]},
        {**INVITED, "site": "https://evil.example"},
        {**INVITED, "account": "x"},
        {**INVITED, "role": ["deputy", "desk"]},
        {**INVITED, "name": 5},
    ],
)
def test_strange_forms_invite_nobody(application: Application, form: dict[str, Any]) -> None:
    _, state = opened(application)
    asyncio.run(do(state, PeopleState.invite, form))
    if state.link.address:  # `site` comes from the page, whatever a form sends
        assert "evil" not in state.link.address
    else:
        assert state.refused == refusal("form_broken")


@in_one_city("odd", ["", "x", "'; --", None, 5, ["a"]])
def test_strange_words_change_nothing(application: Application, city: City, odd: object) -> None:
    tab, state = opened(application)
    before = state.seen
    for handler in (PeopleState.agree, PeopleState.reject):
        asyncio.run(do(state, handler, odd))
        assert state.refused == refusal("not_found")
    asyncio.run(do(state, PeopleState.narrow, odd, odd))
    asyncio.run(do(state, PeopleState.narrow, "state", odd))
    assert state.seen == before
    page = one(tab, city.as_("desk").account_id or "")
    asyncio.run(do(page, OfficialPageState.end_role, odd))
    assert page.refused == refusal("not_found")


@in_one_city("who", ["mayor", "desk", "overseer"])
def test_nobody_else_sees_or_does_anything(application: Application, city: City, who: str) -> None:
    tab, state = opened(application, who)
    assert (state.seen.lines, state.missing) == ((), True)
    asyncio.run(do(state, PeopleState.invite, INVITED))
    assert state.link.address == ""
    page = one(tab, city.as_("second_desk").account_id or "")
    assert page.missing
    for handler in (OfficialPageState.suspend, OfficialPageState.end, OfficialPageState.new_link):
        asyncio.run(do(page, handler))
    assert page.link.address == ""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        second = uow.accounts.get(city.as_("second_desk").account_id or "")
        assert second is not None
        assert second.active
        assert uow.accounts.by_username("deputy5b") is None


def test_a_lost_second_step_is_proposed_and_waits_for_another_administrator(
    application: Application, city: City
) -> None:
    mayor = city.as_("mayor").account_id
    assert mayor is not None
    tab, _ = opened(application)
    state = one(tab, mayor)
    assert not state.seen.has_second_step
    asyncio.run(do(state, OfficialPageState.new_second_step))
    assert state.refused == refusal("second_none")
    has_app(application, "mayor")
    state = one(tab, mayor)
    assert state.seen.has_second_step
    asyncio.run(do(state, OfficialPageState.new_second_step))
    assert state.refused == refusal("one_administrator")
    for strange in ("nobody", "", "../mayor"):
        asyncio.run(do(one(tab, strange), OfficialPageState.new_second_step))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.decisions.open() == []
        assert uow.second_steps.has_totp(mayor)


def test_nobody_else_proposes_it(application: Application, city: City) -> None:
    has_app(application, "mayor")
    tab, _ = opened(application, "desk")
    asyncio.run(do(one(tab, city.as_("mayor").account_id or ""), OfficialPageState.new_second_step))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.decisions.open() == []


def test_who_agrees_reads_who_has_made_the_account_what_it_is(
    application: Application, city: City
) -> None:
    add_official(application, "second", ("administrator", None, None), name="مدیر دوم")
    desk = city.as_("desk").account_id or ""
    tab, _ = opened(application)
    page = one(tab, desk)
    role = {"role": "overseer", "district": "", "unit": "", "from_on": "", "until_on": ""}
    asyncio.run(do(page, OfficialPageState.give, role))
    (hers,) = page.seen.proposals
    assert (hers.own, hers.leads) == (people_text.OWN, ()), "she does not agree, and brings nothing"
    asyncio.run(do(page, OfficialPageState.new_link))
    _, state = opened(application, "second")
    (waiting,) = state.seen.proposals
    assert waiting.past[-1].startswith(people_text.LAST_LINK.partition("{")[0])
    assert waiting.past[-1].endswith(people_text.BY.format(name="administrator"))
    assert waiting.leads == (people_text.HANDS_OVER, people_text.YOU_BRING)
    assert (waiting.own, waiting.reject) == ("", people_text.REJECT)
    asyncio.run(do(state, PeopleState.agree, waiting.id))
    assert "/invitation/?code=" in state.link.address
