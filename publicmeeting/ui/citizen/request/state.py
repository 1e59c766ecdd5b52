"""Filing: the draft lives on the server; this state shows it and sends commands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import reflex as rx

from publicmeeting.application import application
from publicmeeting.domain.matter import texts_of
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.outlook import NO_WAIT, Wait, wait_view
from publicmeeting.ui.citizen.request import views
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.router import url_of
from publicmeeting.ui.reflex.shown import shown_at
from publicmeeting.ui.reflex.var_field import VarField, set_changed
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.session import (
    Way,
    door_errors,
    mistyped_mobile,
    waiting_mobile,
    ways_in,
)
from publicmeeting.usecases.base import Nothing, UseCase
from publicmeeting.usecases.districts.places import (
    LONGEST_QUERY,
    FindPlaces,
    PlacesFound,
    search_places,
)
from publicmeeting.usecases.filing.drafting import (
    Applicant,
    FilingPage,
    SpeakFor,
    choose_district,
    drop_left,
    filing_page,
    keep_left,
    save_applicant_step,
    save_matter_step,
    speak_for,
    speak_for_another,
)
from publicmeeting.usecases.filing.linked import lacking, read_link
from publicmeeting.usecases.filing.submitting import (
    LINE_CLOSED,
    MatterForm,
    SaveDraft,
    Submit,
    save_draft,
    submit,
)

GOES_TO = {step: shown_at(f"/request/?step={step}") for step in (2, 3, 4)}
# Created once: creating a redirect costs Reflex as much as handling the step before it.
JUST_NOW = timedelta(seconds=1)
"""What a tile has read is not read again by the button below it."""
SELF = 3
"""The step on which she says who she is."""


@dataclass(frozen=True)
class Around(ViewModel):
    """What the page shows besides the draft."""

    sent_to: str = ""
    mistyped: str = ""
    """The mobile, masked, to which a code has just been sent."""
    saved: bool = False
    ways: tuple[Way, ...] = ()
    """Providers of single sign-on, where her mobile is asked for."""
    left: str = ""
    """When somebody began a draft in this browser, as a question whether it is hers; nothing of it
    is shown before she has confirmed that."""
    must_sign_in: bool = False
    """Without a session no further draft is begun; the page offers to sign in."""


class BookingState(Asking, rx.State):
    """The wizard of `/request/`; the step stands in the address, so that «back» works."""

    step: int = 1
    draft: views.Draft = views.Draft()
    where: views.Where = views.Where()
    photos: list[Photo] = []
    applicant: views.Applicant = views.Applicant()
    around: Around = Around()
    link: views.Link = views.Link()
    sent_to = VarField[str]("around")
    mistyped = VarField[str]("around")
    saved = VarField[bool]("around")
    left = VarField[str]("around")
    must_sign_in = VarField[bool]("around")
    ways = VarField[tuple[Way, ...]]("around")
    _identity: str = ""
    _kind: str = "national"
    _name: str = ""
    """The name typed with the identity; that of the draft may have been changed since."""
    _mobile: str = ""
    """The mobile of the session in which the identity was typed."""
    _person: str = ""
    """Id of the person for whom the session speaks, as the page shows it."""
    _query: str = ""
    _found: PlacesFound = PlacesFound()
    """The places of that name."""
    _read_at: datetime | None = None
    """When a press has read the page (machine time), until the next step has opened."""

    @property
    def _draft(self) -> views.Draft:
        """As it is: Reflex would wrap it to notice changes of what is frozen."""
        draft: views.Draft = self.get_value("draft")
        return draft

    @property
    def _applicant(self) -> views.Applicant:
        applicant: views.Applicant = self.get_value("applicant")
        return applicant

    @rx.event
    async def load(self) -> None:
        """Read the draft and show the step of the address, or the furthest that it allows."""
        await self._open(url_of(self).query_parameters)

    async def _open(self, parameters: Mapping[str, str]) -> None:
        self.errors, self.refused = {}, ""
        set_changed(self, saved=False, must_sign_in=False)
        if not self._has_just_been_read():
            page = await query(self, filing_page, Nothing())
            if page is None:
                return
            if self._is_asked(page, at_step="step" in parameters):
                return
            self._show(page)
        set_changed(self, link=await self._linked(parameters))
        wanted_step = parameters.get("step", "")
        furthest = self._furthest()
        wanted = int(wanted_step) if wanted_step in {"1", "2", "3", "4"} else (max(1, furthest))
        step = min(wanted, furthest)
        is_asked = step == SELF and not self._applicant.mobile
        waits = is_asked and not parameters.get("other")
        sent_to = await waiting_mobile(self) if waits else ""
        mistyped = await mistyped_mobile(self) if is_asked else ""
        ways = ways_in() if waits else ()
        set_changed(self, step=step, sent_to=sent_to, mistyped=mistyped, ways=ways)
        self.errors = (
            views.too_long_errors(self._draft) if step == views.MATTER else door_errors(self)
        )

    async def _go_to(self, step: int) -> Any:
        """The next step in the answer of this very press, and then its address."""
        await self._open({"step": str(step)})
        return GOES_TO[step]

    def _is_asked(self, page: FilingPage, *, at_step: bool) -> bool:
        """Whether a draft that somebody has left in this browser is asked about: of whoever has
        signed in, and of whoever begins; its own steps are gone on with."""
        is_asked = page.is_left(at_step=at_step)
        question = views.left_question(page.left_at, page.now) if page.left_at and is_asked else ""
        set_changed(self, left=question)
        if is_asked:
            self._show(replace(page, fields={}, photos=()))
        return is_asked

    @rx.event
    async def keep_left(self) -> Any:
        """The draft that was left in this browser is hers."""
        return await self._answer_left(keep_left)

    @rx.event
    async def drop_left(self) -> Any:
        """It is another's, and is forgotten."""
        return await self._answer_left(drop_left)

    async def _answer_left(self, usecase: UseCase[Nothing, FilingPage]) -> Any:
        page = await execute(self, usecase, Nothing)
        if page is None:
            return None
        set_changed(self, left="")
        self._show(page)
        return rx.redirect(self._furthest_address())

    async def _linked(self, parameters: Mapping[str, str]) -> views.Link:
        """Put what a link asks for into a draft that lacks it; what else there is to say of it."""
        linked = read_link(parameters)
        if self._applicant.live_one:
            return views.Link()
        adds = lacking(linked, self._chosen_fields())
        if adds:
            await self._take({**adds})
        return views.link_view(linked, self._chosen_fields())

    @rx.event
    async def take_link(self) -> Any:
        """What the link says, in the place of what she had chosen."""
        linked = read_link(url_of(self).query_parameters)
        await self._take({**linked.fields})
        return None if self.refused or self.errors else rx.redirect(self._furthest_address())

    @rx.event
    async def keep_own(self) -> Any:
        """What she had chosen stays."""
        return rx.redirect(self._furthest_address())

    async def _take(self, fields: dict[str, str]) -> None:
        page = await execute(self, choose_district, SaveDraft, {"fields": fields})
        if page is not None:
            self._show(page)

    def _chosen_fields(self) -> dict[str, str]:
        number, chosen = self._draft.district, self._draft.subject
        fields = {"district": str(number) if number else "", "subject": chosen}
        return {name: value for name, value in fields.items() if value}

    def _furthest_address(self) -> str:
        return f"/request/?step={self._furthest()}"

    @rx.event
    async def find(self, typed: str) -> None:
        """Find the places of this name; homonyms are all listed, none is chosen for her."""
        self._query = text_of(typed)[:LONGEST_QUERY]
        found = await query(self, search_places, FindPlaces(query=self._query))
        if found is not None:
            self._found = found
            self._show_places()

    @rx.event
    async def choose(self, district: int) -> None:
        """Choose a district by its tile or by a place."""
        await self._choose(str(district))

    @rx.event
    async def leave_district(self, form: Form) -> Any:
        """Leave step one, once a district is chosen."""
        del form
        if not self._draft.district:
            self.errors = {"district": filing_text.DISTRICT_FIRST}
            return None
        return await self._go_to(2)

    @rx.event
    async def keep_field(self, name: str, value: str) -> None:
        """Save one field when she leaves it, even if it is not acceptable yet."""
        self._read_at = None
        before = {field: wrong for field, wrong in self.errors.items() if field != name}
        await execute(self, save_draft, SaveDraft, {"fields": {str(name): text_of(value)}})
        self.saved = not self.refused and not self.errors
        self.must_sign_in = self.why == "sign_in_first"
        self.errors = {**before, **self.errors}

    @rx.event
    async def leave_matter(self, form: Form) -> Any:
        """Leave step two: everything is saved; she moves on only if nothing is wrong."""
        left = await execute(self, save_matter_step, MatterForm, form)
        if left is None:
            return None
        if left.errors:
            self.errors = {error.field: refusal(error.key, **error.facts) for error in left.errors}
            return None
        if not self._goes_on_with(left.page):
            return None
        return await self._go_to(3)

    @rx.event
    async def leave_herself(self, form: Form) -> Any:
        """Leave step three; the identity stays in the memory of this state and nowhere else."""
        left = await execute(self, save_applicant_step, Applicant, form)
        if left is None:
            return None
        wrong = left.errors
        self._identity = "" if wrong else str(form.get("identity") or "")[:40]
        self._kind = str(form.get("kind") or "national")
        self._name = str(form.get("name") or "")[:80]
        if wrong:
            self.errors = {
                problem.field: refusal(problem.key, **problem.facts) for problem in wrong
            }
            return None
        self._show(left.page)
        self._will_open_a_step()
        return await self._go_to(4)

    @rx.event
    async def choose_person(self, person: str) -> None:
        """Choose the person for whom the session speaks («For whom?»)."""
        await execute(self, speak_for, SpeakFor, {"person": str(person)})
        await self._show_chosen()

    @rx.event
    async def for_another(self) -> None:
        """File for somebody whom this mobile has not served yet."""
        await execute(self, speak_for_another, Nothing)
        await self._show_chosen()

    async def _show_chosen(self) -> None:
        """Forget the identity that was typed before; a refusal stays visible.

        Within the same event: one that came after it would open this step again, although she has
        gone on to another meanwhile.
        """
        if self.refused or self.errors:
            return
        self._identity = ""
        self._read_at = None
        await self._open(url_of(self).query_parameters)

    @rx.event
    async def photos_changed(self) -> None:
        """A photo was stored or removed: read the photos again."""
        page = await query(self, filing_page, Nothing())
        if page is not None:
            self.photos = list(photo_views(page.photos))

    @rx.event
    async def file(self) -> Any:
        """File the request; a second press leads to the same receipt."""
        if self._applicant.mobile and not (self._person or self._identity):
            if code := await self._live_code():  # it was forgotten when she pressed before
                return _receipt(code)
            # Her review was shown by a process that has ended since.
            self.errors, self.step = {"identity": filing_text.IDENTITY_GONE}, SELF
            return None
        draft = self._draft
        texts: dict[str, Any] = texts_of(draft)
        filed = await execute(
            self,
            submit,
            Submit,
            district=str(draft.district),
            subject=draft.subject,
            **texts,
            needs=tuple(filter(None, draft.needs.split(","))),
            prefers=draft.prefers,
            kind=self._kind,
            identity=self._identity,
            name=self._name if self._identity else "",
            person=self._person,
        )
        code = filed.code if filed else ""
        if not code and self.why == "done_before":
            code = await self._live_code()
        if not code:
            await self._lead_to_error()
            return None
        self._identity = ""
        return _receipt(code)

    async def _live_code(self) -> str:
        """The code of what she has filed, by this press in a process that is gone or by another."""
        page = await query(self, filing_page, Nothing())
        return (page.live_code if page else None) or ""

    async def _lead_to_error(self) -> None:
        """Show the step whose field was refused, or for whom the request is now."""
        for step, names in ((1, {"district"}), (2, MatterForm.model_fields.keys())):
            if names & set(self.errors):
                self.step = step
                return
        if self.errors or self.signed_out:
            self.step = SELF
            return
        changed = self.why in {"review_changed", LINE_CLOSED}
        page = await query(self, filing_page, Nothing()) if changed else None
        if page is not None:
            self._show(page)
            self.step = min(self.step, self._furthest())

    async def _choose(self, number: str) -> None:
        page = await execute(self, choose_district, SaveDraft, {"fields": {"district": number}})
        set_changed(self, saved=page is not None, must_sign_in=self.why == "sign_in_first")
        if page is None:  # refused: the saved draft is shown again, under the refusal
            page = await query(self, filing_page, Nothing())
        if page is not None:
            self._goes_on_with(page)

    def _goes_on_with(self, page: FilingPage) -> bool:
        """Show what a press has saved, for the step that opens next; False where she is asked first
        whose the draft is, for her session has ended since the page was read."""
        if self._is_asked(page, at_step=True):
            return False
        self._show(page)
        self._will_open_a_step()
        return True

    def _show(self, page: FilingPage) -> None:
        self._forget_another(page)
        set_changed(
            self,
            draft=views.draft_view(page.fields),
            photos=list(photo_views(page.photos)),
            applicant=views.applicant_view(page, self._name if self._identity else ""),
        )
        self._show_places(wait_view(page.outlook) if page.outlook else NO_WAIT)

    def _forget_another(self, page: FilingPage) -> None:
        """The request is filed for the person for whom the session speaks. An identity typed before
        she was chosen, or with another mobile, must not be sent in her name."""
        mobile = page.mobile or self._mobile
        if page.person_id or mobile != self._mobile:
            self._identity = ""
        self._mobile, self._person = mobile, page.person_id

    def _furthest(self) -> int:
        known = bool(self._applicant.mobile and (self._person or self._identity))
        return views.furthest_step(self._draft, known=known)

    def _will_open_a_step(self) -> None:
        self._read_at = application().clock()

    def _has_just_been_read(self) -> bool:
        """True once, and only for a step that opens within a second."""
        read_at, self._read_at = self._read_at, None
        return read_at is not None and timedelta(0) <= application().clock() - read_at < JUST_NOW

    def _show_places(self, wait: Wait | None = None) -> None:
        wait = self.get_value("where").wait if wait is None else wait
        set_changed(
            self, where=views.where_view(self._draft.district, self._query, self._found, wait)
        )


def _receipt(code: str) -> Any:
    return rx.redirect(f"/receipt/{code}/")
