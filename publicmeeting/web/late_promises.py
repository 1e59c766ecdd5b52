"""The promises that are late beyond their unit, as a table: for the overseer alone, and without any
word that a person has written."""

import csv
import io
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.subjects import subject
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import iso
from publicmeeting.text import city as words
from publicmeeting.text.levels import LEVEL
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.city_promises import CityLine, late_promises
from publicmeeting.web import browser
from publicmeeting.web.pictures import PRIVATE
from publicmeeting.web.plain.lost import nothing

_BOM = "\ufeff"
"""Without it a spreadsheet on Windows takes Persian for Latin."""


async def table(request: Request) -> Response:
    """Asked anew each time; nothing of it is kept."""
    try:
        lines = await browser.office(request).look(late_promises, browser.keys(request), Nothing())
    except Denied:
        return nothing(request, PRIVATE)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="late-promises.csv"'}
    return Response(written(lines), media_type="text/csv; charset=utf-8", headers=headers)


def written(lines: Iterable[CityLine]) -> str:
    """Digits are ASCII, days Jalali, so that a spreadsheet can reckon and sort."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(words.LATE_HEADS)
    rows.writerows(
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
    return _BOM + out.getvalue()


def routes() -> list[Route]:
    return [Route("/city/late-promises.csv", table)]
