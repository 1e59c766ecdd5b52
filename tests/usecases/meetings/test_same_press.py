"""Two tablets act on one visitor at one instant: it happens once, the second reads by whom."""

from collections.abc import Callable

import pytest
from support.city import add_official
from support.each import in_one_city
from support.hall import Guest, Hall
from support.line import MONDAY
from support.together import refusal, together

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.lifecycle.actions_text import already_done

pytestmark = pytest.mark.on_postgresql
NAME = "فاطمه رضایی"
TIMES = 3
"""Presses of each of the two officers at one instant."""


@pytest.fixture
def fatemeh(hall: Hall) -> Actor:
    """A second officer of the same reception."""
    add_official(hall.application, "fatemeh", ("reception", 6, None), name=NAME)
    return hall.as_("fatemeh")


def count(guest: Guest, action: Action) -> int:
    return sum(event.action is action for event in guest.request.history)


def press(hall: Hall, guest: Guest, action: Action, **fields: str) -> Callable[[], object]:
    """Return a press; both officers have the same page open."""
    return lambda: hall.act("reception", guest, action, **fields)


def at_once(hall: Hall, guest: Guest, action: Action, other: Actor, **fields: str) -> list[Refusal]:
    """Let two officers press several times each; return the refusals of the later ones."""
    acts = [press(hall, guest, action, **fields)] * TIMES
    acts += [lambda: hall.act(other, guest, action, **fields)] * TIMES
    done, refused = together(*acts)
    assert len(done) == 1
    assert len(refused) == 2 * TIMES - 1
    return refused


def test_a_number_is_called_once_and_the_other_reads_by_whom(hall: Hall, fatemeh: Actor) -> None:
    guest = hall.guests[0]
    refused = at_once(hall, guest, Action.CALL, fatemeh, calls="0")
    assert count(guest, Action.CALL) == 1
    assert {word.key for word in refused} == {"called_already"}
    hall.clock.set(at_tehran(MONDAY, "09:12"))
    hall.act(fatemeh, guest, Action.CALL, calls="1")
    with pytest.raises(Denied) as late:
        hall.act("reception", guest, Action.CALL, calls="1")
    assert already_done(late.value.facts) == f"شمارهٔ ۱ را {NAME} ساعت ۹:۱۲ صدا زد."
    hall.act("reception", guest, Action.CALL, calls="2")
    assert count(guest, Action.CALL) == 3, "who has read of it calls again"


def test_who_pressed_on_two_pages_reads_the_number_and_the_hour_and_no_name(hall: Hall) -> None:
    guest = hall.guests[0]
    refused = at_once(hall, guest, Action.CALL, hall.as_("reception"), calls="0")
    assert {already_done(word.facts) for word in refused} == {
        "شمارهٔ ۱ را ساعت ۹:۰۰ خودتان صدا زدید."
    }
    hall.clock.set(at_tehran(MONDAY, "09:02"))
    hall.arrive(guest)
    with pytest.raises(Denied) as again:
        hall.arrive(guest)
    assert already_done(again.value.facts) == "آمدن شمارهٔ ۱ را ساعت ۹:۰۲ خودتان ثبت کردید."


@pytest.mark.on_postgresql
@in_one_city("calls", ["x", "-1", "99999", "۱"])
def test_a_count_of_calls_that_no_page_shows_is_refused(hall: Hall, calls: str) -> None:
    with pytest.raises(Denied, match="form_broken"):
        hall.act("reception", hall.guests[0], Action.CALL, calls=calls)


def test_a_card_is_matched_once(hall: Hall, fatemeh: Actor) -> None:
    guest = hall.guests[0]
    refused = at_once(hall, guest, Action.ARRIVE, fatemeh, identity=hall.card(guest))
    assert (guest.request.stage, count(guest, Action.ARRIVE)) == (Stage.ARRIVED, 1)
    assert {word.facts["already"] for word in refused} == {Action.ARRIVE.value}


def test_one_goes_in_once_and_nobody_beside_her(hall: Hall, fatemeh: Actor) -> None:
    first, second, _ = hall.guests
    hall.arrive(first)
    hall.arrive(second)
    at_once(hall, first, Action.CALL_IN, fatemeh)
    assert (first.request.stage, count(first, Action.CALL_IN)) == (Stage.IN_ROOM, 1)
    hall.act("mayor", first, Action.SEND_BACK, note="پس از نفر بعدی")
    done, refused = together(
        lambda: hall.act("reception", first, Action.CALL_IN),
        lambda: hall.act("mayor", second, Action.CALL_IN, skip="asked"),
    )
    assert (len(done), [word.key for word in refused]) == (1, ["room_taken"])


def test_an_absence_is_written_once(hall: Hall, fatemeh: Actor) -> None:
    guest = hall.guests[0]
    for seen in ("0", "1"):
        hall.act("reception", guest, Action.CALL, calls=seen)
    hall.clock.set(at_tehran(MONDAY, "09:15"))
    refused = at_once(hall, guest, Action.NO_SHOW, fatemeh)
    assert (guest.request.missed, count(guest, Action.NO_SHOW)) == (1, 1)
    assert {word.facts["already"] for word in refused} == {Action.NO_SHOW.value}


@pytest.mark.parametrize("calls_since", [0, 1])
def test_whom_a_colleague_has_seen_is_not_absent_by_the_calls_before(
    hall: Hall, fatemeh: Actor, calls_since: int
) -> None:
    guest = hall.guests[0]
    for seen in ("0", "1"):
        hall.act("reception", guest, Action.CALL, calls=seen)
    hall.clock.set(at_tehran(MONDAY, "09:15"))
    hall.act(fatemeh, guest, Action.ARRIVE, identity=hall.card(guest))
    for _ in range(calls_since):
        hall.act(fatemeh, guest, Action.CALL)
    assert refusal(press(hall, guest, Action.NO_SHOW)).key == "seen_since"
    assert guest.request.stage is Stage.ARRIVED


def test_seen_and_absent_at_one_instant_is_one_of_both(hall: Hall, fatemeh: Actor) -> None:
    guest = hall.guests[0]
    for seen in ("0", "1"):
        hall.act("reception", guest, Action.CALL, calls=seen)
    hall.clock.set(at_tehran(MONDAY, "09:15"))
    done, refused = together(
        press(hall, guest, Action.NO_SHOW),
        lambda: hall.act(fatemeh, guest, Action.ARRIVE, identity=hall.card(guest)),
    )
    assert (len(done), len(refused)) == (1, 1)
    assert refused[0].key in {"seen_since", "stage_moved", "version_conflict"}
    assert count(guest, Action.NO_SHOW) + count(guest, Action.ARRIVE) == 1


def test_a_meeting_ends_once(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    hall.order(guest)
    done, refused = together(*[lambda: hall.finish(guest)] * 4)
    assert (len(done), len(refused)) == (1, 3)
    assert count(guest, Action.FINISH) == 1
    assert {word.facts["already"] for word in refused} == {Action.FINISH.value}


def test_nobody_else_reads_who_works_at_the_door(hall: Hall, fatemeh: Actor) -> None:
    guest = hall.guests[0]
    hall.arrive(guest)
    hall.act(fatemeh, guest, Action.CALL_IN)
    with pytest.raises(Denied) as late:
        hall.act("mayor", guest, Action.CALL_IN)
    assert late.value.facts["by"] == NAME
    with pytest.raises(Denied) as other:
        hall.act("desk", guest, Action.CALL_IN)
    assert not {"by", "at", "number"} & set(other.value.facts)
