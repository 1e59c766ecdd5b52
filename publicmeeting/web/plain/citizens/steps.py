"""The four steps of a request as plain forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from publicmeeting.domain.districts.city import DISTRICTS, SUBJECTS
from publicmeeting.domain.matter import (
    MORE_WRITTEN,
    PHOTOS_MOST,
    WRITTEN,
    WrittenField,
    has_required,
)
from publicmeeting.domain.people import masked_identity
from publicmeeting.domain.private_numbers import has_private_number
from publicmeeting.domain.records import Image
from publicmeeting.kit.digits import bare, persian
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.media.intake.sniff import OFFERED
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.dates_text import in_order, near_moment
from publicmeeting.text.filing import filing_text, whose_text
from publicmeeting.text.tracking import privacy_text
from publicmeeting.usecases.districts.places import PlacesFound
from publicmeeting.usecases.filing.drafting import FilingPage, Linked
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.citizens import whose
from publicmeeting.web.plain.elements import Choice, el, join

ADDRESS = "/plain/request/"
LEFT = f"{ADDRESS}left"
_ASKED = f"{whose.RECYCLED}?next={quote(f'{ADDRESS}?step=3')}"
_NAMES = {subject.code: subject.name for subject in SUBJECTS}
_SUBJECTS = [Choice("", filing_text.SUBJECT_EMPTY), *(Choice(*name) for name in _NAMES.items())]
_DISTRICTS = [
    Choice("", chrome_text.PLAIN_DISTRICT_EMPTY),
    *(
        Choice(f"{district.number}", filing_text.DISTRICT.format(district=persian(district.number)))
        for district in DISTRICTS
    ),
]
_NOTHING_FOUND = PlacesFound()


@dataclass(frozen=True)
class Sheet:
    """Content of a step: the draft, input that replaces it, and errors."""

    page: FilingPage
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    place: str | None = None
    """Name of a place that the citizen searched for."""
    found: PlacesFound = _NOTHING_FOUND
    """Places with that name."""

    def value(self, name: str) -> str:
        return self.typed.get(name, self.page.fields.get(name, ""))

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def carried(self) -> Markup:
        """The identity as hidden fields, while she goes back over other steps.

        The draft does not store it. Her typed name goes with it, because the draft's name may
        change.
        """
        names = ("kind", "identity", "name") if self.typed.get("identity") else ()
        return elements.hidden(**{name: self.value(name) for name in names})

    def mark(self) -> str:
        """Return a hash of all that the review shows; it changes if another tab edits the draft."""
        page = self.page
        photos = [photo.id for photo in page.photos]
        return sha("review", canonical_json([page.fields, photos, page.person_id]))


def furthest(page: FilingPage) -> int:
    """Return the last step this draft may show: all steps before it are complete."""
    draft = page.fields
    if draft.get("district", "") not in {district.value for district in _DISTRICTS[1:]}:
        return 1
    if draft.get("subject") not in _NAMES or not has_required(draft):
        return 2
    return 4 if page.mobile and page.person_identity else 3


def district_step(sheet: Sheet) -> Markup:
    place = elements.field(
        filing_text.PLACE, "place", sheet.place or "", hint=chrome_text.PLAIN_PLACE_HINT
    )
    linked = sheet.typed.get("subject", "")
    return _form(
        1,
        sheet,
        filing_text.DISTRICT_TITLE,
        elements.hidden(subject=linked) if linked in _NAMES else elements.NOTHING,
        el(
            "div",
            place,
            elements.button(chrome_text.PLAIN_FIND, kind="secondary", name="find", value="1"),
            class_="grid gap-2",
        ),
        _places(sheet),
        elements.select(
            chrome_text.PLAIN_DISTRICT,
            "district",
            _DISTRICTS,
            sheet.value("district"),
            error=sheet.error("district"),
        ),
    )


def left_question(left_at: datetime, now: datetime) -> Markup:
    """Ask whether a draft in this browser is hers, before any of it is shown."""

    def answer(mine: str, label: str, kind: str) -> Markup:
        return elements.form(LEFT, elements.button(label, kind=kind), elements.hidden(mine=mine))

    asked = filing_text.LEFT.format(when=near_moment(left_at, now))
    return el(
        "div",
        elements.title(filing_text.TITLE),
        elements.notice(asked, el("p", filing_text.LEFT_WHY), tone="saffron"),
        answer("yes", filing_text.LEFT_MINE, "secondary"),
        answer("no", filing_text.LEFT_NOT_MINE, "quiet"),
        class_="grid gap-4",
    )


def link_question(linked: Linked, fields: Mapping[str, str], last: int) -> Markup:
    """Ask whether a link may replace her own choice: one button takes it, one keeps hers."""
    asked = {**fields, **linked.fields}
    offered = filing_text.LINK_ASKS.format(linked=_chosen(asked))
    return el(
        "div",
        elements.notice(
            filing_text.LINK_QUESTION,
            el("p", filing_text.LINK_OWN.format(own=_chosen(fields))),
            el("p", offered),
            tone="saffron",
        ),
        elements.form(
            ADDRESS,
            elements.button(filing_text.LINK_TAKE.format(linked=_chosen(asked)), kind="secondary"),
            elements.hidden(step="1", district=asked["district"], subject=asked.get("subject", "")),
        ),
        el("p", elements.link(filing_text.LINK_KEEP, f"{ADDRESS}?step={last}")),
        class_="grid gap-4",
    )


def _chosen(fields: Mapping[str, str]) -> str:
    number = fields.get("district", "")
    place = filing_text.DISTRICT.format(district=persian(number)) if number else ""
    return "\u00a0· ".join(filter(None, (place, _NAMES.get(fields.get("subject", ""), ""))))


def _places(sheet: Sheet) -> Markup:
    """List each place with this name as a button; the citizen picks among places of equal name."""
    if sheet.place is None:
        return _unsure()
    if not sheet.found.places:
        return join(elements.notice(chrome_text.PLAIN_PLACES_NONE, tone="neutral"), _unsure())

    def one(name: str, number: int) -> Markup:
        where = filing_text.DISTRICT.format(district=persian(number))
        face = join(el("span", name, class_="row-title"), el("span", where, class_="row-meta"))
        press = el("button", face, type="submit", name="pick", value=f"{number}", class_="row")
        return el("li", press)

    rows = el(
        "ul", *(one(place.name, place.district) for place in sheet.found.places), class_="rows"
    )
    head = filing_text.PLACES_SIMILAR if sheet.found.is_similar else chrome_text.PLAIN_PLACES
    more = (
        elements.notice(chrome_text.PLAIN_PLACES_MORE, tone="neutral")
        if sheet.found.has_more
        else Markup("")
    )
    found = el("div", el("p", head, class_="field-label"), rows, more, role="status")
    return join(found, _unsure()) if sheet.found.is_similar else found


def _unsure() -> Markup:
    """Tell how to find the district: a wrong one leads to the wrong mayor."""
    return el(
        "p", filing_text.UNSURE, " ", el("a", filing_text.ASK_137, href="tel:137", class_="link")
    )


def matter_step(sheet: Sheet) -> Markup:
    return _form(
        2,
        sheet,
        filing_text.MATTER_TITLE,
        elements.select(
            filing_text.SUBJECT,
            "subject",
            _SUBJECTS,
            sheet.value("subject"),
            error=sheet.error("subject"),
        ),
        *(_written(sheet, one) for one in WRITTEN),
        _photos(sheet),
        files=True,
    )


def _written(sheet: Sheet, written: WrittenField) -> Markup:
    draw = elements.field if written.rows == 1 else elements.area
    name = written.name
    hint = filing_text.WRITTEN_HINT.get(name, "")
    label, value = filing_text.WRITTEN[name], sheet.value(name)
    return draw(label, name, value, hint=hint, error=sheet.error(name))


def _photos(sheet: Sheet) -> Markup:
    photos = sheet.page.photos
    marks = {image.id: alt for image, alt in zip(photos, _numbered(photos), strict=True)}
    drop = _chips(filing_text.REMOVE_PHOTO, "drop", marks, (), several=True)
    stored = join(thumbs(sheet.page), drop) if photos else elements.NOTHING
    choose = elements.field(
        filing_text.PHOTOS,
        "photos",
        hint=filing_text.PHOTOS_HINT,
        error=sheet.error("photos"),
        type="file",
        accept=OFFERED,
        multiple=True,
    )
    return join(stored, choose if len(photos) < PHOTOS_MOST else elements.NOTHING)


def thumbs(page: FilingPage) -> Markup:
    def one(id_: str, alt: str) -> Markup:
        picture = el("img", src=f"/images/{id_}/thumb", alt=alt)
        return el("li", el("a", picture, href=f"/images/{id_}", class_="thumb"))

    shown = zip(page.photos, _numbered(page.photos), strict=True)
    return el("ul", *(one(image.id, alt) for image, alt in shown), class_="thumbs")


def _numbered(photos: Sequence[Image]) -> list[str]:
    """Number each photo among all of them."""
    count = persian(len(photos))
    return [
        chrome_text.PHOTO_OF_SEVERAL.format(at=persian(at), count=count)
        for at in range(1, len(photos) + 1)
    ]


def self_step(sheet: Sheet) -> Markup:
    """Step about the citizen, after her mobile is confirmed; before that the sign-in is shown."""
    page = sheet.page
    known = el("p", el("strong", page.person_name), " ", el("bdi", page.person_identity, dir="ltr"))
    who = known if page.person_identity else join(_served(page), *_herself(sheet))
    another = elements.button(filing_text.ANOTHER, kind="quiet", name="another", value="1")
    return join(
        _form(
            3,
            sheet,
            filing_text.SELF_TITLE,
            elements.notice(filing_text.CONFIRMED, tone="neutral"),
            who,
            _chips(
                filing_text.NEEDS,
                "needs",
                filing_text.NEED,
                sheet.value("needs").split(","),
                several=True,
            ),
            _chips(
                filing_text.PREFERS,
                "prefers",
                filing_text.PREFER,
                (sheet.value("prefers") or "any",),
                hint=filing_text.PREFERS_HINT,
            ),
            # In a new tab, because the draft does not store what she typed about herself.
            el(
                "a",
                privacy_text.ASKED_FOR,
                href="/privacy/",
                target="_blank",
                class_="link nav-link",
            ),
        ),
        elements.form(ADDRESS, another, elements.hidden(step="3")) if page.person_identity else "",
    )


def _herself(sheet: Sheet) -> Sequence[Markup]:
    return (
        _chips(
            filing_text.KIND,
            "kind",
            dict(filing_text.KINDS),
            (sheet.typed.get("kind") or "national",),
            hint=filing_text.KIND_HINT,
        ),
        elements.digits(
            filing_text.IDENTITY,
            "identity",
            sheet.typed.get("identity", ""),
            hint=filing_text.IDENTITY_HINT,
            error=sheet.error("identity"),
        ),
        elements.field(
            filing_text.NAME,
            "name",
            sheet.value("name"),
            hint=filing_text.NAME_HINT,
            error=sheet.error("name"),
            autocomplete="off" if sheet.page.others else "name",
        ),
    )


def _served(page: FilingPage) -> Markup:
    """Ask «for whom?», if this mobile has served somebody before."""
    asked = elements.NOTHING
    if page.is_asked:
        answer = elements.link(whose_text.MOBILE_ANSWER, _ASKED)
        lead = el("p", whose_text.MOBILE_ASKED_WHY)
        asked = elements.notice(whose_text.MOBILE_ASKED, lead, el("p", answer), tone="neutral")
    if not page.others:
        return asked
    others = {**dict(page.others), "": chrome_text.PLAIN_SOMEBODY_ELSE}
    return join(asked, _chips(filing_text.FOR_WHOM, "person", others, ("",)))


def _chips(
    label: str,
    name: str,
    options: Mapping[str, str],
    chosen: Sequence[str],
    *,
    several: bool = False,
    hint: str = "",
) -> Markup:
    choices = [Choice(*option) for option in options.items()]
    return elements.chips(label, name, choices, chosen, several=several, hint=hint)


def review_step(sheet: Sheet) -> Markup:
    """Show all input again, each with a link back; the identity is carried along."""
    page, value = sheet.page, sheet.value
    number, needs = value("district"), value("needs").split(",")
    wanted = filing_text.on_the_day(needs, value("prefers"))
    place = filing_text.DISTRICT.format(district=persian(number)) if number else ""
    typed = sheet.typed.get("identity")
    person = value("name") if typed else page.person_name
    masked = masked_identity(bare(typed)) if typed else page.person_identity
    return _form(
        4,
        sheet,
        filing_text.REVIEW_TITLE,
        elements.notice(filing_text.PRIVATE, el("p", filing_text.PRIVATE_WHY), tone="saffron")
        if has_private_number("\n".join(value(one.name) for one in WRITTEN))
        else "",
        el(
            "div",
            _line(filing_text.STEPS[0], place, 1),
            _line(_NAMES.get(value("subject"), ""), value("title"), 2, value("text")),
            *(
                _line(filing_text.WRITTEN[one.name], value(one.name), 2)
                for one in MORE_WRITTEN
                if value(one.name)
            ),
            el("div", thumbs(page) if page.photos else elements.muted(filing_text.NO_PHOTOS)),
            _line(filing_text.STEPS[2], person, 3, f"{in_order(masked)}\n{wanted}"),
            class_="sheet",
        ),
        elements.hidden(seen=sheet.mark()),
        elements.muted(filing_text.AFTER),
    )


def _line(label: str, value: str, step: int, more: str = "") -> Markup:
    what = filing_text.CHANGE_WHAT.format(what=filing_text.STEPS[step - 1])
    return el(
        "div",
        el("p", label, class_="text-meta text-ink2"),
        el("p", value, class_="text-h3 wrap-anywhere"),
        el("p", more, class_="whitespace-pre-line wrap-anywhere"),
        elements.button(what, kind="quiet", name="to", value=f"{step}"),
    )


def _form(step: int, sheet: Sheet, title: str, *content: str, files: bool = False) -> Markup:
    go = elements.button(
        filing_text.FILE if step == len(filing_text.STEPS) else filing_text.KEEP_ON
    )
    carried = sheet.carried() if step != len(filing_text.STEPS) - 1 else elements.NOTHING
    end = (elements.hidden(step=f"{step}"), carried)
    inside = elements.form(ADDRESS, *content, go, *end, files=files)
    return join(elements.title(title), inside)
