"""Booking: the draft lives on the server, this state only shows it and asks."""

from typing import Any

import reflex as rx

from publicmeeting.text import filing as words
from publicmeeting.text.refusals import refusal
from publicmeeting.ui.citizen.request import views
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.shell.act import Asking, act, look
from publicmeeting.ui.shell.knock import door_errors, waiting_mobile
from publicmeeting.ui.shell.typed import Form, text_of
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.booking import SaveDraft, Submit, save_draft, submit
from publicmeeting.usecases.filing import (
    FilingPage,
    Herself,
    Matter,
    SpeakFor,
    filing_page,
    keep_herself,
    keep_matter,
    speak_for,
    speak_for_another,
)

LONGEST_QUERY = 60
SELF = 3
"""The step on which she says who she is."""


class BookingState(Asking, rx.State):
    """The wizard of `/request/`; the step stands in the address, so that «back» works."""

    step: int = 1
    draft: views.Draft = views.Draft()
    where: views.Where = views.Where()
    photos: list[Photo] = []
    applicant: views.Applicant = views.Applicant()
    sent_to: str = ""
    """Masked; a code has just been sent there."""
    busy: bool = False
    saved: bool = False
    must_sign_in: bool = False
    """No further draft of nobody's is begun; the page offers to sign in."""
    _identity: str = ""
    _kind: str = "national"
    _name: str = ""
    """With the identity; the draft's name may have been changed since."""
    _mobile: str = ""
    """With which she typed it."""
    _person: str = ""
    """Id of whom the session speaks for, as shown."""
    _query: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the draft; stand on the step of the address, or on the last one that may be."""
        self.errors, self.refused, self.busy, self.saved = {}, "", False, False
        self.must_sign_in = False
        page = await look(self, filing_page, Nothing())
        if page is None:
            return
        self._show(page)
        query = self.router.url.query_parameters
        asked = query.get("step", "")
        furthest = self._furthest(page)
        wanted = int(asked) if asked in {"1", "2", "3", "4"} else (max(1, furthest))
        self.step = min(wanted, furthest)
        waits = self.step == SELF and not page.mobile and not query.get("other")
        self.sent_to = await waiting_mobile(self) if waits else ""
        self.errors = views.too_long(self.draft) if self.step == views.MATTER else door_errors(self)

    @rx.event
    async def find(self, query: str) -> None:
        """Neighbourhoods of this name; homonyms are listed, never picked."""
        self._query = text_of(query)[:LONGEST_QUERY]
        self._show_places()

    @rx.event
    async def choose(self, district: int) -> None:
        """A tile or a place was touched."""
        await self._choose(str(district))

    @rx.event
    async def leave_district(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """Step one is done."""
        del form
        if not self.draft.district:
            self.errors = {"district": words.DISTRICT_FIRST}
            return None
        return rx.redirect("/request/?step=2")

    @rx.event
    async def keep_field(self, name: str, value: str) -> None:
        """Save one field when it is left, also while it is not acceptable yet."""
        before = {field: wrong for field, wrong in self.errors.items() if field != name}
        await act(self, save_draft, SaveDraft, {"fields": {str(name): text_of(value)}})
        self.saved = not self.refused and not self.errors
        self.must_sign_in = self.why == "sign_in_first"
        self.errors = {**before, **self.errors}

    @rx.event
    async def leave_matter(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """Step two: keep everything, go on only when nothing is wrong."""
        wrong = await act(self, keep_matter, Matter, form)
        if wrong is None:
            return None
        if wrong:
            self.errors = {one.field: refusal(one.key, **one.facts) for one in wrong}
            return None
        return rx.redirect("/request/?step=3")

    @rx.event
    async def leave_herself(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """Step three: the identity stays in this state's memory and nowhere else."""
        wrong = await act(self, keep_herself, Herself, form)
        if wrong is None:
            return None
        self._identity = "" if wrong else str(form.get("identity") or "")[:40]
        self._kind = str(form.get("kind") or "national")
        self._name = str(form.get("name") or "")[:80]
        if wrong:
            self.errors = {one.field: refusal(one.key, **one.facts) for one in wrong}
            return None
        return rx.redirect("/request/?step=4")

    @rx.event
    async def choose_person(self, person: str) -> Any:  # noqa: ANN401 (an event to follow)
        """«For whom?»"""
        await act(self, speak_for, SpeakFor, {"person": str(person)})
        return self._chosen()

    @rx.event
    async def for_another(self) -> Any:  # noqa: ANN401 (an event to follow)
        """Somebody this mobile has not served yet."""
        await act(self, speak_for_another, Nothing)
        return self._chosen()

    def _chosen(self) -> Any:  # noqa: ANN401 (an event to follow)
        """Whoever was typed before is meant no more; a refusal stays in sight."""
        if self.refused or self.errors:
            return None
        self._identity = ""
        return BookingState.load

    @rx.event
    async def photos_changed(self) -> None:
        """The sender has stored or dropped a photo."""
        page = await look(self, filing_page, Nothing())
        if page is not None:
            self.photos = views.photo_views(page.photos)

    @rx.event
    async def file(self) -> Any:  # noqa: ANN401 (an event to follow)
        """File the request; a second press finds the same receipt."""
        self.busy = True
        draft = self.draft
        filed = await act(
            self, submit, Submit, district=str(draft.district), subject=draft.subject,
            title=draft.title, text=draft.text,
            needs=tuple(filter(None, draft.needs.split(","))), prefers=draft.prefers,
            kind=self._kind, identity=self._identity, name=self._name if self._identity else "",
            person=self._person,
        )  # fmt: skip
        self.busy = False
        if filed is None:
            await self._lead_to_error()
            return None
        self._identity = ""
        return rx.redirect(f"/receipt/{filed.code}/")

    async def _lead_to_error(self) -> None:
        """Stand on the step whose field was refused, or show for whom it is by now."""
        for step, names in ((1, {"district"}), (2, {"subject", "title", "text"})):
            if names & set(self.errors):
                self.step = step
                return
        if self.errors or self.signed_out:
            self.step = SELF
            return
        changed = self.why == "review_changed"
        page = await look(self, filing_page, Nothing()) if changed else None
        if page is not None:
            self._show(page)
            self.step = min(self.step, self._furthest(page))

    async def _choose(self, number: str) -> None:
        await act(self, save_draft, SaveDraft, {"fields": {"district": number}})
        self.saved = not self.refused and not self.errors
        self.must_sign_in = self.why == "sign_in_first"
        page = await look(self, filing_page, Nothing())
        if page is not None:
            self._show(page)

    def _show(self, page: FilingPage) -> None:
        self._forget_another(page)
        self.draft = views.draft_view(page.fields)
        self.photos = views.photo_views(page.photos)
        self.applicant = views.applicant_view(page, self._name if self._identity else "")
        self._show_places(views.wait_view(page))

    def _forget_another(self, page: FilingPage) -> None:
        """Whom the session speaks for is who files: an identity that was typed before she was
        chosen, or by whoever came with another mobile, is not sent in her name."""
        mobile = page.mobile or self._mobile
        if page.person_id or mobile != self._mobile:
            self._identity = ""
        self._mobile, self._person = mobile, page.person_id

    def _furthest(self, page: FilingPage) -> int:
        known = bool(page.mobile and (page.person_id or self._identity))
        return views.furthest_step(self.draft, known=known)

    def _show_places(self, wait: views.Wait | None = None) -> None:
        wait = self.where.wait if wait is None else wait
        self.where = views.where_view(self.draft.district, self._query, wait)
