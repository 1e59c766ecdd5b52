"""What came of «I am not in the list», in two sentences; the same on every page that asks."""

from dataclasses import dataclass

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text import dates
from publicmeeting.text import listing as words
from publicmeeting.ui.design.models import Tone
from publicmeeting.ui.design.view import View
from publicmeeting.usecases.absence import Absence, Cure, ObjectionAnswer


@dataclass(frozen=True)
class Reply(View):
    first: str = ""
    rest: str = ""
    tone: Tone = "glaze"
    changed: bool = False
    """The list is another one now."""


def reply(said: ObjectionAnswer) -> Reply:
    district, day = persian(said.district), weekday_day(said.monday)
    if said.changed and said.moved_to:
        then = words.CHANGED_WHY if said.listed else words.CHANGED_OTHERS
        then = then.format(moment=dates.moment(said.moved_to))
        return Reply(words.CHANGED.format(district=district), then, changed=True)
    if said.cure:
        then = words.OWED_BEFORE_WHY if said.cure is Cure.OWED_BEFORE else words.OWED_WHY
        return Reply(words.OWED.format(district=district, day=day), then)
    if said.listed and said.late:
        then = words.LISTED_LATE_WHY.format(day=day)
        return Reply(words.LISTED_LATE.format(district=district), then)
    if said.listed:
        return Reply(words.LISTED.format(district=district), words.LISTED_WHY.format(day=day))
    why = words.ABSENT[said.absence or Absence.NOT_IN_LINE]
    counted = words.COUNTED.format(number=persian(said.number))
    same = words.SAME_LATE if said.late else words.SAME
    return Reply(same.format(district=district, day=day), f"{why} {counted}", "neutral")
