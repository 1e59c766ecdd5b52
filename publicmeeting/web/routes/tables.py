"""CSV tables for officials, without citizens' names: the city's audit, and late promises."""

from collections.abc import AsyncIterator, Iterable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from publicmeeting.domain.audit import AuditFilter, AuditKind
from publicmeeting.domain.districts import subject
from publicmeeting.domain.errors import Denied, FormError, Refusal
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import in_tehran, tehran_day
from publicmeeting.kit.jalali import iso
from publicmeeting.kit.spreadsheet import comma_separated
from publicmeeting.text.lifecycle.stages_text import LEVEL
from publicmeeting.text.officials import audit_text
from publicmeeting.text.orders import promises_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.oversight.audit import (
    EXPORT_MOST,
    NamedEntry,
    ReadOn,
    SearchAudit,
    audit_lines,
    export_audit,
)
from publicmeeting.usecases.oversight.promises import CLIMBED, CityLine, late_promises
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain.page import not_found
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.web.routes.sign_in import STAFF_DOOR, WORKPLACES

_PAGE = "/city/audit/"
_FIELDS = ("person", "case", "kind", "since", "until")
_NOT_FOR_THEM = ("not_found", "not_your_role")
_END, _CUT = "end", "cut"
"""Values in the last line, in the column of the kind."""


async def audit_table(request: Request) -> Response:
    """Export a search of the audit; refused searches and ended sessions lead back to the page."""
    fields = await browser.form(request)
    typed = {name: browser.word(fields, name) for name in _FIELDS}
    application, keys = browser.application(request), browser.keys(request)
    try:
        begun = await application.execute(export_audit, keys, SearchAudit(**typed))
    except Denied as denied:
        if denied.key == "session_ended":
            return see_other(f"{STAFF_DOOR}?next={quote(_PAGE)}")
        if denied.key in _NOT_FOR_THEM:
            return not_found(request, PRIVATE)
        if denied.key == "form_broken":
            return see_other(_PAGE)
        raise
    except FormError:
        asked = "&".join(f"{name}={quote(value)}" for name, value in typed.items() if value)
        return see_other(f"{_PAGE}?{asked}")
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(
        _rows(request, begun.wanted), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _rows(request: Request, wanted: AuditFilter) -> AsyncIterator[str]:
    """Yield the table in parts, each read with the rights of the session; stops when it ends.

    The last line says whether the list is complete, and how many lines it has.
    """
    application, keys = browser.application(request), browser.keys(request)
    yield comma_separated([audit_text.HEADS])
    sent, before, end = 0, None, _CUT
    while sent < EXPORT_MOST:
        try:
            found = await application.query(audit_lines, keys, ReadOn(wanted=wanted, before=before))
        except Refusal:
            break
        if not found:
            end = _END
            break
        lines = [cells(entry) for entry in found[: EXPORT_MOST - sent]]
        yield comma_separated(lines)
        sent, before = sent + len(lines), found[-1].entry.place
    yield comma_separated([("", end, str(sent))])


def cells(named_entry: NamedEntry) -> tuple[str, ...]:
    """Return the cells of one entry: ids, codes and enums, ASCII digits, Tehran time."""
    entry = named_entry.entry
    is_command = entry.kind is AuditKind.COMMAND
    what = entry.what.split(" ")[0] if is_command else entry.what
    by = str((entry.body or {}).get("by", "")) if is_command else named_entry.username
    return (
        in_tehran(entry.place.at).isoformat(timespec="seconds"),
        entry.kind.value,
        what,
        by,
        entry.role,
        named_entry.about,
        named_entry.code,
        named_entry.number,
        str(named_entry.district or ""),
        "1" if entry.with_name else "",
        f"{entry.place.source}-{entry.place.key}",
    )


# Promises that are late beyond their unit, as a table: for the overseer only, and without any text
# that a person has written.

_BOM = "\ufeff"
"""Without it, spreadsheets on Windows read Persian as Latin."""
_LIST = f"{WORKPLACES[Role.OVERSEER]}?tab={CLIMBED}"
"""The page with the table: signing in again leads to it, not to a download."""


async def late_table(request: Request) -> Response:
    """Return the table, computed at each request; a busy city is an error, not a missing table."""
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
    """Return the table; ASCII digits and Jalali days, so that a spreadsheet can sort them."""
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
    return [
        Route("/city/audit.csv", audit_table, methods=["POST"]),
        Route("/city/late-promises.csv", late_table),
    ]
