"""Components of both pages of officials: the last result, a link shown once, proposals, fields of a
role."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.text.officials import people_text
from publicmeeting.ui.city.people.state import Managing
from publicmeeting.ui.city.people.views import NUMBERS, ROLES, UNITS, Waiting
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import field, select
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import answer_notices, row_static, sheet
from publicmeeting.ui.shell.typed import TypedFormState, choosing, storing


def changed(S: type[Managing]) -> rx.Component:
    """What was done or refused, and a link that is shown only once."""
    return rx.el.div(
        answer_notices(S.done, S.refused),
        shown(S.link.address, _link(S)),
        id="refused",
        tab_index=-1,
        class_name="mb-4 grid gap-4 empty:hidden",
    )


def _link(S: type[Managing]) -> rx.Component:
    return sheet(
        rx.el.div(
            rx.el.h2(S.link.title, class_name="text-h3"),
            rx.el.p(people_text.LINK_LEAD),
            rx.el.input(
                value=S.link.address,
                read_only=True,
                dir="ltr",
                id="link",
                aria_label=S.link.title,
                class_name="input",
            ),
            rx.el.div(
                button(people_text.COPY, sign="link", on_click=S.copy_link),
                button(people_text.HIDE, kind="secondary", on_click=S.hide_link),
                rx.el.span(S.link.copied, role="status"),
                class_name="flex flex-wrap items-center gap-3",
            ),
            class_name="grid gap-3",
        )
    )


def proposals(S: type[Managing], waiting: Sequence[Waiting]) -> rx.Component:
    """Proposals that wait for a second administrator; nothing if there are none."""

    def one(it: Waiting) -> rx.Component:
        return row_static(
            rx.el.div(
                anchor(
                    it.head,
                    href=it.href,
                    class_name="link inline-flex min-h-11 items-center font-semibold",
                ),
                rx.el.p(it.what),
                each(it.past, lambda line: rx.el.p(line, class_name="text-meta text-ink2")),
                each(it.leads, lambda line: rx.el.p(line, class_name="text-meta")),
                shown(it.own, rx.el.p(it.own, class_name="text-meta text-ink2")),
                rx.el.div(
                    rx.cond(
                        it.own,
                        rx.fragment(),
                        button(people_text.AGREE, size="sm", on_click=S.agree(it.id)),
                    ),
                    button(it.reject, kind="secondary", size="sm", on_click=S.reject(it.id)),
                    class_name="flex flex-wrap gap-3",
                ),
                class_name="row-body grid gap-2",
            )
        )

    return rx.cond(
        any_of(waiting),
        rx.el.section(
            rx.el.h2(people_text.PROPOSALS, class_name="text-h2 mb-3"),
            rx.el.ul(each(waiting, lambda it: rx.el.li(one(it), key=it.id)), class_name="rows"),
            class_name="mb-6",
        ),
    )


def role_fields(
    S: type[Managing], *, stored: type[TypedFormState] | None = None
) -> tuple[rx.Component, ...]:
    """The fields of a role: which, where, from when, until when.

    With `stored` they are stored while they are filled in.
    """

    def chosen(name: str) -> dict[str, Any]:
        if stored is None:
            return {}
        return {"value": stored.filled[name], "on_change": choosing(stored, name)}

    def typed(name: str) -> dict[str, Any]:
        return {} if stored is None else {"value": stored.filled[name], **storing(stored, name)}

    return (
        select(
            people_text.ROLE,
            "role",
            (Choice("", people_text.CHOOSE_ROLE), *ROLES),
            hint=people_text.TWO_HINT,
            error=S.errors["role"],
            **chosen("role"),
        ),
        rx.el.div(
            select(
                people_text.DISTRICT,
                "district",
                (Choice("", people_text.CHOOSE_DISTRICT), *NUMBERS),
                error=S.errors["district"],
                **chosen("district"),
            ),
            select(
                people_text.UNIT,
                "unit",
                (Choice("", people_text.NO_UNIT), *UNITS),
                error=S.errors["unit"],
                **chosen("unit"),
            ),
            class_name="grid gap-4 sm:grid-cols-2",
        ),
        rx.el.div(
            _day(people_text.FROM, "from_on", S.errors["from_on"], **typed("from_on")),
            _day(people_text.UNTIL, "until_on", S.errors["until_on"], **typed("until_on")),
            class_name="grid gap-4 sm:grid-cols-2",
        ),
    )


def _day(label: str, name: str, error: str, **stored: Any) -> rx.Component:
    return field(
        label,
        name,
        dir="ltr",
        input_mode="numeric",
        auto_complete="off",
        hint=people_text.DAY_HINT,
        error=error,
        **stored,
    )
