"""Districts of the demo city say where they moved: one change of the past, and one that waits
for a second pair of eyes."""

from datetime import timedelta
from functools import partial

from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.people import HOURS, NEW_HALLS
from publicmeeting.seeder.plan import LAST_MONDAY, Scope
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.usecases.districts.texts import (
    DecideTexts,
    OneDistrict,
    ProposeTexts,
    decide_texts,
    district_texts,
    propose_texts,
)

_PAST, _LATELY = timedelta(days=26), timedelta(days=3)
"""Before the last Monday of the seeded weeks, and after it."""
_WAITS = 6
_BRING = "کارت ملی و اصل مدارک را بیاورید. ۲۰ دقیقه زودتر بیایید؛ ورودی خیابان اصلی باز است."


def plan_texts(simulation: Simulation, staff: Staff, scope: Scope) -> None:
    """What officials of the busy districts will do about their texts."""
    for at, district in enumerate(scope.busy):
        desk, second = staff.of(Role.DESK, district), staff.second_desk[district]
        day = LAST_MONDAY - _PAST
        hall = NEW_HALLS[at % len(NEW_HALLS)]
        change = partial(_propose, simulation, desk, district, hall=hall, hours=HOURS)
        simulation.plan(at_tehran(day, "09:40"), change)
        yes = partial(_put_in_force, simulation, second, district)
        simulation.plan(at_tehran(day, "13:05"), yes)
    for district in set(scope.busy) & {_WAITS}:
        desk = staff.of(Role.DESK, district)
        late = partial(_propose, simulation, desk, district, bring=_BRING)
        simulation.plan(at_tehran(LAST_MONDAY + _LATELY, "10:15"), late)


def _propose(simulation: Simulation, actor: Actor, district: int, **change: str) -> None:
    application = simulation.application
    newest = application.query_as(actor, district_texts, OneDistrict(district=district)).newest
    texts = newest.texts
    typed = {
        "district": district,
        "base": newest.id,
        "from_on": tehran_day(simulation.clock.now).isoformat(),
        "address": texts.address,
        "hall": texts.hall,
        "hours": texts.hours,
        "bring": texts.bring,
        "point": texts.point,
        "seats": " ".join(texts.seats),
    }
    command = ProposeTexts.model_validate({**typed, **change})
    application.execute_as(actor, propose_texts, command)


def _put_in_force(simulation: Simulation, actor: Actor, district: int) -> None:
    application = simulation.application
    waiting = application.query_as(actor, district_texts, OneDistrict(district=district)).waiting
    if waiting is not None:
        yes = DecideTexts(version=waiting.version.id, is_yes=True)
        application.execute_as(actor, decide_texts, yes)
