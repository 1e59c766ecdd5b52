"""Requests that have come to a stage the only way there is: each step taken by its role."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import CLOCK, Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.sessions import Keys
from publicmeeting.usecases.steps import TakeStep, take_step
from support.citizens import Someone, citizen, file, someone
from support.city import City

_people = count(1000)


@dataclass(frozen=True, slots=True)
class Story:
    """One citizen and her request, and everybody who acts on it."""

    city: City
    who: Someone
    keys: Keys
    code: str

    @property
    def request(self) -> Request:
        """The request as it stands now."""
        office = self.city.office
        with office.store.work(office.clock(), reading=True) as work:
            found = work.requests.find(self.code)
        assert found is not None
        return found

    def citizen(self, action: str, **given: object) -> Request:
        """She takes a step herself."""
        return self.city.office.perform_now(take_step, self.keys, self._wish(action, given))

    def official(self, username: str, action: str, **given: object) -> Request:
        """An account of the city takes a step."""
        return self.by(self.city.as_(username), action, **given)

    def by(self, actor: Actor, action: str, **given: object) -> Request:
        return self.city.office.perform_as(actor, take_step, self._wish(action, given))

    def _wish(self, action: str, given: dict[str, object]) -> TakeStep:
        return TakeStep.model_validate({"code": self.code, "action": action, **given})


def begin(city: City, **form: object) -> Story:
    """A citizen of her own files a request in district 6."""
    who = someone(next(_people))
    keys = citizen(city.office, who.mobile)
    request = file(city.office, who, keys, **form)
    return Story(city, who, keys, request.code)


def _decline(story: Story) -> None:
    story.official("desk", Action.DECLINE, reason="other_body", note="این کار دادگاه است.")


ROADS: dict[Stage, tuple[Callable[[Story], object], ...]] = {
    Stage.SUBMITTED: (),
    Stage.NEEDS_INFO: (
        lambda story: story.official("desk", Action.ASK_INFO, note="نشانی دقیق کجاست؟"),
    ),
    Stage.DECLINED: (_decline,),
    Stage.ANSWERED: (
        lambda story: story.official("desk", Action.ANSWER, note="این هفته ترمیم می‌شود."),
    ),
    Stage.WAITING: (lambda story: story.official("desk", Action.ACCEPT),),
    Stage.WITHDRAWN: (lambda story: story.citizen(Action.WITHDRAW),),
}
"""Stage → the steps that lead there from a request just filed."""


def a_request(city: City, at: Stage = Stage.SUBMITTED, **form: object) -> Story:
    """A request that has walked to a stage; `form` changes what was filed."""
    story = begin(city, **form)
    for step in ROADS[at]:
        step(story)
    assert story.request.stage is at
    return story


__all__ = ["CLOCK", "Story", "a_request", "begin"]
