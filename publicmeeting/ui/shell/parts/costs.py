"""What giving up a seat costs, in words: on her own page, and as an officer tells a caller."""

from publicmeeting.domain.records import Seat
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.usecases.lifecycle.effects.costs import LATE, THIRD, Cost


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
