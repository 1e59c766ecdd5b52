"""Numbers that change in place, codes that are copied, and shares as bars."""

import reflex as rx

from publicmeeting.ui.design.flow import each, in_browser, is_plain, pick

_PUNCTUATION = (":", "٫", "٬", "٪")


def digit_cells(text: str, class_name: str = "") -> rx.Component:
    """A clock or countdown: one cell per digit, so that nothing moves when a digit changes."""

    def cell(sign: str) -> rx.Component:
        if is_plain(sign):
            return rx.el.i(sign, class_name="sep" if sign in _PUNCTUATION else "")
        return rx.el.i(sign, class_name=pick(sign == ":", "sep", ""))

    signs = list(text) if is_plain(text) else in_browser("[...({} ?? '')]", text).to(list[str])
    return rx.el.span(
        rx.el.span(text, class_name="sr-only"),
        rx.el.bdi(each(signs, cell), dir="ltr", aria_hidden="true", class_name="cells"),
        class_name=class_name,
    )


def ltr(text: str, class_name: str = "") -> rx.Component:
    """A phone, a hash or any other run that must keep its order inside Persian."""
    return rx.el.bdi(text, dir="ltr", class_name=class_name)


def code_groups(code: str, class_name: str = "") -> rx.Component:
    """A tracking code as 3-3-4 by margins alone: copying gives ten digits."""
    return rx.el.bdi(
        rx.el.span(code[:3]),
        rx.el.span(code[3:6]),
        rx.el.span(code[6:]),
        dir="ltr",
        class_name=f"code-groups {class_name}".strip(),
    )


def share_bar(percent: int, *, late: bool = False) -> rx.Component:
    """A share as a 14 px bar; hatched brick under the threshold. The number stands at its end.

    An svg box takes its width as an attribute, so no style attribute is needed.
    """
    fill = rx.el.svg(
        width=f"{percent}%", height="14", class_name=pick(late, "bar-late", "bar-fill")
    )
    return rx.el.div(fill, aria_hidden="true", class_name="bar-track")
