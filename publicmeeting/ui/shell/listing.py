"""What came of «I am not in the list», in two sentences; the same on every page that asks."""

from dataclasses import dataclass

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.line import listing_text
from publicmeeting.ui.design.models import Tone
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.line.why_not_listed import Absence, Cure, ObjectionAnswer


@dataclass(frozen=True)
class Reply(ViewModel):
    first: str = ""
    rest: str = ""
    tone: Tone = "glaze"
    changed: bool = False
    """The list is another one now."""


def reply(said: ObjectionAnswer) -> Reply:
    district, day = persian(said.district), weekday_day(said.monday)
    if said.changed and said.moved_to:
        then = listing_text.CHANGED_WHY if said.listed else listing_text.CHANGED_OTHERS
        then = then.format(moment=dates_text.moment(said.moved_to))
        return Reply(listing_text.CHANGED.format(district=district), then, changed=True)
    if said.cure:
        then = (
            listing_text.OWED_BEFORE_WHY if said.cure is Cure.OWED_BEFORE else listing_text.OWED_WHY
        )
        return Reply(listing_text.OWED.format(district=district, day=day), then)
    if said.listed and said.late:
        then = listing_text.LISTED_LATE_WHY.format(day=day)
        return Reply(listing_text.LISTED_LATE.format(district=district), then)
    if said.listed:
        return Reply(
            listing_text.LISTED.format(district=district), listing_text.LISTED_WHY.format(day=day)
        )
    why = listing_text.ABSENT[said.absence or Absence.NOT_IN_LINE]
    counted = listing_text.COUNTED.format(number=persian(said.number))
    same = listing_text.SAME_LATE if said.late else listing_text.SAME
    return Reply(same.format(district=district, day=day), f"{why} {counted}", "neutral")
