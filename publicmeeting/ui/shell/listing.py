"""What came of «I am not in the list», in two sentences; the same on every page that asks."""

from dataclasses import dataclass

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text import dates
from publicmeeting.text import listing as words
from publicmeeting.ui.design.models import Tone
from publicmeeting.ui.design.view import View
from publicmeeting.usecases.list_objections import Absence, ObjectionAnswer


@dataclass(frozen=True)
class Reply(View):
    first: str = ""
    rest: str = ""
    tone: Tone = "glaze"
    changed: bool = False
    """The list is another one now."""


def reply(said: ObjectionAnswer) -> Reply:
    district = persian(said.district)
    if said.changed and said.moved_to:
        then = words.CHANGED_WHY if said.listed else words.CHANGED_OTHERS
        then = then.format(moment=dates.moment(said.moved_to))
        return Reply(words.CHANGED.format(district=district), then, changed=True)
    if said.listed:
        day = weekday_day(said.monday)
        return Reply(words.LISTED.format(district=district), words.LISTED_WHY.format(day=day))
    why = words.ABSENT[said.absence or Absence.NOT_IN_LINE]
    counted = words.COUNTED.format(number=persian(said.number))
    return Reply(words.SAME.format(district=district), f"{why} {counted}", "neutral")
