"""State of the administrators' pages of officials: each event calls one use case."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.domain.officials.invitations import OfficialState
from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.domain.roles import OFFICIALS
from publicmeeting.text.common import chrome_text
from publicmeeting.text.officials import people_text
from publicmeeting.ui.city.people.views import (
    NUMBERS,
    OfficialView,
    PeopleView,
    one_official,
    people,
)
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.narrowing import PAGE_TOP
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.typed import TypedFormState
from publicmeeting.usecases.accounts.account_changes import OFFICIALS_TOPIC
from publicmeeting.usecases.base import UseCase, W
from publicmeeting.usecases.officials.invitations import link_to
from publicmeeting.usecases.officials.listing import (
    WORDS_MOST,
    AskOfficial,
    AskOfficials,
    official,
    officials,
)
from publicmeeting.usecases.officials.managing import (
    DateRole,
    EndRole,
    GiveRole,
    Invite,
    OneOfficial,
    SetMobile,
    date_role,
    end,
    end_role,
    give_role,
    invite,
    lift,
    new_link,
    new_second_step,
    set_mobile,
    suspend,
)
from publicmeeting.usecases.officials.proposals import Changed, OneProposal, agree, reject

_NOTHING: Mapping[str, Any] = {}
_ALREADY = frozenset(("already_so", "already_proposed"))
"""Refusals of a role that she has, or that is proposed for her."""
_CHOICES = {
    "role": frozenset(("", *(role.value for role in OFFICIALS))),
    "district": frozenset(("", *(number.value for number in NUMBERS))),
    "state": frozenset(OfficialState),
}
"""Allowed values of each filter; "" stands for all."""
_FIELDS = ("name", "username", "mobile", "role", "district", "unit", "from_on", "until_on")


@dataclass(frozen=True)
class Sought(ViewModel):
    """The search of the list; `state` and `page` get values when the list is first read."""

    words: str = ""
    role: str = ""
    district: str = ""
    state: str = ""
    page: int = 0


@dataclass(frozen=True)
class Link(ViewModel):
    """A link that was just created, shown until it is hidden or the page is left."""

    address: str = ""
    title: str = ""
    copied: str = ""


class Managing(Addressed, rx.State, mixin=True):
    """Mixin of both pages: a link shown once, and proposals that wait for a second
    administrator."""

    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT_PAGE
    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset({"hide_link", "copy_link"})
    link: Link = Link()

    @rx.event
    def hide_link(self) -> None:
        """Hide the link, because it was handed over."""
        self.link = Link()

    @rx.event
    def copy_link(self) -> Any:
        """Copy the link into the browser's clipboard."""
        self.link = replace(self.link, copied=people_text.COPIED)
        return rx.set_clipboard(self.link.address)

    @rx.event
    async def agree(self, decision: str) -> Any:
        """Carry out a change that another administrator has proposed."""
        return await self._change(agree, OneProposal, _NOTHING, decision=text_of(decision))

    @rx.event
    async def reject(self, decision: str) -> Any:
        """Reject a proposal, or withdraw it as its author."""
        return await self._change(reject, OneProposal, _NOTHING, decision=text_of(decision))

    async def _change(
        self,
        usecase: UseCase[W, Changed],
        command: type[W],
        form: Mapping[str, Any],
        **known: object,
    ) -> Any:
        """Perform one change; show its result over the page, and a link once."""
        if "site" in command.model_fields:
            known["site"] = settings().public_url
        made = await execute(self, usecase, command, form, **known)
        await self._read_again()
        if made is None:
            # A link that is shown once stays: the second of two taps is refused.
            return None if self.errors else rx.set_focus("refused")
        self.link = Link()
        self.done = people_text.PROPOSED if made.is_proposed else people_text.CHANGED
        if made.key:
            name = await self._name_of(made.account_id)
            title = people_text.LINK.format(name=name)
            self.link = Link(link_to(settings().public_url, made.key), title)
        return rx.set_focus("refused")

    async def _begin(self) -> bool:
        """Note that the page is read; return whether it was opened.

        An opened page shows no result and no link. One that is read again after a lost connection
        keeps them.
        """
        is_opened = await self._arrives()
        if is_opened:
            self.errors, self.refused, self.done, self.link = {}, "", "", Link()
        return is_opened

    async def _name_of(self, account_id: str) -> str:
        seen = await query(self, official, AskOfficial(account=account_id))
        return seen.line.name if seen else ""

    async def _read_again(self) -> None:
        """Read the page's content again after a change."""


class PeopleState(TypedFormState, Managing, rx.State):
    """State of `/city/people/`."""

    FORM: ClassVar[TypedForm] = TypedForm.INVITATION
    seen: PeopleView = PeopleView()
    sought: Sought = Sought()

    @rx.event
    async def load(self) -> None:
        """Read the list."""
        is_opened = await self._begin()
        await read_rail(self)
        self._begin_with(dict.fromkeys(_FIELDS, ""))
        if is_opened:
            await self._read_typed()
        await self._read_again()

    @background
    async def watch(self) -> None:
        """Read again when a colleague has changed officials."""
        await follow(self, always(OFFICIALS_TOPIC), self._read_again)

    @rx.event
    async def find(self, words: str) -> None:
        """Search by a name, a user name or a unit, while it is typed."""
        await self._seek(replace(self.sought, words=text_of(words)[:WORDS_MOST], page=1))

    @rx.event
    async def narrow(self, name: str, value: str) -> None:
        """Filter by role, district or state; "" stands for all."""
        chosen, field = text_of(value), text_of(name)
        if chosen not in _CHOICES.get(field, ()):
            return
        match field:
            case "role":
                await self._seek(replace(self.sought, role=chosen, page=1))
            case "district":
                await self._seek(replace(self.sought, district=chosen, page=1))
            case "state":
                await self._seek(replace(self.sought, state=chosen, page=1))

    @rx.event
    async def turn_page(self, page: int) -> Any:
        """Show this page of the list, counted from 1, from its first line."""
        await self._seek(replace(self.sought, page=page))
        return rx.set_focus(PAGE_TOP)

    @rx.event
    async def invite(self, form: Form) -> Any:
        """Create an account and its link."""
        leads = await self._change(invite, Invite, form)
        if self.done:
            await self._forget_typed()
            self.sought = Sought(state=OfficialState.INVITED.value)
            await self._read_again()
        return leads

    async def _seek(self, sought: Sought) -> None:
        self.sought = sought
        await self._read_again()

    async def _read_again(self) -> None:
        one = self.sought
        one = replace(one, state=one.state or OfficialState.ACTIVE.value, page=max(one.page, 1))
        asked = AskOfficials(
            words=one.words, role=one.role, district=one.district, state=one.state, page=one.page
        )
        found = await query(self, officials, asked)
        if found is not None:
            self.seen, self.sought = people(found), replace(one, page=found.page)


class OfficialPageState(Managing, rx.State):
    """State of `/city/people/[account]/`."""

    seen: OfficialView = OfficialView()
    turn: int = 0
    _given: tuple[str, Mapping[str, Any], str] = ("", {}, "")
    """Account, form and result of the last role that was given."""

    @rx.event
    async def load(self) -> None:
        """Read this official."""
        if await self._begin():
            self.seen = OfficialView()
        await read_rail(self)
        await self._read_again()

    @background
    async def watch(self) -> None:
        """Read again when a colleague has changed this official."""
        await follow(self, always(OFFICIALS_TOPIC), self._read_again)

    @rx.event
    async def give(self, form: Form) -> Any:
        """Grant another role."""
        account, asked = _account_of(self), dict(form)
        leads = await self._change(give_role, GiveRole, form, account=account)
        if self.done:
            self._given = account, asked, self.done
            self.turn += 1
        elif self.why in _ALREADY and self._given[:2] == (account, asked):
            # The second of two taps: the log has its refusal, and the page shows what the first
            # did, or that somebody has agreed to it since.
            is_so = self.why == "already_so"
            self.refused, self.done = "", people_text.CHANGED if is_so else self._given[2]
        return leads

    @rx.event
    async def date(self, form: Form) -> Any:
        """Set another last day for one of the roles."""
        leads = await self._change(date_role, DateRole, form, account=_account_of(self))
        self.turn += bool(self.done)
        return leads

    @rx.event
    async def end_role(self, term: str) -> Any:
        """End a role at once."""
        known = {"account": _account_of(self), "term": text_of(term)}
        words = next((one.words for one in self.seen.terms if one.id == known["term"]), "")
        leads = await self._change(end_role, EndRole, _NOTHING, **known)
        if self.done and words:
            self.done = people_text.ROLE_ENDED.format(role=words)
        return leads

    @rx.event
    async def change_mobile(self, form: Form) -> Any:
        """Set the mobile that receives notices about the account."""
        return await self._change(set_mobile, SetMobile, form, account=_account_of(self))

    @rx.event
    async def suspend(self) -> Any:
        """Suspend the account: the official is signed out until the suspension is lifted."""
        return await self._change(suspend, OneOfficial, _NOTHING, account=_account_of(self))

    @rx.event
    async def lift(self) -> Any:
        """Lift the suspension."""
        return await self._change(lift, OneOfficial, _NOTHING, account=_account_of(self))

    @rx.event
    async def end(self) -> Any:
        """End the account for good."""
        return await self._change(end, OneOfficial, _NOTHING, account=_account_of(self))

    @rx.event
    async def new_link(self) -> Any:
        """Create another link for choosing a password."""
        return await self._change(new_link, OneOfficial, _NOTHING, account=_account_of(self))

    @rx.event
    async def new_second_step(self) -> Any:
        """Propose to reset the second factor, for an official who has lost telephone and recovery
        codes.

        Another administrator must agree.
        """
        known = {"account": _account_of(self)}
        return await self._change(new_second_step, OneOfficial, _NOTHING, **known)

    async def _read_again(self) -> None:
        found = await query(self, official, AskOfficial(account=_account_of(self)))
        if found is not None:
            self.seen = one_official(found)


def _account_of(state: OfficialPageState) -> str:
    """Return the account in the page's address, which is user input."""
    path: str = state.router.url.path
    return path.strip("/").rpartition("/")[2]
