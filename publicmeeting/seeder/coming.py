"""The coming Monday of the demo city: a guest, another place, a seat by telephone."""

from publicmeeting.application import Application
from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.seeder.filing import Filing
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.plan import LAST_MONDAY
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.day_place import SetDayPlace, set_day_place

_DAYS = {
    6: {"guest": "نرگس معدنی، عضو شورای شهر"},
    15: {"place": "مسجد جامع افسریه", "guest": "ناصر امانی، عضو شورای شهر"},
}
"""District → what is particular about its coming Monday."""
_BY_TELEPHONE = frozenset({4})
"""Districts in which the last who has confirmed asks to be telephoned."""


def plan_coming(application: Application, staff: Staff, filing: Filing) -> None:
    """What these districts have arranged on the Saturday with which the demo city begins."""
    ahead = [
        line
        for line in filing.lines(Stage.CONFIRMED)
        if line.seat is not None and line.seat.monday > LAST_MONDAY
    ]
    with_mobile = [line for line in ahead if filing.cases[line.code].person.mobile]
    last = {line.district: line for line in sorted(with_mobile, key=_starts)}
    for line in (one for district, one in last.items() if district in _BY_TELEPHONE):
        case = filing.cases[line.code]
        command = TakeStep(code=case.code, action=Action.ASK_CALL.value)
        application.execute_as(case.citizen, take_step, command)
    for district, typed in _DAYS.items():
        mondays = {line.seat.monday for line in ahead if line.seat and line.district == district}
        if mondays and district in staff.districts:
            day = SetDayPlace.model_validate({"monday": min(mondays).isoformat(), **typed})
            application.execute_as(staff.of(Role.MAYOR, district), set_day_place, day)


def _starts(line: RequestLine) -> str:
    return line.seat.time if line.seat else ""
