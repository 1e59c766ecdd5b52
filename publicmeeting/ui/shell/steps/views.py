"""From open steps to buttons and the form of one step; nothing here knows a stage or a role."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Step
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.kit.letters import clean
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE, MEANING
from publicmeeting.text.lifecycle.reasons_text import DECLINE, ORIGINAL, SKIP
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.forms import text_of, values_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.steps.keys import KEYS

_HEAVY = frozenset({Action.DECLINE, Action.NO_SHOW, OrderAction.RETURN})
"""What takes something from somebody: in brick, at the end, never by one touch."""
DAYS_OFFERED = 60
"""Working days from which a later due date is chosen."""
ABOUT, STEP = "about", "step"
"""Fields that say for which case and which step a form was opened."""
NOTE_TURN = "note_turn"
"""Field that says which `turn` the note of a sent form had."""


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
    """The fields of one step, and what the citizen reads of it. An empty action: no form is open.

    `turn` grows whenever what stands in the note is put there by the page.
    """

    action: str = ""
    about: str = ""
    """The code or number it was opened for."""
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
    """The due date is picked from a calendar that the page draws, instead of `days`."""
    identity: bool = False
    photos: bool = False
    reads_title: str = ""
    reads: str = ""
    turn: int = 0


def step_buttons(steps: Iterable[Step]) -> list[StepButton]:
    """The ordinary step first, the heavy ones last; each with the digit that is always its own."""
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
    """Whether a form opens before the step is taken: it has a field, or takes something away."""
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
    """The form of a step; `after` is the day a new due date has to follow, without which the page
    has a calendar."""
    needs = (*step.needs, *step.may)
    label = ACTION[step.action]
    is_public = Role.CITIZEN in step.visible_to and not {Need.AUDIENCE, Need.ORIGINAL} & {*needs}
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
        identity=Need.IDENTITY in needs,
        photos=Need.PHOTOS in needs,
        reads_title=DONE[step.action] if is_public else "",
        reads=MEANING.get(step.action, "") if is_public or Need.AUDIENCE in needs else "",
        turn=turn,
    )


def identity_form(action: str, label: str, *, turn: int) -> StepForm:
    """For what is done at the door and is no step of a table: only the card is asked for."""
    send = _send_words(label)
    return StepForm(action=action, label=label, send=send, kind="primary", identity=True, turn=turn)


def _send_words(label: str) -> str:
    """«ثبت: …», unless the label begins with that word itself."""
    verb = staff_text.SEND.partition(":")[0]
    return label if label.startswith(verb) else staff_text.SEND.format(label=label)


def _label(step: Step, need: Need) -> str:
    label = needs_text.LABEL[need]
    return label if need in step.needs else staff_text.OPTIONAL.format(label=label)


def note_hint(step: Step) -> str:
    """What stands below the field of a step's note."""
    return needs_text.NOTE_HINT.get(step.action, needs_text.HINT[Need.NOTE])


def _choices(names: Mapping[Any, str]) -> tuple[Choice, ...]:
    """A closed list as it is shown; its members are codes."""
    return tuple(Choice(str(code), name) for code, name in names.items())


def _districts(own: int) -> tuple[Choice, ...]:
    others = (district.number for district in DISTRICTS if district.number != own)
    names = (Choice(str(n), staff_text.DISTRICT.format(district=persian(n))) for n in others)
    return (Choice("", staff_text.CHOOSE_DISTRICT), *names)


def _days(after: date) -> tuple[Choice, ...]:
    days = (add_working_days(after, n) for n in range(1, DAYS_OFFERED + 1))
    return (Choice("", staff_text.CHOOSE_DAY), *(Choice(d.isoformat(), day_words(d)) for d in days))


# A step's form as every page reads it: its fields are those that the step's row names.

_STEP: dict[str, Step] = {action.value: step for action, step in STEP_FOR.items()}


def step_named(action: str) -> Step | None:
    """The row of an action by its name, as a button sends it; None for any other word."""
    return _STEP.get(action)


def read_fields(needs: Iterable[Need], form: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed or chosen for these needs, as fields of the step's command; photographs by
    their ids.

    A browser sends null for a field of the page that this form does not show: it is left out.
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
    """What the step needs, then what it accepts."""
    return (*step.needs, *step.may)


def missing_fields(step: Step, fields: Mapping[str, Any]) -> dict[str, str]:
    """Field → what to do, for each that the step needs and that came empty, in the row's order."""
    return {
        need.value: refusal(f"need_{need}")
        for need in step.needs
        if not any(clean(text_of(one)) for one in values_of(fields, need.value))
    }
