"""Citizens of the story file their requests, and the desk screens them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from publicmeeting.domain.districts import district
from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.codes import token
from publicmeeting.kit.digits import persian
from publicmeeting.seeder import sentences
from publicmeeting.seeder.deck import Deck
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.lanes import Lanes
from publicmeeting.seeder.matter import Matter
from publicmeeting.seeder.matters import MATTERS
from publicmeeting.seeder.people import Invented
from publicmeeting.seeder.pictures import Pictures
from publicmeeting.seeder.plan import Fate, Planned
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.usecases.accounts.sign_in import AskCode, ConfirmCode, ask_code, confirm_code
from publicmeeting.usecases.filing.pictures import keep_photo
from publicmeeting.usecases.filing.submitting import Submit, submit
from publicmeeting.usecases.lifecycle.steps import TakeStep, take_step
from publicmeeting.usecases.screening.cases import OneCase, open_case


@dataclass(frozen=True, slots=True)
class Case:
    """A filed request, as its teller knows it."""

    code: str
    district: int
    citizen: Actor
    person: Invented
    matter: Matter
    place: str


_REACTIONS: dict[Fate, tuple[str, tuple[str, ...]]] = {
    Fate.WITHDRAWS: ("withdraw", sentences.WITHDRAW),
    Fate.COMPLETES: ("give_info", sentences.GIVE_INFO),
    Fate.CONTENT: ("accept_answer", ("",)),
    Fate.INSISTS: ("insist", (sentences.INSIST,)),
    Fate.OBJECTS: ("object", (sentences.OBJECT,)),
    Fate.SENT_AWAY: ("object_redirect", (sentences.OBJECT_REDIRECT,)),
}
"""Fate → what the citizen does about the decision, and what she may say."""


class Filing:
    """From the citizen's telephone to the desk's decision."""

    def __init__(
        self, simulation: Simulation, staff: Staff, pictures: Pictures, people: Iterator[Invented]
    ) -> None:
        self._simulation, self._staff, self._pictures, self._people = (
            simulation,
            staff,
            pictures,
            people,
        )
        self._matters = Deck(simulation.rng, dict.fromkeys(range(len(MATTERS)), 1))
        self._lanes = Lanes(simulation, pictures)
        self.cases: dict[str, Case] = {}
        """Tracking code → case."""

    def file(self, planned: Planned) -> None:
        """Sign in with a code, send a photo perhaps, file; the desk will look at it."""
        application, rng = self._simulation.application, self._simulation.rng
        person = (self._returning(planned.district) if planned.again else None) or next(
            self._people
        )
        matter = MATTERS[self._matters.deal()]
        place = rng.choice(district(planned.district).neighbourhoods).name
        keys = self._signed_in(person)
        if matter.picture and self._simulation.happens(0.7):
            photo = self._pictures.photo(matter.picture)
            if photo is not None:
                application.execute_now(keep_photo, keys, photo)
        plate, since = persian(rng.randrange(3, 96)), rng.choice(sentences.SINCE)
        facts = {"place": place, "plate": plate, "since": since}
        needs = ("step_free",) if self._simulation.happens(0.08) else ()
        command = Submit(
            district=str(planned.district),
            subject=matter.subject,
            title=matter.title.format(**facts),
            text=rng.choice(matter.texts).format(**facts),
            identity=person.identity,
            name=person.name,
            needs=needs,
            prefers=rng.choice(("any", "any", "any", "early", "late")),
        )
        request = application.execute_now(submit, keys, command)
        citizen = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
        case = Case(request.code, planned.district, citizen, person, matter, place)
        self.cases[request.code] = case
        self._lanes.perhaps_ask(request.code, citizen, matter.picture, needs)
        if planned.fate is not Fate.UNSCREENED:
            screen = partial(self._screen, case, planned)
            self._simulation.plan(self._simulation.office_hour(1), screen)

    def _returning(self, number: int) -> Invented | None:
        """Somebody whose earlier request in this district is closed, the longest ago."""
        with self._simulation.application.store.unit_of_work(
            self._simulation.clock.now, reading=True
        ) as uow:
            closed = Filter(districts=frozenset({number}), stages=(Stage.CLOSED,))
            lines = [line for line in uow.lists.requests(closed) if not line.linked]
            return self.cases[lines[0].code].person if lines else None

    def _signed_in(self, person: Invented) -> Keys:
        application = self._simulation.application
        visit = Keys(visit=token())
        mobile = application.execute_now(ask_code, visit, AskCode(mobile=person.mobile))
        text = application.phone.texts(mobile)[-1]  # type: ignore[attr-defined]  # the demo's phone
        code = "".join(sign for sign in text if sign.isascii() and sign.isdecimal())
        key, _ = application.execute_now(confirm_code, visit, ConfirmCode(mobile=mobile, code=code))
        return Keys(session=key, visit=visit.visit)

    def _screen(self, case: Case, planned: Planned) -> None:
        """The desk reads the case and decides; later she may react to it."""
        desk, fate = self._staff.of(Role.DESK, case.district), planned.fate
        self._simulation.application.execute_as(desk, open_case, OneCase(code=case.code))
        self.step(desk, case, **self._decision(fate))
        if fate is Fate.OBJECTS and case.district not in self._staff.second_desk:
            return
        if fate in _REACTIONS:
            react = partial(self._react, case, fate)
            self._simulation.plan(planned.replies_at or self._simulation.soon(10, 150), react)

    def _decision(self, fate: Fate) -> dict[str, str]:
        rng = self._simulation.rng
        if fate in {Fate.COMPLETES, Fate.SILENT}:
            return {"action": "ask_info", "note": rng.choice(sentences.ASK_INFO)}
        if fate in {Fate.CONTENT, Fate.INSISTS, Fate.ANSWERED}:
            return {"action": "answer", "note": rng.choice(sentences.ANSWER)}
        if fate in {Fate.DECLINED, Fate.OBJECTS}:
            # She objects to the first of the reasons only.
            declined = sentences.DECLINED[:1] if fate is Fate.OBJECTS else sentences.DECLINED
            reason, note = rng.choice(declined)
            return {"action": "decline", "reason": reason, "note": note}
        if fate is Fate.SENT_AWAY:
            elsewhere = str(self._staff.districts[0])
            return {"action": "redirect", "district": elsewhere, "note": sentences.REDIRECT}
        return {"action": "accept"}

    def _react(self, case: Case, fate: Fate) -> None:
        action, notes = _REACTIONS[fate]
        self.step(case.citizen, case, action, note=self._simulation.rng.choice(notes))
        decides = {Fate.COMPLETES: self._staff.of(Role.DESK, case.district)}
        if fate is Fate.OBJECTS:
            decides[fate] = self._staff.second_desk[case.district]
        if fate in decides:
            accept = partial(self.step, decides[fate], case, "accept")
            self._simulation.plan(self._simulation.office_hour(1), accept)

    def step(self, actor: Actor, case: Case, action: str, **given: str) -> None:
        """One row of the tables, by whoever may take it."""
        command = TakeStep.model_validate({"code": case.code, "action": action, **given})
        self._simulation.application.execute_as(actor, take_step, command)

    def lines(
        self, stage: Stage, monday: date | None = None, slot: str | None = None
    ) -> list[RequestLine]:
        """Everybody in a stage; with a seat on that Monday, at that time."""
        with self._simulation.application.store.unit_of_work(
            self._simulation.clock.now, reading=True
        ) as uow:
            lines = uow.lists.requests(Filter(stages=(stage,), monday=monday), limit=1000)
        return [line for line in lines if slot is None or (line.seat and line.seat.time == slot)]
