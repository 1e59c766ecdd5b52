"""Reception finds a visitor in the day's list by her document, however long the list is."""

import pytest
from support.each import in_one_city
from support.hall import GUESTS, LEFT_OUT, Guest, Hall
from support.line import DISTRICT, MONDAY
from support.plans import statements_sent

from publicmeeting.kit.digits import persian
from publicmeeting.usecases.meetings.in_hall.passes import CardNumber, find_by_card


def everybody(hall: Hall) -> list[Guest]:
    """Return the holders of seats by time, and then the standby."""
    with hall.reading() as uow:
        held = uow.seats.held(DISTRICT, MONDAY)
        waiting = uow.draws.waiting(DISTRICT, MONDAY)
        draw = uow.draws.get(DISTRICT, MONDAY)
        ids = [held[time] for time in sorted(held)]
        ids += [waiting[ticket] for ticket in draw.file["standby"] if ticket in waiting]
        return [hall.guest_of(uow.requests.by_id(id_)) for id_ in ids]


def find(hall: Hall, identity: str) -> str:
    return str(hall.execute("reception", find_by_card, CardNumber(identity=identity)))


@pytest.mark.on_postgresql
def test_the_last_of_the_list_costs_no_more_than_the_first(hall: Hall) -> None:
    guests = everybody(hall)
    assert len(guests) == GUESTS + LEFT_OUT
    cards = [hall.card(one) for one in guests]
    for number in (cards[0], cards[-1]):
        find(hall, number)  # fills the caches, and is recorded for her
    with hall.reading() as uow:
        last = uow.requests.find(guests[-1].code)
        assert [role for role, *_ in uow.requests.openings(last)] == ["reception"]
    costs = []
    for guest, number in ((guests[0], cards[0]), (guests[-1], cards[-1])):
        with statements_sent(hall.application.store) as asked:
            assert find(hall, persian(number)) == guest.code
        costs.append(len(asked))
    assert costs[0] == costs[1]


@in_one_city("typed", ["", "0", "1111111111", "0499370899", "x" * 500, "%"])
def test_nobody_else_is_found(hall: Hall, typed: str) -> None:
    assert find(hall, typed) == ""
