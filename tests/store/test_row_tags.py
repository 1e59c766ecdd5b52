"""Rows that the database owner moves to another account open nothing."""

from datetime import timedelta

import pytest
from sqlmodel import col, update
from support.citizens import citizen, file, someone
from support.city import KEY, City
from support.doors import knows

from publicmeeting.application import Application
from publicmeeting.domain.officials.invitations import (
    PROPOSAL_STAYS,
    DecisionKind,
    DecisionState,
    InvitationKind,
)
from publicmeeting.domain.people import parse_mobile
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.rows.doors import (
    AccountDecisionRow,
    InvitationRow,
    RecoveryCodeRow,
)
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.rekey import damaged


def test_no_two_rows_have_one_tag_whatever_their_ids_are() -> None:
    """An id may contain the separators of the text that is hashed."""
    rest = {"id": "session", "mobile_hash": None, "door": "password", "created_at": None}
    own = {**rest, "account_id": "mayor\n=x", "person_id": None}
    led = {**rest, "account_id": "mayor", "person_id": "x\n-"}
    assert row_tag(Vault(KEY), "session", own) != row_tag(Vault(KEY), "session", led)


def test_a_link_led_to_another_account_opens_nothing(application: Application, city: City) -> None:
    desk, mayor = (city.as_(name).account_id or "" for name in ("desk", "mayor"))
    with application.store.unit_of_work(application.clock()) as uow:
        key = uow.invitations.make(desk, InvitationKind.FIRST, desk, timedelta(days=1))
        assert uow.invitations.find(key)
        led = update(InvitationRow).where(col(InvitationRow.id) == sha("invitation", key))
        uow.session.exec(led.values(account_id=mayor))
        uow.session.expire_all()
        assert uow.invitations.find(key) is None
        assert [where for where, _ in damaged(uow)] == [f"invitation {sha('invitation', key)}"]


def test_a_recovery_code_led_to_another_account_opens_nothing(
    application: Application, city: City
) -> None:
    desk, mayor = (city.as_(name).account_id or "" for name in ("desk", "mayor"))
    with application.store.unit_of_work(application.clock()) as uow:
        uow.second_steps.put_recovery_codes(desk, ["his", "another"])
        his = update(RecoveryCodeRow).where(col(RecoveryCodeRow.id) == "his")
        uow.session.exec(his.values(account_id=mayor))
        assert not uow.second_steps.use_recovery_code(mayor, "his")
        assert uow.second_steps.use_recovery_code(desk, "another")
        assert [where for where, _ in damaged(uow)] == ["recovery_code his"]


@pytest.mark.parametrize("end", [*DecisionState, "a week"])
def test_a_proposal_of_an_older_release_is_reported_only_while_it_is_open(
    application: Application, city: City, end: str
) -> None:
    """An older release that runs for hours writes a tag over fewer columns; its rows stay."""
    by, desk = (city.as_(name).account_id or "" for name in ("administrator", "desk"))
    with application.store.unit_of_work(application.clock()) as uow:
        made = uow.decisions.propose(DecisionKind.GIVE_ROLE, desk, by, {}).id
        if end in {DecisionState.AGREED, DecisionState.REJECTED}:
            uow.decisions.decide(made, desk, DecisionState(end))
        if end == "a week":
            row = uow.session.get_one(AccountDecisionRow, made)
            row.proposed_at -= PROPOSAL_STAYS
        uow.session.flush()
        uow.session.exec(update(AccountDecisionRow).values(tag="of fewer columns"))
        reported = [f"account_decision {made}"] if end == DecisionState.PROPOSED else []
        assert [where for where, _ in damaged(uow)] == reported


def test_a_person_is_found_by_no_mark_that_was_lent_to_her(application: Application) -> None:
    """Otherwise his own phone, or his own sign-on, would open what she has filed."""
    her, his = someone(1), someone(2)
    with application.store.unit_of_work(application.clock()) as uow:
        known = uow.people.add("national", her.identity, her.name, parse_mobile(her.mobile))
        own = uow.vault.lookup("mobile", parse_mobile(her.mobile))
        assert [one.id for one in uow.people.served_by(own)] == [known.id]
        assert uow.people.by_identity("national", her.identity) == known
        row = uow.session.get_one(PersonRow, known.id)
        row.mobile_hash = uow.vault.lookup("mobile", parse_mobile(his.mobile))
        row.identity_hash = uow.vault.lookup("national", his.identity)
        uow.session.flush()
        assert uow.people.served_by(row.mobile_hash) == []
        assert uow.people.by_identity("national", his.identity) is None


def test_a_session_goes_on_whose_mobile_is_changed_in_one_tab_while_she_files_in_another(
    application: Application, city: City
) -> None:
    if not application.store.has_clock:
        return  # SQLite lets in one of the two
    keys = citizen(application, someone(1).mobile)
    file(application, someone(1), keys)
    with application.store.unit_of_work(application.clock()) as uow:
        actor = uow.sessions.actor(keys)
        assert actor.person_id
        with application.store.unit_of_work(application.clock()) as other:
            other.sessions.settle(actor, actor.person_id, parse_mobile(someone(2).mobile))
        uow.sessions.act_for(actor, actor.person_id)
    assert knows(application, keys.session)
