"""Citizens of the story file their requests, and the desk screens them."""

from dataclasses import dataclass
from functools import partial

from publicmeeting.domain.districts import district
from publicmeeting.domain.reasons import DeclineReason
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.kit.codes import token
from publicmeeting.samples.founding import BUSY, Staff
from publicmeeting.samples.lanes import Lanes
from publicmeeting.samples.matters import (
    ANSWER,
    ASK_INFO,
    DECLINE_NOTE,
    GIVE_INFO,
    MATTERS,
    Matter,
)
from publicmeeting.samples.people import Invented
from publicmeeting.samples.pictures import Pictures
from publicmeeting.samples.story import Story
from publicmeeting.store.sessions import Keys
from publicmeeting.usecases.accounts import AskCode, ConfirmCode, ask_code, confirm_code
from publicmeeting.usecases.booking import Submit, submit
from publicmeeting.usecases.photos import keep_photo
from publicmeeting.usecases.steps import TakeStep, take_step


@dataclass(frozen=True, slots=True)
class Case:
    """A filed request, as its teller knows it."""

    code: str
    district: int
    citizen: Actor
    matter: Matter
    place: str


class Filing:
    """From the citizen's phone to the desk's decision."""

    def __init__(self, story: Story, staff: Staff, pictures: Pictures) -> None:
        self._story = story
        self._staff = staff
        self._pictures = pictures
        self._lanes = Lanes(story, pictures)
        self.cases: dict[str, Case] = {}
        self.keys: dict[str, Keys] = {}

    def file(self, person: Invented, number: int) -> None:
        """Sign in with a code, send a photo perhaps, file."""
        office, rng = self._story.office, self._story.rng
        matter = rng.choice(MATTERS)
        place = rng.choice(district(number).neighbourhoods).name
        keys = self._signed_in(person)
        if matter.picture and self._story.chance(0.7):
            photo = self._pictures.photo(matter.picture, rng.randrange(2))
            office.perform_now(keep_photo, keys, photo)
        needs = ("step_free",) if self._story.chance(0.08) else ()
        wish = Submit(
            district=str(number), subject=matter.subject, title=matter.title.format(place=place),
            text=matter.text.format(place=place), identity=person.identity, name=person.name,
            needs=needs, prefers=rng.choice(("any", "any", "any", "early", "late")),
        )  # fmt: skip
        request = office.perform_now(submit, keys, wish)
        citizen = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
        self.cases[request.id] = case = Case(request.code, number, citizen, matter, place)
        self.keys[request.code] = keys
        self._lanes.perhaps_ask(request.code, citizen, matter.picture, needs)
        if not self._story.chance(0.03):  # what nobody screens, the clock takes in
            self._story.plan(self._story.office_hour(1), partial(self._screen, case))

    def _signed_in(self, person: Invented) -> Keys:
        office = self._story.office
        visit = Keys(visit=token())
        mobile = office.perform_now(ask_code, visit, AskCode(mobile=person.mobile))
        text = office.phone.texts(mobile)[-1]  # type: ignore[attr-defined]  # the demo's phone
        code = "".join(sign for sign in text if sign.isascii() and sign.isdecimal())
        key, _ = office.perform_now(confirm_code, visit, ConfirmCode(mobile=mobile, code=code))
        return Keys(session=key, visit=visit.visit)

    def _screen(self, case: Case) -> None:
        roll = self._story.rng.random()
        desk = self._staff.of(Role.DESK, case.district)
        if roll < 0.76:
            self.step(desk, case, "accept")
        elif roll < 0.84:
            self.step(desk, case, "ask_info", note=self._story.rng.choice(ASK_INFO))
            if self._story.chance(0.75):
                self._story.plan(self._story.soon(20, 200), partial(self._give_info, case))
        elif roll < 0.91:
            self.step(desk, case, "answer", note=ANSWER[0])
            if self._story.chance(0.6):
                self._story.plan(self._story.soon(20, 200), partial(self._take_answer, case))
        else:
            self.step(
                desk, case, "decline", reason=DeclineReason.OTHER_BODY.value, note=DECLINE_NOTE
            )
            if case.district in BUSY and self._story.chance(0.5):
                self._story.plan(self._story.soon(10, 120), partial(self._object, case))

    def _give_info(self, case: Case) -> None:
        self.step(case.citizen, case, "give_info", note=GIVE_INFO[0])
        desk = self._staff.of(Role.DESK, case.district)
        self._story.plan(self._story.office_hour(1), partial(self.step, desk, case, "accept"))

    def _take_answer(self, case: Case) -> None:
        if self._story.chance(0.5):
            self.step(case.citizen, case, "accept_answer")
        else:
            note = "این پاسخ را سال پیش هم داده‌اند و کاری نشد. می‌خواهم خود شهردار بشنود."
            self.step(case.citizen, case, "insist", note=note)

    def _object(self, case: Case) -> None:
        note = "جای مورد نظر در ملک شهرداری است و نامهٔ ادارهٔ آب هم همین را می‌گوید."
        self.step(case.citizen, case, "object", note=note)
        second = self._staff.second_desk[case.district]
        self._story.plan(self._story.office_hour(1), partial(self.step, second, case, "accept"))

    def step(self, actor: Actor, case: Case, action: str, **given: str) -> None:
        """One row of the tables, by whoever may take it."""
        wish = TakeStep.model_validate({"code": case.code, "action": action, **given})
        self._story.office.perform_as(actor, take_step, wish)
