"""Security events as lines."""

from dataclasses import dataclass

from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import moment_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.oversight import security_text
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.oversight.security_events import SecurityEvent, SecurityPage

HERE = "/city/security/"
KINDS = (
    Choice("", security_text.ALL),
    *(Choice(kind.value, security_text.KIND[kind]) for kind in SecurityKind),
)


@dataclass(frozen=True)
class EventLine:
    """One group of events; `what` and `where` are Latin as they are kept."""

    kind: str
    when: str
    who: str
    what: str
    where: str
    device: str


@dataclass(frozen=True)
class Events(ViewModel):
    """A page of them, and where the others are."""

    lines: tuple[EventLine, ...] = ()
    lead: str = ""
    kind: str = ""
    page: str = ""
    newer: str = ""
    older: str = ""


def events(seen: SecurityPage) -> Events:
    kind = seen.kind.value if seen.kind else ""
    return Events(
        lines=tuple(map(_line, seen.events)),
        lead=security_text.LEAD.format(days=persian(seen.kept.days)),
        kind=kind,
        page=security_text.PAGE.format(page=persian(seen.page)),
        newer=address(kind, seen.page - 1) if seen.page > 1 else "",
        older=address(kind, seen.page + 1) if seen.has_more else "",
    )


def address(kind: str, page: int = 1) -> str:
    return f"{HERE}?kind={kind}&page={page}"


def _line(one: SecurityEvent) -> EventLine:
    first, last = moment_words(one.at), moment_words(one.last_at)
    times = dates_text.times(one.count)
    return EventLine(
        kind=security_text.KIND[one.kind],
        when=last
        if one.count == 1
        else security_text.COUNTED.format(times=times, first=first, last=last),
        who=_who(one),
        what=one.what,
        where=one.address,
        device=one.device,
    )


def _who(one: SecurityEvent) -> str:
    kind, _, name = one.who.partition(":")
    if kind in security_text.WHO:
        return security_text.WHO[kind].format(name=name)
    return security_text.NOBODY if one.address or one.device else security_text.MANY
