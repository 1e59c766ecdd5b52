"""A mobile number that was given to somebody else opens nobody's requests."""

from dataclasses import replace
from itertools import count

import pytest
from support.citizens import a_form, citizen, file, own_visit, someone
from support.city import City
from support.clock import FixedClock
from support.together import refusal
from support.triggers import change_past_the_program

from publicmeeting.application import Application
from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.person.recycled import LastDigits, answer_who, is_asked_who
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.drafting import SpeakFor, filing_page, speak_for
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.tracking.by_code import Track, track
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page

HER, NEW_OWNER = someone(1), someone(2)
DIGITS = HER.identity[-4:]


def proved(application: Application, who=HER, level: Level = Level.MATCHED) -> str:
    """Let her file and be matched afterwards; return her id."""
    with application.store.unit_of_work(application.clock()) as uow:
        person = uow.people.by_identity(IdentityKind.NATIONAL, who.identity)
        assert person is not None
        uow.people.prove(person.id, level, "matching")
        return person.id


_visits = count()


def comes_in(application: Application, device: str = "") -> Keys:
    """Sign in by a code on the phone of the number's new owner."""
    visit = own_visit(application, f"visit {next(_visits)}")
    return replace(citizen(application, HER.mobile, visit=visit), device=device)


def answers(application: Application, keys: Keys, digits: str) -> tuple[str, str]:
    return application.execute_now(answer_who, keys, LastDigits(digits=digits))


@pytest.fixture
def code(application: Application, city: City) -> str:
    """The code of her request, filed with a mobile that is somebody else's by now."""
    found = file(application, HER).code
    proved(application)
    return found


@pytest.mark.on_postgresql
def test_until_she_answers_the_session_speaks_for_nobody_and_names_nobody(
    application: Application, code: str
) -> None:
    unproved = "UPDATE person SET level = 'typed', proven_by = '', proven_at = NULL"
    change_past_the_program(application.store.engine, unproved)  # asks no less of its buyer
    keys = comes_in(application)
    seen = application.query_now(viewer, keys, Nothing())
    assert (seen.name, seen.is_citizen, seen.has_mobile) == ("", False, True)
    page = application.query_now(my_page, keys, Nothing())
    assert (page.name, page.others, page.requests, page.is_asked) == ("", (), (), True)
    wizard = application.query_now(filing_page, keys, Nothing())
    assert (wizard.person_name, wizard.others, wizard.live_code) == ("", (), None)
    assert wizard.is_asked
    assert refusal(lambda: application.query_now(timeline_page, keys, OneCase(code=code))).key
    answer, why = answers(application, keys, f" {DIGITS[:2]} {DIGITS[2:]} ")
    assert answer
    assert not why
    hers = application.query_now(my_page, keys, Nothing())
    assert [request.line.code for request in hers.requests] == [code]
    assert not hers.is_asked


def test_a_session_that_was_opened_before_anybody_filed_knows_who_has_filed_since(
    application: Application, city: City
) -> None:
    keys = comes_in(application)
    assert application.query_now(filing_page, keys, Nothing()).others == ()
    file(application, HER)
    named = application.query_now(filing_page, keys, Nothing()).others
    assert [name for _, name in named] == [HER.name]


def test_nobody_gets_past_the_question_by_a_name_of_her_row(
    application: Application, code: str
) -> None:
    keys, person = comes_in(application), proved(application)
    for chosen in (person, "", "x" * 32):
        command = SpeakFor(person=chosen)
        word = refusal(lambda c=command: application.execute_now(speak_for, keys, c))
        assert word.key == "not_found"
    visit = replace(keys, session="")
    assert refusal(lambda: answers(application, visit, DIGITS)).key == "session_ended"
    form = a_form(HER, person=person, identity="")
    assert refusal(lambda: application.execute_now(submit, keys, form)).key == "review_changed"
    last = Track(code=code, last_four=HER.mobile[-4:])
    assert application.execute_now(track, keys, last) == (code, ""), "stages, by code, as anybody"


def test_a_browser_that_has_answered_is_not_asked_again_and_another_one_is(
    application: Application, code: str
) -> None:
    device, _ = answers(application, comes_in(application), DIGITS)
    again = comes_in(application, device)
    # Like a browser, which gets the cookie with the sign-in.
    assert not application.query_now(is_asked_who, again, Nothing())
    assert application.query_now(is_asked_who, comes_in(application), Nothing())


def test_three_wrong_answers_a_day_and_the_right_one_is_not_even_looked_at(
    application: Application, clock: FixedClock, code: str
) -> None:
    keys = comes_in(application)
    wrong = f"{(int(DIGITS) + 1) % 10_000:04d}"
    for digits in ("12", "abcd1", ""):
        assert answers(application, keys, digits) == ("", "last_digits_short")
    for _ in range(3):
        assert answers(application, keys, wrong) == ("", "last_digits_wrong")
    assert answers(application, keys, DIGITS) == ("", "last_digits_over")
    assert answers(application, comes_in(application), DIGITS) == ("", "last_digits_over")
    clock.forward(days=1, minutes=1)
    assert answers(application, comes_in(application), DIGITS)[1] == ""


def test_the_new_owner_of_the_number_files_for_herself(application: Application, code: str) -> None:
    keys = comes_in(application)
    form = a_form(replace(NEW_OWNER, mobile=HER.mobile))
    own = application.execute_now(submit, keys, form)
    assert own.code != code
    page = application.query_now(my_page, keys, Nothing())
    assert [request.line.code for request in page.requests] == [own.code]
    assert page.others == ((own.person_id, NEW_OWNER.name),)
    assert page.is_asked


def test_a_person_who_was_only_typed_is_not_asked(application: Application, city: City) -> None:
    found = file(application, HER)
    keys = comes_in(application)
    page = application.query_now(my_page, keys, Nothing())
    assert [request.line.code for request in page.requests] == [found.code]
    assert refusal(lambda: answers(application, keys, DIGITS)).key == "not_found"


def test_one_of_several_answers_for_herself_alone(application: Application, code: str) -> None:
    keys = comes_in(application)
    other = replace(NEW_OWNER, mobile=HER.mobile)
    application.execute_now(submit, keys, a_form(other))
    proved(application, other, Level.VERIFIED)
    both = comes_in(application)
    assert application.query_now(my_page, both, Nothing()).others == ()
    answers(application, both, DIGITS)
    page = application.query_now(my_page, both, Nothing())
    assert [request.line.code for request in page.requests] == [code]
    assert len(page.others) == 1
    assert page.is_asked, "the other one has a card of her own"
