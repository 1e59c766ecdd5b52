"""The published risks and their figures, counted again from what is public."""

from collections.abc import Callable
from datetime import timedelta

from support.city import City
from support.clock import FixedClock
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.stages import Stage
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.expectation import Outlook, expected
from publicmeeting.usecases.public_record.open_risks import OpenRisks, open_risks


def figures(application: Application) -> OpenRisks:
    return application.query_now(open_risks, Keys(), Nothing())


def test_a_new_city_has_nothing_to_show(application: Application, city: City) -> None:
    found = figures(application)
    assert (found.mondays, found.weeks, found.arrived, found.off_system) == (0, 0, 0, 0)


def test_a_monday_that_was_held_is_counted_with_its_seats_and_visitors(
    application: Application, clock: FixedClock, a_request: Callable[..., WalkedCase]
) -> None:
    a_request(at=Stage.FOLLOW_UP)
    clock.forward(days=1)
    found = figures(application)
    assert found.mondays == len(_days(application))
    assert (found.held, found.arrived, found.log.missed) == (1, 1, 0)
    assert found.seats == found.usual_seats > 0
    assert (found.weeks, found.witnessed) == (1, 0)


def test_a_log_that_ends_a_silence_nobody_asked_for_hides_no_other_figure(
    application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    """Every auditor names such an entry, but the page of figures must still work."""
    for walked in (a_request(), a_request(at=Stage.WITHDRAWN)):
        with application.store.unit_of_work(application.clock()) as uow:
            body: dict[str, object] = {
                "ticket": walked.request.ticket,
                "why": "lapsed",
                "officer": "",
            }
            uow.log.append(Kind.TAKEN_OUT, body, application.clock())
    assert figures(application).mondays == 0


def test_witnesses_are_counted(
    application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    a_request(at=Stage.INVITED)
    monday = _revealed(application)
    with application.store.unit_of_work(application.clock()) as uow:
        body: dict[str, object] = {"monday": monday, "party": "council", "value": "0" * 64}
        uow.log.append(Kind.REVEAL, body, application.clock())
    found = figures(application)
    assert (found.weeks, found.witnessed) == (1, 1)


def test_what_happened_lately_stands_beside_what_is_expected(
    application: Application, clock: FixedClock, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.INVITED)
    assert _outlook(application, walked).recent is None
    a_request(at=Stage.FOLLOW_UP)
    clock.forward(days=1)
    lately = _outlook(application, walked).recent
    assert lately is not None
    assert (lately.met, lately.half, lately.most) == (1, lately.most, lately.half)
    assert lately.half >= 1


def _outlook(application: Application, walked: WalkedCase) -> Outlook:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return expected(uow, walked.request.district, application.city_now())


def _revealed(application: Application) -> str:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (shown,) = uow.log.of_kind(Kind.REVEAL, application.clock() - timedelta(weeks=8))
    return str(shown.body["monday"])


def _days(application: Application) -> list[object]:
    today = application.city_now().date()
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return [day for day in uow.city.mondays() if day.on < today]
