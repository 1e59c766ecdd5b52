"""The demo city on its next Monday at nine; where two are seated, one is in the mayor's room.

The week before costs a server some four seconds of processor time. So it is lived once, and each
test begins with a copy.
"""

import shutil
from collections import defaultdict
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
    visitors = _first_of_each_district(application)
    for line, _ in visitors:
        if line.stage is Stage.INVITED:
            _act(application, line, Role.CITIZEN, Action.CONFIRM)
    _move_clock(application, Moment.MEETINGS)
    for line, identity in visitors:
        _act(application, line, Role.RECEPTION, Action.ARRIVE, identity=identity)
        _act(application, line, Role.MAYOR, Action.CALL_IN)
    stands_at = application.city_now()
    application.store.close()
    (folder / _CLOCK).write_text(stands_at.isoformat(), encoding="utf-8")


def _move_clock(application: Application, moment: Moment) -> None:
    coming = application.query_as(NOBODY, named_instants, Nothing())
    application.worker.move_clock_now(next(one.at for one in coming if one.moment is moment))


def _first_of_each_district(application: Application) -> list[tuple[RequestLine, str]]:
    """Return whose seat is the first of the next Monday in each district, and her identity.

    Districts in which nobody else has a seat are left out.
    """
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(stages=(Stage.INVITED, Stage.CONFIRMED))
        seated = [(line.seat, line) for line in uow.lists.requests(wanted, limit=200) if line.seat]
        monday = min(seat.monday for seat, _ in seated)
        times: dict[int, dict[str, RequestLine]] = defaultdict(dict)
        for seat, line in seated:
            if seat.monday == monday:
                times[line.district][seat.time] = line
        first = [of_day[min(of_day)] for of_day in times.values() if len(of_day) > 1]
        return [(line, uow.people.get(line.person_id).identity) for line in first]


def _act(
    application: Application, line: RequestLine, role: Role, action: Action, **fields: str
) -> None:
    if role is Role.CITIZEN:
        actor = Actor(person_id=line.person_id, grants=(Grant(role),))
    else:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            account = uow.accounts.by_username(f"{role}{line.district}")
        assert account is not None
        actor = Actor(account_id=account.id, grants=(Grant(role, line.district),))
    application.execute_as(actor, take_step, TakeStep(code=line.code, action=action, **fields))
