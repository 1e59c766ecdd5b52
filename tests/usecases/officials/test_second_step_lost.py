"""A lost second step: two administrators remove it, a day apart, unless she signs in meanwhile."""

from threading import Event

import pytest
from support.authenticator import Authenticator
from support.citizens import texts_on
from support.city import PASSWORD
from support.doors import code_at, has_app, id_of
from support.together import refusal, together

from publicmeeting.domain.officials.audit import AccountEventKind as K
from publicmeeting.domain.officials.invitations import SECOND_STEP_WAITS
from publicmeeting.domain.people import Door
from publicmeeting.store.accounts.factors import Passkey
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.notices.sms_text import SECOND_STEP_ASKED, SMS_MOST
from publicmeeting.usecases.accounts.account_changes import account_lock
from publicmeeting.usecases.accounts.factors import keys
from publicmeeting.usecases.accounts.factors.keys import begin_app, renew_codes, take_away
from publicmeeting.usecases.accounts.factors.passkeys import Answer, Site, ask_touch, touch
from publicmeeting.usecases.accounts.factors.second_step import Due, EnterSecond, enter_second
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.officials import proposals
from publicmeeting.usecases.officials.listing import AskOfficial, official
from publicmeeting.usecases.officials.managing import OneOfficial, new_second_step
from publicmeeting.usecases.officials.proposals import OneProposal, agree, reject

TABLET = Keys(visit="tablet")
DAY = SECOND_STEP_WAITS.total_seconds()


@pytest.fixture
def mayor(application, city):
    """The mayor's account, with an authenticator that is lost."""
    has_app(application, "mayor")
    return city.as_("mayor").account_id


def propose(application, actor, account):
    return application.execute_as(actor, new_second_step, OneOfficial(account=account))


def proposed(application, actor, account):
    seen = application.query_as(actor, official, AskOfficial(account=account))
    return [proposal.decision.id for proposal in seen.proposals]


def agrees(application, actor, decision):
    return application.execute_as(actor, agree, OneProposal(decision=decision))


def types_password(application, username="mayor"):
    command = SignIn(username=username, password=PASSWORD, requires_two_steps=True)
    return application.execute_now(sign_in, TABLET, command)


def kinds(application, account):
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return [one.kind for one in uow.account_events.of_account(account, most=9)]


@pytest.mark.on_postgresql
def test_a_second_administrator_agrees_a_day_later_and_she_sets_up_anew(
    application, clock, admin, second, mayor
):
    assert propose(application, admin, mayor).is_proposed
    (decision,) = proposed(application, second, mayor)
    clock.forward(seconds=DAY - 1)
    too_soon = refusal(lambda: agrees(application, second, decision))
    assert too_soon.key == "decision_too_soon"
    assert types_password(application)[1] == Due.CODE
    clock.forward(seconds=1)
    assert refusal(lambda: agrees(application, admin, decision)).key == "own_proposal"
    agrees(application, second, decision)
    assert types_password(application)[1] == Due.ENROLMENT
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.second_steps.recovery_codes_left(mayor) == 0
        assert uow.passkeys.of(mayor) == []
    assert kinds(application, mayor)[:3] == [K.SECOND_STEP_RESET, K.AGREED, K.PROPOSED]


@pytest.mark.on_postgresql
def test_her_own_sign_in_stops_it(application, clock, admin, second, mayor):
    propose(application, admin, mayor)
    (decision,) = proposed(application, second, mayor)
    sealed, _ = types_password(application)
    assert proposed(application, second, mayor)  # a password alone stops nothing
    command = EnterSecond(sealed=sealed, code=code_at(application))
    assert application.execute_now(enter_second, TABLET, command).session
    assert proposed(application, second, mayor) == []
    assert kinds(application, mayor)[0] is K.REJECTED
    clock.forward(seconds=DAY)
    assert refusal(lambda: agrees(application, second, decision)).key == "decision_over"


def test_her_passkey_stops_it_too(application, clock, admin, second, mayor):
    device = Authenticator("https://meeting.example", "meeting.example")
    site = {"host": "meeting.example", "origins": ("https://meeting.example",)}
    device.handle = mayor.encode()
    with application.store.unit_of_work(clock()) as uow:
        key = Passkey(device.name, mayor, device.public_key, 0, "تبلت", clock(), None)
        uow.passkeys.add(key)
    propose(application, admin, mayor)
    options = application.execute_now(ask_touch, TABLET, Site(**site))
    answer = Answer(**site, credential=device.signs(options))
    assert application.execute_now(touch, TABLET, answer).session
    assert proposed(application, second, mayor) == []


def test_whoever_proposed_takes_it_back_before_the_day_is_over(application, admin, second, mayor):
    propose(application, admin, mayor)
    (decision,) = proposed(application, second, mayor)
    application.execute_as(admin, reject, OneProposal(decision=decision))
    assert proposed(application, second, mayor) == []


def test_she_is_told_at_once(application, clock, admin, second, mayor):
    with application.store.unit_of_work(clock()) as uow:
        uow.accounts.set_mobile(mayor, "+989121234567")
    propose(application, admin, mayor)
    assert SECOND_STEP_ASKED in texts_on(application, "+989121234567")
    assert len(SECOND_STEP_ASKED) <= SMS_MOST


def test_whoever_had_a_passkey_alone_is_helped_as_well(application, clock, city, admin, second):
    desk = city.as_("desk").account_id
    with application.store.unit_of_work(clock()) as uow:
        uow.passkeys.add(Passkey("key", desk, "cose", 0, "کلید", clock(), None))
    propose(application, admin, desk)
    assert len(proposed(application, second, desk)) == 1


def test_it_needs_two_administrators_a_second_step_and_no_proposal_yet(
    application, city, admin, mayor
):
    assert refusal(lambda: propose(application, admin, mayor)).key == "one_administrator"
    desk = city.as_("desk").account_id
    assert refusal(lambda: propose(application, admin, desk)).key == "second_none"
    assert refusal(lambda: propose(application, admin, "nobody")).key == "not_found"
    assert refusal(lambda: propose(application, city.as_("overseer"), mayor)).key == "not_your_role"


def test_it_is_proposed_once(application, admin, second, mayor):
    propose(application, admin, mayor)
    assert refusal(lambda: propose(application, second, mayor)).key == "already_proposed"


@pytest.mark.on_postgresql
def test_of_her_sign_in_and_an_agreement_at_the_same_instant_one_wins(
    application, clock, admin, second, mayor
):
    propose(application, admin, mayor)
    (decision,) = proposed(application, second, mayor)
    clock.forward(seconds=DAY)
    sealed, _ = types_password(application)
    command = EnterSecond(sealed=sealed, code=code_at(application))
    done, _ = together(
        lambda: application.execute_now(enter_second, TABLET, command),
        lambda: agrees(application, second, decision),
    )
    with application.store.unit_of_work(clock(), reading=True) as uow:
        is_reset = not uow.second_steps.has_totp(id_of(uow, "mayor"))
        sessions = uow.connection.exec_driver_sql(
            f"SELECT count(*) FROM session WHERE account_id = '{mayor}'"
        ).scalar_one()
    assert done
    assert is_reset == (K.SECOND_STEP_RESET in kinds(application, mayor))
    assert not (is_reset and sessions)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("act", [renew_codes, begin_app])
def test_keys_changed_while_two_agree_to_take_them_away_wait_in_no_ring(
    application, clock, admin, second, mayor, monkeypatch, act
):
    propose(application, admin, mayor)
    (decision,) = proposed(application, second, mayor)
    clock.forward(seconds=DAY)
    with application.store.unit_of_work(clock()) as uow:
        key = uow.sessions.open_for_account(uow.accounts.get(mayor), Door.PASSKEY)
    clock.forward(minutes=5)  # long enough for her use of it to be stored
    changing, agreeing = Event(), Event()
    if application.store.engine.dialect.name == "sqlite":  # a single writer waits for nothing
        changing.set()
        agreeing.set()

    def once_agreed_to(username):
        changing.set()
        agreeing.wait(timeout=5)
        return account_lock(username)

    def once_changing(uow, account, actor):
        agreeing.set()
        changing.wait(timeout=5)
        take_away(uow, account, actor)

    monkeypatch.setattr(keys, "account_lock", once_agreed_to)
    monkeypatch.setattr(proposals, "take_away", once_changing)
    done, refused = together(
        lambda: application.execute_now(act, Keys(session=key, visit="tablet"), Nothing()),
        lambda: agrees(application, second, decision),
    )
    assert len(done) + len(refused) == 2
    assert {one.key for one in refused} <= {"not_fresh", "session_ended"}, (
        "the database had to end one of the two"
    )
    assert kinds(application, mayor).count(K.SECOND_STEP_RESET) == 1
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert not uow.second_steps.has_totp(mayor)
        assert uow.second_steps.recovery_codes_left(mayor) == 0
