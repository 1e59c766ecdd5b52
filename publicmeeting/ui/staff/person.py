"""`/desk/person/`: identity checks of citizens who bring their card to a desk."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.domain.people import masked_mobile
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.filing import card_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.controls import button, print_button
from publicmeeting.ui.design.fields import (
    error_summary,
    field,
    pressed_chips,
    select,
    takes_first_focus,
)
from publicmeeting.ui.design.figures import code_groups, ltr
from publicmeeting.ui.design.flow import Handler, any_of, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.paper import fact
from publicmeeting.ui.design.sheets import notice, sheet, spoken
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel, set_fields
from publicmeeting.ui.shell.act import execute
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.ui.shell.navigation import at_work, auth_guard, read_rail, staff_rail
from publicmeeting.ui.staff.assist.parts import identity_fields
from publicmeeting.usecases.accounts.person.card_in_hand import (
    AcceptCard,
    Accepted,
    AskCardCode,
    CardFacts,
    Reach,
    ReadCard,
    Whose,
    accept_card,
    read_card,
    send_card_code,
)

HERE = "/desk/person/"
KINDS = [Choice(value, label) for value, label in card_text.KINDS]
_MINE = Choice(Whose.MINE, card_text.WHOSE_MINE)
_NOT_MINE = Choice(Whose.NOT_MINE, card_text.WHOSE_NOT)
_KEEP = Choice(Reach.KEEP, card_text.REACH_KEEP)
_OTHER = (
    Choice(Reach.MOBILE, card_text.REACH_MOBILE),
    Choice(Reach.NONE, card_text.REACH_NONE),
)
_LONGEST = 120
"""Maximum characters remembered of a field; the use case checks them."""


@dataclass(frozen=True)
class Seen(ViewModel):
    """What is known about the number on the card."""

    number: str = ""
    is_known: bool = False
    state: str = ""
    mobile: str = ""
    code: str = ""
    whose: tuple[Choice, ...] = ()
    """The answers to «is this yours?»; empty if there is nothing to ask."""
    only_mine: bool = False
    reach: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Typed(ViewModel):
    """The officer's answers so far."""

    turn: str = ""
    """How many citizens this tab has served: the forms are new for each."""
    whose: str = ""
    reach: str = ""
    name: str = ""
    mobile: str = ""
    sent_to: str = ""
    """The masked mobile that received a code."""


@dataclass(frozen=True)
class Made(ViewModel):
    """What was recorded, and what is printed for her."""

    whom: str = ""
    mobile: str = ""
    code: str = ""
    pin: str = ""
    is_displaced: bool = False


def seen_view(facts: CardFacts) -> Seen:
    whose = (_MINE, *((_NOT_MINE,) if facts.may_displace else ())) if facts.asks_whose else ()
    return Seen(
        number=facts.identity,
        is_known=facts.is_known,
        state=card_text.LEVELS[facts.level] if facts.is_known else "",
        mobile=in_order(masked_mobile(facts.mobile)) if facts.mobile else "",
        code=persian(facts.code),
        whose=whose,
        only_mine=facts.asks_whose and not facts.may_displace,
        reach=(*((_KEEP,) if facts.mobile else ()), *_OTHER),
    )


def made_view(accepted: Accepted) -> Made:
    return Made(
        whom=f"{accepted.name}\u00a0· {accepted.identity}",
        mobile=in_order(masked_mobile(accepted.mobile)) if accepted.mobile else "",
        code=persian(accepted.code),
        pin=persian(accepted.pin),
        is_displaced=accepted.is_displaced,
    )


class PersonState(Addressed, rx.State):
    """State of `/desk/person/`."""

    seen: Seen = Seen()
    typed: Typed = Typed()
    made: Made = Made()
    _card: dict[str, str] = {}
    """Type and number that were looked up: the next steps are about these."""
    _sent: str = ""
    """The mobile, as typed, that received a code."""

    @rx.event
    async def load(self) -> None:
        """Open the page without a card.

        After a lost connection the page shows what it has shown, such as a PIN that cannot be read
        again.
        """
        if await self._arrives():
            self._begin()
        await read_rail(self)
        self.ready = True

    @rx.event
    async def read_card(self, form: Form) -> Any:
        """Look up the number of a card."""
        card = {name: text_of(form.get(name))[:_LONGEST] for name in ("kind", "identity")}
        facts = await execute(self, read_card, ReadCard, card)
        if facts is None:
            return None
        self._card, self._sent, self.seen = card, "", seen_view(facts)
        set_fields(self, "typed", whose="", reach="", name="", mobile="", sent_to="")
        return rx.set_focus("name")

    @rx.event
    async def choose_whose(self, whose: str) -> None:
        """Record whether the other mobile's request is hers. With «no», that mobile cannot be
        kept."""
        if whose in {choice.value for choice in self.seen.whose}:
            lost = Reach.KEEP if whose == Whose.NOT_MINE else ""
            reach = "" if self.typed.reach == lost else self.typed.reach
            set_fields(self, "typed", whose=whose, reach=reach)
            ways = tuple(way for way in self._ways() if way.value != lost)
            set_fields(self, "seen", reach=ways)
            self.refused = ""

    @rx.event
    async def choose_reach(self, reach: str) -> None:
        """Choose how she is reached from now on."""
        if reach in {choice.value for choice in self.seen.reach}:
            set_fields(self, "typed", reach=reach)
            self.refused, self.errors = "", {}

    @rx.event
    async def go(self, form: Form) -> Any:
        """Send a code to a new mobile; else record the check."""
        if not self._card or self.made.whom:
            return None
        typed = {n: text_of(form.get(n))[:_LONGEST] for n in ("name", "mobile") if n in form}
        set_fields(self, "typed", **typed)
        if self.typed.reach == Reach.MOBILE and self._sent != self.typed.mobile:
            return await self._send()
        if self.typed.reach == Reach.MOBILE and "code" not in form:
            return None  # a double tap on «send»: the code's field has not been seen yet
        return await self._accept(text_of(form.get("code")))

    @rx.event
    async def send_again(self) -> Any:
        """Send another code, if one did not arrive or has expired."""
        return await self._send() if self._card and self.typed.reach == Reach.MOBILE else None

    @rx.event
    async def next_one(self) -> Any:
        """Delete everything of this citizen."""
        self._begin()
        return rx.set_focus("identity")

    def _begin(self) -> None:
        turn = str(int(self.typed.turn or "0") + 1)
        self.seen, self.made, self.typed = Seen(), Made(), Typed(turn=turn)
        self._card, self._sent = {}, ""
        self.errors, self.refused, self.done = {}, "", ""

    def _ways(self) -> list[Choice]:
        return [*([_KEEP] if self.seen.mobile else []), *_OTHER]

    async def _send(self) -> Any:
        asked = {**self._card, "mobile": self.typed.mobile}
        budget = settings().sms_codes_a_day
        sent = await execute(self, send_card_code, AskCardCode, asked, budget=budget)
        if sent is None:
            return None
        self._sent = self.typed.mobile
        set_fields(self, "typed", sent_to=in_order(masked_mobile(sent)))
        return rx.set_focus("code")

    async def _accept(self, code: str) -> Any:
        typed = {n: getattr(self.typed, n) for n in ("name", "whose", "reach", "mobile")}
        made = await execute(self, accept_card, AcceptCard, {**self._card, **typed}, code=code)
        if made is None:
            return None
        if made.refused:
            self.why, self.errors = made.refused, {"code": refusal(made.refused)}
            return None
        self.made, self.seen, self._card, self._sent = made_view(made), Seen(), {}, ""
        self.typed = replace(Typed(), turn=self.typed.turn)
        self.done = card_text.DONE
        return rx.set_focus("next-one")


S = PersonState


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            rx.el.div(at_work(card_text.TITLE, follows=False), class_name="no-print"),
            rx.el.div(
                rx.cond(S.made.whom, _made(), _card()),
                key=S.typed.turn,
                class_name="mt-4 grid max-w-page gap-6",
            ),
            announcement=rx.cond(S.done, S.done, S.refused),
            answers=S.answers,
        ),
    )


def _card() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.p(card_text.LEAD),
            rx.el.p(card_text.WRITTEN_DOWN, class_name="text-meta text-ink2"),
            class_name="grid max-w-read gap-1",
        ),
        rx.cond(S.seen.number, rx.fragment(), _refused()),
        rx.el.form(
            rx.cond(S.seen.number, rx.fragment(), error_summary(S.errors, S.answers)),
            identity_fields(
                select(card_text.KIND, "kind", KINDS, value="national"),
                card_text.IDENTITY,
                error=S.errors["identity"],
            ),
            takes_first_focus("identity"),
            rx.el.div(
                rx.cond(
                    S.seen.number,
                    button(card_text.LOOK, kind="secondary", submit=True),
                    button(card_text.LOOK, submit=True),
                ),
                shown(S.seen.number, button(card_text.OTHER, kind="quiet", on_click=S.next_one)),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=S.read_card,
            class_name="grid gap-4",
        ),
        rx.cond(S.seen.number, _answers()),
    )


def _answers() -> rx.Component:
    return rx.el.div(
        _facts(),
        rx.el.form(
            error_summary(S.errors, S.answers),
            field(
                card_text.NAME,
                "name",
                value=S.typed.name,
                error=S.errors["name"],
                auto_complete="off",
            ),
            shown(
                any_of(S.seen.whose),
                rx.el.div(
                    _question(card_text.WHOSE, S.seen.whose, S.typed.whose, S.choose_whose),
                    rx.el.p(
                        rx.cond(S.seen.only_mine, card_text.WHOSE_MATCHED, card_text.WHOSE_HINT),
                        class_name="mt-2 max-w-read text-meta text-ink2",
                    ),
                ),
            ),
            _question(card_text.REACH, S.seen.reach, S.typed.reach, S.choose_reach),
            shown(S.typed.reach == Reach.MOBILE, _mobile()),
            _refused(),
            shown(
                S.typed.reach,
                rx.cond(
                    (S.typed.reach == Reach.MOBILE) & ~S.typed.sent_to,
                    _submit(card_text.SEND),
                    _submit(card_text.ACCEPT),
                ),
            ),
            on_submit=S.go,
            class_name="grid gap-6",
        ),
        class_name="grid gap-6",
    )


def _facts() -> rx.Component:
    known = rx.el.dl(
        fact(card_text.STATE, S.seen.state),
        fact(card_text.MOBILE_NOW, rx.cond(S.seen.mobile, S.seen.mobile, card_text.NO_MOBILE)),
        fact(
            card_text.LIVE,
            rx.cond(S.seen.code, code_groups(S.seen.code), rx.el.span(card_text.NO_LIVE)),
        ),
        class_name="mt-3 grid gap-3 sm:grid-cols-3",
    )
    return sheet(
        rx.el.div(
            rx.el.p(
                rx.el.strong(card_text.NUMBER, " ", ltr(S.seen.number)),
                "\u00a0· ",
                rx.cond(S.seen.is_known, card_text.KNOWN, card_text.UNKNOWN),
            ),
            shown(S.seen.is_known, known),
        )
    )


def _question(words: str, options: Any, chosen: Any, on_choose: Handler) -> rx.Component:
    return rx.el.div(
        rx.el.p(words, class_name="field-label mb-2"),
        pressed_chips(words, options, chosen, on_choose),
    )


def _mobile() -> rx.Component:
    return rx.el.div(
        field(
            card_text.MOBILE,
            "mobile",
            kind="tel",
            value=S.typed.mobile,
            hint=card_text.MOBILE_HINT,
            error=S.errors["mobile"],
            auto_complete="off",
        ),
        shown(
            S.typed.sent_to,
            rx.el.div(
                spoken(notice(card_text.SENT_TO, S.typed.sent_to)),
                field(
                    card_text.CODE,
                    "code",
                    kind="number",
                    error=S.errors["code"],
                ),
                button(card_text.SEND_AGAIN, kind="quiet", size="sm", on_click=S.send_again),
                class_name="grid gap-4",
            ),
        ),
        class_name="grid gap-4",
    )


def _submit(word: str) -> rx.Component:
    return button(word, submit=True)


def _refused() -> rx.Component:
    return shown(S.refused, notice(S.refused, tone="brick"))


def _made() -> rx.Component:
    """What was recorded, and the receipt that is printed if no message reaches her."""
    return rx.fragment(
        rx.el.div(
            notice(card_text.DONE, rx.cond(S.made.is_displaced, card_text.DONE_DISPLACED, "")),
            class_name="no-print",
        ),
        sheet(
            rx.el.div(
                rx.el.p(card_text.RECEIPT, class_name="text-meta text-ink2"),
                rx.el.p(S.made.whom, class_name="text-h3"),
                rx.el.dl(
                    shown(S.made.code, _big(card_text.CODE_OF, code_groups(S.made.code))),
                    shown(S.made.pin, _big(card_text.PIN, ltr(S.made.pin, "pin"))),
                    shown(S.made.mobile, fact(card_text.REACHED_BY, S.made.mobile)),
                    class_name="mt-3 flex flex-wrap gap-x-10 gap-y-3",
                ),
                shown(S.made.pin, rx.el.p(card_text.PIN_USE, class_name="mt-3")),
                shown(~S.made.code, rx.el.p(card_text.NO_CODE, class_name="no-print mt-3")),
            )
        ),
        shown(
            S.made.pin, rx.el.p(card_text.PIN_ONCE, class_name="no-print font-semibold text-brick")
        ),
        rx.el.div(
            button(card_text.OTHER, on_click=S.next_one, id="next-one"),
            shown(S.made.pin, print_button(card_text.PRINT)),
            shown(~S.made.code, button(card_text.FILE, kind="secondary", href="/assist/")),
            class_name="no-print flex flex-wrap gap-3",
        ),
    )


def _big(word: str, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(word, class_name="text-meta text-ink2"),
        rx.el.dd(value, class_name="text-num-l font-bold"),
    )
