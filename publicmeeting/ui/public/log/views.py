"""Entries of the log in words."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.kit.digits import grouped
from publicmeeting.kit.jalali import moment_words
from publicmeeting.text.public_record import log_text
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.public_record.log import Standing

SHORT = 8


@dataclass(frozen=True)
class EntryView:
    """One entry; `mark` is what stands on receipts, `about` the body as it is sealed."""

    seq: str
    what: str
    at: str
    mark: str
    about: str


@dataclass(frozen=True)
class StandingView:
    """Where a receipt's entry stands."""

    title: str
    meta: str
    since: str
    seal: str
    before: str


def entry_view(entry: Entry) -> EntryView:
    return EntryView(
        seq=grouped(entry.seq),
        what=log_text.KIND[entry.kind],
        at=_moment(entry),
        mark=entry.hash[:SHORT],
        about=_about(entry),
    )


def standing_view(found: Standing) -> StandingView:
    entry = found.entry
    behind = found.newest - entry.seq
    return StandingView(
        title=log_text.FOUND.format(seq=grouped(entry.seq)),
        meta=log_text.FOUND_AT.format(kind=log_text.KIND[entry.kind], at=_moment(entry)),
        since=log_text.SINCE.format(count=grouped(behind)) if behind else log_text.IS_NEWEST,
        seal=entry.hash,
        before=entry.prev,
    )


def _moment(entry: Entry) -> str:
    return moment_words(datetime.fromisoformat(entry.at))


def _about(entry: Entry) -> str:
    """Draw, ticket or party: what a reader looks for; the whole body is in the file."""
    named = (entry.body.get(key) for key in ("draw", "ticket", "party", "monday"))
    return next((str(one)[:16] for one in named if one), "")
