"""At the door the last four digits of the card are enough, and they cannot be guessed."""

import pytest
from support.hall import Guest, Hall

from publicmeeting.domain.errors import Invalid, Refusal
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.usecases.lifecycle.payloads import CARD, LAST_FOUR


def card(hall: Hall, guest: Guest) -> str:
    with hall.reading() as uow:
        return str(uow.people.get(guest.request.person_id).identity)


def arrives(hall: Hall, guest: Guest, typed: str) -> None:
    hall.act("reception", guest, Action.ARRIVE, identity=typed)


def other_digits(hall: Hall, guest: Guest) -> str:
    return f"{(int(card(hall, guest)[-4:]) + 1) % 10_000:04d}"


@pytest.mark.parametrize("shown", ["{last}", " {last} ", "{persian}", "{whole}"])
def test_four_digits_or_all_of_them_receive_her(hall: Hall, shown: str) -> None:
    guest, whole = hall.guests[0], card(hall, hall.guests[0])
    last = whole[-4:]
    arrives(hall, guest, shown.format(last=last, persian=persian(last), whole=whole))
    assert guest.request.stage is Stage.ARRIVED
    arrived = guest.request.last(Action.ARRIVE)
    assert arrived is not None
    assert arrived.payload.get(CARD) == (None if shown == "{whole}" else LAST_FOUR)
    assert last not in str(arrived.payload), "which digits is written nowhere"


@pytest.mark.parametrize("typed", ["123", "12345", "12 3", "abcd", "۱۲۳", "%", "----"])
def test_anything_else_is_no_card(hall: Hall, typed: str) -> None:
    with pytest.raises(Refusal):
        arrives(hall, hall.guests[0], typed)
    assert hall.guests[0].request.stage is Stage.CONFIRMED


def test_the_digits_of_another_card_do_not_fit(hall: Hall) -> None:
    first, second = hall.guests[:2]
    with pytest.raises(Invalid, match="identity_mismatch"):
        arrives(hall, first, card(hall, second)[-4:])


def test_after_five_wrong_ones_only_the_whole_number_fits(hall: Hall) -> None:
    guest = hall.guests[0]
    for _ in range(5):
        with pytest.raises(Invalid, match="identity_mismatch"):
            arrives(hall, guest, other_digits(hall, guest))
    with pytest.raises(Invalid, match="card_whole"):
        arrives(hall, guest, card(hall, guest)[-4:])
    arrives(hall, hall.guests[1], card(hall, hall.guests[1])[-4:])
    arrives(hall, guest, card(hall, guest))
    assert guest.request.stage is Stage.ARRIVED


def test_whoever_comes_late_is_matched_in_the_same_way(hall: Hall) -> None:
    guest = hall.guests[0]
    for _ in range(2):
        hall.act("reception", guest, Action.CALL)
    hall.clock.forward(minutes=15)
    hall.act("reception", guest, Action.NO_SHOW)
    hall.act("reception", guest, Action.COME_LATE, identity=card(hall, guest)[-4:])
    assert guest.request.stage is Stage.ARRIVED
