"""What a log leaves out: an offer that was not made, a free seat that nobody got."""

from itertools import count

import pytest
from agreement import names_alike
from small_city import City


class Unasked(City):
    """A city in which one district's clock offers seats to nobody."""

    def offer_round(self):
        mine = [draw for draw in self.live if draw.id.startswith("d06")]
        self.live = [draw for draw in self.live if draw not in mine]
        super().offer_round()
        self.live = [*mine, *self.live]


class Deaf(City):
    """A city in which one district's clock offers no seat to those who want one."""

    def next_of(self, draw):
        person = super().next_of(draw)
        is_heard = person is None or person.ticket not in draw.wants
        return person if is_heard or not draw.id.startswith("d06") else None

    def take_free(self):
        """Nobody takes a seat over the heads of those who want one."""


class Empty(City):
    """A city in which one district leaves free seats empty although somebody is in the hall."""

    def stand_in(self, draw, time, cause, due):
        if not draw.id.startswith("d06"):
            super().stand_in(draw, time, cause, due)


@pytest.mark.parametrize(("kind", "fewest"), [(Unasked, 0), (Deaf, 0), (Empty, 14)])
def test_a_free_seat_that_passes_somebody_over_is_named_by_all(scripts, kind, fewest):
    """In the cities of smaller seeds nobody is passed over."""
    for seed in count(fewest):
        assert seed < fewest + 30
        entries = kind(seed).run().decoded()
        first = names_alike(scripts, entries)
        assert {code for code, _ in first} <= {"not_offered"}
        if first:
            ((_, seq),) = first
            assert entries[int(seq) - 1]["kind"] in {"stood_in", "monday_ended"}
            return
