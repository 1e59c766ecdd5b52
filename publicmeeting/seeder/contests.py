"""Whoever was written absent on one of the last Mondays contests it: of the last one nobody has
answered yet, of those before both officers have."""

from datetime import timedelta
from functools import partial

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.choices import NoShowReason, Verdict
from publicmeeting.domain.line.contests import open_contests
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder import sentences
from publicmeeting.seeder.filing import Case
from publicmeeting.seeder.plan import LAST_MONDAY
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.screening.lane_judging import JudgeLane, judge_lane

_YES = (Verdict.YES, NoShowReason.NOT_CALLED)
_NO = (Verdict.NO, NoShowReason.CALLED_AND_ABSENT)
_ANSWERS = ((_YES, _NO), (_YES, _YES))
"""By the district's number, what the two answer on the next working days."""
CONTESTED_SINCE = LAST_MONDAY - timedelta(weeks=3)


def contest(simulation: Simulation, case: Case) -> None:
    """She contests, and the two whom the clock picks judge blind."""
    command = TakeStep(code=case.code, action="contest_no_show", note=sentences.CONTEST_NO_SHOW)
    request = simulation.application.execute_as(case.citizen, take_step, command)
    (asked,) = open_contests(request)
    with simulation.application.store.unit_of_work(simulation.clock.now, reading=True) as uow:
        ask_id, _ = uow.lanes.of_contests(request)[asked.number]
        accounts = [uow.accounts.get(one) for one in asked.judges]
    today = tehran_day(simulation.clock.now)
    answers = _ANSWERS[case.district % len(_ANSWERS)] if today < LAST_MONDAY else ()
    for days, (account, (verdict, reason)) in enumerate(zip(accounts, answers, strict=False), 1):
        assert account is not None
        officer = Actor(account_id=account.id, name=account.name, grants=account.grants)
        answer = JudgeLane(id=ask_id, verdict=verdict.value, reason=reason.value)
        day = add_working_days(today, days)
        at = at_tehran(day, "10:00") + timedelta(minutes=case.district)
        do = partial(simulation.application.execute_as, officer, judge_lane, answer)
        simulation.plan(at, do)
