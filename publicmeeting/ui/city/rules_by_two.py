"""The part of `/city/rules/` for a proposal that a second person announces, or that is
withdrawn."""

from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.kit.digits import ascii_digits, persian, whole_number
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.dates_text import moment, until_words
from publicmeeting.text.line import rules_text
from publicmeeting.text.line.witness_text import party_name
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import tick
from publicmeeting.ui.design.flow import each, shown
from publicmeeting.ui.design.sheets import answer_notices, notice, sheet
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import RULES_TOPIC
from publicmeeting.usecases.line.rules_by_two import (
    OneRulesProposal,
    WaitingRules,
    agree_to_rules,
    reject_rules,
    waiting_rules,
)

_DIGITS_MOST = 9
"""Python reads no number of thousands of digits."""


@dataclass(frozen=True)
class Waiting(ViewModel):
    """A proposal.

    `own` says that somebody else must agree, `unsigned` that no witness has signed it, `signed`
    which have.
    """

    seq: str = ""
    since: str = ""
    by: str = ""
    until: str = ""
    ways: tuple[str, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    hash: str = ""
    own: str = ""
    unsigned: str = ""
    signed: str = ""


class RulesByTwoState(Addressed, rx.State):
    """State of the waiting proposal."""

    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT_HERE
    waiting: Waiting = Waiting()
    _decided: int = 0
    """The proposal last decided on this page; a second press is not an error."""

    @rx.event
    async def load(self) -> None:
        """Read the waiting proposal."""
        if await self._arrives():
            self.refused, self.done = "", ""
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again when somebody proposes or decides, or a witness signs."""
        await follow(self, always(RULES_TOPIC), self._read)

    @rx.event
    async def agree(self, form: Form) -> Any:
        """Announce the proposal that the submitted form names."""
        unsigned = "yes" if form.get("unsigned") else ""
        seq = _number(form)
        if seq and seq == self._decided:
            return None
        made = await execute(self, agree_to_rules, OneRulesProposal, seq=seq, unsigned=unsigned)
        if made is not None:
            version = persian(made.rules.version)
            self._decided = seq
            self.done = rules_text.FORM_DONE.format(version=version, day=day_words(made.from_on))
        return await self._answered()

    @rx.event
    async def reject(self, seq: str) -> Any:
        """Reject or withdraw the proposal."""
        number = _number({"seq": seq})
        if number and number == self._decided:
            return None
        left = await execute(self, reject_rules, OneRulesProposal, seq=number)
        if left is not None:
            version = persian(left.rules.version)
            self._decided = number
            self.done = rules_text.REJECTED.format(version=version)
        return await self._answered()

    async def _answered(self) -> Any:
        answer = self.refused, self.done
        await self._read()
        self.refused, self.done = answer
        await read_rail(self)
        return rx.set_focus("by-two")

    async def _read(self) -> None:
        found = await query(self, waiting_rules, Nothing())
        self.waiting = Waiting() if found is None else _shown(found)


def _number(form: Form | dict[str, str]) -> int:
    text = ascii_digits(text_of(form.get("seq"))[:_DIGITS_MOST])
    return whole_number(text, _DIGITS_MOST) or 0


def _shown(found: WaitingRules) -> Waiting:
    version = persian(found.rules.version)
    names = "، ".join(map(party_name, found.signed_by))
    return Waiting(
        seq=str(found.seq),
        since=rules_text.SINCE.format(version=version, day=day_words(found.from_on)),
        by=rules_text.PROPOSAL_BY.format(name=found.proposed_by, moment=moment(found.proposed_at)),
        until=rules_text.PROPOSAL_UNTIL.format(until=until_words(found.until)),
        ways=tuple(rules_text.WEAKER[way] for way in found.weaker),
        changes=tuple(rules_text.differences(found.before.rules.body, found.rules.body)),
        hash=found.rules.hash,
        own=rules_text.PROPOSAL_OWN if found.is_own else "",
        unsigned=rules_text.UNSIGNED if found.is_unsigned else "",
        signed=rules_text.SIGNED.format(names=names) if names else "",
    )


def panel(else_: rx.Component) -> rx.Component:
    """The waiting proposal and the answer of its buttons; `else_` if there is none."""
    state, waiting = RulesByTwoState, RulesByTwoState.waiting
    return rx.el.section(
        rx.el.h2(
            rules_text.PROPOSAL_WAITING,
            id="by-two",
            tab_index=-1,
            class_name=rx.cond(waiting.seq, "scroll-mt-4 text-h2", "sr-only"),
        ),
        answer_notices(state.done, state.refused),
        rx.cond(waiting.seq, _waiting(), else_),
        class_name="mb-6 grid min-w-0 gap-3 empty:hidden",
    )


def _waiting() -> rx.Component:
    waiting = RulesByTwoState.waiting
    return sheet(
        rx.el.div(
            rx.el.h3(waiting.since, class_name="text-h3"),
            rx.el.p(waiting.by, class_name="text-ink2"),
            rx.el.p(waiting.until),
            class_name="grid gap-1",
        ),
        ways_list(waiting.ways),
        rx.el.ul(each(waiting.changes, change), class_name="grid min-w-0 gap-3"),
        rx.el.div(
            shown(waiting.signed, rx.el.p(waiting.signed)),
            shown(
                waiting.unsigned,
                notice(waiting.unsigned, rules_text.UNSIGNED_WHY, tone="saffron"),
            ),
            rx.el.p(
                rules_text.HASH,
                ": ",
                rx.el.span(waiting.hash, dir="ltr", class_name="break-all"),
                class_name="text-meta text-ink2",
            ),
            class_name="grid gap-3",
        ),
        rx.cond(waiting.own, _own(), _decision()),
    )


def _decision() -> rx.Component:
    waiting = RulesByTwoState.waiting
    return rx.el.div(
        rx.el.form(
            rx.el.input(type="hidden", name="seq", value=waiting.seq, read_only=True),
            shown(
                waiting.unsigned,
                tick(rules_text.ALONE, "unsigned", hint=rules_text.ALONE_WHY),
            ),
            rx.el.p(rules_text.FORM_ANNOUNCE_WHY),
            button(rules_text.AGREE, submit=True),
            on_submit=RulesByTwoState.agree,
            method="post",
            class_name="grid gap-3",
        ),
        _away(rules_text.REJECT),
        class_name="grid gap-3",
    )


def _own() -> rx.Component:
    waiting = RulesByTwoState.waiting
    return rx.el.div(rx.el.p(waiting.own), _away(rules_text.TAKE_BACK), class_name="grid gap-3")


def _away(label: str) -> rx.Component:
    waiting = RulesByTwoState.waiting
    return button(label, kind="secondary", on_click=RulesByTwoState.reject(waiting.seq))


def ways_list(ways: tuple[str, ...]) -> rx.Component:
    """Why one person alone may not announce it."""
    return rx.el.div(
        rx.el.p(rx.el.strong(rules_text.SECOND_NEEDED), " ", rules_text.SECOND_WHY),
        rx.el.ul(
            each(ways, rx.el.li),
            class_name="mt-2 grid list-disc gap-1 ps-6",
        ),
    )


def change(difference: tuple[str, str, str]) -> rx.Component:
    """A rule that differs: its old and its new value."""
    return rx.el.li(
        rx.el.p(difference[0], class_name="font-semibold"),
        rx.el.p(rules_text.BEFORE, difference[1], class_name="wrap-anywhere text-ink2"),
        rx.el.p(rules_text.AFTER, difference[2], class_name="wrap-anywhere"),
        class_name="min-w-0 border-s-4 border-glaze ps-3",  # a witness's key is one long word
    )
