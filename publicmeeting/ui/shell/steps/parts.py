"""Components of a page with a list, the open case beside it and its decision bar.

The bar shows the buttons, or one open form with what the citizen will read. Every office has the
same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.stages import Need
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.officials import staff_text
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import area, chips, error_summary, field, saving, select
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.frames import LINES, desk_frame
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Choice, Row
from publicmeeting.ui.design.sheets import folded, notice, rows
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.navigation import Rail, at_work, auth_guard, staff_rail
from publicmeeting.ui.shell.steps.keys import CANCEL, DONE, NEXT, DeskKeys
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.ui.shell.steps.views import ABOUT, NOTE_TURN, STEP, StepButton, StepForm
from publicmeeting.usecases.base import MAX_TEXT

FORM = "step"
SEND = "send-step"


@dataclass(frozen=True, slots=True)
class FormEvents:
    """Event handlers of the page that owns the bar."""

    choose: Handler
    send: Handler
    cancel: Handler
    keep_note: Handler
    take_template: Handler


def decision(
    title: str,
    lead: str,
    buttons: Sequence[StepButton],
    form: StepForm,
    errors: dict[str, str],
    answers: int,
    events: FormEvents,
    *,
    refused: str = "",
    stale: str = "",
    sender: rx.Component | None = None,
    none: str = "",
) -> rx.Component:
    """The whole bar. `sender` uploads the photos of a step that may have some."""
    return rx.el.div(
        rx.cond(
            ~form.action,
            rx.el.div(
                _head(title, lead),
                rx.cond(
                    any_of(buttons),
                    rx.el.div(
                        each(buttons, lambda step_button: _button(step_button, events)),
                        class_name=(
                            "decision-choices grid grid-cols-2 gap-1 md:grid-cols-[1.3fr_1fr] "
                            "md:has-[>:nth-child(3)]:grid-cols-[1.3fr_1fr_1fr]"
                        ),
                    ),
                    rx.el.p(none, class_name="text-ink2"),
                ),
            ),
            rx.el.div(
                rx.el.div(
                    _form_head(form, events),
                    _refusal(refused, note=form.note),
                    step_fields(form, errors, answers, events, sender=sender),
                    class_name="deciding-fields",
                ),
                send_button(form, stale),
                class_name="deciding",
            ),
        ),
    )


def _head(title: str, lead: str) -> rx.Component:
    return rx.el.div(
        rx.el.h2(title, class_name="text-h3"),
        rx.el.p(lead, class_name="hidden text-ink2 sm:block"),
        class_name="mb-3 flex flex-wrap items-center justify-between gap-x-4 max-md:sr-only",
    )


def _button(step_button: StepButton, events: FormEvents) -> rx.Component:
    return rx.el.button(
        rx.el.span(step_button.label),
        shown(
            step_button.key,
            rx.el.span(step_button.digit, aria_hidden="true", class_name="key max-md:hidden"),
        ),
        type="button",
        id=rx.cond(step_button.key, f"key-{step_button.key}", f"step-{step_button.action}"),
        on_click=events.choose(step_button.action),
        key=step_button.action,
        class_name=rx.cond(
            step_button.kind == "primary",
            "btn btn-primary col-span-2 md:col-span-1 md:row-span-2",
            f"btn btn-{step_button.kind} btn-sm md:!justify-between",
        ),
    )


def _form_head(form: StepForm, events: FormEvents) -> rx.Component:
    return rx.el.div(
        rx.el.h2(form.label, class_name="text-h3"),
        button(staff_text.CANCEL, kind="quiet", size="sm", on_click=events.cancel, id=CANCEL),
        class_name="flex flex-wrap items-center justify-between gap-x-4",
    )


def _refusal(refused: str, *, note: bool) -> rx.Component:
    return rx.cond(refused, notice(refused, rx.cond(note, staff_text.STILL_HERE, ""), tone="brick"))


def step_fields(
    form: StepForm,
    errors: dict[str, str],
    answers: int,
    events: FormEvents,
    *,
    sender: rx.Component | None = None,
    calendar: rx.Component | None = None,
) -> rx.Component:
    """The fields that this step needs or accepts. Uncontrolled, so typed text survives a refusal.

    `sender` uploads photos and `calendar` picks the due date, if the page has them.
    """
    return rx.fragment(
        rx.el.form(
            rx.el.input(type="hidden", name=ABOUT, value=form.about, read_only=True),
            rx.el.input(type="hidden", name=STEP, value=form.action, read_only=True),
            error_summary(errors, answers),
            _choices(form, errors),
            rx.cond(form.calendar, calendar) if calendar is not None else rx.fragment(),
            rx.cond(form.note, _note(form, errors, events)),
            id=FORM,
            on_submit=events.send,
            method="post",
            # Otherwise what was typed for one visitor would stay in the form of the next.
            key=form.about,
            class_name="grid gap-4",
        ),
        rx.cond(form.photos, sender) if sender is not None else rx.fragment(),
        _reads(form),
    )


def _choices(form: StepForm, errors: dict[str, str]) -> rx.Component:
    identity = _named(
        field, Need.IDENTITY, errors, label=form.identity, dir="ltr", auto_complete="off"
    )
    return rx.fragment(
        rx.cond(form.identity, identity),
        _chosen(select, Need.DISTRICT, form.districts, errors),
        _chosen(chips, Need.REASON, form.reasons, errors, takes_focus=True),
        _chosen(chips, Need.SKIP, form.skips, errors, takes_focus=True),
        _chosen(chips, Need.ORIGINAL, form.originals, errors, takes_focus=True),
        _chosen(select, Need.DUE_ON, form.days, errors),
        _chosen(chips, Need.UNIT, form.units, errors, hint="", takes_focus=True),
        _chosen(chips, Need.AUDIENCE, form.audiences, errors, takes_focus=True),
    )


def _chosen(
    draw: Callable[..., rx.Component],
    need: Need,
    choices: Sequence[Choice],
    errors: dict[str, str],
    **props: Any,
) -> rx.Component:
    """A field with a list of choices, if this step has them."""
    return rx.cond(any_of(choices), _named(draw, need, errors, choices, **props))


def _named(
    draw: Callable[..., rx.Component], need: Need, errors: dict[str, str], *args: Any, **props: Any
) -> rx.Component:
    """A field with the name, label, error and default hint of its need."""
    props = {"hint": needs_text.HINT[need], "error": errors[need.value], **props}
    return draw(props.pop("label", needs_text.LABEL[need]), need.value, *args, **props)


def _note(form: StepForm, errors: dict[str, str], events: FormEvents) -> rx.Component:
    """The note field. It is drawn again only when the page itself has changed its text.

    Templates are above the field: below, the edge of a low screen would cut them off.
    """
    return rx.el.div(
        rx.el.input(type="hidden", name=NOTE_TURN, value=form.turn, read_only=True),
        shown(any_of(form.templates), _templates(form, events)),
        area(
            form.note_label,
            "note",
            value=form.draft,
            hint=form.note_hint,
            error=errors["note"],
            rows=form.note_rows,
            limit=MAX_TEXT,
            limit_words=persian(MAX_TEXT),
            **saving(lambda note: events.keep_note(note, form.about, form.action)),
        ),
        key=form.turn,
        class_name="grid gap-2",
    )


def _templates(form: StepForm, events: FormEvents) -> rx.Component:
    def one(template: Choice) -> rx.Component:
        return rx.el.button(
            icon("plus", "sm"),
            rx.el.span(template.label, class_name="min-w-0 text-start"),
            type="button",
            on_click=events.take_template(template.value),
            class_name="btn btn-soft btn-sm !justify-start !font-normal",
        )

    return folded(
        staff_text.TEMPLATES,
        rx.el.div(each(form.templates, one), class_name="grid gap-1 xl:grid-cols-2"),
    )


def _reads(form: StepForm) -> rx.Component:
    """«با این کار، شهروند این را می‌خواند»: title and meaning as they will be on the citizen's
    road."""
    return rx.cond(
        form.reads_title,
        rx.el.div(
            rx.el.p(
                icon("eye"),
                staff_text.CITIZEN_READS,
                class_name="flex items-center gap-2 text-meta text-ink2",
            ),
            rx.el.p(rx.el.strong(form.reads_title, "."), " ", form.reads),
            class_name="rounded-sheet border border-line bg-sheet p-3",
        ),
        shown(form.reads, rx.el.p(form.reads, class_name="text-ink2")),
    )


def send_button(form: StepForm, stale: str) -> rx.Component:
    """The submit button of the step's form. If a colleague was faster, it is disabled and says why.

    Its keyboard shortcut is shown only in a wide window, where there is a keyboard.
    """
    keys = rx.el.span(
        staff_text.SEND_KEYS, aria_hidden="true", dir="ltr", class_name="key px-1.5 max-xl:hidden"
    )
    return rx.el.button(
        rx.el.span(rx.cond(stale, stale, rx.fragment(form.send, " ", keys))),
        type="submit",
        form=FORM,
        id=SEND,
        disabled=rx.Var.create(stale).bool(),
        aria_keyshortcuts="Control+Enter",
        class_name=f"btn btn-{form.kind}",
    )


def desk_page(
    S: type[MasterDetailState],
    path: str,
    title: str,
    *,
    list_: Sequence[rx.Component],
    detail: Sequence[rx.Component],
    bar: rx.Component,
    has_detail: Any,
    opened: Any = "",
    rail: str = "",
) -> rx.Component:
    """The whole page.

    `rail` is the marked entry of the navigation, if it is not the page's own path. `opened` is the
    title of the open case: a screen reader announces it when it has opened beside the list.
    """
    comes = rx.cond(S.form.action, "", opened)
    return auth_guard(
        S,
        rx.fragment(
            DeskKeys.create(),
            desk_frame(
                staff_rail(rail or path),
                title=title,
                list_=[rx.cond(S.unread, notice(S.unread, tone="neutral")), *list_],
                detail=detail,
                decision=bar,
                has_detail=has_detail,
                announcement=rx.cond(
                    S.done,
                    S.done,
                    rx.cond(S.refused, S.refused, rx.cond(S.stale, S.stale, comes)),
                ),
                answers=S.answers,
            ),
        ),
    )


def decision_bar(
    S: type[MasterDetailState],
    is_open: Any,
    title: str,
    lead: str,
    *,
    none: str,
    sender: rx.Component | None = None,
) -> rx.Component:
    """The decision bar of the open case."""
    events = FormEvents(S.choose, S.send, S.cancel, S.keep_note, S.take_template)
    return rx.cond(
        is_open,
        decision(
            title,
            lead,
            S.buttons,
            S.form,
            S.errors,
            S.answers,
            events,
            refused=S.refused,
            stale=S.stale,
            sender=sender,
            none=none,
        ),
    )


def list_part(
    title: str,
    above: Sequence[rx.Component],
    lines: Sequence[Row],
    nothing: rx.Component,
    *,
    drawn: rx.Component | None = None,
    below: Sequence[rx.Component] = (),
) -> list[rx.Component]:
    """The list with its head. `above` are filters; `drawn` are the lines if they are not the usual
    rows."""
    return [
        at_work(title, in_list=True),
        rx.el.div(
            *above,
            rx.el.div(
                rx.cond(
                    any_of(lines), rows(lines, dense=True) if drawn is None else drawn, nothing
                ),
                id=LINES,
                tab_index=-1,
            ),
            *below,
            class_name="mt-3 grid gap-3",
        ),
    ]


def open_part(
    back: str,
    S: type[MasterDetailState],
    is_open: Any,
    opened: rx.Component,
    refused: str,
    nothing: rx.Component,
) -> list[rx.Component]:
    """The open case, under the notice of what was done and the link to the next case.

    If no case is open, it says why it cannot be opened, or how to open one.
    """
    return [
        rx.el.div(
            anchor(icon("back"), staff_text.BACK_TO_LIST, href=back, class_name="back"),
            class_name="desk-only-narrow mb-3",
        ),
        rx.cond(
            S.done,
            rx.el.div(notice(S.done, action=_onward(S)), id=DONE, tab_index=-1, class_name="mb-4"),
        ),
        # An open form shows the refusal above its fields.
        rx.cond(
            S.refused & ~S.form.action,
            rx.el.div(notice(S.refused, tone="brick"), class_name="mb-4"),
        ),
        rx.cond(is_open, opened, rx.cond(refused, notice(refused, tone="brick"), nothing)),
    ]


def nothing_chosen(lines: Sequence[Row], title: str, lead: str) -> rx.Component:
    """How to open a case, beside a list that has some; on paper nothing can be opened."""
    first = button(staff_text.OPEN_FIRST, href=lines[0].href)
    part = rx.el.div(empty(title, lead, first, Rail.district), class_name="no-print")
    return shown(any_of(lines), part)


def _onward(S: type[MasterDetailState]) -> rx.Component:
    """The link to the next case after a step was taken."""
    return rx.cond(
        S.onward.href,
        anchor(S.onward.title, href=S.onward.href, id=NEXT, class_name="link nav-link"),
        rx.el.p(S.onward.title),
    )
