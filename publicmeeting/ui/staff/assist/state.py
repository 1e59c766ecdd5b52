"""Filing for a caller: what is typed stays in this tab's own state, which is the officer's, and is
gone with the next call."""

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
from publicmeeting.ui.reflex.var_field import VarField, set_changed, set_fields
from publicmeeting.ui.reflex.view_model import ViewModel
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
"""Characters that are remembered of each field; what is filed is checked by its use case."""
_SAVED = ("subject", "title", "text", "kind", "identity", "name", "mobile")
_AT_DESK = "person_at_desk"
FILED = "filed"
"""The head of the receipt, to which the page leads once it is there."""


@dataclass(frozen=True)
class Around(ViewModel):
    """What the page shows besides what is typed."""

    sent_to: str = ""
    """The mobile, masked, that has got a code in this call."""
    busy: bool = False
    read_back: str = ""
    at_desk: bool = False
    """Another mobile holds the identity of the card: the page of persons clears it up."""


class AssistState(Asking, rx.State):
    """`/assist/`."""

    typed: views.Typed = views.Typed()
    where: views.Where = views.Where()
    filed: views.Filed = views.Filed()
    ways: list[Choice] = []
    sees_her: bool = False
    """She stands before this officer; else she speaks by telephone."""
    around: Around = Around()
    sent_to = VarField[str]("around")
    busy = VarField[bool]("around")
    at_desk = VarField[bool]("around")
    _query: str = ""
    _found: PlacesFound = PlacesFound()
    _sent: str = ""
    """The mobile, as it was typed, that has got a code."""

    @rx.event
    async def load(self) -> None:
        """What this officer may file with; what was typed before is still there."""
        self.errors, self.refused, self.busy = {}, "", False
        await read_rail(self)
        seen = await query(self, assist_page, Nothing())
        if seen is not None:
            ways = [Choice(way.value, assist_text.PROOFS[way.value]) for way in seen.ways]
            set_changed(self, ways=ways, sees_her=Way.CARD in seen.ways)
            set_fields(self, "typed", call=self.typed.call or "1")

    @rx.event
    async def find(self, typed: str) -> None:
        """The places of this name, or the district of this number."""
        await self._find(text_of(typed))

    @rx.event
    async def take_place(self, form: Form) -> Any:
        """Enter in the field of places: the district, where there is only one of that name."""
        await self._find(text_of(form.get("place")))
        districts = {place.district for place in self.where.places}
        if len(districts) != 1:
            self.errors = {"place": self.where.hint or assist_text.PLACE_FIRST}
            return None
        return self._choose(districts.pop())

    @rx.event
    async def choose(self, district: int) -> Any:
        """One of the places of that name."""
        return self._choose(district)

    @rx.event
    async def choose_way(self, way: str) -> None:
        """By what she proves her word."""
        if way in {choice.value for choice in self.ways}:
            self._keep(way=way)
            self.errors = {}

    @rx.event
    async def keep(self, name: str, value: str) -> None:
        """What stands in a field, as soon as the officer pauses or leaves it."""
        if name in _SAVED:
            self._keep(**{name: text_of(value)[: _MOST[name]]})

    @rx.event
    async def photos_changed(self, ids: list[str]) -> None:
        """A picture has come or was taken back; they stay over a reload."""
        set_fields(self, "typed", photos=views.photo_views(ids))
        self.errors = {key: error for key, error in self.errors.items() if key != "photos"}

    @rx.event
    async def go(self, form: Form) -> Any:
        """Send her a code where one is needed; else file."""
        self._keep_all(form)
        if self.busy or self.filed.code:
            return None
        if self._needs_code():
            return await self._send()
        if self.typed.way == Way.CODE and "code" not in form:
            return None  # «send» tapped twice: nobody has seen the code's field yet
        return await self._file(text_of(form.get("code")))

    @rx.event
    async def send_again(self) -> Any:
        """Another code, for one that did not come or is over."""
        return await self._send() if self.typed.way == Way.CODE else None

    @rx.event
    async def next_call(self) -> Any:
        """Nothing of this caller stays."""
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
        """Of fields that are not drawn now nothing comes, and what was typed in them stays."""
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
        # Not a button: Enter pressed once more must not begin the next call.
        return rx.set_focus(FILED)

    async def _show_filed(self, made: AssistedFiling) -> None:
        facts = await query(self, receipt, OneCase(code=made.code))
        page = await query(self, assist_page, Nothing())
        if facts is None or page is None:
            return
        filed = views.filed_view(made, facts, page.now)
        self.filed = replace(filed, pin=filed.pin or self.filed.pin)
        # Of her only what the receipt says stays on the page.
        self.typed = views.Typed(call=self.typed.call)
        self.where, self.around, self._sent = views.Where(), Around(), ""
        self.done = assist_text.FILED

    def _place_error(self) -> Any:
        """The field of places has another name than what is chosen by it, and a form of its own,
        far above the button: nothing else leads there."""
        self.at_desk = self.why == _AT_DESK
        if "district" not in self.errors:
            return None
        self.errors = {**self.errors, "place": assist_text.PLACE_FIRST}
        return rx.set_focus("place")
