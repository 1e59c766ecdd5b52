"""The filing wizard in one tab: the person shown at the last step files, and refusals are shown."""

import asyncio
import re
from contextvars import copy_context
from dataclasses import replace
from typing import Any

import pytest
import reflex as rx
from support.citizens import Someone, citizen, file, own_visit, someone
from support.city import City
from support.clock import FixedClock
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.domain.districts.places import named_place
from publicmeeting.domain.matter import WRITTEN
from publicmeeting.domain.people import masked_identity
from publicmeeting.kit.digits import persian
from publicmeeting.kit.process.context import set_press
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.mine import MineState
from publicmeeting.ui.citizen.request.parts import review_step
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.request.views import draft_view
from publicmeeting.usecases.accounts.signing_in.sign_in import SignOut, sign_out
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.places import LISTED, PlaceTable, replace_places
from publicmeeting.usecases.filing import anonymous, submitting
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for, speak_for_another
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.tracking.my_page import my_page

ANNA = someone(1)
BITA = replace(someone(2), mobile=ANNA.mobile, name="بیتا کریمی")
CYRA = replace(someone(3), mobile=ANNA.mobile, name="سایه رادان")
TYPED = {
    "district": "6",
    "subject": "street",
    "title": "پیاده‌روی شکسته",
    "text": "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد.",
}


@pytest.fixture
def keys(application: Application, city: City) -> Keys:
    """Cookies of Anna, known to the city, who has typed the first two steps of another request."""
    keys = citizen(application, ANNA.mobile, visit=own_visit(application, "hers"))
    filed = file(application, ANNA, keys)
    application.execute_now(take_step, keys, TakeStep(code=filed.code, action="withdraw"))
    application.execute_now(save_draft, keys, SaveDraft(fields=TYPED))
    return keys


class Wizard:
    """One tab at `/request/`."""

    def __init__(self, application: Application, keys: Keys) -> None:
        self.application = application
        self._tab = Tab(application, keys=keys)
        self.state = self._tab.state(BookingState)

    def at(self, step: int) -> "Wizard":
        self._tab.go(f"/request/?step={step}")
        self.does(BookingState.load)
        return self

    def by(self, query: str) -> "Wizard":
        """Open the form by a link from outside."""
        self._tab.go(f"/request/?{query}")
        self.does(BookingState.load)
        return self

    def does(self, handler: Any, *arguments: Any) -> object:
        """Call a handler; return what happens next."""
        return asyncio.run(do(self.state, handler, *arguments))

    def types(self, who: Someone) -> None:
        form = {"kind": "national", "identity": who.identity, "name": who.name, "prefers": "any"}
        self.does(BookingState.leave_herself, form)

    @property
    def shown(self) -> str:
        """The name on the review."""
        return self.state.applicant.files_as


@pytest.fixture
def wizard(application: Application, keys: Keys) -> Wizard:
    return Wizard(application, keys)


def filed_for(application: Application, keys: Keys) -> list[tuple[str, str]]:
    """Return identity and name of the session's person, once for each live request."""
    lines = [request.line for request in application.query_now(my_page, keys, Nothing()).requests]
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        person = uow.people.get(uow.sessions.actor(keys).person_id or "")
    return [(person.identity, person.name) for line in lines if line.stage.value == "submitted"]


def anna(application: Application, keys: Keys) -> str:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        mobile = uow.sessions.mobile(uow.sessions.actor(keys))
        return uow.people.served_by(uow.vault.lookup("mobile", mobile or ""))[0].id


def test_for_another_the_wizard_stands_where_it_stood(wizard: Wizard) -> None:
    wizard.at(3).does(BookingState.for_another)
    assert (wizard.state.step, wizard.state.applicant.person) == (3, "")
    assert (wizard.state.draft.district, wizard.state.draft.title) == (6, TYPED["title"])


def test_a_confirmed_mobile_is_said_once(wizard: Wizard) -> None:
    """The sentence is announced; it is no news after «for somebody else» or on the way back."""
    assert wizard.at(3).state.confirmed
    wizard.does(BookingState.for_another)
    assert not wizard.state.confirmed
    wizard.types(BITA)
    assert not wizard.at(4).state.confirmed
    assert not wizard.at(3).state.confirmed


def test_the_review_says_that_others_read_a_number_in_the_text() -> None:
    assert draft_view(TYPED).private == ""
    warned = draft_view({**TYPED, "title": "تماس: ۰۹۱۲ ۳۴۵ ۶۷۸۹"})
    assert warned.private == filing_text.PRIVATE


def test_who_was_typed_is_forgotten_when_she_is_chosen(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    wizard.at(3).does(BookingState.for_another)
    wizard.types(BITA)
    assert wizard.at(4).shown == BITA.name
    wizard.at(3).does(BookingState.choose_person, anna(application, keys))
    assert (wizard.at(4).state.step, wizard.shown) == (4, ANNA.name)
    wizard.does(BookingState.file)
    assert filed_for(application, keys) == [(ANNA.identity, ANNA.name)]


def receipt_of(event: object) -> str:
    """Return the code of the receipt to which a press leads."""
    found = re.search(r"/receipt/(\w+)/", str(event))
    assert found
    return found[1]


def test_a_press_that_a_killed_process_had_carried_out_leads_to_the_same_receipt(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    def presses() -> object:
        set_press("a" * 24)
        return wizard.does(BookingState.file)

    wizard.at(4)
    answers = [receipt_of(copy_context().run(presses))]
    wizard.at(4)
    answers.append(receipt_of(copy_context().run(presses)))
    assert answers[0] == answers[1]
    assert len(filed_for(application, keys)) == 1


def test_a_second_press_leads_whoever_typed_her_identity_to_the_same_receipt(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    """The first press has cleared the identity, and her mobile is unknown."""
    wizard.at(3).does(BookingState.for_another)
    wizard.types(BITA)
    wizard.at(4)
    answers = [receipt_of(wizard.does(BookingState.file)) for _ in range(2)]
    assert answers[0] == answers[1]
    assert filed_for(application, keys) == [(BITA.identity, BITA.name)]


def test_whoever_files_at_a_server_that_was_restarted_is_asked_for_her_identity_alone(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    wizard.at(3).does(BookingState.for_another)
    wizard.types(BITA)
    assert wizard.at(4).state.step == 4
    restarted = Wizard(application, keys).at(4)
    restarted.does(BookingState.file)
    assert (restarted.state.step, restarted.state.draft.title) == (3, TYPED["title"])
    assert restarted.state.errors == {"identity": filing_text.IDENTITY_GONE}
    restarted.types(BITA)
    restarted.at(4).does(BookingState.file)
    assert filed_for(application, keys) == [(BITA.identity, BITA.name)]


def test_who_was_typed_files_under_what_was_typed_with_it(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    """A name that is only begun stays in the draft."""
    wizard.at(3).does(BookingState.for_another)
    wizard.types(BITA)
    wizard.at(4)
    wizard.at(3).does(BookingState.keep_field, "name", CYRA.name)
    assert (wizard.at(4).shown, wizard.state.draft.name) == (BITA.name, CYRA.name)
    wizard.does(BookingState.file)
    assert filed_for(application, keys) == [(BITA.identity, BITA.name)]


def test_whoever_goes_on_at_once_after_choosing_stays_where_she_has_gone(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    wizard.at(3).does(BookingState.for_another)
    wizard.types(BITA)
    left = wizard.at(3).does(BookingState.choose_person, anna(application, keys))
    assert left is None, "it would come after the step she opens now"
    assert (wizard.state.step, wizard.shown) == (3, ANNA.name)
    assert (wizard.at(4).state.step, wizard.shown) == (4, ANNA.name)


def test_what_was_refused_leads_nowhere(wizard: Wizard) -> None:
    wizard.at(3).does(BookingState.for_another)
    wizard.types(replace(BITA, identity="1234567890"))
    assert wizard.state.errors == {"identity": refusal("national_code_check")}
    assert wizard.at(4).state.step == 3


def test_the_same_error_once_more_is_another_answer(wizard: Wizard) -> None:
    lacks = {one: text for one, text in TYPED.items() if one not in {"district", "title"}}
    answers = []
    wizard.at(2)
    for _ in range(2):
        wizard.does(BookingState.leave_matter, {**lacks, "title": ""})
        assert list(wizard.state.errors) == ["title"]
        answers.append(wizard.state.answers)
    assert answers[0] < answers[1]
    wizard.does(BookingState.keep_field, "title", TYPED["title"])
    assert (wizard.state.errors, wizard.state.answers) == ({}, answers[1])


def test_a_pause_after_the_press_does_not_take_the_error_away(wizard: Wizard) -> None:
    """She presses before the pause in typing, which then saves the text that was refused."""
    short = {"title": "آسف", "text": "بد"}
    wizard.at(2).does(BookingState.leave_matter, {"subject": "street", **short})
    assert set(wizard.state.errors) == set(short)
    wizard.does(BookingState.keep_field, "text", short["text"])
    assert set(wizard.state.errors) == set(short)
    wizard.does(BookingState.keep_field, "text", TYPED["text"])
    assert set(wizard.state.errors) == {"title"}
    wizard.at(3).does(BookingState.for_another)
    wizard.types(replace(BITA, name="ب"))
    wizard.does(BookingState.keep_field, "name", "ب")
    assert set(wizard.state.errors) == {"name"}


def test_chosen_in_another_tab_she_is_shown_before_she_files(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    file(application, BITA, keys)
    application.execute_now(save_draft, keys, SaveDraft(fields=TYPED))
    application.execute_now(speak_for, keys, SpeakFor(person=anna(application, keys)))
    application.execute_now(save_draft, keys, SaveDraft(fields=TYPED))
    assert wizard.at(4).shown == ANNA.name
    bita = next(one for one, name in wizard.state.applicant.others if name == BITA.name)
    application.execute_now(speak_for, keys, SpeakFor(person=bita))
    wizard.does(BookingState.file)
    assert wizard.state.refused == refusal("review_changed")
    assert wizard.shown == BITA.name
    assert filed_for(application, keys) == [(BITA.identity, BITA.name)], "the one of before"
    application.execute_now(speak_for, keys, SpeakFor(person=anna(application, keys)))
    assert filed_for(application, keys) == []


def test_her_line_closes_at_her_press_and_the_second_one_files_for_the_week_that_she_reads(
    wizard: Wizard, application: Application, keys: Keys, clock: FixedClock
) -> None:
    wizard.at(4)
    before = wizard.state.where.wait
    clock.forward(days=4)
    with pytest.MonkeyPatch.context() as closes:
        closes.setattr(submitting, "has_line_closed_since", lambda *_: True)
        wizard.does(BookingState.file)
    assert wizard.state.refused == refusal(submitting.LINE_CLOSED)
    assert (wizard.state.step, wizard.shown) == (4, ANNA.name)
    assert wizard.state.draft.text == TYPED["text"]
    assert wizard.state.where.wait != before
    assert filed_for(application, keys) == []
    wizard.does(BookingState.file)
    assert filed_for(application, keys) == [(ANNA.identity, ANNA.name)]


def test_a_refusal_of_the_door_is_over_on_the_way_back_after_filing(wizard: Wizard) -> None:
    """«Back» leads to the address at which a second code was refused."""
    wizard.at(4).does(BookingState.file)
    assert wizard.by("step=3&sent=1&e=code_too_often&minutes=1").state.refused == ""
    assert wizard.by("step=2&e=not_ready").state.refused == refusal("not_ready")


def test_gone_in_another_tab_the_step_comes_where_she_says_who_she_is(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    wizard.at(4)
    application.execute_now(speak_for_another, keys, Nothing())
    wizard.does(BookingState.file)
    assert (wizard.state.step, wizard.state.applicant.person) == (3, "")
    assert wizard.state.refused == refusal("review_changed")


def test_back_from_the_review_the_number_need_not_be_typed_again(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    wizard.at(3).does(BookingState.for_another)
    assert wizard.state.applicant.typed == ""
    wizard.types(BITA)
    wizard.at(3)
    masked = in_order(persian(masked_identity(BITA.identity)))
    assert wizard.state.applicant.typed == filing_text.IDENTITY_TYPED.format(masked=masked)
    wizard.types(replace(BITA, identity="", name="2"))
    assert (wizard.state.step, set(wizard.state.errors)) == (3, {"name"})
    assert wizard.at(4).state.step == 3, "a wrong name is no name"
    wizard.types(replace(BITA, identity=""))
    assert (wizard.state.step, wizard.shown) == (4, BITA.name)
    assert wizard.state.applicant.files_by == masked
    wizard.does(BookingState.file)
    assert filed_for(application, keys) == [(BITA.identity, BITA.name)]


def test_who_comes_next_to_the_same_tab_is_not_taken_for_the_one_before(
    wizard: Wizard, application: Application, keys: Keys, clock: FixedClock
) -> None:
    wizard.at(3).does(BookingState.for_another)
    wizard.types(BITA)
    clock.forward(minutes=5)
    hers = citizen(application, someone(9).mobile, visit=own_visit(application, "next"))
    application.execute_now(save_draft, hers, SaveDraft(fields=TYPED))
    wizard._tab._cookie = f"session={hers.session}; visit={hers.visit}"
    assert (wizard.at(4).state.step, wizard.shown) == (3, "")


@pytest.mark.parametrize(
    ("handler", "arguments"),
    [(BookingState.choose_person, ["somebody"]), (BookingState.for_another, [])],
)
def test_a_refused_choice_is_said_and_forgets_nothing(
    wizard: Wizard, application: Application, keys: Keys, handler: Any, arguments: list[str]
) -> None:
    wizard.at(3).does(BookingState.for_another)
    wizard.types(BITA)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.sessions.end(keys.session)
    wizard.does(handler, *arguments)
    assert wizard.state.signed_out
    assert (wizard.state.draft.title, wizard.state._identity) == (TYPED["title"], BITA.identity)


def test_a_person_that_is_not_served_is_refused_in_words(wizard: Wizard) -> None:
    wizard.at(3).does(BookingState.choose_person, "nobody")
    assert wizard.state.refused == refusal("not_found")


def test_on_her_own_page_that_is_said_too(application: Application, keys: Keys) -> None:
    mine = Tab(application, keys=keys).state(MineState)
    assert asyncio.run(do(mine, MineState.choose, "nobody")) is None
    assert mine.refused == refusal("not_found")
    assert asyncio.run(do(mine, MineState.choose, anna(application, keys))) is not None
    assert mine.refused == ""


def test_saved_is_said_only_of_what_was_kept(application: Application, wizard: Wizard) -> None:
    wizard.at(1).does(BookingState.choose, 7)
    assert (wizard.state.saved, wizard.state.refused) == (True, "")
    without_visit = Wizard(application, Keys())
    without_visit.at(1).does(BookingState.choose, 7)
    assert (without_visit.state.saved, without_visit.state.refused) == (
        False,
        refusal("not_ready"),
    )


def test_a_known_person_files_as_herself(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    assert wizard.at(4).shown == ANNA.name
    assert wizard.state.applicant.files_by == in_order(masked_identity(ANNA.identity))
    wizard.does(BookingState.file)
    assert filed_for(application, keys) == [(ANNA.identity, ANNA.name)]


def test_where_nobodys_drafts_are_too_many_she_is_led_to_sign_in_and_keeps_what_she_typed(
    application: Application, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Keys(visit=own_visit(application, "begun before"))
    application.execute_now(save_draft, begun, SaveDraft(fields={"district": "6"}))
    monkeypatch.setattr(anonymous, "DRAFTS_MOST", 1)
    new = Wizard(application, Keys(visit=own_visit(application, "new")))
    new.does(BookingState.choose, 6)
    assert new.state.refused == refusal("sign_in_first")
    assert new.state.must_sign_in
    going_on = Wizard(application, begun)
    going_on.does(BookingState.keep_field, "title", TYPED["title"])
    assert (going_on.state.must_sign_in, going_on.state.saved) == (False, True)
    signed_in = Wizard(
        application, citizen(application, CYRA.mobile, visit=own_visit(application, "hers too"))
    )
    signed_in.does(BookingState.choose, 6)
    assert (signed_in.state.must_sign_in, signed_in.state.refused) == (False, "")


@pytest.mark.on_postgresql
def test_a_street_of_the_citys_table_is_offered_in_each_of_its_districts(
    application: Application, city: City, wizard: Wizard
) -> None:
    wizard.at(1).does(BookingState.find, "خیابان ری")
    assert wizard.state.where.places == ()
    assert wizard.state.where.places_note == filing_text.PLACES_NONE
    table = PlaceTable(places=(named_place("ری", "street", "11;12", "شهرداری"),))
    application.execute_as(city.as_("administrator"), replace_places, table)
    wizard.does(BookingState.find, "خیابان ری")
    assert [(place.name, place.district) for place in wizard.state.where.places] == [
        ("خیابان ری", 11),
        ("خیابان ری", 12),
    ]
    assert wizard.state.where.places_note == filing_text.HOMONYMS.format(
        name="خیابان ری", count="۲"
    )
    assert wizard.state.draft.district == 6, "nothing is chosen for her"


def test_whoever_types_too_little_of_a_name_is_asked_for_more_of_it(wizard: Wizard) -> None:
    wizard.at(1).does(BookingState.find, "شهرک")
    assert len(wizard.state.where.places) == LISTED
    assert wizard.state.where.places_note == filing_text.PLACES_MORE
    wizard.does(BookingState.find, "یوسف آباد")
    assert wizard.state.where.places_note == ""
    assert wizard.state.where.places_found == filing_text.PLACES_FOUND.format(count="۱")
    wizard.does(BookingState.find, "")
    assert wizard.state.where.places_found == ""


def test_a_voice_does_not_call_similar_places_found(wizard: Wizard) -> None:
    wizard.at(1).does(BookingState.find, "تحریش")
    where = wizard.state.where
    assert [place.name for place in where.places] == ["تجریش"]
    assert (where.places_note, where.places_found) == (filing_text.PLACES_SIMILAR, "")


def test_the_chosen_district_is_told_by_quarters_people_know(wizard: Wizard) -> None:
    wizard.at(1)
    assert wizard.state.where.quarters.startswith("منطقهٔ ۶: عباس‌آباد، بلوار کشاورز، ")


# A link from the portal.


@pytest.fixture
def newcomer(application: Application, city: City) -> Wizard:
    """A visitor without any draft."""
    return Wizard(application, Keys(visit=own_visit(application, "a newcomer's")))


def test_the_review_has_all_she_chose_for_the_day() -> None:
    words = draft_view({"needs": "companion", "prefers": "late"}).needs_words
    for chosen in (filing_text.NEED["companion"], filing_text.PREFER["late"]):
        assert chosen in words
    assert not re.search(r"\d", words), "the rules of her Monday say which hours these are"
    assert draft_view({}).needs_words == filing_text.on_the_day((), "any")
    assert 'dir:"ltr"' not in str(review_step(rx.fragment())), "the browser says what is Latin"


def test_a_link_opens_the_second_step_with_its_subject(newcomer: Wizard) -> None:
    state = newcomer.by("district=۶&subject=street&from=portal").state
    assert (state.step, state.draft.district, state.draft.subject) == (2, 6, "street")
    assert state.link.take == ""
    again = newcomer.by("district=6&subject=street").state
    assert (again.step, again.link.take, again.link.unknown) == (2, "", ())


def test_a_link_with_a_district_alone_asks_for_the_subject(newcomer: Wizard) -> None:
    state = newcomer.by("district=6").state
    assert (state.step, state.draft.district, state.draft.subject) == (2, 6, "")


def test_what_there_is_not_is_said_and_the_rest_is_taken(newcomer: Wizard) -> None:
    state = newcomer.by("district=30&subject=nothing").state
    assert state.step == 1
    assert state.link.unknown == tuple(filing_text.LINK_UNKNOWN.values())
    state = newcomer.by("district=6&subject=nothing").state
    assert (state.step, state.link.unknown) == (2, (filing_text.LINK_UNKNOWN["subject"],))
    newcomer.at(2)
    assert newcomer.state.link.unknown == ()


def test_a_link_takes_no_choice_of_hers_away_until_she_says_so(wizard: Wizard) -> None:
    state = wizard.by("district=7&subject=waste").state
    assert (state.draft.district, state.draft.subject) == (6, "street")
    assert "۷" in state.link.take
    assert "۶" in state.link.own
    wizard.does(BookingState.keep_own)
    assert state.draft.district == 6
    wizard.does(BookingState.take_link)
    assert (state.draft.district, state.draft.subject) == (7, "waste")
    assert state.draft.title == TYPED["title"]


def test_with_an_open_request_a_link_changes_nothing(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    file(application, ANNA, keys)
    state = wizard.by("district=7&subject=nothing").state
    assert state.applicant.live_one
    assert (state.link.take, state.link.unknown, state.draft.district) == ("", (), 0)


def test_pressing_what_a_link_never_asked_changes_nothing(wizard: Wizard) -> None:
    wizard.at(2).does(BookingState.take_link)
    assert (wizard.state.draft.district, wizard.state.refused) == (6, "")


@pytest.mark.parametrize("is_hers", [True, False])
def test_whoever_begins_where_another_has_left_is_asked_before_a_word_is_shown(
    newcomer: Wizard, *, is_hers: bool
) -> None:
    newcomer.at(1)
    for name, value in TYPED.items():
        newcomer.does(BookingState.keep_field, name, value)
    state = newcomer.by("").state
    assert state.left.startswith(filing_text.LEFT.partition("{")[0])
    shown = (state.draft.title, state.draft.text, state.draft.district, state.photos)
    assert shown == ("", "", 0, [])
    newcomer.does(BookingState.keep_left if is_hers else BookingState.drop_left)
    assert (state.left, state.draft.title) == ("", TYPED["title"] if is_hers else "")
    again = newcomer.at(2).state
    assert (again.left, again.step) == ("", 2 if is_hers else 1)


def test_who_has_begun_no_words_is_not_asked(newcomer: Wizard) -> None:
    newcomer.at(1).does(BookingState.choose, 6)
    state = newcomer.by("").state
    assert (state.left, state.draft.district) == ("", 6)


def test_a_step_pressed_after_the_session_has_ended_asks_whose_the_draft_is(
    application: Application,
) -> None:
    """Her text is hidden until she answers; the press must not look as if it did nothing."""
    question = filing_text.LEFT.partition("{")[0]
    for seed, handler, argument in (
        (51, BookingState.choose, 5),
        (52, BookingState.leave_matter, {k: v for k, v in TYPED.items() if k != "district"}),
    ):
        keys = citizen(application, someone(seed).mobile, visit=own_visit(application, f"{seed}"))
        wizard = Wizard(application, keys).at(1)
        for name, value in TYPED.items():
            wizard.does(BookingState.keep_field, name, value)
        wizard.at(2)
        application.execute_now(sign_out, keys, SignOut(session=keys.session))
        wizard.does(handler, argument)
        assert wizard.state.left.startswith(question)
        assert wizard.state.draft.title == ""
        wizard.does(BookingState.keep_left)
        chosen = 5 if handler is BookingState.choose else 6
        assert (wizard.state.draft.title, wizard.state.draft.district) == (TYPED["title"], chosen)


def test_a_text_that_is_too_long_keeps_its_error_when_its_field_is_left_as_it_is(
    wizard: Wizard, application: Application, keys: Keys
) -> None:
    """The page opened with the error, so no press on this page had refused the text."""
    text = "ن" * (next(one.most for one in WRITTEN if one.name == "text") + 1)
    application.execute_now(save_draft, keys, SaveDraft(fields={**TYPED, "text": text}))
    wizard.at(2)
    assert set(wizard.state.errors) == {"text"}
    wizard.does(BookingState.keep_field, "text", text)
    assert set(wizard.state.errors) == {"text"}
    wizard.does(BookingState.keep_field, "text", TYPED["text"])
    assert wizard.state.errors == {}
