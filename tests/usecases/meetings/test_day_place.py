"""Another place or a guest for a Monday: only who holds it sets them; seat holders are notified."""

from datetime import timedelta

import pytest
from support.citizens import shows_card
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.together import together

from publicmeeting.domain.errors import Denied, FormError
from publicmeeting.domain.lifecycle.absence import MOVED_WITHIN
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_length
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.day_place import (
    GUEST_MOST,
    PLACE_MOST,
    SETTLES_IN,
    SETTLES_MOST,
    SetDayPlace,
    day_place,
    set_day_place,
)
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.meetings.in_hall.passes import seat_pass
from publicmeeting.usecases.tracking.timeline import timeline_page

MOSQUE, GUEST = "مسجد امام حسین، خیابان شریعتی", "نرگس معدنی، عضو شورای شهر"


def put(hall: Hall, who: str = "mayor", **typed: str) -> int:
    command = SetDayPlace(monday=MONDAY.isoformat(), **typed)
    return int(hall.execute(who, set_day_place, command).notified)


def texts(hall: Hall, at: int) -> list[str]:
    """Return the SMS of every notice of her case about the place."""
    with hall.reading() as uow:
        request = hall.guests[at].request
        return [
            notice_text(about(uow, one, one.at)).sms
            for one in uow.outbox.of_request(request.id, Role.CITIZEN.value)
            if one.action == Action.CHANGE_PLACE.value
        ]


def test_everybody_seated_is_sent_another_place_at_once_and_reads_it_everywhere(
    hall: Hall,
) -> None:
    assert put(hall, place=MOSQUE, guest=GUEST) == len(hall.guests)
    for at, guest in enumerate(hall.guests):
        (sms,) = texts(hall, at)
        assert MOSQUE in sms
        seen = hall.query(guest.actor, seat_pass, OneCase(code=guest.code))
        assert (seen.place.address, seen.place.hall, seen.guest) == (MOSQUE, "", GUEST)
        page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
        assert (page.address, page.day.guest) == (MOSQUE, GUEST)
        assert Action.CHANGE_PLACE in {mark.action for mark in page.marks}
    board = hall.query(Actor(), city_board, Nothing())
    assert (board.apart[6].place, board.apart[6].guest) == (MOSQUE, GUEST)


def test_a_guest_alone_and_the_same_place_again_send_nothing(hall: Hall) -> None:
    assert put(hall, guest=GUEST) == 0
    assert put(hall, place=MOSQUE, guest=GUEST) == len(hall.guests)
    assert put(hall, place=f" {MOSQUE} ") == 0, "the same place, and no guest any more"
    assert len(sent(hall, after=SETTLES_IN)) == len(hall.guests)
    assert put(hall) == len(hall.guests), "back to the district's own hall"
    usual = hall.query("mayor", day_place, ADay(monday=MONDAY.isoformat())).usual
    assert usual in texts(hall, 0)[-1]


def sent(hall: Hall, *, after: timedelta = timedelta(0)) -> list[str]:
    """Return what all phones were sent about the place after this time."""
    hall.clock.now += after
    deliver(hall.application, hall.clock.now)
    with hall.reading() as uow:
        return [
            notice_text(about(uow, one, one.at)).sms
            for guest in hall.guests
            for one in uow.outbox.of_request(guest.request.id, Role.CITIZEN.value)
            if (one.action, one.state) == (Action.CHANGE_PLACE.value, Delivery.SENT)
        ]


def test_ten_changes_in_a_minute_are_one_message_each(hall: Hall) -> None:
    for at in range(9):
        put(hall, place=f"مسجد شمارهٔ {at}، خیابان شریعتی")
        assert sent(hall, after=timedelta(seconds=6)) == []
    assert put(hall, place=MOSQUE) == len(hall.guests)
    assert sent(hall, after=SETTLES_IN - timedelta(seconds=1)) == []
    words = sent(hall, after=timedelta(seconds=1))
    assert len(words) == len(hall.guests)
    assert all(MOSQUE in word for word in words)
    assert len(sent(hall, after=timedelta(hours=1))) == len(hall.guests)


def test_a_place_that_is_the_old_one_again_before_it_was_sent_is_no_message(hall: Hall) -> None:
    put(hall, place=MOSQUE)
    put(hall, place="سالن ورزشی شهید کشوری")
    assert put(hall) == 0
    assert sent(hall, after=timedelta(hours=1)) == []
    put(hall, place=MOSQUE)
    assert len(sent(hall, after=SETTLES_IN)) == len(hall.guests)
    assert put(hall) == len(hall.guests), "who was sent away is called back"
    assert len(sent(hall, after=SETTLES_IN)) == 2 * len(hall.guests)


def test_nobody_is_missed_on_the_way_to_another_building(hall: Hall) -> None:
    """Otherwise a move minutes before her time and two calls there took all her weeks."""
    moved, (_, one, other) = at_tehran(MONDAY, "09:10"), hall.guests
    hall.clock.set(moved)
    put(hall, place=MOSQUE)
    hall.clock.forward(minutes=10)
    hall.arrive(other)
    hall.clock.set(at_tehran(MONDAY, "09:31"))
    for guest in (one, other):
        for _ in range(2):
            hall.act("reception", guest, Action.CALL)
    hall.clock.forward(minutes=10)
    with pytest.raises(Denied, match="place_moved"):
        hall.act("reception", one, Action.NO_SHOW)
    shown = hall.query("reception", monday_list, ADay())
    (line,) = [visitor for visitor in shown.visitors if visitor.code == one.code]
    assert line.absent_from == moved + MOVED_WITHIN
    assert hall.act("reception", other, Action.NO_SHOW).missed == 1, "she was there already"
    hall.clock.set(moved + MOVED_WITHIN)
    assert hall.act("reception", one, Action.NO_SHOW).missed == 1


def test_whoever_changes_it_each_minute_holds_no_message_back_for_ever(hall: Hall) -> None:
    found = []
    for at in range(12):
        put(hall, place=f"مسجد شمارهٔ {at}، خیابان شریعتی")
        found.append(len(sent(hall, after=timedelta(minutes=1))))
    minutes = int(SETTLES_MOST.total_seconds() // 60)
    assert found == [0] * (minutes - 1) + [len(hall.guests)] * (12 - minutes + 1)


@pytest.mark.on_postgresql
def test_two_who_change_it_at_one_instant_send_one_message(hall: Hall) -> None:
    places = [f"مسجد شمارهٔ {at}، خیابان شریعتی" for at in range(4)]
    done, refused = together(*[lambda place=place: put(hall, place=place) for place in places])
    assert (len(done), refused) == (len(places), [])
    assert len(sent(hall, after=SETTLES_IN)) == len(hall.guests)


def test_who_is_in_the_room_is_not_sent_away(hall: Hall) -> None:
    hall.receive(hall.guests[0])
    assert put(hall, place=MOSQUE) == len(hall.guests) - 1
    assert texts(hall, 0) == []


def test_who_is_telephoned_is_sent_nowhere(hall: Hall) -> None:
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    guest = hall.guests[0]
    shows_card(hall.application, guest.request)
    hall.execute(guest.actor, take_step, TakeStep(code=guest.code, action=Action.ASK_CALL))
    assert put(hall, place=MOSQUE) == len(hall.guests) - 1
    assert texts(hall, 0) == []


def test_the_longest_place_fits_in_two_parts(hall: Hall) -> None:
    put(hall, place="م" * PLACE_MOST)
    assert sms_length(texts(hall, 0)[0]) <= SMS_MOST


@in_one_city(
    "typed, field",
    [
        ({"place": "خانه"}, "place"),
        ({"place": "م" * (PLACE_MOST + 1)}, "place"),
        ({"guest": "ن"}, "guest"),
        ({"guest": "ن" * (GUEST_MOST + 1)}, "guest"),
        ({"place": "سالن شهر؛ تأیید نوبت در pay-tehran.ir"}, "place"),
        ({"place": "سالن شهر؛ واریز به ۶۰۳۷ ۹۹۱۸ ۱۲۳۴ ۵۶۷۸"}, "place"),
        ({"guest": "نرگس معدنی، t.me/nobat"}, "guest"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    hall: Hall, typed: dict[str, str], field: str
) -> None:
    with pytest.raises(FormError) as refused:
        put(hall, **typed)
    assert [error.field for error in refused.value.errors] == [field]
    assert texts(hall, 0) == []


@in_one_city("who", ["desk", "reception", "technical", "overseer", "administrator"])
def test_nobody_else_sets_it(hall: Hall, who: str) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        put(hall, who, place=MOSQUE)


def test_a_citizen_and_a_raw_step_do_not_either(hall: Hall) -> None:
    command = SetDayPlace(monday=MONDAY.isoformat(), place=MOSQUE)
    with pytest.raises(Denied, match="not_your_role"):
        hall.execute(hall.guests[0].actor, set_day_place, command)
    raw = TakeStep(code=hall.guests[0].code, action=Action.CHANGE_PLACE)
    with pytest.raises(Denied, match="form_broken"):
        hall.execute("mayor", take_step, raw)


def test_only_the_mayor_and_the_deputy_who_holds_the_day_set_it(hall: Hall) -> None:
    with pytest.raises(Denied, match="not_your_day"):
        put(hall, "deputy", place=MOSQUE)
    account = hall.as_("deputy").account_id
    assert account is not None
    hall.execute("mayor", name_holder, NameHolder(account=account, monday=MONDAY.isoformat()))
    assert put(hall, "deputy", place=MOSQUE) == len(hall.guests)


def test_another_day_or_district_is_not_found_and_a_day_that_is_over_stays(hall: Hall) -> None:
    for day in (ADay(monday="2026-11-29"), ADay(district=7, monday=MONDAY.isoformat())):
        with pytest.raises(Denied, match="not_found"):
            hall.execute("mayor", set_day_place, SetDayPlace(**day.model_dump(), place=MOSQUE))
    hall.clock.set(at_tehran(MONDAY, "13:00"))
    hall.clock.forward(days=1)
    with pytest.raises(Denied, match="too_late"):
        put(hall, place=MOSQUE)
