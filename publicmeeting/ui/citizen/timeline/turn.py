"""Her turn: the invitation or the pass, and the field for the hall's code."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import reflex as rx

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.records import Monday, Seat
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import (
    clock_words,
    day_month,
    day_words,
    month_name,
    parts,
    weekday_day,
    weekday_name,
)
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing import filing_text, receipt_text, slips_text
from publicmeeting.text.lifecycle.reasons_text import because
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.ui.citizen.outlook import NO_WAIT, Wait, wait_view
from publicmeeting.ui.citizen.shared import field_name, maps_of
from publicmeeting.ui.citizen.timeline.forms import (
    LONGEST_CODE,
    answer_line,
    move_button,
    open_form,
)
from publicmeeting.ui.citizen.timeline.moves import (
    HALL,
    NO_MOVE,
    TURN,
    Move,
    is_offer,
    move_of,
    only,
)
from publicmeeting.ui.citizen.timeline.waiting import (
    NO_CONTEST,
    NO_LANE,
    NO_LIST,
    NO_WANT,
    ContestView,
    LaneView,
    ListView,
    MondayView,
    WaitingSteps,
    WantView,
    contest_view,
    free_card,
    free_times,
    lane_view,
    list_view,
    monday_view,
    want_card,
    want_view,
)
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import error_summary, field
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.icons import NEED_SIGN, icon
from publicmeeting.ui.design.models import Choice, Invitation, Pass, PassLine, Tile
from publicmeeting.ui.design.paper import fingerprint, invitation, pass_sheet
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute
from publicmeeting.ui.shell.parts.line import cost_words
from publicmeeting.usecases.line.offers import FreeSeats
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, MyHall, check_in
from publicmeeting.usecases.meetings.in_hall.passes import SeatPass
from publicmeeting.usecases.tracking.timeline import TimelinePage
from publicmeeting.usecases.tracking.turn import CalledOff, MyTurn

_OF_A_SEAT = (Action.GIVE_UP_SEAT, Action.MOVE_ONCE)
_OF_AN_OFFER = (Action.GIVE_UP_SEAT,)
"""A seat that is only offered can be accepted or declined, but not moved yet."""
_NO_CALL = Invitation("", "", "", "", "", "", "")
_NO_PASS = Pass("", "", 0, "", "", "", "", (), "", "", "", "", "", "", "", "", "")


_PRINT_ALONE = """(() => {
  const { classList } = document.documentElement;
  classList.add("prints-pass");
  addEventListener("afterprint", () => classList.remove("prints-pass"), { once: true });
  window.print();
})()"""
"""Print her pass alone: the whole page would be four sheets."""


@dataclass(frozen=True)
class HallView(ViewModel):
    """On the day: the field for the hall's code, or since when she is noted and what comes next."""

    head: str = ""
    lead: str = ""
    more: str = ""
    may_say: bool = False
    typed: str = ""
    """The code from the QR on the hall's screen."""


NO_HALL = HallView()


@dataclass(frozen=True)
class TurnView(ViewModel):
    """Her turn. Empty parts are not shown."""

    off: str = ""
    """That her Monday is not held, and why."""
    off_means: str = ""
    elsewhere_head: str = ""
    elsewhere: str = ""
    """Where her Monday is held, if not in the district's hall."""
    hall: HallView = NO_HALL
    call: Invitation = _NO_CALL
    confirm: Move = NO_MOVE
    others: tuple[Move, ...] = ()
    why: tuple[str, ...] = ()
    """Why a step of the turn is not open to her now."""
    card: Pass = _NO_PASS
    lines: tuple[PassLine, ...] = ()
    log: str = ""
    log_seal: str = ""
    """The part of the log's root that is drawn as tiles."""
    map: str = ""
    web_map: str = ""
    keeps: str = ""
    free: str = ""
    free_until: str = ""
    free_times: tuple[Choice, ...] = ()
    take: Move = NO_MOVE
    want: WantView = NO_WANT
    mondays: tuple[MondayView, ...] = ()
    lane: LaneView = NO_LANE
    contest: ContestView = NO_CONTEST
    list: ListView = NO_LIST
    wait: Wait = NO_WAIT


def turn_view(page: TimelinePage, turn: MyTurn, moves: tuple[Move, ...]) -> TurnView:
    request, card = page.request, turn.seat_pass
    outlook = None if page.is_displaced else turn.outlook  # displaced: it is in no line
    steps = (*page.steps, *(step for step, _ in page.refused))
    is_invited = any(step.action is Action.CONFIRM for step in steps)
    costs = cost_words(
        turn.cost,
        request.seat,
        page.dates,
        is_owed=bool(request.debt),
        silence_costs=turn.silence_costs,
    )
    confirm, take, ask_lane = (
        move_of(moves, action) for action in (Action.CONFIRM, Action.TAKE_FREE, Action.ASK_LANE)
    )
    is_offered = is_offer(turn)
    off, off_means = _called_off(turn.called_off, by_telephone=turn.by_telephone)
    comes = card is not None and not card.by_telephone
    elsewhere_head, elsewhere = _elsewhere(page.day) if comes and page.day else ("", "")
    view = TurnView(
        off=off,
        off_means=off_means,
        elsewhere_head=elsewhere_head,
        elsewhere=elsewhere,
        hall=hall_view(turn.hall, page.dates) if turn.hall else NO_HALL,
        call=_invitation(page, turn, request.seat, costs)
        if is_invited and request.seat and card is None
        else _NO_CALL,
        confirm=confirm,
        others=only(moves, *(_OF_AN_OFFER if is_offered else _OF_A_SEAT)),
        why=() if page.needs_no_answer else tuple(_refusals(page.refused)),
        keeps=costs,
        take=take,
        want=want_view(turn.want, move_of(moves, Action.WANT_FREE), page.dates)
        if turn.want
        else NO_WANT,
        lane=lane_view(turn.lane, ask_lane, page.dates),
        contest=contest_view(turn.contest, page.dates) if turn.contest else NO_CONTEST,
        list=list_view(turn.list, page.dates) if turn.list else NO_LIST,
        mondays=tuple(monday_view(monday) for monday in turn.coming),
        wait=wait_view(outlook) if outlook else NO_WAIT,
    )
    if card:
        view = _with_pass(view, card)
    return _with_free_seats(view, turn.free, page.dates) if turn.free and take.key else view


def _with_pass(view: TurnView, card: SeatPass) -> TurnView:
    map_, web_map = _maps(card)
    return replace(
        view,
        card=_pass(card),
        lines=pass_lines(card),
        log=card.log.printed,
        log_seal=card.log.root[:8],
        map=map_,
        web_map=web_map,
    )


def _with_free_seats(view: TurnView, free: FreeSeats, dates: DateWords) -> TurnView:
    return replace(
        view,
        free=case_text.FREE_ON.format(day=weekday_day(free.monday)),
        free_until=case_text.FREE_UNTIL.format(until=dates.until(free.until)),
        free_times=free_times(free),
    )


def hall_view(hall: MyHall, dates: DateWords) -> HallView:
    """Return what she does in the hall, and when she will know."""
    assert hall.hours_end_at is not None
    known = case_text.HALL_SEATED if not hall.place else case_text.HALL_STANDBY
    if hall.place and hall.next_at:
        when = clock_words(hall.next_at)
        known = case_text.HALL_NEXT.format(place=persian(hall.place), time=when)
    elif hall.place:
        until = clock_words(hall.hours_end_at)
        known = case_text.HALL_NONE_FREE.format(place=persian(hall.place), until=until)
    if hall.present_at is None and hall.until_at and dates.now > hall.until_at:
        return HallView(case_text.HALL_LATE, case_text.HALL_LATE_LEAD)
    if hall.asks_card:
        return HallView(case_text.HALL_CARD, case_text.HALL_CARD_LEAD)
    if hall.present_at is None and hall.from_at and dates.now < hall.from_at:
        early = case_text.HALL_EARLY.format(time=clock_words(hall.from_at))
        return HallView(early, case_text.HALL_EARLY_LEAD)
    if hall.present_at is None:
        return HallView(case_text.HALL_HEAD, case_text.HALL_LEAD, known, may_say=True)
    noted = case_text.HALL_NOTED.format(time=clock_words(hall.present_at))
    return HallView(noted, known if hall.place else case_text.HALL_NOTED_SEATED)


def _elsewhere(day: Monday) -> tuple[str, str]:
    """Return that this Monday is not in the district's hall, or that its place is not confirmed."""
    if not day.place:
        return "", ""
    head = case_text.ELSEWHERE if day.is_genuine else case_text.PLACE_UNSURE
    return head, case_text.ELSEWHERE_AT.format(place=day.place)


def _called_off(off: CalledOff | None, *, by_telephone: bool) -> tuple[str, str]:
    """Return that her Monday is not held and why, and what follows for her."""
    if off is None:
        return "", ""
    sentence = case_text.WAS_OFF if off.is_over else case_text.IS_OFF
    head = sentence.format(day=weekday_day(off.monday), why=because(off.why))
    stays = case_text.NOT_RUNG if by_telephone else case_text.STAY_AWAY
    return head, case_text.OWED if off.is_over else f"{stays} {case_text.OWED}"


def _invitation(page: TimelinePage, turn: MyTurn, seat: Seat, costs: str) -> Invitation:
    request, needs_no_answer = page.request, page.needs_no_answer
    guest = page.day.guest if page.day else ""
    ends = request.due_at or seat.answer_by
    _, month, day = parts(seat.monday)
    return Invitation(
        head=road_text.TURN_KEPT_HEAD if needs_no_answer else _invitation_head(turn),
        left="" if needs_no_answer else _left(ends, page.dates),
        day=persian(day),
        month=month_name(month),
        date=day_words(seat.monday),
        time=dates_text.clock(seat.time),
        place=case_text.BY_TELEPHONE
        if turn.by_telephone
        else slips_text.where(request.district, page.address, page.hall),
        guest=case_text.GUEST.format(name=guest) if guest else "",
        deadline="" if needs_no_answer else page.dates.until(ends),
        deadline_after=_confirmed_words(turn) if needs_no_answer else road_text.TURN_BY_AFTER,
        reassurance=costs,
    )


def _confirmed_words(turn: MyTurn) -> str:
    return road_text.TURN_KEPT_BY_PHONE if turn.by_telephone else road_text.TURN_KEPT


def _invitation_head(turn: MyTurn) -> str:
    if not is_offer(turn):
        return road_text.TURN_HEAD
    return case_text.OFFER_HEAD_BY_PHONE if turn.by_telephone else case_text.OFFER_HEAD


def _left(ends: datetime, dates: DateWords) -> str:
    days = dates.days_left(ends)
    if days:
        return case_text.LEFT.format(left=days)
    left = dates.left(ends)
    return case_text.LEFT_TODAY.format(left=left) if dates.now < ends else left


def _refusals(refused: Iterable[tuple[Step, str]]) -> Iterable[str]:
    """Yield why she cannot confirm or move her seat now."""
    shown = {Action.CONFIRM, Action.MOVE_ONCE}
    return (refusal(key) for step, key in refused if step.action in shown)


def _pass(card: SeatPass) -> Pass:
    seats = tuple(Tile("now" if at == card.number else "plain") for at in range(1, card.seats + 1))
    return Pass(
        title=slips_text.PASS,
        district_name=filing_text.DISTRICT.format(district=persian(card.district)),
        district=card.district,
        weekday=weekday_name(card.monday),
        date=f"{day_month(card.monday)} {persian(parts(card.monday)[0])}",
        time_label=slips_text.TIME,
        time=dates_text.clock(card.time),
        seats=seats,
        seats_caption=slips_text.SEAT.format(number=persian(card.number)),
        name_label=slips_text.NAME,
        name=card.name,
        identity_label=slips_text.IDENTITY[card.kind],
        identity=card.identity,
        code_label=receipt_text.CODE,
        code=persian(card.code),
        qr=f"/qr/{card.code}.svg",
        qr_alt=case_text.QR_ALT,
    )


def pass_lines(card: SeatPass) -> tuple[PassLine, ...]:
    if card.by_telephone:
        return (PassLine("phone", case_text.BY_TELEPHONE),)
    lines = [PassLine("pin", slips_text.where(card.district, card.place.address, card.place.hall))]
    if card.guest:
        lines.append(PassLine("people", case_text.GUEST.format(name=card.guest)))
    lines += [
        PassLine(NEED_SIGN[need], slips_text.NEED[need])
        for need in AccessNeed
        if need in card.needs
    ]
    return (*lines, PassLine("doc", card.place.bring))


def _maps(card: SeatPass) -> tuple[str, str]:
    """Return an address for her phone's map, and one on the web; both "" if she is telephoned."""
    if card.by_telephone:
        return "", ""
    place = card.place
    return maps_of(place.point, slips_text.sought(card.district, place.address, place.hall))


class TurnSteps(WaitingSteps, mixin=True):
    """Mixin: checking in by the code on the hall's screen, and what she does without a seat."""

    @rx.event
    async def check_in(self, form: Form) -> AsyncIterator[None]:
        """Check in by the hall's code as she typed it. An error is shown at the field."""
        self.place = HALL
        self._begin()
        yield
        typed = {"code": self._code(), "hall": text_of(form.get(HALL))[:LONGEST_CODE]}
        wrong = await execute(self, check_in, CheckIn, typed)
        self.busy = False
        if wrong:
            self.errors = {HALL: refusal(wrong)}
        await self._read()
        if wrong == "":  # None is a refusal
            self.done = self._noted()

    def _noted(self) -> str:
        """Return since when she is noted in the hall, as the page shows it."""
        raise NotImplementedError


def turn_card(state: type[TurnSteps], turn: TurnView, code: str) -> rx.Component:
    """The invitation while it is open; the pass when she has confirmed that she comes."""
    call = rx.el.div(
        invitation(
            turn.call,
            rx.el.div(
                answer_line(state, TURN),
                rx.cond(
                    turn.confirm.key,
                    button(
                        turn.confirm.label,
                        on_click=state.tap(turn.confirm.key),
                        busy=state.busy,
                        busy_label=case_text.SENDING,
                    ),
                ),
                class_name="grid gap-4",
            ),
            each(turn.others, lambda move: move_button(state, move)),
        ),
        _why(turn.why),
        class_name="grid gap-4",
    )
    off = notice(turn.off, turn.off_means, tone="brick")
    # The place on the pass is below a QR code, and an older pass names another place.
    elsewhere = notice(turn.elsewhere_head, turn.elsewhere, tone="saffron")
    return rx.el.div(
        rx.cond(turn.off, off),
        rx.cond(turn.elsewhere, elsewhere),
        hall_card(state, turn.hall),
        rx.cond(
            turn.call.head,
            call,
            rx.cond(
                turn.card.code,
                _pass_card(state, turn, code),
                rx.fragment(
                    answer_line(state, TURN),
                    free_card(state, turn.free, turn.free_until, turn.free_times, turn.take),
                    want_card(state, turn.want),
                ),
            ),
        ),
        open_form(state, TURN),
        class_name="grid gap-4 empty:hidden",
    )


def _why(why: Sequence[str]) -> rx.Component:
    return rx.cond(
        any_of(why),
        rx.el.div(each(why, lambda reason: rx.el.p(reason, class_name="text-ink2"))),
    )


def _pass_card(state: type[TurnSteps], turn: TurnView, code: str) -> rx.Component:
    keep = rx.el.div(
        button(
            road_text.TURN_CALENDAR,
            kind="secondary",
            sign="calendar",
            stacked=True,
            href=f"/pass/{code}.ics",
            native=True,
        ),
        button(
            road_text.TURN_SAVE,
            kind="secondary",
            sign="download",
            stacked=True,
            href=f"/pass/{code}.png",
            native=True,
        ),
        button(
            road_text.TURN_PRINT,
            kind="secondary",
            sign="print",
            stacked=True,
            on_click=rx.run_script(_PRINT_ALONE),
        ),
        class_name="pair",
    )
    log = rx.el.div(
        fingerprint(turn.log_seal, slips_text.LOG),
        rx.el.p(
            rx.el.span(slips_text.LOG, class_name="block text-ink2"),
            ltr(turn.log, "font-semibold whitespace-normal break-all"),
            class_name="min-w-0",
        ),
        class_name="flex items-center gap-4",
    )
    return rx.el.div(
        answer_line(state, TURN),
        pass_sheet(turn.card, turn.lines),
        keep,
        shown(
            turn.map,
            rx.el.div(
                anchor(
                    icon("pin"),
                    road_text.TURN_MAP,
                    href=turn.map,
                    native=True,
                    class_name="link nav-link gap-2",
                ),
                anchor(
                    road_text.TURN_WEB_MAP,
                    href=turn.web_map,
                    native=True,
                    class_name="link nav-link",
                ),
                class_name="no-print flex flex-wrap gap-x-6",
            ),
        ),
        log,
        rx.cond(
            any_of(turn.others),
            rx.el.div(
                rx.el.p(turn.keeps, class_name="text-ink2"),
                rx.el.div(
                    each(turn.others, lambda move: move_button(state, move)), class_name="pair"
                ),
                class_name="grid gap-3",
            ),
        ),
        _why(turn.why),
        class_name="grid justify-items-stretch gap-4",
    )


def hall_card(state: type[TurnSteps], hall: HallView) -> rx.Component:
    """On the day of the meeting, above the rest of her turn: one field for the code on the hall's
    screen."""
    form = rx.el.form(
        error_summary(state.errors, state.answers),
        field(
            case_text.HALL_CODE,
            field_name(HALL),
            kind="number",
            value=hall.typed,
            max_length=10,
            error=state.errors[HALL],
        ),
        button(case_text.HALL_SEND, submit=True, busy=state.busy, busy_label=case_text.SENDING),
        rx.el.p(case_text.HALL_NO_PHONE, class_name="text-ink2"),
        on_submit=state.check_in,
        method="post",
        action="",
        class_name="grid gap-3",
    )
    ask = rx.el.section(
        rx.el.div(rx.el.h2(hall.head), class_name="call-head"),
        rx.el.div(
            rx.el.p(hall.lead),
            rx.el.p(hall.more),
            answer_line(state, HALL),
            form,
            class_name="call-body",
        ),
        class_name="call no-print",
    )
    # The answer to her press has the focus and says the head already.
    is_answered = (state.place == HALL) & state.done
    words = rx.cond(
        is_answered,
        notice(hall.lead, tone="glaze"),
        notice(hall.head, hall.lead, tone="glaze"),
    )
    noted = rx.fragment(answer_line(state, HALL), rx.cond(hall.head, words))
    return rx.cond(hall.may_say, ask, noted)
