"""View models of the decision bar, from the rows of the lifecycle tables; no stage or role is named
here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Step
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.kit.letters import clean
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE, MEANING
from publicmeeting.text.lifecycle.reasons_text import DECLINE, ORIGINAL, SKIP
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.forms import text_of, values_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.steps.keys import KEYS

_HEAVY = frozenset({Action.DECLINE, Action.NO_SHOW, OrderAction.RETURN})
"""Actions that take something away: red, last in order, and never done by a single touch."""
_UNREAD = frozenset({Need.AUDIENCE, Need.ORIGINAL, Need.IDENTITY})
"""Needs of steps whose form does not show what the citizen reads.

It depends on the answer, or she stands before the officer.
"""
DAYS_OFFERED = 60
"""Number of working days among which a later due date is chosen."""
ABOUT, STEP = "about", "step"
"""Hidden fields: the case and the step for which a form was opened."""
NOTE_TURN = "note_turn"
"""Hidden field: the `turn` of the note when its form was sent."""


@dataclass(frozen=True)
class StepButton:
    """One open step; `key` is the digit that presses it, `kind` the look of the button."""

    action: str
    label: str
    kind: str = "secondary"
    key: str = ""
    digit: str = ""


@dataclass(frozen=True)
class StepForm(ViewModel):
    """The fields of one step, and what the citizen reads of it. Without an action no form is open.

    `turn` grows whenever the page itself changes the text of the note.
    """

    action: str = ""
    about: str = ""
    """The code or number of the case for which it was opened."""
    label: str = ""
    send: str = ""
    kind: str = ""
    note: bool = False
    note_label: str = ""
    note_hint: str = ""
    note_rows: int = 0
    draft: str = ""
    templates: tuple[Choice, ...] = ()
    reasons: tuple[Choice, ...] = ()
    skips: tuple[Choice, ...] = ()
    originals: tuple[Choice, ...] = ()
    districts: tuple[Choice, ...] = ()
    days: tuple[Choice, ...] = ()
    units: tuple[Choice, ...] = ()
    audiences: tuple[Choice, ...] = ()
    calendar: bool = False
    """Whether the due date is picked from the page's calendar instead of `days`."""
    identity: str = ""
    """The label of the field for the number of her card; empty if there is none."""
    photos: bool = False
    reads_title: str = ""
    reads: str = ""
    turn: int = 0


def step_buttons(steps: Iterable[Step]) -> list[StepButton]:
    """Return buttons, the main step first and heavy ones last, each with its fixed digit."""
    ordered = sorted(steps, key=lambda step: (not step.main, step.action in _HEAVY))
    return [
        StepButton(
            action=step.action.value,
            label=ACTION[step.action],
            kind=_kind(step, first=at == 0),
            key=str(KEYS.get(step.action, "")),
            digit=str(persian(KEYS[step.action])) if step.action in KEYS else "",
        )
        for at, step in enumerate(ordered)
    ]


def _kind(step: Step, *, first: bool) -> str:
    if step.action in _HEAVY:
        return "danger"
    return "primary" if step.main and first else "secondary"


def needs_form(step: Step) -> bool:
    """Return whether a form opens before the step is taken: it has fields or takes something
    away."""
    return bool(step.needs) or step.action in _HEAVY


def step_form(
    step: Step,
    *,
    draft: str = "",
    templates: Sequence[str] = (),
    after: date | None = None,
    units: Sequence[Choice] = (),
    own_district: int = 0,
    turn: int = 0,
) -> StepForm:
    """Return the form of a step.

    `after` is the day that a new due date must follow. Without it the page draws a calendar.
    """
    needs = (*step.needs, *step.may)
    label = ACTION[step.action]
    is_public = Role.CITIZEN in step.visible_to and not _UNREAD & {*needs}
    return StepForm(
        action=step.action.value,
        label=label,
        send=_send_words(label),
        kind="danger" if step.action in _HEAVY else "primary",
        note=Need.NOTE in needs,
        note_label=_label(step, Need.NOTE),
        note_hint=note_hint(step) if is_public else "",
        note_rows=3,
        draft=draft,
        templates=tuple(Choice(str(at), text) for at, text in enumerate(templates)),
        reasons=_choices(DECLINE) if Need.REASON in needs else (),
        skips=_choices(SKIP) if Need.SKIP in needs else (),
        originals=_choices(ORIGINAL) if Need.ORIGINAL in needs else (),
        districts=_districts(own_district) if Need.DISTRICT in needs else (),
        days=_days(after) if Need.DUE_ON in needs and after else (),
        units=tuple(units) if Need.UNIT in needs else (),
        audiences=_choices(needs_text.AUDIENCE) if Need.AUDIENCE in needs else (),
        calendar=Need.DUE_ON in needs and after is None,
        identity=needs_text.LABEL[Need.IDENTITY] if Need.IDENTITY in needs else "",
        photos=Need.PHOTOS in needs,
        reads_title=DONE[step.action] if is_public else "",
        reads=MEANING.get(step.action, "") if is_public or Need.AUDIENCE in needs else "",
        turn=turn,
    )


def identity_form(action: str, label: str, *, turn: int) -> StepForm:
    """Return a form that asks only for the identity card, for an action at the door that is in no
    table."""
    return StepForm(
        action=action,
        label=label,
        send=_send_words(label),
        kind="primary",
        identity=needs_text.LABEL[Need.IDENTITY],
        turn=turn,
    )


def _send_words(label: str) -> str:
    """Return «ثبت: …», or the label itself if it begins with that word."""
    verb = staff_text.SEND.partition(":")[0]
    return label if label.startswith(verb) else staff_text.SEND.format(label=label)


def _label(step: Step, need: Need) -> str:
    label = needs_text.LABEL[need]
    return label if need in step.needs else staff_text.OPTIONAL.format(label=label)


def note_hint(step: Step) -> str:
    """Return the hint below the field of a step's note."""
    return needs_text.NOTE_HINT.get(step.action, needs_text.HINT[Need.NOTE])


def _choices(names: Mapping[Any, str]) -> tuple[Choice, ...]:
    """Return a closed list as choices; the members' codes are the values."""
    return tuple(Choice(str(code), name) for code, name in names.items())


def _districts(own: int) -> tuple[Choice, ...]:
    others = (district.number for district in DISTRICTS if district.number != own)
    names = (Choice(str(n), staff_text.DISTRICT.format(district=persian(n))) for n in others)
    return (Choice("", staff_text.CHOOSE_DISTRICT), *names)


def _days(after: date) -> tuple[Choice, ...]:
    days = (add_working_days(after, n) for n in range(1, DAYS_OFFERED + 1))
    return (Choice("", staff_text.CHOOSE_DAY), *(Choice(d.isoformat(), day_words(d)) for d in days))


# Action name → row. The fields of a step's form are those that its row names.

_STEP: dict[str, Step] = {action.value: step for action, step in STEP_FOR.items()}


def step_named(action: str) -> Step | None:
    """Return the row of an action by the name that a button sends; None for any other text."""
    return _STEP.get(action)


def read_fields(needs: Iterable[Need], form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values for these needs as fields of the step's command; photos by their ids.

    A browser sends null for a field that this form does not show; it is left out.
    """
    fields: dict[str, Any] = {}
    for need in needs:
        sent = form.get(need.value)
        if need is Need.PHOTOS:
            fields[need.value] = tuple(str(one) for one in values_of(form, need.value) if one)
        elif isinstance(sent, str):
            fields[need.value] = sent
    return fields


def takes(step: Step) -> tuple[Need, ...]:
    """Return what the step needs, then what it accepts."""
    return (*step.needs, *step.may)


def missing_fields(step: Step, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return field → error for each required field that is empty, in the row's order."""
    return {
        need.value: refusal(f"need_{need}")
        for need in step.needs
        if not any(clean(text_of(one)) for one in values_of(fields, need.value))
    }
