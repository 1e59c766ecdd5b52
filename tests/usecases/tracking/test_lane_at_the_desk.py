"""A citizen without a mobile asks for a lane at a desk, whose officer photographs the document."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from support.callers import PIN, without_mobile
from support.city import City
from support.documents import DESKS, Documents, granted_lane
from support.line import Citizen
from support.together import refusal
from support.walk import WalkedCase

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.notify.outbox import deliver
from publicmeeting.ui.public.rules import lanes_sum
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.pictures import KeepPhoto, OnePhoto, keep_photo, see_photo
from publicmeeting.usecases.tracking.for_caller import (
    CallersCase,
    CallersLane,
    CallersPage,
    ask_lane_for_caller,
    case_of_caller,
    end_call,
)

Walk = Callable[..., WalkedCase]


@dataclass(frozen=True, slots=True)
class Officer:
    city: City
    username: str = "phone"

    def does(self, usecase: Any, command: Any) -> Any:
        return self.city.application.execute_as(self.city.as_(self.username), usecase, command)

    def look_up(self, code: str, digits: str) -> CallersPage:
        found: CallersPage = self.does(case_of_caller, CallersCase(code=code, digits=digits))
        return found


@pytest.fixture
def desk(city: City) -> Officer:
    return Officer(city, "desk")


@pytest.fixture
def her(a_request: Walk) -> WalkedCase:
    """A citizen in the line without a mobile, with the PIN of her receipt."""
    walked = a_request(Stage.WAITING)
    without_mobile(walked)
    return walked


def picture(officer: Officer, number: int = 2, kind: str = PictureKind.CALLER) -> str:
    name = f"{number:064x}"
    made = KeepPhoto(kind=kind, web=name, thumb=name, original=name, width=9, height=9)
    kept: str = officer.does(keep_photo, made).id
    return kept


def asks(officer: Officer, code: str, *photos: str, lane: str = "access") -> CallersPage:
    command = CallersLane(code=code, lane=lane, photos=photos)
    found: CallersPage = officer.does(ask_lane_for_caller, command)
    return found


def why(officer: Officer, code: str, *photos: str, lane: str = "access") -> str:
    return refusal(lambda: asks(officer, code, *photos, lane=lane)).key


def as_citizen(her: WalkedCase) -> Citizen:
    person = Actor(person_id=her.request.person_id, grants=(Grant(Role.CITIZEN),))
    return Citizen(her.line, person, her.code)


@pytest.mark.on_postgresql
def test_her_document_is_judged_by_two_others_and_she_hears_it_when_she_calls(
    city: City, desk: Officer, her: WalkedCase
) -> None:
    page = desk.look_up(her.code, PIN)
    assert page.lane is not None
    assert page.lane.may_ask == (Lane.ACCESS, Lane.URGENT)
    photo = picture(desk)
    page = asks(desk, her.code, photo)
    assert page.lane is not None
    assert (page.lane.may_ask, page.lane.why) == ((), "lane_asked_already")
    documents, citizen = Documents(her.line), as_citizen(her)
    judges = documents.judges(citizen)
    assert len({actor.name for actor in judges} - {"desk"}) == 2
    for judge in judges:
        city.application.query_as(judge, see_photo, OnePhoto(id=photo))
    documents.decide(citizen, "yes", "yes")
    assert granted_lane(citizen) is Lane.ACCESS
    deliver(city.application, city.application.clock())
    news = [call.about.action for call in Officer(city).look_up(her.code, PIN).news]
    assert Action.DECIDE_LANE in news


@pytest.mark.parametrize("username", sorted(DESKS))
def test_whoever_took_the_pictures_judges_and_reads_none(
    city: City, her: WalkedCase, username: str
) -> None:
    """A ticket always meets the same two judges, so one of the desk would be picked."""
    officer = Officer(city, username)
    officer.look_up(her.code, PIN)
    photo = picture(officer)
    asks(officer, her.code, photo)
    documents = Documents(her.line)
    assert username not in {judge.name for judge in documents.judges(as_citizen(her))}
    assert documents.tasks(username) == []
    assert refusal(lambda: officer.does(see_photo, OnePhoto(id=photo))).key == "not_found"


def test_the_officer_is_beside_her_ask_in_her_history(
    city: City, desk: Officer, her: WalkedCase
) -> None:
    desk.look_up(her.code, PIN)
    asks(desk, her.code, picture(desk))
    event = her.request.last(Action.ASK_LANE)
    assert event is not None
    assert (event.role, event.account_id) == (Role.CITIZEN, city.as_("desk").account_id)


def test_what_a_desk_asks_in_others_names_is_counted(
    city: City, desk: Officer, her: WalkedCase
) -> None:
    """By officer for administrators; for the whole city in public, when the week is over."""
    application = city.application
    desk.look_up(her.code, PIN)
    asks(desk, her.code, picture(desk))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (event,) = uow.security.page((SecurityKind.LANE_AT_DESK,), most=9)
        (rate,) = uow.lanes.rates(application.clock() + timedelta(weeks=1))
    assert (event.who, event.what) == ("account:desk", "")
    assert (rate.asked, rate.at_desk) == (1, 1)
    assert "(۱ بار در میز خدمت)" in lanes_sum((rate, replace(rate, lane=Lane.URGENT, at_desk=0)))


def test_nobody_asks_for_her_who_has_not_her_word_in_this_call(
    city: City, desk: Officer, a_request: Walk
) -> None:
    walked = a_request(Stage.WAITING)
    photo, digits = picture(desk), walked.who.mobile[-4:]
    assert why(desk, walked.code, photo) == "not_found"
    assert desk.look_up(walked.code, digits).lane is None
    assert why(desk, walked.code, photo) == "not_found", "four digits stand on every notice"
    without_mobile(walked)
    desk.look_up(walked.code, PIN)
    other = Officer(city, "second_desk")
    assert why(other, walked.code, picture(other, 5)) == "not_found"
    desk.does(end_call, Nothing())
    assert why(desk, walked.code, photo) == "not_found"
    assert walked.request.count(Action.ASK_LANE) == 0


def test_by_telephone_nobody_sees_a_document(city: City, her: WalkedCase) -> None:
    phone = Officer(city)
    page = phone.look_up(her.code, PIN)
    assert page.lane is not None
    assert page.lane.may_ask, "he reads to her where to bring it"
    assert why(phone, her.code, picture(phone)) == "not_your_role"
    assert her.request.count(Action.ASK_LANE) == 0


def test_an_ask_that_lacks_something_leaves_nothing(
    city: City, desk: Officer, her: WalkedCase
) -> None:
    hers, of_another = picture(desk), picture(Officer(city, "second_desk"), 5)
    desk.look_up(her.code, PIN)
    for photos, lane, word in (
        ((), "access", "need_photos"),
        ((hers,), "", "need_lane"),
        ((hers,), "general", "form_broken"),
        ((of_another,), "access", "image_not_yours"),
        (("1", "2", "3", "4"), "access", "photos_too_many"),
    ):
        assert why(desk, her.code, *photos, lane=lane) == word
    assert her.request.count(Action.ASK_LANE) == 0
    asks(desk, her.code, hers)
    assert her.request.count(Action.ASK_LANE) == 1, "what was refused is still there"


def test_who_has_a_seat_is_asked_nothing_of_it(desk: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.INVITED)
    without_mobile(walked)
    assert desk.look_up(walked.code, PIN).lane is None
    assert why(desk, walked.code, picture(desk)) == "stage_moved"


def test_a_desk_whose_only_officer_asks_says_where_it_can_be_asked(
    city: City, desk: Officer, her: WalkedCase
) -> None:
    """The officer who asks for her cannot judge, and only one unit is left."""
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.connection.exec_driver_sql(
            "UPDATE account SET active = false WHERE username IN ('second_desk', 'services')"
        )
    desk.look_up(her.code, PIN)
    assert why(desk, her.code, picture(desk)) == "no_judges_beside_you"
    assert her.request.count(Action.ASK_LANE) == 0
    elsewhere = Officer(city, "desk4")
    elsewhere.look_up(her.code, PIN)
    asks(elsewhere, her.code, picture(elsewhere, 5))
    judges = {judge.name for judge in Documents(her.line).judges(as_citizen(her))}
    assert judges == {"desk", "technical"}
    assert her.request.count(Action.ASK_LANE) == 1


def test_where_no_desk_could_help_none_is_named(city: City, desk: Officer, her: WalkedCase) -> None:
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.connection.exec_driver_sql(
            "UPDATE account SET active = false WHERE username IN ('technical', 'services')"
        )
    desk.look_up(her.code, PIN)
    assert why(desk, her.code, picture(desk)) == "no_judges"
