"""A refusal stands under the field it is about, and nowhere else."""

from publicmeeting.domain.stages import Need
from publicmeeting.text.refusals import refusal
from publicmeeting.ui.shell.act import Asking


def tell_under(state: Asking, field: str) -> None:
    """Of a form with one field: the words go there, unless they are about the whole page."""
    said = next(iter(state.errors.values()), state.refused)
    if said and not state.signed_out:
        state.errors, state.refused = {field: said}, ""


_NEEDED = {refusal(f"need_{need.value}"): need.value for need in Need}


def tell_needed(state: Asking) -> None:
    """What a step must be given and was not is said under that field of its form."""
    field = _NEEDED.get(state.refused)
    if field is not None:
        state.errors, state.refused = {field: state.refused}, ""
