"""View models of filing for a caller: what the officer sees and says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from publicmeeting.domain.districts import DISTRICTS, SUBJECTS, Place
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.people import IdentityKind
from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing import assist_text, filing_text, receipt_text
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.ui.design.models import Choice, Photo
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.photos import photos_of_ids
from publicmeeting.ui.shell.quarters import quarters
from publicmeeting.usecases.districts.places import PlacesFound
from publicmeeting.usecases.filing.assisting import AssistedFiling, Way
from publicmeeting.usecases.filing.receipts import Receipt

SUBJECT_CHOICES = [
    Choice("", filing_text.SUBJECT_EMPTY),
    *(Choice(s.code, s.name) for s in SUBJECTS),
]
_SUBJECT_NAME = {s.code: s.name for s in SUBJECTS}
_NUMBERS = range(1, len(DISTRICTS) + 1)
_IMAGE_ID = re.compile(r"[0-9a-f]{32}")
_TITLE_READ = 60
"""Maximum characters of a title that are read back."""


@dataclass(frozen=True)
class Typed(ViewModel):
    """What has been typed for this caller; in the page's memory only."""

    call: str = ""
    """How many callers this tab has served: the forms are new for each.

    Empty until the page has been read: a form needs the length of typed texts, which a blank view
    does not have.
    """
    district: int = 0
    subject: str = ""
    title: str = ""
    text: str = ""
    needs: str = ""
    prefers: str = "any"
    way: str = Way.CODE.value
    kind: str = IdentityKind.NATIONAL.value
    identity: str = ""
    name: str = ""
    mobile: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class PlaceFound:
    district: int
    name: str
    where: str
    digits: str


@dataclass(frozen=True)
class Where(ViewModel):
    """The places found by the typed name, and the chosen district."""

    places: tuple[PlaceFound, ...] = ()
    hint: str = ""
    chosen: str = ""
    quarters: str = ""


@dataclass(frozen=True)
class Filed(ViewModel):
    """The receipt, and sentences to say about it. The identity is masked."""

    code: str = ""
    digits: str = ""
    district: int = 0
    lead: str = ""
    title: str = ""
    whom: str = ""
    assisted: str = ""
    sentences: tuple[str, ...] = ()
    pin: str = field(default="", repr=False)


def photo_views(ids: Sequence[str]) -> tuple[Photo, ...]:
    """Return the photos of this call; texts that cannot be an id are left out."""
    known = [one for one in dict.fromkeys(ids) if _IMAGE_ID.fullmatch(one)]
    return photos_of_ids(known[:PHOTOS_MOST])


def ids_of(photos: Sequence[Photo]) -> tuple[str, ...]:
    return tuple(photo.full.rsplit("/", 1)[-1] for photo in photos)


def number_in(typed: str) -> int:
    """Return the district of a typed number, in any digits; 0 if there is none."""
    digits = ascii_digits(typed).strip()
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(f"{_NUMBERS[-1]}")
    return int(digits) if is_number and int(digits) in _NUMBERS else 0


def where_view(chosen: int, typed: str, found: PlacesFound) -> Where:
    """Return the places found. All homonyms are listed; a number stands for its district."""
    number = number_in(typed)
    places = (_numbered(number),) if number else tuple(map(_found, found.places))
    names = {place.district for place in places}
    if names == {chosen}:  # nothing is left to choose
        places = ()
    hint = ""
    if typed.strip() and not names:
        hint = assist_text.PLACE_NONE
    elif found.has_more and not number:
        hint = assist_text.PLACE_MORE
    elif len(names) > 1:
        hint = assist_text.PLACE_MANY
    return Where(
        places=places,
        hint=hint,
        chosen=assist_text.CHOSEN if chosen else "",
        quarters=quarters(chosen) if chosen else "",
    )


def _numbered(number: int) -> PlaceFound:
    name = filing_text.DISTRICT.format(district=persian(number))
    return PlaceFound(number, name, quarters(number), persian(number))


def _found(place: Place) -> PlaceFound:
    where = filing_text.DISTRICT.format(district=persian(place.district))
    return PlaceFound(place.district, place.name, where, persian(place.district))


def read_back(typed: Typed) -> str:
    """Return the whole request in one sentence, for «is that right?»; "" while something is
    missing."""
    if not (typed.district and typed.subject in _SUBJECT_NAME and typed.title.strip()):
        return ""
    sentence = assist_text.READ_BACK if typed.name.strip() else assist_text.READ_BACK_UNNAMED
    return sentence.format(
        district=persian(typed.district),
        subject=_SUBJECT_NAME[typed.subject],
        title=typed.title.strip()[:_TITLE_READ],
        name=typed.name.strip(),
    )


def filed_view(made: AssistedFiling, facts: Receipt, now: datetime) -> Filed:
    return Filed(
        code=facts.code,
        digits=persian(facts.code),
        district=facts.district,
        lead=receipt_text.LEAD.format(
            district=persian(facts.district), subject=_SUBJECT_NAME[facts.subject]
        ),
        title=facts.title,
        whom=" · ".join(filter(None, (made.name, dates_text.in_order(made.identity)))),
        assisted=receipt_text.ASSISTED.format(who=ROLE[facts.assisted]) if facts.assisted else "",
        sentences=tuple(_sentences(facts, now)),
        pin=persian(made.pin),
    )


def _sentences(facts: Receipt, now: datetime) -> list[str]:
    """Return what happens next, with dates, and how she will be informed."""
    code = persian(facts.code)
    groups = dates_text.in_order(f"{code[:3]} {code[3:6]} {code[6:]}")
    found = [assist_text.YOUR_CODE.format(code=groups)]
    if facts.screened_by:
        until = dates_text.until_words(facts.screened_by)
        found.append(assist_text.ANSWER_BY.format(district=persian(facts.district), until=until))
    if facts.draw_at and facts.first_monday:
        found.append(
            assist_text.FIRST_DRAW.format(
                moment=dates_text.near_moment(facts.draw_at, now),
                monday=weekday_day(facts.first_monday),
            )
        )
    found.append(assist_text.BY_SMS if facts.has_mobile else assist_text.BY_CALL)
    return [*found, assist_text.BRING]
