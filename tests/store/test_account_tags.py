"""A database owner without the key can make no official and gains no role."""

from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import text
from support.city import PASSWORD, City
from support.doors import enter, knows
from support.two_steps import has_app, id_of

from publicmeeting.application import Application
from publicmeeting.cli.commands import admin
from publicmeeting.cli.stop import StopError
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import COMMAND_LINE, Grant, Role
from publicmeeting.domain.security import SecurityKind
from publicmeeting.store.accounts.passkeys import Passkey
from publicmeeting.store.accounts.row_tags import HeldAccount, HeldTerm, account_tag
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.rekey import rekey
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.usecases.accounts.staff_accounts import (
    ChangePassword,
    DismissAccount,
    change_password,
    dismiss_account,
    hash_password,
)
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.officials.managing import OneOfficial, lift, suspend
from publicmeeting.usecases.oversight.books import Checkup, examine

OWN = "سه‌تا واژهٔ نو اینجا"
"""A password of the database owner."""


def write(application: Application, statement: str, **values: object) -> None:
    with application.store.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount > 0


def changed(application: Application, username: str) -> bool:
    """Return whether `doctor` names this account and nothing else."""
    results = application.query_as(COMMAND_LINE, examine, Checkup())
    found = {finding.where for result in results for finding in result.findings}
    return found == {f"account {username}"}


def roles(application: Application, key: str) -> tuple[Role, ...]:
    return application.query_now(viewer, Keys(key), Nothing()).roles


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO role_grant (account_id, role) VALUES (:id, 'administrator')",
        "INSERT INTO role_grant (account_id, role, district) VALUES (:id, 'mayor', 6)",
        "UPDATE role_grant SET role = 'mayor' WHERE account_id = :id",
        "UPDATE role_grant SET district = 1 WHERE account_id = :id",
        "UPDATE role_grant SET until_on = '2030-01-01' WHERE account_id = :id",
        "UPDATE role_grant SET account_id = :id WHERE role = 'mayor'",
        "DELETE FROM role_grant WHERE account_id = :id",
    ],
)
def test_a_role_written_into_the_database_gives_no_power(
    application: Application, city: City, statement: str
) -> None:
    key, _ = enter(application, "desk")
    assert roles(application, key) == (Role.DESK,)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        desk = id_of(uow, "desk")
    write(application, statement, id=desk)
    assert not knows(application, key)
    assert enter(application, "desk") == ("", "account_suspended")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        for role in Role:
            assert desk not in {one.id for one in uow.accounts.with_role(role)}
            assert desk not in uow.accounts.lasting(role)
            assert not uow.accounts.has_role_now(desk, role)


@pytest.mark.on_postgresql
def test_a_password_written_into_the_database_opens_nothing(
    application: Application, city: City
) -> None:
    """Neither by a hash of his own, nor by that of an account whose password he knows."""
    his, hers = hash_password(OWN), "SELECT password_hash FROM account WHERE username = 'desk'"
    write(application, "UPDATE account SET password_hash = :his WHERE username = 'desk'", his=his)
    write(application, f"UPDATE account SET password_hash = ({hers}) WHERE username = 'mayor'")
    for username in ("desk", "mayor"):
        assert enter(application, username, OWN) == ("", "account_suspended")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        events = uow.security.page((SecurityKind.SIGN_IN_FAILED,), skip=0, most=5)
        assert {(one.who, one.what) for one in events} == {
            ("account:desk", "account_changed"),
            ("account:mayor", "account_changed"),
        }


def test_a_tag_of_another_account_is_worth_nothing(application: Application, city: City) -> None:
    his = "SELECT {} FROM account WHERE username = 'second_desk'"
    both = ", ".join(f"{name} = ({his.format(name)})" for name in ("password_hash", "tag"))
    write(application, f"UPDATE account SET {both} WHERE username = 'mayor'")
    assert enter(application, "mayor") == ("", "account_suspended")


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM totp WHERE account_id = :id",
        "UPDATE totp SET since = NULL WHERE account_id = :id",
        "UPDATE totp SET secret = :before WHERE account_id = :id",
        "DELETE FROM passkey WHERE account_id = :id",
    ],
)
def test_a_second_step_that_is_taken_out_or_put_back_lets_nobody_in(
    application: Application, city: City, statement: str
) -> None:
    """A person who has learned her password cannot set up a second step of his own."""
    has_app(application, "mayor")
    with application.store.unit_of_work(application.clock()) as uow:
        mayor = id_of(uow, "mayor")
        before = uow.connection.execute(text("SELECT secret FROM totp")).scalar_one()
    has_app(application, "mayor")
    with application.store.unit_of_work(application.clock()) as uow:
        uow.passkeys.add(_passkey(mayor, application))
    assert enter(application, "mayor") == ("", "not_ready"), "its code would be due"
    values = {"id": mayor} | ({"before": before} if "before" in statement else {})
    write(application, statement, **values)
    assert enter(application, "mayor") == ("", "account_suspended")


@pytest.mark.on_postgresql
def test_whom_the_program_has_sent_away_is_let_in_by_no_row(
    application: Application, city: City
) -> None:
    application.execute_as(COMMAND_LINE, dismiss_account, DismissAccount(username="desk"))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        mayor = id_of(uow, "mayor")
    application.execute_as(COMMAND_LINE, suspend, OneOfficial(account=mayor))
    write(application, "UPDATE account SET active = (1 = 1) WHERE username = 'desk'")
    write(application, "UPDATE account SET suspended_at = NULL WHERE username = 'mayor'")
    for username in ("desk", "mayor"):
        assert enter(application, username) == ("", "account_suspended")
    with pytest.raises(Denied, match="account_changed"):
        application.execute_as(COMMAND_LINE, lift, OneOfficial(account=mayor))


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "change",
    [
        lambda uow, account: uow.accounts.set_password(account, hash_password(PASSWORD)),
        lambda uow, account: uow.accounts.add_term(account, Grant(Role.PHONE), None, None),
        lambda uow, account: uow.accounts.lift(account),
        lambda uow, account: uow.second_steps.drop_codes(account),
        lambda uow, account: uow.passkeys.remove_all(account),
    ],
)
def test_what_the_program_changes_afterwards_makes_no_such_account_good(
    application: Application, city: City, change: Callable[[UnitOfWork, str], object]
) -> None:
    made = "INSERT INTO role_grant (account_id, role) VALUES (:id, 'administrator')"
    with application.store.unit_of_work(application.clock()) as uow:
        desk = id_of(uow, "desk")
        uow.connection.execute(text(made), {"id": desk})
        change(uow, desk)
    assert enter(application, "desk") == ("", "account_suspended")


@pytest.mark.on_postgresql
def test_a_role_that_a_trigger_adds_to_a_change_of_the_program_gets_no_tag(
    application: Application, city: City
) -> None:
    """A database owner can have anything done between two statements of the program."""
    made = "INSERT INTO role_grant (account_id, role) SELECT NEW.id, 'administrator'"
    once = (
        "WHERE NOT EXISTS (SELECT 1 FROM role_grant WHERE account_id = NEW.id AND district IS NULL)"
    )
    with application.store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            body = f"BEGIN {made} {once}; RETURN NEW; END"
            connection.execute(
                text(f"CREATE FUNCTION his() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
            )
            trigger = (
                "CREATE TRIGGER his BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION his()"
            )
        else:
            trigger = f"CREATE TRIGGER his BEFORE UPDATE ON account BEGIN {made} {once}; END"
        connection.execute(text(trigger))
    command = ChangePassword(username="desk", password_hash=hash_password(OWN))
    application.execute_as(COMMAND_LINE, change_password, command)
    assert enter(application, "desk", OWN) == ("", "account_suspended")


@pytest.mark.on_postgresql
def test_every_change_of_the_program_is_good(application: Application, city: City) -> None:
    has_app(application, "desk")
    with application.store.unit_of_work(application.clock()) as uow:
        desk = id_of(uow, "desk")
        first, second = _passkey(desk, application), _passkey(desk, application, "another")
        for one in (first, second):
            uow.passkeys.add(one)
        today = uow.city_day()
        account = uow.accounts.add_term(desk, Grant(Role.DEPUTY, 6), today, None)
        uow.accounts.date_term(desk, account.terms[-1].id, today)
        uow.accounts.set_password(desk, hash_password(OWN))
        for change in (uow.accounts.suspend, uow.accounts.lift):
            change(desk)
            assert not uow.accounts.get(desk).is_changed
        uow.passkeys.remove(desk, first.id)
        assert not uow.accounts.get(desk).is_changed
        uow.passkeys.remove(desk, second.id)
        uow.second_steps.drop_codes(desk)
        added = uow.accounts.add("new", "new", "", (Grant(Role.DESK, 6), Grant(Role.DESK, 1)))
        assert not added.is_changed
    assert enter(application, "desk", OWN)[0]


@pytest.mark.on_postgresql
def test_an_account_that_an_older_release_has_changed_acts_again_if_its_history_agrees(
    application: Application, city: City
) -> None:
    """An older release writes no keyed hash."""
    write(application, "UPDATE account SET tag = '' WHERE username = 'desk'")
    assert enter(application, "desk") == ("", "account_suspended")
    assert changed(application, "desk")
    admin.confirm(application, "desk")
    assert enter(application, "desk")[0]
    write(application, "UPDATE role_grant SET role = 'mayor' WHERE role = 'desk'")
    with pytest.raises(StopError, match="mayor was given by nobody"):
        admin.confirm(application, "desk")
    assert enter(application, "desk") == ("", "account_suspended")
    with pytest.raises(StopError, match="Nobody"):
        admin.confirm(application, "nobody")


def test_another_key_makes_no_such_account_good(application: Application, city: City) -> None:
    write(application, "UPDATE role_grant SET role = 'mayor' WHERE role = 'desk'")
    new = b"n" * 32
    rekey(application.store, Vault(new), {})
    with (
        closing(Store(str(application.store.engine.url), new)) as store,
        store.unit_of_work(application.clock()) as uow,
    ):
        changed = {account.username for account in uow.accounts.all() if account.is_changed}
    assert changed == {"desk", "desk4", "second_desk"}


def test_an_authenticator_that_is_gone_past_the_program_is_found(
    application: Application, city: City
) -> None:
    has_app(application, "desk")
    what = "its authenticator is there, its history says that it was never set up"
    with pytest.raises(StopError, match=what):
        admin.confirm(application, "desk")


def test_no_two_states_have_one_tag() -> None:
    term = HeldTerm("desk", 6, None, None, None)
    states = [
        HeldAccount("a", ""),
        HeldAccount("a", "", active=False),
        HeldAccount("a", "", is_suspended=True),
        HeldAccount("a", "", has_passkey=True),
        HeldAccount("a", "", app="x"),
        HeldAccount("a", "", terms=(term,)),
        HeldAccount("a", "", terms=(term, term)),
        HeldAccount("a", "", terms=(term._replace(unit_id=""),)),
        HeldAccount("a", "", terms=(term._replace(role="desk,6"),)),
    ]
    vault = Vault(b"k" * 32)
    assert len({account_tag(vault, state) for state in states}) == len(states)
    other = term._replace(district=1)
    both = (HeldAccount("a", "", terms=terms) for terms in ((term, other), (other, term)))
    assert len({account_tag(vault, state) for state in both}) == 1


def _passkey(account_id: str, application: Application, name: str = "k") -> Passkey:
    return Passkey(name, account_id, "public", 0, name, application.clock(), None)
