"""State of filing for a caller. What is typed is stored only in this tab's state, until the next
call."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.domain.people import IdentityKind, masked_mobile
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.filing import assist_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.forms import Form, text_of, values_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel, set_changed, set_fields
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.staff.assist import views
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
from publicmeeting.usecases.filing.receipts import receipt
from publicmeeting.usecases.filing.submitting import FIELD_MOST

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
    busy: bool = False
    read_back: str = ""
    at_desk: bool = False
    """Whether another mobile has the identity of the card; this is resolved on the page
    `/desk/person/`."""


class AssistState(Asking, rx.State):
    """State of `/assist/`."""

    typed: views.Typed = views.Typed()
    where: views.Where = views.Where()
    filed: views.Filed = views.Filed()
    ways: list[Choice] = []
    sees_her: bool = False
    """Whether the citizen stands before this officer; else she is on the telephone."""
    around: Around = Around()
    sent_to = VarField[str]("around")
    busy = VarField[bool]("around")
    at_desk = VarField[bool]("around")
    _query: str = ""
    _found: PlacesFound = PlacesFound()
    _sent: str = ""
    """The mobile, as typed, that received a code."""

    @rx.event
    async def load(self) -> None:
        """Read by which proofs this officer may file. What was typed before stays."""
        self.errors, self.refused, self.busy = {}, "", False
        await read_rail(self)
        seen = await query(self, assist_page, Nothing())
        if seen is not None:
            ways = [Choice(way.value, assist_text.PROOFS[way.value]) for way in seen.ways]
            set_changed(self, ways=ways, sees_her=Way.CARD in seen.ways)
            set_fields(self, "typed", call=self.typed.call or "1")

    @rx.event
    async def find(self, typed: str) -> None:
        """Find the places of this name, or the district with this number."""
        await self._find(text_of(typed))

    @rx.event
    async def take_place(self, form: Form) -> Any:
        """Take the district when Enter is pressed in the place field, if the name is
        unambiguous."""
        await self._find(text_of(form.get("place")))
        districts = {place.district for place in self.where.places}
        if len(districts) != 1:
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
        set_fields(self, "typed", photos=views.photo_views(ids))
        self.errors = {key: error for key, error in self.errors.items() if key != "photos"}

    @rx.event
    async def go(self, form: Form) -> Any:
        """Send her a code if one is needed; else file."""
        self._keep_all(form)
        if self.busy or self.filed.code:
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
            photos = views.ids_of(self.typed.photos)
            await execute(self, drop_pictures, PicturesOfCall, photos=photos)
        self.typed = views.Typed(call=str(int(self.typed.call or "1") + 1))
        self.where, self.filed, self.around = views.Where(), views.Filed(), Around()
        self._query, self._found, self._sent = "", PlacesFound(), ""
        self.errors, self.refused, self.done = {}, "", ""
        return rx.set_focus("place")

    def _choose(self, district: int) -> Any:
        number = views.number_in(str(district))
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
        set_changed(self, where=views.where_view(self.typed.district, self._query, self._found))

    def _keep(self, **fields: object) -> None:
        set_fields(self, "typed", **fields)
        sent_to = self.sent_to if self.typed.mobile == self._sent else ""
        set_fields(self, "around", read_back=views.read_back(self.typed), sent_to=sent_to)

    def _keep_all(self, form: Form) -> None:
        """Store the fields of the form. Fields that are not drawn are not sent, and keep their
        text."""
        texts = {name: text_of(form.get(name))[: _MOST[name]] for name in _SAVED if name in form}
        needs = ",".join(text_of(one) for one in values_of(form, "needs"))[: _MOST["needs"]]
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
        self.busy = True
        fields = {**self._fields(), "budget": settings().sms_codes_a_day}
        sent = await execute(self, send_callers_code, AskCallersCode, **fields)
        self.busy = False
        if sent is None:
            return self._place_error()
        self._sent = self.typed.mobile
        self.sent_to = in_order(masked_mobile(sent))
        return rx.set_focus("code")

    async def _file(self, code: str) -> Any:
        self.busy = True
        fields = {**self._fields(), "photos": views.ids_of(self.typed.photos), "code": code}
        made = await execute(self, file_for_caller, FileForCaller, **fields)
        self.busy = False
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
        filed = views.filed_view(made, facts, page.now)
        self.filed = replace(filed, pin=filed.pin or self.filed.pin)
        # Only the content of the receipt stays on the page.
        self.typed = views.Typed(call=self.typed.call)
        self.where, self.around, self._sent = views.Where(), Around(), ""
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
