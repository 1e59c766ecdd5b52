"""Search, filter, sorting and paging shared by all lists of officials' work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from publicmeeting.domain.districts.city import SUBJECTS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.orders.promises import number_typed
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.kit.digits import bare
from publicmeeting.kit.letters import is_searchable
from publicmeeting.usecases.base import Command

T = TypeVar("T")

_SUBJECTS = frozenset(subject.code for subject in SUBJECTS)


class Sort(StrEnum):
    """The order of a list's lines."""

    PRESSING = "pressing"
    """Most urgent first; each list defines what that means."""
    NEWEST = "newest"
    DISTRICT = "district"


class Narrowed(Command):
    """One page of a filtered list; empty fields do not filter.

    `words` holds Persian words, a tracking code or an order's number. `subject` is a code of the
    shipped list. `page` counts from 0.
    """

    words: str = ""
    subject: str = ""
    sort: Sort = Sort.PRESSING
    page: int = 0


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of one tab of a list."""

    lines: tuple[T, ...]
    counts: Mapping[str, int]
    """Number of lines in each tab under the same filter."""
    which: str
    now: datetime
    page: int = 0
    pages: int = 1
    unread: int = 0
    """Number of lines that can no longer be decrypted and are left out."""


def check_narrowing(command: Narrowed, sorts: Sequence[Sort]) -> None:
    """Raise Denied("form_broken") for a subject, sorting or page that this list does not have."""
    if command.subject and command.subject not in _SUBJECTS:
        raise Denied("form_broken")
    if command.sort not in sorts or command.page < 0:
        raise Denied("form_broken")


def search_words(words: str) -> str:
    """Return the text to search for; a tracking code as a person or a message writes it becomes one
    word.

    Empty if no word is long enough to search for; then nothing is filtered out.
    """
    digits = bare(words)
    if is_tracking_code(digits):
        return digits
    return words if number_typed(words) or is_searchable(words) else ""


def is_too_short(words: str) -> bool:
    """Return whether the typed text is too short to search for."""
    return bool(words.strip()) and not search_words(words)


def pages_of(count: int, size: int) -> int:
    """Return the number of pages for `count` lines; an empty list has one page."""
    return max(1, -(-count // size))


def clamp_page(page: int, count: int, size: int) -> int:
    """Return the requested page, or the last page if the list has become shorter meanwhile.

    An empty page would suggest that the list is empty.
    """
    return min(page, pages_of(count, size) - 1)


def page_of(found: Sequence[T], page: int, size: int) -> Sequence[T]:
    """Return the lines of one page."""
    return found[page * size : (page + 1) * size]
