"""Properties of the draw rule, for any pool, seats and random value."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pools import a_row, any_pool, any_rules, any_seats, any_seed, rules
from support.each import for_each

from publicmeeting.kit.hashing import sha
from publicmeeting.turns.rule import assign_seats

SEED = sha("some seed")


@given(any_pool, any_seats, any_rules, any_seed, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_come_changes_nothing(pool, seats, some_rules, seed, rng):
    shuffled = list(pool)
    rng.shuffle(shuffled)
    assert assign_seats(shuffled, seats, some_rules, seed) == assign_seats(
        pool, seats, some_rules, seed
    )


@given(any_pool, any_seats, any_rules, any_seed)
def test_nobody_comes_before_one_who_waited_longer_but_by_debt_or_lane(
    pool, seats, some_rules, seed
):
    waited = {row.ticket: row.waited for row in pool}
    outcome = assign_seats(pool, seats, some_rules, seed)
    in_line = [seat.ticket for seat in outcome.seated if seat.why == "line"]
    weeks = [waited[ticket] for ticket in (*in_line, *outcome.standby)]
    assert weeks == sorted(weeks, reverse=True)


@given(any_pool, any_seats, any_rules, any_seed)
def test_a_lane_never_gives_more_than_its_quota_nor_to_others(pool, seats, some_rules, seed):
    lane = {row.ticket: row.lane for row in pool}
    outcome = assign_seats(pool, seats, some_rules, seed)
    seats_by = Counter(seat.why for seat in outcome.seated)
    for name, quota in some_rules.lanes.items():
        assert seats_by[f"lane:{name}"] <= quota
    for seat in outcome.seated:
        assert seat.why in {"debt", "line", f"lane:{lane[seat.ticket]}"}


@given(any_pool, any_seats, any_rules, any_seed)
def test_every_seat_is_used_while_somebody_waits(pool, seats, some_rules, seed):
    outcome = assign_seats(pool, seats, some_rules, seed)
    times = [seat.time for seat in outcome.seated]
    assert len(times) == min(len(seats), len(pool))
    assert len(set(times)) == len(times)
    assert set(times) <= set(seats)
    tickets = [*(seat.ticket for seat in outcome.seated), *outcome.standby]
    assert sorted(tickets) == sorted(row.ticket for row in pool)


@given(any_pool, any_seats, any_rules, any_seed)
def test_a_debt_goes_unpaid_only_when_every_seat_pays_a_debt(pool, seats, some_rules, seed):
    debts = sum(row.debt for row in pool)
    by_debt = [
        seat for seat in assign_seats(pool, seats, some_rules, seed).seated if seat.why == "debt"
    ]
    assert len(by_debt) == min(debts, len(seats))


@given(any_pool, any_seats, any_rules, any_seed)
def test_a_preference_moves_nobody_in_or_out(pool, seats, some_rules, seed):
    def order(rows):
        outcome = assign_seats(rows, seats, some_rules, seed)
        return [(seat.ticket, seat.why) for seat in outcome.seated], outcome.standby

    without = [a_row_like(row, prefers="any") for row in pool]
    assert order(without) == order(pool)


def a_row_like(row, **other):
    return type(row)(**{**row.body, **other})


@given(any_pool, any_seats, any_rules, any_seed)
def test_one_more_week_never_costs_a_seat_in_the_line(pool, seats, some_rules, seed):
    before = assign_seats(pool, seats, some_rules, seed)
    for row in pool[:3]:
        patient = [a_row_like(r, waited=r.waited + (r == row)) for r in pool]
        after = assign_seats(patient, seats, some_rules, seed)
        if row.ticket not in before.standby:
            assert row.ticket not in after.standby


def test_people_of_one_week_are_seated_equally_often_whatever_they_prefer():
    pool = [a_row(n, prefers=("any", "early")[n % 2]) for n in range(10)]
    seats = ["09:00", "09:15", "11:00", "11:15", "11:30"]
    wins = Counter()
    for n in range(400):
        wins.update(s.ticket for s in assign_seats(pool, seats, rules(), sha("s", str(n))).seated)
    assert all(150 < wins[row.ticket] < 250 for row in pool)


def test_a_lane_the_rules_do_not_name_is_the_general_line():
    pool = [a_row(1, lane="vip"), a_row(2, waited=1)]
    (seat,) = assign_seats(pool, ["09:00"], rules(), SEED).seated
    assert (seat.ticket, seat.why) == (pool[1].ticket, "line")


def test_each_takes_the_earliest_free_seat_of_her_window_else_the_earliest_free_seat():
    pool = [
        a_row(1, waited=4, prefers="late"),
        a_row(2, waited=3, prefers="late"),
        a_row(3, waited=2, prefers="noon"),
        a_row(4, waited=1, prefers="never"),
    ]
    seats = ["09:00", "10:45", "11:00", "11:15"]
    times = [seat.time for seat in assign_seats(pool, seats, rules(), SEED).seated]
    assert times == ["11:00", "11:15", "09:00", "10:45"]


@pytest.mark.parametrize("seats", [["09:15", "09:00"], ["09:00", "09:00"]])
def test_seats_that_do_not_ascend_are_refused(seats):
    with pytest.raises(ValueError):
        assign_seats([a_row(1)], seats, rules(), SEED)


def test_a_ticket_that_is_in_the_pool_twice_is_refused():
    with pytest.raises(ValueError):
        assign_seats([a_row(1), a_row(1, waited=3)], ["09:00"], rules(), SEED)


@for_each(
    [
        {"ticket": "A" * 64},
        {"lane": "general|9"},
        {"lane": ""},
        {"waited": -1},
        {"waited": True},
        {"waited": 1.0},
        {"waited": 2**53},
        {"debt": 2},
        {"prefers": "early\n"},
    ]
)
def test_a_row_whose_text_could_be_misread_is_refused(wrong):
    with pytest.raises(ValueError):
        a_row_like(a_row(1), **wrong)
