"""A citizen files: her draft, her person, her one live request, its receipt."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.citizens import a_form, citizen, file, someone
from support.each import in_one_city
from support.plans import asked
from support.together import refusal

from publicmeeting.domain.errors import Denied, FormError
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.turns.log import verify_chain
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing import submitting
from publicmeeting.usecases.filing.drafting import save_matter_step
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.filing.submitting import (
    AGAIN,
    FIELD_MOST,
    MatterForm,
    SaveDraft,
    save_draft,
    submit,
)
from publicmeeting.usecases.lifecycle.case_access import photos_of
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.rate_limits import RULES, Limit
from publicmeeting.usecases.screening.inbox import open_case

FILINGS = RULES[Limit.FILINGS].most

LONG = "الف" * 2000


@pytest.fixture
def who():
    return someone(1)


@pytest.fixture
def keys(application, city, who) -> Keys:
    return citizen(application, who.mobile)


def test_a_request_gets_a_code_a_ticket_and_two_working_days(application, keys, who, clock):
    request = application.execute_now(submit, keys, a_form(who))
    assert is_tracking_code(request.code)
    assert request.code.startswith("0506")
    assert request.stage is Stage.SUBMITTED
    # Filed on a Saturday: 24:00 of Monday.
    assert request.due_at == at_tehran(clock().date() + timedelta(days=2), "24:00")
    with application.store.unit_of_work(clock(), reading=True) as uow:
        salt = uow.requests.salt(request)
        entry = uow.log.after(0)[-1]
        assert verify_chain(uow.log.after(0)) == ()
    assert request.ticket == ticket(salt, who.identity, 6)
    body = {"ticket": request.ticket, "district": 6, "by": "citizen", "level": "typed"}
    assert (entry.kind, entry.body) == (Kind.FILED, {**body, "prefers": "any"})
    assert not wrong_keys(entry.kind, entry.body)


def test_what_filing_gives_is_what_is_read_afterwards(application, keys, who, clock):
    filed = application.execute_now(
        submit, keys, a_form(who, needs=("step_free",), prefers="early")
    )
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.requests.find(filed.code) == filed
        assert uow.requests.salt(filed)


def test_nobody_files_without_a_confirmed_mobile(application, city, who):
    for visitor in (Keys(), Keys(visit="a visit"), Keys("no session", "a visit")):
        word = refusal(
            lambda visitor=visitor: application.execute_now(submit, visitor, a_form(who))
        )
        assert word.key == "session_ended"


def test_an_official_does_not_file_as_a_citizen(application, city, who, as_):
    assert refusal(lambda: application.execute_as(as_("desk"), submit, a_form(who))).key == (
        "session_ended"
    )


def test_every_faulty_field_is_named_at_once(application, keys, who):
    form = a_form(
        who, district="23", subject="weather", title="چا", text="کوتاه", identity="123", name="م"
    )
    with pytest.raises(FormError) as refused:
        application.execute_now(submit, keys, form)
    assert {(error.field, error.key) for error in refused.value.errors} == {
        ("district", "district_unknown"),
        ("subject", "subject_unknown"),
        ("title", "text_too_short"),
        ("text", "text_too_short"),
        ("identity", "national_code_length"),
        ("name", "name_short"),
    }


@in_one_city(
    "field, value, key",
    [
        ("district", "", "district_unknown"),
        ("district", "۶۶", "district_unknown"),
        ("district", "9" * 5000, "district_unknown"),
        ("subject", "", "subject_missing"),
        ("title", " \u200c ", "title_missing"),
        ("title", "ب" * 81, "text_too_long"),
        ("text", "", "text_missing"),
        ("text", LONG, "text_too_long"),
        ("identity", "", "national_code_missing"),
        ("identity", "1111111111", "national_code_repeated"),
        ("name", "", "name_missing"),
        ("name", "مریم ۲", "name_digits"),
    ],
)
def test_each_field_is_refused_in_its_own_words(application, keys, who, field, value, key):
    with pytest.raises(FormError) as refused:
        application.execute_now(submit, keys, a_form(who, **{field: value}))
    assert [(error.field, error.key) for error in refused.value.errors] == [(field, key)]


@in_one_city(
    "other",
    [{"needs": ("helicopter",)}, {"prefers": "night"}, {"kind": "passport"}, {"kind": "x"}],
)
def test_what_no_form_of_ours_offers_is_refused(application, keys, who, other):
    assert refusal(lambda: application.execute_now(submit, keys, a_form(who, **other))).key == (
        "form_broken"
    )


def test_numbers_may_be_typed_in_persian(application, keys, who):
    form = a_form(who, district="۶", identity=persian(who.identity))
    request = application.execute_now(submit, keys, form)
    assert request.district == 6


def test_a_sign_that_turns_words_around_reaches_no_desk(application, keys, who, as_):
    signs = "\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"
    title, text = f"پیاده‌رو{signs}gpj.exe", f"{signs}سنگ‌فرش پیاده‌رو{signs} شکسته است و خطر دارد."
    form = a_form(who, title=title, text=text, name=f"{signs}{who.name}")
    request = application.execute_now(submit, keys, form)
    seen = repr(application.query_as(as_("desk"), open_case, OneCase(code=request.code)))
    assert "سنگ‌فرش پیاده‌رو شکسته است" in seen.replace("\\u200c", "\u200c")
    for sign in signs:
        assert f"\\u{ord(sign):04x}" not in seen
        assert sign not in seen


def test_a_second_live_request_is_refused_in_every_district(application, keys, who):
    first = application.execute_now(submit, keys, a_form(who))
    for number in ("6", "4"):
        form = a_form(who, district=number, title="درخت خشک")
        word = refusal(lambda form=form: application.execute_now(submit, keys, form))
        assert (word.key, word.facts["code"]) == ("one_live_request", first.code)


def test_the_button_pressed_twice_gives_the_same_receipt(application, keys, who, clock):
    first = application.execute_now(submit, keys, a_form(who))
    clock.forward(minutes=9)
    assert application.execute_now(submit, keys, a_form(who)).code == first.code
    clock.forward(minutes=AGAIN.seconds // 60 - 9)
    assert (
        refusal(lambda: application.execute_now(submit, keys, a_form(who))).key
        == "one_live_request"
    )


def test_another_request_is_not_taken_for_the_first_one(application, keys, who):
    first = application.execute_now(submit, keys, a_form(who))
    for other in (
        {"district": "15"},
        {"subject": "green"},
        {"title": "چراغ خاموش کوچه"},
        {"text": "چراغ کوچه از یک ماه پیش خاموش است و تاریک مانده."},
    ):
        form = a_form(who, **other)
        word = refusal(lambda form=form: application.execute_now(submit, keys, form))
        assert (word.key, word.facts) == ("one_live_request", {"code": first.code})


def test_after_withdrawing_she_may_file_again(application, a_request):
    walked = a_request(at=Stage.WITHDRAWN)
    again = application.execute_now(submit, walked.keys, a_form(walked.who))
    assert again.person_id == walked.request.person_id
    assert again.ticket != walked.request.ticket


@pytest.mark.on_postgresql
def test_who_files_and_withdraws_in_turns_is_asked_to_wait(application, keys, who, clock):
    """Each is a permanent entry of the log; another mobile or text changes nothing."""
    for number in range(FILINGS):
        request = application.execute_now(
            submit, keys, a_form(who, title=f"پیاده‌روی شماره {number}")
        )
        application.execute_now(take_step, keys, TakeStep(code=request.code, action="withdraw"))
    word = refusal(lambda: application.execute_now(submit, keys, a_form(who)))
    assert (word.key, word.facts["limit"]) == ("filed_too_often", FILINGS)
    clock.forward(days=1, seconds=1)
    assert application.execute_now(submit, citizen(application, who.mobile), a_form(who)).code


def test_a_session_that_speaks_for_her_asks_for_no_identity(application, a_request):
    walked = a_request(at=Stage.WITHDRAWN)
    again = application.execute_now(submit, walked.keys, a_form(walked.who, identity="", name=""))
    assert again.person_id == walked.request.person_id


def test_who_was_shown_as_herself_is_who_it_is_filed_for(application, a_request):
    walked = a_request(at=Stage.WITHDRAWN)
    person, stranger = walked.request.person_id, someone(7)
    word = refusal(
        lambda: application.execute_now(
            submit, walked.keys, a_form(stranger, person="somebody else")
        )
    )
    assert word.key == "review_changed"
    again = application.execute_now(submit, walked.keys, a_form(stranger, person=person))
    assert again.person_id == person


def test_one_mobile_serves_three_persons(application, keys, who):
    persons = set()
    for number in range(1, 4):
        one = someone(number)
        persons.add(application.execute_now(submit, keys, a_form(one)).person_id)
    assert len(persons) == 3
    word = refusal(lambda: application.execute_now(submit, keys, a_form(someone(4))))
    assert (word.key, word.facts["limit"]) == ("mobile_full", 3)


def test_a_mobile_that_is_full_learns_of_nobody_whether_the_city_knows_her(application, keys, who):
    """Otherwise such a mobile could try every number at no cost."""
    known, unknown = someone(8), someone(9)
    file(application, known)
    for number in range(PERSONS_OF_A_MOBILE):
        application.execute_now(
            submit, keys, a_form(replace(someone(20 + number), mobile=who.mobile))
        )
    for form in (a_form(known), a_form(unknown)):
        assert (
            refusal(lambda form=form: application.execute_now(submit, keys, form)).key
            == "mobile_full"
        )


def test_a_person_is_not_taken_over_from_another_mobile(application, keys, who):
    application.execute_now(submit, keys, a_form(who))
    stranger = citizen(application, someone(2).mobile)
    word = refusal(lambda: application.execute_now(submit, stranger, a_form(who, title="درخت خشک")))
    assert word.key == "identity_not_with_mobile"
    assert application.execute_now(submit, stranger, a_form(someone(2))).code


def test_a_foreign_resident_files_with_her_own_number(application, keys, who):
    form = a_form(who, kind="foreign", identity="158765432109")
    request = application.execute_now(submit, keys, form)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.people.get(request.person_id).kind == "foreign"


def test_a_draft_keeps_what_was_typed_but_never_who_typed_it(application, city, clock):
    visitor = Keys(visit="a visit")
    typed = {"title": "چا", "identity": "0499370899", "mobile": "09121234567", "evil": "x"}
    application.execute_now(save_draft, visitor, SaveDraft(fields=typed))
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.drafts.read(uow.sessions.actor(visitor)) == {"title": "چا"}
    application.execute_now(save_draft, visitor, SaveDraft(fields={"text": LONG}))
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.drafts.read(uow.sessions.actor(visitor))["text"] == LONG
    for name, key in (
        ("text", "text_too_long"),
        ("title", "text_too_long"),
        ("district", "form_broken"),
        ("needs", "form_broken"),
    ):
        more = SaveDraft(fields={name: "ا" * (FIELD_MOST[name] + 1)})
        word = refusal(lambda more=more: application.execute_now(save_draft, visitor, more))
        assert (word.key, word.field) == (key, name)
    nobody = refusal(lambda: application.execute_now(save_draft, Keys(), SaveDraft(fields={})))
    assert nobody.key == "not_ready"


def test_filing_ends_the_draft(application, keys, who, clock):
    application.execute_now(save_draft, keys, SaveDraft(fields={"title": "چاله"}))
    application.execute_now(submit, keys, a_form(who))
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.drafts.read(uow.sessions.actor(keys)) == {}


def test_a_citizen_sees_her_own_request_only(application, city):
    mine, theirs = file(application, someone(1)), file(application, someone(2))
    keys = citizen_again(application, someone(1))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        actor = uow.sessions.actor(keys)
        assert uow.requests.get_visible(mine.code, actor).id == mine.id
        for code in (theirs.code, "0000000000", ""):
            assert (
                refusal(lambda code=code: uow.requests.get_visible(code, actor)).key == "not_found"
            )


def citizen_again(application, who) -> Keys:
    application.clock.forward(minutes=5)
    return citizen(application, who.mobile)


def test_a_district_whose_codes_are_nearly_used_up_gives_one_of_the_last(
    application, city, monkeypatch
):
    """Random codes are all taken, so free ones are searched for.

    If none is left, she is refused and nothing is filed.
    """
    first = file(application, someone(1))
    monkeypatch.setattr(submitting, "tracking_code", lambda *_: first.code)
    second = file(application, someone(2))
    assert is_tracking_code(second.code)
    assert second.code != first.code
    assert second.code[:4] == first.code[:4]
    monkeypatch.setattr(submitting, "last_tracking_code", lambda *_: None)
    with pytest.raises(Denied, match="codes_used_up"):
        file(application, someone(3))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert len(uow.lists.requests(Filter())) == 2


def test_a_filing_without_photos_asks_for_none(application, keys, who):
    """Each question is a message to the database, at the hour at which the whole city files."""
    application.execute_now(save_draft, keys, SaveDraft(fields={"title": "پیاده‌رو"}))
    with asked(application.store.engine) as sent:
        application.execute_now(save_matter_step, keys, MatterForm(title="پیاده‌رو"))
        file(application, who, keys)
    assert [one for one in sent.texts if "FROM image " in one and "EXISTS" not in one] == []


def test_a_photo_that_came_last_is_filed_with_the_request(application, keys, who):
    application.execute_now(save_draft, keys, SaveDraft(fields={"title": "پیاده‌رو"}))
    names = {"web": "3" * 64, "thumb": "4" * 64, "original": "5" * 64}
    photo = KeepPhoto(kind=PictureKind.DRAFT, width=9, height=9, **names)
    application.execute_now(keep_photo, keys, photo)
    page = application.execute_now(save_matter_step, keys, MatterForm(title="پیاده‌رو")).page
    assert len(page.photos) == 1
    request = file(application, who, keys)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        filed = photos_of(uow, request)
    assert [image.id for image in filed] == [page.photos[0].id]


def test_a_draft_that_takes_another_drafts_photo_is_asked_for_it(application, keys, who):
    """Two drafts become one in the same transaction that had found the first without photos."""
    names = {"web": "3" * 64, "thumb": "4" * 64, "original": "5" * 64}
    with application.store.unit_of_work(application.clock()) as uow:
        hers = Actor(person_id="her", visit="telephone")
        other = uow.drafts.ensure(hers)
        photo = {"kind": PictureKind.DRAFT, "width": 9, "height": 9, **names}
        uow.images.add(actor=hers, draft_id=other, **photo)
    here = Actor(visit="tablet", session_id="session")
    with application.store.unit_of_work(application.clock()) as uow:
        uow.drafts.save(here, {"title": "پیاده‌رو"})
    with application.store.unit_of_work(application.clock()) as uow:
        uow.drafts.lock(here)
        draft = uow.drafts.id(here)
        assert not uow.drafts.may_have_images(draft)
        uow.drafts.claim("tablet", "her")
        assert uow.drafts.may_have_images(draft)
        assert len(uow.images.of_draft(draft)) == 1
