"""Forms as a browser sends them: a field that is not drawn is missing, never the text "None"."""

from collections.abc import Mapping
from typing import Any

from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, FormData

Form = FormData[str, Any]
"""Type annotation of a handler of `on_submit`: a form with all values of a repeated field.

Reflex reads this annotation. For a plain `dict` it passes only the last value.
"""


def text_of(sent: object) -> str:
    """Return the typed text, or "" for anything that is not a text."""
    return sent if isinstance(sent, str) else ""


def form_in(sent: object) -> Form:
    """Return the form in the payload of an event that is not passed to its handler; empty if there
    is none."""
    if not isinstance(sent, Mapping):
        return FormData()
    pairs = sent.get(FORM_DATA_ENTRIES_KEY)
    return FormData([(name, value) for name, value in pairs]) if pairs else FormData(sent)


def values_of(form: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """Return every value of a field that may be ticked or filled several times, in the form's
    order."""
    sent = form.getlist(name) if isinstance(form, FormData) else [form.get(name)]
    return tuple(
        one
        for value in sent
        for one in (value if isinstance(value, list | tuple) else (value,))
        if one is not None
    )
