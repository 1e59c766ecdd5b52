"""Officials are invited by a link, get roles for a time, are suspended, and end."""

from datetime import date, timedelta

import pytest
from sqlmodel import update
from support.citizens import texts_on
from support.doors import enter, has_app, knows
from support.each import in_one_city
from support.together import refusal, together

from publicmeeting.domain.errors import FormError
from publicmeeting.domain.officials.audit import AccountEventKind as K
from publicmeeting.domain.officials.invitations import OfficialState
from publicmeeting.domain.roles import COMMAND_LINE, NOBODY, Grant, Role
from publicmeeting.store.accounts import invitations
from publicmeeting.store.database.rows.doors import InvitationRow
from publicmeeting.text.notices.sms_text import POWER_TAKEN, SMS_MOST
from publicmeeting.usecases.accounts.staff_accounts import (
    DismissAccount,
    dismiss_account,
    hash_password,
)
from publicmeeting.usecases.officials.invitations import (
    ChoosePassword,
    OpenInvitation,
    choose_password,
    read_invitation,
)
from publicmeeting.usecases.officials.listing import (
    AskOfficial,
    AskOfficials,
    official,
    officials,
)
from publicmeeting.usecases.officials.managing import (
    DateRole,
    EndRole,
    GiveRole,
    Invite,
    OneOfficial,
    SetMobile,
    date_role,
    end,
    end_role,
    give_role,
    invite,
    lift,
    new_link,
    set_mobile,
    suspend,
)
from publicmeeting.usecases.officials.proposals import OneProposal, agree, reject
from publicmeeting.usecases.oversight.books import CHECKS, Checkup, examine
from publicmeeting.usecases.oversight.held_accounts import roles_given

SITE = "https://publicmeeting.tehran.ir"
CHOSEN = "درخت چنار کنار حوض"
TODAY = date(2026, 11, 21)
"""30 Aban 1405."""
WRONG = {
    "username": ("", "M", "1abc", "شهردار", "a b", "desk", "a" * 41),
    "name": ("", "م", "مریم ۲", "<b>مریم</b>", "م" * 90),
    "mobile": ("0912", "02112345678", "abc"),
    "role": ("", "king", "citizen", "clock", "judge"),
    "district": ("", "0", "23", "x", "9" * 40),
    "from_on": ("1405/13/01", "دیروز", "1405/12/31", "1305/01/01"),
    "until_on": ("1405/08/29", "1405-99-1", "1425/01/01"),
}


def form(**other):
    fields = {
        "username": "deputy5",
        "name": "مریم کریمی",
        "mobile": "۰۹۱۲۱۲۳۴۵۶۷",
        "role": "deputy",
        "district": "۵",
        "site": SITE,
    }
    return Invite(**{**fields, **other})


def invited(application, actor, **other):
    return application.execute_as(actor, invite, form(**other))


def choose(application, key, password=CHOSEN):
    command = ChoosePassword(code=key, password_hash=hash_password(password))
    return application.execute_as(NOBODY, choose_password, command)


def opened(application, key):
    return application.query_as(NOBODY, read_invitation, OpenInvitation(code=key))


def do(application, actor, usecase, account_id, **other):
    return application.execute_as(actor, usecase, OneOfficial(account=account_id, **other))


def kinds(application, account_id):
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return [one.kind for one in reversed(uow.account_events.of_account(account_id, most=50))]


def one(application, actor, account_id):
    return application.query_as(actor, official, AskOfficial(account=account_id))


@pytest.mark.on_postgresql
def test_an_invited_deputy_chooses_a_password_and_is_in(application, admin):
    made = invited(application, admin)
    assert enter(application, "deputy5", CHOSEN) == ("", "password_wrong")
    offer = opened(application, made.key)
    assert (offer.username, offer.name) == ("deputy5", "مریم کریمی")
    assert [term.grant for term in offer.terms] == [Grant(Role.DEPUTY, 5)]
    choose(application, made.key)
    key, why = enter(application, "DEPUTY۵", CHOSEN)
    assert why == ""
    assert knows(application, key)
    assert kinds(application, made.account_id) == [
        *(K.ADDED, K.INVITED, K.INVITATION_USED, K.PASSWORD_CHANGED)
    ]


def test_a_link_that_was_sent_to_a_strangers_mobile_ends_when_the_mobile_is_corrected(
    application, admin
):
    made = invited(application, admin)
    her = SetMobile(account=made.account_id, mobile="09351234567", site=SITE)
    corrected = application.execute_as(admin, set_mobile, her)
    assert refusal(lambda: choose(application, made.key)).key == "invitation_replaced"
    assert corrected.key in "".join(texts_on(application, "+989351234567"))
    choose(application, corrected.key)
    later = SetMobile(account=made.account_id, mobile="09121234567", site=SITE)
    assert application.execute_as(admin, set_mobile, later).key == "", "it is used"


def test_the_link_goes_to_her_mobile_in_two_parts_and_is_kept_nowhere(application, admin):
    made = invited(application, admin)
    (text,) = texts_on(application, "+989121234567")
    assert f"{SITE}/invitation/?code={made.key}" in text
    assert len(text) <= SMS_MOST
    with application.store.engine.connect() as connection:
        for table in ("invitation", "account_event", "account", "account_decision"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert made.key not in str(rows)
            assert "9121234567" not in str(rows)


@in_one_city("field, typed", [(field, typed) for field in WRONG for typed in WRONG[field]])
def test_each_field_wrong_alone_is_named_and_nothing_is_made(application, admin, field, typed):
    refused = refusal(lambda: invited(application, admin, **{field: typed}))
    assert isinstance(refused, FormError)
    assert [error.field for error in refused.errors] == [field]
    page = application.query_as(admin, officials, AskOfficials(state="invited"))
    assert page.lines == ()


def test_all_that_is_wrong_is_named_at_once(application, admin):
    refused = refusal(lambda: invited(application, admin, username="", name="", role="unit"))
    assert {error.field for error in refused.errors} == {"username", "name", "unit"}


def test_a_link_opens_once_in_time_and_only_the_newest(application, admin, clock):
    first = invited(application, admin)
    newer = do(application, admin, new_link, first.account_id, site=SITE)
    for key, why in ((first.key, "invitation_replaced"), ("made-up", "invitation_unknown")):
        assert refusal(lambda key=key: opened(application, key)).key == why
    assert refusal(lambda: opened(application, "a\nb")).key == "invitation_unknown"
    clock.forward(days=3)
    assert refusal(lambda: opened(application, newer.key)).key == "invitation_late"
    newest = do(application, admin, new_link, first.account_id, site=SITE)
    do(application, admin, suspend, first.account_id)
    assert refusal(lambda: choose(application, newest.key)).key == "invitation_suspended"
    do(application, admin, lift, first.account_id)
    choose(application, newest.key)
    for again in (opened, choose):
        assert refusal(lambda again=again: again(application, newest.key)).key == "invitation_used"
    do(application, admin, end, first.account_id)
    assert refusal(lambda: opened(application, newest.key)).key == "invitation_ended"


def test_a_used_link_that_the_owner_of_the_database_renews_opens_nothing(application, admin, clock):
    """Whoever finds it a year later would choose the official's password."""
    key = invited(application, admin).key
    choose(application, key)
    clock.forward(days=365)
    with application.store.unit_of_work(application.clock()) as uow:
        later = application.clock() + timedelta(days=1)
        uow.session.exec(update(InvitationRow).values(used_at=None, expires_at=later))
    for again in (opened, choose):
        assert refusal(lambda again=again: again(application, key)).key == "invitation_late"


def test_a_link_that_does_not_say_its_end_has_ended(application, admin, monkeypatch):
    """An older release made it so, and its row says its end alone."""
    monkeypatch.setattr(invitations, "dated", lambda name, _until: name)
    key = invited(application, admin).key
    for again in (opened, choose):
        assert refusal(lambda again=again: again(application, key)).key == "invitation_late"


@pytest.mark.on_postgresql
def test_of_two_who_use_a_link_at_once_one_chooses(application, admin):
    key = invited(application, admin).key
    _, refused = together(
        lambda: choose(application, key, "پنجره باران کوه سبز"),
        lambda: choose(application, key, "کتاب آجر نارنج دریا"),
    )
    assert [one.key for one in refused] == ["invitation_used"]


def test_a_reset_ends_password_and_sessions_at_once(application, admin):
    desk, _ = enter(application, "desk")
    account = next(
        line
        for line in application.query_as(admin, officials, AskOfficials(words="desk")).lines
        if line.username == "desk"
    )
    made = do(application, admin, new_link, account.id, site=SITE)
    assert not knows(application, desk)
    assert enter(application, "desk") == ("", "password_wrong")
    assert one(application, admin, account.id).line.state is OfficialState.INVITED
    choose(application, made.key)
    assert enter(application, "desk", CHOSEN)[1] == ""


def test_roles_have_days_and_end_at_once(application, admin, city):
    desk = city.as_("desk").account_id
    provided = GiveRole(
        account=desk, role="deputy", district="6", from_on="۱۴۰۵/۰۹/۰۱", until_on="1405/9/2"
    )
    application.execute_as(admin, give_role, provided)
    assert refusal(lambda: application.execute_as(admin, give_role, provided)).key == "already_so"
    seen = one(application, admin, desk)
    term = seen.terms[0]
    assert (term.grant, term.from_on) == (Grant(Role.DEPUTY, 6), TODAY + timedelta(1))
    longer = DateRole(account=desk, term=term.key, last_on="۱۴۰۵/۱۲/۲۹")
    application.execute_as(admin, date_role, longer)
    assert one(application, admin, desk).terms[0].until_on == date(2027, 3, 20)
    early = DateRole(account=desk, term=term.key, last_on="1405/08/30")
    refused = refusal(lambda: application.execute_as(admin, date_role, early))
    assert [error.key for error in refused.errors] == ["until_before_from"]
    mayor = one(application, admin, city.as_("mayor").account_id)
    assert [name for _, name, _ in mayor.deputies] == ["deputy", "desk"]
    application.execute_as(admin, end_role, EndRole(account=desk, term=seen.terms[-1].key))
    assert enter(application, "desk") == ("", "account_no_term")
    application.execute_as(admin, end_role, EndRole(account=desk, term=term.key))
    assert [t.grant.role for t in one(application, admin, desk).terms] == [Role.DESK]
    other = EndRole(account=city.as_("mayor").account_id, term=term.key)
    assert refusal(lambda: application.execute_as(admin, end_role, other)).key == "not_found"
    for _ in range(2):  # given and ended again, which makes two equal terms
        again = GiveRole(account=desk, role="desk", district="6", from_on="", until_on="")
        application.execute_as(admin, give_role, again)
        term = one(application, admin, desk).terms[0]
        application.execute_as(admin, end_role, EndRole(account=desk, term=term.key))
    (roles,) = (name for name, check in CHECKS.items() if check is roles_given)
    (books,) = application.query_as(COMMAND_LINE, examine, Checkup(checks=(roles,)))
    assert books.findings == ()


def test_each_change_is_told_to_her_mobile(application, admin, city):
    desk = city.as_("desk").account_id
    for number in ("09121234567", "۰۹۳۵۱۲۳۴۵۶۷"):
        application.execute_as(admin, set_mobile, SetMobile(account=desk, mobile=number))
    assert one(application, admin, desk).mobile == "۰۹۳۵•••••۶۷"
    do(application, admin, suspend, desk)
    do(application, admin, lift, desk)
    assert refusal(lambda: do(application, admin, lift, desk)).key == "already_so"
    do(application, admin, end, desk)
    assert len(texts_on(application, "+989121234567")) == 1
    assert len(texts_on(application, "+989351234567")) == 3
    assert refusal(lambda: do(application, admin, suspend, desk)).key == "not_found"


@pytest.mark.parametrize("how", ["suspend", "end", "end_role", "date_role"])
def test_whoever_silences_a_mayor_is_told_of_to_others_who_watch(
    application, admin, second, city, how
):
    """Two officials give a role, one suspends it at once; the mayor may have no mobile here."""
    numbers = {"second": "+989121111111", "overseer": "+989122222222", "desk": "+989123333333"}
    with application.store.unit_of_work(application.clock()) as uow:
        for name, number in numbers.items():
            uow.accounts.set_mobile(city.as_(name).account_id, number)
    mayor, desk = (city.as_(name).account_id for name in ("mayor", "second_desk"))
    for account in (mayor, desk):
        if how in ("suspend", "end"):
            do(application, admin, {"suspend": suspend, "end": end}[how], account)
            continue
        term = one(application, admin, account).terms[0].key
        if how == "end_role":
            application.execute_as(admin, end_role, EndRole(account=account, term=term))
        else:
            shorter = DateRole(account=account, term=term, last_on="1405/10/01")
            application.execute_as(admin, date_role, shorter)
    read = {name: texts_on(application, number) for name, number in numbers.items()}
    assert read == {"second": [POWER_TAKEN], "overseer": [POWER_TAKEN], "desk": []}
    assert len(POWER_TAKEN) <= SMS_MOST


def test_the_last_administrator_stays(application, admin, city):
    me = admin.account_id
    term = one(application, admin, me).terms[0].key
    ways = (
        lambda: do(application, admin, suspend, me),
        lambda: do(application, admin, end, me),
        lambda: application.execute_as(admin, end_role, EndRole(account=me, term=term)),
        lambda: application.execute_as(
            admin, date_role, DateRole(account=me, term=term, last_on="1406/01/01")
        ),
        lambda: do(application, COMMAND_LINE, new_link, me),
        lambda: application.execute_as(
            COMMAND_LINE, dismiss_account, DismissAccount(username="administrator")
        ),
    )
    for way in ways:
        assert refusal(way).key == "last_administrator"
    assert enter(application, "administrator")[1] == ""


def test_an_administrator_who_was_never_in_is_no_other_one(application, admin, second, city):
    do(application, COMMAND_LINE, new_link, second.account_id)
    assert refusal(lambda: do(application, admin, end, admin.account_id)).key == (
        "last_administrator"
    )


@pytest.mark.on_postgresql
def test_two_administrators_who_end_each_other_at_once_leave_one(application, admin, second):
    _, refused = together(
        lambda: do(application, admin, suspend, second.account_id),
        lambda: do(application, second, suspend, admin.account_id),
    )
    assert len(refused) == 1
    assert refused[0].key in {"not_your_role", "last_administrator"}
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert len(uow.accounts.lasting(Role.ADMINISTRATOR)) == 1


def test_nobody_agrees_by_a_second_account_of_his_mobile(application, admin, second, clock):
    """With one human behind both administrators it is done at the server."""
    invited(application, admin, username="overseer2", role="overseer", district="")
    (proposal,) = application.query_as(second, officials, AskOfficials()).proposals
    for account in (admin.account_id, second.account_id):
        with application.store.unit_of_work(clock()) as uow:
            uow.accounts.set_mobile(account, "+989120000999")
    command = OneProposal(decision=proposal.decision.id)
    assert refusal(lambda: application.execute_as(second, agree, command)).key == "same_person"
    word = refusal(lambda: invited(application, admin, username="overseer3", role="overseer"))
    assert word.key == "one_administrator"


@pytest.mark.on_postgresql
def test_an_overseer_needs_two_administrators(application, admin, second, clock):
    made = invited(application, admin, username="overseer2", role="overseer", district="")
    assert (made.key, made.is_proposed) == ("", True)
    assert one(application, admin, made.account_id).terms == ()
    (proposal,) = application.query_as(second, officials, AskOfficials()).proposals
    command = OneProposal(decision=proposal.decision.id)
    assert refusal(lambda: application.execute_as(admin, agree, command)).key == "own_proposal"
    assert refusal(lambda: do(application, admin, new_link, made.account_id)).key == "no_role_yet"
    agreed = application.execute_as(second, agree, command)
    assert refusal(lambda: application.execute_as(second, agree, command)).key == "decision_over"
    choose(application, agreed.key)
    assert enter(application, "overseer2", CHOSEN)[1] == ""
    again = do(application, admin, new_link, made.account_id)
    assert again.is_proposed
    assert enter(application, "overseer2", CHOSEN)[1] == ""
    assert refusal(lambda: do(application, admin, new_link, made.account_id)).key == (
        "already_proposed"
    )
    (proposal,) = application.query_as(second, officials, AskOfficials()).proposals
    clock.forward(days=7)
    command = OneProposal(decision=proposal.decision.id)
    assert refusal(lambda: application.execute_as(second, agree, command)).key == "decision_over"
    assert application.query_as(second, officials, AskOfficials()).proposals == ()


@pytest.mark.parametrize("has_account", [False, True])
def test_nobody_makes_a_mayor_alone(application, admin, second, has_account):
    if has_account:
        first = {"username": "desk5", "role": "desk"}
        account = invited(application, admin, **first).account_id
        asked = GiveRole(account=account, role="mayor", district="5")
        made = application.execute_as(admin, give_role, asked)
    else:
        made = invited(application, admin, username="mayor5", role="mayor")
    assert (made.key, made.is_proposed) == ("", True)
    held = [term.grant.role for term in one(application, admin, made.account_id).terms]
    assert Role.MAYOR not in held
    (proposal,) = application.query_as(second, officials, AskOfficials()).proposals
    command = OneProposal(decision=proposal.decision.id)
    assert refusal(lambda: application.execute_as(admin, agree, command)).key == "own_proposal"
    agreed = application.execute_as(second, agree, command)
    choose(application, agreed.key)
    held = [term.grant for term in one(application, admin, made.account_id).terms]
    assert Grant(Role.MAYOR, 5) in held
    term = next(
        term.key
        for term in one(application, admin, made.account_id).terms
        if term.grant.role is Role.MAYOR
    )
    application.execute_as(
        admin, date_role, DateRole(account=made.account_id, term=term, last_on="1406/01/01")
    )
    longer = DateRole(account=made.account_id, term=term, last_on="")
    assert refusal(lambda: application.execute_as(admin, date_role, longer)).key == "role_needs_two"
    # Her own second step follows, so a link by one administrator opens nothing alone.
    has_app(application, "desk5" if has_account else "mayor5")
    assert do(application, admin, new_link, made.account_id).key


def test_the_server_makes_the_first_mayor_of_a_city(application):
    made = application.execute_as(
        COMMAND_LINE,
        invite,
        Invite(username="mayor5", name="مریم کریمی", role="mayor", district="5"),
    )
    assert made.key
    assert [t.grant for t in one(application, COMMAND_LINE, made.account_id).terms] == [
        Grant(Role.MAYOR, 5)
    ]


def test_a_proposal_falls_with_whoever_made_it_and_can_be_taken_back(application, admin, second):
    desk = invited(application, admin, username="desk9", role="desk", district="9").account_id
    provided = GiveRole(account=desk, role="administrator")

    def proposed():
        application.execute_as(admin, give_role, provided)
        (proposal,) = application.query_as(second, officials, AskOfficials()).proposals
        return OneProposal(decision=proposal.decision.id)

    application.execute_as(admin, reject, proposed())
    command = proposed()
    do(application, second, suspend, admin.account_id)
    assert refusal(lambda: application.execute_as(second, agree, command)).key == "decision_over"
    assert [t.grant.role for t in one(application, second, desk).terms] == [Role.DESK]


def test_where_there_is_one_administrator_the_server_is_the_way(application, admin):
    refused = refusal(lambda: invited(application, admin, role="administrator", district=""))
    assert refused.key == "one_administrator"
    assert application.query_as(admin, officials, AskOfficials(state="invited")).lines == ()


def test_a_role_for_two_is_shortened_by_one_and_lengthened_by_none(application, admin, city):
    overseer = city.as_("overseer").account_id
    term = one(application, admin, overseer).terms[0].key
    shorter = DateRole(account=overseer, term=term, last_on="1406/01/01")
    application.execute_as(admin, date_role, shorter)
    for day in ("", "1406/02/01"):
        longer = DateRole(account=overseer, term=term, last_on=day)
        refused = refusal(lambda longer=longer: application.execute_as(admin, date_role, longer))
        assert refused.key == "role_needs_two"


def test_the_list_is_narrowed_by_words_role_district_and_state(application, admin):
    invited(application, admin, username="deputy5", name="علیرضا کریمی‌نژاد")

    def names(**other):
        return [
            line.username
            for line in application.query_as(admin, officials, AskOfficials(**other)).lines
        ]

    for words in ("علي رضا", "کريمی نژاد", "DEPUTY۵", "جانشین علی"):
        assert names(words=words, state="invited") == ["deputy5"]
    assert names(words="نادر", state="invited") == []
    assert set(names(role="deputy")) == {"deputy", "deputy4"}
    assert set(names(district="۶", role="unit")) == {"technical", "services"}
    page = application.query_as(admin, officials, AskOfficials(district="6"))
    assert page.counts[OfficialState.ACTIVE] == len(page.lines) == 7
    for odd in ({"role": "clock"}, {"district": "x"}, {"state": "x"}, {"page": 0}):
        query = AskOfficials(**odd)
        refused = refusal(lambda query=query: application.query_as(admin, officials, query))
        assert refused.key == "form_broken"


@in_one_city("who", ["desk", "mayor", "overseer"])
def test_nobody_but_an_administrator_reads_or_changes_officials(application, city, who):
    actor, desk = city.as_(who), city.as_("desk").account_id
    asks = (
        lambda: application.query_as(actor, officials, AskOfficials()),
        lambda: application.query_as(actor, official, AskOfficial(account=desk)),
        lambda: invited(application, actor),
        lambda: application.execute_as(actor, give_role, GiveRole(account=desk, role="desk")),
        *(
            lambda usecase=usecase: do(application, actor, usecase, desk)
            for usecase in (suspend, lift, end, new_link)
        ),
        lambda: application.execute_as(actor, set_mobile, SetMobile(account=desk)),
        lambda: application.execute_as(actor, agree, OneProposal(decision="x")),
    )
    for ask in asks:
        assert refusal(ask).key == "not_your_role"
