"""Citizens of the demo city file, ask for lanes and answer invitations; the desk screens.

Officers of 137 file for some citizens without internet, and a desk for a few.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import cycle

from publicmeeting.application import Application
from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.choices import Lane, LaneReason, Verdict
from publicmeeting.domain.districts.city import district
from publicmeeting.domain.line.lanes import open_lane_ask
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import Request, RequestLine
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.codes import token
from publicmeeting.kit.digits import persian
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.seeder import matters
from publicmeeting.seeder.founding import TELEPHONE, Staff
from publicmeeting.seeder.matters import MATTERS, Matter
from publicmeeting.seeder.people import Invented
from publicmeeting.seeder.pictures import Pictures
from publicmeeting.seeder.plan import ENDS, LAST_MONDAY, Deck, Fate, Planned
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.repository import new_id
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.assisting import (
    AskCallersCode,
    FileForCaller,
    Way,
    file_for_caller,
    send_callers_code,
)
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.filing.submitting import Submit, submit
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.lanes import AskLane, ask_lane
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.screening.lane_judging import JudgeLane, judge_lane

_EACH, _AT = 12, 5
"""Of twelve filings the one at place 5 is by telephone."""
_ASSISTED_LATELY = timedelta(days=8)
"""Period before the end in which a desk files one request in each busy district.

It is that late because she has no messages: her notices are still on the desk's list at the end.
"""


class Helpers:
    """Filings with help.

    They use no random number and no picture, so that the rest of the city is unchanged.
    """

    def __init__(self, simulation: Simulation, staff: Staff) -> None:
        self._simulation, self._staff = simulation, staff
        self._number = 0
        self._by_card = set[int]()

    def way(self, planned: Planned, *, with_photo: bool) -> Way | None:
        """Return the way in which this filing is helped, or None; call it once for each filing."""
        self._number += 1
        if with_photo:
            return None
        lately = (
            planned.at > ENDS - _ASSISTED_LATELY and planned.district in self._staff.second_desk
        )
        # An officer who has filed a request may not decide an objection to it.
        may = lately and not planned.again and planned.fate is not Fate.OBJECTS
        if may and planned.district not in self._by_card:
            self._by_card.add(planned.district)
            return Way.CARD
        return Way.CODE if self._number % _EACH == _AT else None

    def file(self, person: Invented, form: Submit, way: Way) -> Request:
        """File in her name, by the same use cases as in a real city."""
        application = self._simulation.application
        district = int(form.district)
        username = f"desk{district}b" if way is Way.CARD else TELEPHONE
        officer = self._signed_in(username)
        fields = form.model_dump(exclude={"person"})
        fields |= {"way": way.value, "mobile": person.mobile if way is Way.CODE else ""}
        code = ""
        if way is Way.CODE:
            mobile = application.execute_now(
                send_callers_code, officer, AskCallersCode.model_validate(fields)
            )
            code = texted_code(application, mobile)
        else:
            new_id()  # the id that the code would use, so that random ids stay the same
        command = FileForCaller.model_validate({**fields, "code": code})
        made = application.execute_now(file_for_caller, officer, command)
        with self._simulation.reading() as uow:
            found = uow.requests.find(made.code)
        assert found is not None
        return found

    def _signed_in(self, username: str) -> Keys:
        application = self._simulation.application
        with application.store.unit_of_work(self._simulation.clock.now) as uow:
            account = uow.accounts.by_username(username)
            assert account is not None
            return Keys(uow.sessions.open_for_account(account, Door.DEMO), token())


def texted_code(application: Application, mobile: str) -> str:
    """Return the code in the newest text to this mobile.

    Raises TypeError without the demo's telephone.
    """
    if not isinstance(application.phone, DemoPhone):
        raise TypeError("only the demo's phone can be read")
    text = application.phone.texts(mobile)[-1]
    return "".join(sign for sign in text if sign.isascii() and sign.isdecimal())


_SEED = 1405
_NEEDS = (("hard_of_hearing",), ("step_free",), ("low_vision", "companion"), ("step_free",))
"""Needs on the day, in turn."""
_UNSAFE = "unsafe_building"
_AFTER = timedelta(hours=2)
_ASKS, _YES = 0.6, 0.7
"""Share of those who ask if they could, and share of positive answers."""
_LATELY = timedelta(hours=20)
_REASON = {
    (Lane.ACCESS, Verdict.YES): LaneReason.CERTIFIED,
    (Lane.ACCESS, Verdict.NO): LaneReason.EXPIRED,
    (Lane.URGENT, Verdict.YES): LaneReason.DANGER_TO_BUILDING,
    (Lane.URGENT, Verdict.NO): LaneReason.NOT_IN_LIST,
}


class Lanes:
    """Requests for lanes.

    They have a random source of their own, so that the rest of the city is unchanged.
    """

    def __init__(self, simulation: Simulation, pictures: Pictures) -> None:
        self._simulation = simulation
        self._pictures = pictures
        self._rng = random.Random(_SEED)
        self._asked_lately = False

    def maybe_ask_lane(
        self, code: str, citizen: Actor, picture: str, needs: tuple[str, ...]
    ) -> None:
        """Ask for a lane if she cannot climb stairs, or lives beside a leaning wall.

        The first citizen of the last hours always asks, so that officers of the demo have a case to
        judge.
        """
        first = not self._asked_lately and self._simulation.clock.now > ENDS - _LATELY
        if not first and (not (needs or picture == _UNSAFE) or self._rng.random() > _ASKS):
            return
        self._asked_lately = self._asked_lately or first
        lane = Lane.URGENT if picture == _UNSAFE and not needs else Lane.ACCESS
        self._plan(partial(self._ask, code, citizen, lane))

    def _plan(self, do: Callable[[], object]) -> None:
        self._simulation.plan(self._simulation.clock.now + _AFTER, do)

    def _ask(self, code: str, citizen: Actor, lane: Lane) -> None:
        application = self._simulation.application
        document = self._document(lane)
        if document is None:
            return
        photo = application.execute_as(citizen, keep_photo, document)
        command = AskLane(code=code, lane=lane.value, photos=(photo.id,))
        request = application.execute_as(citizen, ask_lane, command)
        ask = open_lane_ask(request)
        assert ask is not None
        with self._simulation.reading() as uow:
            newest = uow.lanes.newest(request)
            accounts = [uow.accounts.get(judge) for judge in ask.judges]
        assert newest is not None
        for account in accounts:
            assert account is not None
            officer = Actor(account_id=account.id, name=account.name, grants=account.grants)
            verdict = Verdict.YES if self._rng.random() < _YES else Verdict.NO
            answer = JudgeLane(
                id=newest[0], verdict=verdict.value, reason=_REASON[lane, verdict].value
            )
            day = add_working_days(tehran_day(self._simulation.clock.now), self._rng.randint(1, 2))
            at = at_tehran(day, "09:00") + timedelta(minutes=self._rng.randrange(300))
            self._simulation.plan(at, partial(application.execute_as, officer, judge_lane, answer))

    def _document(self, lane: Lane) -> KeepPhoto | None:
        if lane is Lane.ACCESS:
            return self._pictures.certificate()
        return self._pictures.proof(_UNSAFE, self._rng.randrange(2))


@dataclass(frozen=True, slots=True)
class Case:
    """A filed request, with what the seeder needs to know."""

    code: str
    district: int
    citizen: Actor
    person: Invented
    matter: Matter
    place: str


_REACTIONS: dict[Fate, tuple[str, tuple[str, ...]]] = {
    Fate.WITHDRAWS: ("withdraw", matters.WITHDRAW),
    Fate.COMPLETES: ("give_info", matters.GIVE_INFO),
    Fate.CONTENT: ("accept_answer", ("",)),
    Fate.INSISTS: ("insist", (matters.INSIST,)),
    Fate.OBJECTS: ("object", (matters.OBJECT,)),
    Fate.SENT_AWAY: ("object_redirect", (matters.OBJECT_REDIRECT,)),
}
"""Fate → the citizen's reaction to the decision, and her possible words."""


class Filing:
    """Filing, from the citizen's telephone to the desk's decision."""

    def __init__(
        self, simulation: Simulation, staff: Staff, pictures: Pictures, people: Iterator[Invented]
    ) -> None:
        self._simulation = simulation
        self._staff = staff
        self._pictures = pictures
        self._people = people
        self._matters = Deck(simulation.rng, dict.fromkeys(range(len(MATTERS)), 1))
        self._needs = cycle(_NEEDS)
        self._lanes = Lanes(simulation, pictures)
        self._helpers = Helpers(simulation, staff)
        self.cases: dict[str, Case] = {}
        """Tracking code → case."""

    def file(self, planned: Planned) -> None:
        """Sign in with a code, perhaps send a photo, and file; the desk will look at it later."""
        application, rng = self._simulation.application, self._simulation.rng
        person = (self._returning(planned.district) if planned.again else None) or next(
            self._people
        )
        matter = MATTERS[self._matters.deal()]
        place = rng.choice(district(planned.district).neighbourhoods).name
        photo = None
        if matter.picture and self._simulation.happens(0.7):
            photo = self._pictures.photo(matter.picture)
        plate, since = persian(rng.randrange(3, 96)), rng.choice(matters.SINCE)
        facts = {"place": place, "plate": plate, "since": since}
        needs = next(self._needs) if self._simulation.happens(0.08) else ()
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
        way = self._helpers.way(planned, with_photo=bool(matter.picture or needs))
        if way is not None:
            request = self._helpers.file(person, command, way)
        else:
            keys = self._signed_in(person)
            if photo is not None:
                application.execute_now(keep_photo, keys, photo)
            request = application.execute_now(submit, keys, command)
        citizen = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
        case = Case(request.code, planned.district, citizen, person, matter, place)
        self.cases[request.code] = case
        self._lanes.maybe_ask_lane(request.code, citizen, matter.picture, needs)
        if planned.fate is not Fate.UNSCREENED:
            screen = partial(self._screen, case, planned)
            self._simulation.plan(self._simulation.office_hour(1), screen)

    def _returning(self, number: int) -> Invented | None:
        """Return a person whose request in this district was closed the longest ago."""
        with self._simulation.reading() as uow:
            closed = Filter(districts=frozenset({number}), stages=(Stage.CLOSED,))
            lines = [line for line in uow.lists.requests(closed) if not line.linked]
            return self.cases[lines[0].code].person if lines else None

    def _signed_in(self, person: Invented) -> Keys:
        application = self._simulation.application
        visit = Keys(visit=token())
        mobile = application.execute_now(ask_code, visit, AskCode(mobile=person.mobile))
        code = texted_code(application, mobile)
        key, _ = application.execute_now(confirm_code, visit, ConfirmCode(mobile=mobile, code=code))
        return Keys(session=key, visit=visit.visit)

    def _screen(self, case: Case, planned: Planned) -> None:
        """The desk reads the case and decides; the citizen may react later."""
        desk, fate = self._staff.of(Role.DESK, case.district), planned.fate
        command = OneCase(code=case.code)
        page = self._simulation.application.execute_as(desk, open_case, command)
        decision = self._decision(fate)
        if decision["action"] not in {step.action.value for step in page.steps}:
            self.step(desk, case, "accept")  # her line has closed, so she cannot be taken out of it
            return
        self.step(desk, case, **decision)
        if fate is Fate.OBJECTS and case.district not in self._staff.second_desk:
            return
        if fate in _REACTIONS:
            react = partial(self._react, case, fate)
            self._simulation.plan(planned.replies_at or self._simulation.soon(10, 150), react)

    def _decision(self, fate: Fate) -> dict[str, str]:
        rng = self._simulation.rng
        if fate in {Fate.COMPLETES, Fate.SILENT}:
            return {"action": "ask_info", "note": rng.choice(matters.ASK_INFO)}
        if fate in {Fate.CONTENT, Fate.INSISTS, Fate.ANSWERED}:
            return {"action": "answer", "note": rng.choice(matters.ANSWER)}
        if fate in {Fate.DECLINED, Fate.OBJECTS}:
            # Objections fit only the first of the reasons.
            declined = matters.DECLINED[:1] if fate is Fate.OBJECTS else matters.DECLINED
            reason, note = rng.choice(declined)
            return {"action": "decline", "reason": reason, "note": note}
        if fate is Fate.SENT_AWAY:
            elsewhere = str(self._staff.districts[0])
            return {"action": "redirect", "district": elsewhere, "note": matters.REDIRECT}
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

    def step(self, actor: Actor, case: Case, action: str, **fields: str) -> None:
        """Take one step of the tables as this actor."""
        command = TakeStep.model_validate({"code": case.code, "action": action, **fields})
        self._simulation.application.execute_as(actor, take_step, command)

    def lines(
        self, stage: Stage, monday: date | None = None, slot: str | None = None
    ) -> list[RequestLine]:
        """Return all requests in a stage, optionally with a seat on that Monday at that time."""
        with self._simulation.reading() as uow:
            lines = uow.lists.requests(Filter(stages=(stage,), monday=monday), limit=1000)
        return [line for line in lines if slot is None or (line.seat and line.seat.time == slot)]


class Answer(StrEnum):
    """Reaction to an invitation."""

    COMES = "comes"
    GIVES_UP = "gives_up"
    SAYS_NOTHING = "says_nothing"


_SHARES = {Answer.COMES: 19, Answer.GIVES_UP: 2, Answer.SAYS_NOTHING: 2}
_LAST = (Answer.SAYS_NOTHING, Answer.COMES, Answer.COMES, Answer.GIVES_UP, Answer.COMES)
"""Reactions to the invitations of the coming Monday, in each busy district.

One is still open when the simulation ends, and a seat given up has gone to the next in the line.
"""
_PATIENCE_HOURS = 60
_A_MINUTE = timedelta(minutes=1)


class Invitations:
    """Checks invitations whenever the city's clock has acted."""

    def __init__(self, simulation: Simulation, filing: Filing, busy: tuple[int, ...]) -> None:
        self._simulation, self._filing, self._busy = simulation, filing, busy
        self._answered: set[tuple[str, datetime]] = set()
        self._answers = Deck(simulation.rng, _SHARES)
        self._last_answers: dict[int, list[Answer]] = defaultdict(lambda: list(reversed(_LAST)))

    def answer(self) -> None:
        """Decide for each new invitation when she answers, if at all."""
        for line in self._filing.lines(Stage.INVITED):
            assert line.seat is not None
            key = (line.code, line.stage_at)
            if key in self._answered:
                continue
            self._answered.add(key)
            self._consider(line, line.seat.answer_by)

    def _consider(self, line: RequestLine, answer_by: datetime) -> None:
        simulation, answer = self._simulation, self._answer(line)
        case = self._filing.cases[line.code]
        simulation.act_at(answer_by + _A_MINUTE)
        if answer is Answer.SAYS_NOTHING:
            return
        hours = 0.8 * (answer_by - simulation.clock.now) / timedelta(hours=1)
        at = min(
            simulation.soon(min(0.2, hours), min(hours, _PATIENCE_HOURS)), answer_by - _A_MINUTE
        )
        action = "confirm" if answer is Answer.COMES else "give_up_seat"
        simulation.plan(at, partial(self._filing.step, case.citizen, case, action))
        if answer is Answer.GIVES_UP:
            simulation.act_at(at + _A_MINUTE)

    def _answer(self, line: RequestLine) -> Answer:
        assert line.seat is not None
        if line.seat.monday > LAST_MONDAY and line.district in self._busy:
            left = self._last_answers[line.district]
            return left.pop() if left else Answer.SAYS_NOTHING
        return self._answers.deal()
