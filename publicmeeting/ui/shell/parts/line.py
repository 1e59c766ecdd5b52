"""What pages of several roles say about the line: its rules, the price of a seat, an objection."""

from dataclasses import dataclass

import reflex as rx

from publicmeeting.domain.records import Seat
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.districts import home_text
from publicmeeting.text.line import listing_text
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.ui.design.figures import tile
from publicmeeting.ui.design.models import Tile, Tone
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.lifecycle.effects.costs import LATE, THIRD, Cost
from publicmeeting.usecases.line.objections.why_not_listed import Absence, Cure, ObjectionAnswer


def four_rules(*, is_watched: bool) -> rx.Component:
    """The four sentences as a numbered list.

    The strong third sentence is shown if others than the city sign the log and no fault is known.
    Otherwise, and until that is known, a weaker sentence is shown.
    """
    return numbered(
        rx.el.p(home_text.WEEKS_FIRST),
        rx.el.p(home_text.THEN_THE_DRAW),
        rx.el.p(rx.cond(is_watched, home_text.NOBODY_UNSEEN, home_text.IN_THE_LOG)),
        rx.el.p(home_text.COUNT_AGAIN),
    )


def numbered(*parts: rx.Component) -> rx.Component:
    """A list with each part beside its number in a tile."""
    return rx.el.ol(
        *(
            rx.el.li(
                tile(Tile("glazed", persian(at)), "size-9 shrink-0"), part, class_name="flex gap-4"
            )
            for at, part in enumerate(parts, 1)
        ),
        class_name="grid gap-4",
    )


def cost_words(
    cost: Cost | None, seat: Seat | None, dates: DateWords, *, is_owed: bool, silence_costs: bool
) -> str:
    """Return what not coming would cost her at this time (docs/turns.md 1)."""
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
    if cost.contestable:
        sentences.append(road_text.TURN_GIVE_UP_EXCUSED)
    if is_owed:
        sentences.append(road_text.TURN_DEBT_GOES if cost.debt else road_text.TURN_DEBT_STAYS)
    if silence_costs:
        sentences.append(road_text.TURN_SILENCE_COSTS)
    return " ".join(sentences)


@dataclass(frozen=True)
class Reply(ViewModel):
    first: str = ""
    rest: str = ""
    tone: Tone = ""
    changed: bool = False
    """Whether the list has changed."""


def reply(answer: ObjectionAnswer) -> Reply:
    district, day = persian(answer.district), weekday_day(answer.monday)
    if answer.changed and answer.listed_at:
        then = listing_text.CHANGED_WHY.format(moment=dates_text.moment(answer.listed_at))
        return Reply(listing_text.CHANGED.format(district=district), then, "glaze", changed=True)
    if answer.cure:
        then = (
            listing_text.OWED_BEFORE_WHY
            if answer.cure is Cure.OWED_BEFORE
            else listing_text.OWED_WHY
        )
        return Reply(listing_text.OWED.format(district=district, day=day), then, "glaze")
    if answer.listed and answer.late:
        then = listing_text.LISTED_LATE_WHY.format(day=day)
        return Reply(listing_text.LISTED_LATE.format(district=district), then, "glaze")
    if answer.listed:
        return Reply(
            listing_text.LISTED.format(district=district),
            listing_text.LISTED_WHY.format(day=day),
            "glaze",
        )
    why = listing_text.ABSENT[answer.absence or Absence.NOT_IN_LINE]
    counted = listing_text.COUNTED.format(number=persian(answer.number))
    same = listing_text.SAME_LATE if answer.late else listing_text.SAME
    return Reply(same.format(district=district, day=day), f"{why} {counted}", "neutral")
