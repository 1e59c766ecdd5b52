"""The road of a request: what happened, where it stands, what lies ahead."""

from collections.abc import Callable, Sequence

import reflex as rx

from publicmeeting.ui.design.figures import strip_with_words
from publicmeeting.ui.design.flow import any_of, each, filled, is_plain, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import RoadStep
from publicmeeting.ui.design.sheets import badge, quote


def road(
    steps: Sequence[RoadStep],
    aria_label: str,
    extra: Callable[[RoadStep], rx.Component] | None = None,
) -> rx.Component:
    """An ordered list from the first step to the last. `aria_label` names it.

    `extra` draws more into a step (a button for what the citizen can do now); it is asked for
    each step and may answer with an empty fragment.
    """

    def step(one: RoadStep) -> rx.Component:
        is_now = (one.kind == "now") | (one.kind == "late")
        return rx.el.li(
            _sign(one),
            rx.el.div(
                rx.el.h3(one.title, badge(one.badge), class_name="road-title"),
                shown(one.when, rx.el.p(one.when, class_name="text-meta text-ink2")),
                shown(one.meaning, rx.el.p(one.meaning)),
                _strip(one),
                _quote(one),
                shown(one.link, anchor(one.link, href=one.href, class_name="link nav-link")),
                extra(one) if extra is not None else rx.fragment(),
                class_name="road-body",
            ),
            class_name=f"is-{one.kind}",
            **filled(aria_current=pick(is_now, "step", "false")),
        )

    return rx.el.ol(each(steps, step), aria_label=aria_label, class_name="road")


def _sign(one: RoadStep) -> rx.Component:
    kind = pick(
        one.kind == "past",
        "glazed",
        pick(one.kind == "now", "now", pick(one.kind == "late", "late", "raw")),
    )
    default = icon("check")
    if is_plain(one.icon):
        face = icon(one.icon) if one.icon else shown(one.kind == "past", default)
    else:
        face = rx.cond(one.icon, icon(one.icon), shown(one.kind == "past", default))
    return rx.el.span(face, aria_hidden="true", class_name=f"tile t-{kind}")


def _strip(one: RoadStep) -> rx.Component:
    """What its tiles are is written under them: alone they would look like buttons."""
    return shown(any_of(one.strip), strip_with_words(one.strip, one.strip_label, "draws"))


def _quote(one: RoadStep) -> rx.Component:
    return shown(one.quote, quote(one.quote_by, one.quote, inside=one.quote_inside))
