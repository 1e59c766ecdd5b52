"""A district's texts: one officer proposes, another puts in force, citizens read the day's."""

from datetime import date, timedelta
from typing import Any

import pytest
from support.city import add_official
from support.line import MONDAY, Line
from support.together import together
from support.triggers import write

from publicmeeting.domain.districts.texts import TextState
from publicmeeting.domain.errors import Denied, FormError, Invalid, Refusal
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_length
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts import texts as texts_module
from publicmeeting.usecases.districts.texts import (
    DecideTexts,
    DistrictPage,
    MovedMonday,
    OneDistrict,
    OneVersion,
    ProposeTexts,
    decide_texts,
    district_texts,
    preview_texts,
    propose_texts,
    withdraw_texts,
)
from publicmeeting.usecases.meetings.day_place import SETTLES_IN, SetDayPlace, set_day_place
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.meetings.in_hall.passes import seat_pass
from publicmeeting.usecases.oversight.workplaces import workplaces
from publicmeeting.usecases.tracking.timeline import timeline_page

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
HALL = "سالن اجتماعات تازه"


class Texts:
    """What officials of a district do about its texts."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def run(self, who: str, usecase: Any, command: Any) -> Any:
        return self.line.city.application.execute_as(self.line.city.as_(who), usecase, command)

    def page(self, who: str = "desk", district: int = 6) -> DistrictPage:
        actor = self.line.city.as_(who)
        found: DistrictPage = self.line.city.application.query_as(
            actor, district_texts, OneDistrict(district=district)
        )
        return found

    def names_deputy(self, on: date = MONDAY) -> None:
        """Let the mayor name the deputy for one of her Mondays."""
        deputy = self.line.city.as_("deputy").account_id
        command = NameHolder(district=6, monday=on.isoformat(), account=deputy)
        self.run("mayor", name_holder, command)

    @property
    def today(self) -> date:
        return tehran_day(self.line.clock.now)

    def form(self, **change: Any) -> ProposeTexts:
        newest = self.page("deputy").newest
        texts = newest.texts
        typed = {
            "district": 6,
            "base": newest.id,
            "from_on": max(self.today, newest.from_on).isoformat(),
            "address": texts.address,
            "hall": HALL,
            "hours": "شنبه تا چهارشنبه، ۸ تا ۱۴",
            "bring": texts.bring,
            "point": texts.point,
            "seats": " ".join(texts.seats),
            "units": texts.units,
        }
        return ProposeTexts.model_validate({**typed, **change})

    def propose(self, who: str = "desk", **change: Any) -> int:
        self.run(who, propose_texts, self.form(**change))
        waiting = self.page(who).waiting
        assert waiting is not None
        return waiting.version.id

    def decide(self, who: str, version: int, *, is_yes: bool = True, note: str = "") -> Any:
        return self.run(who, decide_texts, DecideTexts(version=version, is_yes=is_yes, note=note))

    def change(self, by: str = "second_desk", **change: Any) -> None:
        self.decide(by, self.propose(**change))


@pytest.fixture
def texts(line: Line) -> Texts:
    return Texts(line)


def why(call: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    match refused.value:
        case FormError(errors=errors):
            return " ".join(f"{error.field}:{error.key}" for error in errors)
        case Invalid(key=key, field=field):
            return f"{field}:{key}"
    return refused.value.key


def test_what_one_proposes_another_sees_as_a_difference_and_puts_in_force(texts: Texts) -> None:
    before = texts.page().newest.texts
    version = texts.propose()
    assert texts.page().newest.texts == before, "a proposal changes nothing"
    seen = texts.page("second_desk")
    assert seen.waiting is not None
    assert seen.refused is None
    assert [(change.field, change.old, change.new) for change in seen.waiting.changes] == [
        ("hall", before.hall, HALL),
        ("hours", "", "شنبه تا چهارشنبه، ۸ تا ۱۴"),
    ]
    assert seen.waiting.proposed_by == "desk"
    texts.decide("second_desk", version)
    after = texts.page()
    assert (after.newest.texts.hall, after.newest.state) == (HALL, TextState.IN_FORCE)
    assert [named_version.version.state for named_version in after.history] == [
        "in_force",
        "replaced",
    ]
    assert after.history[0].decided_by == "second_desk"
    assert after.history[0].changes == seen.waiting.changes


def test_nobody_puts_his_own_proposal_in_force(texts: Texts) -> None:
    for who in ("desk", "mayor"):
        version = texts.propose(who)
        assert str(texts.page(who).refused) == "text_own"
        assert why(lambda v=version, w=who: texts.decide(w, v)) == "text_own"
        assert why(lambda v=version, w=who: texts.decide(w, v, is_yes=False, note="نه")) == (
            "text_own"
        )
        texts.run(who, withdraw_texts, OneVersion(version=version))
    assert [named_version.version.state for named_version in texts.page().history][:2] == [
        "withdrawn"
    ] * 2


def test_nor_by_his_other_account(texts: Texts) -> None:
    """Its name is the same, however spelt; another of his two would be the only one to read it."""
    add_official(texts.line.city.application, "other", ("deputy", 6, None), name="Desk")
    version = texts.propose("desk")
    assert str(texts.page("other").refused) == "same_person"
    assert why(lambda: texts.decide("other", version)) == "same_person"
    texts.decide("other", version, is_yes=False, note="نه")


def test_other_districts_and_other_roles_learn_nothing(texts: Texts) -> None:
    version = texts.propose()
    assert why(lambda: texts.page("desk4", 6)) == "not_found"
    assert texts.page("desk4", 0).district == 4
    assert why(lambda: texts.decide("mayor4", version)) == "not_found"
    assert why(lambda: texts.run("desk4", withdraw_texts, OneVersion(version=version))) == (
        "not_found"
    )
    assert why(lambda: texts.run("desk4", propose_texts, texts.form())) == "not_found"
    assert why(lambda: texts.page("desk", 22)) == "not_found"
    assert why(lambda: texts.decide("deputy", version + 99)) == "not_found"
    for who in ("reception", "technical", "overseer", "administrator", "phone"):
        assert why(lambda w=who: texts.page(w)) == "not_your_role"
        assert why(lambda w=who: texts.decide(w, version)) == "not_your_role"
    assert why(lambda: texts.run("second_desk", withdraw_texts, OneVersion(version=version))) == (
        "text_not_own"
    )


def test_every_field_that_is_wrong_is_named_at_once_and_nothing_is_written(texts: Texts) -> None:
    wrong = {
        "from_on": "1405-09-09",
        "address": "",
        "hall": "ا" * 61,
        "hours": "\u202e",
        "bring": "کت",
        "point": "36.29, 59.60",
        "seats": "09:15 09:00",
        "units": (("technical", ""),),
        "new_unit": "ا",
    }
    reply = why(lambda: texts.run("desk", propose_texts, texts.form(**wrong)))
    assert [one.partition(":")[0] for one in reply.split()] == [
        "address",
        "hall",
        "hours",
        "bring",
        "point",
        "seats",
        "unit-technical",
        "new_unit",
        "from_on",
    ]
    for name, value in wrong.items():
        reply = why(lambda n=name, v=value: texts.run("desk", preview_texts, texts.form(**{n: v})))
        assert len(reply.split()) == 1, reply
    assert texts.page().waiting is None


def test_a_day_that_is_past_or_too_far_is_refused(texts: Texts) -> None:
    for day, word in (
        (texts.today - DAY, "from_on:text_day_early"),
        (texts.today + 100 * WEEK, "from_on:text_day_missing"),
    ):
        form = texts.form(from_on=day.isoformat())
        assert why(lambda f=form: texts.run("desk", preview_texts, f)) == word


def test_a_form_that_names_another_districts_unit_is_broken(texts: Texts) -> None:
    form = texts.form(units=(("legal'--", "حقوقی"),))
    assert why(lambda: texts.run("desk", propose_texts, form)) == "form_broken"


def test_a_version_without_a_change_is_no_proposal(texts: Texts) -> None:
    texts.change()
    assert why(lambda: texts.run("desk", propose_texts, texts.form())) == "text_same"


def test_an_editor_who_began_before_another_version_was_decided_begins_anew(texts: Texts) -> None:
    old = texts.form(bring="شناسنامه بیاورید.")
    texts.change()
    assert why(lambda: texts.run("mayor", propose_texts, old)) == "text_stale"
    again = texts.form(bring="شناسنامه بیاورید.")
    assert texts.run("mayor", propose_texts, again) == texts.today


def test_a_second_proposal_waits_until_the_first_is_decided(texts: Texts) -> None:
    texts.propose()
    assert why(lambda: texts.run("second_desk", propose_texts, texts.form(bring="کارت ملی"))) == (
        "text_waiting"
    )


@pytest.mark.on_postgresql
def test_of_two_who_propose_at_the_same_instant_one_is_told_so(texts: Texts) -> None:
    forms = [texts.form(), texts.form(hall="سالن دیگر")]
    done, refused = together(
        lambda: texts.run("desk", propose_texts, forms[0]),
        lambda: texts.run("second_desk", propose_texts, forms[1]),
    )
    assert len(done) == 1
    assert [word.key for word in refused] == ["text_waiting"]


@pytest.mark.on_postgresql
def test_of_two_who_decide_at_the_same_instant_one_is_told_so(texts: Texts) -> None:
    version = texts.propose()
    done, refused = together(
        lambda: texts.decide("mayor", version),
        lambda: texts.decide("second_desk", version, is_yes=False, note="نشانی درست نیست"),
    )
    assert len(done) == 1
    assert [word.key for word in refused] == ["text_decided"]
    assert len(texts.page().history) == 2


def test_a_second_press_decides_nothing_twice(texts: Texts) -> None:
    version = texts.propose()
    texts.decide("mayor", version)
    assert why(lambda: texts.decide("mayor", version)) == "text_decided"
    withdrawn = OneVersion(version=version)
    assert why(lambda: texts.run("desk", withdraw_texts, withdrawn)) == "text_decided"


def test_whoever_says_no_says_why(texts: Texts) -> None:
    version = texts.propose()
    assert why(lambda: texts.decide("mayor", version, is_yes=False)) == "note:need_note"
    long = "ا" * 301
    assert why(lambda: texts.decide("mayor", version, is_yes=False, note=long)) == (
        "note:text_too_long"
    )
    texts.decide("mayor", version, is_yes=False, note="سالن هنوز\n آماده نیست")
    newest = texts.page().history[0].version
    assert (newest.state, newest.note) == (TextState.REFUSED, "سالن هنوز آماده نیست")
    assert texts.page().newest.texts.hall != HALL


def test_a_proposal_whose_day_has_passed_holds_from_the_day_it_is_put_in_force(
    texts: Texts,
) -> None:
    version = texts.propose()
    texts.line.clock.now += 3 * DAY
    seen = texts.page("mayor").waiting
    assert seen is not None
    assert seen.from_on == texts.today
    assert texts.decide("mayor", version).from_on == texts.today
    assert texts.page().newest.from_on == texts.today


def test_a_version_waits_for_its_day_and_then_the_clock_begins_it(texts: Texts) -> None:
    day = texts.today + 2 * DAY
    units = tuple(
        (code, "عمران و راه" if code == "technical" else name)
        for code, name in texts.page().newest.texts.units
    )
    texts.change(from_on=day.isoformat(), units=units, new_unit="مدیریت پسماند")

    def names() -> dict[str, str]:
        with texts.line.reading() as uow:
            return {unit.code: unit.name for unit in uow.city.units(6)}

    before = names()
    assert texts.page().newest.state is TextState.APPROVED
    assert "own1" not in before
    with texts.line.reading() as uow:
        assert uow.district_texts.on(6, day - DAY).hall != HALL
        assert uow.district_texts.on(6, day).hall == HALL
        assert uow.district_texts.of_all(day)[6].hall == HALL
        assert uow.district_texts.of_all(day)[4].hall != HALL
    texts.line.until(day, "00:01")
    assert texts.page().newest.state is TextState.IN_FORCE
    assert (names()["technical"], names()["own1"]) == ("عمران و راه", "مدیریت پسماند")
    assert names().keys() == before.keys() | {"own1"}
    with texts.line.reading() as uow:
        assert uow.district_texts.next_day() is None
        assert uow.city.unit("d06-own1").name == "مدیریت پسماند"


def test_a_next_version_begins_no_earlier_than_the_one_before(texts: Texts) -> None:
    day = texts.today + 5 * DAY
    texts.change(from_on=day.isoformat())
    early = texts.form(bring="کارت ملی", from_on=texts.today.isoformat())
    assert why(lambda: texts.run("desk", propose_texts, early)) == "from_on:text_day_early"


def test_a_unit_cannot_take_the_name_of_another(texts: Texts) -> None:
    assert why(lambda: texts.run("desk", propose_texts, texts.form(new_unit="حقوقي"))) == (
        "new_unit:unit_twice"
    )


def test_a_district_has_no_more_units_than_its_lists_can_show(
    texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts_module, "UNITS_MOST", len(texts.form().units))
    one_more = texts.form(new_unit="مدیریت پسماند")
    assert why(lambda: texts.run("desk", propose_texts, one_more)) == "new_unit:units_many"


def test_start_times_change_only_where_no_monday_is_opened(texts: Texts) -> None:
    first = texts.page().seats_from
    with texts.line.reading() as uow:
        assert uow.city.monday(6, first) is None
        assert uow.city.monday(6, first - WEEK) is not None
    seats = {"seats": "10:00 10:30 11:00"}
    with pytest.raises(FormError) as refused:
        texts.run("mayor", propose_texts, texts.form(**seats))
    (error,) = refused.value.errors
    assert (error.field, error.key) == ("from_on", "text_monday_opened")
    assert error.facts["day"] == weekday_day(first)
    version = texts.propose("mayor", **seats, from_on=first.isoformat())
    texts.decide("desk", version)
    texts.line.until(first - 2 * WEEK, "12:00")
    with texts.line.reading() as uow:
        assert uow.city.monday(6, first).seats == ("10:00", "10:30", "11:00")
        assert uow.city.monday(6, first - WEEK).seats != ("10:00", "10:30", "11:00")
        assert uow.city.monday(4, first).seats != ("10:00", "10:30", "11:00")


def test_start_times_need_the_mayor_or_a_deputy(texts: Texts) -> None:
    first = texts.page().seats_from.isoformat()
    version = texts.propose("desk", seats="10:00 10:30 11:00", from_on=first)
    assert str(texts.page("second_desk").refused) == "text_mayor_only"
    assert why(lambda: texts.decide("second_desk", version)) == "text_mayor_only"
    assert str(texts.page("deputy").refused) == "text_mayor_only"
    assert why(lambda: texts.decide("deputy", version)) == "text_mayor_only", "named for no day"
    texts.names_deputy()
    texts.decide("deputy", version)
    assert texts.page().newest.texts.seats == ("10:00", "10:30", "11:00")


def test_start_times_grown_stale_are_refused_when_their_monday_has_opened(texts: Texts) -> None:
    first = texts.page().seats_from
    version = texts.propose("mayor", seats="10:00 10:30 11:00", from_on=first.isoformat())
    texts.line.until(first - 2 * WEEK, "12:00")
    with pytest.raises(Denied) as refused:
        texts.decide("deputy", version)
    assert refused.value.key == "text_monday_opened"
    assert refused.value.facts["day"] == weekday_day(texts.page().seats_from)
    assert str(texts.page("deputy").refused) == "text_monday_opened"


def test_start_times_leave_a_seat_to_the_general_line(texts: Texts) -> None:
    first = texts.page().seats_from.isoformat()
    form = texts.form(seats="10:00", from_on=first)
    assert why(lambda: texts.run("mayor", propose_texts, form)) == "seats:seats_all_lanes"


def test_a_pass_says_what_holds_on_its_monday(texts: Texts) -> None:
    guest = texts.line.drawn(1)[0]
    guest.does(Action.CONFIRM)

    def place() -> Any:
        application = texts.line.city.application
        found = application.query_as(guest.actor, seat_pass, OneCase(code=guest.code)).place
        page = application.query_as(guest.actor, timeline_page, OneCase(code=guest.code))
        assert (page.address, page.hall) == (found.address, found.hall)
        return found

    texts.change(from_on=(MONDAY + DAY).isoformat())
    assert place().hall != HALL, "not yet on her Monday"
    texts.change(from_on=(MONDAY + DAY).isoformat(), hall="سالن سوم")
    assert place().hall not in {HALL, "سالن سوم"}


def test_a_pass_changes_with_a_version_for_its_monday(texts: Texts) -> None:
    guest = texts.line.drawn(1)[0]
    guest.does(Action.CONFIRM)
    coming = {"point": "35.70122, 51.40013", "bring": "کارت ملی خود"}
    texts.change("mayor", from_on=MONDAY.isoformat(), **coming)
    application = texts.line.city.application
    place = application.query_as(guest.actor, seat_pass, OneCase(code=guest.code)).place
    assert (place.hall, place.point, place.bring) == (HALL, "35.70122,51.40013", "کارت ملی خود")


def test_the_rail_counts_what_waits_for_ones_own_eyes(texts: Texts) -> None:
    def count(who: str) -> int:
        actor = texts.line.city.as_(who)
        found: int = texts.line.city.application.query_as(actor, workplaces, Nothing()).texts
        return found

    assert count("mayor") == 0
    texts.propose("desk")
    assert [count(who) for who in ("desk", "second_desk", "mayor", "reception", "desk4")] == [
        0,
        1,
        1,
        0,
        0,
    ]


HOUSE = {"address": "میدان تجریش، ساختمان شمالی", "hall": "سالن تازه"}


def moved(texts: Texts, guest: Any) -> list[Any]:
    """Return the facts of every notice of her case about another place."""
    with texts.line.reading() as uow:
        return [
            about(uow, one, texts.line.clock.now)
            for one in uow.outbox.of_request(guest.request.id, Role.CITIZEN.value)
            if one.action == Action.CHANGE_PLACE.value
        ]


def sms_sent(texts: Texts, guest: Any) -> list[str]:
    """Return the SMS about it to her phone, once the text has settled."""
    texts.line.clock.now += SETTLES_IN
    deliver(texts.line.city.application, texts.line.clock.now)
    with texts.line.reading() as uow:
        return [
            notice_text(about(uow, one, one.at)).sms
            for one in uow.outbox.of_request(guest.request.id, Role.CITIZEN.value)
            if (one.action, one.state) == (Action.CHANGE_PLACE.value, Delivery.SENT)
        ]


def test_whoever_holds_a_seat_is_sent_the_new_building(texts: Texts) -> None:
    guests = texts.line.drawn(2)
    for guest in guests:
        guest.does(Action.CONFIRM)
    texts.line.until(MONDAY - DAY, "21:30")
    texts.change("mayor", **HOUSE)
    for guest in guests:
        assert Action.CHANGE_PLACE in {event.action for event in guest.request.history}
        (sms,) = sms_sent(texts, guest)
        assert HOUSE["address"] in sms
        assert sms_length(sms) <= SMS_MOST


def test_whoever_stands_first_in_the_drawn_line_is_sent_it_too(texts: Texts) -> None:
    guests = texts.line.drawn(14)
    standbys = [citizen for citizen in guests if citizen.request.seat is None]
    assert standbys
    texts.change("mayor", from_on=MONDAY.isoformat(), **HOUSE)
    for guest in standbys:
        (facts,) = moved(texts, guest)
        assert (facts.time, facts.true_until) == ("", end_of_day(MONDAY))
        assert "ذخیره" in notice_text(facts).text
        (sms,) = sms_sent(texts, guest)
        assert HOUSE["address"] in sms
        application = texts.line.city.application
        page = application.query_as(guest.actor, timeline_page, OneCase(code=guest.code))
        assert [mark.waits[-1].place > 0 for mark in page.marks if mark.state == "now"] == [True]


def test_a_hall_alone_is_named_alone_and_a_long_address_ends_with_a_sign(texts: Texts) -> None:
    (guest,) = texts.line.drawn(1)
    texts.change("mayor", from_on=MONDAY.isoformat())
    address = texts.page().newest.texts.address
    (sms,) = sms_sent(texts, guest)
    assert HALL in sms
    assert address not in sms
    long = "خیابان شریعتی، روبه‌روی بوستان هنر " * 4
    texts.change("mayor", from_on=MONDAY.isoformat(), address=long.strip())
    (*_, sms) = sms_sent(texts, guest)
    assert sms_length(sms) <= SMS_MOST
    assert sms.endswith("…")
    assert long.strip() in notice_text(moved(texts, guest)[-1]).text


def test_texts_that_move_nobody_tell_nobody(texts: Texts) -> None:
    (guest,) = texts.line.drawn(1)
    texts.change(from_on=MONDAY.isoformat(), bring="کارت ملی", hall=texts.page().newest.texts.hall)
    texts.change(from_on=(MONDAY + DAY).isoformat(), **HOUSE)
    assert moved(texts, guest) == []


def test_a_monday_with_a_place_of_its_own_stays_there(texts: Texts) -> None:
    (guest,) = texts.line.drawn(1)
    place = SetDayPlace(monday=MONDAY.isoformat(), place="مسجد امام حسین، خیابان شریعتی")
    texts.run("mayor", set_day_place, place)
    assert len(sms_sent(texts, guest)) == 1
    texts.change(from_on=MONDAY.isoformat(), **HOUSE)
    assert len(sms_sent(texts, guest)) == 1
    texts.run("mayor", set_day_place, SetDayPlace(monday=MONDAY.isoformat()))
    assert HOUSE["address"] in sms_sent(texts, guest)[-1], "a building she has not heard of"


def test_a_draw_whose_file_cannot_be_read_ends_no_page_of_texts(texts: Texts) -> None:
    texts.line.drawn(2)
    texts.propose(from_on=MONDAY.isoformat(), **HOUSE)
    draw = texts.line.draw()
    write(texts.line, "UPDATE draw SET file = 'x' WHERE id = :id", id=draw.id)
    seen = texts.page("second_desk").waiting
    assert seen is not None
    assert seen.moved == (MovedMonday(MONDAY, 2),)
    file = canonical_json(draw.file)
    write(texts.line, "UPDATE draw SET file = :file WHERE id = :id", file=file, id=draw.id)


def test_the_place_of_a_drawn_monday_needs_the_mayor_or_a_deputy(texts: Texts) -> None:
    texts.line.drawn(2)
    version = texts.propose(from_on=MONDAY.isoformat(), **HOUSE)
    seen = texts.page("second_desk")
    assert str(seen.refused) == "text_place_mayor"
    assert seen.waiting is not None
    assert seen.waiting.moved == (MovedMonday(MONDAY, 2),)
    assert why(lambda: texts.decide("second_desk", version)) == "text_place_mayor"
    assert why(lambda: texts.decide("deputy", version)) == "text_place_mayor", "named for no day"
    texts.names_deputy()
    texts.decide("deputy", version)
    by_mayor = texts.propose("mayor", from_on=MONDAY.isoformat(), hall="سالن سوم")
    assert texts.page("desk").refused is None
    texts.decide("desk", by_mayor)


def test_before_the_draw_two_of_the_desk_are_enough(texts: Texts) -> None:
    texts.change(from_on=MONDAY.isoformat(), **HOUSE)
    (guest,) = texts.line.drawn(1)
    assert moved(texts, guest) == []
