"""What becomes of an order: units take it on, report, are late; citizens confirm or contest."""

from datetime import timedelta
from functools import partial

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.samples.filing import Case
from publicmeeting.samples.founding import Staff
from publicmeeting.samples.matters import CONTEST, TAKE_ON_COMMENT
from publicmeeting.samples.pictures import Pictures
from publicmeeting.samples.story import Story
from publicmeeting.usecases.order_steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.photos import keep_photo


class Promises:
    """Follows each order from the room to the citizen's word."""

    def __init__(self, story: Story, staff: Staff, pictures: Pictures) -> None:
        self._story, self._staff, self._pictures = story, staff, pictures

    def begin(self, case: Case, number: str) -> None:
        """A new order lies in the unit's inbox."""
        unit = self._staff.of(Role.UNIT, case.district)
        roll = self._story.rng.random()
        if roll < 0.92:
            days = 1 if self._story.chance(0.8) else 3
            self._story.plan(self._story.office_hour(days), partial(self._take_on, case, number))
        elif roll < 0.96:
            note = "این معبر در محدودهٔ واحد ترافیک است."
            at = self._story.office_hour(1)
            self._story.plan(at, partial(self._step, unit, number, "return", note=note))

    def _take_on(self, case: Case, number: str) -> None:
        unit = self._staff.of(Role.UNIT, case.district)
        self._step(unit, number, "take_on")
        if self._story.chance(0.5):
            note = self._story.rng.choice(TAKE_ON_COMMENT)
            self._step(unit, number, "comment", note=note, audience="citizen")
        if self._story.chance(0.08):
            later = add_working_days(tehran_day(self._story.clock.now), 25).isoformat()
            note = "باران پی‌درپی کار آسفالت را عقب انداخته است."
            at = self._story.office_hour(6)
            ask = partial(self._step, unit, number, "ask_extension", note=note, due_on=later)
            self._story.plan(at, ask)
        if self._story.chance(0.9):
            days = self._story.rng.randrange(5, 22)
            self._story.plan(self._story.office_hour(days), partial(self._report, case, number))

    def _report(self, case: Case, number: str) -> None:
        unit = self._staff.of(Role.UNIT, case.district)
        photos: tuple[str, ...] = ()
        if case.matter.picture:
            kept = self._pictures.report(case.matter.picture)
            photos = (self._story.office.perform_as(unit, keep_photo, kept).id,)
        self._step(unit, number, "report", note=case.matter.report, photos=photos)
        roll = self._story.rng.random()
        at = self._story.soon(4, 150)
        if roll < 0.62:
            self._story.plan(at, partial(self._step, case.citizen, number, "confirm_done"))
        elif roll < 0.78:
            self._story.plan(at, partial(self._contest, case, number))

    def _contest(self, case: Case, number: str) -> None:
        self._step(case.citizen, number, "contest", note=CONTEST[0])
        if self._story.chance(0.7):
            self._story.plan(self._story.office_hour(2), partial(self._retry, case, number))

    def _retry(self, case: Case, number: str) -> None:
        mayor = self._staff.of(Role.MAYOR, case.district)
        due = add_working_days(tehran_day(self._story.clock.now), 8).isoformat()
        self._step(mayor, number, "retry", due_on=due, note="کار ناتمام است؛ این بار کامل شود.")
        at = self._story.clock.now + timedelta(days=self._story.rng.randrange(5, 10))
        self._story.plan(at, partial(self._report, case, number))

    def _step(
        self, actor: Actor, number: str, action: str, *, photos: tuple[str, ...] = (), **given: str
    ) -> None:
        wish = TakeOrderStep(number=number, action=action, photos=photos, **given)
        self._story.office.perform_as(actor, take_order_step, wish)
