"""State of filing a request. The draft is stored on the server; this state shows it and sends
commands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import reflex as rx

from publicmeeting.application import application
from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.matter import texts_of
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal, refusal_in
from publicmeeting.ui.citizen.outlook import NO_WAIT, Wait, wait_view
from publicmeeting.ui.citizen.request import views
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.reflex.whereabouts import shown_at, url_of
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.session import (
    Way,
    door_errors,
    leads_to_mobile,
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
    lacking,
    read_link,
    save_applicant_step,
    save_matter_step,
    speak_for,
    speak_for_another,
)
from publicmeeting.usecases.filing.submitting import (
    LINE_CLOSED,
    MatterForm,
    SaveDraft,
    Submit,
    save_draft,
    submit,
)

GOES_TO = {step: shown_at(f"/request/?step={step}") for step in (2, 3, 4)}
# Created once: creating a redirect takes Reflex as long as handling the step before it.
JUST_NOW = timedelta(seconds=1)
"""How long a page read by one press counts as current for the step that opens next."""
SELF = 3
"""The step on which she says who she is."""


@dataclass(frozen=True)
class Around(ViewModel):
    """What the page shows besides the draft."""

    sent_to: str = ""
    mistyped: str = ""
    """The mobile that was just refused, for correction."""
    saved: bool = False
    ways: tuple[Way, ...] = ()
    """Single sign-on providers, where her mobile is asked for."""
    left: str = ""
    """The question whether a draft left in this browser is hers, with the time when it was begun.

    Nothing of the draft is shown before she has confirmed that.
    """
    confirmed: bool = False
    """Whether her mobile was confirmed since this page last showed the step."""
    must_sign_in: bool = False
    """Whether the page offers to sign in, because no other draft may be begun without a session."""


class BookingState(Asking, rx.State):
    """State of `/request/`. The step is part of the address, so that the browser's back button
    works."""

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
    confirmed = VarField[bool]("around")
    must_sign_in = VarField[bool]("around")
    ways = VarField[tuple[Way, ...]]("around")
    _identity: str = ""
    _kind: str = "national"
    _name: str = ""
    """The name typed with the identity, once both are right; the draft's name may have been changed
    since."""
    _mobile: str = ""
    """The mobile of the session in which the identity was typed."""
    _person: str = ""
    """Id of the person for whom the session acts, as the page shows it."""
    _refused_texts: dict[str, str] = {}
    """By field, the text that its error is about."""
    _query: str = ""
    _found: PlacesFound = PlacesFound()
    """The places with the name that was searched for."""
    _read_at: datetime | None = None
    """When a press has read the page (machine time), until the next step has opened."""

    @property
    def _draft(self) -> views.Draft:
        """The stored object itself. Reflex would wrap it to notice changes, but it is frozen."""
        draft: views.Draft = self.get_value("draft")
        return draft

    @property
    def _applicant(self) -> views.Applicant:
        applicant: views.Applicant = self.get_value("applicant")
        return applicant

    @property
    def _is_known(self) -> bool:
        """Whether step 3 is complete."""
        return bool(self._person or (self._identity and self._name))

    @rx.event
    async def load(self) -> Any:
        """Read the draft and show the step of the address, or the furthest step that it allows."""
        await self._open(url_of(self).query_parameters)
        return leads_to_mobile(self)

    async def _open(self, parameters: Mapping[str, str]) -> None:
        self.errors, self.refused = {}, ""
        had_mobile = bool(self._applicant.mobile)
        self.saved = self.confirmed = self.must_sign_in = False
        if not self._has_just_been_read():
            page = await query(self, filing_page, Nothing())
            if page is None:
                return
            if self._is_asked(page, at_step="step" in parameters):
                return
            self._show(page)
        self.link = await self._linked(parameters)
        wanted_step = parameters.get("step", "")
        furthest = self._furthest()
        wanted = int(wanted_step) if wanted_step in {"1", "2", "3", "4"} else (max(1, furthest))
        step = min(wanted, furthest)
        is_asked = step == SELF and not self._applicant.mobile
        waits = is_asked and not parameters.get("other")
        self.step = step
        self.confirmed = step == SELF and bool(self._applicant.mobile) and not had_mobile
        self.sent_to = await waiting_mobile(self) if waits else ""
        self.mistyped = await mistyped_mobile(self) if is_asked else ""
        self.ways = ways_in() if waits else ()
        if step == SELF:
            self.errors = door_errors(self, has_code=bool(self.sent_to))
        elif step == views.MATTER:
            self.errors = views.too_long_errors(self._draft)
            self._note_refused(texts_of(self._draft))
        # A refusal of the door is over once she has confirmed her mobile.
        is_over = wanted == SELF and self._applicant.mobile
        if step != SELF and not is_over and not self.errors:
            self.refused = refusal_in(parameters)  # of a photo or a draft sent without a script

    async def _go_to(self, step: int) -> Any:
        """Show the next step in the answer to this press, and then change the address."""
        await self._open({"step": str(step)})
        return GOES_TO[step]

    def _is_asked(self, page: FilingPage, *, at_step: bool) -> bool:
        """Return whether to ask if a draft left in this browser is hers.

        Only its writer is not asked, when she returns to one of its steps soon after.
        """
        is_asked = page.is_left(at_step=at_step)
        self.left = views.left_question(page.left_at, page.now) if page.left_at and is_asked else ""
        if is_asked:
            self._show(replace(page, fields={}, photos=()))
        return is_asked

    @rx.event
    async def keep_left(self) -> Any:
        """Confirm that the draft left in this browser is hers."""
        return await self._answer_left(keep_left)

    @rx.event
    async def drop_left(self) -> Any:
        """Delete the draft left in this browser, which belongs to somebody else."""
        return await self._answer_left(drop_left)

    async def _answer_left(self, usecase: UseCase[Nothing, FilingPage]) -> Any:
        page = await execute(self, usecase, Nothing)
        if page is None:
            return None
        self.left = ""
        self._show(page)
        return rx.redirect(self._furthest_address())

    async def _linked(self, parameters: Mapping[str, str]) -> views.Link:
        """Add to the draft what a link asks for and the draft lacks; return what else to say about
        the link."""
        linked = read_link(parameters)
        if self._applicant.live_one:
            return views.Link()
        adds = lacking(linked, self._chosen_fields())
        if adds:
            await self._take({**adds})
        return views.link_view(linked, self._chosen_fields())

    @rx.event
    async def take_link(self) -> Any:
        """Replace her own choice with what the link asks for."""
        linked = read_link(url_of(self).query_parameters)
        await self._take({**linked.fields})
        return None if self.refused or self.errors else rx.redirect(self._furthest_address())

    @rx.event
    async def keep_own(self) -> Any:
        """Keep her own choice."""
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
        """Find the places of this name. All homonyms are listed, and none is chosen for her."""
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
        """Leave step 1 if a district is chosen."""
        del form
        if not self._draft.district:
            self.errors = {"district": filing_text.DISTRICT_FIRST}
            return None
        return await self._go_to(2)

    @rx.event
    async def keep_field(self, name: str, value: str) -> None:
        """Save one field at a pause or when she leaves it, even if it is not acceptable yet.

        If she presses «ادامه» before the pause, the pause comes after the answer. It brings the
        text that was just refused, whose error stays.
        """
        self._read_at = None
        text = text_of(value)
        is_changed = self._refused_texts.get(str(name)) != text
        before = {k: wrong for k, wrong in self.errors.items() if k != name or not is_changed}
        await execute(self, save_draft, SaveDraft, {"fields": {str(name): text}})
        self.saved = not self.refused and not self.errors
        self.must_sign_in = self.why == "sign_in_first"
        self.errors = {**before, **self.errors}

    @rx.event
    async def leave_matter(self, form: Form) -> Any:
        """Leave step 2. Everything is saved; the next step opens only if nothing is wrong."""
        left = await execute(self, save_matter_step, MatterForm, form)
        if left is None:
            return None
        if left.errors:
            self._show_errors(left.errors, form)
            return None
        if not self._show_saved(left.page):
            return None
        return await self._go_to(3)

    @rx.event
    async def leave_herself(self, form: Form) -> Any:
        """Leave step 3. The identity is kept in the memory of this state only.

        Whoever comes back from the review to change something else leaves its field empty.
        """
        identity = text_of(form.get("identity")).strip()
        if not identity and form.get("kind") == self._kind:
            identity = self._identity
        left = await execute(self, save_applicant_step, Applicant, form, identity=identity)
        if left is None:
            return None
        wrong = left.errors
        is_wrong = "identity" in {error.field for error in wrong}
        self._identity = "" if is_wrong else identity[:40]
        self._kind = str(form.get("kind") or "national")
        self._name = "" if wrong else str(form.get("name") or "")[:80]
        if wrong:
            self._show_errors(wrong, form)
            return None
        self._show(left.page)
        self._will_open_a_step()
        return await self._go_to(4)

    def _show_errors(self, wrong: tuple[Invalid, ...], form: Form) -> None:
        self.errors = {error.field: refusal(error.key, **error.facts) for error in wrong}
        self._note_refused(form)

    def _note_refused(self, texts: Mapping[str, Any]) -> None:
        self._refused_texts = {field: text_of(texts.get(field)) for field in self.errors}

    @rx.event
    async def choose_person(self, person: str) -> None:
        """Choose the person for whom the session acts («For whom?»)."""
        await execute(self, speak_for, SpeakFor, {"person": str(person)})
        await self._show_chosen()

    @rx.event
    async def for_another(self) -> None:
        """File for somebody whom this mobile has not served yet."""
        await execute(self, speak_for_another, Nothing)
        await self._show_chosen()

    async def _show_chosen(self) -> None:
        """Forget the identity typed before. If the choice was refused, only the refusal is shown.

        The page is read within the same event. A later event would open this step again, although
        she may have gone on to another meanwhile.
        """
        if self.refused or self.errors:
            return
        self._identity = ""
        self._read_at = None
        await self._open(url_of(self).query_parameters)

    @rx.event
    async def photos_changed(self) -> None:
        """Read the photos again after one was stored or removed."""
        page = await query(self, filing_page, Nothing())
        if page is not None:
            self.photos = list(photo_views(page.photos))

    @rx.event
    async def file(self) -> Any:
        """File the request. A second press leads to the same receipt."""
        if self._applicant.mobile and not self._is_known:
            # an earlier press has filed the request and deleted the identity
            if code := await self._live_code():
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
        """Return the code of her filed request: by this press in a process that ended, or by
        another one."""
        page = await query(self, filing_page, Nothing())
        return (page.live_code if page else None) or ""

    async def _lead_to_error(self) -> None:
        """Show the step whose field was refused.

        If the line has closed or the review is out of date, read the page again instead.
        """
        self._note_refused({**texts_of(self._draft), "name": self._name})
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
        self.saved, self.must_sign_in = page is not None, self.why == "sign_in_first"
        if page is None:  # refused: show the saved draft again, under the refusal
            page = await query(self, filing_page, Nothing())
        if page is not None:
            self._show_saved(page)

    def _show_saved(self, page: FilingPage) -> bool:
        """Show what a press has saved, for the step that opens next.

        Returns False if she is first asked whose the draft is, because her session has ended
        meanwhile.
        """
        if self._is_asked(page, at_step=True):
            return False
        self._show(page)
        self._will_open_a_step()
        return True

    def _show(self, page: FilingPage) -> None:
        self._forget_another(page)
        self.draft = views.draft_view(page.fields)
        self.photos = list(photo_views(page.photos))
        name = self._name if self._identity else ""
        self.applicant = views.applicant_view(page, self._kind, self._identity, name)
        self._show_places(wait_view(page.outlook) if page.outlook else NO_WAIT)

    def _forget_another(self, page: FilingPage) -> None:
        """Forget an identity that was typed for somebody else.

        The request is filed for the person for whom the session acts. An identity typed before she
        was chosen, or with another mobile, must not be sent in her name.
        """
        mobile = page.mobile or self._mobile
        if page.person_id or mobile != self._mobile:
            self._identity = ""
        self._mobile, self._person = mobile, page.person_id

    def _furthest(self) -> int:
        known = bool(self._applicant.mobile) and self._is_known
        return views.furthest_step(self._draft, known=known)

    def _will_open_a_step(self) -> None:
        self._read_at = application().clock()

    def _has_just_been_read(self) -> bool:
        """Return whether a press has read the page within the last second; True only once."""
        read_at, self._read_at = self._read_at, None
        return read_at is not None and timedelta(0) <= application().clock() - read_at < JUST_NOW

    def _show_places(self, wait: Wait | None = None) -> None:
        wait = self.get_value("where").wait if wait is None else wait
        self.where = views.where_view(self._draft.district, self._query, self._found, wait)


def _receipt(code: str) -> Any:
    return rx.redirect(f"/receipt/{code}/")
