"""The promises that are late beyond their unit, as a table: for the overseer alone, and without any
word that a person has written."""

from collections.abc import Iterable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.districts import subject
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import iso
from publicmeeting.kit.spreadsheet import comma_separated
from publicmeeting.text.lifecycle.stages_text import LEVEL
from publicmeeting.text.oversight import promises_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.oversight.promises import CLIMBED, CityLine, late_promises
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain.page import not_found
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.web.routes.sign_in import STAFF_DOOR, WORKPLACES

_BOM = "\ufeff"
"""Without it a spreadsheet on Windows takes Persian for Latin."""
_LIST = f"{WORKPLACES[Role.OVERSEER]}?tab={CLIMBED}"
"""The page that offers the table: whoever signs in again comes to it, not to a download."""
_NOT_FOR_THEM = ("not_found", "not_your_role")


async def table(request: Request) -> Response:
    """Asked anew each time; nothing of it is kept. A city that is busy is no missing table."""
    try:
        lines = await browser.application(request).query(
            late_promises, browser.keys(request), Nothing()
        )
    except Denied as denied:
        if denied.key == "session_ended":
            return see_other(f"{STAFF_DOOR}?next={quote(_LIST)}")
        if denied.key in _NOT_FOR_THEM:
            return not_found(request, PRIVATE)
        raise
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="late-promises.csv"'}
    return Response(written(lines), media_type="text/csv; charset=utf-8", headers=headers)


def written(lines: Iterable[CityLine]) -> str:
    """Digits are ASCII, days Jalali, so that a spreadsheet can reckon and sort."""
    rows = (
        (
            line.district,
            line.number,
            line.unit,
            subject(line.subject).name,
            line.late.days,
            LEVEL[line.level],
            iso(tehran_day(line.came_at)),
        )
        for line in lines
    )
    return _BOM + comma_separated([promises_text.LATE_HEADS, *rows])


def routes() -> list[Route]:
    return [Route("/city/late-promises.csv", table)]
