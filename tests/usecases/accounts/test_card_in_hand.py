"""A desk verifies a citizen by her card: identity, mobile, and limits of the officer's power."""

import re
from dataclasses import replace

import pytest
from support.citizens import (
    Someone,
    a_form,
    citizen,
    code_on,
    file,
    own_visit,
    person_of,
    someone,
    texts_on,
)
from support.each import in_one_city
from support.together import refusal, together

from publicmeeting.application import Application
from publicmeeting.domain.errors import FormError
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import Door, IdentityKind, Level, parse_mobile
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.filing.card_text import MOBILE_GONE_SMS, VERIFIED_SMS
from publicmeeting.usecases.accounts.person.card_in_hand import (
    AcceptCard,
    Accepted,
    AskCardCode,
    CardFacts,
    ReadCard,
    accept_card,
    read_card,
    send_card_code,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.assisting import TO_FILE, FileForCaller, file_for_caller
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.identity import Proof, prove_identity
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.rate_limits import RULES, Limit
from publicmeeting.usecases.tracking.by_code import Track, track
from publicmeeting.usecases.tracking.my_page import my_page

NEW = "09350000077"


@pytest.fixture
def desk(application, city) -> Keys:
    """Cookies of a desk officer with a browser of his own."""
    return at_a_desk(application, "desk")


def at_a_desk(application: Application, username: str) -> Keys:
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username(username)
        assert account is not None
        session = uow.sessions.open_for_account(account, Door.PASSWORD)
    return Keys(session, own_visit(application, f"visit of {username}"))


def card_facts(application: Application, desk: Keys, who: Someone) -> CardFacts:
    return application.execute_now(read_card, desk, ReadCard(identity=who.identity))


def accept(application: Application, desk: Keys, who: Someone, **other: str) -> Accepted:
    fields = {"identity": who.identity, "name": who.name, "reach": "none", **other}
    return application.execute_now(accept_card, desk, AcceptCard.model_validate(fields))


def with_code(
    application: Application, desk: Keys, who: Someone, mobile: str = NEW, **other: str
) -> Accepted:
    """Let her read out the code that came to her mobile."""
    asks = AskCardCode(identity=who.identity, mobile=mobile)
    application.execute_now(send_card_code, desk, asks)
    code = code_on(application, parse_mobile(mobile))
    return accept(application, desk, who, reach="mobile", mobile=mobile, code=code, **other)


def texts(application: Application, mobile: str) -> list[str]:
    """Return the SMS of this mobile, once everything is sent."""
    return texts_on(application, parse_mobile(mobile))


def test_a_number_nobody_has_filed_with_is_said_to_be_unknown(application, city, desk, her):
    facts = application.execute_now(read_card, desk, ReadCard(identity=persian(her.identity)))
    assert (facts.is_known, facts.mobile, facts.code) == (False, None, "")
    assert her.identity not in repr(facts)


def test_who_has_no_mobile_gets_a_pin_with_which_she_looks(application, city, desk, her):
    request = file(application, her)
    accepted = accept(application, desk, her, whose="mine")
    assert (accepted.mobile, accepted.code) == (None, request.code)
    assert re.fullmatch("[0-9]{6}", accepted.pin)
    found, _ = application.execute_as(
        Actor(visit="a visit"), track, Track(code=request.code, last_four=accepted.pin)
    )
    assert found
    person = person_of(application, her)
    assert (person.level, person.mobile) == (Level.VERIFIED, None)


def test_another_mobile_takes_the_place_of_the_old_one_which_is_told(application, city, desk, her):
    old = citizen(application, her.mobile)
    request = file(application, her, old)
    accepted = with_code(application, desk, her, whose="mine")
    assert (accepted.refused, accepted.code, accepted.pin) == ("", request.code, "")
    person = person_of(application, her)
    assert (person.id, person.mobile) == (request.person_id, parse_mobile(NEW))
    assert refusal(lambda: application.query_now(my_page, old, Nothing())).key == "session_ended"
    assert texts(application, her.mobile)[-1] == MOBILE_GONE_SMS
    assert texts(application, NEW)[-1] == VERIFIED_SMS


def test_no_text_of_a_desk_costs_more_than_two_messages():
    assert max(map(len, (MOBILE_GONE_SMS, VERIFIED_SMS))) <= 134


def test_what_a_stranger_has_filed_is_put_aside_by_her_word(application, squatted, desk, her):
    _, request = squatted
    facts = card_facts(application, desk, her)
    assert (facts.asks_whose, facts.may_displace, facts.code) == (True, True, request.code)
    assert refusal(lambda: accept(application, desk, her)).key == "need_whose"
    accepted = with_code(application, desk, her, her.mobile, whose="not_mine")
    assert (accepted.is_displaced, accepted.code) == (True, "")
    person = person_of(application, her)
    assert (person.level, person.mobile) == (Level.VERIFIED, parse_mobile(her.mobile))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        gone = uow.requests.find(request.code)
    assert (gone.stage, gone.count(Action.DISPLACE)) == (Stage.WITHDRAWN, 1)
    keys = citizen(application, her.mobile, visit="her own telephone")
    with application.store.unit_of_work(application.clock()) as uow:
        uow.sessions.act_for(uow.sessions.actor(keys), person.id)
    mine = application.execute_now(submit, keys, a_form(her, identity="", name=""))
    assert mine.person_id == person.id


def test_what_is_hers_stays_hers_by_her_word(application, squatted, desk, her):
    stranger, request = squatted
    accepted = with_code(application, desk, her, whose="mine")
    assert (accepted.is_displaced, accepted.code) == (False, request.code)
    assert person_of(application, her).id == request.person_id
    word = refusal(lambda: application.query_now(my_page, stranger, Nothing()))
    assert word.key == "session_ended"


def test_the_mobile_she_has_may_stay(application, city, desk, her):
    file(application, her)
    word = refusal(lambda: accept(application, desk, someone(5), reach="keep"))
    assert word.key == "need_reach", "somebody new has none"
    accepted = accept(application, desk, her, reach="keep", whose="mine")
    assert accepted.mobile == parse_mobile(her.mobile)
    assert person_of(application, her).level is Level.VERIFIED


def test_a_mobile_that_the_nation_says_is_hers_is_not_put_aside_by_a_desk(
    application, squatted, desk, her
):
    matched = Proof(
        IdentityKind.NATIONAL,
        her.identity,
        Level.MATCHED,
        "matching",
        mobile=parse_mobile(someone(2).mobile),
    )
    with application.store.unit_of_work(application.clock()) as uow:
        prove_identity(uow, matched)
    assert not card_facts(application, desk, her).may_displace
    word = refusal(lambda: accept(application, desk, her, whose="not_mine"))
    assert word.key == "card_matched"


def test_who_has_decided_on_her_request_does_not_see_her_card(application, city, desk, her, as_):
    request = file(application, her)
    accepts = TakeStep(code=request.code, action="accept")
    application.execute_now(take_step, desk, accepts)
    for act in (
        lambda: card_facts(application, desk, her),
        lambda: accept(application, desk, her, reach="keep"),
    ):
        assert refusal(act).key == "card_screened"
    assert card_facts(application, at_a_desk(application, "second_desk"), her).is_known


def test_who_has_seen_her_card_decides_on_her_request_no_more(application, city, desk, her):
    request = file(application, her)
    card_facts(application, desk, her)
    word = refusal(
        lambda: application.execute_now(
            take_step, desk, TakeStep(code=request.code, action="accept")
        )
    )
    assert word.key == "name_seen"


def test_she_reads_who_has_seen_her_card_and_the_administrator_does(
    application, squatted, desk, her, as_
):
    _, request = squatted
    card_facts(application, desk, her)
    accept(application, desk, her, reach="keep", whose="mine")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        opened = uow.requests.openings(uow.requests.find(request.code))
        events = uow.security.page((SecurityKind.CARD_SEEN,), most=9)
    assert [(role, account) for role, _, account, _ in opened] == [("desk", as_("desk").account_id)]
    assert sorted((event.who, event.what) for event in events) == [
        ("account:desk", "keep"),
        ("account:desk", "look"),
    ]


def test_whom_a_desk_verifies_to_file_for_her_the_administrator_reads_of(application, desk):
    """Nobody else has seen her card, so an officer could invent citizens here."""
    for number in (801, 802):
        typed = {**a_form(someone(number)).model_dump(exclude={"person"}), "way": "card"}
        command = FileForCaller.model_validate({**typed, "mobile": ""})
        assert application.execute_now(file_for_caller, desk, command).code
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (event,) = uow.security.page((SecurityKind.CARD_SEEN,), most=9)
    assert (event.who, event.what, event.count) == ("account:desk", TO_FILE, 2)


def filed_with_card(application: Application, desk: Keys, who: Someone) -> str:
    """Return the refusal of a filing for her, as if she stood there with her card."""
    typed = {**a_form(who).model_dump(exclude={"person"}), "way": "card", "mobile": ""}
    command = FileForCaller.model_validate({**typed, "title": "چراغ خاموش"})
    return refusal(lambda: application.execute_now(file_for_caller, desk, command)).key


@pytest.mark.parametrize("is_proved", [False, True])
def test_whom_an_officer_looks_up_by_filing_for_her_reads_of_it(
    application, city, desk, her, is_proved, monkeypatch
):
    """The refusal names her request, so it is no way around the looks that are counted."""
    request = file(application, her)
    second = at_a_desk(application, "second_desk")
    if is_proved:
        accept(application, second, her, whose="mine", reach="keep")
    word = "one_live_request" if is_proved else "person_at_desk"
    assert filed_with_card(application, desk, her) == word
    screens = TakeStep(code=request.code, action="accept")
    refused = refusal(lambda: application.execute_now(take_step, desk, screens))
    assert refused.key == "name_seen"
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        opened = [one[2] for one in uow.requests.openings(uow.requests.find(request.code))]
        assert uow.accounts.by_username("desk").id in opened
        events = uow.security.page((SecurityKind.CARD_SEEN,), most=9)
    assert ("account:desk", TO_FILE) in {(event.who, event.what) for event in events}
    monkeypatch.setitem(RULES, Limit.CARD_LOOKS, replace(RULES[Limit.CARD_LOOKS], most=1))
    assert filed_with_card(application, desk, her) == "card_looks_full"


def test_who_has_decided_on_her_request_learns_by_no_refusal_that_it_is_hers(
    application, city, desk, her, monkeypatch
):
    """To ask costs him a look, in her list too, whichever page he asks on."""
    request = file(application, her)
    application.execute_now(take_step, desk, TakeStep(code=request.code, action="accept"))
    assert filed_with_card(application, desk, her) == "card_screened"
    assert refusal(lambda: card_facts(application, desk, her)).key == "card_screened"
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.requests.find(request.code)
        assert uow.accounts.by_username("desk").id in found.name_seen_by
    monkeypatch.setitem(RULES, Limit.CARD_LOOKS, replace(RULES[Limit.CARD_LOOKS], most=2))
    assert refusal(lambda: card_facts(application, desk, her)).key == "card_looks_full"


def test_a_wrong_code_changes_nothing_and_is_counted(application, city, desk, her):
    file(application, her)
    asks = AskCardCode(identity=her.identity, mobile=NEW)
    application.execute_now(send_card_code, desk, asks)
    wrong = accept(application, desk, her, reach="mobile", mobile=NEW, code="000000")
    assert wrong.refused == "read_out_wrong"
    short = accept(application, desk, her, reach="mobile", mobile=NEW, code="12")
    assert short.refused == "code_short"
    assert person_of(application, her).level is Level.TYPED


@in_one_city(
    "fields, key",
    [
        ({"identity": "123"}, "national_code_length"),
        ({"name": "م"}, "name_short"),
        ({"reach": "mobile", "mobile": "0912"}, "mobile_length"),
    ],
)
def test_each_field_is_refused_in_its_own_words(application, city, desk, her, fields, key):
    with pytest.raises(FormError) as refused:
        accept(application, desk, her, **fields)
    assert [error.key for error in refused.value.errors] == [key]


@in_one_city(
    "fields", [{"kind": "x"}, {"reach": "x"}, {"reach": ""}, {"whose": "x", "reach": "none"}]
)
def test_what_no_page_sends_is_refused(application, squatted, desk, her, fields):
    word = refusal(lambda: accept(application, desk, her, **fields))
    assert word.key in {"form_broken", "need_reach", "need_whose"}


def test_nobody_but_a_desk_does_any_of_it(application, squatted, her, as_):
    stranger, _ = squatted
    acts = (
        (read_card, ReadCard(identity=her.identity)),
        (send_card_code, AskCardCode(identity=her.identity, mobile=NEW)),
        (accept_card, AcceptCard(identity=her.identity, name=her.name, reach="none")),
    )
    for usecase, command in acts:
        for role in ("reception", "mayor", "overseer", "administrator", "technical"):
            word = refusal(
                lambda role=role, u=usecase, c=command: application.execute_as(as_(role), u, c)
            )
            assert word.key == "not_your_role"
        word = refusal(lambda u=usecase, c=command: application.execute_now(u, stranger, c))
        assert word.key == "not_your_role"


def test_a_day_of_one_officer_has_its_end(application, city, desk):
    for number in range(RULES[Limit.CARD_LOOKS].most):
        card_facts(application, desk, someone(100 + number))
    word = refusal(lambda: card_facts(application, desk, someone(99)))
    assert word.key == "card_looks_full"
    for number in range(RULES[Limit.CARD_ACTS].most):
        accept(application, desk, someone(100 + number))
    word = refusal(lambda: accept(application, desk, someone(99)))
    assert word.key == "card_acts_full"


def test_a_mobile_serves_three_persons_at_a_desk_too(application, city, desk, her):
    keys = citizen(application, NEW)
    for number in (11, 12, 13):
        application.execute_now(submit, keys, a_form(someone(number)))
    word = refusal(lambda: with_code(application, desk, her))
    assert (word.key, word.facts["limit"]) == ("mobile_full", 3)


@pytest.mark.on_postgresql
def test_two_desks_at_one_instant_leave_one_person_and_one_displacement(
    application, squatted, desk, her, as_
):
    _, request = squatted
    second = at_a_desk(application, "second_desk")
    _, refused = together(
        lambda: accept(application, desk, her, whose="not_mine"),
        lambda: accept(application, second, her, whose="not_mine"),
    )
    assert refused == []
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.requests.find(request.code).count(Action.DISPLACE) == 1
