"""Tables for officials: the audit and late promises as CSV without names, a Monday's list as PDF.

Printing the names of a Monday is recorded, so it is a form with POST, not a link.
"""

import re
from collections.abc import AsyncIterator, Iterable
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.errors import Denied, FormError, Refusal
from publicmeeting.domain.officials.audit import AuditFilter, AuditKind
from publicmeeting.domain.records import STAND_IN
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import in_tehran, tehran_day
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import clock_words, day_words, iso, moment_words
from publicmeeting.kit.spreadsheet import comma_separated
from publicmeeting.media.sheets import day_list as drawn
from publicmeeting.media.sheets.day_list import draw_day_list
from publicmeeting.text.common.dates_text import clock
from publicmeeting.text.lifecycle.needs_text import ACCESS_NEED
from publicmeeting.text.lifecycle.reasons_text import closure
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.lifecycle.stages_text import LEVEL
from publicmeeting.text.meetings import day_place_text, paper_text, reception_text
from publicmeeting.text.officials import audit_text
from publicmeeting.text.orders import promises_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import ADay, Visitor
from publicmeeting.usecases.meetings.in_hall.standby import StandbyPerson
from publicmeeting.usecases.meetings.on_paper.paper_entry import Outcome, PaperDay, print_day
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
    try:
        wanted = await browser.execute(request, export_audit, SearchAudit(**typed))
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
        _rows(request, wanted), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _rows(request: Request, wanted: AuditFilter) -> AsyncIterator[str]:
    """Yield the table in parts, each read with the rights of the session; stops when it ends.

    The last line says whether the list is complete, and how many lines it has.
    """
    yield comma_separated([audit_text.HEADS])
    sent, before, end = 0, None, _CUT
    while sent < EXPORT_MOST:
        try:
            found = await browser.query(request, audit_lines, ReadOn(wanted=wanted, before=before))
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
        lines = await browser.query(request, late_promises, Nothing())
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


# The list of a Monday in the words and numbers that are printed.

_CALLS = 2


def day_list(seen: PaperDay) -> drawn.DayList:
    board, district = seen.board, persian(seen.board.monday.district)
    why = board.monday.why
    return drawn.DayList(
        title=_title(seen).format(day=day_words(board.monday.on)),
        unit=paper_text.UNIT.format(district=district),
        facts=_facts(seen),
        heads=paper_text.HEADS,
        lines=tuple(
            _line(visitor, seen.outcomes.get(visitor.code), is_over=seen.is_over)
            for visitor in board.visitors
        ),
        empty=closure(why) if why else paper_text.EMPTY,
        standby_title=paper_text.STANDBY,
        standby_lead=paper_text.STANDBY_LEAD,
        standbys=tuple(_standby(standby) for standby in seen.standbys),
        standby_more=paper_text.STANDBY_MORE.format(count=grouped(seen.standbys_more))
        if seen.standbys_more
        else "",
        standby_empty=paper_text.STANDBY_EMPTY,
        printed=paper_text.PRINTED.format(
            moment=moment_words(board.now),
            name=seen.printed_by,
            role=ROLE[seen.role],
            district=district,
        ),
        warning=paper_text.WARNING,
        page=paper_text.PAGE,
        printed_at=board.now,
    )


def _title(seen: PaperDay) -> str:
    return paper_text.TITLE_OVER if seen.is_over else paper_text.TITLE


def _facts(seen: PaperDay) -> tuple[str, ...]:
    holder, day = seen.holder, seen.board.monday
    facts = (
        [reception_text.HOLDS.format(role=ROLE[holder.role], name=holder.name)] if holder else []
    )
    return (*facts, *day_place_text.facts(day.place, day.guest))


def _line(visitor: Visitor, outcome: Outcome | None, *, is_over: bool) -> drawn.ListLine:
    return drawn.ListLine(
        number=persian(visitor.number),
        time=clock(visitor.time),
        name=visitor.name or paper_text.NAME_UNSEEN,
        subject=visitor.title,
        needs=tuple(ACCESS_NEED[AccessNeed(need)] for need in visitor.needs),
        marks=_marks(visitor),
        boxes=(
            visitor.arrived_at is not None or visitor.met,
            max(visitor.calls, visitor.rings) > 0,
            max(visitor.calls, visitor.rings) >= _CALLS,
            visitor.missed,
        ),
        noted=_noted(visitor, outcome, is_over=is_over),
    )


def _marks(visitor: Visitor) -> tuple[str, ...]:
    marks = [paper_text.STOOD_IN] if visitor.why == STAND_IN else []
    if visitor.by_telephone:
        phone = paper_text.TELEPHONE_AT.format(mobile=persian(visitor.mobile))
        marks.append(phone if visitor.mobile else paper_text.TELEPHONE)
    return tuple(marks)


def _noted(visitor: Visitor, outcome: Outcome | None, *, is_over: bool) -> str:
    if outcome is not None:
        return _outcome(outcome)
    if is_over:
        return paper_text.MISSED if visitor.missed else paper_text.WAITS_AGAIN
    if visitor.in_room_since:
        return paper_text.IN_ROOM.format(time=clock_words(visitor.in_room_since))
    return paper_text.CAME.format(time=clock_words(visitor.came_at)) if visitor.came_at else ""


def _outcome(outcome: Outcome) -> str:
    what = paper_text.REFUSED
    if outcome.orders:
        what = paper_text.ORDERS.format(count=persian(outcome.orders))
    if outcome.begun is None:
        return f"{paper_text.MET}، {what}"
    times = paper_text.TIMES.format(
        begun=clock_words(outcome.begun), ended=clock_words(outcome.ended)
    )
    return f"{paper_text.MET}، {times}؛ {what}"


def _standby(person: StandbyPerson) -> drawn.StandbyLine:
    return drawn.StandbyLine(
        persian(person.place), persian(person.code), is_present=person.present_at is not None
    )


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DISTRICT = re.compile(r"[0-9]{1,2}")
_HEADERS = {
    **PRIVATE,
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'",
}
"""Without `sandbox`: browsers show a PDF in a viewer of their own, which it would block."""


async def printed_list(request: Request) -> Response:
    """Return the list of `monday`, by default today's Monday or the next one.

    All refusals look the same, except an ended session, which leads to the door.
    """
    fields = await browser.form(request)
    day = browser.word(fields, "monday")
    district = browser.word(fields, "district")
    if (day and not _DAY.fullmatch(day)) or (district and not _DISTRICT.fullmatch(district)):
        return not_found(request, PRIVATE)
    try:
        seen = await browser.execute(
            request, print_day, ADay(district=int(district or 0), monday=day)
        )
    except Denied as denied:
        if denied.key == "session_ended":  # an hour's break in front of the open page
            return see_other(STAFF_DOOR)
        return not_found(request, PRIVATE)
    limiter: anyio.CapacityLimiter = request.app.state.decoding
    data = await anyio.to_thread.run_sync(draw_day_list, day_list(seen), limiter=limiter)
    name = f"monday-{seen.board.monday.on.isoformat()}.pdf"
    headers = {**_HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type="application/pdf", headers=headers)


def routes() -> list[Route]:
    return [
        Route("/city/audit.csv", audit_table, methods=["POST"]),
        Route("/city/late-promises.csv", late_table),
        Route("/monday/list.pdf", printed_list, methods=["POST"]),
    ]
