"""The figures that would show what the city does wrong, counted again from what is public."""

from collections.abc import Callable
from datetime import timedelta

from support.city import City
from support.clock import FixedClock
from support.walk import Story

from publicmeeting.domain.stages import Stage
from publicmeeting.office import Office
from publicmeeting.turns.log import Kind
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.line.expectation import Outlook, expected
from publicmeeting.usecases.public_record.open_risks import Trust, trust


def figures(office: Office) -> Trust:
    return office.look_now(trust, Keys(), Nothing())


def test_a_new_city_has_nothing_to_show(office: Office, city: City) -> None:
    found = figures(office)
    assert (found.mondays, found.weeks, found.arrived, found.off_system) == (0, 0, 0, 0)


def test_a_monday_that_was_held_is_counted_with_its_seats_and_visitors(
    office: Office, clock: FixedClock, a_request: Callable[..., Story]
) -> None:
    a_request(at=Stage.FOLLOW_UP)
    clock.forward(days=1)
    found = figures(office)
    assert found.mondays == len(_days(office))
    assert (found.held, found.arrived, found.missed) == (1, 1, 0)
    assert found.seats == found.usual_seats > 0
    assert (found.weeks, found.witnessed) == (1, 0)


def test_witnesses_are_counted(office: Office, a_request: Callable[..., Story]) -> None:
    a_request(at=Stage.INVITED)
    monday = _revealed(office)
    with office.store.unit_of_work(office.clock()) as uow:
        body: dict[str, object] = {"monday": monday, "party": "council", "value": "0" * 64}
        uow.log.append(Kind.REVEAL, body, office.clock())
    found = figures(office)
    assert (found.weeks, found.witnessed) == (1, 1)


def test_what_happened_lately_stands_beside_what_is_expected(
    office: Office, clock: FixedClock, a_request: Callable[..., Story]
) -> None:
    story = a_request(at=Stage.INVITED)
    assert _outlook(office, story).recent is None
    a_request(at=Stage.FOLLOW_UP)
    clock.forward(days=1)
    lately = _outlook(office, story).recent
    assert lately is not None
    assert (lately.met, lately.half, lately.most) == (1, lately.most, lately.half)
    assert lately.half >= 1


def _outlook(office: Office, story: Story) -> Outlook:
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        return expected(uow, story.request.district, office.city_now())


def _revealed(office: Office) -> str:
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        (shown,) = uow.log.of_kind(Kind.REVEAL, office.clock() - timedelta(weeks=8))
    return str(shown.body["monday"])


def _days(office: Office) -> list[object]:
    today = office.city_now().date()
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        return [day for day in uow.city.mondays() if day.on < today]
