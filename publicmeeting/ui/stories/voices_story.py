"""What a citizen says of a list, and what an office says of its own day, in each condition."""

import reflex as rx

from publicmeeting.text import audiences, listing
from publicmeeting.ui.citizen.timeline.list_parts import list_sheet
from publicmeeting.ui.citizen.timeline.listing import ListView
from publicmeeting.ui.design.frames import page_title, phone_page
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.shell.audiences.parts import audience_part, count_form
from publicmeeting.ui.shell.audiences.views import Said
from publicmeeting.ui.shell.listing import Reply

_TITLE = listing.TITLE.format(day="دوشنبه ۹ آذر")
_UNTIL = listing.OBJECT_UNTIL.format(until="تا سه‌شنبه ۳ آذر، ساعت ۲۰:۰۰")
_ASKABLE = ListView(_TITLE, listing.NOT_IN_IT, listing.SHOULD_BE, _UNTIL, may_ask=True)
_LATE = f"{listing.ABSENT['filed_late']} {listing.IF_WRONG}"
_LISTS = (
    ListView(_TITLE, listing.IN_IT, listing.IN_IT_WHY, row="/stories/"),
    _ASKABLE,
    ListView(_TITLE, listing.NOT_IN_IT, _LATE, _UNTIL, may_ask=True),
    ListView(_TITLE, listing.NOT_IN_IT, f"{listing.ABSENT['filed_late']} {listing.ASKED}"),
    ListView(_TITLE, listing.WAS_NOT_IN_IT, listing.SHOULD_HAVE_BEEN, may_ask=True, late=True),
)
_OWED = Reply(
    listing.OWED.format(district="۶", day="دوشنبه ۹ آذر"),
    listing.OWED_WHY,
)
_CHANGED = Reply(
    listing.CHANGED.format(district="۶"),
    listing.CHANGED_WHY.format(moment="پنجشنبه ۵ آذر، ساعت ۱۲:۰۰"),
)
_LINES = [
    Said(
        "1",
        "دوشنبه ۹ آذر",
        audiences.AWAITED.format(until="تا پایان سه‌شنبه ۱۰ آذر"),
        Badge(),
        audiences.STATE,
        "",
        "",
        "",
    ),
    Said(
        "2",
        "دوشنبه ۲ آذر",
        audiences.OVERDUE.format(day="سه‌شنبه ۳ آذر"),
        Badge(audiences.SILENT, "brick", "flag"),
        audiences.STATE,
        "",
        "",
        "",
    ),
    Said("3", "دوشنبه ۲۵ آبان", audiences.NOBODY, Badge(), audiences.CORRECT, "", "", "7"),
    Said(
        "4",
        "دوشنبه ۱۸ آبان",
        audiences.CORRECTED.format(said="۴ نفر"),
        Badge(),
        audiences.CORRECT,
        "",
        "",
        "9",
    ),
]


def lists() -> rx.Component:
    """In the list; missed; rightly not in it; asked once; found too late; put right; owed."""
    return phone_page(
        page_title(listing.OBJECT),
        rx.el.div(
            *(list_sheet(one, Reply()) for one in _LISTS),
            list_sheet(ListView(_TITLE, row="/stories/"), _CHANGED),
            list_sheet(ListView(), _OWED),
            class_name="grid gap-4",
        ),
    )


def audience() -> rx.Component:
    """A correction that was refused, over the words about four Mondays."""
    ask = audiences.ASK.format(day="دوشنبه ۲۵ آبان")
    lead = audiences.CORRECT_LEAD.format(count="۰")
    form = count_form(ask, lead, "شمار ملاقات‌ها یک عدد است، مثل ۰ یا ۳.")
    return phone_page(page_title(audiences.TITLE), audience_part(_LINES, form, chosen="3"))
