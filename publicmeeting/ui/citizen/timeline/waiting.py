"""Her place in the line: a free seat, the list, the Mondays on which she can come, the estimate,
and what judges decide: her lane, and a contest of an absence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import reflex as rx

from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import (
    day_month,
    weekday_day,
)
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.reasons_text import LANE_REASON
from publicmeeting.text.line import lanes_text, listing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.outlook import Wait
from publicmeeting.ui.citizen.timeline.forms import Steps, answer_line, move_button, open_form
from publicmeeting.ui.citizen.timeline.moves import LANE, LIST, NO_MOVE, Move
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.flow import Handler, any_of, each, pick, shown
from publicmeeting.ui.design.frames import section
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Choice
from publicmeeting.ui.design.paper import estimate
from publicmeeting.ui.design.sheets import badge, notice, sheet, spoken
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute
from publicmeeting.ui.shell.parts.line import Reply, reply
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.offers import FreeSeats, FreeWant
from publicmeeting.usecases.tracking.turn import (
    FROZEN,
    ORIGINAL_FIRST,
    ComingMonday,
    MyContest,
    MyLane,
    MyList,
)

_NO_BADGE = Badge()


_TAKE_FREE = f"/{Action.TAKE_FREE}"
"""Key of the step that takes a free seat, whichever time."""


@dataclass(frozen=True)
class LaneView(ViewModel):
    """Her request for a lane: who has answered, and why; nothing is drawn unless `shown`."""

    shown: bool = False
    head: str = ""
    badge: Badge = _NO_BADGE
    text: str = ""
    more: str = ""
    reasons: tuple[str, ...] = ()
    why_not: str = ""
    ask: Move = NO_MOVE


NO_LANE = LaneView()


@dataclass(frozen=True)
class ContestView(ViewModel):
    """Her contest while it is judged; nothing is drawn without `head`."""

    head: str = ""
    badge: Badge = _NO_BADGE
    text: str = ""


NO_CONTEST = ContestView()


@dataclass(frozen=True)
class ListView(ViewModel):
    """Whether she is in the list; empty outside the hours for objections.

    She may object once, and may deny an act in her name at any time of these hours.
    """

    title: str = ""
    head: str = ""
    why: str = ""
    until: str = ""
    row: str = ""
    """Address of her own row. The ticket is behind the `#`, which no server receives."""
    ask: str = ""
    """Label of her button; "" if there is none."""


NO_LIST = ListView()


@dataclass(frozen=True)
class MondayView:
    """A Monday that she may exclude from the draw or include again."""

    on: str
    text: str
    word: str
    out: bool


def free_times(free: FreeSeats) -> tuple[Choice, ...]:
    return tuple(
        Choice(time, case_text.FREE_TIME.format(time=dates_text.clock(time))) for time in free.times
    )


def monday_view(monday: ComingMonday) -> MondayView:
    return MondayView(
        monday.on.isoformat(),
        day_month(monday.on),
        case_text.CANNOT_COME if monday.out else case_text.CAN_COME,
        monday.out,
    )


def lane_view(lane: MyLane | None, ask: Move, dates: DateWords) -> LaneView:
    """Return the state of her request for a lane; `ask` is the step that makes one, while it is
    open."""
    if lane is None:
        return NO_LANE
    why_not = refusal(lane.why) if lane.why in {FROZEN, ORIGINAL_FIRST} else ""
    if lane.lane is Lane.GENERAL:
        return LaneView(shown=bool(ask.key or why_not), ask=ask, why_not=why_not)
    if lane.verdict is None:
        return _open_lane(lane, dates)
    return _decided_lane(lane, ask, why_not)


def _open_lane(lane: MyLane, dates: DateWords) -> LaneView:
    assert lane.due_at is not None
    answered = persian(lane.answered)
    if lane.late_days:
        late = dates_text.late_words(lane.late_days)
        text = lanes_text.LATE_MEANS.format(answered=answered, late=late)
        badge = Badge(late, "brick", "flag")
    else:
        text = lanes_text.ASKED_MEANS.format(answered=answered, until=dates.until(lane.due_at))
        badge = Badge(dates.left(lane.due_at), "neutral", "clock")
    head = lanes_text.ASKED.format(lane=needs_text.LANE[lane.lane])
    return LaneView(shown=True, head=head, badge=badge, text=text, more=lanes_text.MEANWHILE)


def _decided_lane(lane: MyLane, ask: Move, why_not: str) -> LaneView:
    is_granted = lane.verdict is Verdict.YES
    head = lanes_text.GRANTED if is_granted else lanes_text.REFUSED
    return LaneView(
        shown=True,
        head=head.format(lane=needs_text.LANE[lane.lane]),
        text=lanes_text.GRANTED_MEANS if is_granted else lanes_text.REFUSED_MEANS,
        reasons=tuple(
            lanes_text.REASON[verdict].format(reason=LANE_REASON[reason])
            for verdict, reason in lane.reasons
        ),
        why_not=why_not,
        ask=ask,
    )


def contest_view(contest: MyContest, dates: DateWords) -> ContestView:
    """Return how many of the two judges have answered, and their deadline."""
    answered = persian(contest.answered)
    if contest.late_days:
        late = dates_text.late_words(contest.late_days)
        badge = Badge(late, "brick", "flag")
        text = lanes_text.CONTEST_LATE_MEANS.format(answered=answered, late=late)
    else:
        badge = Badge(dates.left(contest.due_at), "neutral", "clock")
        until = dates.until(contest.due_at)
        text = lanes_text.CONTEST_MEANS.format(answered=answered, until=until)
    if not contest.has_judges:
        text = lanes_text.CONTEST_NOBODY
    return ContestView(lanes_text.CONTEST_HEAD, badge, text)


def list_view(found: MyList, dates: DateWords) -> ListView:
    title = listing_text.TITLE.format(day=weekday_day(found.monday))
    if found.listed:
        row = f"/verify/#d={found.district}&t={found.ticket}&draw={found.draw}"
        return ListView(title=title, head=listing_text.IN_IT, why=listing_text.IN_IT_WHY, row=row)
    if found.is_added and found.until is not None:
        why = listing_text.ADDED_WHY.format(moment=dates_text.moment(found.until))
        return ListView(title=title, head=listing_text.ADDED, why=why)
    if found.until is None:
        return ListView(
            title=title,
            head=listing_text.WAS_NOT_IN_IT,
            why=listing_text.SHOULD_BE,
            ask=listing_text.ASK_LATE,
        )
    until = listing_text.OBJECT_UNTIL.format(until=dates.until(found.until))
    out = ListView(title=title, head=listing_text.NOT_IN_IT, until=until)
    if found.may_void:
        return replace(out, why=listing_text.NOT_ME, ask=listing_text.VOID)
    why = listing_text.ABSENT[found.absence] if found.absence else listing_text.SHOULD_BE
    if found.objected:
        return replace(out, why=f"{why} {listing_text.ASKED}", until="")
    more = listing_text.IF_WRONG if found.absence else ""
    return replace(out, why=f"{why} {more}".strip(), ask=listing_text.ASK)


class WaitingSteps(Steps, mixin=True):
    """Mixin: a free seat, her Mondays, and «I am not in the list»."""

    list_reply: Reply = Reply()
    """The answer to «I am not in the list»."""

    def _free_seat(self) -> tuple[Sequence[Choice], Move]:
        """Return the times of the free seat that the page shows, and the step that takes one."""
        raise NotImplementedError

    @rx.event
    async def choose_time(self, time: str) -> None:
        """Select the free seat of this time before she confirms it; "" deselects."""
        times = {choice.value for choice in self._free_seat()[0]}
        self.free_time = time if time in times else ""

    @rx.event
    async def take_time(self, time: str) -> None:
        """Take the free seat of this time."""
        self.free_time = ""
        _, move = self._free_seat()
        if not move.key:
            self._moved_on(_TAKE_FREE)
            return
        await self._take(move, {"time": str(time)})

    @rx.event
    async def monday(self, on: str, out: bool) -> None:  # noqa: FBT001 (an event carries no names)
        """Exclude a Monday from her draws, or include it again."""
        action = Action.INCLUDE if out else Action.EXCLUDE
        command = {"code": self._code(), "action": action.value, "monday": str(on)}
        self.place = "mondays"
        await execute(self, take_step, TakeStep, command)
        if wrong := self.errors.get("monday"):
            # a Monday is a button here, so its error belongs to no field
            self.errors, self.refused = {}, wrong
        await self._read()

    @rx.event
    async def object_to_list(self) -> None:
        """«I am not in the list»: count the list again and show the answer below."""
        self.place, self.busy, self.list_reply = LIST, True, Reply()
        answer = await execute(self, object_to_list, ObjectToList)
        self.busy = False
        await self._read()
        if answer is not None:
            self.list_reply = reply(answer)


@dataclass(frozen=True)
class WantView(ViewModel):
    """An offer of a seat that may become free: to ask for, or asked for; else `head` is empty."""

    head: str = ""
    lines: tuple[str, ...] = ()
    ask: Move = NO_MOVE


NO_WANT = WantView()


def want_view(want: FreeWant, ask: Move, dates: DateWords) -> WantView:
    """Return what she may ask for, and once she has asked what her right is and until when."""
    day, until = weekday_day(want.monday), dates.until(want.until)
    if want.is_asked:
        lines = (
            case_text.WANTED_ON.format(day=day),
            case_text.WANTED_RIGHT,
            case_text.WANTED_UNTIL.format(until=until),
        )
        return WantView(case_text.WANTED, lines)
    lines = (
        case_text.WANT_ON.format(day=day),
        case_text.WANT_HOW,
        case_text.WANT_UNTIL.format(until=until),
    )
    return WantView(case_text.WANT, lines, ask)


def want_card(state: type[WaitingSteps], want: WantView) -> rx.Component:
    """An offer of a seat that may become free; one tap asks for it."""
    inside = rx.el.div(
        rx.el.h2(want.head, class_name="text-h3"),
        each(want.lines, lambda line: rx.el.p(line)),
        rx.cond(want.ask.key, rx.el.div(move_button(state, want.ask), class_name="grid")),
        class_name="grid gap-3",
    )
    return rx.cond(want.head, sheet(inside))


def free_card(
    state: type[WaitingSteps], free: str, until: str, times: Sequence[Choice], take: Move
) -> rx.Component:
    """A free seat that she may take now, at one of its times; a second tap takes it."""
    return rx.cond(
        take.key,
        rx.el.section(
            rx.el.div(rx.el.h2(case_text.FREE), class_name="call-head"),
            rx.el.div(
                rx.el.p(free, " ", until),
                rx.el.div(
                    each(times, lambda time: _free_time(state, time)),
                    role="group",
                    aria_label=case_text.FREE,
                    class_name="pair",
                ),
                _take_chosen(state),
                class_name="call-body",
            ),
            class_name="call",
        ),
    )


def _free_time(state: type[WaitingSteps], choice: Choice) -> rx.Component:
    """A button that only selects the time. A second tap takes it, so that a slip does not."""
    return rx.el.button(
        choice.label,
        type="button",
        aria_pressed=rx.cond(state.free_time == choice.value, "true", "false"),
        on_click=state.choose_time(choice.value),
        class_name="btn btn-secondary",
    )


def _take_chosen(state: type[WaitingSteps]) -> rx.Component:
    sure = rx.el.div(
        rx.el.p(case_text.FREE_SURE),
        rx.el.div(
            button(
                case_text.FREE_TAKE,
                on_click=state.take_time(state.free_time),
                busy=state.busy,
                busy_label=case_text.SENDING,
            ),
            button(case_text.CANCEL, kind="secondary", on_click=state.choose_time("")),
            class_name="pair",
        ),
        class_name="grid gap-3",
    )
    return spoken(rx.cond(state.free_time, sure))


def list_card(state: type[WaitingSteps], found: ListView) -> rx.Component:
    """Whether she is in the list, from the freeze to Tuesday evening and while a mistake is being
    corrected.

    The answer to her objection stays after these hours.
    """
    return rx.cond(
        found.title | state.list_reply.first | (state.place == LIST),
        list_sheet(
            found,
            state.list_reply,
            answer_line(state, LIST),
            on_ask=state.object_to_list,
            busy=state.busy,
        ),
    )


def list_sheet(
    found: ListView,
    reply: Reply,
    *refused: rx.Component,
    on_ask: Handler = None,
    busy: bool = False,
) -> rx.Component:
    """One sentence about whether she is in the list, then what she can do about it."""
    answer = rx.el.div(
        shown(reply.first, notice(reply.first, reply.rest, tone=reply.tone)),
        role="alert",
        class_name="empty:hidden",
    )
    ask = button(
        found.ask, kind="secondary", on_click=on_ask, busy=busy, busy_label=listing_text.CHECKING
    )
    stands = rx.el.div(
        rx.el.p(rx.el.strong(found.head)), rx.el.p(found.why, class_name="text-ink2")
    )
    return sheet(
        rx.el.div(
            shown(found.title, rx.el.h2(found.title, class_name="text-h3")),
            pick(reply.first, rx.fragment(), shown(found.head, stands)),
            *refused,
            answer,
            shown(found.until, rx.el.p(found.until, class_name="text-meta text-ink2")),
            shown(found.ask, ask),
            shown(
                found.row,
                button(listing_text.MY_ROW, kind="secondary", href=found.row, native=True),
            ),
            class_name="grid gap-3",
        )
    )


def contest_card(contest: ContestView) -> rx.Component:
    """Her contest of a no-show, while two officers judge it. The road shows the result."""
    standing = sheet(
        rx.el.div(
            rx.el.div(
                rx.el.h3(contest.head, class_name="text-h3"),
                badge(contest.badge),
                class_name="flex flex-wrap items-center justify-between gap-2",
            ),
            rx.el.p(lanes_text.CONTEST_WHO),
            rx.el.p(contest.text),
            rx.el.p(lanes_text.CONTEST_THEN, class_name="text-ink2"),
            class_name="grid gap-3",
        )
    )
    return rx.cond(contest.head, section(lanes_text.CONTEST_TITLE, standing))


def wait_card(
    state: type[WaitingSteps], wait: Wait, mondays: Sequence[MondayView], lane: LaneView
) -> rx.Component:
    """Until she has a seat: the likely Mondays, those on which she can come, and her lane."""
    guess = rx.cond(
        wait.sentence,
        section(
            case_text.WAIT,
            sheet(estimate(wait.mondays, wait.sentence, wait.basis, wait.more)),
        ),
    )
    days = rx.cond(
        any_of(mondays),
        section(
            case_text.MONDAYS,
            rx.el.div(
                each(mondays, lambda monday: _monday(state, monday)),
                role="group",
                class_name="rows rows-two",
            ),
            answer_line(state, "mondays"),
            lead=case_text.MONDAYS_LEAD,
        ),
    )
    return rx.fragment(guess, days, lane_card(state, lane))


def _monday(state: type[WaitingSteps], monday: MondayView) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.cond(monday.out, icon("close", "sm"), icon("check", "sm")),
            class_name=rx.cond(monday.out, "tile t-raw size-9", "tile t-glazed size-9"),
        ),
        rx.el.span(
            rx.el.span(monday.text, class_name="block font-semibold"),
            rx.el.span(monday.word, class_name="block text-meta text-ink2"),
        ),
        type="button",
        aria_pressed=rx.cond(monday.out, "false", "true"),
        on_click=state.monday(monday.on, monday.out),
        class_name="row",
    )


def lane_card(state: type[WaitingSteps], lane: LaneView) -> rx.Component:
    """Her lane, below the Mondays and without emphasis: most citizens need none."""
    reasons = rx.el.div(
        rx.el.p(lanes_text.REASONS, class_name="text-ink2"),
        rx.el.ul(
            each(lane.reasons, lambda reason: rx.el.li(reason)),
            class_name="list-disc ps-5",
        ),
    )
    standing = sheet(
        rx.el.div(
            rx.el.div(
                rx.el.h3(lane.head, class_name="text-h3"),
                badge(lane.badge),
                class_name="flex flex-wrap items-center justify-between gap-2",
            ),
            rx.el.p(lane.text),
            rx.cond(lane.more, rx.el.p(lane.more, class_name="text-ink2")),
            rx.cond(any_of(lane.reasons), reasons),
            class_name="grid gap-3",
        )
    )
    return rx.cond(
        lane.shown | (state.move.place == LANE),
        section(
            lanes_text.TITLE,
            rx.cond(lane.head, standing),
            answer_line(state, LANE),
            rx.cond(lane.why_not, rx.el.p(lane.why_not, class_name="text-ink2")),
            rx.cond(lane.ask.key, rx.el.div(move_button(state, lane.ask), class_name="grid")),
            open_form(state, LANE),
            lead=rx.cond(lane.head, "", lanes_text.LEAD),
        ),
        answer_line(state, LANE),
    )
