"""The sheet one writes on by hand: empty, written on, and taking no ink now."""

import reflex as rx

from publicmeeting.domain.orders.ink import Dot, Stroke, ink_text
from publicmeeting.ui.mayor.ink.pad import ink_pad, tools_place
from publicmeeting.ui.stories.showing import page, story

_WAVE = tuple(Dot(1000 - 8 * n, 50 + (n % 20 - 10) * 2, 0.3 + (n % 10) / 20) for n in range(90))
_WRITTEN = ink_text([Stroke(_WAVE)])


def hand() -> rx.Component:
    return page(
        "نوشتن با قلم",
        story("ابزار قلم", tools_place()),
        story("برگهٔ خالی", rx.el.div(ink_pad(), class_name="paper")),
        story("نوشته‌شده", rx.el.div(ink_pad(start=_WRITTEN, live=False), class_name="paper")),
    )
