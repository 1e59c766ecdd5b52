"""Documents for a lane: a citizen asks for it, and two officers whom the clock picked answer."""

from dataclasses import dataclass
from typing import Any

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.line.lanes import open_lane_ask
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.line.lanes import AskLane, ask_lane
from publicmeeting.usecases.screening.lane_judging import JudgeLane, judge_lane, lane_list
from support.line import MONDAY, WEDNESDAY, Citizen, Line

REASON = {
    ("access", "yes"): "certified",
    ("access", "no"): "expired",
    ("urgent", "yes"): "date_near",
    ("urgent", "no"): "date_far",
}

DESKS, UNITS = {"desk", "second_desk"}, {"technical", "services"}
"""Accounts that work at the desk of district 6, and accounts that work in a unit."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Steps about lanes, for the citizens of a line."""

    line: Line

    def picture(self, citizen: Citizen, blob: str = "2") -> str:
        """Add a picture she has just sent, and return its id."""
        made = KeepPhoto(
            kind=PictureKind.PROOF,
            web=blob * 64,
            thumb="3" * 64,
            original="4" * 64,
            width=10,
            height=10,
        )
        return self.line.city.application.execute_as(citizen.actor, keep_photo, made).id

    def ask(self, citizen: Citizen, lane: str = "access", **other: Any) -> None:
        photos = other.pop("photos", None) or (self.picture(citizen),)
        command = AskLane(code=citizen.code, lane=lane, photos=photos, **other)
        self.line.city.application.execute_as(citizen.actor, ask_lane, command)

    def ask_id(self, citizen: Citizen) -> str:
        with self.line.reading() as uow:
            newest = uow.lanes.newest(citizen.request)
        assert newest is not None
        return newest[0]

    def tasks(self, username: str) -> list[str]:
        """Return the ids of the asks in this officer's list."""
        actor = self.line.city.as_(username)
        return [
            lane_line.id
            for lane_line in self.line.city.application.query_as(actor, lane_list, Nothing()).lines
        ]

    def judges(self, citizen: Citizen) -> list[Actor]:
        """Return the two officers whom the clock picked for her open ask."""
        ask = open_lane_ask(citizen.request)
        assert ask is not None
        with self.line.reading() as uow:
            accounts = [uow.accounts.get(one) for one in ask.judges]
        return [Actor(account_id=a.id, name=a.username, grants=a.grants) for a in accounts if a]

    def judge(self, actor: Actor, ask_id: str, verdict: str, lane: str = "access") -> None:
        command = JudgeLane(id=ask_id, verdict=verdict, reason=REASON[lane, verdict])
        self.line.city.application.execute_as(actor, judge_lane, command)

    def decide(self, citizen: Citizen, *verdicts: str, lane: str = "access") -> None:
        """Let both officers answer."""
        ask_id = self.ask_id(citizen)
        for actor, verdict in zip(self.judges(citizen), verdicts, strict=True):
            self.judge(actor, ask_id, verdict, lane)


def granted_lane(citizen: Citizen) -> Lane:
    """Return the lane that both officers agreed to; the request has it from the next night on."""
    decided = citizen.request.last(Action.DECIDE_LANE)
    is_granted = decided is not None and decided.payload["verdict"] == "yes"
    return Lane(str(decided.payload["lane"])) if decided and is_granted else Lane.GENERAL


def by_a_lane(line: Line) -> list[Citizen]:
    """Return two confirmed citizens on Monday at 8:50: one seated by a lane, one by the line."""
    citizens, documents = line.file(14), Documents(line)
    documents.ask(citizens[5])
    documents.decide(citizens[5], "yes", "yes")
    line.until(WEDNESDAY, "20:00")
    seated = [one for one in citizens if one.request.seat]
    hers = next(one for one in seated if one.request.seat.why == "lane:access")
    other = next(one for one in seated if one.request.seat.why == "line")
    for citizen in (hers, other):
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:50")
    return [hers, other]
