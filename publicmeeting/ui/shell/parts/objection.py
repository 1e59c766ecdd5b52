"""The city's answer to an objection against a list, as its pages show it."""

from dataclasses import dataclass

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.line import listing_text
from publicmeeting.ui.design.models import Tone
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.line.objections.why_not_listed import Absence, Cure, ObjectionAnswer


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
