"""How every list of an official's work is searched, filtered, sorted and paged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from publicmeeting.domain.districts import SUBJECTS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.orders.promises import number_typed
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.letters import is_searchable
from publicmeeting.usecases.base import Command

T = TypeVar("T")

_SUBJECTS = frozenset(subject.code for subject in SUBJECTS)


class Sort(StrEnum):
    """The order of a list's lines."""

    PRESSING = "pressing"
    """What has to be done first; each list says what that is."""
    NEWEST = "newest"
    DISTRICT = "district"


class Narrowed(Command):
    """A page of a list: `words` Persian words, a tracking code or an order's number; `subject` a
    code of the shipped list; `page` from 0. Empty: everything."""

    words: str = ""
    subject: str = ""
    sort: Sort = Sort.PRESSING
    page: int = 0


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of one tab of a list."""

    lines: tuple[T, ...]
    counts: Mapping[str, int]
    """How many each tab holds, narrowed likewise."""
    which: str
    now: datetime
    page: int = 0
    pages: int = 1
    unread: int = 0
    """How many of its lines nobody can read any more; they are left out."""


def check_narrowing(command: Narrowed, sorts: Sequence[Sort]) -> None:
    """Denied("form_broken") for a subject, an order or a page that this list does not have."""
    if command.subject and command.subject not in _SUBJECTS:
        raise Denied("form_broken")
    if command.sort not in sorts or command.page < 0:
        raise Denied("form_broken")


def search_words(words: str) -> str:
    """The text to search for: a tracking code typed in groups or with Persian digits becomes one
    word.

    Empty where no word is long enough to search for; then nothing is filtered out.
    """
    digits = ascii_digits("".join(words.split()))
    if is_tracking_code(digits):
        return digits
    return words if number_typed(words) or is_searchable(words) else ""


def is_too_short(words: str) -> bool:
    """Whether something was typed that is too short to search for."""
    return bool(words.strip()) and not search_words(words)


def pages_of(count: int, size: int) -> int:
    """How many pages so many lines fill; an empty list has one."""
    return max(1, -(-count // size))


def page_there_is(page: int, count: int, size: int) -> int:
    """The requested page, or the last one: a list may have become shorter meanwhile, and an empty
    page would say that there is nothing."""
    return min(page, pages_of(count, size) - 1)


def page_of(found: Sequence[T], page: int, size: int) -> Sequence[T]:
    """The lines of one page."""
    return found[page * size : (page + 1) * size]
