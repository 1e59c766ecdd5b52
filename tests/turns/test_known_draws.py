"""The known answers: every formula and whole files, rebuilt from what was put in."""

import pytest
from known_answers import FILES, TICKETS

from publicmeeting.kit import jalali
from publicmeeting.turns import draw_file, formulas
from publicmeeting.turns.pool import Row, Rules
from publicmeeting.turns.verification import verify

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
    assert draw_file.drawn_file(frozen, file["reveals"], file["public_value"]) == file


@every_file
def test_a_known_file_has_no_fault_in_any_of_its_states(file):
    for keys in (draw_file.OPEN_KEYS, draw_file.FROZEN_KEYS, draw_file.DRAWN_KEYS):
        assert verify({key: file[key] for key in keys}) == ()


def test_the_lot_the_pool_and_the_seed_depend_on_every_part():
    whole = ("seed", "line", "ticket")
    lots = {formulas.lot(*whole[:n], "other", *whole[n + 1 :]) for n in range(3)}
    assert len(lots | {formulas.lot(*whole)}) == 4
    seeds = {
        formulas.seed("d", "r", {"city": "1"}, ""),
        formulas.seed("e", "r", {"city": "1"}, ""),
        formulas.seed("d", "s", {"city": "1"}, ""),
        formulas.seed("d", "r", {"city": "2"}, ""),
        formulas.seed("d", "r", {"city": "1", "press": "1"}, ""),
        formulas.seed("d", "r", {"city": "1"}, "1234561234"),
    }
    assert len(seeds) == 6


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
