"""Two judges are different people, whatever one administrator does with their accounts."""

from datetime import timedelta

import pytest
from support.documents import DESKS, UNITS, granted_lane
from support.officials import comes_in_as, is_long_there, role_ends, role_is_back

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.errors import Denied

DAY = timedelta(days=1)


def cannot_answer(documents, asked):
    ask_id = documents.ask_id(asked)
    for judge in documents.judges(asked):
        assert documents.tasks(judge.name) == []
        with pytest.raises(Denied, match="not_found"):
            documents.judge(judge, ask_id, "yes")


def asked_of_a_desk_and_a_unit(line, documents):
    """Return an ask whose judges are of a desk and of a unit, beside two other officers."""
    while True:
        (citizen,) = line.file(1, accepted=False)
        documents.ask(citizen)
        if DESKS & {judge.name for judge in documents.judges(citizen)}:
            return citizen


def test_nobody_answers_as_both_judges_by_their_links(line, documents):
    """One administrator makes both links in the minute after the two were picked."""
    is_long_there(line)
    asked = asked_of_a_desk_and_a_unit(line, documents)
    picked = documents.judges(asked)
    for judge in picked:
        comes_in_as(line, judge.account_id)
    line.clock.forward(minutes=2)
    line.worker.tick()
    assert documents.judges(asked) == picked
    cannot_answer(documents, asked)
    with line.reading() as uow:
        due_at = uow.lanes.newest(asked.request)[1]
    line.until(due_at.date() + DAY, "12:00")
    assert not {one.name for one in picked} & {one.name for one in documents.judges(asked)}
    documents.decide(asked, "yes", "yes")
    assert granted_lane(asked) is Lane.ACCESS


def test_nor_by_the_links_of_a_whole_district_made_the_night_before(line, documents):
    """When the answer is late, they answer themselves: by then they have noticed."""
    is_long_there(line)
    for name in DESKS | UNITS:
        comes_in_as(line, line.city.as_(name).account_id)
    line.clock.forward(minutes=30)
    (citizen,) = line.file(1, accepted=False)
    documents.ask(citizen)
    picked = documents.judges(citizen)
    cannot_answer(documents, citizen)
    with line.reading() as uow:
        due_at = uow.lanes.newest(citizen.request)[1]
    line.until(due_at.date() + DAY, "12:00")
    assert documents.judges(citizen) == picked
    documents.decide(citizen, "yes", "yes")
    assert granted_lane(citizen) is Lane.ACCESS


@pytest.mark.on_postgresql
def test_nobody_is_picked_late_who_came_in_by_a_link_as_well(line, documents):
    """The clock would pick her, lose her at once, and pick the one before her again."""
    is_long_there(line)
    asked = asked_of_a_desk_and_a_unit(line, documents)
    for name in DESKS:
        comes_in_as(line, line.city.as_(name).account_id)
    with line.reading() as uow:
        due_at = uow.lanes.newest(asked.request)[1]
    line.until(due_at.date() + DAY, "12:00")
    assert not DESKS & {judge.name for judge in documents.judges(asked)}
    documents.decide(asked, "yes", "yes")
    assert granted_lane(asked) is Lane.ACCESS


@pytest.mark.on_postgresql
def test_whose_role_is_taken_and_given_back_is_no_new_judge(line, asked):
    """Otherwise an administrator could do so to all others until only two friends are left."""
    is_long_there(line)
    honest = {line.city.as_(name).account_id for name in DESKS | UNITS}
    friends = {line.city.as_(name).account_id for name in ("desk", "technical")}
    for account in honest - friends:
        role_ends(line, account)
        role_is_back(line, account)
    for days in (0, 6, 1, 1, 3, 3):
        line.clock.set(line.clock.now + days * DAY)
        with line.reading() as uow:
            assert {officer.account_id for officer in uow.lanes.officers(asked.request)} == honest
