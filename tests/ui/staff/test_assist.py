"""An officer's two pages for callers, in one tab."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from reflex_base.utils.form import FormData
from support.citizens import code_on, file, someone
from support.city import City
from support.each import in_one_city
from support.line import MONDAY
from support.staff_tab import Tab, do

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Event, PictureKind
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import TEHRAN
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.filing import assist_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.shell import navigation
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.staff.assist.follow_state import FollowState, missed, sentences
from publicmeeting.ui.staff.assist.state import AssistState, Typed, number_in
from publicmeeting.usecases.filing.assisting import Way
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.tracking.by_code import stages_of

HER = someone(1)
MOBILE = "+98" + HER.mobile[1:]
PIN = "604938"


def run(state: Any, handler: Any, *provided: Any) -> Any:
    return asyncio.run(do(state, handler, *provided))


def opened(city: City, who: str = "phone") -> tuple[Tab, AssistState]:
    tab = Tab(city.application, who)
    state = tab.opens(AssistState, "/assist/")
    return tab, state


def form(**other: object) -> FormData:
    fields: dict[str, object] = {
        "subject": "street",
        "title": "پیاده‌روی شکسته",
        "text": "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد.",
        "prefers": "any",
        "kind": "national",
        "identity": persian(HER.identity),
        "name": HER.name,
        "mobile": persian(HER.mobile),
    }
    return FormData(list({**fields, **other}.items()))


def code_read(city: City, mobile: str = MOBILE) -> str:
    return persian(code_on(city.application, mobile))


def serves(city: City, state: AssistState, **other: object) -> None:
    run(state, AssistState.choose, 6)
    run(state, AssistState.go, form(**other))
    run(state, AssistState.go, form(code=code_read(city), **other))


def test_a_call_from_the_district_to_the_receipt(city: City) -> None:
    tab, state = opened(city)
    run(state, AssistState.take_place, FormData([("place", "۶")]))
    assert state.typed.district == 6
    assert state.where.quarters
    run(state, AssistState.go, form())
    assert "•" in state.sent_to
    assert HER.name in state.around.read_back
    assert not state.filed.code
    run(state, AssistState.go, form(code=code_read(city)))
    assert state.filed.code
    assert state.filed.sentences[0].startswith("کد رهگیری شما")
    assert assist_text.BY_SMS in state.filed.sentences
    assert HER.identity not in repr(state.filed)
    assert persian(HER.identity) not in state.filed.whom
    # Nothing that she told is left beside the receipt.
    assert state.typed == Typed(call="1")
    assert next(place.href for place in tab.state(Rail).places) == "/assist/"


def test_the_next_caller_finds_nothing_of_this_one(city: City) -> None:
    _, state = opened(city)
    serves(city, state)
    run(state, AssistState.next_call)
    shown = repr(state.dict())
    for hers in (HER.name, HER.identity, HER.mobile, "شکسته", persian(HER.identity)):
        assert hers not in shown
    assert state.typed == Typed(call="2")


def test_what_is_typed_survives_a_reload(city: City) -> None:
    tab, state = opened(city)
    for name, value in (("title", "چاله"), ("identity", "۰۴۹"), ("name", "مریم"), ("cat", "x")):
        run(state, AssistState.keep, name, value)
    tab.go("/assist/")
    run(state, AssistState.load)
    assert (state.typed.title, state.typed.identity, state.typed.name) == ("چاله", "۰۴۹", "مریم")


def a_picture(city: City, number: int, who: str = "phone") -> str:
    name = f"{number:064x}"
    photo = KeepPhoto(
        kind=PictureKind.CALLER, web=name, thumb=name, original=name, width=1, height=1
    )
    return city.application.execute_as(city.as_(who), keep_photo, photo).id


def test_pictures_stay_over_a_reload_and_go_with_the_call(city: City) -> None:
    tab, state = opened(city)
    first, second = a_picture(city, 1), a_picture(city, 2)
    run(state, AssistState.photos_changed, [first, second, "../../x", first])
    tab.go("/assist/")
    run(state, AssistState.load)
    assert [photo.thumb for photo in state.typed.photos] == [
        f"/images/{first}/thumb",
        f"/images/{second}/thumb",
    ]
    run(state, AssistState.next_call)
    assert state.typed == Typed(call="2")
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        assert uow.images.loose(city.as_("phone"), PictureKind.CALLER) == []


def test_a_call_files_its_pictures(city: City) -> None:
    _, state = opened(city)
    ids = [a_picture(city, 1)]
    run(state, AssistState.photos_changed, ids)
    serves(city, state)
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        request = uow.requests.find(state.filed.code)
        assert [image.id for image in uow.images.of_request(request.id, "photo")] == ids
        # The officer who filed it has no right to her case, so it is hers alone from now on.
        with pytest.raises(Denied, match="not_found"):
            uow.images.get_visible(ids[0], city.as_("phone"))
    run(state, AssistState.next_call)
    assert not state.refused


def test_every_fault_stands_beside_its_field_and_no_message_is_sent(city: City) -> None:
    _, state = opened(city)
    run(
        state, AssistState.go, form(subject="", title="", text="", identity="1", name="", mobile="")
    )
    assert set(state.errors) == {
        "district",
        "place",
        "subject",
        "title",
        "text",
        "identity",
        "name",
        "mobile",
    }
    assert city.application.phone.texts(MOBILE) == []


def test_another_mobile_needs_another_code(city: City) -> None:
    _, state = opened(city)
    run(state, AssistState.choose, 6)
    run(state, AssistState.go, form())
    other = someone(2).mobile
    run(state, AssistState.keep, "mobile", other)
    assert state.sent_to == ""
    run(state, AssistState.go, form(mobile=other, code="123456"))
    assert state.sent_to
    assert city.application.phone.texts("+98" + other[1:])
    assert not state.filed.code


def test_send_tapped_twice_files_nothing_and_refuses_nothing(city: City) -> None:
    """At the second tap nobody has seen the code's field yet."""
    _, state = opened(city)
    run(state, AssistState.choose, 6)
    for _ in range(2):
        run(state, AssistState.go, form())
        assert (state.sent_to != "", state.errors, state.filed.code) == (True, {}, "")
    run(state, AssistState.go, form(code=""))
    assert list(state.errors) == ["code"]


def test_a_wrong_code_is_said_beside_it_and_nothing_is_lost(city: City) -> None:
    _, state = opened(city)
    run(state, AssistState.choose, 6)
    run(state, AssistState.go, form())
    run(state, AssistState.go, form(code="000000"))
    assert state.errors == {"code": refusal("read_out_wrong")}
    assert state.typed.title
    run(state, AssistState.send_again)
    free_at = clock_words(city.application.clock() + timedelta(minutes=1))
    assert state.refused == refusal("read_out_again", time=free_at)
    assert free_at in state.refused
    run(state, AssistState.go, form(code=code_read(city)))
    assert state.filed.code


def test_homonyms_are_listed_and_none_is_chosen(city: City) -> None:
    _, state = opened(city)
    run(state, AssistState.take_place, FormData([("place", "ولی")]))
    assert len({place.district for place in state.where.places}) > 1
    assert state.typed.district == 0
    assert state.errors["place"]
    run(state, AssistState.take_place, FormData([("place", "ققققق")]))
    # An officer has no map, unlike a citizen.
    assert state.errors["place"] == assist_text.PLACE_NONE
    leads = run(state, AssistState.go, form(place=""))
    assert state.errors["place"] == assist_text.PLACE_FIRST
    assert "place" in str(leads), "its form is far above the button"
    for typed, number in (("۶", 6), ("22", 22), ("۲۳", 0), ("0", 0), ("²", 0), ("6x", 0)):
        assert number_in(typed) == number


def test_a_similar_place_is_suggested_and_not_taken_by_enter(city: City) -> None:
    """The caller may mean another place, whose name the city does not have."""
    _, state = opened(city)
    run(state, AssistState.take_place, FormData([("place", "تحریش")]))
    assert [place.name for place in state.where.places] == ["تجریش"]
    assert state.typed.district == 0
    assert state.errors["place"] == assist_text.PLACE_SIMILAR
    run(state, AssistState.choose, 1)
    run(state, AssistState.find, "تحریش")
    assert (state.where.places, state.where.hint) == ((), ""), "nothing is left to ask"


@in_one_city("sent", [0, 23, -1, 10**9])
def test_no_such_district_is_chosen(city: City, sent: int) -> None:
    _, state = opened(city)
    run(state, AssistState.choose, sent)
    assert state.typed.district == 0


def test_the_telephone_has_no_card_to_look_at(city: City) -> None:
    _, state = opened(city)
    assert [way.value for way in state.ways] == ["code", "pin"]
    run(state, AssistState.choose_way, "card")
    assert state.typed.way == Way.CODE


def test_a_desk_with_her_card_prints_a_pin_once(city: City) -> None:
    _, state = opened(city, "desk")
    run(state, AssistState.choose, 6)
    run(state, AssistState.choose_way, "card")
    run(state, AssistState.go, form())
    assert len(state.filed.pin) == 6
    assert assist_text.BY_CALL in state.filed.sentences
    run(state, AssistState.next_call)
    assert state.filed.pin == ""


def test_a_foreign_request_leads_to_the_page_of_persons(city: City) -> None:
    file(city.application, someone(1), title="دیگر است")
    _, state = opened(city, "desk")
    run(state, AssistState.choose, 6)
    run(state, AssistState.choose_way, "card")
    run(state, AssistState.go, form())
    assert state.at_desk
    assert state.typed.title


@in_one_city("who", ["mayor", "reception", "overseer", "technical"])
def test_nobody_else_has_these_pages(city: City, who: str) -> None:
    for kind, address in ((AssistState, "/assist/"), (FollowState, "/assist/follow/")):
        tab = Tab(city.application, who)
        tab.go(address)
        state = tab.state(kind)
        run(state, kind.load)
        assert state.missing
    tab = Tab(city.application)
    state = tab.state(AssistState)
    run(state, AssistState.load)
    assert state.signed_out
    run(state, AssistState.go, form())
    assert not state.filed.code


# Looking up.


def following(city: City, who: str = "phone") -> FollowState:
    return Tab(city.application, who).opens(FollowState, "/assist/follow/")


def test_what_to_say_of_a_request_in_line(city: City, a_request: Any) -> None:
    walked = a_request(Stage.WAITING)
    state = following(city)
    fields = [("case", persian(walked.code)), ("digits", persian(walked.who.mobile[-4:]))]
    run(state, FollowState.open_case, FormData(fields))
    assert state.found.code == walked.code
    assert "در نوبت انتظار" in state.found.sentences[0]
    assert not state.found.replies
    assert walked.request.title not in repr(state.found)
    run(state, FollowState.next_call)
    assert not state.found.code


def test_of_a_seat_kept_while_the_city_was_away_he_asks_for_no_answer(
    city: City, a_request: Any
) -> None:
    walked = a_request(Stage.INVITED)
    """A caller without proof must not learn whether the citizen comes or is telephoned."""
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        asked = stages_of(uow, walked.request, Actor(), city.application.city_now())
    assert asked.seat is not None
    kept = replace(asked, due_at=asked.seat.answer_by + timedelta(days=2))
    until = assist_text.YOU_HAVE.partition("{")[0]
    assert (road_text.TURN_KEPT_EITHER in sentences(kept), until in " ".join(sentences(kept))) == (
        1,
        0,
    )
    assert (
        road_text.TURN_KEPT_EITHER in sentences(asked),
        until in " ".join(sentences(asked)),
    ) == (0, 1)


def test_of_a_district_that_is_late_he_says_so(city: City, a_request: Any) -> None:
    walked = a_request(Stage.SUBMITTED)
    application = city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        now = application.city_now()
        in_time = stages_of(uow, walked.request, Actor(), now)
        late = stages_of(uow, walked.request, Actor(), now + timedelta(days=7))
    its_own = assist_text.CITY_LATE.partition("}")[2]
    assert its_own not in " ".join(sentences(in_time))
    assert sentences(late)[-1].endswith(f"روز کاری دیرکرد{its_own}")


def test_of_a_no_show_he_says_until_when_she_may_contest_it() -> None:
    at = datetime(2026, 11, 30, 9, 15, tzinfo=TEHRAN)
    waiting = Stage.WAITING
    (sentence,) = missed(Event(Action.NO_SHOW, Role.RECEPTION, at, Stage.ARRIVED, waiting))
    assert sentence.startswith("دوشنبه ۹ آذر نیامدن شما ثبت شد.")
    assert "تا پنجشنبه ۱۲ آذر، ساعت ۹:۱۵" in sentence
    gave_up = Event(Action.GIVE_UP_SEAT, Role.CITIZEN, at, Stage.CONFIRMED, waiting)
    assert "نوبت را پس دادید" in missed(gave_up)[0]
    assert missed(None) == []


def test_a_wrong_word_is_said_once_for_both(city: City) -> None:
    state = following(city)
    run(state, FollowState.open_case, FormData([("case", "0506000000"), ("digits", "1234")]))
    assert state.errors == {"digits": refusal("tracking_unknown")}


def test_by_a_code_read_out_she_says_that_she_comes(city: City, a_request: Any) -> None:
    walked = a_request(Stage.INVITED)
    state = following(city)
    run(state, FollowState.choose_by, "word")
    run(state, FollowState.send, FormData([("mobile", walked.who.mobile)]))
    code = code_read(city, "+98" + walked.who.mobile[1:])
    fields = [("kind", "national"), ("identity", walked.who.identity), ("code", code)]
    for _ in range(2):  # after a double tap it is open, and no wrong try is counted
        run(state, FollowState.open_by_code, FormData(fields))
        assert (state.found.code, state.errors) == (walked.request.code, {})
    assert [reply.action for reply in state.found.replies] == ["confirm", "give_up_seat"]
    run(state, FollowState.answer_for_her, "confirm")
    assert state.done == assist_text.ANSWERED["confirm"]
    assert walked.request.stage is Stage.CONFIRMED


def test_what_she_says_in_words_is_written_in_her_name(city: City, a_request: Any) -> None:
    walked = a_request(Stage.NEEDS_INFO)
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.people.set_mobile(walked.request.person_id, None)
        uow.people.set_pin(walked.request.person_id, "604938")
    state = following(city)
    fields = [("case", walked.code), ("digits", "604938")]
    run(state, FollowState.open_case, FormData(fields))
    (asked,) = state.found.questions
    assert asked.asked == walked.request.history[-1].note
    run(state, FollowState.keep_words, "پلاک ۱۲.", walked.code, asked.field)
    again = following(city)
    run(again, FollowState.open_case, FormData(fields))
    assert [one.draft for one in again.found.questions] == ["پلاک ۱۲."]
    run(again, FollowState.next_call)
    run(again, FollowState.keep_words, "پلاک ۱۲.", walked.code, asked.field)
    run(again, FollowState.open_case, FormData(fields))
    assert [one.draft for one in again.found.questions] == [""], "the call has ended"
    sent = [("action", asked.action), ("number", asked.number)]
    run(state, FollowState.answer_in_words, FormData(sent))
    # Beside the field, because the question is far below the page's own line for refusals.
    assert (state.errors, state.refused) == ({asked.field: refusal("need_note")}, "")
    assert state.done == ""
    run(state, FollowState.answer_in_words, FormData([*sent, (asked.field, "پلاک ۱۲.")]))
    assert state.done == assist_text.QUESTION_ANSWERED.format(question=asked.title)
    assert (walked.request.stage, state.found.questions) == (Stage.SUBMITTED, ())


def without_mobile(city: City, walked: Any) -> list[tuple[str, str]]:
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.people.set_mobile(walked.request.person_id, None)
        uow.people.set_pin(walked.request.person_id, "604938")
    return [("case", walked.code), ("digits", "604938")]


def test_a_desk_asks_a_lane_with_the_document_it_photographs(city: City, a_request: Any) -> None:
    walked = a_request(Stage.WAITING)
    state = following(city, "desk")
    run(state, FollowState.open_case, FormData(without_mobile(city, walked)))
    assert [lane.value for lane in state.found.lanes] == ["access", "urgent"]
    photo = a_picture(city, 1, "desk")
    run(state, FollowState.photos_changed, [photo, "../../x"])
    run(state, FollowState.ask_lane, FormData([]))
    assert (state.done, [one.full for one in state.photos]) == ("", [f"/images/{photo}"])
    assert (state.refused, state.errors) == ("", {"lane": refusal("need_lane")})
    run(state, FollowState.ask_lane, FormData([("lane", "access")]))
    assert (state.done, state.photos) == (assist_text.LANE_ASKED, [])
    assert state.found.lanes == ()
    assert state.found.lane_note == refusal("lane_asked_already")


def test_pictures_of_a_document_that_was_not_sent_go_with_the_call(
    city: City, a_request: Any
) -> None:
    state = following(city, "desk")
    run(state, FollowState.open_case, FormData(without_mobile(city, a_request(Stage.WAITING))))
    run(state, FollowState.photos_changed, [a_picture(city, 1, "desk")])
    run(state, FollowState.next_call)
    assert (state.refused, state.photos) == ("", [])
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        assert uow.images.loose(city.as_("desk"), PictureKind.CALLER) == []


def test_with_four_digits_he_reads_why_she_cannot_answer(city: City, a_request: Any) -> None:
    walked = a_request(Stage.INVITED)
    state = following(city)
    fields = [("case", walked.code), ("digits", walked.who.mobile[-4:])]
    run(state, FollowState.open_case, FormData(fields))
    assert state.found.hint == assist_text.NOT_BY_DIGITS
    run(state, FollowState.answer_for_her, "confirm")
    assert state.done == ""
    assert walked.request.stage is Stage.INVITED
    for sent in ("nothing", ""):
        run(state, FollowState.answer_for_her, sent)
        assert state.refused


def test_who_cannot_come_any_more_hears_what_that_costs_before_she_says_so(
    city: City, a_request: Any
) -> None:
    walked = a_request(Stage.CONFIRMED)
    state = following(city)
    fields = [("case", walked.code), ("digits", walked.who.mobile[-4:])]
    run(state, FollowState.open_case, FormData(fields))
    assert state.found.hint == assist_text.NOT_BY_DIGITS
    walked.line.until(MONDAY, "08:00")
    state = following(city)
    run(state, FollowState.open_case, FormData(without_mobile(city, walked)))
    assert [reply.action for reply in state.found.replies] == ["give_up_seat"]
    assert road_text.TURN_GIVE_UP_LATE in state.found.sentences


def test_her_pass_is_shown_where_her_card_is(city: City, a_request: Any) -> None:
    walked = a_request(Stage.CONFIRMED)
    state = following(city, "desk")
    assert state.at_desk
    fields = [("case", walked.code), ("digits", walked.who.mobile[-4:])]
    run(state, FollowState.open_case, FormData(fields))
    run(state, FollowState.show_pass, FormData([("card", someone(5).identity)]))
    assert state.errors == {"card": refusal("card_not_hers")}
    run(state, FollowState.show_pass, FormData([("card", persian(walked.who.identity))]))
    assert state.shown_pass.src == f"/pass/{walked.code}.png"
    assert not following(city).at_desk


def test_whoever_loses_the_last_role_while_the_form_is_half_filled_reads_it_at_once(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    async def over_page(sentence: str) -> None:
        read.append(sentence)

    monkeypatch.setattr(navigation, "repeat_over_page", over_page)
    tab, state = opened(city, "desk")
    run(state, AssistState.choose, 6)
    rail = tab.state(Rail)
    run(rail, Rail.load)
    asyncio.run(rail._count())
    assert read == []
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        account = uow.accounts.by_username("desk")
        assert account is not None
        uow.accounts.date_term(account.id, account.terms[0], MONDAY - timedelta(weeks=9))
    for _ in range(2):
        asyncio.run(rail._count())
    assert read == [refusal("session_ended", kind="roleless")]
    assert not state.signed_out, "what is typed stays on the screen"
