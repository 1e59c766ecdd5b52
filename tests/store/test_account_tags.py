"""A database owner without the key can make no official and gains no role."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text, update
from support.city import PASSWORD, City
from support.doors import SECRET, enter, has_app, id_of, knows
from support.together import together

from publicmeeting.application import Application
from publicmeeting.cli.commands import admin
from publicmeeting.cli.stop import StopError
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.officials.invitations import DecisionKind
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import COMMAND_LINE, Actor, Grant, Role
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.accounts.accounts import Accounts
from publicmeeting.store.accounts.factors import Passkey
from publicmeeting.store.accounts.row_tags import HeldAccount, HeldTerm, account_tag
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.doors import AccountDecisionRow, TotpRow
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.rekey import rekey
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_lock, role_body
from publicmeeting.usecases.accounts.staff_accounts import (
    ChangePassword,
    DismissAccount,
    change_password,
    dismiss_account,
    hash_password,
)
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.officials.listing import AskOfficials, officials
from publicmeeting.usecases.officials.managing import (
    DateRole,
    GiveRole,
    OneOfficial,
    date_role,
    give_role,
    lift,
    suspend,
)
from publicmeeting.usecases.officials.proposals import OneProposal, agree
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


@pytest.mark.on_postgresql(rows=(0, 4))
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
        "UPDATE account SET name = 'mayor' WHERE id = :id",
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


@pytest.mark.on_postgresql(rows=(2,))
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


@pytest.mark.on_postgresql(rows=(0, 4))
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
        uow.accounts.date_term(desk, account.terms[-1], today)
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


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("username", "password", "statement"),
    [
        ("desk", OWN, "UPDATE account SET password_hash = :his WHERE username = 'desk'"),
        ("mayor", PASSWORD, "DELETE FROM totp WHERE secret <> :his"),
    ],
)
def test_what_is_changed_between_two_statements_of_a_sign_in_opens_nothing(
    application: Application, city: City, username: str, password: str, statement: str
) -> None:
    """He lets it wait for a lock of his, or answers each statement by a view of his."""
    has_app(application, "mayor")
    his = hash_password(OWN) if username == "desk" else b"his"
    with application.store.engine.connect() as connection:
        hers = "SELECT password_hash FROM account WHERE username = 'desk'"
        hash_ = connection.execute(text(hers)).scalar_one()
        totp = connection.execute(select(*TotpRow.__table__.c)).mappings().one()
    for number in range(1, 50):
        executed = 0

        def change_once(connection: Connection, *_: object, number: int = number) -> None:
            nonlocal executed
            executed += 1
            if executed == number:
                connection.execute(text(statement), {"his": his})

        event.listen(application.store.engine, "after_cursor_execute", change_once)
        try:
            session, _ = enter(application, username, password)
        finally:
            event.remove(application.store.engine, "after_cursor_execute", change_once)
        assert not session, f"after statement {number}"
        if executed < number:
            return
        with application.store.engine.begin() as connection:
            back = "UPDATE account SET password_hash = :hash WHERE username = 'desk'"
            connection.execute(text(back), {"hash": hash_})
            connection.execute(text("DELETE FROM totp"))
            connection.execute(insert(TotpRow), [dict(totp)])
            connection.execute(text("DELETE FROM rate"))
    pytest.fail("a sign-in has fewer statements")


def test_a_session_led_to_an_official_within_a_change_gets_no_tag(
    application: Application, city: City
) -> None:
    """A session that the program changes is tagged again, so it must have been its own before."""
    mayor = {"mayor": city.as_("mayor").account_id}
    key, _ = enter(application, "desk")
    led = text("UPDATE session SET account_id = :mayor")
    with application.store.unit_of_work(application.clock()) as uow:
        actor = uow.sessions.actor(Keys(key))
        uow.connection.execute(led, mayor)
        uow.sessions.take_two_steps(actor)
    assert not knows(application, key)
    with application.store.unit_of_work(application.clock()) as uow:
        key = uow.sessions.open_proved("a proof", None, None, Door.SSO)
        actor = uow.sessions.actor(Keys(key))
        uow.connection.execute(led, mayor)
        uow.session.expire_all()
        with pytest.raises(KeyError):
            uow.sessions.settle(actor, "her", None)
    assert not knows(application, key)


@pytest.mark.on_postgresql
def test_nobody_agrees_to_a_proposal_that_was_led_to_another_account(
    application: Application, city: City
) -> None:
    """The second administrator has read of somebody else, or of another role."""
    by, desk = (city.as_(name).account_id for name in ("administrator", "desk"))
    other, second_desk = (city.as_(name).account_id for name in ("technical", "second_desk"))
    assert by
    assert desk
    assert other
    assert second_desk
    with application.store.unit_of_work(application.clock()) as uow:
        second = uow.accounts.add("second", "دوم", "x", (Grant(Role.ADMINISTRATOR),))
        made = {
            about: uow.decisions.propose(
                DecisionKind.GIVE_ROLE, about, by, role_body(Grant(Role.MAYOR, 5))
            ).id
            for about in (desk, second_desk, other)
        }
    led = "UPDATE account_decision SET account_id = :to WHERE id = :one"
    write(application, led, to=other, one=made[desk])
    better = canonical_json(role_body(Grant(Role.MAYOR, 6)))
    changed = "UPDATE account_decision SET body = :body WHERE id = :one"
    write(application, changed, body=better, one=made[second_desk])
    actor = Actor(account_id=second.id, grants=second.grants)
    seen = application.query_as(actor, officials, AskOfficials()).proposals
    assert [proposal.decision.id for proposal in seen] == [made[other]]
    for about in (desk, second_desk):
        with pytest.raises(Denied, match="not_found"):
            application.execute_as(actor, agree, OneProposal(decision=made[about]))
    application.execute_as(actor, agree, OneProposal(decision=made[other]))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert Grant(Role.MAYOR, 5) in uow.accounts.get(other).grants


@pytest.mark.on_postgresql
@pytest.mark.parametrize("changed", ["not_before", "proposed_at"])
def test_nobody_agrees_to_a_proposal_whose_day_or_week_was_moved(
    application: Application, city: City, changed: str
) -> None:
    """An official has a day to stop the removal of her second step."""
    by, desk = (city.as_(name).account_id or "" for name in ("administrator", "desk"))
    with application.store.unit_of_work(application.clock()) as uow:
        second = uow.accounts.add("second", "دوم", "x", (Grant(Role.ADMINISTRATOR),))
        tomorrow = uow.machine_now + timedelta(days=1)
        kind = DecisionKind.NEW_SECOND_STEP
        made = uow.decisions.propose(kind, desk, by, {}, tomorrow).id
    actor, command = Actor(account_id=second.id, grants=second.grants), OneProposal(decision=made)
    with pytest.raises(Denied, match="decision_too_soon"):
        application.execute_as(actor, agree, command)
    with application.store.unit_of_work(application.clock()) as uow:
        moved = {changed: uow.machine_now - timedelta(minutes=1)}
        uow.session.execute(update(AccountDecisionRow).values(**moved))
    with pytest.raises(Denied, match="not_found"):
        application.execute_as(actor, agree, command)


def test_an_account_under_another_name_is_offered_to_no_second_administrator(
    application: Application, city: City
) -> None:
    """He would agree to the name that he reads."""
    by, desk = (city.as_(name).account_id or "" for name in ("administrator", "desk"))
    with application.store.unit_of_work(application.clock()) as uow:
        uow.decisions.propose(DecisionKind.GIVE_ROLE, desk, by, role_body(Grant(Role.MAYOR, 6)))
    admin = city.as_("administrator")
    assert application.query_as(admin, officials, AskOfficials()).proposals
    write(application, "UPDATE account SET name = 'mayor' WHERE username = 'desk'")
    assert not application.query_as(admin, officials, AskOfficials()).proposals


@pytest.mark.on_postgresql
def test_a_role_whose_row_is_exchanged_is_not_given_longer(
    application: Application, city: City
) -> None:
    """An administrator means the role that the page has shown, not what lies under its number."""
    admin, desk = city.as_("administrator"), city.as_("desk").account_id or ""
    with application.store.unit_of_work(application.clock()) as uow:
        over = uow.city_day() - timedelta(days=1)
        old = uow.accounts.add_term(desk, Grant(Role.DEPUTY, 6), None, over).terms[-1]
        term = uow.accounts.get(desk).terms[0]
    exchange = "UPDATE role_grant SET id = :to WHERE id = :it"
    steps = ((old.id, -1), (term.id, old.id), (-1, term.id))
    for it, to in steps:
        write(application, exchange, it=it, to=to)
    command = DateRole(account=desk, term=term.key, last_on="")
    with pytest.raises(Denied, match="not_found"):
        application.execute_as(admin, date_role, command)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.accounts.date_term(desk, term, None)
        assert uow.accounts.get(desk).is_changed


@pytest.mark.on_postgresql
def test_changes_of_one_account_at_one_instant_leave_it_good(
    application: Application, city: City
) -> None:
    """Her password, her keys and two roles: each change has the tag of all of them."""
    desk = city.as_("desk").account_id or ""
    with application.store.unit_of_work(application.clock()) as uow:
        uow.passkeys.add(_passkey(desk, application))
    password = ChangePassword(username="desk", password_hash=hash_password(OWN))
    admin = city.as_("administrator")
    given = [
        GiveRole(account=desk, role=role, district=district)
        for role, district in (("deputy", "6"), ("reception", "6"), ("phone", ""))
    ]

    def own(change: Callable[[UnitOfWork], object]) -> None:
        with application.store.unit_of_work(application.clock()) as uow:
            uow.advisory_lock(account_lock("desk"))
            change(uow)

    together(
        lambda: application.execute_as(COMMAND_LINE, change_password, password),
        *(lambda one=one: application.execute_as(admin, give_role, one) for one in given),
        lambda: own(lambda uow: uow.passkeys.add(_passkey(desk, application, "another"))),
        lambda: own(lambda uow: uow.passkeys.remove(desk, "k")),
        lambda: own(lambda uow: uow.second_steps.put_totp(desk, SECRET, -1)),
    )
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        account = uow.accounts.get(desk)
        assert not account.is_changed
        assert len(account.terms) == 4
        assert account.held.app
        assert account.held.has_passkey


def test_a_role_takes_the_accounts_lock_before_its_row(
    application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise two changes of one account wait for each other, and one of them is refused."""
    taken: list[str] = []
    for owner, name in ((UnitOfWork, "advisory_lock"), (Accounts, "add_term")):
        own = getattr(owner, name)

        def recorded(self: object, what: str, *rest: object, own: Any = own) -> object:
            taken.append(what)
            return own(self, what, *rest)

        monkeypatch.setattr(owner, name, recorded)
    desk = city.as_("desk").account_id or ""
    role = GiveRole(account=desk, role="deputy", district="6")
    application.execute_as(city.as_("administrator"), give_role, role)
    assert taken.index(account_lock("desk")) < taken.index(desk)


def test_no_two_states_have_one_tag() -> None:
    term = HeldTerm("desk", 6, None, None, None)
    states = [
        HeldAccount("a", "u", "n", ""),
        HeldAccount("a", "n", "u", ""),
        HeldAccount("a", "u", "n", "", active=False),
        HeldAccount("a", "u", "n", "", is_suspended=True),
        HeldAccount("a", "u", "n", "", has_passkey=True),
        HeldAccount("a", "u", "n", "", app="x"),
        HeldAccount("a", "u", "n", "", terms=(term,)),
        HeldAccount("a", "u", "n", "", terms=(term, term)),
        HeldAccount("a", "u", "n", "", terms=(term._replace(unit_id=""),)),
        HeldAccount("a", "u", "n", "", terms=(term._replace(role="desk,6"),)),
    ]
    vault = Vault(b"k" * 32)
    assert len({account_tag(vault, state) for state in states}) == len(states)
    other = term._replace(district=1)
    both = (HeldAccount("a", "u", "n", "", terms=terms) for terms in ((term, other), (other, term)))
    assert len({account_tag(vault, state) for state in both}) == 1


def _passkey(account_id: str, application: Application, name: str = "k") -> Passkey:
    return Passkey(name, account_id, "public", 0, name, application.clock(), None)
