"""A refusal stands under the field it is about, and nowhere else."""

from publicmeeting.domain.stages import Need
from publicmeeting.ui.shell.act import Asking


def tell_under(state: Asking, field: str) -> None:
    """Of a form with one field: the words go there, unless they are about the whole page."""
    said = next(iter(state.errors.values()), state.refused)
    if said and not state.signed_out:
        state.errors, state.refused = {field: said}, ""


_NEEDED = {f"need_{need.value}": need.value for need in Need}


def tell_needed(state: Asking) -> None:
    """What a step must be given and was not is said under that field of its form."""
    field = _NEEDED.get(state.why)
    if field is not None and state.refused:
        state.errors, state.refused = {field: state.refused}, ""
