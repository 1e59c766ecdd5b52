"""View models of the four steps, from a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from publicmeeting.domain.districts.city import DISTRICTS, SUBJECTS
from publicmeeting.domain.districts.names import Place
from publicmeeting.domain.matter import WRITTEN, Matter, has_required, texts_of
from publicmeeting.domain.people import masked_identity, masked_mobile
from publicmeeting.domain.private_numbers import has_private_number
from publicmeeting.kit.digits import bare, persian, whole_number
from publicmeeting.text.common.dates_text import in_order, near_moment
from publicmeeting.text.filing import filing_text
from publicmeeting.text.filing.filing_text import quarters
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.outlook import NO_WAIT, Wait
from publicmeeting.ui.design.models import Choice, MapTile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.districts.places import PlacesFound
from publicmeeting.usecases.filing.drafting import FilingPage, Linked, lacking
from publicmeeting.usecases.filing.submitting import too_long

MATTER = 2
"""The step on which she writes what has happened."""
SUBJECT_CHOICES = [
    Choice("", filing_text.SUBJECT_EMPTY),
    *(Choice(s.code, s.name) for s in SUBJECTS),
]
_SUBJECT_NAME = {s.code: s.name for s in SUBJECTS}


@dataclass(frozen=True)
class PlaceChoice:
    """One of the districts that the name of a neighbourhood may mean."""

    district: int
    name: str
    where: str
    digits: str
    chosen: bool = False


@dataclass(frozen=True)
class Draft(Matter, ViewModel):
    """What has been typed, with its labels for the review."""

    district: int = 0
    district_name: str = ""
    subject_name: str = ""
    needs: str = ""
    needs_words: str = ""
    prefers: str = ""
    name: str = ""
    private: str = ""
    """What the review says of a mobile number or a national code in a text."""


@dataclass(frozen=True)
class Where(ViewModel):
    """Step 1: the map, the places of this name, and the button that continues when one is
    chosen."""

    tiles: tuple[MapTile, ...] = ()
    places: tuple[PlaceChoice, ...] = ()
    places_note: str = ""
    places_found: str = ""
    """Announcement for screen readers that a list of places has appeared.

    Empty for similar places, whose own sentence says that none has this name.
    """
    go_district: str = ""
    quarters: str = ""
    """Neighbourhoods of the chosen district, by which she can check that it is hers."""
    wait: Wait = NO_WAIT
    """What she can expect in this district."""


@dataclass(frozen=True)
class Applicant(ViewModel):
    """Step 3: what is already known. `mobile` is masked, and set when a code was confirmed."""

    mobile: str = ""
    person: str = ""
    identity: str = ""
    kind: str = ""
    """The kind that she has chosen; until then it is the national code."""
    typed: str = ""
    """Beside the field of the identity: what she has typed, masked, once that was right."""
    files_as: str = ""
    """The name on the review: the person for whom the request is filed."""
    files_by: str = ""
    """Beside it her identity, masked: the last chance to see that it is somebody else's."""
    others: tuple[tuple[str, str], ...] = ()
    """Id and name of the persons this mobile has served."""
    is_asked: bool = False
    """Whether another person may use this mobile who cannot be named to this browser yet."""
    live_one: str = ""
    """The code of her open request, if she has one."""


@dataclass(frozen=True)
class Link(ViewModel):
    """What a link into this page has asked for but did not get; usually empty."""

    unknown: tuple[str, ...] = ()
    """Sentences about values that do not exist."""
    own: str = ""
    """What she has chosen, if the link asks for something else."""
    linked: str = ""
    take: str = ""


def link_view(linked: Linked, fields: dict[str, str]) -> Link:
    unknown = tuple(filing_text.LINK_UNKNOWN[name] for name in linked.unknown)
    if lacking(linked, fields) is not None:
        return Link(unknown)
    own, asked = link_words(fields), link_words({**fields, **linked.fields})
    return Link(
        unknown,
        filing_text.LINK_OWN.format(own=own),
        filing_text.LINK_ASKS.format(linked=asked),
        filing_text.LINK_TAKE.format(linked=asked),
    )


def link_words(fields: Mapping[str, str]) -> str:
    """Return the chosen district and subject of a link, such as «منطقهٔ ۶ · آسفالت»."""
    draft = draft_view(dict(fields))
    return "\u00a0· ".join(filter(None, (draft.district_name, draft.subject_name)))


def draft_view(fields: dict[str, str]) -> Draft:
    number = _small(fields.get("district", ""))
    needs = [n for n in fields.get("needs", "").split(",") if n in filing_text.NEED]
    prefers = fields.get("prefers", "any")
    prefers = prefers if prefers in filing_text.PREFER else "any"
    subject = fields.get("subject", "")
    texts = {field.name: fields.get(field.name, "") for field in WRITTEN}
    return Draft(
        district=number,
        district_name=filing_text.DISTRICT.format(district=persian(number)) if number else "",
        subject=subject if subject in _SUBJECT_NAME else "",
        subject_name=_SUBJECT_NAME.get(subject, ""),
        **texts,
        needs=",".join(needs),
        needs_words=filing_text.on_the_day(needs, prefers),
        prefers=prefers,
        name=fields.get("name", ""),
        private=filing_text.PRIVATE if has_private_number("\n".join(texts.values())) else "",
    )


def furthest_step(draft: Draft, *, known: bool) -> int:
    """Return the furthest step this draft allows: all steps before it are complete."""
    if not draft.district:
        return 1
    if not draft.subject or not has_required(texts_of(draft)) or too_long_errors(draft):
        return MATTER
    return 4 if known else 3


def too_long_errors(draft: Draft) -> dict[str, str]:
    """Return field → error for each text that must be shortened before filing."""
    return {
        problem.field: refusal(problem.key, **problem.facts)
        for problem in too_long(texts_of(draft))
    }


def left_question(left_at: datetime, now: datetime) -> str:
    return filing_text.LEFT.format(when=near_moment(left_at, now))


def where_view(chosen: int, query: str, found: PlacesFound, wait: Wait) -> Where:
    """Return the view of step 1. `found` are the places called `query`; all homonyms are listed."""
    is_found = bool(found.places) and not found.is_similar
    return Where(
        tiles=map_tiles(chosen, tuple(place.district for place in found.places)),
        places=tuple(_place(place, chosen) for place in found.places),
        places_note=places_sentence(query, found),
        places_found=filing_text.PLACES_FOUND.format(count=persian(len(found.places)))
        if is_found
        else "",
        go_district=filing_text.GO_DISTRICT.format(district=persian(chosen)) if chosen else "",
        quarters=quarters(chosen) if chosen else "",
        wait=wait,
    )


def applicant_view(page: FilingPage, kind: str, identity: str, name: str) -> Applicant:
    """Return the view of step 3.

    `identity` was typed and is right, or it is empty; `name` belongs to it. A person for whom the
    session acts has precedence.
    """
    masked = in_order(persian(masked_identity(bare(identity)))) if identity else ""
    return Applicant(
        kind=kind,
        typed=filing_text.IDENTITY_TYPED.format(masked=masked) if identity else "",
        mobile=masked_mobile(page.mobile) if page.mobile else "",
        person=page.person_name,
        identity=page.person_identity,
        files_as=page.person_name or name,
        files_by=in_order(page.person_identity) if page.person_identity else masked,
        others=tuple(page.others),
        is_asked=page.is_asked,
        live_one=page.live_code or "",
    )


@lru_cache(maxsize=256)
def map_tiles(chosen: int, candidates: tuple[int, ...] = ()) -> tuple[MapTile, ...]:
    """Return the map's tiles. Cached, because all visitors share the same few maps."""

    def kind(number: int) -> str:
        return "now" if number == chosen else "candidate" if number in candidates else "plain"

    return tuple(
        MapTile(
            number=d.number,
            text=persian(d.number),
            label=filing_text.TILE_LABEL.format(district=persian(d.number)),
            kind=kind(d.number),
        )
        for d in DISTRICTS
    )


def _place(place: Place, chosen: int) -> PlaceChoice:
    return PlaceChoice(
        district=place.district,
        name=place.name,
        where=filing_text.DISTRICT.format(district=persian(place.district)),
        digits=persian(place.district),
        chosen=place.district == chosen,
    )


def places_sentence(query: str, found: PlacesFound) -> str:
    """Return a sentence if nothing, only similar names, too much, or one name in several districts
    was found; else ""."""
    places = found.places
    if not query.strip():
        return ""
    if not places:
        return filing_text.PLACES_NONE
    if found.is_similar:
        return filing_text.PLACES_SIMILAR
    if found.has_more:
        return filing_text.PLACES_MORE
    names = {place.name for place in places}
    if len(names) == 1 and len(places) > 1:
        return filing_text.HOMONYMS.format(name=places[0].name, count=persian(len(places)))
    return ""


def _small(text: str) -> int:
    number = whole_number(text, 2) or 0
    return number if number <= len(DISTRICTS) else 0
