"""Her turn: invitation or pass, a free seat, Mondays, the estimate, her lane, her list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month, day_words, parts, weekday_day, weekday_name
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing import filing_text, slips_text
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.lifecycle.reasons_text import LANE_REASON, because
from publicmeeting.text.line import lanes_text, listing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.ui.citizen.outlook import basis_words, monday_tiles, range_words
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move, only
from publicmeeting.ui.design.models import Badge, Choice, Invitation, Pass, PassLine, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.lifecycle.giving_up import LATE, THIRD
from publicmeeting.usecases.meetings.passes import SeatPass
from publicmeeting.usecases.tracking.lane import FROZEN, MyLane
from publicmeeting.usecases.tracking.listing import MyList
from publicmeeting.usecases.tracking.timeline import TimelinePage
from publicmeeting.usecases.tracking.turn import MyTurn

_NO_BADGE = Badge()


@dataclass(frozen=True)
class LaneView(ViewModel):
    """Nothing is shown without `shown`."""

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
class ListView(ViewModel):
    """Empty outside the hours for objections; `may_ask` until the list was made anew for her."""

    title: str = ""
    head: str = ""
    why: str = ""
    until: str = ""
    row: str = ""
    """Where her own row is; behind the `#`, so that no server hears of her ticket."""
    may_ask: bool = False
    late: bool = False
    """The list cannot be put right any more; her tap has it counted again all the same."""


NO_LIST = ListView()


LOG_LETTERS = 8
_WEB_MAP = "https://www.openstreetmap.org/search?query="
_NO_CALL = Invitation("", "", "", "", "", "", "")
_NO_PASS = Pass("", "", 0, "", "", "", "", (), "", "", "", "", "", "", "", "", "")


@dataclass(frozen=True)
class MondayView:
    """A Monday she may take out of the draw or put back."""

    on: str
    text: str
    word: str
    out: bool


@dataclass(frozen=True)
class TurnView(ViewModel):
    """Empty parts are not shown."""

    off: str = ""
    """Her Monday is not held, and why."""
    off_means: str = ""
    call: Invitation = _NO_CALL
    confirm: Move = NO_MOVE
    others: tuple[Move, ...] = ()
    why: tuple[str, ...] = ()
    """Why a step of the turn is closed to her now."""
    card: Pass = _NO_PASS
    lines: tuple[PassLine, ...] = ()
    log: str = ""
    map: str = ""
    web_map: str = ""
    keeps: str = ""
    free: str = ""
    free_until: str = ""
    free_times: tuple[Choice, ...] = ()
    take: Move = NO_MOVE
    mondays: tuple[MondayView, ...] = ()
    lane: LaneView = NO_LANE
    list: ListView = NO_LIST
    wait: tuple[Tile, ...] = ()
    wait_says: str = ""
    wait_basis: str = ""


def turn_view(page: TimelinePage, turn: MyTurn, moves: tuple[Move, ...]) -> TurnView:
    request = page.request
    here = (*page.steps, *(step for step, _ in page.refused))
    asked = any(step.action is Action.CONFIRM for step in here)
    card = turn.seat_pass
    confirm = only(moves, Action.CONFIRM)
    take = only(moves, Action.TAKE_FREE)
    found = turn.outlook
    off, off_means = _called_off(turn)
    return TurnView(
        off=off,
        off_means=off_means,
        call=_call(page, turn) if asked and request.seat and card is None else _NO_CALL,
        confirm=confirm[0] if confirm else NO_MOVE,
        others=_others(turn, moves),
        why=tuple(_why(page)),
        card=_pass(card) if card else _NO_PASS,
        lines=_lines(card) if card else (),
        log=card.log_hash[:LOG_LETTERS] if card else "",
        map=_maps(card)[0] if card else "",
        web_map=_maps(card)[1] if card else "",
        keeps=_costs(turn, page),
        free=_free(turn) if take else "",
        free_until=_free_until(turn) if take else "",
        free_times=_free_times(turn) if take else (),
        take=take[0] if take else NO_MOVE,
        lane=lane_view(turn, moves, page.now),
        list=list_view(turn.list) if turn.list else NO_LIST,
        mondays=tuple(
            MondayView(
                one.on.isoformat(),
                day_month(one.on),
                case_text.CANNOT_COME if one.out else case_text.CAN_COME,
                one.out,
            )
            for one in turn.coming
        ),
        wait=monday_tiles(found) if found else (),
        wait_says=range_words(found) if found else "",
        wait_basis=basis_words(found) if found else "",
    )


def _called_off(turn: MyTurn) -> tuple[str, str]:
    off = turn.called_off
    if off is None:
        return "", ""
    said = case_text.WAS_OFF if off.is_over else case_text.IS_OFF
    head = said.format(day=weekday_day(off.monday), why=because(off.why))
    return head, case_text.OWED if off.is_over else f"{case_text.STAY_AWAY} {case_text.OWED}"


def _others(turn: MyTurn, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """An offer is taken or not; there is nothing to move yet."""
    if _is_offer(turn):
        return only(moves, Action.GIVE_UP_SEAT)
    return only(moves, Action.GIVE_UP_SEAT, Action.MOVE_ONCE)


def _is_offer(turn: MyTurn) -> bool:
    return turn.cost is not None and turn.cost.of_an_offer


def _call(page: TimelinePage, turn: MyTurn) -> Invitation:
    seat = page.request.seat
    assert seat is not None
    ends = page.request.due_at or seat.answer_by
    day, month = day_month(seat.monday).split(" ", 1)
    return Invitation(
        head=case_text.OFFER_HEAD if _is_offer(turn) else road_text.TURN_HEAD,
        left=_left(ends, page.now),
        day=day,
        month=month,
        date=day_words(seat.monday),
        time=dates_text.clock(seat.time),
        place=_where(page.request.district, page.address, page.hall),
        deadline=dates_text.until_words(ends),
        deadline_after=road_text.TURN_BY_AFTER,
        reassurance=_costs(turn, page),
    )


def _left(ends: datetime, now: datetime) -> str:
    days = (last_day(ends) - tehran_day(now)).days
    if days > 1:
        return case_text.LEFT.format(left=dates_text.days(days))
    return dates_text.left_words(ends, now)


def _costs(turn: MyTurn, page: TimelinePage) -> str:
    """What not coming would cost her, as things stand now (docs/turns.md 1)."""
    cost, seat = turn.cost, page.request.seat
    if cost is None or seat is None:
        return ""
    if cost.of_an_offer:
        return case_text.OFFER_WHY
    until = dates_text.until_words(seat.answer_by)
    kept = (
        road_text.TURN_KEEPS_WEEKS.format(until=until)
        if page.now < seat.answer_by
        else road_text.TURN_KEEPS_STILL
    )
    told = [
        {LATE: road_text.TURN_GIVE_UP_LATE, THIRD: road_text.TURN_GIVE_UP_THIRD}.get(
            cost.weeks, kept
        )
    ]
    if page.request.debt:
        told.append(road_text.TURN_DEBT_GOES if cost.debt else road_text.TURN_DEBT_STAYS)
    if turn.silence_costs:
        told.append(road_text.TURN_SILENCE_COSTS)
    return " ".join(told)


def _why(page: TimelinePage) -> Iterable[str]:
    told = {Action.CONFIRM, Action.MOVE_ONCE}
    return (refusal(word) for step, word in page.refused if step.action in told)


def _where(district: int, address: str, hall: str) -> str:
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
        seats_says=case_text.SEAT_OF.format(number=persian(card.number)),
        name_label=road_text.TURN_NAME,
        name=card.name,
        identity_label=slips_text.IDENTITY[card.kind],
        identity=card.identity,
        code_label=slips_text.CODE,
        code=persian(card.code),
        qr=f"/qr/{card.code}.svg",
        qr_says=case_text.QR_SAYS,
    )


def _lines(card: SeatPass) -> tuple[PassLine, ...]:
    lines = [PassLine("pin", _where(card.district, card.address, card.hall))]
    if "step_free" in card.needs:
        lines.append(PassLine("wheelchair", case_text.STEP_FREE))
    if "sign_language" in card.needs:
        lines.append(PassLine("hand", case_text.SIGN_LANGUAGE))
    if "companion" in card.needs:
        lines.append(PassLine("people", case_text.COMPANION))
    return (*lines, PassLine("doc", road_text.TURN_BRING_REST.strip(), road_text.TURN_BRING))


def _maps(card: SeatPass) -> tuple[str, str]:
    """The telephone's own map, whichever she has, and one for devices that know no such address."""
    place = quote(_where(card.district, card.address, ""))
    return f"geo:0,0?q={place}", f"{_WEB_MAP}{place}"


def _free(turn: MyTurn) -> str:
    assert turn.free is not None
    return case_text.FREE_ON.format(day=weekday_day(turn.free.monday))


def _free_until(turn: MyTurn) -> str:
    assert turn.free is not None
    return case_text.FREE_UNTIL.format(until=dates_text.until_words(turn.free.until))


def _free_times(turn: MyTurn) -> tuple[Choice, ...]:
    assert turn.free is not None
    times = turn.free.times
    return tuple(Choice(at, case_text.FREE_TIME.format(time=dates_text.clock(at))) for at in times)


def lane_view(turn: MyTurn, moves: tuple[Move, ...], now: datetime) -> LaneView:
    lane = turn.lane
    if lane is None:
        return NO_LANE
    ask = only(moves, Action.ASK_LANE)
    if lane.lane is Lane.GENERAL:
        why = refusal(lane.why) if lane.why == FROZEN else ""
        return LaneView(shown=bool(ask or why), ask=ask[0] if ask else NO_MOVE, why_not=why)
    if lane.verdict is None:
        return _open(lane, now)
    return _decided(lane, ask[0] if ask else NO_MOVE)


def _open(lane: MyLane, now: datetime) -> LaneView:
    assert lane.due_at is not None
    answered = persian(lane.answered)
    if lane.late_days:
        late = dates_text.late_words(lane.late_days)
        text = lanes_text.LATE_MEANS.format(answered=answered, late=late)
        badge = Badge(late, "brick", "flag")
    else:
        text = lanes_text.ASKED_MEANS.format(
            answered=answered, until=dates_text.until_words(lane.due_at)
        )
        badge = Badge(dates_text.left_words(lane.due_at, now), "neutral", "clock")
    head = lanes_text.ASKED.format(lane=LANE[lane.lane])
    return LaneView(shown=True, head=head, badge=badge, text=text, more=lanes_text.MEANWHILE)


def _decided(lane: MyLane, ask: Move) -> LaneView:
    given = lane.verdict is Verdict.YES
    head = lanes_text.GIVEN if given else lanes_text.REFUSED
    return LaneView(
        shown=True,
        head=head.format(lane=LANE[lane.lane]),
        text=lanes_text.GIVEN_MEANS if given else lanes_text.REFUSED_MEANS,
        reasons=tuple(
            lanes_text.REASON[verdict].format(reason=LANE_REASON[reason])
            for verdict, reason in lane.reasons
        ),
        why_not=refusal(lane.why) if lane.why == FROZEN else "",
        ask=ask,
    )


def list_view(seen: MyList) -> ListView:
    title = listing_text.TITLE.format(day=weekday_day(seen.monday))
    if seen.listed:
        row = f"/verify/#d={seen.district}&t={seen.ticket}&draw={seen.draw}"
        return ListView(title=title, head=listing_text.IN_IT, why=listing_text.IN_IT_WHY, row=row)
    if seen.until is None:
        return ListView(
            title=title,
            head=listing_text.WAS_NOT_IN_IT,
            why=listing_text.SHOULD_HAVE_BEEN,
            may_ask=True,
            late=True,
        )
    why = listing_text.ABSENT[seen.absence] if seen.absence else listing_text.SHOULD_BE
    more = listing_text.ASKED if seen.objected else listing_text.IF_WRONG if seen.absence else ""
    until = listing_text.OBJECT_UNTIL.format(until=dates_text.until_words(seen.until))
    return ListView(
        title=title,
        head=listing_text.NOT_IN_IT,
        why=f"{why} {more}".strip(),
        until="" if seen.objected else until,
        may_ask=not seen.objected,
    )
