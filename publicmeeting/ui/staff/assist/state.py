"""State of filing for a caller, and its view models: what the officer sees and says.

What is typed is stored only in this tab's state, until the next call.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.domain.districts.city import DISTRICTS, SUBJECTS
from publicmeeting.domain.districts.names import Place
from publicmeeting.domain.people import IdentityKind, masked_mobile
from publicmeeting.kit.digits import ascii_digits, persian, whole_number
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.filing import assist_text, filing_text, receipt_text
from publicmeeting.text.filing.filing_text import quarters
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.models import Choice, Photo
from publicmeeting.ui.reflex.forms import Form, text_of, values_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel, set_fields
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.photos import ids_of, photos_named
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.places import (
    LONGEST_QUERY,
    FindPlaces,
    PlacesFound,
    search_places,
)
from publicmeeting.usecases.filing.assisting import (
    AskCallersCode,
    AssistedFiling,
    FileForCaller,
    PicturesOfCall,
    Way,
    assist_page,
    drop_pictures,
    file_for_caller,
    send_callers_code,
)
from publicmeeting.usecases.filing.receipts import Receipt, receipt
from publicmeeting.usecases.filing.submitting import FIELD_MOST

SUBJECT_CHOICES = [
    Choice("", filing_text.SUBJECT_EMPTY),
    *(Choice(s.code, s.name) for s in SUBJECTS),
]
_SUBJECT_NAME = {s.code: s.name for s in SUBJECTS}
_NUMBERS = range(1, len(DISTRICTS) + 1)
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


def number_in(typed: str) -> int:
    """Return the district of a typed number, in any digits; 0 if there is none."""
    number = whole_number(ascii_digits(typed).strip(), 2) or 0
    return number if number in _NUMBERS else 0


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
    elif found.is_similar and not number:
        hint = assist_text.PLACE_SIMILAR if places else ""
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
        whom="\u00a0· ".join(filter(None, (made.name, dates_text.in_order(made.identity)))),
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


_MOST = {**FIELD_MOST, "identity": 40, "mobile": 40, "kind": 20}
"""Maximum characters remembered of each field; the use case checks what is filed."""
_SAVED = ("subject", "title", "text", "kind", "identity", "name", "mobile")
_AT_DESK = "person_at_desk"
FILED = "filed"
"""Id of the receipt's head, which gets the focus after filing."""


@dataclass(frozen=True)
class Around(ViewModel):
    """What the page shows besides what is typed."""

    sent_to: str = ""
    """The masked mobile that received a code in this call."""
    read_back: str = ""
    at_desk: bool = False
    """Whether another mobile has the identity of the card; this is resolved on the page
    `/desk/person/`."""


class AssistState(Asking, rx.State):
    """State of `/assist/`."""

    typed: Typed = Typed()
    where: Where = Where()
    filed: Filed = Filed()
    ways: list[Choice] = []
    sees_her: bool = False
    """Whether the citizen stands before this officer; else she is on the telephone."""
    around: Around = Around()
    sent_to = VarField[str]("around")
    at_desk = VarField[bool]("around")
    _query: str = ""
    _found: PlacesFound = PlacesFound()
    _sent: str = ""
    """The mobile, as typed, that received a code."""

    @rx.event
    async def load(self) -> None:
        """Read by which proofs this officer may file. What was typed before stays."""
        self.errors, self.refused = {}, ""
        await read_rail(self)
        seen = await query(self, assist_page, Nothing())
        if seen is not None:
            self.ways = [Choice(way.value, assist_text.PROOFS[way.value]) for way in seen.ways]
            self.sees_her = Way.CARD in seen.ways
            set_fields(self, "typed", call=self.typed.call or "1")

    @rx.event
    async def find(self, typed: str) -> None:
        """Find the places of this name, or the district with this number."""
        await self._find(text_of(typed))

    @rx.event
    async def take_place(self, form: Form) -> Any:
        """Take the district when Enter is pressed in the place field, if the name is
        unambiguous. A similar name is only suggested: the officer asks and chooses."""
        typed = text_of(form.get("place"))
        await self._find(typed)
        districts = {place.district for place in self.where.places}
        is_guess = self._found.is_similar and not number_in(typed)
        if len(districts) != 1 or is_guess:
            self.errors = {"place": self.where.hint or assist_text.PLACE_FIRST}
            return None
        return self._choose(districts.pop())

    @rx.event
    async def choose(self, district: int) -> Any:
        """Choose one of the places of that name."""
        return self._choose(district)

    @rx.event
    async def choose_way(self, way: str) -> None:
        """Choose how she proves who she is."""
        if way in {choice.value for choice in self.ways}:
            self._keep(way=way)
            self.errors = {}

    @rx.event
    async def keep(self, name: str, value: str) -> None:
        """Store a field when the officer pauses or leaves it."""
        if name in _SAVED:
            self._keep(**{name: text_of(value)[: _MOST[name]]})

    @rx.event
    async def photos_changed(self, ids: list[str]) -> None:
        """Store the photos after one was added or removed; they survive a reload."""
        set_fields(self, "typed", photos=photos_named(ids))
        self.errors = {key: error for key, error in self.errors.items() if key != "photos"}

    @rx.event
    async def go(self, form: Form) -> Any:
        """Send her a code if one is needed; else file."""
        self._keep_all(form)
        if self.filed.code:
            return None
        if self._needs_code():
            return await self._send()
        if self.typed.way == Way.CODE and "code" not in form:
            return None  # a double tap on «send»: the code's field has not been seen yet
        return await self._file(text_of(form.get("code")))

    @rx.event
    async def send_again(self) -> Any:
        """Send another code, if one did not arrive or has expired."""
        return await self._send() if self.typed.way == Way.CODE else None

    @rx.event
    async def next_call(self) -> Any:
        """Delete everything of this caller."""
        if self.typed.photos and not self.filed.code:
            photos = ids_of(self.typed.photos)
            await execute(self, drop_pictures, PicturesOfCall, photos=photos)
        self.typed = Typed(call=str(int(self.typed.call or "1") + 1))
        self.where, self.filed, self.around = Where(), Filed(), Around()
        self._query, self._found, self._sent = "", PlacesFound(), ""
        self.errors, self.refused, self.done = {}, "", ""
        return rx.set_focus("place")

    def _choose(self, district: int) -> Any:
        number = number_in(str(district))
        if not number:
            return None
        self._keep(district=number)
        self._query, self._found = "", PlacesFound()
        self.errors = {key: error for key, error in self.errors.items() if key != "place"}
        self._show_places()
        return rx.set_focus("subject")

    async def _find(self, typed: str) -> None:
        self._query = typed[:LONGEST_QUERY]
        found = await query(self, search_places, FindPlaces(query=self._query))
        if found is not None:
            self._found = found
            self._show_places()

    def _show_places(self) -> None:
        self.where = where_view(self.typed.district, self._query, self._found)

    def _keep(self, **fields: object) -> None:
        set_fields(self, "typed", **fields)
        sent_to = self.sent_to if self.typed.mobile == self._sent else ""
        set_fields(self, "around", read_back=read_back(self.typed), sent_to=sent_to)

    def _keep_all(self, form: Form) -> None:
        """Store the fields of the form. Fields that are not drawn are not sent, and keep their
        text."""
        texts = {name: text_of(form.get(name))[: _MOST[name]] for name in _SAVED if name in form}
        needs = ",".join(text_of(need) for need in values_of(form, "needs"))[: _MOST["needs"]]
        prefers = text_of(form.get("prefers"))[: _MOST["prefers"]] or "any"
        self._keep(**texts, needs=needs, prefers=prefers)

    def _needs_code(self) -> bool:
        return self.typed.way == Way.CODE and (not self._sent or self._sent != self.typed.mobile)

    def _fields(self) -> dict[str, Any]:
        typed = self.typed
        of_a_card = typed.way == Way.CARD
        kind = (
            typed.kind
            if of_a_card or typed.kind != IdentityKind.PASSPORT
            else IdentityKind.NATIONAL
        )
        return {
            "district": str(typed.district or ""),
            **{name: getattr(typed, name) for name in _SAVED if name != "kind"},
            "kind": kind,
            "needs": tuple(filter(None, typed.needs.split(","))),
            "prefers": typed.prefers,
            "way": typed.way,
        }

    async def _send(self) -> Any:
        fields = {**self._fields(), "budget": settings().sms_codes_a_day}
        sent = await execute(self, send_callers_code, AskCallersCode, **fields)
        if sent is None:
            return self._place_error()
        self._sent = self.typed.mobile
        self.sent_to = in_order(masked_mobile(sent))
        return rx.set_focus("code")

    async def _file(self, code: str) -> Any:
        fields = {**self._fields(), "photos": ids_of(self.typed.photos), "code": code}
        made = await execute(self, file_for_caller, FileForCaller, **fields)
        if made is None:
            return self._place_error()
        if made.refused:
            self.why = made.refused
            self.errors = {"code": refusal(made.refused)}
            return None
        await self._show_filed(made)
        # Not a button: another Enter must not begin the next call.
        return rx.set_focus(FILED)

    async def _show_filed(self, made: AssistedFiling) -> None:
        facts = await query(self, receipt, OneCase(code=made.code))
        page = await query(self, assist_page, Nothing())
        if facts is None or page is None:
            return
        filed = filed_view(made, facts, page.now)
        self.filed = replace(filed, pin=filed.pin or self.filed.pin)
        # Only the content of the receipt stays on the page.
        self.typed = Typed(call=self.typed.call)
        self.where, self.around, self._sent = Where(), Around(), ""
        self.done = assist_text.FILED

    def _place_error(self) -> Any:
        """Move a refusal of the district to the place field.

        The place field has another name than the district, and a separate form far above the
        button, so nothing else would lead there.
        """
        self.at_desk = self.why == _AT_DESK
        if "district" not in self.errors:
            return None
        self.errors = {**self.errors, "place": assist_text.PLACE_FIRST}
        return rx.set_focus("place")
