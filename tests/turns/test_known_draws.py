"""Known answers: every formula and whole draw files are computed again from their inputs."""

import pytest
from known_answers import FILES, TICKETS

from publicmeeting.kit import jalali
from publicmeeting.kit.hashing import sha
from publicmeeting.turns import draw_file, formulas
from publicmeeting.turns.pool import Row, Rules

every_file = pytest.mark.parametrize("file", FILES.values(), ids=FILES)


@pytest.mark.parametrize("known", TICKETS)
def test_a_ticket_is_the_known_one(known):
    found = formulas.ticket(known["salt"], known["identity"], known["district"])
    assert found == known["ticket"]


@every_file
def test_a_draw_rebuilt_from_its_inputs_is_the_known_file(file):
    opened = draw_file.open_file(
        file["district"],
        jalali.from_iso(file["draw"][4:]),
        Rules.from_body(file["rules"]),
        file["seats"],
        {party: formulas.commitment(party, value) for party, value in file["reveals"].items()},
    )
    frozen = draw_file.frozen_file(opened, [Row.from_body(row) for row in reversed(file["pool"])])
    late = file["late_day"], file["late_value"]
    assert draw_file.drawn_file(frozen, file["reveals"], *late) == file


def test_the_lot_the_pool_and_the_seed_depend_on_every_part():
    whole = ("seed", "line", "ticket")
    lots = {formulas.lot(*whole[:n], "other", *whole[n + 1 :]) for n in range(3)}
    assert len(lots | {formulas.lot(*whole)}) == 4
    city, both = {"city": "1"}, {"city": "1", "press": "1"}
    whole = ("d", "r", city, city, "1405-09-11", "2185979")
    others = ("e", "s", both, both, "1405-09-14", "none")
    seeds = {formulas.seed(*whole[:n], others[n], *whole[n + 1 :]) for n in range(6)}
    seeds |= {
        formulas.seed(*whole),
        formulas.seed("d", "r", {"city": "2"}, *whole[3:]),
        formulas.seed("d", "r", city, {"city": "2"}, *whole[4:]),
    }
    assert len(seeds) == 9


def test_the_seed_is_that_of_the_published_vector():
    seed = formulas.seed(
        "d06-1405-09-16",
        "0" * 64,
        {"city": "a" * 64, "council": "b" * 64},
        {"city": "c" * 64},
        "1405-09-11",
        "2185979",
    )
    assert seed.startswith("c69af876b2e2e21048669c64")


def test_the_words_of_a_seed_are_sorted_by_their_bytes():
    """`a-b:` comes before `a:`, although `a` comes before `a-b`."""
    words = {"city": "0", "a": "1", "a-b": "2"}
    again = {party: words[party] for party in reversed(words)}
    late = ("1405-09-11", "none")
    expected = sha(
        "publicmeeting/seed/v2", "d", "r", "3", "a-b:2", "a:1", "city:0", "1", "city:0", *late
    )
    assert formulas.seed("d", "r", words, {"city": "0"}, *late) == expected
    assert formulas.seed("d", "r", again, {"city": "0"}, *late) == expected


@pytest.mark.parametrize("identity", ["", "۰۴۹۹۳۷۰۸۹۹", "0499370899\n", "049 9370899"])
def test_a_ticket_is_refused_for_an_identity_nobody_could_retype(identity):
    with pytest.raises(ValueError):
        formulas.ticket("0" * 64, identity, 6)


@pytest.mark.parametrize("salt", ["", "0" * 63, "A" * 64, "g" * 64])
def test_a_ticket_is_refused_for_a_salt_out_of_form(salt):
    with pytest.raises(ValueError):
        formulas.ticket(salt, "0499370899", 6)


@pytest.mark.parametrize("party", ["", "City", "a:b", "1st", "شهر", "a\nb"])
def test_a_commitment_is_refused_for_a_party_that_could_be_misread(party):
    with pytest.raises(ValueError):
        formulas.commitment(party, "00")


def test_a_commitment_is_refused_for_a_value_of_two_lines():
    with pytest.raises(ValueError):
        formulas.commitment("city", "a\nb")
