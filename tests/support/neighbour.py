"""Another process of the same city, which withdraws a request and commits or rolls back.

    python -m support.neighbour URL FOLDER SECONDS CODE PERSON [broken]

SECONDS is the time of its clock, in seconds since 1970. With `broken` it fails right before the
commit.
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
    """Any failure after the step and before the commit."""


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
