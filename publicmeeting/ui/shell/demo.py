"""The demo bar: move the city's clock, and act as any person with one tap."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from publicmeeting.application import application, worker
from publicmeeting.config import settings
from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderStage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.live.pubsub import published
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.text.common import demo_text
from publicmeeting.text.common.dates_text import clock
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, STAGE
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import notice, spoken
from publicmeeting.ui.reflex.page_load import outlives_page
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.reflex.wire import LeanState
from publicmeeting.ui.shell.act import try_query
from publicmeeting.ui.shell.live import A_MINUTE, CLOCK_MOVED, PAUSE_SECONDS, background
from publicmeeting.ui.shell.session import city_time
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import (
    Card,
    NamedInstant,
    Playable,
    cards,
    named_instants,
    playable,
)

TEXTS = 4


@dataclass(frozen=True)
class Part:
    """A person to act as; `who` is what the form sends."""

    who: str = ""
    label: str = ""


@dataclass(frozen=True)
class Jump:
    """A named time to which the clock can be moved."""

    at: str = ""
    label: str = ""
    when: str = ""


@dataclass(frozen=True)
class Shown:
    """An invented citizen's identity card, as she would show it at the counter."""

    time: str = ""
    """Her time, or her place on the standby list."""
    name: str = ""
    identity: str = ""


@dataclass(frozen=True)
class Offer(ViewModel):
    """The content of the open bar.

    `texts` are the newest SMS, `cards` the identity cards for the official who admits citizens.
    """

    parts: tuple[Part, ...] = ()
    jumps: tuple[Jump, ...] = ()
    texts: tuple[str, ...] = ()
    cards: tuple[Shown, ...] = ()


class DemoState(LeanState, rx.State):
    """State of the bar, for the demo only. On a real city's pages the lists are empty and no bar is
    drawn."""

    clock: str = ""
    """The city's day and time in words; empty: no bar is drawn."""
    offer: Offer = Offer()
    refused: str = ""
    """Why the clock did not move."""

    @rx.event
    async def load(self) -> None:
        """Read the clock with the page. The rest is read when the bar is opened."""
        if settings().is_demo:
            await see_clock(self)

    @background
    @outlives_page
    async def watch(self) -> None:
        """Update the clock when somebody has moved it, and every minute.

        The page's state is not locked while the shown time is still right.
        """
        if not settings().is_demo:
            return
        with application().pubsub.subscription(CLOCK_MOVED) as moved:
            while True:
                now = application().cached_city_now()
                if now is None or _words(now) != self.clock:
                    async with self:
                        await see_clock(self)
                await asyncio.sleep(PAUSE_SECONDS)
                await published(moved, A_MINUTE)
                moved.clear()

    @rx.event
    async def read_anew(self) -> None:
        """Read who can be played and what was sent, when the bar is opened or closed."""
        if settings().is_demo:
            await self._read()

    @rx.event
    async def jump(self, at: str) -> None:
        """Move the city's clock to one of the offered times, as ISO text. Everything due before it
        happens.

        A button does only what its label says. If its time is no longer offered (a witness has
        committed since the bar was opened), the clock stays, and the bar shows the new list.
        """
        if not settings().is_demo:
            return
        coming = await try_query(self, named_instants, Nothing())
        target = next(
            (instant.at for instant in coming or () if instant.at.isoformat() == at), None
        )
        self.refused = "" if target else demo_text.JUMPS_CHANGED
        if target is not None:
            try:
                await worker().move_clock(target)
            except (Denied, Unavailable) as word:
                self.refused = refusal(word.key, **word.facts)
        await self._read()

    async def _read(self) -> None:
        who = await try_query(self, viewer, Nothing())
        people = await try_query(self, playable, Nothing())
        coming = await try_query(self, named_instants, Nothing())
        if who is None or people is None or coming is None:
            return
        laid_out = await try_query(self, cards, Nothing())
        _show_time(self, who.now)
        phone = application().phone
        sent = list(phone.sent)[-TEXTS:] if isinstance(phone, DemoPhone) else []
        self.offer = Offer(
            parts=tuple(Part(person.who, _label(person)) for person in people),
            jumps=tuple(_jump_view(instant) for instant in coming),
            texts=tuple(text for _, text in reversed(sent)),
            cards=tuple(Shown(_place(card), card.name, card.identity) for card in laid_out or ()),
        )


async def see_clock(state: DemoState) -> None:
    """Show the clock in the closed bar. A function outside the state, so that no browser can call
    it."""
    now = await city_time(state)
    if now is not None:
        _show_time(state, now)


def _show_time(state: DemoState, now: datetime) -> None:
    state.clock = _words(now)


def _words(now: datetime) -> str:
    return f"{weekday_day(tehran_day(now))}، {clock_words(now)}"


def _jump_view(instant: NamedInstant) -> Jump:
    when = f"{weekday_day(tehran_day(instant.at))}، {clock_words(instant.at)}"
    return Jump(instant.at.isoformat(), demo_text.MOMENT[instant.moment.value], when)


def _place(card: Card) -> str:
    standby = demo_text.STANDBY.format(place=persian(card.standby))
    return clock(card.time) if card.time else standby


def _label(one: Playable) -> str:
    if one.stage is not None:
        stage = ORDER_STAGE[one.stage] if isinstance(one.stage, OrderStage) else STAGE[one.stage]
        return demo_text.CITIZEN.format(stage=stage)
    if one.role is Role.CITIZEN:
        return demo_text.YOU_FILED
    name = ROLE[one.role]
    return (
        demo_text.OFFICIAL.format(role=name, district=persian(one.district))
        if one.district
        else name
    )


def demo_bar() -> rx.Component:
    """The bar at the end of every page of the demo; nothing in a real city."""
    return rx.cond(
        DemoState.clock,
        rx.el.details(
            rx.el.summary(
                icon("clock"),
                rx.el.span(demo_text.WORD, class_name="font-semibold"),
                rx.el.span(DemoState.clock),
                class_name="demo-head",
                on_click=DemoState.read_anew,
            ),
            rx.el.div(
                rx.el.p(demo_text.LEAD, class_name="text-ink2"),
                spoken(rx.cond(DemoState.refused, notice(DemoState.refused, tone="brick"))),
                _group(demo_text.ADVANCE, each(DemoState.offer.jumps, _jump_button)),
                rx.cond(any_of(DemoState.offer.cards), _cards()),
                _group(demo_text.AS, each(DemoState.offer.parts, _part)),
                rx.cond(
                    any_of(DemoState.offer.texts),
                    _group(demo_text.SMS, each(DemoState.offer.texts, _text)),
                ),
                class_name="demo-body",
            ),
            class_name="demo no-print",
        ),
        _not_yet(),
    )


def _not_yet() -> rx.Component:
    """The closed bar before the clock is known, in the same height, so that nothing moves later."""
    return rx.el.div(
        rx.el.div(
            icon("clock"),
            rx.el.span(demo_text.WORD, class_name="font-semibold"),
            class_name="demo-head !cursor-default",
        ),
        class_name="demo no-print",
    )


def _group(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="text-h3"),
        rx.el.div(*content, class_name="flex flex-wrap gap-1"),
        class_name="grid gap-2",
    )


def _jump_button(jump: Jump) -> rx.Component:
    return rx.el.button(
        rx.el.span(jump.label, class_name="block"),
        rx.el.span(jump.when, class_name="block text-meta font-normal"),
        type="button",
        on_click=DemoState.jump(jump.at),
        # The list is read again when the bar opens. With a key, no button becomes another one under
        # a finger.
        key=jump.label,
        class_name="btn btn-secondary btn-sm text-start",
    )


def _part(part: Part) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="who", value=part.who),
        button(part.label, kind="secondary", size="sm", submit=True),
        method="post",
        action="/auth/demo",
        on_submit=None,
    )


def _cards() -> rx.Component:
    """The identity cards that reception asks for: in the demo nobody brings one."""
    return rx.el.section(
        rx.el.h2(demo_text.CARDS, class_name="text-h3"),
        rx.el.p(demo_text.CARDS_LEAD, class_name="hint"),
        rx.el.ul(
            each(DemoState.offer.cards, _card),
            class_name="grid gap-x-6 gap-y-1 sm:grid-cols-2 lg:grid-cols-3",
        ),
        class_name="grid gap-2",
    )


def _card(shown: Shown) -> rx.Component:
    return rx.el.li(
        rx.el.span(shown.time, class_name="num"),
        rx.el.span(shown.name, class_name="grow"),
        ltr(shown.identity, "select-all font-semibold"),
        class_name="flex flex-wrap items-center gap-x-3 border-s-4 border-edge ps-3",
    )


def _text(text: str) -> rx.Component:
    return rx.el.p(text, class_name="w-full whitespace-pre-line border-s-4 border-edge ps-3")
