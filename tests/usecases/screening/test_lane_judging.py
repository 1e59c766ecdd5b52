"""Two officers of two units judge a document without her name or each other's answer."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from support.city import PASSWORD, add_official
from support.contests import works_as
from support.documents import DESKS, UNITS, Documents, granted_lane
from support.each import in_one_city
from support.line import MONDAY, Citizen, Line
from support.officials import has_the_mobile_of, is_long_there, role_ends, role_is_back
from support.together import together

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.people import AccountRow, GrantRow
from publicmeeting.usecases.accounts.staff_accounts import hash_password
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.pictures import OnePhoto, see_photo
from publicmeeting.usecases.officials.invitations import ChoosePassword, choose_password
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
    set_mobile,
    suspend,
)
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.screening.lane_judging import JudgeLane, OneAsk, judge_lane, open_lane
from publicmeeting.usecases.tracking.for_caller import (
    CallersAnswer,
    CallersCase,
    answer_for_caller,
    case_of_caller,
)
from publicmeeting.usecases.tracking.timeline import openings, timeline_page

DAY = timedelta(days=1)
TUESDAY = MONDAY - timedelta(days=6)
ELSEWHERE = 4


def test_the_log_and_the_other_judge_learn_nothing_before_both_have_answered(
    line, documents, asked
):
    first, second = documents.judges(asked)
    ask_id = documents.ask_id(asked)
    documents.judge(first, ask_id, "no")
    assert line.entries("lane_judged") == []
    assert documents.tasks(first.name) == []
    assert documents.tasks(second.name) == [ask_id]
    page = line.city.application.execute_as(second, open_lane, OneAsk(id=ask_id))
    assert "expired" not in repr(page.line)
    documents.judge(second, ask_id, "yes")
    assert line.entries("lane_judged") == []
    line.until(line.clock.now.date() + timedelta(days=1))
    assert len(line.entries("lane_judged")) == 2


def test_a_judge_sees_the_document_and_nothing_of_her(line, documents, asked):
    judge = documents.judges(asked)[0]
    page = line.city.application.execute_as(judge, open_lane, OneAsk(id=documents.ask_id(asked)))
    request = asked.request
    for hidden in (request.code, request.title, request.text, request.ticket, request.person_id):
        assert hidden not in repr(page.line)
    (document,) = page.documents
    command = OnePhoto(id=document.id)
    assert line.city.application.query_as(judge, see_photo, command).id == document.id
    seen = line.city.application.query_as(asked.actor, openings, OneCase(code=asked.code))
    assert [one.role.value for one in seen] == ["judge"]


def test_nobody_else_sees_the_document_while_she_is_not_known(line, documents, asked):
    judges = {judge.name for judge in documents.judges(asked)}
    (document,) = line.city.application.execute_as(
        documents.judges(asked)[0], open_lane, OneAsk(id=documents.ask_id(asked))
    ).documents
    command = OnePhoto(id=document.id)
    others = {
        "desk",
        "second_desk",
        "technical",
        "services",
        "desk4",
        "mayor",
        "overseer",
        "reception",
        "administrator",
    } - judges
    for name in others:
        with pytest.raises(Denied, match="not_found"):
            line.city.application.query_as(line.city.as_(name), see_photo, command)
    assert line.city.application.query_as(asked.actor, see_photo, command).id == document.id
    documents.decide(asked, "yes", "yes")
    for name in judges:
        with pytest.raises(Denied, match="not_found"):
            line.city.application.query_as(line.city.as_(name), see_photo, command)


def test_the_desk_does_not_learn_to_which_request_a_document_belongs(line, documents, asked):
    documents.decide(asked, "yes", "no")
    desk = line.city.as_("desk")
    page = line.city.application.execute_as(desk, open_case, OneCase(code=asked.code))
    assert page.photos == ()
    assert [mark.action for mark in page.marks if mark.state != "ahead"] == [Action.SUBMIT]
    mine = line.city.application.query_as(asked.actor, timeline_page, OneCase(code=asked.code))
    past_actions = [mark.action for mark in mine.marks if mark.state == "past"]
    assert past_actions == [
        Action.ASK_LANE,
        Action.JUDGE_LANE,
        Action.JUDGE_LANE,
        Action.DECIDE_LANE,
    ]


def test_who_is_suspended_for_a_minute_is_replaced_by_nobody(line, documents, asked):
    """Otherwise an administrator could let the clock pick again until both are his friends."""
    application, administrator = line.city.application, line.city.as_("administrator")
    picked = documents.judges(asked)
    suspended = OneOfficial(account=picked[0].account_id)
    application.execute_as(administrator, suspend, suspended)
    line.clock.forward(minutes=2)
    line.worker.tick()
    assert documents.judges(asked) == picked
    application.execute_as(administrator, lift, suspended)
    documents.decide(asked, "yes", "yes")
    assert granted_lane(asked) is Lane.ACCESS


def test_who_is_still_suspended_when_it_is_due_is_replaced(line, documents, asked):
    picked = documents.judges(asked)
    suspended = OneOfficial(account=picked[0].account_id)
    line.city.application.execute_as(line.city.as_("administrator"), suspend, suspended)
    with line.reading() as uow:
        due_at = uow.lanes.newest(asked.request)[1]
    line.until(due_at.date(), "12:00")
    assert documents.judges(asked) == picked
    line.until(due_at.date() + DAY, "12:00")
    assert picked[1] in documents.judges(asked)
    assert picked[0] not in documents.judges(asked)


def invites_two_friends(line):
    """Let one administrator invite two officials into a city of long-standing ones."""
    application, administrator = line.city.application, line.city.as_("administrator")
    is_long_there(line)
    friends = (("mine1", "علی رضایی", "desk", ""), ("mine2", "رضا علوی", "unit", "technical"))
    for username, name, role, unit in friends:
        command = Invite(username=username, name=name, role=role, district="6", unit=unit)
        key = application.execute_as(administrator, invite, command).key
        password = ChoosePassword(code=key, password_hash=hash_password(PASSWORD))
        application.execute_now(choose_password, Keys(), password)


NAMES = {
    "spelling": ("علی‌رضا رضایی", "عليرضا رضايی"),
    "mobile": ("علی رضایی", "رضا علوی"),
}


@pytest.mark.parametrize("what", NAMES)
def test_two_accounts_of_one_person_do_not_judge_together(line, documents, what):
    """One account of the desk and one of a unit: she would answer twice, and alone."""
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        hers = [uow.accounts.by_username(one).id for one in ("desk", "technical")]
        for her, name in zip(hers, NAMES[what], strict=True):
            uow.session.execute(update(AccountRow).where(AccountRow.id == her).values(name=name))
            uow.accounts.confirm(her)
            if what == "mobile":
                uow.accounts.set_mobile(her, "+989120000999")
    for _ in range(8):
        (citizen,) = line.file(1, accepted=False)
        documents.ask(citizen)
        assert {judge.account_id for judge in documents.judges(citizen)} != set(hers)


def test_nobody_judges_what_she_asks_for_herself(line, documents):
    """An officer may have needs too; she is recognised by her account's mobile."""
    (citizen,) = line.file(1, accepted=False)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        mobile = uow.people.get(citizen.request.person_id).mobile
        for one in ("desk", "technical"):
            uow.accounts.set_mobile(uow.accounts.by_username(one).id, mobile)
    documents.ask(citizen)
    assert {judge.name for judge in documents.judges(citizen)} == {"second_desk", "services"}


def test_whoever_knows_her_name_does_not_judge_by_his_other_account(line, documents):
    has_the_mobile_of(line, "reception", "desk")
    has_the_mobile_of(line, "reception", "technical")
    (citizen,) = line.file(1, accepted=False)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        reception = line.city.as_("reception")
        uow.requests.record_opening(
            citizen.request, reception, "reception", line.clock(), with_name=True
        )
    documents.ask(citizen)
    assert {judge.name for judge in documents.judges(citizen)} == {"second_desk", "services"}


def test_no_mobile_that_one_administrator_types_leaves_two_of_his_own(line, documents, asked):
    """Whom he excludes so counts among those beside whom nobody new judges."""
    invites_two_friends(line)
    with line.reading() as uow:
        mobile = uow.people.get(asked.request.person_id).mobile
    for name in DESKS | UNITS:
        account = line.city.as_(name).account_id
        command = SetMobile(account=account, mobile=mobile)
        line.city.application.execute_as(line.city.as_("administrator"), set_mobile, command)
    with line.reading() as uow:
        assert uow.lanes.officers(asked.request) == []


def test_whom_one_person_has_made_this_week_judges_nothing(line, documents, asked):
    """The founder's officials judge from the first day, or a new city would have none."""
    application, administrator = line.city.application, line.city.as_("administrator")
    invites_two_friends(line)

    def able(asked=asked):
        with line.reading() as uow:
            return len(uow.lanes.officers(asked.request))

    before = able()
    assert before == len(DESKS | UNITS)
    others = [line.city.as_(name).account_id for name in DESKS | UNITS]
    for one in others:
        application.execute_as(administrator, suspend, OneOfficial(account=one))
    assert able() == len(documents.judges(asked)), "nor where all others are suspended"
    for one in others:
        application.execute_as(administrator, lift, OneOfficial(account=one))
    line.until(line.clock.now.date() + 15 * DAY, "12:00")
    assert able() == before, "nor what was asked before they came in by their links"
    (later,) = line.file(1, accepted=False)
    documents.ask(later)
    assert able(later) == before + 2


@pytest.mark.on_postgresql
def test_officers_who_are_gone_for_a_week_are_nobody_else_any_more(line, documents, asked):
    """After a desk has left, new officers judge before their fourteen days, or nobody would."""
    application, administrator = line.city.application, line.city.as_("administrator")
    invites_two_friends(line)
    for name in DESKS | UNITS:
        gone = OneOfficial(account=line.city.as_(name).account_id)
        application.execute_as(administrator, suspend, gone)

    def able():
        with line.reading() as uow:
            judges = {judge.account_id for judge in documents.judges(asked)}
            found = {officer.account_id for officer in uow.lanes.officers(asked.request)}
            return {uow.accounts.get(one).username for one in found - judges}

    assert able() == set()
    line.clock.set(line.clock.now + 8 * DAY)
    assert able() == {"mine1", "mine2"}


def new_link(line, account):
    """Make a link for an account, whose password is void until she uses the link."""
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.accounts.set_password(account, "")


def comes_back(line, account):
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.accounts.set_password(account, hash_password(PASSWORD))


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("takes_off", "puts_back"),
    [(new_link, comes_back), (role_ends, role_is_back)],
    ids=["by a link", "by the role"],
)
def test_whoever_takes_judges_off_for_minutes_picks_nobody(
    line, documents, asked, takes_off, puts_back
):
    """By each of the ways in which one administrator can take a power and give it back."""
    invites_two_friends(line)
    picked = documents.judges(asked)
    others = [line.city.as_(name).account_id for name in DESKS | UNITS]
    for account in others:
        takes_off(line, account)
    line.clock.forward(minutes=2)
    line.worker.tick()
    assert [judge.name for judge in documents.judges(asked)] == [one.name for one in picked]
    with line.reading() as uow:
        due_at = uow.lanes.newest(asked.request)[1]
    line.until(due_at.date() + DAY, "12:00")
    assert not {"mine1", "mine2"} & {judge.name for judge in documents.judges(asked)}, (
        "late, not his"
    )
    for account in others:
        puts_back(line, account)
    line.clock.forward(minutes=2)
    line.worker.tick()
    documents.decide(asked, "yes", "yes")
    assert granted_lane(asked) is Lane.ACCESS


@pytest.mark.on_postgresql
def test_whom_one_person_has_given_the_role_this_week_judges_nothing(line, documents, asked):
    """An old account of a friend is as suspicious as one made today."""
    application, administrator = line.city.application, line.city.as_("administrator")
    friends = [line.city.as_(name).account_id for name in ("phone", "reception")]
    offices = (("desk", ""), ("unit", "technical"))
    with application.store.unit_of_work(application.clock()) as uow:
        long_ago = application.clock() - 60 * DAY
        uow.session.execute(update(AccountRow).values(created_at=long_ago))
        uow.session.execute(update(GrantRow).values(given_at=None))

    def able():
        with line.reading() as uow:
            return {officer.account_id for officer in uow.lanes.officers(asked.request)}

    before = able()
    for account, (role, unit) in zip(friends, offices, strict=True):
        command = GiveRole(account=account, role=role, district="6", unit=unit)
        application.execute_as(administrator, give_role, command)
    assert able() == before
    line.clock.set(line.clock.now + 15 * DAY)
    assert able() == {*before, *friends}
    with line.reading() as uow:
        term = uow.accounts.get(friends[0]).terms[-1].key
    one = {"account": friends[0], "term": term}
    application.execute_as(administrator, end_role, EndRole(**one))
    line.clock.set(line.clock.now + DAY)
    assert able() == {*before, friends[1]}
    application.execute_as(administrator, date_role, DateRole(**one, last_on=""))
    assert able() == {*before, friends[1]}, "taken up again it is given today"


def test_nobody_judges_but_the_two_and_each_once(line, documents, asked):
    ask_id = documents.ask_id(asked)
    first, second = documents.judges(asked)
    picked = {first.name, second.name}
    same_unit = ({"desk": "second_desk", "second_desk": "desk"}.get(one) for one in picked)
    for name in {*filter(None, same_unit), "desk4", *(DESKS | UNITS)} - picked:
        with pytest.raises(Denied, match="not_found"):
            documents.judge(line.city.as_(name), ask_id, "yes")
    with pytest.raises(Denied, match="not_your_role"):
        documents.judge(line.city.as_("mayor"), ask_id, "yes")
    documents.judge(first, ask_id, "yes")
    with pytest.raises(Denied, match="judged_already"):
        documents.judge(first, ask_id, "no")
    with pytest.raises(Denied, match="judged_already"):
        line.city.application.execute_as(first, open_lane, OneAsk(id=ask_id))
    documents.judge(second, ask_id, "yes")
    with pytest.raises(Denied, match="judged_already"):
        documents.judge(second, ask_id, "no")
    assert granted_lane(asked) == Lane.ACCESS


@in_one_city(
    "verdict, reason, word",
    [
        ("", "certified", "need_verdict"),
        ("yes", "", "need_reason"),
        ("yes", "date_near", "form_"),
        ("yes", "expired", "form_broken"),
        ("maybe", "certified", "form_broken"),
    ],
)
def test_an_answer_gives_a_reason_that_fits(line, documents, asked, verdict, reason, word):
    judge, ask_id = documents.judges(asked)[0], documents.ask_id(asked)
    command = JudgeLane(id=ask_id, verdict=verdict, reason=reason)
    with pytest.raises(Denied, match=word):
        line.city.application.execute_as(judge, judge_lane, command)
    assert asked.request.count(Action.JUDGE_LANE) == 0


@pytest.mark.on_postgresql
def test_both_may_answer_at_the_same_instant(documents, asked):
    ask_id = documents.ask_id(asked)
    one, other = documents.judges(asked)
    done, refused = together(
        lambda: documents.judge(one, ask_id, "yes"), lambda: documents.judge(other, ask_id, "yes")
    )
    assert (len(done), refused) == (2, [])
    assert granted_lane(asked) == Lane.ACCESS
    assert asked.request.count(Action.DECIDE_LANE) == 1


def test_the_clock_picks_somebody_else_for_a_judge_who_has_left(line, documents, asked):
    one, other = documents.judges(asked)
    documents.judge(one, documents.ask_id(asked), "yes")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.accounts.dismiss(other.account_id)
    line.worker.tick()
    after = {judge.name for judge in documents.judges(asked)}
    assert one.name in after
    assert other.name not in after
    (new,) = [judge for judge in documents.judges(asked) if judge.name != one.name]
    documents.judge(new, documents.ask_id(asked), "yes")
    assert granted_lane(asked) == Lane.ACCESS


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(("moves", "alone"), [(0, True), (1, False)])
def test_two_who_come_to_work_in_one_unit_do_not_decide_together(
    line: Line, documents: Documents, asked: Citizen, moves: int, *, alone: bool
) -> None:
    two = documents.judges(asked)
    ask_id = documents.ask_id(asked)
    documents.judge(two[0], ask_id, "yes")
    works_as(line, two[moves], two[1 - moves], alone=alone)
    documents.judge(line.city.as_(two[1].name), ask_id, "yes")
    assert asked.request.last(Action.DECIDE_LANE) is None
    (new,) = {judge.name for judge in documents.judges(asked)} - {two[0].name}
    assert new != two[1].name
    line.until(line.clock.now.date() + DAY, "09:00")
    assert line.entries("lane_granted") == []
    documents.judge(line.city.as_(new), ask_id, "yes")
    assert granted_lane(asked) == Lane.ACCESS
    line.until(line.clock.now.date() + DAY, "09:00")
    (granted,) = line.entries("lane_granted")
    units = {line.log()[seq - 1].body["officer"].split("/")[0] for seq in granted["because"]}
    assert len(units) == 2


@pytest.mark.on_postgresql
def test_a_unit_that_changes_after_both_have_answered_changes_no_answer(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    actor, other = documents.judges(asked)
    documents.decide(asked, "yes", "yes")
    works_as(line, actor, other, alone=True)
    line.until(line.clock.now.date() + DAY, "09:00")
    (granted,) = line.entries("lane_granted")
    units = {line.log()[seq - 1].body["officer"].split("/")[0] for seq in granted["because"]}
    assert len(units) == 2


def test_who_comes_to_know_the_name_judges_no_more(line, documents, asked):
    judge = documents.judges(asked)[0]
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.requests.record_opening(asked.request, judge, "reception", line.clock(), with_name=True)
    with pytest.raises(Denied, match="name_seen"):
        documents.judge(judge, documents.ask_id(asked), "yes")
    line.worker.tick()
    assert judge.name not in {one.name for one in documents.judges(asked)}


def test_judging_rests_while_she_is_asked_and_goes_on_after(line, documents, asked):
    judge = documents.judges(asked)[0]
    line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    assert documents.tasks(judge.name) == []
    with pytest.raises(Denied, match="stage_moved"):
        documents.judge(judge, documents.ask_id(asked), "yes")
    asked.does(Action.GIVE_INFO, note="نبش وصال")
    assert documents.tasks(judge.name) == [documents.ask_id(asked)]


def redirect(line: Line, citizen: Citizen) -> None:
    line.official("desk", citizen, Action.REDIRECT, district=str(ELSEWHERE), note="منطقهٔ ۴")


def test_a_lane_goes_along_to_another_district_and_its_new_ticket_shows_it(
    line: Line, documents: Documents
) -> None:
    line.until(MONDAY - 4 * DAY, "09:00")
    (sent,) = line.file(1, accepted=False)
    documents.ask(sent)
    documents.decide(sent, "yes", "yes")
    line.until(line.clock.now.date() + timedelta(days=1), "09:00")
    redirect(line, sent)
    line.until(TUESDAY + 7 * DAY, "12:00")
    (row,) = line.draw(MONDAY + 7 * DAY, ELSEWHERE).file["pool"]
    assert row["lane"] == "access"
    assert len(line.entries("lane_granted")) == 1, "the redirect carries it"


@pytest.mark.on_postgresql
def test_an_open_ask_is_judged_by_two_of_the_new_district(line: Line, documents: Documents) -> None:
    (sent,) = line.file(1, accepted=False)
    documents.ask(sent)
    old = documents.judges(sent)
    redirect(line, sent)
    line.worker.tick()
    ask_id = documents.ask_id(sent)
    for judge in old:
        with pytest.raises(Denied, match="not_your_role"):
            documents.judge(judge, ask_id, "yes")
        assert documents.tasks(judge.name) == []
    # District 4 has one officer only; as soon as there is a second unit, the clock picks.
    add_official(line.city.application, "technical4", ("unit", None, "d04-technical"))
    line.clock.forward(seconds=10)  # a new account is no event; the periodic search finds it
    line.worker.tick()
    new = documents.judges(sent)
    assert {actor.name for actor in new} == {"desk4", "technical4"}
    documents.decide(sent, "yes", "yes")
    assert granted_lane(sent) == "access"


PIN = "604938"


def passes_on(line: Line, who: str, citizen: Citizen, action: Action, note: str = "") -> None:
    """Let an officer enter what she says, proved by her receipt."""
    application, officer = line.city.application, line.city.as_(who)
    with application.store.unit_of_work(line.clock.now) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
        uow.people.set_pin(citizen.request.person_id, PIN)
    application.execute_as(officer, case_of_caller, CallersCase(code=citizen.code, digits=PIN))
    act = CallersAnswer(code=citizen.code, action=action.value, note=note)
    application.execute_as(officer, answer_for_caller, act)


def test_who_passed_on_an_answer_of_hers_is_not_picked(line: Line, documents: Documents) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("second_desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    passes_on(line, "desk", citizen, Action.GIVE_INFO, "پلاک ۱۲")
    line.official("second_desk", citizen, Action.ACCEPT)
    with line.reading() as uow:
        found = {officer.account_id for officer in uow.lanes.officers(citizen.request)}
    assert line.city.as_("second_desk").account_id in found
    assert line.city.as_("desk").account_id not in found


@pytest.mark.on_postgresql
def test_a_judge_who_passes_on_an_answer_of_hers_is_replaced(
    line: Line, documents: Documents
) -> None:
    (citizen,) = line.file(1, accepted=False)
    technical = line.city.as_("technical")  # so that one of the two is of the desk
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.requests.record_opening(
            citizen.request, technical, "unit", line.clock(), with_name=True
        )
    documents.ask(citizen)
    judge = next(actor for actor in documents.judges(citizen) if actor.name in DESKS)
    (other,) = DESKS - {judge.name}
    line.official(other, citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    passes_on(line, judge.name, citizen, Action.GIVE_INFO, "پلاک ۱۲")
    with pytest.raises(Denied, match="name_seen"):
        documents.judge(judge, documents.ask_id(citizen), "yes")
    line.clock.forward(minutes=2)
    line.worker.tick()
    assert judge.name not in {actor.name for actor in documents.judges(citizen)}
    documents.decide(citizen, "yes", "yes")
    assert citizen.request.count(Action.DECIDE_LANE) == 1
