"""State of looking up a request for a caller, and its view models: what the officer says.

The server knows what she has proved, until the call ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN
from publicmeeting.domain.lifecycle.timeline import MarkState
from publicmeeting.domain.people import masked_mobile
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import HER_MOVE, SEATED, UNCONFIRMED, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.notify.wording import notice_text
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords, in_order
from publicmeeting.text.filing import assist_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.lifecycle.telephone_text import stage_meaning
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.ui.design.models import Choice, Photo, RoadStep
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.parts.line import cost_words
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.ui.shell.photos import ids_of, photos_named
from publicmeeting.ui.shell.typed import notes_of, store_note
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.assisting import (
    PicturesOfCall,
    Way,
    assist_page,
    drop_pictures,
)
from publicmeeting.usecases.meetings.in_hall.passes import SeatPass, ShownCard, see_card
from publicmeeting.usecases.screening.calls import Call, OneCall
from publicmeeting.usecases.tracking.by_code import StagesOnly
from publicmeeting.usecases.tracking.for_caller import (
    CallersAnswer,
    CallersCase,
    CallersLane,
    CallersNumber,
    CallersPage,
    CallersWord,
    Question,
    answer_for_caller,
    ask_lane_for_caller,
    case_by_word,
    case_of_caller,
    end_call,
    mark_heard,
    send_tracking_code,
)

NOTE = "said-"
"""Prefix of the names of the text fields that she dictates."""
_STORED = "caller"
NOTHING: Mapping[str, str] = MappingProxyType({})


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

    Action and order identify it to the server; `field` is the name of its text field. `about` is
    the event that was read to her, `draft` what was written before and not sent.
    """

    action: str
    number: str
    title: str
    asked: str
    button: str
    field: str
    about: str = ""
    draft: str = ""


@dataclass(frozen=True)
class Found(ViewModel):
    code: str = ""
    digits: str = ""
    changed: str = ""
    """Warning for the officer that the database owner has written or changed a step."""
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


def found_view(page: CallersPage, drafts: Mapping[str, str] = NOTHING) -> Found:
    """Return what is shown of a case; `drafts` are her words by the names of their fields."""
    stages = page.stages
    if stages is None:
        return Found()
    has_answer = stages.stage in HER_MOVE | SEATED or page.lost is not None
    waits = has_answer and not page.is_proved
    lane = page.lane
    return Found(
        code=stages.code,
        digits=persian(stages.code),
        changed=road_text.CHANGED_OFFICE if stages.is_changed else "",
        sentences=(*sentences(stages), *_costs(page, stages), *missed(page.lost)),
        news=tuple(_news_view(call) for call in page.news if call.about.role is Role.CITIZEN),
        replies=tuple(
            Reply(
                answer.value,
                assist_text.ANSWER[answer.value],
                assist_text.ANSWER_SURE.get(answer.value, ""),
            )
            for answer in page.answers
        ),
        questions=tuple(asked_view(question, drafts) for question in page.questions),
        hint=assist_text.NOT_BY_DIGITS if waits else "",
        lanes=tuple(Choice(kind.value, LANE[kind]) for kind in lane.may_ask) if lane else (),
        lane_note=refusal(lane.why) if lane and lane.why else "",
        road=tuple(road_steps(stages.marks, DateWords(stages.now), own=True)),
    )


def _news_view(call: Call) -> News:
    words = notice_text(call.about)
    return News(call.id, words.title, words.text, assist_text.HEARD_LABEL.format(title=words.title))


def asked_view(question: Question, drafts: Mapping[str, str]) -> Asked:
    # By its question: a place would hand the words about one over to the next.
    name = f"{NOTE}{question.action.value}-{question.number}"
    title = ACTION[question.action]
    if question.number:
        title = assist_text.OF_ORDER.format(question=title, number=persian(question.number))
    button = case_text.BUTTON[question.action]
    return Asked(
        question.action.value,
        question.number,
        title,
        question.asked,
        button,
        name,
        question.about,
        drafts.get(name, ""),
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
    found = [
        *([assist_text.CHANGED] if stages.is_changed else []),
        assist_text.STAGE_IS.format(district=persian(stages.district), stage=STAGE[stages.stage]),
        _TURN_KEPT[by_telephone]
        if is_kept
        else stage_meaning(stages.stage, by_telephone=by_telephone),
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


def _costs(page: CallersPage, stages: StagesOnly) -> list[str]:
    """Return what giving her seat up costs now; she hears it before she answers."""
    words = cost_words(
        page.cost,
        stages.seat,
        DateWords(stages.now),
        is_owed=page.is_owed,
        silence_costs=page.silence_costs,
    )
    return [words] if words else []


def missed(lost: Event | None) -> list[str]:
    """Return how she lost her weeks, and until when she may contest it.

    The road says so too, but far below.
    """
    if lost is None:
        return []
    day, until = weekday_day(tehran_day(lost.at)), dates_text.until_words(lost.at + CONTEST_WITHIN)
    sentence = assist_text.MISSED if lost.action is Action.NO_SHOW else assist_text.GAVE_UP
    return [sentence.format(day=day, until=until)]


def pass_view(seat: SeatPass) -> PassView:
    day, time = weekday_day(seat.monday), dates_text.clock(seat.time)
    alt = assist_text.SLIP_ALT.format(name=seat.name, day=day, time=time)
    return PassView(f"/pass/{seat.code}.png", alt)


CASE, WORD = (by for by, _ in assist_text.FOLLOW_BY)
SAY = "to-say"
"""Id of the part with what to tell her; it gets the focus when her case opens."""
_MOST = 40
"""Maximum characters read of a number."""


@dataclass(frozen=True)
class Around(ViewModel):
    by: str = ""
    """How the case is looked up; "" stands for `CASE`, because a blank view is undefined in the
    browser."""
    sent_to: str = ""
    """The masked mobile that received a code in this call."""
    at_desk: bool = False
    """Whether this officer works at a desk and sees identity cards."""
    call: str = "0"
    """How many callers this tab has served: the forms are new for each."""


class FollowState(Asking, rx.State):
    """State of `/assist/follow/`."""

    found: Found = Found()
    shown_pass: PassView = PassView()
    around: Around = Around()
    photos: list[Photo] = []
    """Photos of her document, just taken."""
    by = VarField[str]("around")
    sent_to = VarField[str]("around")
    at_desk = VarField[bool]("around")
    _mobile: str = ""

    @rx.event
    async def load(self) -> None:
        """Read whether the officer may use the page; an open case stays open."""
        self.errors, self.refused = {}, ""
        await read_rail(self)
        seen = await query(self, assist_page, Nothing())
        if seen is not None:
            self.at_desk = Way.CARD in seen.ways

    @rx.event
    async def choose_by(self, by: str) -> None:
        """Choose what she has: her tracking code, or her national code and a mobile."""
        if by in (CASE, WORD):
            self.by, self.errors, self.refused = "" if by == CASE else by, {}, ""

    @rx.event
    async def open_case(self, form: Form) -> Any:
        """Open the case by tracking code and digits."""
        page = await self._do(
            case_of_caller,
            CallersCase,
            code=_typed(form, "case"),
            digits=_typed(form, "digits"),
        )
        return await self._show(page, "digits", "case")

    @rx.event
    async def send(self, form: Form) -> Any:
        """Send a code to her mobile."""
        mobile = _typed(form, "mobile")
        budget = settings().sms_codes_a_day
        sent = await self._do(send_tracking_code, CallersNumber, mobile=mobile, budget=budget)
        if sent is None:
            return None
        self._mobile, self.sent_to = mobile, in_order(masked_mobile(sent))
        return rx.set_focus("identity")

    @rx.event
    async def open_by_code(self, form: Form) -> Any:
        """Open the case by her national code and the code she reads out; a second press does
        nothing."""
        if self.found.code:
            return None
        page = await self._do(
            case_by_word,
            CallersWord,
            kind=_typed(form, "kind") or "national",
            identity=_typed(form, "identity"),
            mobile=self._mobile,
            code=_typed(form, "code"),
        )
        return await self._show(page, "code", "identity")

    @rx.event
    async def other_mobile(self) -> None:
        """Forget the mobile, because she does not have it at hand."""
        self._mobile = self.sent_to = ""
        self.errors = {}

    @rx.event
    async def answer_for_her(self, action: str) -> None:
        """Record her answer to her invitation."""
        page = await self._do(
            answer_for_caller, CallersAnswer, code=self.found.code, action=text_of(action)
        )
        if page is not None:
            self.found = found_view(page, self._drafts())
            self.done = assist_text.ANSWERED[text_of(action)]

    @rx.event
    async def keep_words(self, words: str, code: str, field: str) -> None:
        """Store her words at a pause in typing, until they are sent or the call ends."""
        if code != self.found.code or field not in self._drafts():
            return
        await self._keep(field, text_of(words))

    def _drafts(self) -> dict[str, str]:
        return {question.field: question.draft for question in self.found.questions}

    async def _keep(self, field: str, words: str) -> None:
        questions = tuple(
            replace(one, draft=words) if one.field == field else one for one in self.found.questions
        )
        self.found = replace(self.found, questions=questions)
        await store_note(self, f"{_STORED}/{self.found.code}", field, words)

    @rx.event
    async def answer_in_words(self, form: Form) -> Any:
        """Record her answer to a question, in the officer's words.

        If it is refused, the text stays typed and the refusal is shown at its form, which is far
        below the page's own place for refusals.
        """
        action, number = text_of(form.get("action")), text_of(form.get("number"))
        asked = next(
            (
                question
                for question in self.found.questions
                if (question.action, question.number) == (action, number)
            ),
            None,
        )
        page = await self._do(
            answer_for_caller,
            CallersAnswer,
            code=self.found.code,
            action=action,
            number=number,
            note=next((text_of(form[name]) for name in form if name.startswith(NOTE)), ""),
            about=asked.about if asked else "",
        )
        if page is not None:
            if asked:
                await self._keep(asked.field, "")
            self.found = found_view(page, self._drafts())
            self.done = assist_text.QUESTION_ANSWERED.format(question=asked.title if asked else "")
        elif asked and (words := self.refused or next(iter(self.errors.values()), "")):
            self.errors, self.refused = {asked.field: words}, ""

    @rx.event
    async def photos_changed(self, ids: list[str]) -> None:
        """Show the photos again after one of her document was added or removed."""
        self.photos = list(photos_named(ids))

    @rx.event
    async def ask_lane(self, form: Form) -> None:
        """Ask for a lane with her document; if it is refused, its photos stay."""
        page = await self._do(
            ask_lane_for_caller,
            CallersLane,
            code=self.found.code,
            lane=_typed(form, "lane"),
            photos=ids_of(self.photos),
        )
        if page is None:
            # The form is far below the page's own place for refusals.
            self.errors, self.refused = {"lane": self.refused}, ""
            return
        self.found, self.photos = found_view(page, self._drafts()), []
        self.done = assist_text.LANE_ASKED

    @rx.event
    async def mark_heard(self, key: int) -> None:
        """Record that she has been told this notice."""
        await self._do(mark_heard, OneCall, notice=key)
        if not self.refused or self.why == "informed_already":
            news = tuple(notice for notice in self.found.news if notice.key != key)
            self.found = replace(self.found, news=news)
        if not self.refused:
            self.done = assist_text.HEARD_DONE

    @rx.event
    async def show_pass(self, form: Form) -> Any:
        """Show her pass, if the number of her card is the one of the case."""
        card = _typed(form, "card")
        seen = await self._do(see_card, ShownCard, code=self.found.code, identity=card)
        if seen is None:
            return None
        seat, refused = seen
        if seat is None:
            self.errors = {"card": refusal(refused)}
            return rx.set_focus("card")
        self.shown_pass = pass_view(seat)
        self.done = assist_text.SLIP_NAME_SEEN
        return None

    @rx.event
    async def next_call(self) -> Any:
        """End the call: delete everything of this caller, here and on the server."""
        call = str(int(self.around.call) + 1)
        if self.photos:
            await self._do(drop_pictures, PicturesOfCall, photos=ids_of(self.photos))
            self.photos = []
        await self._do(end_call, Nothing)
        for name in [one for one, words in self._drafts().items() if words]:
            await self._keep(name, "")
        self.found, self.shown_pass = Found(), PassView()
        self.around = Around(call=call, at_desk=self.at_desk)
        self._mobile = ""
        return rx.set_focus("case")

    async def _do(self, usecase: Any, command: Any, **fields: object) -> Any:
        return await execute(self, usecase, command, None, **fields)

    async def _show(self, page: CallersPage | None, proof: str, first: str) -> Any:
        """Show the case, or its refusal at the field of the proof.

        The refusal does not say which of the two values is wrong.
        """
        if page is None:
            return None
        if page.refused:
            self.errors = {proof: refusal(page.refused)}
            return rx.set_focus(first)
        self.shown_pass = PassView()
        code = page.stages.code if page.stages else ""
        self.found = found_view(page, await notes_of(self, f"{_STORED}/{code}") or NOTHING)
        return rx.set_focus(SAY)


def _typed(form: Form, name: str) -> str:
    return text_of(form.get(name))[:_MOST]
