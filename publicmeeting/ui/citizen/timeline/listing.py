"""Whether she stands in the list of her next draw."""

from dataclasses import dataclass

from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.line import listing_text
from publicmeeting.ui.design.view_model import ViewModel
from publicmeeting.usecases.tracking.listing import MyList


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
