"""Figures of the simulation that hold for every seed."""

from itertools import pairwise

import pytest
from support.each import for_each

from publicmeeting.turns.simulation import (
    DISTRICTS,
    MISSED_MOST,
    Broker,
    Persons,
    Rule,
    Size,
    Waits,
    Within,
    simulate,
)

SCARCE, WEEKS = Size(demand=7, seats=6), (10, 20)
FOUND = {rule: simulate(rule, "azar", SCARCE, WEEKS)[-1] for rule in Rule}


def after(weeks, rule=Rule.LINE, *, demand=7, seats=6, broker=None, seed="azar"):
    (found,) = simulate(rule, seed, Size(demand, seats), (weeks,), broker)
    return found


def test_every_rule_meets_the_same_requests_and_gives_the_same_number_of_seats():
    assert len({one.requests for one in FOUND.values()}) == 1
    assert len({one.seats for one in FOUND.values()}) == 1
    assert len({len(one.waiting) for one in FOUND.values()}) == 1
    for waits in FOUND.values():
        assert len(waits.served) == waits.seats


def test_no_rule_makes_waiting_shorter_on_the_whole_only_the_line_makes_it_alike():
    assert len({sum(waits.served) + sum(waits.waiting) for waits in FOUND.values()}) == 1
    for percent in (99, 100):
        weeks = {rule: waits.within(percent).weeks for rule, waits in FOUND.items()}
        assert weeks[Rule.LINE] < weeks[Rule.LOTTERY] < weeks[Rule.FCFS]


@pytest.mark.parametrize("rule", Rule)
def test_whoever_still_waits_is_counted_with_the_weeks_so_far(rule):
    found = FOUND[rule]
    assert found.waiting
    assert found.requests == len(found.served) + len(found.waiting)
    forgotten = Waits(rule, 20, found.served, (), found.seats, 0, 0)
    assert forgotten.within(99).weeks <= found.within(99).weeks
    assert found.within(100).is_least
    assert found.within(100).weeks >= found.longest_so_far
    assert not forgotten.within(100).is_least


@pytest.mark.parametrize("rule", Rule)
def test_more_requests_or_fewer_seats_leave_more_people_waiting_and_longer(rule):
    for sizes in (
        [{"demand": demand} for demand in (4, 5, 6, 7, 9)],
        [{"seats": seats} for seats in (9, 8, 7, 6, 5)],
    ):
        found = [after(12, rule, **size) for size in sizes]
        for less, more in pairwise(found):
            assert len(less.waiting) <= len(more.waiting)
            assert sum(less.served + less.waiting) <= sum(more.served + more.waiting)


def test_above_the_seats_the_line_grows_by_what_is_too_much_and_only_there_it_is_said():
    for weeks in (20, 40):
        found = after(weeks, demand=9, seats=6)
        assert len(found.waiting) > 0.8 * DISTRICTS * 3 * weeks
    assert [Size(demand, 6).grows for demand in (5, 6, 7)] == [False, False, True]


def test_only_where_the_first_click_counts_it_can_be_sold():
    assert 0 < FOUND[Rule.FCFS].by_speed_percent <= 100
    assert FOUND[Rule.LOTTERY].by_speed == FOUND[Rule.LINE].by_speed == 0


@pytest.mark.parametrize("rule", Rule)
def test_persons_of_a_broker_hold_seats_under_every_rule_the_more_the_more_he_sends(rule):
    held = [
        after(12, rule, broker=Broker(Persons.HIRED, weekly)).held_percent for weekly in (0, 1, 3)
    ]
    assert held[0] == 0
    assert held[0] < held[1] < held[2]


@pytest.mark.parametrize("persons", Persons)
@pytest.mark.parametrize("rule", Rule)
def test_citizens_wait_longer_beside_a_broker_and_none_of_his_persons_is_among_them(rule, persons):
    found = after(20, rule, broker=Broker(persons, 3))
    assert found.requests == FOUND[rule].requests
    assert found.seats == found.held + len(found.served)
    assert len(found.waiting) > len(FOUND[rule].waiting)
    assert sum(found.served + found.waiting) > sum(FOUND[rule].served + FOUND[rule].waiting)


def test_in_the_line_hired_persons_hold_what_their_heads_are_of_all_heads():
    found = after(60, demand=9, seats=6, broker=Broker(Persons.HIRED, 3))
    assert abs(found.held_percent - 25) <= 3


@pytest.mark.parametrize("rule", Rule)
def test_a_person_on_paper_holds_at_most_two_seats_a_hired_one_at_most_one(rule):
    """With enough seats, everybody is seated each week until she is out of the line."""
    sent = 2 * 10 * DISTRICTS
    hired = after(10, rule, demand=1, seats=9, broker=Broker(Persons.HIRED, 2))
    assert hired.held == sent
    paper = after(10, rule, demand=1, seats=9, broker=Broker(Persons.PAPER, 2))
    assert paper.held == MISSED_MOST * sent - 2 * DISTRICTS


@pytest.mark.parametrize("rule", Rule)
def test_with_seats_for_all_nobody_waits_and_no_speed_is_sold(rule):
    plenty = after(5, rule, demand=4, seats=8)
    assert set(plenty.served) == {0}
    assert (plenty.waiting, plenty.by_speed) == ((), 0)
    assert plenty.within(100) == Within(0, is_least=False)


@pytest.mark.parametrize("rule", Rule)
def test_without_seats_everybody_waits(rule):
    none = after(3, rule, demand=4, seats=0, broker=Broker(Persons.HIRED, 2))
    assert (none.seats, none.served, none.held_percent, none.by_speed_percent) == (0, (), 0, 0)
    assert none.requests == len(none.waiting) > DISTRICTS
    assert none.within(1).is_least
    assert none.within(100) == Within(3, is_least=True)


@pytest.mark.parametrize("empty", [{"weeks": 0}, {"weeks": 5, "demand": 0}])
def test_without_requests_there_is_nothing_to_tell(empty):
    found = after(**empty)
    assert (found.requests, found.longest_so_far) == (0, 0)
    assert found.within(50) == Within(0, is_least=False)


@for_each(
    [
        ((0, 1, 2), (2, 9), 20, Within(0, is_least=False)),
        ((0, 1, 2), (2, 9), 60, Within(2, is_least=False)),
        ((0, 1, 2), (2, 9), 61, Within(2, is_least=True)),
        ((0, 1, 2), (2, 9), 100, Within(9, is_least=True)),
        ((1, 1, 2), (0, 9), 20, Within(0, is_least=True)),
        ((1, 1, 2), (0, 9), 40, Within(1, is_least=False)),
        ((1, 1, 2), (), 100, Within(2, is_least=False)),
    ]
)
def test_a_figure_is_exact_only_if_nobody_who_waits_could_change_it(
    served, waiting, percent, expected
):
    found = Waits(Rule.LINE, 9, served, waiting, seats=3, held=0, by_speed=0)
    assert found.within(percent) == expected
