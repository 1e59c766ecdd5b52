"""One administrator alone can never hold an account that decides over the city.

Before it gets that role he may have used its link, given it his own mobile, a passkey, a session,
or a second step that takes two to remove. In whatever order, he does not hold the account
afterwards.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.authenticator import Authenticator
from support.citizens import texts_on
from support.city import PASSWORD
from support.doors import SECRET, code_at, enter, has_app, knows
from support.together import refusal, together

from publicmeeting.domain.officials.audit import AccountEventKind as K
from publicmeeting.domain.officials.invitations import SECOND_STEP_WAITS, DecisionKind
from publicmeeting.domain.roles import NOBODY, Grant, Role
from publicmeeting.store.accounts.factors import Passkey
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.factors.passkeys import Answer, Site, ask_touch, touch
from publicmeeting.usecases.accounts.factors.second_step import (
    Due,
    Enrol,
    PendingCookie,
    enrol,
    second_due,
)
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.accounts.staff_accounts import hash_password
from publicmeeting.usecases.accounts.viewer import own_topics
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.officials.importing import ImportTable, import_officials
from publicmeeting.usecases.officials.invitations import ChoosePassword, choose_password
from publicmeeting.usecases.officials.listing import AskOfficials, officials
from publicmeeting.usecases.officials.managing import (
    DateRole,
    EndRole,
    GiveRole,
    Invite,
    OneOfficial,
    SetMobile,
    date_role,
    end_role,
    give_role,
    invite,
    lift,
    new_link,
    new_second_step,
    set_mobile,
    suspend,
)
from publicmeeting.usecases.officials.own_account import own_account
from publicmeeting.usecases.officials.proposals import Changed, OneProposal, agree

SITE = "https://publicmeeting.tehran.ir"
KNOWN = "درخت چنار کنار حوض"
"""Password of a person who used a link that was not his."""
HIS = "+989121234567"
FORM = {"username": "nadia", "name": "نادیا کریمی", "role": "desk", "district": "6", "site": SITE}


@pytest.fixture
def desk(city):
    return city.as_("desk").account_id


def one(application, actor, usecase, account, **other):
    return application.execute_as(actor, usecase, OneOfficial(account=account, **other))


def uses(application, key, password=KNOWN):
    command = ChoosePassword(code=key, password_hash=hash_password(password))
    application.execute_as(NOBODY, choose_password, command)


def proposes(application, actor, account, role="overseer"):
    command = GiveRole(account=account, role=role)
    assert application.execute_as(actor, give_role, command).is_proposed


def open_proposal(application, actor):
    (proposal,) = application.query_as(actor, officials, AskOfficials()).proposals
    return proposal


def agrees(application, actor):
    decision = open_proposal(application, actor).decision.id
    return application.execute_as(actor, agree, OneProposal(decision=decision))


def takes_over(application, admin, account, username):
    """Let an administrator make an official's link and use it himself.

    A desk's account needs no second administrator.
    """
    made = one(application, admin, new_link, account, site=SITE)
    uses(application, made.key)
    session, why = enter(application, username, KNOWN)
    assert why == ""
    return session


def nobody_has(application, session, username, password=KNOWN):
    assert enter(application, username, password) == ("", "password_wrong")
    assert not knows(application, session)


def roles(application, account):
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return {grant.role for grant in uow.accounts.get(account).grants}


@pytest.mark.on_postgresql
@pytest.mark.parametrize("is_proposed_first", [True, False])
def test_a_link_used_before_opens_nothing_once_the_role_is_given(
    application, admin, second, desk, is_proposed_first
):
    if is_proposed_first:
        proposes(application, admin, desk)
    session = takes_over(application, admin, desk, "desk")
    if not is_proposed_first:
        proposes(application, admin, desk)
    agreed = agrees(application, second)
    assert agreed.key
    nobody_has(application, session, "desk")
    assert roles(application, desk) == {Role.DESK, Role.OVERSEER}
    uses(application, agreed.key, "پاییز بلند در کوچهٔ آقاقیا")
    assert enter(application, "desk", "پاییز بلند در کوچهٔ آقاقیا")[1] == ""


def test_an_older_link_that_waits_ends(application, admin, second, desk):
    waiting = one(application, admin, new_link, desk)
    proposes(application, admin, desk)
    agrees(application, second)
    assert refusal(lambda: uses(application, waiting.key)).key == "invitation_replaced"


def test_the_password_of_before_ends_too_whoever_knows_it(application, admin, second, desk):
    proposes(application, admin, desk)
    session, _ = enter(application)
    assert agrees(application, second).key
    nobody_has(application, session, "desk", PASSWORD)


@pytest.mark.parametrize("role", ["overseer", "administrator"])
def test_an_invited_desk_and_one_of_a_table_are_no_other_way(
    application, city, admin, second, role
):
    made = application.execute_as(admin, invite, Invite(**FORM))
    uses(application, made.key)
    table = "username,name,role,district,unit\ntara,تارا کریمی,desk,6,"
    (row,) = application.execute_as(admin, import_officials, ImportTable(table=table)).made
    uses(application, row.key)
    for name in ("nadia", "tara"):
        session, why = enter(application, name, KNOWN)
        assert why == ""
        account = city.as_(name).account_id
        proposes(application, admin, account, role)
        assert agrees(application, second).key
        nobody_has(application, session, name)


def test_a_link_that_two_have_made_is_sent_to_no_mobile_that_one_has_set(
    application, admin, second, city
):
    command = Invite(**{**FORM, "role": "overseer", "district": "", "mobile": "09121234567"})
    application.execute_as(admin, invite, command)
    agreed = agrees(application, second)
    overseer = city.as_("overseer").account_id
    application.execute_as(admin, set_mobile, SetMobile(account=overseer, mobile="09121234567"))
    one(application, admin, new_link, overseer, site=SITE)
    again = agrees(application, second)
    texts = "\n".join(texts_on(application, HIS))
    assert texts.count("لینک گذرواژه ساخته شد") == 2
    for key in (agreed.key, again.key):
        assert key
        assert key not in texts
    assert "invitation" not in texts


@pytest.mark.on_postgresql
def test_his_authenticator_and_his_passkey_go_with_the_password(
    application, clock, admin, second, desk
):
    device = Authenticator("https://meeting.example", "meeting.example")
    device.handle = desk.encode()
    site = {"host": "meeting.example", "origins": ("https://meeting.example",)}
    has_app(application, "desk")
    with application.store.unit_of_work(clock()) as uow:
        uow.passkeys.add(Passkey(device.name, desk, device.public_key, 0, "تبلت", clock(), None))
    proposes(application, admin, desk)
    agrees(application, second)
    options = application.execute_now(ask_touch, Keys(visit="his"), Site(**site))
    answer = Answer(**site, credential=device.signs(options))
    assert not application.execute_now(touch, Keys(visit="his"), answer).session
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.second_steps.totp(desk) is None
        kinds = [event.kind for event in uow.account_events.of_account(desk, most=4)]
    assert kinds == [K.INVITED, K.SECOND_STEP_RESET, K.ROLES_CHANGED, K.AGREED]


def test_a_sign_in_that_was_begun_before_ends_nowhere(application, city, admin, second):
    mayor = city.as_("mayor").account_id
    begun, what = application.execute_now(
        sign_in,
        Keys(visit="his"),
        SignIn(username="mayor", password=PASSWORD, requires_two_steps=True),
    )
    assert what == Due.ENROLMENT
    secret = application.query_now(
        second_due, Keys(visit="his"), PendingCookie(sealed=begun)
    ).secret
    proposes(application, admin, mayor)
    agrees(application, second)
    command = Enrol(sealed=begun, code=code_at(application, secret))
    assert application.execute_now(enrol, Keys(visit="his"), command).refusal == "second_expired"


@pytest.mark.on_postgresql
def test_a_sign_in_at_the_same_instant_leaves_no_session(application, admin, second, desk):
    proposes(application, admin, desk)
    done, _ = together(
        lambda: enter(application),
        lambda: agrees(application, second),
    )
    assert done
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        sessions = uow.connection.exec_driver_sql(
            f"SELECT count(*) FROM session WHERE account_id = '{desk}'"
        ).scalar_one()
    assert sessions == 0


def test_a_suspended_overseer_is_no_way_round(application, city, admin, second):
    overseer = city.as_("overseer").account_id
    one(application, admin, suspend, overseer)
    assert one(application, admin, new_link, overseer).is_proposed
    one(application, admin, lift, overseer)
    assert enter(application, "overseer")[1] == ""


def test_a_role_that_is_over_comes_back_with_a_new_link_only(application, city, admin, second):
    overseer = city.as_("overseer").account_id
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        term = uow.accounts.get(overseer).terms[0].key
    desk = GiveRole(account=overseer, role="desk", district="6")
    application.execute_as(admin, give_role, desk)
    application.execute_as(admin, end_role, EndRole(account=overseer, term=term))
    session = takes_over(application, admin, overseer, "overseer")
    longer = DateRole(account=overseer, term=term, last_on="1406/01/01")
    assert refusal(lambda: application.execute_as(admin, date_role, longer)).key == (
        "role_needs_two"
    )
    proposes(application, admin, overseer)
    assert agrees(application, second).key
    nobody_has(application, session, "overseer")


def test_whoever_has_such_a_role_keeps_her_password_with_another_one(
    application, city, admin, second
):
    overseer = city.as_("overseer").account_id
    proposes(application, admin, overseer, "administrator")
    assert agrees(application, second).key == ""
    assert enter(application, "overseer")[1] == ""


def test_whoever_waits_for_a_link_of_two_keeps_her_second_step_with_another_role(
    application, city, admin, second
):
    overseer = city.as_("overseer").account_id
    has_app(application, "overseer")
    one(application, admin, new_link, overseer)
    agrees(application, second)
    proposes(application, admin, overseer, "administrator")
    uses(application, agrees(application, second).key)
    command = SignIn(username="overseer", password=KNOWN, requires_two_steps=True)
    assert application.execute_now(sign_in, Keys(visit="hers"), command)[1] == Due.CODE


def test_nobody_agrees_about_his_own_account(application, city, admin, second):
    overseer = city.as_("overseer").account_id
    proposes(application, admin, overseer, "administrator")
    agrees(application, second)
    one(application, admin, new_link, overseer)
    herself = replace(city.as_("overseer"), grants=(Grant(Role.ADMINISTRATOR),))
    assert refusal(lambda: agrees(application, herself)).key == "own_account"
    assert open_proposal(application, herself).is_own_account


def loses(application, clock, admin, account):
    assert one(application, admin, new_second_step, account).is_proposed
    clock.forward(seconds=SECOND_STEP_WAITS.total_seconds())


@pytest.fixture
def mayor(application, clock, city):
    """The mayor's account, whose authenticator is confirmed in her history as by herself."""
    has_app(application, "mayor")
    account = city.as_("mayor").account_id
    with application.store.unit_of_work(clock()) as uow:
        uow.account_events.add(K.SECOND_STEP_ON, account, account, {"is_new": True})
    return account


def as_mayor(application, password=KNOWN):
    command = SignIn(username="mayor", password=password, requires_two_steps=True)
    return application.execute_now(sign_in, Keys(visit="his"), command)[1]


@pytest.mark.on_postgresql
def test_a_mayor_whose_link_one_has_made_is_not_reset_into_his_hands(
    application, clock, admin, second, mayor
):
    uses(application, one(application, admin, new_link, mayor).key)
    assert as_mayor(application) == Due.CODE
    loses(application, clock, admin, mayor)
    assert agrees(application, second).key
    assert as_mayor(application) == "password_wrong"


def test_a_passkey_of_hers_says_nothing_of_who_has_used_the_link(
    application, clock, admin, second, mayor
):
    uses(application, one(application, admin, new_link, mayor).key)
    with application.store.unit_of_work(clock()) as uow:  # she uses only her passkey, and knows
        for kind, body in (
            (K.PASSKEY_ADDED, {"name": "تبلت"}),
            (K.SECOND_STEP_ON, {"is_new": False}),
        ):
            uow.account_events.add(kind, mayor, mayor, body)  # no other password
    loses(application, clock, admin, mayor)
    assert agrees(application, second).key
    assert as_mayor(application) == "password_wrong"


def test_a_link_that_she_has_used_herself_leaves_her_the_password(
    application, clock, admin, second, mayor
):
    uses(application, one(application, admin, new_link, mayor).key)
    with application.store.unit_of_work(clock()) as uow:
        body = {"until": "2026-12-20"}
        uow.account_events.add(K.DEVICE_REMEMBERED, mayor, mayor, body)
    loses(application, clock, admin, mayor)
    assert agrees(application, second).key == ""
    assert as_mayor(application) == Due.ENROLMENT


def test_no_link_is_made_by_one_while_her_second_step_is_taken_away(
    application, clock, admin, second, mayor
):
    loses(application, clock, admin, mayor)
    assert one(application, admin, new_link, mayor).is_proposed
    kinds = {
        proposal.decision.kind: proposal.decision.id
        for proposal in application.query_as(second, officials, AskOfficials()).proposals
    }
    reset = OneProposal(decision=kinds[DecisionKind.NEW_SECOND_STEP])
    assert application.execute_as(second, agree, reset).key == ""
    assert as_mayor(application, PASSWORD) == Due.ENROLMENT
    refused = refusal(lambda: one(application, admin, new_link, mayor))
    assert refused.key == "already_proposed"


def test_nor_between_the_reset_and_her_setting_up_anew(application, clock, admin, second, mayor):
    loses(application, clock, admin, mayor)
    agrees(application, second)
    assert one(application, admin, new_link, mayor).is_proposed
    with application.store.unit_of_work(clock()) as uow:
        uow.account_events.add(K.SECOND_STEP_ON, mayor, mayor, {"is_new": True})
        uow.second_steps.put_totp(mayor, SECRET, -1)
    assert one(application, second, new_link, mayor).key


@pytest.mark.parametrize("has_come_in", [False, True])
def test_no_link_of_a_mayor_is_made_by_one_before_her_second_step(
    application, admin, second, has_come_in
):
    command = Invite(username="mayor5", name="مریم کریمی", role="mayor", district="5")
    account = application.execute_as(admin, invite, command).account_id
    key = agrees(application, second).key
    if has_come_in:
        uses(application, key)
    assert one(application, admin, new_link, account) == Changed(account, is_proposed=True)
    if not has_come_in:  # her own link still works
        uses(application, key)
    assert enter(application, "mayor5", KNOWN)[1] == ""
    key = agrees(application, second).key
    assert enter(application, "mayor5", KNOWN)[1] == "password_wrong"
    uses(application, key, "سه گربه روی بام بلند")
    has_app(application, "mayor5")
    assert one(application, admin, new_link, account).key


def test_the_second_reads_who_made_the_last_link_and_what_agreeing_takes_away(
    application, clock, admin, second, desk, mayor
):
    proposes(application, admin, desk)
    assert open_proposal(application, second).past == ()
    takes_over(application, admin, desk, "desk")
    application.execute_as(admin, set_mobile, SetMobile(account=desk, mobile="09121234567"))
    proposal = open_proposal(application, second)
    assert [(event.kind, event.by_account) for event in proposal.past] == [
        (K.INVITED, admin.account_id),
        (K.PASSWORD_CHANGED, desk),
        (K.MOBILE_CHANGED, admin.account_id),
    ]
    assert proposal.hands_over
    agrees(application, second)
    loses(application, clock, admin, mayor)
    assert not open_proposal(application, second).hands_over


def test_she_reads_of_it_herself(application, city, admin, second, desk):
    proposes(application, admin, desk)
    uses(application, agrees(application, second).key)
    history = application.query_as(city.as_("desk"), own_account, Nothing()).history
    assert {event.by_account for event in history if event.kind is K.INVITED} == {second.account_id}


def deputy(**days):
    return {"role": "deputy", "district": "6", **days}


def test_a_session_without_a_second_step_never_becomes_a_deputys(application, admin, desk):
    session, _ = enter(application)
    soon = GiveRole(account=desk, **deputy(from_on="1405/09/02", until_on="1405/09/09"))
    application.execute_as(admin, give_role, soon)  # today is 30 Aban: the day after tomorrow
    assert knows(application, session)
    application.execute_as(admin, give_role, GiveRole(account=desk, **deputy(from_on="1405/09/01")))
    assert not knows(application, session)
    command = SignIn(username="desk", password=PASSWORD, requires_two_steps=True)
    assert application.execute_now(sign_in, Keys(visit="his"), command)[1] == Due.ENROLMENT


def test_nor_by_another_last_day_of_a_role_that_was_over(application, clock, admin, desk):
    command = GiveRole(account=desk, **deputy(until_on="1405/08/30"))
    application.execute_as(admin, give_role, command)
    clock.forward(days=2)
    session, _ = enter(application)
    with application.store.unit_of_work(clock(), reading=True) as uow:
        term = uow.accounts.get(desk).terms[-1].key
    longer = DateRole(account=desk, term=term, last_on="1405/09/20")
    application.execute_as(admin, date_role, longer)
    assert not knows(application, session)


def test_a_key_that_was_added_by_the_password_alone_does_not_outlive_it(
    application, clock, admin, desk, mayor
):
    with application.store.unit_of_work(clock()) as uow:
        for account in (desk, mayor):
            uow.passkeys.add(Passkey(f"of {account}", account, "cose", 0, "تبلت", clock(), None))
    for account in (desk, mayor):
        one(application, admin, new_link, account)
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.passkeys.of(desk) == []
        assert len(uow.passkeys.of(mayor)) == 1
        (newest, _) = uow.account_events.of_account(desk, most=2)
    assert (newest.kind, newest.by_account) == (K.PASSKEY_REMOVED, admin.account_id)


def test_open_pages_of_whoever_loses_a_role_look_again(application, city, admin, desk):
    topics = application.query_as(city.as_("desk"), own_topics, Nothing())
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        term = uow.accounts.get(desk).terms[0].key
    published: set[str] = set()
    application.pubsub.call_before_subscribers(published.update)
    application.execute_as(admin, end_role, EndRole(account=desk, term=term))
    assert published & set(topics)


def test_a_session_a_clock_has_opened_that_was_ahead_opens_nothing(application, clock, desk):
    now = clock()
    clock.set(now + timedelta(days=400))
    session, _ = enter(application)
    assert knows(application, session)
    clock.set(now)
    assert not knows(application, session)
    clock.set(now + timedelta(seconds=30))
    session, _ = enter(application)
    clock.set(now)
    assert knows(application, session)
