"""The road of a request: what has happened, where it is now, and what lies ahead."""

from collections.abc import Callable, Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.figures import strip_with_words
from publicmeeting.ui.design.flow import any_of, each, filled, is_plain, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import RoadStep, Tile
from publicmeeting.ui.design.sheets import badge, quote


def road(
    steps: Sequence[RoadStep],
    aria_label: str,
    extra: Callable[[RoadStep], rx.Component] | None = None,
) -> rx.Component:
    """An ordered list from the first step to the last, named by `aria_label`.

    `extra` draws more into a step, such as a button for what the citizen can do now. It is called
    for each step and may return an empty fragment.
    """

    def step(road_step: RoadStep) -> rx.Component:
        is_now = (road_step.kind == "now") | (road_step.kind == "late")
        return rx.el.li(
            _sign(road_step),
            rx.el.div(
                rx.el.h3(
                    shown(road_step.kind == "ahead", _heard(chrome_text.STEP_AHEAD)),
                    road_step.title,
                    shown(road_step.badge.word, _heard(chrome_text.STEP_STATE)),
                    badge(road_step.badge),
                    class_name="road-title",
                ),
                shown(road_step.when, rx.el.p(road_step.when, class_name="text-meta text-ink2")),
                shown(road_step.meaning, rx.el.p(road_step.meaning)),
                _strip(road_step),
                _quote(road_step),
                shown(
                    road_step.link,
                    anchor(road_step.link, href=road_step.href, class_name="link nav-link"),
                ),
                extra(road_step) if extra is not None else rx.fragment(),
                class_name="road-body",
            ),
            class_name=f"is-{road_step.kind}",
            **filled(aria_current=pick(is_now, "step", "false")),
        )

    return rx.el.ol(each(steps, step), aria_label=aria_label, class_name="road")


def way(parts: Sequence[Tile], sentence: str) -> rx.Component:
    """The whole way in a few parts with their names; `sentence` is the same for screen readers."""

    def part(one: Tile) -> rx.Component:
        return rx.el.span(rx.el.span(class_name=f"tile t-{one.kind}"), one.text)

    return rx.el.div(each(parts, part), role="img", aria_label=sentence, class_name="way")


def _heard(text: str) -> rx.Component:
    """Return text for screen readers only; others see the step's sign."""
    return rx.el.span(text, class_name="sr-only")


def _sign(step: RoadStep) -> rx.Component:
    kind = pick(
        step.kind == "past",
        "glazed",
        pick(step.kind == "now", "now", pick(step.kind == "late", "late", "raw")),
    )
    default = icon("check")
    if is_plain(step.icon):
        face = icon(step.icon) if step.icon else shown(step.kind == "past", default)
    else:
        face = rx.cond(step.icon, icon(step.icon), shown(step.kind == "past", default))
    return rx.el.span(face, aria_hidden="true", class_name=f"tile t-{kind}")


def _strip(step: RoadStep) -> rx.Component:
    """The tiles of a step with their meaning below: without it they would look like buttons.

    Both are for the eye; the citizen reads the number of draws in the step's own sentence.
    """
    squares = strip_with_words(step.strip, step.strip_label, "draws")
    return shown(any_of(step.strip), rx.el.div(squares, aria_hidden="true"))


def _quote(step: RoadStep) -> rx.Component:
    return shown(step.quote, quote(step.quote_by, step.quote, inside=step.quote_inside))
