"""View models of looking up a request for a caller: what the officer tells her."""

from dataclasses import dataclass, field
from datetime import datetime

from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import UNCONFIRMED
from publicmeeting.domain.timeline import MarkState
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.notify.wording import notice_text
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing import assist_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.lifecycle.telephone_text import stage_meaning
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.ui.design.models import Choice, RoadStep
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.road import HER_MOVE, road_steps
from publicmeeting.usecases.meetings.in_hall.passes import SeatPass
from publicmeeting.usecases.tracking.by_code import StagesOnly
from publicmeeting.usecases.tracking.for_caller import CallersPage, Question

NOTE = "said-"
"""Prefix of the names of the text fields that she dictates."""


@dataclass(frozen=True)
class News:
    """One notice that has not reached her yet; `key` identifies it to the server."""

    key: int
    title: str
    read: str
    heard_label: str


@dataclass(frozen=True)
class Reply:
    """An answer that the officer may record for her; with a `question` it asks for confirmation."""

    action: str
    label: str
    question: str


@dataclass(frozen=True)
class Asked:
    """A question that she may answer in words.

    Action and order identify it to the server; `field` is the name of its text field.
    """

    action: str
    number: str
    title: str
    asked: str
    button: str
    field: str


@dataclass(frozen=True)
class Found(ViewModel):
    code: str = ""
    digits: str = ""
    sentences: tuple[str, ...] = ()
    news: tuple[News, ...] = ()
    replies: tuple[Reply, ...] = ()
    questions: tuple[Asked, ...] = ()
    hint: str = ""
    lanes: tuple[Choice, ...] = ()
    """The lanes that she may ask for now, with a document."""
    lane_note: str = ""
    """Why she may not ask for a lane."""
    road: tuple[RoadStep, ...] = ()


@dataclass(frozen=True)
class PassView(ViewModel):
    """The pass that a desk prints; a route of its own draws the picture."""

    src: str = ""
    alt: str = field(default="", repr=False)


def found_view(page: CallersPage) -> Found:
    stages = page.stages
    if stages is None:
        return Found()
    has_answer = stages.stage in HER_MOVE or page.missed_at is not None
    waits = has_answer and not page.is_proved
    lane = page.lane
    return Found(
        code=stages.code,
        digits=persian(stages.code),
        sentences=(*sentences(stages), *missed(page.missed_at)),
        news=tuple(
            News(
                call.id,
                notice_text(call.about).title,
                notice_text(call.about).text,
                assist_text.HEARD_LABEL.format(title=notice_text(call.about).title),
            )
            for call in page.news
            if call.about.role is Role.CITIZEN
        ),
        replies=tuple(
            Reply(
                answer.value,
                assist_text.ANSWER[answer.value],
                assist_text.ANSWER_SURE.get(answer.value, ""),
            )
            for answer in page.answers
        ),
        questions=tuple(asked_view(question, at) for at, question in enumerate(page.questions)),
        hint=assist_text.NOT_BY_DIGITS if waits else "",
        lanes=tuple(Choice(one.value, LANE[one]) for one in lane.may_ask) if lane else (),
        lane_note=refusal(lane.why) if lane and lane.why else "",
        road=tuple(road_steps(stages.marks, DateWords(stages.now), own=True)),
    )


def asked_view(question: Question, at: int) -> Asked:
    title = ACTION[question.action]
    if question.number:
        title = assist_text.OF_ORDER.format(question=title, number=persian(question.number))
    button = case_text.BUTTON[question.action]
    return Asked(
        question.action.value, question.number, title, question.asked, button, f"{NOTE}{at}"
    )


_TURN_KEPT = {
    False: road_text.TURN_KEPT,
    True: road_text.TURN_KEPT_BY_PHONE,
    None: road_text.TURN_KEPT_EITHER,
}
"""Sentence by whether she is telephoned; None if the caller has not proved who she is."""


def sentences(stages: StagesOnly) -> list[str]:
    """Return the stage, what it means for her, and the deadline."""
    by_telephone = stages.marks[-1].by_telephone if stages.marks else False
    seat, is_asked = stages.seat, stages.stage in UNCONFIRMED
    is_kept = is_asked and seat is not None and seat.needs_no_answer(stages.due_at)
    kept = _TURN_KEPT[by_telephone]
    found = [
        assist_text.STAGE_IS.format(district=persian(stages.district), stage=STAGE[stages.stage]),
        kept if is_kept else stage_meaning(stages.stage, by_telephone=by_telephone),
    ]
    if seat is not None:
        day, time = weekday_day(seat.monday), dates_text.clock(seat.time)
        found.append(assist_text.ITS_SEAT.format(day=day, time=time))
    if stages.due_at is not None and stages.now < stages.due_at and not is_kept:
        deadline = assist_text.YOU_HAVE if stages.stage in HER_MOVE else assist_text.THEY_HAVE
        found.append(deadline.format(until=dates_text.until_words(stages.due_at)))
    late = max((mark.late_days for mark in stages.marks if mark.state is MarkState.NOW), default=0)
    if late:
        found.append(assist_text.CITY_LATE.format(late=dates_text.late_words(late)))
    return found


def missed(at: datetime | None) -> list[str]:
    """Return that she missed her turn and has three days to contest it.

    The road says so too, but far below.
    """
    if at is None:
        return []
    day, until = weekday_day(tehran_day(at)), dates_text.until_words(at + CONTEST_WITHIN)
    return [assist_text.MISSED.format(day=day, until=until)]


def pass_view(seat: SeatPass) -> PassView:
    day, time = weekday_day(seat.monday), dates_text.clock(seat.time)
    alt = assist_text.SLIP_ALT.format(name=seat.name, day=day, time=time)
    return PassView(f"/pass/{seat.code}.png", alt)
