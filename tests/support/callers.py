"""Notices for citizens without a mobile, who call or come to a desk with their receipt's PIN."""

from publicmeeting.application import Application
from publicmeeting.domain.roles import Actor
from publicmeeting.usecases.screening.calls import OneCall
from publicmeeting.usecases.tracking.for_caller import CallersCase, case_of_caller, mark_heard
from support.walk import WalkedCase

PIN = "482137"


def hears(application: Application, officer: Actor, notice: int) -> None:
    """Let an officer open a caller's case with her PIN and mark the notice as read to her."""
    with application.store.unit_of_work(application.clock()) as uow:
        request = uow.requests.by_id(uow.outbox.get(notice).request_id)
        uow.people.set_pin(request.person_id, PIN)
    look_up = CallersCase(code=request.code, digits=PIN)
    application.execute_as(officer, case_of_caller, look_up)
    application.execute_as(officer, mark_heard, OneCall(notice=notice))


def without_mobile(walked: WalkedCase) -> None:
    application = walked.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_mobile(walked.request.person_id, None)
        uow.people.set_pin(walked.request.person_id, PIN)
