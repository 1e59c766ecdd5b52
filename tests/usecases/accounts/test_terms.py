"""A role is valid from its first day to its last; a suspended account may do nothing."""

from datetime import date, timedelta

import pytest
from support.city import PASSWORD, City
from support.doors import enter, knows
from support.plans import statements_sent

from publicmeeting.domain.roles import Grant, Role, Term
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.oversight.workplaces import workplaces

TODAY = date(2026, 11, 21)
"""Today by the test's clock, in Tehran."""


def add_term(application, username: str, grant: Grant, from_on=None, until_on=None) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username(username)
        uow.accounts.add_term(account.id, grant, from_on, until_on)


def set_last_day(application, username: str, until_on) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username(username)
        uow.accounts.date_term(account.id, account.terms[0], until_on)


def roles(application, key: str) -> tuple[Role, ...]:
    return application.query_now(viewer, Keys(key), Nothing()).roles


@pytest.mark.parametrize(
    ("from_on", "until_on", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(1), None, False),
        (None, TODAY - timedelta(1), False),
    ],
)
def test_a_term_includes_its_first_and_its_last_day(from_on, until_on, holds):
    assert Term(1, Grant(Role.DESK, 6), from_on, until_on).holds(TODAY) is holds


@pytest.mark.on_postgresql
def test_a_role_outside_its_days_gives_no_power(application, city, clock):
    key, _ = enter(application, "desk")
    add_term(application, "desk", Grant(Role.DEPUTY, 6), TODAY + timedelta(1), TODAY + timedelta(2))
    seen = [roles(application, key)]
    for _ in range(3):
        clock.forward(days=1)
        key, _ = enter(application, "desk")
        seen.append(roles(application, key))
    both = (Role.DESK, Role.DEPUTY)
    assert seen == [(Role.DESK,), both, both, (Role.DESK,)]


def test_the_day_is_the_citys_not_the_machines(application, city, clock):
    set_last_day(application, "desk", TODAY)
    key, _ = enter(application, "desk")
    assert roles(application, key) == (Role.DESK,)
    with application.store.unit_of_work(clock()) as uow:
        uow.clockwork.set_offset(timedelta(days=1))
    application.store.recent.drop(["clock-offset"])
    assert tehran_day(application.city_now()) == TODAY + timedelta(1)
    assert roles(application, key) == ()


def test_in_an_open_page_power_ends_with_the_day(application, city, clock):
    key, _ = enter(application, "desk")
    set_last_day(application, "desk", TODAY - timedelta(1))
    places = application.query_now(workplaces, Keys(key), Nothing())
    assert places.roles == frozenset()


def test_whoever_has_no_role_today_reads_why_at_the_door(application, city, clock):
    set_last_day(application, "desk", TODAY - timedelta(1))
    assert enter(application, "desk") == ("", "account_no_term")
    assert enter(application, "desk", "wrong") == ("", "password_wrong")


@pytest.mark.on_postgresql
def test_a_suspended_official_is_out_at_once_and_back_once_it_is_lifted(application, city, clock):
    (key, _), (colleague, _) = enter(application, "desk"), enter(application, "second_desk")
    desk = city.as_("desk").account_id
    with application.store.unit_of_work(clock()) as uow:
        uow.accounts.suspend(desk)
    assert (knows(application, key), knows(application, colleague)) == (False, True)
    assert enter(application, "desk") == ("", "account_suspended")
    assert enter(application, "desk", "wrong") == ("", "password_wrong")
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert desk not in [one.id for one in uow.accounts.with_role(Role.DESK)]
    with application.store.unit_of_work(clock()) as uow:
        uow.accounts.lift(desk)
    assert enter(application, "desk")[1] == ""


def test_nobody_comes_in_to_an_account_without_a_password(application, city, clock):
    with application.store.unit_of_work(clock()) as uow:
        uow.accounts.add("invited", "مهمان", "", (Grant(Role.DESK, 6),))
    for password in ("", PASSWORD, "nobody"):
        assert enter(application, "invited", password) == ("", "password_wrong")


@pytest.mark.on_postgresql
def test_a_judge_is_looked_for_among_those_who_may_act_today(application, a_request, city, clock):
    request = a_request().request
    with application.store.unit_of_work(clock()) as uow:
        before = {officer.account_id for officer in uow.lanes.officers(request)}
        uow.accounts.suspend(city.as_("second_desk").account_id)
        technical = uow.accounts.by_username("technical")
        uow.accounts.date_term(technical.id, technical.terms[0], TODAY - timedelta(1))
        after = {officer.account_id for officer in uow.lanes.officers(request)}
    assert before - after == {city.as_("second_desk").account_id, technical.id}


@pytest.mark.on_postgresql
def test_a_mobile_is_sealed_and_opened_again(application, city, clock):
    with application.store.unit_of_work(clock()) as uow:
        desk = uow.accounts.by_username("desk")
        uow.accounts.set_mobile(desk.id, "+989121234567")
        assert uow.accounts.mobile(desk.id) == "+989121234567"
        uow.accounts.set_mobile(desk.id, "")
        assert uow.accounts.mobile(desk.id) == ""


def test_an_account_with_all_its_terms_is_one_statement(city: City) -> None:
    store = city.application.store
    with store.unit_of_work(city.application.clock(), reading=True) as uow:
        uow.city_day()
        with statements_sent(store) as asked:
            found = uow.accounts.by_username("desk")
    assert found
    assert [term.grant.role for term in found.terms] == [Role.DESK]
    assert len(asked) == 1
