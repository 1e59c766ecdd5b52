"""What the figures of the simulation must be, whatever the luck."""

import pytest

from publicmeeting.turns.simulation import DISTRICTS, Rule, Waits, simulate

SCARCE = {"weeks": 20, "demand": 7, "seats": 6}
FOUND = {rule: simulate(rule, "azar", **SCARCE) for rule in Rule}


def test_every_rule_meets_the_same_requests_and_gives_the_same_number_of_seats():
    assert len({len(one.weeks) for one in FOUND.values()}) == 1
    assert len({one.seats for one in FOUND.values()}) == 1
    assert len({one.still for one in FOUND.values()}) == 1
    for one in FOUND.values():
        assert len(one.weeks) == one.seats + one.still


def test_no_rule_makes_waiting_shorter_on_the_whole_only_the_line_makes_it_alike():
    assert len({sum(one.weeks) for one in FOUND.values()}) == 1
    worst = {rule: one.within(100) for rule, one in FOUND.items()}
    most = {rule: one.within(99) for rule, one in FOUND.items()}
    for figures in (worst, most):
        assert figures[Rule.LINE] < figures[Rule.LOTTERY] < figures[Rule.FCFS]


def test_a_broker_can_sell_only_where_the_first_click_counts():
    assert FOUND[Rule.FCFS].sold > 0
    assert 0 < FOUND[Rule.FCFS].sold_percent <= 100
    assert FOUND[Rule.LOTTERY].sold == FOUND[Rule.LINE].sold == 0


@pytest.mark.parametrize("rule", Rule)
def test_the_same_seed_gives_the_same_figures_and_another_seed_others(rule):
    assert simulate(rule, "azar", **SCARCE) == FOUND[rule]
    assert simulate(rule, "dey", **SCARCE) != FOUND[rule]


@pytest.mark.parametrize("rule", Rule)
def test_with_seats_for_all_nobody_waits_and_nothing_is_sold(rule):
    plenty = simulate(rule, "azar", weeks=5, demand=4, seats=8)
    assert set(plenty.weeks) == {0}
    assert (plenty.still, plenty.sold) == (0, 0)


@pytest.mark.parametrize("rule", Rule)
def test_without_seats_everybody_waits(rule):
    none = simulate(rule, "azar", weeks=3, demand=4, seats=0)
    assert (none.seats, none.sold_percent) == (0, 0)
    assert none.still == len(none.weeks) > DISTRICTS
    assert none.within(100) == 3


@pytest.mark.parametrize("empty", [{"weeks": 0}, {"demand": 0}])
def test_without_requests_there_is_nothing_to_tell(empty):
    found = simulate(Rule.LINE, "azar", **{**SCARCE, **empty})
    assert (found.weeks, found.within(50), found.sold_percent) == ((), 0, 0)


@pytest.mark.parametrize(("percent", "weeks"), [(1, 0), (50, 1), (51, 2), (75, 2), (100, 9)])
def test_the_weeks_within_which_so_many_had_a_seat_are_by_nearest_rank(percent, weeks):
    found = Waits(Rule.LINE, (0, 1, 2, 9), still=0, sold=0, seats=4)
    assert found.within(percent) == weeks
