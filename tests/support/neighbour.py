"""Another process of the same city: it withdraws a request, and commits or takes it all back.

    python -m support.neighbour URL FOLDER SECONDS CODE PERSON [broken]

It lives at that instant (seconds since 1970). `broken`: a fault comes right before the commit.
"""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from support.city import open_application
from support.clock import FixedClock


class BrokenError(Exception):
    """Whatever may go wrong after the step."""


def main(url: str, folder: str, seconds: str, code: str, person: str, how: str = "") -> None:
    now = datetime.fromtimestamp(int(seconds), UTC)
    application = open_application(url, Path(folder), FixedClock(now))
    citizen = Actor(person_id=person, grants=(Grant(Role.CITIZEN),))
    with suppress(BrokenError), application.store.unit_of_work(now) as uow:
        take_step(uow, citizen, TakeStep(code=code, action="withdraw"), now)
        if how == "broken":
            raise BrokenError
    application.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
