"""The citizen's inbox, and the list of whom the desk has to telephone."""

import pytest
from support.databases import Templates
from support.line import Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.words import in_words
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.notices import (
    Called,
    InDistrict,
    called,
    calls_to_make,
    my_notices,
    see_notices,
)


@pytest.fixture
def templates(sqlite_templates: Templates) -> Templates:
    return sqlite_templates


def test_she_finds_what_she_was_told_and_nobody_elses(line: Line) -> None:
    mine, other = line.file(2)
    look = line.city.office.look_as
    letters = look(mine.actor, my_notices, Nothing())
    assert [one.about.action for one in letters] == [Action.ACCEPT, Action.SUBMIT]
    assert {one.about.code for one in letters} == {mine.code}
    assert {one.seen for one in letters} == {False}
    assert "منطقهٔ ۶" in in_words(letters[0].about).text
    line.city.office.perform_as(mine.actor, see_notices, Nothing())
    assert {one.seen for one in look(mine.actor, my_notices, Nothing())} == {True}
    assert {one.seen for one in look(other.actor, my_notices, Nothing())} == {False}


def test_the_desk_ticks_off_whom_it_has_told(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    with line.city.office.store.work(line.clock()) as work:
        work.people.reach(citizen.request.person_id, None)
    deliver(line.city.office, line.clock())
    office, desk = line.city.office, line.city.as_("desk")
    (call,) = office.look_as(desk, calls_to_make, InDistrict(district=6))
    assert call.code == citizen.code
    office.perform_as(desk, called, Called(notice=call.id))
    assert office.look_as(desk, calls_to_make, InDistrict(district=6)) == ()
    with pytest.raises(Denied, match="not_found"):
        office.perform_as(desk, called, Called(notice=call.id))


def test_another_districts_desk_sees_and_ticks_off_nothing(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    with line.city.office.store.work(line.clock()) as work:
        work.people.reach(citizen.request.person_id, None)
    deliver(line.city.office, line.clock())
    office = line.city.office
    (call,) = office.look_as(line.city.as_("desk"), calls_to_make, InDistrict(district=6))
    other = line.city.as_("desk4")
    for wish, do in ((InDistrict(district=6), calls_to_make), (Called(notice=call.id), called)):
        with pytest.raises(Denied, match="not_found"):
            office.perform_as(other, do, wish)
    with pytest.raises(Denied, match="not_found"):
        office.perform_as(line.city.as_("desk"), called, Called(notice=10**6))
