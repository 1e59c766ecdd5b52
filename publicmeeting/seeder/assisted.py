"""Citizens without internet in the demo city: 137 files for some, a desk for a few lately."""

from datetime import timedelta

from publicmeeting.application import Application
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import Request
from publicmeeting.kit.codes import token
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.seeder.founding import TELEPHONE, Staff
from publicmeeting.seeder.people import Invented
from publicmeeting.seeder.plan import ENDS, Fate, Planned
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.repository import new_id
from publicmeeting.usecases.filing.assisting import (
    AskCallersCode,
    FileForCaller,
    Way,
    file_for_caller,
    send_callers_code,
)
from publicmeeting.usecases.filing.submitting import Submit

_EACH, _AT = 12, 5
"""Of so many filings one is by telephone: the one at this place."""
_LATELY = timedelta(days=8)
"""At a desk, one in each busy district, only so late: what no message has brought her is still to
be told when the story ends."""


class Helpers:
    """Who takes neither a random number nor a picture, so that the rest of the city stays."""

    def __init__(self, simulation: Simulation, staff: Staff) -> None:
        self._simulation, self._staff = simulation, staff
        self._number = 0
        self._by_card = set[int]()

    def way(self, planned: Planned, *, with_photo: bool) -> Way | None:
        """By what this filing is helped, if it is; asked once for each."""
        self._number += 1
        if with_photo:
            return None
        lately = planned.at > ENDS - _LATELY and planned.district in self._staff.second_desk
        # Whoever has filed it decides on no objection.
        may = lately and not planned.again and planned.fate is not Fate.OBJECTS
        if may and planned.district not in self._by_card:
            self._by_card.add(planned.district)
            return Way.CARD
        return Way.CODE if self._number % _EACH == _AT else None

    def file(self, person: Invented, form: Submit, way: Way) -> Request:
        """In her name, by the same use cases as in a real city."""
        application = self._simulation.application
        district = int(form.district)
        username = f"desk{district}b" if way is Way.CARD else TELEPHONE
        officer = self._signed_in(username)
        fields = form.model_dump(exclude={"person"})
        fields |= {"way": way.value, "mobile": person.mobile if way is Way.CODE else ""}
        code = ""
        if way is Way.CODE:
            mobile = application.execute_now(
                send_callers_code, officer, AskCallersCode.model_validate(fields)
            )
            code = texted_code(application, mobile)
        else:
            new_id()  # that of a code: the rest of the city is dealt as without her
        command = FileForCaller.model_validate({**fields, "code": code})
        made = application.execute_now(file_for_caller, officer, command)
        with application.store.unit_of_work(self._simulation.clock.now, reading=True) as uow:
            found = uow.requests.find(made.code)
        assert found is not None
        return found

    def _signed_in(self, username: str) -> Keys:
        application = self._simulation.application
        with application.store.unit_of_work(self._simulation.clock.now) as uow:
            account = uow.accounts.by_username(username)
            assert account is not None
            return Keys(uow.sessions.open_for_account(account, Door.DEMO), token())


def texted_code(application: Application, mobile: str) -> str:
    """The code in the newest text to this mobile; TypeError where no demo's phone is in use."""
    if not isinstance(application.phone, DemoPhone):
        raise TypeError("only the demo's phone can be read")
    text = application.phone.texts(mobile)[-1]
    return "".join(sign for sign in text if sign.isascii() and sign.isdecimal())
