"""What the national matching service would answer about some citizens of the demo city."""

from publicmeeting.application import Application
from publicmeeting.seeder.plan import ENDS
from publicmeeting.usecases.accounts.person.matching import CLAIM, write_answer

_OWNERS = ("3", "7")
"""Last digits of the codes whose owners are also their mobiles'."""
_MOST = 10_000


def match_some(application: Application) -> None:
    """Whoever has nothing under way: she is asked for the end of her code on a new browser, which
    nobody who plays the others should have to know."""
    with application.store.unit_of_work(ENDS) as uow:
        for person in uow.people.claim_matches(CLAIM, _MOST):
            is_owner = person.identity.endswith(_OWNERS) and not uow.requests.live_code(person.id)
            write_answer(uow, person, is_owner=is_owner)
