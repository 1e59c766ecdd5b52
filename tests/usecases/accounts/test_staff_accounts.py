"""Staff accounts are made, get another password, and end."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from support.city import PASSWORD
from support.doors import enter, knows
from support.each import in_one_city
from support.together import refusal

from publicmeeting.domain.roles import COMMAND_LINE, Grant, Role
from publicmeeting.usecases.accounts.staff_accounts import (
    AddAccount,
    ChangePassword,
    DismissAccount,
    add_account,
    change_password,
    dismiss_account,
    hash_password,
)

NEW = "another password"


def dismiss(application, username: str = "desk", actor=COMMAND_LINE):
    return application.execute_as(actor, dismiss_account, DismissAccount(username=username))


def change(application, username: str = "desk", actor=COMMAND_LINE, **other):
    command = ChangePassword(username=username, **{"password_hash": hash_password(NEW), **other})
    return application.execute_as(actor, change_password, command)


def test_a_name_is_one_whichever_keyboard_wrote_its_digits(application, city, clock):
    add(application, username="Desk۶")
    assert enter(application, "desk6")[0]
    assert refusal(lambda: add(application, username="desk٦")).key == "username_taken"
    change(application, "desk۶")
    dismiss(application, "DESK۶")
    assert enter(application, "desk6") == ("", "password_wrong")


def test_a_dismissed_official_loses_power_at_once_and_does_not_come_back(application, city, clock):
    (key, _), (colleague, _) = enter(application), enter(application, "second_desk")
    dismiss(application)
    assert (knows(application, key), knows(application, colleague)) == (False, True)
    assert enter(application) == ("", "password_wrong")
    for name in ("desk", "nobody-here"):
        assert refusal(lambda name=name: dismiss(application, name)).key == "not_found"


def test_a_changed_password_ends_the_sessions_of_the_old_one(application, city):
    (key, _), (colleague, _) = enter(application), enter(application, "second_desk")
    change(application, " Desk ")
    assert (knows(application, key), knows(application, colleague)) == (False, True)
    assert enter(application) == ("", "password_wrong")
    assert enter(application, password=NEW)[1] == ""


def test_only_a_hashed_password_of_somebody_who_works_here_is_kept(application, city):
    assert refusal(lambda: change(application, password_hash=NEW)).key == "form_broken"
    assert refusal(lambda: change(application, "nobody-here")).key == "not_found"
    dismiss(application)
    assert refusal(lambda: change(application)).key == "not_found"
    assert enter(application, password=NEW) == ("", "password_wrong")


@in_one_city("who", ["mayor", "desk", "overseer"])
def test_nobody_but_an_administrator_ends_or_opens_an_account(application, city, who):
    actor = city.as_(who)
    assert refusal(lambda: dismiss(application, actor=actor)).key == "not_your_role"
    assert refusal(lambda: change(application, actor=actor)).key == "not_your_role"
    assert enter(application)[1] == ""


@pytest.mark.on_postgresql
def test_nobody_comes_in_with_a_password_while_it_is_changed(application, city, clock):
    with ThreadPoolExecutor(1) as threads:
        with application.store.unit_of_work(clock()) as uow:
            command = ChangePassword(username="desk", password_hash=hash_password(NEW))
            change_password(uow, COMMAND_LINE, command, clock())
            entering = threads.submit(enter, application)
            sleep(0.5)  # until it waits for the new password's transaction
        assert entering.result() == ("", "password_wrong")


def add(application, actor=COMMAND_LINE, **other):
    fields = {
        "username": "new",
        "name": "نو",
        "password_hash": hash_password(PASSWORD),
        "roles": (("desk", 6, None),),
    }
    return application.execute_as(actor, add_account, AddAccount(**{**fields, **other}))


@pytest.mark.on_postgresql
def test_an_account_gets_exactly_the_grants_named(application, city):
    roles = (("unit", None, "d06-technical"), ("overseer", 6, None), ("overseer", None, None))
    made = add(application, roles=roles)
    assert made.grants == (Grant(Role.UNIT, None, "d06-technical"), Grant(Role.OVERSEER))
    assert enter(application, "new")[1] == ""


@in_one_city(
    "roles",
    [
        (),
        (("citizen", None, None),),
        (("clock", None, None),),
        (("king", None, None),),
        (("desk", None, None),),
        (("desk", 23, None),),
        (("unit", 6, None),),
        (("unit", None, "d06-nothing"),),
    ],
)
def test_impossible_grants_are_refused(application, city, roles):
    word = refusal(lambda: add(application, roles=roles))
    assert word.key in {"form_broken", "district_unknown", "unit_unknown"}
    assert enter(application, "new") == ("", "password_wrong")


def test_an_account_needs_a_long_password_and_a_free_name(application, city):
    assert refusal(lambda: hash_password("short")).key == "password_short"
    assert refusal(lambda: add(application, password_hash=PASSWORD)).key == "form_broken"
    assert enter(application, "new") == ("", "password_wrong")
    assert refusal(lambda: add(application, username=" DESK ")).key == "username_taken"
    assert refusal(lambda: add(application, actor=city.as_("mayor"))).key == "not_your_role"
