"""Whether she stands in the list of her next draw."""

from dataclasses import dataclass

from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text import dates
from publicmeeting.text import listing as words
from publicmeeting.ui.design.view import View
from publicmeeting.usecases.my_list import MyList


@dataclass(frozen=True)
class ListView(View):
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
    title = words.TITLE.format(day=weekday_day(seen.monday))
    if seen.listed:
        row = f"/verify/#d={seen.district}&t={seen.ticket}&draw={seen.draw}"
        return ListView(title=title, head=words.IN_IT, why=words.IN_IT_WHY, row=row)
    if seen.until is None:
        return ListView(
            title=title,
            head=words.WAS_NOT_IN_IT,
            why=words.SHOULD_HAVE_BEEN,
            may_ask=True,
            late=True,
        )
    why = words.ABSENT[seen.absence] if seen.absence else words.SHOULD_BE
    more = words.ASKED if seen.objected else words.IF_WRONG if seen.absence else ""
    until = words.OBJECT_UNTIL.format(until=dates.until_words(seen.until))
    return ListView(
        title=title,
        head=words.NOT_IN_IT,
        why=f"{why} {more}".strip(),
        until="" if seen.objected else until,
        may_ask=not seen.objected,
    )
