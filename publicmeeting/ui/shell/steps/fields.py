"""A step's form as every page reads it: its fields are those that the step's row names."""

from collections.abc import Iterable, Mapping
from typing import Any

from publicmeeting.domain.lifecycle.tables import STEP_FOR, Step
from publicmeeting.domain.stages import Need
from publicmeeting.kit.letters import clean
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.reflex.forms import text_of, values_of

_STEP: dict[str, Step] = {action.value: step for action, step in STEP_FOR.items()}


def step_named(action: str) -> Step | None:
    """The row of an action by its name, as a button sends it; None for any other word."""
    return _STEP.get(action)


def read_fields(
    needs: Iterable[Need], form: Mapping[str, Any], *, prefix: str = ""
) -> dict[str, Any]:
    """What was typed or chosen for these needs, as fields of the step's command; photographs by
    their ids. `prefix` stands before a field's name where forms of several steps share a page.

    A browser sends null for a field of the page that this form does not show: it is left out.
    """
    fields: dict[str, Any] = {}
    for need in needs:
        name = f"{prefix}{need}"
        sent = form.get(name)
        if need is Need.PHOTOS:
            fields[need.value] = tuple(str(one) for one in values_of(form, name) if one)
        elif isinstance(sent, str):
            fields[need.value] = sent
    return fields


def takes(step: Step) -> tuple[Need, ...]:
    """What the step needs, then what it may be given."""
    return (*step.needs, *step.may)


def missing_fields(step: Step, fields: Mapping[str, Any]) -> dict[str, str]:
    """Field → what to do, for each that the step needs and that came empty, in the row's order."""
    return {
        need.value: refusal(f"need_{need}")
        for need in step.needs
        if not any(clean(text_of(one)) for one in values_of(fields, need.value))
    }
