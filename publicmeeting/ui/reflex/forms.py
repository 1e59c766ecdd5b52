"""Forms as a browser sends them: a field that is not drawn comes as nothing, never as a word."""

from collections.abc import Mapping
from typing import Any

from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, FormData

Form = FormData[str, Any]
"""What a handler of `on_submit` takes: all values of a field, also of one that stands there several
times. Reflex reads this annotation; of a plain `dict` it gives the last value alone."""


def text_of(sent: object) -> str:
    """What was typed; empty for anything that is no text."""
    return sent if isinstance(sent, str) else ""


def form_in(sent: object) -> Form:
    """The form of an event that is not handed to its handler; empty where there is none."""
    if not isinstance(sent, Mapping):
        return FormData()
    pairs = sent.get(FORM_DATA_ENTRIES_KEY)
    return FormData([(name, value) for name, value in pairs]) if pairs else FormData(sent)


def values_of(form: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """Every value of a field that may be ticked or filled several times, in the form's order."""
    sent = form.getlist(name) if isinstance(form, FormData) else [form.get(name)]
    return tuple(
        one
        for value in sent
        for one in (value if isinstance(value, list | tuple) else (value,))
        if one is not None
    )
