"""`/privacy/`: who sees which data of a citizen, and for how long, read from rules in use."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.lifecycle.access import sight_of
from publicmeeting.domain.people import BACKUPS_DAYS, ERASABLE_DAYS
from publicmeeting.domain.roles import OFFICIALS, Role
from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts import sign_ins
from publicmeeting.store.accounts.security import STAYS as SECURITY_STAYS
from publicmeeting.store.accounts.sessions import CITIZEN_IDLE, CITIZEN_STAYS
from publicmeeting.store.filing import drafts
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.tracking import privacy_text
from publicmeeting.web.browser import DEVICE_STAYS, VISIT_STAYS
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.citizens.my_data import ADDRESS as MY_DATA
from publicmeeting.web.plain.citizens.my_data import fact, own_page
from publicmeeting.web.plain.elements import el
from publicmeeting.worker.cleanup import MARKS_STAY, TRASH_STAYS

ADDRESS = "/privacy/"
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def show(_request: Request) -> Response:
    """Show the page; it is the same for all readers."""
    return own_page(
        privacy_text.TITLE,
        elements.title(privacy_text.TITLE),
        el("p", privacy_text.LEAD),
        el("p", elements.link(privacy_text.MY_DATA, MY_DATA), class_="mt-2"),
        elements.section(privacy_text.WHO, *_who()),
        elements.section(privacy_text.LONG, _periods()),
        elements.section(privacy_text.PUBLIC, elements.listed(privacy_text.PUBLIC_LINES)),
        elements.section(privacy_text.OUT, elements.listed(privacy_text.OUT_LINES)),
        elements.section(
            privacy_text.RIGHTS,
            elements.listed(privacy_text.RIGHTS_LINES),
            el("a", privacy_text.MY_DATA, href=MY_DATA, class_="btn btn-secondary"),
        ),
    )


def _who() -> Iterable[Markup]:
    rows = [fact(privacy_text.YOU, privacy_text.YOU_SEE)]
    rows += [fact(ROLE[role], " ".join(sees(role))) for role in OFFICIALS]
    yield el("dl", *rows, class_="sheet")
    yield el("p", privacy_text.NUMBER)
    yield el("p", privacy_text.OTHERS)


def sees(role: Role) -> tuple[str, ...]:
    """Return sentences about what an office sees, from the rules of access."""
    sight = sight_of(role)
    if sight.reads_while_screened:
        unit = role is Role.UNIT
        reads = privacy_text.READS_UNIT if unit else privacy_text.READS_ALL
    elif sight.reads_with_seat:
        reads = privacy_text.READS_SEAT
    elif sight.reads_what_came_to_the_city:
        reads = privacy_text.READS_CITY
    else:
        reads = privacy_text.READS_NONE
    name = privacy_text.NAME_SEAT if sight.name_with_seat else privacy_text.NAME_NEVER
    beside = privacy_text.BESIDE.get(role)
    return (reads, name, *([beside] if beside else []))


def _periods() -> Markup:
    numbers = period_numbers()
    rows = (fact(what, long.format(**numbers)) for what, long in privacy_text.STAYS.values())
    return el("dl", *rows, class_="sheet")


def period_numbers() -> Mapping[str, str]:
    """Return all numbers of the sentences, from the constants that the program uses."""
    days = {
        "erasable": timedelta(days=ERASABLE_DAYS),
        "marks": MARKS_STAY,
        "draft": drafts.STAYS,
        "idle": CITIZEN_IDLE,
        "longest": CITIZEN_STAYS,
        "visit": VISIT_STAYS,
        "device": DEVICE_STAYS,
        "security": SECURITY_STAYS,
        "trash": TRASH_STAYS,
        "backups": timedelta(days=BACKUPS_DAYS),
    }
    numbers = {name: str(persian(length.days)) for name, length in days.items()}
    numbers["anonymous"] = str(persian(drafts.ANONYMOUS_STAYS // _HOUR))
    numbers["code"] = str(persian(sign_ins.CODE_STAYS // _MINUTE))
    return numbers


def routes() -> list[Route]:
    return [Route(ADDRESS, show, methods=["GET"])]
