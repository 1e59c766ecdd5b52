"""The end of her page: the road with its pictures, her text, who opened it, and how to leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.domain.lifecycle.timeline import Mark, MarkState
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import NOW
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.text.tracking.road_words import own_road_words
from publicmeeting.ui.citizen.timeline.asked import AskView
from publicmeeting.ui.citizen.timeline.forms import Steps
from publicmeeting.ui.citizen.timeline.moves import Move
from publicmeeting.ui.citizen.timeline.status import next_draw_words
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.flow import any_of, direction_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Photo, RoadStep
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import photo_pairs, photo_thumbs, row_folded
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import query
from publicmeeting.ui.shell.parts.road import road_step
from publicmeeting.ui.shell.photos import photo_views, sorted_photos
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.timeline import Opening, TimelinePage, openings
from publicmeeting.usecases.tracking.turn import NextDraw


@dataclass(frozen=True)
class CaseStep(RoadStep):
    """A step with its pictures; those of a report from before the work are separate."""

    photos: tuple[Photo, ...] = ()
    before: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class MatterView(ViewModel):
    subject: str = ""
    filed: str = ""
    text: str = ""
    needs: str = ""
    photos: tuple[Photo, ...] = ()
    opened: str = ""


def case_steps(page: TimelinePage, next_draw: NextDraw | None = None) -> tuple[CaseStep, ...]:
    """Return every step of the road; `next_draw` is named in the present one."""
    pictures = dict(page.documents)
    for order in page.orders:
        pictures.update(order.pictures)
    words = own_road_words(page.marks, page.dates, page.units, page.units_of_orders)
    steps = []
    for mark, step_words in zip(page.marks, words, strict=True):
        before, after = sorted_photos(pictures.get(mark.event_id, ()))
        step = CaseStep(**vars(road_step(mark, step_words)), photos=after, before=before)
        if next_draw and mark.state is MarkState.NOW:
            step = replace(step, meaning=f"{step.meaning} {next_draw_words(next_draw, page.dates)}")
        steps.append(step)
    return tuple(steps)


LAST_SHOWN = 2
"""How many past steps stay in sight: a closed Monday and the seat owed for it are two."""


def folded(
    steps: Sequence[CaseStep], marks: Sequence[Mark]
) -> tuple[tuple[CaseStep, ...], tuple[CaseStep, ...]]:
    """Return the past steps to fold, and the road from the last ones before the present one.

    What she is waiting for is in sight without scrolling past her history. The newest report with
    its pictures stays in sight, and a single step is not worth a fold.
    """
    present = (at for at, step in enumerate(steps) if step.icon)
    reports = [at for at, mark in enumerate(marks) if mark.action is OrderAction.REPORT]
    cut = min(next(present, len(steps)) - LAST_SHOWN, *reports[-1:], len(steps))
    return (tuple(steps[:cut]), tuple(steps[cut:])) if cut > 1 else ((), tuple(steps))


def without_repeats(
    steps: Sequence[CaseStep],
    above: Sequence[str],
    ask: AskView,
    on_cards: Collection[str],
    *,
    is_outside: bool,
) -> tuple[CaseStep, ...]:
    """Return the road; its present steps leave out what is above them on the page already.

    `above` has the sentences with which a step may begin, in this order (`words_above`).
    `on_cards` are reports and questions of units beside the buttons that answer them. Nor does a
    step promise anything to a citizen who is in no list (`is_outside`).
    """
    return tuple(
        replace(step, meaning="", quote="", photos=(), before=())
        if step.kind == "now" and step.quote in on_cards
        else replace(
            step,
            meaning="" if is_outside else _without(step.meaning, above),
            quote="" if step.quote == ask.quote else step.quote,
        )
        if step.icon  # only the present step has one, the last of what has ended too
        else step
        for step in steps
    )


def _without(meaning: str, above: Sequence[str]) -> str:
    if any(sentences.startswith(meaning) for sentences in above):
        return ""
    for sentence in above:
        meaning = meaning.removeprefix(sentence).strip()
    return meaning


def current_status(page: TimelinePage, steps: Sequence[RoadStep]) -> str:
    """Return the state of the request in one sentence, for screen readers."""
    return "، ".join(
        step.title if step.badge.word == NOW else f"{step.title}، {step.badge.word}"
        for step in steps
        if step.kind in ("now", "late")
    ) or (steps[-1].title if steps and page.marks else "")


def matter_view(page: TimelinePage) -> MatterView:
    request = page.request
    wanted = [
        label for need, label in needs_text.ACCESS_NEED.items() if need.value in request.needs
    ]
    return MatterView(
        subject=page.subject,
        filed=case_text.FILED.format(moment=page.dates.near(request.filed_at)),
        photos=photo_views(page.photos),
        text=whole_text(request),
        needs="، ".join(wanted),
        opened=case_text.OPENINGS.format(times=persian(page.openings)) if page.openings else "",
    )


def opening_lines(found: Sequence[Opening], now: datetime) -> list[tuple[str, str]]:
    """Return who has opened her file, by office and role, and when."""
    dates = dates_text.DateWords(now)
    return [
        (
            signed(opening.role, opening.district, opening.unit),
            dates.near(opening.at),
        )
        for opening in found
    ]


class Openings(Steps, mixin=True):
    """Mixin: who has opened her file, read when she asks."""

    opened_by: list[tuple[str, str]] = []
    _read_at: datetime | None = None

    @rx.event
    async def show_openings(self) -> None:
        """Show who has opened her file."""
        found = await query(self, openings, OneCase(code=self._code()))
        if found is not None and self._read_at is not None:
            self.opened_by = opening_lines(found, self._read_at)


def pictures(step: Any) -> rx.Component:
    """The pictures of a step, below its text; pairs if some are from before the work."""
    return rx.cond(
        any_of(step.before),
        photo_pairs(
            step.before, step.photos, (citizen_orders_text.BEFORE, citizen_orders_text.AFTER)
        ),
        rx.cond(any_of(step.photos), photo_thumbs(step.photos)),
    )


def road_before(before: Sequence[CaseStep], words: str) -> rx.Component:
    """The folded part of the road, whose line goes on below it; nothing without `words`."""
    steps = rx.el.details(
        rx.el.summary(
            rx.el.span(icon("check"), aria_hidden="true", class_name="tile t-glazed"),
            rx.el.span(words, class_name="link"),
        ),
        road(before, words, extra=pictures),
        class_name="road-before",
    )
    return shown(words, steps)


def matter_row(matter: MatterView) -> rx.Component:
    """What she wrote, folded."""
    return rx.el.li(
        row_folded(
            "doc",
            road_text.TEXT_AND_PHOTOS,
            rx.el.p(matter.subject, "\u00a0· ", matter.filed, class_name="text-ink2"),
            rx.el.p(
                matter.text,
                dir=direction_of(matter.text),
                class_name="max-w-read whitespace-pre-line wrap-anywhere",
            ),
            rx.cond(any_of(matter.photos), photo_thumbs(matter.photos)),
            rx.cond(matter.needs, rx.el.p(matter.needs)),
        )
    )


def openings_row(state: type[Openings], opened: str) -> rx.Component:
    """Who has opened her file, folded; read when she unfolds it."""
    return rx.el.li(
        row_folded(
            "eye",
            road_text.WHO_OPENED,
            rx.cond(
                any_of(state.opened_by),
                rx.el.ul(each(state.opened_by, _opening), class_name="grid gap-2"),
                rx.cond(opened, rx.fragment(), rx.el.p(road_text.NOBODY_OPENED)),
            ),
            rx.el.p(case_text.OPENINGS_WHY, class_name="text-ink2"),
            end=opened,
            on_click=state.show_openings,
        )
    )


def leave_row(state: type[Steps], move: Move) -> rx.Component:
    """The row that opens the form of withdrawing, while she may withdraw."""
    return rx.cond(
        move.key,
        rx.el.li(
            rx.el.button(
                icon("close"),
                rx.el.span(move.label, class_name="row-body"),
                icon("forward", "sm"),
                **_opens(state, move),
                class_name="row row-danger",
            )
        ),
    )


def telephone_row(state: type[Steps], move: Move) -> rx.Component:
    """The row that changes whether she comes or is telephoned, while she may change it."""
    return rx.cond(
        move.key,
        rx.el.li(
            rx.el.button(
                icon("phone"),
                rx.el.span(move.label, class_name="row-body"),
                icon("forward", "sm"),
                **_opens(state, move),
                class_name="row",
            )
        ),
    )


def telephone_proof_row(sentence: str) -> rx.Component:
    """What a meeting by telephone requires first, folded."""
    return shown(
        sentence,
        rx.el.li(
            row_folded("phone", case_text.TELEPHONE_HOW, rx.el.p(sentence, class_name="max-w-read"))
        ),
    )


def link_row(sign: str, label: str, href: str) -> rx.Component:
    """A row that leads to another page."""
    face = (icon(sign), rx.el.span(label, class_name="row-body"), icon("forward", "sm"))
    return rx.el.li(anchor(*face, href=href, class_name="row"))


def _opens(state: type[Steps], move: Move) -> dict[str, Any]:
    """Return the properties of a button that opens the form of a step."""
    return {
        "type": "button",
        "on_click": state.choose(move.key),
        "aria_expanded": rx.cond(state.move.key == move.key, "true", "false"),
        "data_opens": move.key,
    }


def _opening(opening: tuple[str, str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(opening[0], class_name="font-semibold"),
        rx.el.span(opening[1], class_name="text-ink2"),
        class_name="flex flex-wrap justify-between gap-2",
    )
