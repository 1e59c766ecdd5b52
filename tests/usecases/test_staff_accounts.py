"""Accounts of staff: made, given another password, ended."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import text
from support.city import PASSWORD
from support.doors import enter, knows
from support.together import refusal

from publicmeeting.domain.roles import COMMAND_LINE, Grant, Role
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.usecases.accounts.sign_in import (
    AddAccount,
    ChangePassword,
    DismissAccount,
    RenameAccount,
    add_account,
    change_password,
    dismiss_account,
    hashed,
    rename_account,
)
from publicmeeting.usecases.oversight.books import names_typable

NEW = "another password"


def dismiss(office, username: str = "desk", actor=COMMAND_LINE):
    return office.perform_as(actor, dismiss_account, DismissAccount(username=username))


def change(office, username: str = "desk", actor=COMMAND_LINE, **other):
    command = ChangePassword(username=username, **{"hashed": hashed(NEW), **other})
    return office.perform_as(actor, change_password, command)


def rename(office, username: str, to: str, actor=COMMAND_LINE):
    return office.perform_as(actor, rename_account, RenameAccount(username=username, to=to))


def untypable(office) -> list[str]:
    """Whom doctor names."""
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        return [one.where for one in names_typable(uow, office.clock())]


def test_a_name_is_one_whichever_keyboard_wrote_its_digits(office, city, clock):
    add(office, username="Desk۶")
    assert enter(office, "desk6")[0]
    assert refusal(lambda: add(office, username="desk٦")).key == "username_taken"
    change(office, "desk۶")
    dismiss(office, "DESK۶")
    assert enter(office, "desk6") == ("", "password_wrong")


def test_an_account_from_before_that_comes_in_by_its_name_on_any_keyboard(
    office, city, clock, database_url
):
    """Never as somebody else: of two whose name is one now, whoever could come in still does."""
    for made in ("old8", "old9", "second", "third"):
        add(office, username=made, hashed=hashed(f"password of {made}"))
        clock.forward(seconds=1)
    before = {"old8": "old۸", "second": "old٩", "third": "old۹"}
    with office.store.engine.begin() as connection:
        for made, name in before.items():
            change_name = text("UPDATE account SET username = :name WHERE username = :made")
            connection.execute(change_name, {"name": name, "made": made})
    assert enter(office, "old۸", "password of old8") == ("", "password_wrong")
    upgrade_url(database_url, "0020")
    upgrade_url(database_url)
    for name in ("old8", "old۸", "Old٨"):
        assert enter(office, name, "password of old8")[1] == ""
    assert enter(office, "old۹", "password of old9")[1] == ""
    for other in ("second", "third"):
        assert enter(office, "old9", f"password of {other}") == ("", "password_wrong")
    assert refusal(lambda: add(office, username="old۸")).key == "username_taken"
    assert untypable(office) == ["account old٩", "account old۹"]
    assert refusal(lambda: rename(office, "old٩", "Old۹")).key == "username_taken"
    assert refusal(lambda: rename(office, "old٩", " ")).key == "form_broken"
    assert rename(office, "old٩", "Old۱۰").username == "old10"
    assert untypable(office) == ["account old۹"]
    assert enter(office, "old۱۰", "password of second")[1] == ""
    assert enter(office, "old9", "password of old9")[1] == ""


def test_a_name_that_works_stays(office, city):
    assert untypable(office) == []
    for name in ("desk", "nobody-here"):
        assert refusal(lambda name=name: rename(office, name, "other")).key == "not_found"
    assert enter(office)[1] == ""


def test_a_dismissed_official_loses_power_at_once_and_does_not_come_back(office, city, clock):
    (key, _), (colleague, _) = enter(office), enter(office, "second_desk")
    dismiss(office)
    assert (knows(office, key), knows(office, colleague)) == (False, True)
    assert enter(office) == ("", "password_wrong")
    for name in ("desk", "nobody-here"):
        assert refusal(lambda name=name: dismiss(office, name)).key == "not_found"


def test_a_changed_password_ends_the_sessions_of_the_old_one(office, city):
    (key, _), (colleague, _) = enter(office), enter(office, "second_desk")
    change(office, " Desk ")
    assert (knows(office, key), knows(office, colleague)) == (False, True)
    assert enter(office) == ("", "password_wrong")
    assert enter(office, password=NEW)[1] == ""


def test_only_a_hashed_password_of_somebody_who_works_here_is_kept(office, city):
    assert refusal(lambda: change(office, hashed=NEW)).key == "form_broken"
    assert refusal(lambda: change(office, "nobody-here")).key == "not_found"
    dismiss(office)
    assert refusal(lambda: change(office)).key == "not_found"
    assert enter(office, password=NEW) == ("", "password_wrong")


@pytest.mark.parametrize("who", ["mayor", "desk", "overseer"])
def test_nobody_but_an_administrator_ends_or_opens_an_account(office, city, who):
    actor = city.as_(who)
    assert refusal(lambda: dismiss(office, actor=actor)).key == "not_your_role"
    assert refusal(lambda: change(office, actor=actor)).key == "not_your_role"
    assert refusal(lambda: rename(office, "desk", "other", actor)).key == "not_your_role"
    assert enter(office)[1] == ""


@pytest.mark.on_postgresql
def test_nobody_comes_in_with_a_password_while_it_is_changed(office, city, clock):
    with ThreadPoolExecutor(1) as threads:
        with office.store.unit_of_work(clock()) as uow:
            command = ChangePassword(username="desk", hashed=hashed(NEW))
            change_password(uow, COMMAND_LINE, command, clock())
            entering = threads.submit(enter, office)
            sleep(0.5)  # it comes to wait for the new one
        assert entering.result() == ("", "password_wrong")


def add(office, actor=COMMAND_LINE, **other):
    fields = {
        "username": "new",
        "name": "نو",
        "hashed": hashed(PASSWORD),
        "roles": (("desk", 6, None),),
    }
    return office.perform_as(actor, add_account, AddAccount(**{**fields, **other}))


@pytest.mark.on_postgresql
def test_an_account_gets_exactly_the_grants_named(office, city):
    roles = (("unit", None, "d06-technical"), ("overseer", 6, None), ("overseer", None, None))
    made = add(office, roles=roles)
    assert made.grants == (Grant(Role.UNIT, None, "d06-technical"), Grant(Role.OVERSEER))
    assert enter(office, "new")[1] == ""


@pytest.mark.parametrize(
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
def test_impossible_grants_are_refused(office, city, roles):
    word = refusal(lambda: add(office, roles=roles))
    assert word.key in {"form_broken", "district_unknown", "unit_unknown"}
    assert enter(office, "new") == ("", "password_wrong")


def test_an_account_needs_a_long_password_and_a_free_name(office, city):
    assert refusal(lambda: hashed("short")).key == "password_short"
    assert refusal(lambda: add(office, hashed=PASSWORD)).key == "form_broken"
    assert enter(office, "new") == ("", "password_wrong")
    assert refusal(lambda: add(office, username=" DESK ")).key == "username_taken"
    assert refusal(lambda: add(office, actor=city.as_("mayor"))).key == "not_your_role"
