"""Questions to the national service about mobiles, outside every transaction and other work."""

import logging

from publicmeeting.kit.http_call import why
from publicmeeting.notify.phone import NotSentError, UnansweredError
from publicmeeting.usecases.accounts.person.matching import claim_matches, write_answer
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.worker.parts import Parts

_log = logging.getLogger(__name__)


def match(application: Parts) -> int:
    """Ask about persons who wait for it; return how many were answered.

    Does nothing without a service, and while its circuit is open.
    """
    matcher = application.matcher
    if matcher is None or matcher.is_refusing:
        return 0
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        if not uow.people.matches_due():
            return 0
    with application.store.unit_of_work(application.clock()) as uow:
        asked = claim_matches(uow, matcher.a_day)
    answered = 0
    for person in asked:
        try:
            is_owner: bool | None = matcher.is_owner(person.identity, person.mobile or "")
        except (NotSentError, UnansweredError, ValueError) as failure:
            _log.warning("a mobile could not be matched: %s", why(failure))
            is_owner = None
        try:
            with application.store.unit_of_work(application.clock()) as uow:
                write_answer(uow, person, is_owner=is_owner)
        except Exception as fault:
            if is_part_missing(fault):
                raise
            _log.exception("an answer about a mobile could not be written")
            continue
        answered += is_owner is not None
    return answered
