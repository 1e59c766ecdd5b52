"""`/people/import/`: import of up to 400 officials from one file, without scripts.

Steps: upload, a preview that names every bad row, and a file with their links, shown once. Between
preview and import the table is in the form itself, compressed. It is read and checked again like
all input.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable
from urllib.parse import quote

from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.domain.officials.invitations import TWO_TO_GIVE
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.officials import people_text
from publicmeeting.text.officials.people_text import role_words
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.officials.importing import (
    ONE_BY_ONE,
    ROWS_MOST,
    BadRow,
    ImportTable,
    LookAtTable,
    NewOfficial,
    Preview,
    import_officials,
    preview_import,
)
from publicmeeting.usecases.officials.invitations import link_to
from publicmeeting.usecases.officials.listing import AskOfficials, officials, place_of
from publicmeeting.usecases.officials.table import COLUMNS, decoded, form, written
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import button, el, hidden, link
from publicmeeting.web.plain.page import not_found, page
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.web.routes.sign_in import STAFF_DOOR

HERE, MAKE = "/people/import/", "/people/import/make"
PEOPLE = "/city/people/"
_MEGABYTE = 2**20
_FILE_MOST = 1
"""Maximum size of a table, in megabytes; 400 rows need a tenth of it."""
_BODY_MOST = 8 * _MEGABYTE
"""Maximum size of a body, in bytes, that is refused with a sentence; larger ones are cut off."""
_SHOWN = 50
"""Maximum number of bad rows that are shown; the administrator corrects these first."""
_WRONG = 422


async def show(request: Request) -> Response:
    """Show the form; only for administrators."""
    return await _refused(request) or _first("")


async def blank(request: Request) -> Response:
    """Return a table of all offices of the city, to be filled in."""
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="officials.csv"'}
    text = "\ufeff" + form(without=ONE_BY_ONE)
    answer = Response(text, media_type="text/csv; charset=utf-8", headers=headers)
    return await _refused(request) or answer


async def preview(request: Request) -> Response:
    """`file` → a preview of the import, or every row that prevents it."""
    refused = await _refused(request)
    if refused is not None:
        return refused
    try:
        text = await _sent(request)
        preview = await browser.query(request, preview_import, LookAtTable(table=text))
    except (Denied, Unavailable) as denied:
        return _first(refusal(denied.key, **denied.facts))
    return _wrong(preview) if preview.bad else _right(preview, text)


async def make(request: Request) -> Response:
    """`table` from the preview → all accounts are made; their links are shown once."""
    refused = await _refused(request)
    if refused is not None:
        return refused
    fields = await browser.form(request, most=_MEGABYTE)
    try:
        command = ImportTable(table=_unpacked(browser.word(fields, "table")))
        done = await browser.execute(request, import_officials, command)
    except (Denied, Unavailable) as denied:
        return _first(refusal(denied.key, **denied.facts))
    return _made(request, done.made) if done.made else _wrong(done.preview)


async def _refused(request: Request) -> Response | None:
    """Return the answer for a person who is not an administrator; None for an administrator."""
    try:
        await browser.query(request, officials, AskOfficials())
    except Denied as denied:
        if denied.key == "session_ended":
            return see_other(f"{STAFF_DOOR}?next={quote(HERE)}")
        if denied.key == "not_your_role":
            return not_found(request)
        raise
    return None


async def _sent(request: Request) -> str:
    async with request.form(max_files=1, max_fields=2, max_part_size=_MEGABYTE) as fields:
        file = fields.get("file")
        if not isinstance(file, UploadFile) or not file.size:
            raise Denied("table_missing")
        if file.size > _FILE_MOST * _MEGABYTE:
            raise Denied("table_large", megabytes=_FILE_MOST)
        return decoded(await file.read())


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _unpacked(packed: str) -> str:
    """Return the table that the preview packed; raises Denied("table_broken") for other data."""
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(packed), _FILE_MOST * 2 * _MEGABYTE)
        return data.decode()
    except (binascii.Error, zlib.error, ValueError):
        raise Denied("table_broken") from None


def _first(refused: str) -> Response:
    file = el(
        "input",
        type="file",
        id="file",
        name="file",
        accept=".csv,text/csv",
        required=True,
        class_="input",
    )
    inside = (
        elements.muted(people_text.IMPORT_LEAD.format(limit=persian(ROWS_MOST))),
        el("p", el("code", ",".join(COLUMNS), dir="ltr"), class_="mt-3", dir="ltr"),
        el("p", link(people_text.IMPORT_FORM, f"{HERE}officials.csv")),
        elements.form(
            HERE,
            el(
                "div", el("label", people_text.IMPORT_FILE, for_="file", class_="field-label"), file
            ),
            button(people_text.IMPORT_LOOK),
            files=True,
        ),
    )
    if refused:
        return _page(refused, *inside, status=_WRONG)
    return _page("", *inside)


def _wrong(preview: Preview) -> Response:
    bad = preview.bad
    lines = [
        el(
            "li",
            el("span", _row_name(row), class_="block font-semibold"),
            el("span", _why(row), class_="block"),
            class_="py-2",
        )
        for row in bad[:_SHOWN]
    ]
    more = (
        people_text.IMPORT_MORE.format(count=persian(len(bad) - _SHOWN))
        if len(bad) > _SHOWN
        else ""
    )
    inside = (
        el("ul", *lines, class_="rows mt-4"),
        el("p", more),
        el("p", people_text.IMPORT_MEND, class_="mt-4"),
        el(
            "p",
            el("a", people_text.IMPORT_AGAIN, href=HERE, class_="btn btn-primary"),
            class_="mt-4",
        ),
    )
    return _page(people_text.IMPORT_BAD.format(bad=persian(len(bad))), *inside, status=_WRONG)


def _row_name(row: BadRow) -> Markup:
    line = people_text.IMPORT_BAD_ROW.format(line=persian(row.line))
    return el("span", line, " ", el("bdi", row.username, dir="ltr"))


def _why(row: BadRow) -> str:
    if row.refusal is not None:
        of_tables = people_text.IMPORT_REFUSED.get(row.refusal.key)
        return of_tables or refusal(row.refusal.key, **row.refusal.facts)
    if row.columns:
        wanted = persian(len(COLUMNS))
        return people_text.IMPORT_COLUMNS.format(columns=persian(row.columns), wanted=wanted)
    return people_text.IMPORT_FAULT[row.fault]


def _right(preview: Preview, text: str) -> Response:
    roles = "، ".join(
        people_text.IMPORT_ONE_ROLE.format(count=persian(count), role=ROLE[role])
        for role, count in preview.counts.items()
    )
    count = persian(preview.count)
    inside = (
        elements.notice(people_text.IMPORT_CAN.format(count=count, roles=roles), tone="glaze"),
        _waits(sum(preview.counts.get(role, 0) for role in TWO_TO_GIVE)),
        el("p", people_text.IMPORT_KEEP, class_="mt-4"),
        elements.form(
            MAKE, hidden(table=_packed(text)), button(people_text.IMPORT_MAKE.format(count=count))
        ),
    )
    return _page("", *inside)


def _waits(count: int) -> Markup:
    """Sentence about accounts that another administrator must agree to."""
    if not count:
        return elements.NOTHING
    return el("p", people_text.IMPORT_WAITS.format(count=persian(count)), class_="mt-4")


def _made(request: Request, made: Iterable[NewOfficial]) -> Response:
    site = browser.settings(request).public_url
    rows = [
        (
            official.username,
            official.name,
            role_words(official.grant.role, *place_of(official.grant)),
            link_to(site, official.key) if official.key else people_text.IMPORT_AGREED_FIRST,
        )
        for official in made
    ]
    table = base64.b64encode(written(people_text.IMPORT_HEADS, rows).encode()).decode()
    download = el(
        "a",
        people_text.IMPORT_DOWNLOAD,
        href=f"data:text/csv;charset=utf-8;base64,{table}",
        download="links.csv",
        class_="btn btn-primary",
    )
    inside = (
        elements.notice(people_text.IMPORT_MADE.format(count=persian(len(rows))), tone="glaze"),
        _waits(sum(link_or_wait == people_text.IMPORT_AGREED_FIRST for *_, link_or_wait in rows)),
        el("p", el("strong", people_text.IMPORT_KEEP), class_="mt-4"),
        el("p", download, class_="mt-4"),
        el("p", people_text.IMPORT_KEEP_THEN, class_="mt-4"),
    )
    return _page("", *inside, is_shown_once=True)


def _page(refused: str, *inside: str, status: int = 200, is_shown_once: bool = False) -> Response:
    """Return a page that Back and reload open as the empty form."""
    back = link(people_text.IMPORT_BACK, PEOPLE)
    content = el("div", elements.notice(refused), *inside, class_="grid gap-4")
    title = elements.title(people_text.IMPORT_TITLE)
    return page(
        people_text.IMPORT_TITLE,
        title,
        content,
        status=status,
        beside=back,
        address=HERE,
        is_shown_once=is_shown_once,
    )


def routes() -> list[Route]:
    return [
        Route(HERE, show, methods=["GET"]),
        Route(f"{HERE}officials.csv", blank, methods=["GET"]),
        Route(HERE, preview, methods=["POST"], max_body_size=_BODY_MOST),
        Route(MAKE, make, methods=["POST"], max_body_size=2 * _MEGABYTE),
    ]
