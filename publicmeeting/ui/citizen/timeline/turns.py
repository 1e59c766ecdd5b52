"""View models of a citizen's turn: invitation or pass, free seat, Mondays, estimate, lane, list."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.records import Request, Seat
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import (
    clock_words,
    day_month,
    day_words,
    parts,
    weekday_day,
    weekday_name,
)
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing import filing_text, receipt_text, slips_text
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.lifecycle.reasons_text import LANE_REASON, because
from publicmeeting.text.line import lanes_text, listing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.ui.citizen.outlook import NO_WAIT, Wait, wait_view
from publicmeeting.ui.citizen.shared import maps_of
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move, is_offer, move_of, only
from publicmeeting.ui.design.models import Badge, Choice, Invitation, Pass, PassLine, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.lifecycle.effects.costs import LATE, THIRD
from publicmeeting.usecases.line.offers import FreeSeats
from publicmeeting.usecases.meetings.in_hall.hall import MyHall
from publicmeeting.usecases.meetings.in_hall.passes import SeatPass
from publicmeeting.usecases.tracking.timeline import TimelinePage
from publicmeeting.usecases.tracking.turn import (
    FROZEN,
    ORIGINAL_FIRST,
    CalledOff,
    ComingMonday,
    MyContest,
    MyLane,
    MyList,
    MyTurn,
)

_NO_BADGE = Badge()


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
class HallView(ViewModel):
    """On the day: the field for the hall's code, or since when she is noted and what comes next."""

    head: str = ""
    lead: str = ""
    more: str = ""
    may_say: bool = False
    typed: str = ""
    """The code from the QR on the hall's screen."""


NO_HALL = HallView()


_OF_A_SEAT = (Action.GIVE_UP_SEAT, Action.MOVE_ONCE)
_OF_AN_OFFER = (Action.GIVE_UP_SEAT,)
"""A seat that is only offered can be accepted or declined, but not moved yet."""
_NO_CALL = Invitation("", "", "", "", "", "", "")
_NO_PASS = Pass("", "", 0, "", "", "", "", (), "", "", "", "", "", "", "", "", "")


@dataclass(frozen=True)
class MondayView:
    """A Monday that she may exclude from the draw or include again."""

    on: str
    text: str
    word: str
    out: bool


@dataclass(frozen=True)
class TurnView(ViewModel):
    """Her turn. Empty parts are not shown."""

    off: str = ""
    """That her Monday is not held, and why."""
    off_means: str = ""
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
    costs = _costs(request, turn, page.dates)
    confirm, take, ask_lane = (
        move_of(moves, action) for action in (Action.CONFIRM, Action.TAKE_FREE, Action.ASK_LANE)
    )
    is_offered = is_offer(turn)
    free = turn.free if take.key else None
    off, off_means = _called_off(turn.called_off, by_telephone=turn.by_telephone)
    return TurnView(
        off=off,
        off_means=off_means,
        elsewhere=case_text.ELSEWHERE_AT.format(place=page.day.place)
        if card and not card.by_telephone and page.day and page.day.place
        else "",
        hall=hall_view(turn.hall, page.dates) if turn.hall else NO_HALL,
        call=_invitation(page, turn, request.seat, costs)
        if is_invited and request.seat and card is None
        else _NO_CALL,
        confirm=confirm,
        others=only(moves, *(_OF_AN_OFFER if is_offered else _OF_A_SEAT)),
        why=() if page.needs_no_answer else tuple(_refusals(page.refused)),
        card=_pass(card) if card else _NO_PASS,
        lines=pass_lines(card) if card else (),
        log=card.log.printed if card else "",
        log_seal=card.log.root[:8] if card else "",
        map=_maps(card)[0] if card else "",
        web_map=_maps(card)[1] if card else "",
        keeps=costs,
        free=case_text.FREE_ON.format(day=weekday_day(free.monday)) if free else "",
        free_until=case_text.FREE_UNTIL.format(until=page.dates.until(free.until)) if free else "",
        free_times=_free_times(free) if free else (),
        take=take,
        lane=lane_view(turn.lane, ask_lane, page.dates),
        contest=contest_view(turn.contest, page.dates) if turn.contest else NO_CONTEST,
        list=list_view(turn.list, page.dates) if turn.list else NO_LIST,
        mondays=tuple(_monday(monday) for monday in turn.coming),
        wait=wait_view(outlook) if outlook else NO_WAIT,
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
    if hall.present_at is None and hall.from_at and dates.now < hall.from_at:
        early = case_text.HALL_EARLY.format(time=clock_words(hall.from_at))
        return HallView(early, case_text.HALL_EARLY_LEAD)
    if hall.present_at is None and hall.until_at and dates.now > hall.until_at:
        return HallView(case_text.HALL_LATE, case_text.HALL_LATE_LEAD)
    if hall.present_at is None:
        return HallView(case_text.HALL_HEAD, case_text.HALL_LEAD, known, may_say=True)
    noted = case_text.HALL_NOTED.format(time=clock_words(hall.present_at))
    return HallView(noted, known if hall.place else case_text.HALL_NOTED_SEATED)


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
    place = _place(request.district, page.address, page.hall)
    guest = page.day.guest if page.day else ""
    ends = request.due_at or seat.answer_by
    day, month = day_month(seat.monday).split(" ", 1)
    return Invitation(
        head=road_text.TURN_KEPT_HEAD if needs_no_answer else _invitation_head(turn),
        left="" if needs_no_answer else _left(ends, page.dates),
        day=day,
        month=month,
        date=day_words(seat.monday),
        time=dates_text.clock(seat.time),
        place=case_text.BY_TELEPHONE if turn.by_telephone else place,
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
    return case_text.LEFT.format(left=days) if days else dates.left(ends)


def _costs(request: Request, turn: MyTurn, dates: DateWords) -> str:
    """Return what not coming would cost her at this time (docs/turns.md 1)."""
    cost, seat = turn.cost, request.seat
    if cost is None or seat is None:
        return ""
    if cost.of_an_offer:
        return case_text.OFFER_WHY
    if cost.needs_no_answer:
        return road_text.TURN_COSTS_NOTHING
    until = seat.answer_by
    if dates.now >= until and cost.keeps_until is not None:
        until = cost.keeps_until
    nothing = road_text.TURN_KEEPS_WEEKS.format(until=dates.until(until))
    weeks = {LATE: road_text.TURN_GIVE_UP_LATE, THIRD: road_text.TURN_GIVE_UP_THIRD}
    sentences = [weeks.get(cost.weeks, nothing)]
    if request.debt:
        sentences.append(road_text.TURN_DEBT_GOES if cost.debt else road_text.TURN_DEBT_STAYS)
    if turn.silence_costs:
        sentences.append(road_text.TURN_SILENCE_COSTS)
    return " ".join(sentences)


def _refusals(refused: Iterable[tuple[Step, str]]) -> Iterable[str]:
    """Yield why she cannot confirm or move her seat now."""
    shown = {Action.CONFIRM, Action.MOVE_ONCE}
    return (refusal(key) for step, key in refused if step.action in shown)


def _place(district: int, address: str, hall: str) -> str:
    if not hall:  # held elsewhere
        return address
    place = case_text.WHERE.format(district=persian(district))
    return "، ".join(part for part in (place, address, hall) if part)


def _pass(card: SeatPass) -> Pass:
    seats = tuple(Tile("now" if at == card.number else "plain") for at in range(1, card.seats + 1))
    return Pass(
        title=road_text.TURN_PASS,
        district_name=filing_text.DISTRICT.format(district=persian(card.district)),
        district=card.district,
        weekday=weekday_name(card.monday),
        date=f"{day_month(card.monday)} {persian(parts(card.monday)[0])}",
        time_label=road_text.TURN_TIME,
        time=dates_text.clock(card.time),
        seats=seats,
        seats_caption=case_text.SEAT_OF.format(number=persian(card.number)),
        name_label=road_text.TURN_NAME,
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
    lines = [PassLine("pin", _place(card.district, card.place.address, card.place.hall))]
    if card.guest:
        lines.append(PassLine("people", case_text.GUEST.format(name=card.guest)))
    if "step_free" in card.needs:
        lines.append(PassLine("wheelchair", case_text.STEP_FREE))
    if "sign_language" in card.needs:
        lines.append(PassLine("hand", case_text.SIGN_LANGUAGE))
    if "companion" in card.needs:
        lines.append(PassLine("people", case_text.COMPANION))
    if "hard_of_hearing" in card.needs:
        lines.append(PassLine("ear", case_text.HARD_OF_HEARING))
    if "low_vision" in card.needs:
        lines.append(PassLine("eye", case_text.LOW_VISION))
    return (*lines, PassLine("doc", card.place.bring))


def _sought(card: SeatPass) -> str:
    """Return a text that a map finds: it does not find a hall's own name."""
    if not card.place.hall:
        return card.place.address
    place = case_text.WHERE.format(district=persian(card.district))
    return f"{place}، {card.place.address}"


def _maps(card: SeatPass) -> tuple[str, str]:
    """Return an address for her phone's map, and one on the web; both "" if she is telephoned."""
    if card.by_telephone:
        return "", ""
    return maps_of(card.place.point, _sought(card))


def _free_times(free: FreeSeats) -> tuple[Choice, ...]:
    return tuple(
        Choice(time, case_text.FREE_TIME.format(time=dates_text.clock(time))) for time in free.times
    )


def _monday(monday: ComingMonday) -> MondayView:
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
    head = lanes_text.ASKED.format(lane=LANE[lane.lane])
    return LaneView(shown=True, head=head, badge=badge, text=text, more=lanes_text.MEANWHILE)


def _decided_lane(lane: MyLane, ask: Move, why_not: str) -> LaneView:
    is_granted = lane.verdict is Verdict.YES
    head = lanes_text.GRANTED if is_granted else lanes_text.REFUSED
    return LaneView(
        shown=True,
        head=head.format(lane=LANE[lane.lane]),
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
