"""How long the PIN on the receipt of a citizen without a mobile is valid."""

from collections.abc import Callable

import pytest
from support.city import City
from support.walk import WalkedCase

from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.stages import Stage
from publicmeeting.notify.outbox import deliver
from publicmeeting.usecases.identity import Proof, prove_identity
from publicmeeting.usecases.tracking.for_caller import CallersCase, CallersPage, case_of_caller

PIN, SON = "604938", "+989350000077"
Walk = Callable[..., WalkedCase]


def with_a_pin(walked: WalkedCase) -> WalkedCase:
    application = walked.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_mobile(walked.request.person_id, None)
        uow.people.set_pin(walked.request.person_id, PIN)
    return walked


def look_up(city: City, code: str, digits: str) -> CallersPage:
    command = CallersCase(code=code, digits=digits)
    return city.application.execute_as(city.as_("phone"), case_of_caller, command)


@pytest.mark.on_postgresql
def test_it_stays_hers_where_a_sign_on_gives_her_a_mobile(city: City, a_request: Walk) -> None:
    """Her son signs in for her once, and nobody tells her that her receipt would be void."""
    walked, application = with_a_pin(a_request(Stage.NEEDS_INFO)), city.application
    deliver(application, application.clock())
    assert look_up(city, walked.code, PIN).is_proved
    proof = Proof(
        IdentityKind.NATIONAL, walked.who.identity, Level.VERIFIED, "sso:my", "نام کارت", SON
    )
    with application.store.unit_of_work(application.clock()) as uow:
        assert prove_identity(uow, proof).person.mobile == SON
    page = look_up(city, walked.code, PIN)
    assert (page.refused, page.is_proved) == ("", True)
    assert look_up(city, walked.code, SON[-4:]).refused == ""
    deliver(application, application.clock())
    with application.store.unit_of_work(application.clock()) as uow:
        notices = uow.outbox.of_request(walked.request.id, "citizen")
    states = {notice.action: notice.state for notice in notices}
    assert states["ask_info"] == "sent", "what she is asked goes to the mobile she has now"
    assert "to_call" not in states.values()


def test_it_is_void_once_she_has_another_mobile(city: City, a_request: Walk) -> None:
    walked = with_a_pin(a_request())
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.people.set_mobile(walked.request.person_id, "+989350000078")
    assert look_up(city, walked.code, PIN).refused == "tracking_unknown"
