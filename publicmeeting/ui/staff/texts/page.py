"""The page of a district's texts: current texts, waiting proposal, form with its difference,
history."""

import reflex as rx

from publicmeeting.domain.districts.texts import LIMITS, NOTE_MOST, UNIT_MOST, TextField
from publicmeeting.kit.digits import persian
from publicmeeting.text.districts import texts_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import (
    area,
    error_summary,
    field,
    pressed_chips,
    saving,
    select,
)
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.sheets import notice, row_static, sheet
from publicmeeting.ui.shell.navigation import auth_guard, live_title, staff_rail
from publicmeeting.ui.shell.typed import choosing, found, storing
from publicmeeting.ui.staff.texts.state import HERE, Change, Past, UnitField
from publicmeeting.ui.staff.texts.state import TextsState as S

_FIELDS = tuple(TextField)
_LONG = {TextField.ADDRESS, TextField.BRING, TextField.SEATS}
WAITING = S.shown.waiting


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            live_title(
                texts_text.TITLE,
                rx.el.p(S.shown.name, "\u00a0· ", texts_text.LEAD, class_name="text-ink2"),
                shown(
                    any_of(S.shown.others),
                    pressed_chips(texts_text.OTHERS, S.shown.others, "", S.choose),
                ),
            ),
            rx.el.div(
                rx.el.div(_waiting(), _edit(), class_name="grid min-w-0 gap-6"),
                rx.el.div(_holds(), _history(), class_name="grid min-w-0 gap-6"),
                class_name="grid items-start gap-6 xl:grid-cols-2",
            ),
            announcement=rx.cond(S.done, S.done, S.refused),
            answers=S.answers,
        ),
    )


def _head(title: str, id: str = "") -> rx.Component:
    focus = {"id": id, "tab_index": -1} if id else {}
    return rx.el.h2(title, class_name="scroll-mt-4 text-h2", **focus)


def _waiting() -> rx.Component:
    """A colleague's proposal, and the answer to each press."""
    return rx.el.section(
        rx.el.div(
            rx.cond(S.done, notice(S.done)),
            rx.cond(
                S.refused & ~any_of(S.changes),
                notice(S.refused, tone="brick"),
            ),
            id="waiting",
            tab_index=-1,
            class_name="grid scroll-mt-4 gap-3 empty:hidden",
        ),
        rx.cond(
            WAITING.version,
            rx.el.div(
                _head(texts_text.WAITING),
                sheet(
                    rx.el.div(
                        rx.el.p(WAITING.who, class_name="text-ink2"),
                        _changes(WAITING.changes),
                        shown(WAITING.moved, notice(WAITING.moved, tone="saffron")),
                        class_name="grid gap-3",
                    ),
                    rx.cond(WAITING.is_own, _own(), _decision()),
                ),
                class_name="grid gap-3",
            ),
        ),
        class_name="grid gap-3",
    )


def _own() -> rx.Component:
    return rx.el.div(
        rx.el.p(texts_text.OWN_WAITS),
        button(texts_text.WITHDRAW, kind="secondary", on_click=S.withdraw(WAITING.version)),
        class_name="grid gap-3",
    )


def _decision() -> rx.Component:
    return rx.el.div(
        rx.cond(
            WAITING.why_not,
            notice(WAITING.why_not, tone="saffron"),
            button(WAITING.yes, on_click=S.put_in_force(WAITING.version)),
        ),
        rx.el.form(
            area(
                texts_text.REFUSE_NOTE,
                "note",
                value=S.note,
                rows=2,
                limit=NOTE_MOST,
                limit_words=persian(NOTE_MOST),
                cut=False,
                error=S.errors["note"],
                **saving(lambda note: S.keep_note(note, WAITING.version, S.shown.district)),
            ),
            button(texts_text.REFUSE, kind="danger", submit=True),
            key=WAITING.version,
            on_submit=S.refuse(WAITING.version),
            method="post",
            class_name="grid gap-3",
        ),
        class_name="grid gap-6",
    )


def _edit() -> rx.Component:
    """The form. When hidden it stays in the page, so that typed text stays."""
    return rx.el.section(
        _head(texts_text.EDIT),
        rx.cond(WAITING.version, notice(texts_text.EDIT_WAITS, tone="saffron")),
        rx.cond(
            S.is_editing,
            rx.fragment(),
            button(texts_text.EDIT_ANYWAY, kind="secondary", on_click=S.edit),
        ),
        rx.el.div(_form(), _compared(), class_name=rx.cond(S.is_editing, "grid gap-4", "hidden")),
        class_name="grid gap-3",
    )


def _form() -> rx.Component:
    return rx.el.form(
        error_summary(S.errors, S.answers),
        found(S),
        sheet(
            rx.el.div(*(map(_box, _FIELDS)), class_name="grid gap-4"),
            rx.el.div(
                rx.el.h3(texts_text.UNITS, class_name="text-h3"),
                rx.el.p(texts_text.UNITS_WHY, class_name="text-ink2"),
                rx.el.div(each(S.shown.units, _unit), class_name="grid gap-3 sm:grid-cols-2"),
                field(
                    texts_text.NEW_UNIT,
                    "new_unit",
                    hint=texts_text.NEW_UNIT_HINT,
                    value=S.filled["new_unit"],
                    error=S.errors["new_unit"],
                    auto_complete="off",
                    **storing(S, "new_unit"),
                ),
                class_name="grid gap-3",
            ),
            select(
                texts_text.FROM,
                "from_on",
                S.shown.days,
                value=S.filled["from_on"],
                on_change=choosing(S, "from_on"),
                hint=S.shown.from_hint,
                error=S.errors["from_on"],
            ),
        ),
        button(texts_text.COMPARE, kind="secondary", submit=True),
        key=S.form_turn,
        on_submit=S.preview,
        method="post",
        class_name="grid gap-4",
    )


def _box(text_field: TextField) -> rx.Component:
    value: str = S.filled[text_field.value]
    hint = S.shown.seats_hint if text_field is TextField.SEATS else texts_text.HINT[text_field]
    if text_field in _LONG:
        limit = LIMITS[text_field][1] if text_field in LIMITS else 0
        return area(
            texts_text.FIELD[text_field],
            text_field.value,
            value=value,
            hint=hint,
            error=S.errors[text_field.value],
            rows=2,
            cut=False,
            limit=limit,
            limit_words=persian(limit),
            **({"dir": "ltr"} if text_field is TextField.SEATS else {}),
            **storing(S, text_field.value),
        )
    return field(
        texts_text.FIELD[text_field],
        text_field.value,
        value=value,
        hint=hint,
        error=S.errors[text_field.value],
        auto_complete="off",
        kind="number" if text_field is TextField.POINT else "text",
        **storing(S, text_field.value),
    )


def _unit(unit_field: UnitField) -> rx.Component:
    return field(
        unit_field.label,
        unit_field.name,
        value=S.filled[unit_field.name],
        error=S.errors[unit_field.name],
        max_length=UNIT_MOST * 2,
        auto_complete="off",
        **storing(S, unit_field.name),
    )


def _compared() -> rx.Component:
    """What would change, and only then the button that proposes it."""
    return rx.el.section(
        _head(texts_text.CHANGES, "compared"),
        rx.cond(S.refused, notice(S.refused, tone="brick")),
        rx.cond(
            any_of(S.changes),
            sheet(
                _changes(S.changes),
                button(S.propose_label, on_click=S.propose),
            ),
            rx.el.p(texts_text.COMPARE_FIRST, class_name="text-ink2"),
        ),
        class_name="grid gap-3",
    )


def _changes(found: tuple[Change, ...]) -> rx.Component:
    return rx.el.ul(
        each(
            found,
            lambda change: rx.el.li(
                rx.el.p(change.what, class_name="font-semibold"),
                rx.el.p(
                    texts_text.BEFORE,
                    rx.el.bdi(change.old, dir="rtl"),
                    class_name="text-ink2 wrap-anywhere",
                ),
                rx.el.p(
                    texts_text.AFTER, rx.el.bdi(change.new, dir="rtl"), class_name="wrap-anywhere"
                ),
                class_name="min-w-0 border-s-4 border-glaze ps-3",
            ),
        ),
        class_name="grid gap-3",
    )


def _holds() -> rx.Component:
    return rx.el.section(
        _head(S.shown.head),
        sheet(
            rx.el.dl(
                each(
                    S.shown.facts,
                    lambda fact: rx.el.div(
                        rx.el.dt(fact.what, class_name="text-meta text-ink2"),
                        rx.el.dd(rx.el.bdi(fact.new, dir="rtl"), class_name="wrap-anywhere"),
                    ),
                ),
                class_name="grid gap-3",
            )
        ),
        class_name="grid gap-3",
    )


def _history() -> rx.Component:
    return rx.el.section(
        _head(texts_text.HISTORY),
        rx.cond(
            any_of(S.shown.history),
            rx.el.ul(
                each(S.shown.history, lambda past: rx.el.li(row_static(_past(past)))),
                class_name="rows",
            ),
            rx.el.p(texts_text.NO_HISTORY, class_name="text-ink2"),
        ),
        class_name="grid gap-3",
    )


def _past(past: Past) -> rx.Component:
    return rx.el.div(
        rx.el.p(past.state, class_name="font-semibold"),
        each(past.who, lambda words: rx.el.p(words, class_name="text-meta text-ink2")),
        shown(past.note, rx.el.p(past.note, class_name="wrap-anywhere")),
        _changes(past.changes),
        class_name="row-body grid gap-2",
    )
