"""Stories of the list and its objections, and of the count of meetings outside the line."""

import reflex as rx

from publicmeeting.text.line import listing_text
from publicmeeting.text.meetings import audiences_text
from publicmeeting.ui.citizen.timeline.waiting import ListView, list_sheet
from publicmeeting.ui.design.frames import page_title
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.shell.audiences import MondayLine, audience_part, count_form
from publicmeeting.ui.shell.parts.line import Reply
from publicmeeting.ui.stories.showing import bare_page

_TITLE = listing_text.TITLE.format(day="دوشنبه ۹ آذر")
_UNTIL = listing_text.OBJECT_UNTIL.format(until="تا سه‌شنبه ۳ آذر، ساعت ۲۰:۰۰")
_ASKABLE = ListView(
    _TITLE, listing_text.NOT_IN_IT, listing_text.SHOULD_BE, _UNTIL, ask=listing_text.ASK
)
_NOT_ME = ListView(
    _TITLE, listing_text.NOT_IN_IT, listing_text.NOT_ME, _UNTIL, ask=listing_text.VOID
)
_LATE = f"{listing_text.ABSENT['filed_late']} {listing_text.IF_WRONG}"
_LISTS = (
    ListView(_TITLE, listing_text.IN_IT, listing_text.IN_IT_WHY, row="/stories/"),
    _ASKABLE,
    _NOT_ME,
    ListView(_TITLE, listing_text.NOT_IN_IT, _LATE, _UNTIL, ask=listing_text.ASK),
    ListView(
        _TITLE, listing_text.NOT_IN_IT, f"{listing_text.ABSENT['filed_late']} {listing_text.ASKED}"
    ),
    ListView(_TITLE, listing_text.WAS_NOT_IN_IT, listing_text.SHOULD_BE, ask=listing_text.ASK_LATE),
)
_OWED = Reply(
    listing_text.OWED.format(district="۶", day="دوشنبه ۹ آذر"),
    listing_text.OWED_WHY,
    "glaze",
)
_CHANGED = Reply(
    listing_text.CHANGED.format(district="۶"),
    listing_text.CHANGED_WHY.format(moment="سه‌شنبه ۳ آذر، ساعت ۲۰:۰۰"),
    "glaze",
)
_LINES = [
    MondayLine(
        "1",
        "دوشنبه ۹ آذر",
        audiences_text.AWAITED.format(until="تا پایان سه‌شنبه ۱۰ آذر"),
        Badge(),
        audiences_text.STATE,
        "",
        "",
        "",
    ),
    MondayLine(
        "2",
        "دوشنبه ۲ آذر",
        audiences_text.OVERDUE.format(day="سه‌شنبه ۳ آذر"),
        Badge(audiences_text.SILENT, "brick", "flag"),
        audiences_text.STATE,
        "",
        "",
        "",
    ),
    MondayLine(
        "3", "دوشنبه ۲۵ آبان", audiences_text.NOBODY, Badge(), audiences_text.CORRECT, "", "", "7"
    ),
    MondayLine(
        "4",
        "دوشنبه ۱۸ آبان",
        audiences_text.CORRECTED.format(statement="۴ نفر"),
        Badge(),
        audiences_text.CORRECT,
        "",
        "",
        "9",
    ),
]


def lists() -> rx.Component:
    """In the list; missed; rightly not in it; asked once; found too late; corrected; owed."""
    return bare_page(
        page_title(listing_text.OBJECT),
        rx.el.div(
            *(list_sheet(one, Reply()) for one in _LISTS),
            list_sheet(ListView(_TITLE, row="/stories/"), _CHANGED),
            list_sheet(ListView(), _OWED),
            class_name="grid gap-4",
        ),
    )


def audience() -> rx.Component:
    """A refused correction above the statements for four Mondays."""
    ask = audiences_text.ASK.format(day="دوشنبه ۲۵ آبان")
    lead = audiences_text.CORRECT_LEAD.format(count="۰")
    form = count_form(ask, lead, "شمار ملاقات‌ها یک عدد است، مثل ۰ یا ۳.")
    return bare_page(page_title(audiences_text.TITLE), audience_part(_LINES, form, chosen="3"))
