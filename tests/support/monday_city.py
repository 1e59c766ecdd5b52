"""The demo city on its next Monday at nine, with a citizen in the mayor's room.

The week before costs a server some four seconds of processor time. So it is lived once, and each
test begins with a copy.
"""

import shutil
from datetime import datetime
from pathlib import Path

from publicmeeting.application import Application, open_application
from publicmeeting.cli.commands.build import stamp_of
from publicmeeting.cli.machine.lock import held
from publicmeeting.config import PROJECT
from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.roles import NOBODY, Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import Moment, named_instants
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from support.served_city import seeded_city, settings_for

HALL = 6
"""The district with a citizen in the room."""
_CLOCK = "city-time.txt"
_NAME = 8


def begin_on_monday(folder: Path) -> None:
    """Copy the city of that Monday into a new folder; its clock goes on from nine o'clock."""
    shutil.copytree(_monday_city(), folder)
    stood_at = datetime.fromisoformat((folder / _CLOCK).read_text(encoding="utf-8"))
    application = open_application(settings_for(folder))
    with application.store.unit_of_work(utc_now()) as uow:
        uow.clockwork.set_offset(stood_at - utc_now())
    application.store.close()


def _monday_city() -> Path:
    """Return the folder of that city; it is stored until a source of the city changes."""
    seeded = seeded_city()
    stamp = stamp_of(PROJECT, [Path(__file__)])[:_NAME]
    folder = seeded.with_name(f"{seeded.name}-monday-{stamp}")
    with held(PROJECT / "artifacts" / "mondays.lock"):
        if not folder.exists():
            draft = folder.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(seeded, draft)
            _live_until_monday(draft)
            draft.rename(folder)
    return folder


def _live_until_monday(folder: Path) -> None:
    application = open_application(settings_for(folder))
    for moment in (Moment.FREEZE, Moment.DRAW):
        _move_clock(application, moment)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({HALL}), stages=(Stage.INVITED, Stage.CONFIRMED))
        first = min(uow.lists.requests(wanted, limit=20), key=_start_of)
        identity = uow.people.get(first.person_id).identity
    if first.stage is Stage.INVITED:
        _act(application, first, Role.CITIZEN, Action.CONFIRM)
    _move_clock(application, Moment.MEETINGS)
    _act(application, first, Role.RECEPTION, Action.ARRIVE, identity=identity)
    _act(application, first, Role.MAYOR, Action.CALL_IN)
    stands_at = application.city_now()
    application.store.close()
    (folder / _CLOCK).write_text(stands_at.isoformat(), encoding="utf-8")


def _move_clock(application: Application, moment: Moment) -> None:
    coming = application.query_as(NOBODY, named_instants, Nothing())
    application.worker.move_clock_now(next(one.at for one in coming if one.moment is moment))


def _start_of(line: RequestLine) -> tuple[str, str]:
    """Return Monday and time: a later Monday may have an earlier time."""
    return (line.seat.monday.isoformat(), line.seat.time) if line.seat else ("", "")


def _act(
    application: Application, line: RequestLine, role: Role, action: Action, **fields: str
) -> None:
    if role is Role.CITIZEN:
        actor = Actor(person_id=line.person_id, grants=(Grant(role),))
    else:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            account = uow.accounts.by_username(f"{role}{HALL}")
        assert account is not None
        actor = Actor(account_id=account.id, grants=(Grant(role, HALL),))
    application.execute_as(actor, take_step, TakeStep(code=line.code, action=action, **fields))
